"""A report is not taken at its word: photos, lots, who may confirm it, and what is left to the resident."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest

from core import chance, clock, db, jobs
from core.actions import desk, executor, helping, incident, incident_answers, resident, tasks
from core.actions.actor import Actor
from core.actions.executor import upload_mark
from core.city import City
from core.errors import Conflict, Forbidden, Invalid
from core.jobs import Desk
from core.models import Absence, Appeal, Attachment, Event, Staff, Survey, Task
from core.models.appeals import AttachmentKind, AttachmentState
from core.queries import judged
from core.queries import sql as sql_of
from core.workflow import Kind, Role, Status, Verb
from tests.builders import make_account, make_appeal, make_staff, with_policy
from tests.core.conftest import GAS, WATER, WORDS, Cast, Time, last_event, noticed, queued, reported

CALM = "water.no_water"  # not urgent, and the water utility's


async def photo(officer: Staff, **more: Any) -> int:
    now = clock.now()
    values: dict[str, Any] = {"draft": upload_mark(officer.id), "state": AttachmentState.STORED} | more
    row = await Attachment.create(role=Role.EXECUTOR, created_at=now, due_at=now, **values)
    return int(row.id)


async def report(city: City, cast: Cast, appeal: Appeal, *photos: int) -> Appeal:
    return await executor.report(
        city, appeal.id, cast.officer, expected=appeal.version, text=WORDS, photos=photos
    )


async def verbs(appeal: Appeal) -> list[Verb]:
    return [event.verb for event in await Event.filter(appeal_id=appeal.id).order_by("id")]


async def test_where_a_photo_is_needed_a_report_without_one_changes_nothing(city: City, cast: Cast) -> None:
    with_policy(city, CALM, needs_photo=True)
    appeal = await make_appeal(city, cast.account, category=CALM)
    others = await photo(cast.gas)
    refused = await photo(cast.water, state=AttachmentState.REFUSED)
    paper = await photo(cast.water, kind=AttachmentKind.DOCUMENT)
    for given in ((), (others,), (refused,), (paper,)):
        with pytest.raises(Invalid, match=r"photo\.needed"):
            await report(city, cast, appeal, *given)
    assert (await Appeal.get(id=appeal.id)).status is appeal.status
    assert (await Attachment.get(id=paper)).appeal_id is None, "kept for the next try"
    done = await report(city, cast, appeal, await photo(cast.water))
    assert done.status is Status.REPORTED


@pytest.mark.parametrize("state", [AttachmentState.STORED, AttachmentState.WAITING])
async def test_without_a_word_only_a_photo_that_is_here_is_accepted_unseen(
    city: City, cast: Cast, state: AttachmentState
) -> None:
    with_policy(city, CALM, checked=False)
    appeal = await make_appeal(city, cast.account, category=CALM)
    shown = await photo(cast.water, state=state)
    done = await executor.report(
        city, appeal.id, cast.officer, expected=appeal.version, text=WORDS, photos=(shown,), wordless=True
    )
    assert done.status is (Status.RESOLVED if state is AttachmentState.STORED else Status.REPORTED)


async def test_a_report_that_is_left_to_the_resident_is_accepted_told_and_polled(
    city: City, cast: Cast, sweeps: Desk
) -> None:
    with_policy(city, CALM, checked=False)
    appeal = await report(city, cast, await make_appeal(city, cast.account, category=CALM))
    assert appeal.status is Status.RESOLVED
    assert (appeal.answer, appeal.answered_at is not None) == (WORDS, True)
    event = await last_event(appeal)
    assert (event.verb, event.role, event.staff_id) == (Verb.RESOLVE, Role.SYSTEM, None)
    assert event.data == {"policy": "unchecked", "category": CALM}
    assert "reported" not in await noticed(cast.desk), "there is nothing to decide"
    await jobs.announce_results(sweeps)
    assert (await queued(appeal.id))[-1] == "resolved"
    assert await Survey.filter(appeal_id=appeal.id, round=0).exists()


@pytest.mark.parametrize(
    "more", [{"urgent": True}, {"kind": Kind.COMPLAINT}, {"kind": Kind.STATEMENT}, {"kind": Kind.DEPUTY}]
)
async def test_what_is_urgent_or_official_an_operator_decides(
    city: City, cast: Cast, more: dict[str, Any]
) -> None:
    with_policy(city, CALM, checked=False)
    appeal = await make_appeal(city, cast.account, category=CALM)
    await Appeal.filter(id=appeal.id).update(**more)
    assert (await report(city, cast, appeal)).status is Status.REPORTED
    assert "reported" in await noticed(cast.desk)


async def test_what_came_back_an_operator_decides(city: City, cast: Cast) -> None:
    with_policy(city, CALM, checked=False)
    appeal = await report(city, cast, await make_appeal(city, cast.account, category=CALM))
    appeal = await resident.reopen(city, appeal.id, cast.resident, text="води немає")
    appeal = await report(city, cast, appeal)
    assert appeal.status is Status.REPORTED, "the resident denied it before"
    with_policy(city, CALM, checked=True)
    other = await report(city, cast, await make_appeal(city, cast.account, category=CALM))
    other = await desk.rework(city, other.id, cast.operator, expected=other.version, reason="не видно")
    with_policy(city, CALM, checked=False)
    assert (await report(city, cast, other)).status is Status.REPORTED, "it was returned before"


async def test_a_photo_that_may_turn_out_to_be_none_leaves_it_to_an_operator(city: City, cast: Cast) -> None:
    with_policy(city, CALM, checked=False, needs_photo=True)
    appeal = await make_appeal(city, cast.account, category=CALM)
    coming = await photo(cast.water, state=AttachmentState.WAITING)
    assert (await report(city, cast, appeal, coming)).status is Status.REPORTED
    other = await make_appeal(city, cast.account, category=CALM)
    assert (await report(city, cast, other, await photo(cast.water))).status is Status.RESOLVED


async def test_the_lot_falls_on_the_share_of_reports_and_the_same_chance_falls_the_same(
    city: City, cast: Cast
) -> None:
    with_policy(city, CALM, check_share=0.3)
    drawn = []
    for _ in range(2):
        with chance.use(Random(4).random):
            for _ in range(20):
                appeal = await report(city, cast, await make_appeal(city, cast.account, category=CALM))
                drawn.append(await Task.filter(appeal_id=appeal.id).exists())
    numbers = Random(4)
    expected = [numbers.random() < 0.3 for _ in range(20)]
    assert drawn == expected * 2
    assert any(expected)


async def test_a_drawn_check_is_anybodys_and_history_says_why(city: City, cast: Cast) -> None:
    with_policy(city, CALM, check_share=1, checked=False)
    appeal = await report(city, cast, await make_appeal(city, cast.account, category=CALM))
    assert appeal.status is Status.REPORTED, "a drawn check comes before the resident"
    task = await Task.get(appeal_id=appeal.id)
    assert (task.assignee_id, task.done_at) == (None, None)
    event = await last_event(appeal)
    assert (event.verb, event.role) == (Verb.CHECK, Role.SYSTEM)
    assert event.data["drawn"] == {"share": 1.0, "policy": 1, "judged": 0, "denied": 0}
    said = await Event.get(appeal_id=appeal.id, verb=Verb.REPORT)
    assert task.dedupe == f"drawn:{said.id}"
    with pytest.raises(Conflict):  # sent twice
        await executor.report(city, appeal.id, cast.officer, expected=0, text=WORDS)
    assert await Task.all().count() == 1
    await tasks.finish_check(city, task.id, cast.operator, outcome="confirmed", finding="вода є")
    assert (await Appeal.get(id=appeal.id)).status is Status.REPORTED
    appeal = await Appeal.get(id=appeal.id)
    other = Actor.staff(await make_staff(Role.OPERATOR))
    assert (await desk.resolve(city, appeal.id, other, expected=appeal.version)).status is Status.RESOLVED


async def test_who_is_denied_is_checked_more_often(city: City, cast: Cast) -> None:
    with_policy(city, CALM, check_share=0.05)
    with chance.use(lambda: 0.2):
        first = await report(city, cast, await make_appeal(city, cast.account, category=CALM))
    for _ in range(5):
        account = await make_account()
        appeal = await report(city, cast, await make_appeal(city, account, category=CALM))
        await desk.resolve(city, appeal.id, cast.operator, expected=appeal.version)
        await Survey.create(appeal_id=appeal.id, round=0, sent_at=clock.now())
        await resident.reopen(city, appeal.id, Actor.resident(account.resident_id), text="немає води")
    with chance.use(lambda: 0.2):
        appeal = await report(city, cast, await make_appeal(city, cast.account, category=CALM))
    why = (await last_event(appeal)).data["drawn"]
    assert (why["judged"], why["denied"], why["policy"]) == (5, 5, 0.05)
    assert why["share"] == pytest.approx(0.05 + 0.95 * 5 / 15)
    assert await Task.filter(appeal_id=appeal.id).exists()
    assert not await Task.filter(appeal_id=first.id).exists()


async def test_while_a_check_waits_nothing_is_resolved_without_a_word(city: City, cast: Cast) -> None:
    with_policy(city, CALM, check_share=1)
    appeal = await report(city, cast, await make_appeal(city, cast.account, category=CALM))
    with pytest.raises(Invalid, match=r"check\.open"):
        await desk.resolve(city, appeal.id, cast.operator, expected=appeal.version)
    with pytest.raises(Conflict):
        await desk.resolve(city, appeal.id, cast.operator, expected=appeal.version - 1, unchecked="так")
    assert (await Appeal.get(id=appeal.id)).version == appeal.version
    assert await Task.filter(done_at=None).count() == 1
    done = await desk.resolve(
        city, appeal.id, cast.operator, expected=appeal.version, unchecked="мешканець подзвонив: є вода"
    )
    assert done.status is Status.RESOLVED
    assert (await verbs(appeal))[-2:] == [Verb.CHECKED, Verb.RESOLVE]
    skipped = await Event.get(appeal_id=appeal.id, verb=Verb.CHECKED)
    assert (skipped.text, skipped.data["outcome"]) == ("мешканець подзвонив: є вода", "skipped")
    task = await Task.get()
    assert (task.outcome, task.finding) == ("skipped", skipped.text)


async def test_an_incident_is_answered_but_for_what_waits_for_a_check(city: City, cast: Cast) -> None:
    with_policy(city, CALM, check_share=1)
    one = await make_appeal(city, cast.account, category=CALM)
    found = await incident.group(city, one.id, cast.operator, expected=0)
    waits = await report(city, cast, await Appeal.get(id=one.id))
    applied = await incident_answers.resolve(
        city, found.id, cast.operator, expected=found.version, answer="готово"
    )
    assert [(left.number, left.why.key) for left in applied.left] == [(waits.number, "check.open")]


async def test_a_returned_report_takes_its_drawn_check_along_and_the_next_is_drawn_anew(
    city: City, cast: Cast
) -> None:
    with_policy(city, CALM, check_share=1)
    appeal = await report(city, cast, await make_appeal(city, cast.account, category=CALM))
    await tasks.ask_check(city, appeal.id, cast.operator, expected=appeal.version, text="гляньте")
    appeal = await Appeal.get(id=appeal.id)
    appeal = await desk.rework(city, appeal.id, cast.operator, expected=appeal.version, reason="не те")
    waiting = await Task.filter(appeal_id=appeal.id, done_at=None)
    assert [task.words for task in waiting] == ["гляньте"], "what a person asked for stays"
    await Task.filter(id=waiting[0].id).update(done_at=clock.now())
    appeal = await report(city, cast, appeal)
    assert await Task.filter(appeal_id=appeal.id, done_at=None).count() == 1
    assert await Task.filter(appeal_id=appeal.id).count() == 3


async def test_a_check_that_waits_serves_for_the_next_report_too(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account, category=CALM)
    await tasks.ask_check(city, appeal.id, cast.operator, expected=0, text="гляньте")
    with_policy(city, CALM, check_share=1, checked=False)
    appeal = await report(city, cast, await Appeal.get(id=appeal.id))
    assert (appeal.status, await Task.all().count()) == (Status.REPORTED, 1)


async def test_what_was_drawn_and_denied_the_operators_hear(city: City, cast: Cast) -> None:
    with_policy(city, CALM, check_share=1)
    other = await make_staff(Role.OPERATOR)
    appeal = await report(city, cast, await make_appeal(city, cast.account, category=CALM))
    task = await Task.get()
    await tasks.finish_check(city, task.id, Actor.staff(other), outcome="denied", finding="немає води")
    assert "checked" in await noticed(cast.desk)
    assert "checked" not in await noticed(other), "they know"
    assert (await Appeal.get(id=appeal.id)).status is Status.REPORTED


class TestNobodyApprovesTheirOwn:
    async def test_who_wrote_the_report_does_not_confirm_it(self, city: City, cast: Cast) -> None:
        appeal = await make_appeal(city, cast.account)
        await executor.report(city, appeal.id, cast.operator, expected=0, text=WORDS)  # by telephone
        with pytest.raises(Forbidden, match="own_report"):
            await desk.resolve(city, appeal.id, cast.operator, expected=1)
        other = Actor.staff(await make_staff(Role.OPERATOR))
        done = await desk.resolve(city, appeal.id, other, expected=1)
        assert done.status is Status.RESOLVED

    async def test_nor_after_it_was_returned_or_given_to_another(self, city: City, cast: Cast) -> None:
        appeal = await make_appeal(city, cast.account)
        await executor.report(city, appeal.id, cast.operator, expected=0, text=WORDS)
        await desk.reassign(city, appeal.id, cast.operator, expected=1, executor=GAS, reason="їхнє")
        with pytest.raises(Forbidden, match="own_report"):
            await desk.resolve(city, appeal.id, cast.operator, expected=2)

    @pytest.mark.parametrize("role", [Role.OPERATOR, Role.ADMINISTRATOR])
    async def test_nor_who_is_of_the_executor_whatever_their_role(
        self, city: City, cast: Cast, role: Role
    ) -> None:
        appeal = await reported(city, cast)
        insider = Actor.staff(await make_staff(role, WATER))
        with pytest.raises(Forbidden, match="own_executor"):
            await desk.resolve(city, appeal.id, insider, expected=1)
        stale = Actor(role=role, staff_id=insider.staff_id)  # as if the session didn't know
        with pytest.raises(Forbidden, match="own_executor"):
            await desk.resolve(city, appeal.id, stale, expected=1)
        assert (await Appeal.get(id=appeal.id)).status is Status.REPORTED

    async def test_nor_an_officer_who_became_an_operator(self, city: City, cast: Cast) -> None:
        appeal = await reported(city, cast)
        await Staff.filter(id=cast.water.id).update(role=Role.OPERATOR, executor_id=None)
        with pytest.raises(Forbidden, match="own_report"):
            await desk.resolve(city, appeal.id, Actor.staff(await Staff.get(id=cast.water.id)), expected=1)

    @pytest.mark.parametrize("role", [Role.OPERATOR, Role.ADMINISTRATOR])
    async def test_nor_who_stands_in_for_an_officer(
        self, city: City, cast: Cast, time: Time, role: Role
    ) -> None:
        appeal = await reported(city, cast)
        substitute = await make_staff(role)
        day = timedelta(days=1)
        away = await Absence.create(
            staff_id=cast.water.id,
            substitute_id=substitute.id,
            begins_at=time.now - day,
            ends_at=time.now + day,
        )
        with pytest.raises(Forbidden, match="own_executor"):
            await desk.resolve(city, appeal.id, Actor.staff(substitute), expected=1)
        await Absence.filter(id=away.id).update(ends_at=time.now)
        done = await desk.resolve(city, appeal.id, Actor.staff(substitute), expected=1)
        assert done.status is Status.RESOLVED, "the officer is back"

    async def test_nor_who_is_of_one_that_helped(self, city: City, cast: Cast) -> None:
        appeal = await make_appeal(city, cast.account)
        await helping.set_co_executors(
            city, appeal.id, cast.operator, expected=0, executors=[GAS], text="разом"
        )
        await executor.report(city, appeal.id, cast.officer, expected=1, text=WORDS)
        insider = Actor.staff(await make_staff(Role.OPERATOR, GAS))
        with pytest.raises(Forbidden, match="own_executor"):
            await desk.resolve(city, appeal.id, insider, expected=2)

    async def test_nor_of_one_that_reported_before_another_got_it(self, city: City, cast: Cast) -> None:
        appeal = await reported(city, cast)
        await desk.reassign(city, appeal.id, cast.operator, expected=1, executor=GAS, reason="їхнє")
        insider = Actor.staff(await make_staff(Role.OPERATOR, WATER))
        with pytest.raises(Forbidden, match="own_executor"):
            await desk.resolve(city, appeal.id, insider, expected=2)

    async def test_nor_do_they_end_it_by_an_answer_of_another_kind(self, city: City, cast: Cast) -> None:
        new, begun = await make_appeal(city, cast.account), await reported(city, cast)
        insider = Actor.staff(await make_staff(Role.OPERATOR, WATER))
        for answer, appeal, seen in (
            (desk.explain, new, 0),
            (desk.explain, begun, 1),
            (desk.reject, begun, 1),
        ):
            with pytest.raises(Forbidden, match="own_executor"):
                await answer(city, appeal.id, insider, expected=seen, reason="не робитимемо")
        await desk.reject(city, new.id, insider, expected=0, reason="це не звернення")
        await desk.explain(city, begun.id, cast.operator, expected=1, reason="чекаємо на кошти")

    async def test_nor_do_they_check_it_on_the_spot(self, city: City, cast: Cast) -> None:
        appeal = await make_appeal(city, cast.account)
        await executor.report(city, appeal.id, cast.operator, expected=0, text=WORDS)
        other = Actor.staff(await make_staff(Role.OPERATOR))
        await tasks.ask_check(city, appeal.id, other, expected=1, text="гляньте")
        task = await Task.get()
        insider = Actor.staff(await make_staff(Role.ADMINISTRATOR, WATER))
        for who in (cast.operator, insider):
            with pytest.raises(Forbidden, match="approve"):
                await tasks.finish_check(city, task.id, who, outcome="confirmed", finding=WORDS)
        assert (await Task.get()).done_at is None
        await tasks.finish_check(city, task.id, other, outcome="confirmed", finding=WORDS)

    async def test_nor_by_an_answer_to_an_incident(self, city: City, cast: Cast) -> None:
        one = await make_appeal(city, cast.account)
        found = await incident.group(city, one.id, cast.operator, expected=0)
        await executor.report(city, one.id, cast.operator, expected=1, text=WORDS)
        applied = await incident_answers.resolve(
            city, found.id, cast.operator, expected=found.version, answer="готово"
        )
        assert [left.why.key for left in applied.left] == ["approve.own_report"]
        assert (await Appeal.get(id=one.id)).status is Status.REPORTED


async def test_a_lot_costs_one_query_along_indexes(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much an executor has behind it, no table is read as a whole."""
    del city
    asked: list[tuple[str, list[Any]]] = []

    async def explained(sql: str, values: list[Any]) -> list[dict[str, Any]]:
        asked.append((sql, values))
        return await sql_of.select(sql, values)

    monkeypatch.setattr(judged, "select", explained)
    await judged.record(WATER, 20)
    ((sql, values),) = asked
    if not db.is_sqlite():
        return  # whose planner goes by the size of a table, and these are empty
    plan = [row["detail"] for row in await sql_of.select(f"EXPLAIN QUERY PLAN {sql}", values)]
    assert not [step for step in plan if step.startswith(("SCAN appeal", "SCAN survey", "SCAN event"))], plan
    assert len([step for step in plan if step.startswith("SEARCH appeal USING")]) == 4, plan
