"""On-site checks, mentions in notes, and who follows."""

import pytest

from core import clock
from core.actions import desk, executor, follow, helping, tasks
from core.actions.actor import Actor
from core.actions.executor import upload_mark
from core.actions.forgetting import forget
from core.city import City
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.models import Appeal, Attachment, Event, Outbox, Resident, Task
from core.models.appeals import AttachmentState
from core.workflow import Role, Verb
from tests.builders import make_account, make_appeal, make_staff
from tests.core.conftest import GAS, WORDS, Cast, Time, last_event, noticed, reported

ASKED = "чи справді засипано яму"


async def photo_of(staff_id: int) -> int:
    now = clock.now()
    row = await Attachment.create(
        draft=upload_mark(staff_id),
        role=Role.OPERATOR,
        state=AttachmentState.STORED,
        created_at=now,
        due_at=now,
    )
    return int(row.id)


async def test_a_check_is_asked_for_made_and_told_and_resolves_nothing(
    city: City, cast: Cast, time: Time
) -> None:
    inspector = await make_staff(Role.OPERATOR, name="Андрій Мороз")
    appeal = await reported(city, cast)
    due = time.now.replace(hour=21)
    await tasks.ask_check(
        city, appeal.id, cast.operator, expected=1, text=ASKED, assignee=inspector.id, due=due
    )
    task = await Task.get(appeal_id=appeal.id)
    assert (task.words, task.assignee_id, task.due_at, task.done_at) == (ASKED, inspector.id, due, None)
    assert (await noticed(inspector))[-1] == "check"
    who, photo = Actor.staff(inspector), await photo_of(inspector.id)
    stranger = await photo_of(cast.desk.id)
    await tasks.finish_check(
        city,
        task.id,
        who,
        outcome="denied",
        finding="яма на місці",
        photos=[photo, stranger],
        uploads=upload_mark(inspector.id),
    )
    after = await Appeal.get(id=appeal.id)
    assert (after.status, after.answer) == (appeal.status, appeal.answer)
    event = await last_event(appeal)
    assert (event.verb, event.text) == (Verb.CHECKED, "яма на місці")
    assert event.data == {"task": task.id, "outcome": "denied"}
    assert [row.id for row in await Attachment.filter(event_id=event.id)] == [photo]
    done = await Task.get(id=task.id)
    assert (done.outcome, done.done_by_id, done.done_at) == ("denied", inspector.id, time.now)
    assert (await noticed(cast.desk))[-1] == "checked", "who asked hears what was found"


async def test_a_check_is_made_once_by_whom_it_may_be(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account)
    await tasks.ask_check(city, appeal.id, cast.operator, expected=0, text=ASKED)
    task = await Task.get(appeal_id=appeal.id)
    for outcome, finding, key in (("maybe", WORDS, "outcome"), ("confirmed", " ", "finding")):
        with pytest.raises(Invalid, match=key):
            await tasks.finish_check(city, task.id, cast.operator, outcome=outcome, finding=finding)
    with pytest.raises(Forbidden):
        await tasks.finish_check(city, task.id, cast.officer, outcome="confirmed", finding=WORDS)
    await tasks.finish_check(city, task.id, cast.operator, outcome="confirmed", finding=WORDS)
    with pytest.raises(Conflict):
        await tasks.finish_check(city, task.id, cast.operator, outcome="denied", finding=WORDS)
    with pytest.raises(NotFound):
        await tasks.finish_check(city, task.id + 1, cast.operator, outcome="denied", finding=WORDS)
    assert await Event.filter(appeal_id=appeal.id, verb=Verb.CHECKED).count() == 1


