"""Reminders in the chat: one message of many, none at night, none of what has moved meanwhile."""

from datetime import timedelta
from typing import Any

import pytest

from bot.render import render
from core import outbox
from core.actions import desk, executor, extend
from core.city import City
from core.control import STEPS, kind_of
from core.digest import DIGEST, FEW, KINDS
from core.following import remind_of_deadlines
from core.jobs import Desk
from core.models import Account, Appeal, Outbox, OutboxState, Staff
from core.outbox import Letter, Outcome
from core.releasing import NEEDLESS, TOGETHER, release
from core.workflow import Role
from tests.builders import make_account, make_appeal, make_staff
from tests.core.conftest import GAS, WATER, Cast, Time
from tests.core.letters import claim
from tests.core.sweeping import once


@pytest.fixture
async def chat(cast: Cast) -> Account:
    """The officer's of the water utility."""
    account = await make_account()
    await Staff.filter(id=cast.water.id).update(account_id=account.id)
    return account


@pytest.fixture
def calm(city: City) -> dict[str, Any]:
    """What is not urgent and goes to the water utility by rule."""
    slug = next(
        row.slug
        for row in city.categories.values()
        if not row.urgent and (route := city.route(row.slug, "metalurhiinyi")) and route.executor == WATER
    )
    return {"text": "вода каламутна", "category": slug}


async def due_now(
    city: City, cast: Cast, sweeps: Desk, time: Time, calm: dict[str, Any], n: int
) -> list[Appeal]:
    """So many appeals whose deadline comes at one time, reminded of; what else was said is out of the way."""
    appeals = [await make_appeal(city, cast.account, **calm) for _ in range(n)]
    await Outbox.all().delete()
    assert appeals[0].due_at is not None
    time.now = appeals[0].due_at
    await remind_of_deadlines(sweeps)
    return appeals


async def letters() -> list[Letter]:
    """All that leaves now, chat by chat."""
    found: list[Letter] = []
    while batch := await claim():
        found += batch
        await outbox.record([Outcome(letter, provider_id=str(letter.id)) for letter in batch])
    return found


async def states() -> list[tuple[str, str]]:
    return [(row.state.value, row.error or row.held_for) for row in await Outbox.all().order_by("id")]


async def test_twenty_are_one_message(
    city: City, cast: Cast, sweeps: Desk, time: Time, chat: Account, calm: dict[str, Any]
) -> None:
    appeals = await due_now(city, cast, sweeps, time, calm, 20)
    assert await claim() == []
    time.passes(minutes=1)
    await once(release, sweeps)
    (letter,) = await letters()
    assert (letter.kind, letter.account_id) == (DIGEST, chat.id)
    assert letter.body["counts"] == [["staff.due", 20]]
    assert [each["number"] for each in letter.body["few"]] == [each.number for each in appeals[:FEW]]
    assert await Outbox.filter(error=TOGETHER).count() == 19
    assert (await Outbox.get(kind=DIGEST)).appeal_id is None
    await once(release, sweeps)
    assert await letters() == []


@pytest.mark.usefixtures("chat")
async def test_it_says_how_many_and_names_the_most_pressing(
    city: City, cast: Cast, sweeps: Desk, time: Time, calm: dict[str, Any]
) -> None:
    appeals = await due_now(city, cast, sweeps, time, calm, 7)
    time.passes(minutes=1)
    await release(sweeps)
    (letter,) = await letters()
    lines = render(letter, city).text.splitlines()
    assert lines[:2] == ["Нагадуємо про строки 7 звернень:", "Термін минув: 7"]
    category = city.categories[calm["category"]].uk
    assert lines[2] == f"№ {appeals[0].number}, {category}, вул. Соборності, 12: прострочено на 1 хвилину"
    assert lines[-1] == "І ще 2 звернення. Усі є в панелі."
    assert len(lines) == 2 + FEW + 1


async def test_one_alone_is_told_by_itself(
    city: City, cast: Cast, sweeps: Desk, time: Time, chat: Account, calm: dict[str, Any]
) -> None:
    (appeal,) = await due_now(city, cast, sweeps, time, calm, 1)
    time.passes(minutes=1)
    await release(sweeps)
    (letter,) = await letters()
    assert (letter.kind, letter.account_id) == ("staff.due", chat.id)
    text = render(letter, city).text
    assert appeal.number in text
    assert "вул. Соборності, 12" in text


