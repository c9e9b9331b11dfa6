"""Filing: the number, the route, the clock, the first history, in one transaction."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core import db
from core.actions.submit import Place, Submission, next_number, submit
from core.city import City
from core.errors import Invalid
from core.models import Account, Appeal, Attachment, Channel, Counter, Event
from core.models.appeals import AttachmentState
from core.workflow import Kind, Role, Status
from tests.builders import make_account, make_appeal, make_photo, make_staff
from tests.core.conftest import WATER, Cast, Time, noticed, queued


async def test_a_sure_complaint_goes_straight_to_its_executor(city: City, cast: Cast, time: Time) -> None:
    appeal = await make_appeal(city, cast.account)
    stored = await Appeal.get(id=appeal.id)
    assert (stored.status, stored.executor_id, stored.triage) == (Status.ASSIGNED, WATER, False)
    assert (stored.open, stored.urgent, stored.version) == (True, True, 0)
    assert stored.due_at == time.now + timedelta(hours=12), "urgent: around the clock"
    assert (stored.remind_at, stored.control) == (time.now + timedelta(hours=6), 0)
    assert stored.kind is Kind.REQUEST
    assert stored.account_id == cast.account.id
    assert stored.resident_id == cast.account.resident_id
    history = await Event.filter(appeal_id=appeal.id).order_by("id")
    assert [(event.verb, event.role, event.from_status, event.to_status) for event in history] == [
        ("submit", "resident", None, "registered"),
        ("assign", "system", "registered", "assigned"),
    ]
    assert history[0].text == "прорвало трубу, вода на дорозі"
    assert history[1].data == {"executor": WATER, "rule": 3, "why": {"category": "water.leak"}}
    assert await noticed(cast.water) == ["urgent"]
    assert (await noticed(cast.gas), await noticed(cast.desk)) == ([], ["urgent"])
    assert await queued() == [], "the conversation itself answers the resident"


async def test_a_doubtful_one_waits_for_the_desk_with_its_clock_running(
    city: City, cast: Cast, time: Time
) -> None:
    appeal = await make_appeal(city, cast.account, sure=False)
    assert (appeal.status, appeal.executor_id, appeal.triage) == (Status.REGISTERED, None, True)
    assert not appeal.urgent, "whose category is not sure is not urgent by it"
    assert appeal.due_at is not None
    assert appeal.due_at > time.now + timedelta(hours=12), "working hours"
    assert [event.verb for event in await Event.filter(appeal_id=appeal.id)] == ["submit"]
    assert await noticed(cast.desk) == ["triage"]
    assert await noticed(cast.water) == []


async def test_danger_words_make_any_category_urgent(city: City, time: Time) -> None:
    calm = await make_appeal(city, category="roads.pothole")
    alarming = await make_appeal(city, category="roads.pothole", urgent=True, danger_words=("дитина",))
    assert not calm.urgent
    assert alarming.urgent
    assert alarming.due_at == time.now + timedelta(hours=240)
    assert calm.due_at is not None
    assert calm.due_at > alarming.due_at


async def test_thanks_are_thanks(city: City) -> None:
    appeal = await make_appeal(city, category="thanks", place=Place())
    assert appeal.kind is Kind.THANKS


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ({"text": " \x00 "}, "appeal.empty"),
        ({"text": "", "draft": "no photos"}, "appeal.empty"),
        ({"category": "water.no_such"}, "category.unknown"),
        ({"text": "я" * 4001}, "words.too_long"),
    ],
)
async def test_what_cant_be_filed_leaves_nothing(city: City, more: dict[str, Any], key: str) -> None:
    with pytest.raises(Invalid) as refused:
        await make_appeal(city, **more)
    assert refused.value.key == key
    assert (
        await Appeal.all().count()
        == await Event.all().count()
        == await Counter.filter(name__startswith="appeals").count()
        == 0
    )


async def test_hostile_text_is_kept_as_text(city: City) -> None:
    words = "<script>alert(1)</script> {category} %s '; DROP TABLE appeal; --\u202e\x00"
    appeal = await make_appeal(city, text=words, place=Place(address="{0}" * 200))
    stored = await Appeal.get(id=appeal.id)
    assert stored.text == words.replace("\x00", "")
    assert len(stored.address) == 300


async def test_photos_of_the_draft_go_along_and_refused_ones_stay_behind(city: City) -> None:
    account, other = await make_account(), await make_account(Channel.VIBER)
    mine = [await make_photo(account), await make_photo(account, state=AttachmentState.STORED)]
    refused = await make_photo(account, state=AttachmentState.REFUSED)
    of_another_draft = await make_photo(account, draft="d2")
    of_another = await make_photo(other)
    appeal = await make_appeal(city, account, text="", draft="d1")
    assert (await Appeal.get(id=appeal.id)).photos == 2
    taken = await Attachment.filter(appeal_id=appeal.id).order_by("id")
    assert [photo.id for photo in taken] == [photo.id for photo in mine]
    assert {photo.draft for photo in taken} == {""}
    left = await Attachment.filter(appeal_id=None).order_by("id")
    assert [photo.id for photo in left] == [refused.id, of_another_draft.id, of_another.id]


@pytest.mark.usefixtures("time")
async def test_numbers_are_gapless_under_a_crowd(city: City) -> None:
    accounts = [await make_account() for _ in range(12)]

    async def file(account: Account, text: str) -> str | None:
        try:
            return (await make_appeal(city, account, text=text)).number
        except Invalid:
            return None

    filed = await asyncio.gather(
        *(file(account, "" if index % 4 == 0 else "яма") for index, account in enumerate(accounts))
    )
    assert sorted(number for number in filed if number) == [f"26-{value:06d}" for value in range(1, 10)]


@pytest.mark.usefixtures("time")
async def test_a_number_that_was_rolled_back_is_given_again(city: City) -> None:
    account = await make_account()
    first = await make_appeal(city, account)

    lost = []

    async def crash() -> None:
        async with db.transaction():
            lost.append((await make_appeal(city, account)).number)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await crash()
    second = await make_appeal(city, account)
    assert (first.number, lost, second.number) == ("26-000001", ["26-000002"], "26-000002")
    assert await Appeal.all().count() == 2


async def test_each_year_counts_from_one(city: City, time: Time) -> None:
    assert await next_number() == "26-000001"
    time.now = datetime(2027, 1, 1, tzinfo=UTC)
    assert await next_number() == "27-000001"
    assert await next_number() == "27-000002"
    del city


async def test_the_officers_chat_hears_of_it_where_they_linked_one(city: City, cast: Cast) -> None:
    linked = await make_account()
    await make_staff(Role.EXECUTOR, WATER, account_id=linked.id)
    await make_staff(Role.EXECUTOR, WATER, active=False)
    appeal = await submit(
        city, cast.account, Submission("тече", "water.leak", Place(district="metalurhiinyi"))
    )
    assert await queued(appeal.id) == ["staff.alarm"]
