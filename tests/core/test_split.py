"""Two matters in one appeal."""

import pytest

from bot.render import render
from core.actions import split
from core.actions.forgetting import forget
from core.city import City
from core.errors import Conflict, Invalid
from core.models import Appeal, Attachment, Channel, Event, Outbox
from core.models.appeals import AttachmentState
from core.workflow import Kind, Status, Verb
from tests.builders import make_account, make_appeal, make_letter, make_photo
from tests.core.conftest import Cast, Time, noticed

SECOND = "а ще не світить ліхтар біля під'їзду"


async def test_the_second_goes_its_own_way_and_the_first_stays(city: City, cast: Cast, time: Time) -> None:
    await make_photo(
        cast.account, state=AttachmentState.STORED, key="a.jpg", sha256="a" * 64, mime="image/jpeg"
    )
    await make_photo(
        cast.account, state=AttachmentState.STORED, key="b.jpg", sha256="b" * 64, mime="image/jpeg"
    )
    appeal = await make_appeal(city, cast.account, draft="d1", category="roads.pothole")
    strangers = await make_photo(await make_account(), draft="x", state=AttachmentState.STORED)
    shows, other = await Attachment.filter(appeal_id=appeal.id).order_by("id")
    time.passes(hours=4)
    second = await split.split(
        city,
        appeal.id,
        cast.operator,
        expected=0,
        text=SECOND,
        category="lighting.street",
        photos=[shows.id, strangers.id],
    )
    second = await Appeal.get(id=second.id)
    first = await Appeal.get(id=appeal.id)
    assert (first.status, first.due_at, first.photos) == (appeal.status, appeal.due_at, 2)
    assert (second.text, second.category_id, second.status) == (SECOND, "lighting.street", Status.ASSIGNED)
    assert second.executor_id == "city_light"
    assert second.number != first.number
    same = ("resident_id", "account_id", "channel", "address", "district_id", "place_key")
    assert [getattr(second, name) for name in same] == [getattr(first, name) for name in same]
    assert second.due_at == city.deadline("lighting.street", time.now, urgent=False)
    copy = await Attachment.get(appeal_id=second.id)
    assert (copy.key, copy.sha256, second.photos) == (shows.key, shows.sha256, 1)
    assert {row.key for row in await Attachment.filter(appeal_id=first.id)} == {"a.jpg", "b.jpg"}
    assert other.appeal_id == first.id
    assert (await Attachment.get(id=strangers.id)).appeal_id is None
    told = await Event.filter(verb=Verb.SPLIT).order_by("id")
    assert {event.appeal_id: event.data for event in told} == {
        first.id: {"to": second.id, "number": second.number},
        second.id: {"of": first.id, "number": first.number},
    }
    filed = await Event.get(appeal_id=second.id, verb=Verb.SUBMIT)
    assert filed.staff_id == cast.desk.id, "history says who wrote it down"


@pytest.mark.parametrize("channel", [Channel.TELEGRAM, Channel.VIBER])
@pytest.mark.parametrize("language", ["uk", "en"])
async def test_the_resident_hears_the_new_number(
    city: City, cast: Cast, channel: Channel, language: str
) -> None:
    account = await make_account(channel, language=language)
    appeal = await make_appeal(city, account, category="roads.pothole")
    second = await split.split(
        city, appeal.id, cast.operator, expected=0, text=SECOND, category="lighting.street"
    )
    row = await Outbox.get(account_id=account.id, kind="split")
    told = render(make_letter(row.kind, body=row.body, language=language), city)
    assert appeal.number in told.text
    assert second.number in told.text
    assert row.appeal_id == second.id
    assert [button.data for line in told.buttons for button in line] == [f"appeal:{second.id}"]


async def test_the_law_counts_from_when_the_first_came(city: City, cast: Cast, time: Time) -> None:
    appeal = await make_appeal(city, cast.account, kind=Kind.STATEMENT, category="roads.pothole")
    time.passes(hours=24 * 9)
    second = await split.split(
        city, appeal.id, cast.operator, expected=0, text=SECOND, category="lighting.street"
    )
    assert (second.kind, (await Appeal.get(id=second.id)).due_at) == (Kind.STATEMENT, appeal.due_at)


async def test_words_of_danger_make_the_second_urgent(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account, category="roads.pothole")
    second = await split.split(
        city,
        appeal.id,
        cast.operator,
        expected=0,
        text="обірваний дріт іскрить на дитячому майданчику",
        category="lighting.street",
    )
    assert second.urgent
    assert "urgent" in await noticed(cast.desk)


async def test_a_lost_race_and_what_does_not_fit_file_nothing(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account)
    for text, category, key in ((" ", "lighting.street", "split.needed"), (SECOND, "no.such", "category")):
        with pytest.raises(Invalid, match=key):
            await split.split(city, appeal.id, cast.operator, expected=0, text=text, category=category)
    with pytest.raises(Conflict):
        await split.split(city, appeal.id, cast.operator, expected=5, text=SECOND, category="lighting.street")
    assert await Appeal.all().count() == 1
    await forget(city, cast.account)
    version = (await Appeal.get(id=appeal.id)).version
    with pytest.raises(Invalid, match=r"split\.nobody"):
        await split.split(
            city, appeal.id, cast.operator, expected=version, text=SECOND, category="lighting.street"
        )