@pytest.mark.usefixtures("chat")
async def test_the_latest_step_of_each_is_told(
    city: City, cast: Cast, sweeps: Desk, time: Time, calm: dict[str, Any]
) -> None:
    """Half time and pre-alarm came in the night: the second makes the first needless."""
    appeal = await make_appeal(city, cast.account, **calm)
    other = await make_appeal(city, cast.account, **calm)
    await Outbox.all().delete()
    await Appeal.filter(id=other.id).update(remind_at=time.now + timedelta(days=90))
    for _ in range(2):
        at = (await Appeal.get(id=appeal.id)).remind_at
        assert at is not None
        time.now = at
        await remind_of_deadlines(sweeps)
    time.passes(minutes=1)
    await release(sweeps)
    (letter,) = await letters()
    assert letter.kind == "staff.pre_alarm"
    assert ("dropped", NEEDLESS) in await states()


@pytest.mark.usefixtures("chat")
async def test_none_at_night_but_of_what_is_urgent(
    city: City, cast: Cast, sweeps: Desk, time: Time, calm: dict[str, Any]
) -> None:
    quiet = [await make_appeal(city, cast.account, **calm) for _ in range(2)]
    urgent = await make_appeal(city, cast.account)
    await Outbox.all().delete()
    time.passes(hours=15)  # one in the night
    await Appeal.filter(id__in=[each.id for each in quiet]).update(remind_at=time.now)
    await Appeal.filter(id=urgent.id).update(remind_at=time.now)
    await remind_of_deadlines(sweeps)
    time.passes(minutes=2)
    await release(sweeps)
    assert [letter.body["number"] for letter in await letters()] == [urgent.number]
    time.passes(hours=7)
    await once(release, sweeps)
    assert [letter.kind for letter in await letters()] == [DIGEST]


@pytest.mark.usefixtures("chat")
@pytest.mark.parametrize("how", ["started", "reported", "reassigned", "extended", "asked"])
async def test_what_has_moved_meanwhile_is_not_told(
    city: City, cast: Cast, sweeps: Desk, time: Time, calm: dict[str, Any], how: str
) -> None:
    first, second = await due_now(city, cast, sweeps, time, calm, 2)
    if how == "started":
        await executor.start(city, first.id, cast.officer, expected=0)
    elif how == "reported":
        await executor.report(city, first.id, cast.officer, expected=0, text="Зроблено")
    elif how == "reassigned":
        await desk.reassign(city, first.id, cast.operator, expected=0, executor=GAS, reason="не вода")
    elif how == "extended":
        until = extend.latest(city, first, Role.OPERATOR)
        await extend.extend(city, first.id, cast.operator, expected=0, until=until, reason="труби")
    else:
        await desk.ask(city, first.id, cast.operator, expected=0, question="Де?")
    time.passes(minutes=1)
    await once(release, sweeps)
    told = [letter.body for letter in await letters() if letter.kind in KINDS | {DIGEST}]
    assert [body["number"] for body in told] == [second.number]


async def test_other_news_of_the_appeal_are_told_apart_from_the_digest(
    city: City, cast: Cast, sweeps: Desk, time: Time, chat: Account, calm: dict[str, Any]
) -> None:
    await due_now(city, cast, sweeps, time, calm, 2)
    await make_appeal(city, cast.account, **calm)
    time.passes(minutes=1)
    await release(sweeps)
    found = [letter for letter in await letters() if letter.account_id == chat.id]
    assert sorted(letter.kind for letter in found) == sorted([DIGEST, "staff.assigned"])


async def test_a_head_gets_one_message_of_all_that_is_passed_up(
    city: City, cast: Cast, sweeps: Desk, time: Time, calm: dict[str, Any]
) -> None:
    account = await make_account()
    await make_staff(Role.EXECUTOR, WATER, post="head", account_id=account.id)
    await due_now(city, cast, sweeps, time, calm, 3)
    for _ in range(2):
        following = await Appeal.exclude(remind_at=None).order_by("remind_at").first()
        assert following is not None
        assert following.remind_at is not None
        time.now = following.remind_at
        await remind_of_deadlines(sweeps)
    time.passes(minutes=1)
    await release(sweeps)
    (letter,) = [each for each in await letters() if each.account_id == account.id]
    assert letter.body["counts"] == [["staff.escalated", 3]]
    assert "Прострочене передано вам: 3" in render(letter, city).text


@pytest.mark.usefixtures("chat")
async def test_killed_between_it_goes_on_where_it_was(
    city: City,
    cast: Cast,
    sweeps: Desk,
    time: Time,
    calm: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await due_now(city, cast, sweeps, time, calm, 3)
    time.passes(minutes=1)

    async def killed(*_: object, **__: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(Outbox, "bulk_create", killed)
        with pytest.raises(RuntimeError):
            await release(sweeps)
    assert await Outbox.filter(state=OutboxState.HELD).count() == 3
    await once(release, sweeps)
    assert [letter.kind for letter in await letters()] == [DIGEST]


def test_every_step_has_its_kind() -> None:
    assert {f"staff.{kind_of(step)}" for step in STEPS} == KINDS
