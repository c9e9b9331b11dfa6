"""Sending an appeal on to a body outside the city."""

import pytest

from bot.render import render
from core.actions import forward
from core.city import City
from core.clock import now
from core.errors import Conflict, Forbidden, Invalid
from core.models import Appeal, Channel, Outbox
from core.workflow import Kind, Status, Verb
from tests.builders import make_account, make_appeal, make_letter
from tests.core.conftest import Cast, Time, last_event, queued

POLICE = "Національна поліція України"
WHY = "Шум після 22:00 припиняє поліція"


async def test_it_ends_here_and_the_resident_hears_where_it_went(city: City, cast: Cast, time: Time) -> None:
    appeal = await make_appeal(city, cast.account, category="roads.pothole")
    time.passes(hours=3)
    await forward.forward(city, appeal.id, cast.operator, expected=0, body=f" {POLICE} ", reason=WHY)
    after = await Appeal.get(id=appeal.id)
    assert (after.status, after.open, after.forwarded_to) == (Status.FORWARDED, False, POLICE)
    assert (after.answer, after.closed_at) == (WHY, now())
    event = await last_event(appeal)
    assert (event.verb, event.text, event.data) == (Verb.FORWARD, WHY, {"body": POLICE})
    assert await queued(appeal.id) == ["forwarded"]


@pytest.mark.parametrize("channel", [Channel.TELEGRAM, Channel.VIBER])
@pytest.mark.parametrize(
    ("language", "body", "law"),
    [("uk", POLICE, "стаття 7"), ("en", "National Police of Ukraine", "article 7")],
)
async def test_what_is_official_names_the_law_in_the_residents_language(
    city: City, cast: Cast, channel: Channel, language: str, body: str, law: str
) -> None:
    account = await make_account(channel, language=language)
    appeal = await make_appeal(city, account, kind=Kind.STATEMENT, category="roads.pothole")
    plain = await make_appeal(city, account, category="roads.pothole")
    for each in (appeal, plain):
        await forward.forward(city, each.id, cast.operator, expected=0, body=POLICE, reason=WHY)
    texts = [
        render(make_letter(row.kind, body=row.body, language=account.language), city).text
        for row in await Outbox.filter(account_id=account.id, kind="forwarded").order_by("id")
    ]
    assert all(body in text and WHY in text for text in texts)
    assert [law in text for text in texts] == [True, False]
    assert texts[0].count("\n") == 2


@pytest.mark.parametrize(
    ("body", "reason", "key"),
    [(" ", WHY, "body.needed"), (POLICE, " \n", "reason.needed"), ("п" * 301, WHY, "body.too_long")],
)
async def test_nobody_to_send_it_to_or_no_reason_changes_nothing(
    city: City, cast: Cast, body: str, reason: str, key: str
) -> None:
    appeal = await make_appeal(city, cast.account)
    with pytest.raises(Invalid, match=key):
        await forward.forward(city, appeal.id, cast.operator, expected=0, body=body, reason=reason)
    assert (await Appeal.get(id=appeal.id)).version == 0


async def test_not_an_officers_to_do_nor_twice(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account)
    with pytest.raises(Forbidden):
        await forward.forward(city, appeal.id, cast.officer, expected=0, body=POLICE, reason=WHY)
    await forward.forward(city, appeal.id, cast.operator, expected=0, body=POLICE, reason=WHY)
    with pytest.raises(Conflict):
        await forward.forward(city, appeal.id, cast.operator, expected=1, body=POLICE, reason=WHY)
    assert await queued(appeal.id) == ["forwarded"]