async def test_nobody_of_an_executor_checks_its_own_work(city: City, cast: Cast, time: Time) -> None:
    appeal = await make_appeal(city, cast.account)
    with pytest.raises(Invalid, match="assignee"):
        await tasks.ask_check(city, appeal.id, cast.operator, expected=0, text=ASKED, assignee=cast.water.id)
    with pytest.raises(Invalid, match="due"):
        await tasks.ask_check(city, appeal.id, cast.operator, expected=0, text=ASKED, due=time.now)
    with pytest.raises(Forbidden):
        await tasks.ask_check(city, appeal.id, cast.officer, expected=0, text=ASKED)
    assert await Task.all().count() == 0


async def test_a_note_calls_those_who_see_the_appeal_and_nobody_else(city: City, cast: Cast) -> None:
    boss = await make_staff(Role.ADMINISTRATOR, login="halyna.a", account_id=(await make_account()).id)
    gone = await make_staff(Role.OPERATOR, login="gone", active=False)
    appeal = await make_appeal(city, cast.account)
    text = f"@HALYNA.A гляньте. @{cast.water.login}, @{cast.gas.login} @gone лист на me@{cast.desk.login}"
    await desk.note(city, appeal.id, cast.operator, expected=0, text=text)
    assert await noticed(boss) == ["mentioned"]
    assert "mentioned" in await noticed(cast.water)
    assert "mentioned" not in await noticed(cast.gas), "it isn't theirs"
    assert await noticed(gone) == []
    assert "mentioned" not in await noticed(cast.desk), "an address is no mention"
    assert await Outbox.filter(kind="staff.mentioned").count() == 1
    await helping.set_co_executors(city, appeal.id, cast.operator, expected=1, executors=[GAS], text="разом")
    await desk.note(city, appeal.id, cast.operator, expected=2, text=f"@{cast.gas.login}")
    assert "mentioned" in await noticed(cast.gas)


async def test_who_follows_hears_of_each_step_once(city: City, cast: Cast) -> None:
    other = await make_staff(Role.OPERATOR)
    appeal = await make_appeal(city, cast.account, category="roads.snow")
    who = Actor.staff(await make_staff(Role.EXECUTOR, appeal.executor_id))
    for _ in range(2):
        await follow.follow(appeal.id, Actor.staff(other))
    await follow.follow(appeal.id, cast.operator)
    await executor.start(city, appeal.id, who, expected=0)
    assert (await noticed(other), await noticed(cast.desk)) == (["followed"], ["followed"])
    await desk.note(city, appeal.id, cast.operator, expected=1, text="без зміни стану")
    assert await noticed(other) == ["followed"]
    await executor.report(city, appeal.id, who, expected=2, text=WORDS)
    assert await noticed(other) == ["followed", "reported"], "one notice a step"
    await follow.unfollow(appeal.id, Actor.staff(other))
    await desk.resolve(city, appeal.id, cast.operator, expected=3)
    assert await noticed(other) == ["followed", "reported"]
    assert await noticed(cast.desk) == ["followed", "reported"], "who did it knows"


async def test_who_no_longer_sees_it_hears_no_more(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account)
    await follow.follow(appeal.id, cast.officer)
    with pytest.raises(NotFound):
        await follow.follow(appeal.id, cast.other_officer)
    await desk.reassign(city, appeal.id, cast.operator, expected=0, executor=GAS, reason=WORDS)
    await executor.start(city, appeal.id, cast.other_officer, expected=1)
    assert "followed" not in await noticed(cast.water)


async def test_what_tasks_say_of_who_is_forgotten_loses_their_name(city: City, cast: Cast) -> None:
    await Resident.filter(id=cast.account.resident_id).update(name="Людмила Ковтун")
    appeal = await make_appeal(city, cast.account)
    text = "Ковтун каже, що яма лишилася"
    await tasks.ask_check(city, appeal.id, cast.operator, expected=0, text=text)
    task = await Task.get(appeal_id=appeal.id)
    await tasks.finish_check(city, task.id, cast.operator, outcome="denied", finding=text)
    await forget(city, cast.account)
    after = await Task.get(id=task.id)
    assert "Ковтун" not in after.words + after.finding
    assert "яма лишилася" in after.words
