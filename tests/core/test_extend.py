"""Moving a deadline: who may, how far, what is told."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.render import render
from core.actions import desk, extend
from core.actions.actor import Actor
from core.city import City
from core.control import plan
from core.errors import Conflict, Forbidden, Invalid
from core.models import Appeal, Channel, Outbox
from core.workflow import Kind, Role, Verb
from tests.builders import make_account, make_appeal, make_letter, make_staff
from tests.core.conftest import Cast, Time, last_event, noticed, queued

WHY = "Потрібна запчастина"
KYIV = ZoneInfo("Europe/Kyiv")


def local(appeal: Appeal) -> date:
    assert appeal.due_at is not None
    return appeal.due_at.astimezone(KYIV).date()


async def test_the_deadline_moves_and_is_reminded_of_anew(city: City, cast: Cast, time: Time) -> None:
    appeal = await make_appeal(city, cast.account, category="roads.pothole")
    until = local(appeal) + timedelta(days=7)
    time.passes(hours=5)
    await extend.extend(city, appeal.id, cast.operator, expected=0, until=until, reason=WHY)
    after = await Appeal.get(id=appeal.id)
    due = datetime(until.year, until.month, until.day, 23, 59, tzinfo=KYIV).astimezone(UTC)
    assert (after.due_at, after.extended, after.status) == (due, 1, appeal.status)
    steps = plan(time.now, due, city.calendar(appeal.executor_id), city.settings.control, False, 0.8)
    assert (after.remind_at, after.control) == (steps[0], 0)
    event = await last_event(appeal)
    assert (event.verb, event.text) == (Verb.EXTEND, WHY)
    assert appeal.due_at is not None
    assert [datetime.fromisoformat(each) for each in event.data["deadline"]] == [appeal.due_at, due]
    assert await queued(appeal.id) == ["extended"]
    assert (await noticed(cast.water), await noticed(cast.gas)) == ([], [])


@pytest.mark.parametrize("channel", [Channel.TELEGRAM, Channel.VIBER])
@pytest.mark.parametrize(
    ("language", "said"), [("uk", "до понеділка, 13 квітня"), ("en", "Monday, 13 April")]
)
async def test_the_resident_hears_the_day_in_their_language(
    city: City, cast: Cast, time: Time, channel: Channel, language: str, said: str
) -> None:
    assert time.now.year == 2026
    account = await make_account(channel, language=language)
    appeal = await make_appeal(city, account, category="roads.pothole")
    await extend.extend(city, appeal.id, cast.operator, expected=0, until=date(2026, 4, 13), reason=WHY)
    row = await Outbox.get(appeal_id=appeal.id, kind="extended")
    text = render(make_letter(row.kind, body=row.body, language=language), city).text
    assert said in text
    assert WHY in text
    assert "20)" not in text, "no law speaks of an ordinary request"


async def test_an_executor_moves_no_deadline(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account)
    until = local(appeal) + timedelta(days=2)
    with pytest.raises(Forbidden):
        await extend.extend(city, appeal.id, cast.officer, expected=0, until=until, reason=WHY)
    assert (await Appeal.get(id=appeal.id)).due_at == appeal.due_at


async def test_an_operator_moves_it_once_and_not_far_and_an_administrator_again(
    city: City, cast: Cast, time: Time
) -> None:
    del time
    boss = Actor.staff(await make_staff(Role.ADMINISTRATOR))
    appeal = await make_appeal(city, cast.account, category="roads.pothole")
    most = extend.latest(city, appeal, Role.OPERATOR)
    assert most == local(appeal) + timedelta(days=15)
    day = timedelta(days=1)
    with pytest.raises(Invalid, match=r"extend\.too_far"):
        await extend.extend(city, appeal.id, cast.operator, expected=0, until=most + day, reason=WHY)
    once = await extend.extend(city, appeal.id, cast.operator, expected=0, until=most, reason=WHY)
    with pytest.raises(Invalid, match=r"extend\.again"):
        await extend.extend(city, appeal.id, cast.operator, expected=1, until=most + day, reason=WHY)
    further = extend.latest(city, once, Role.ADMINISTRATOR)
    assert further == most + timedelta(days=60)
    again = await extend.extend(city, appeal.id, boss, expected=1, until=further, reason=WHY)
    assert (local(again), again.extended) == (further, 2)


async def test_the_law_ends_it_after_45_days_for_everybody(city: City, cast: Cast, time: Time) -> None:
    boss = Actor.staff(await make_staff(Role.ADMINISTRATOR))
    appeal = await make_appeal(city, cast.account, kind=Kind.COMPLAINT, category="roads.pothole")
    last = time.now.astimezone(KYIV).date() + timedelta(days=45)
    assert extend.latest(city, appeal, Role.ADMINISTRATOR) == last
    with pytest.raises(Invalid, match=r"extend\.by_law"):
        await extend.extend(city, appeal.id, boss, expected=0, until=last + timedelta(days=1), reason=WHY)
    await extend.extend(city, appeal.id, boss, expected=0, until=last, reason=WHY)
    row = await Outbox.get(appeal_id=appeal.id, kind="extended")
    assert "стаття 20" in render(make_letter(row.kind, body=row.body), city).text


async def test_only_later_only_with_a_reason_and_not_while_the_clock_stands(
    city: City, cast: Cast, time: Time
) -> None:
    del time
    appeal = await make_appeal(city, cast.account, category="roads.pothole")
    same = local(appeal) - timedelta(days=1)
    for until, reason, key in (
        (same, WHY, "extend.not_later"),
        (None, WHY, "extend.needed"),
        (same + timedelta(days=9), " ", "reason.needed"),
    ):
        with pytest.raises(Invalid, match=key):
            await extend.extend(city, appeal.id, cast.operator, expected=0, until=until, reason=reason)
    await desk.ask(city, appeal.id, cast.operator, expected=0, question="де саме?")
    with pytest.raises(Conflict):
        await extend.extend(
            city, appeal.id, cast.operator, expected=1, until=same + timedelta(days=9), reason=WHY
        )
