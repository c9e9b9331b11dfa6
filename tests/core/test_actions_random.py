"""Any sequence of actions by anybody, against a model of what should come of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.actions import desk, executor, poll, resident
from core.actions.actor import Actor
from core.actions.withdraw import withdraw
from core.city import City
from core.errors import ZvernysError
from core.models import Account, Appeal, Event, Notice, Outbox
from core.workflow import AT_EXECUTOR, OPEN, Role, Status, Verb, allows, may
from tests.builders import make_account, make_appeal, make_staff

A, B = "kryvbasvodokanal", "gas_networks"
WORDS = "вода далі тече"
BLANK = " \x00\n"


@dataclass(frozen=True)
class Step:
    """One attempt: who, what, with which words; `stale` looks at an old version."""

    action: str
    person: str  # 'fitting' is one whose business it is
    text: str = WORDS
    stale: bool = False
    target: str = B
    sure: bool = True


@dataclass(frozen=True)
class Model:
    """What must be true of the appeal."""

    status: Status
    executor: str | None
    version: int = 0
    asked_from: Status | None = None
    answer: str = ""
    reporter: str = ""  # who wrote the last report, and so can't confirm it


Call = Callable[[City, Appeal, Actor, int, Step], Awaitable[object]]
CALLS: dict[str, Call] = {
    "categorise": lambda city, appeal, actor, expected, step: desk.categorise(
        city, appeal.id, actor, expected=expected, category="water.leak" if step.sure else "gas.leak"
    ),
    "assign": lambda city, appeal, actor, expected, step: desk.assign(
        city, appeal.id, actor, expected=expected, executor=step.target
    ),
    "reassign": lambda city, appeal, actor, expected, step: desk.reassign(
        city, appeal.id, actor, expected=expected, executor=step.target, reason=step.text
    ),
    "start": lambda city, appeal, actor, expected, _step: executor.start(
        city, appeal.id, actor, expected=expected
    ),
    "report": lambda city, appeal, actor, expected, step: executor.report(
        city, appeal.id, actor, expected=expected, text=step.text
    ),
    "ask": lambda city, appeal, actor, expected, step: desk.ask(
        city, appeal.id, actor, expected=expected, question=step.text
    ),
    "tell": lambda city, appeal, actor, expected, step: desk.tell(
        city, appeal.id, actor, expected=expected, text=step.text
    ),
    "note": lambda city, appeal, actor, expected, step: desk.note(
        city, appeal.id, actor, expected=expected, text=step.text
    ),
    "resolve": lambda city, appeal, actor, expected, step: desk.resolve(
        city, appeal.id, actor, expected=expected, answer=step.text if step.sure else ""
    ),
    "rework": lambda city, appeal, actor, expected, step: desk.rework(
        city, appeal.id, actor, expected=expected, reason=step.text
    ),
    "explain": lambda city, appeal, actor, expected, step: desk.explain(
        city, appeal.id, actor, expected=expected, reason=step.text
    ),
    "reject": lambda city, appeal, actor, expected, step: desk.reject(
        city, appeal.id, actor, expected=expected, reason=step.text
    ),
    "answer": lambda city, appeal, actor, _expected, step: resident.answer(
        city, appeal.id, actor, text=step.text
    ),
    "reopen": lambda city, appeal, actor, _expected, step: resident.reopen(
        city, appeal.id, actor, text=step.text
    ),
    "confirm": lambda city, appeal, actor, _expected, _step: poll.confirm(city, appeal.id, actor),
    "rate": lambda city, appeal, actor, _expected, step: poll.rate(
        city, appeal.id, actor, stars=4 if step.sure else 6
    ),
    "withdraw": lambda city, appeal, actor, _expected, _step: withdraw(city, appeal.id, actor),
}
RESIDENTS = {"answer", "reopen", "confirm", "rate", "withdraw"}
OFFICERS = {"start", "report"}
NEEDS_WORDS = {"reassign", "report", "ask", "tell", "note", "rework", "explain", "reject", "answer", "reopen"}


def steps() -> st.SearchStrategy[Step]:
    return st.builds(
        Step,
        action=st.sampled_from(sorted(CALLS)),
        person=st.sampled_from(
            ["fitting"] * 6 + ["owner", "stranger", "officer_a", "officer_b", "operator", "administrator"]
        ),
        text=st.sampled_from([WORDS] * 5 + [BLANK]),
        stale=st.sampled_from([False] * 7 + [True]),
        target=st.sampled_from([A, B, B, "nobody_known"]),
        sure=st.booleans(),
    )


def verb_of(step: Step, model: Model) -> Verb:
    if step.action == "answer":
        return Verb.ANSWER if model.status is Status.NEEDS_INFO else Verb.ADD
    if step.action == "confirm":
        return Verb.CLOSE
    return Verb(step.action)


def fitting(step: Step, model: Model) -> str:
    if step.action in RESIDENTS:
        return "owner"
    if step.action in OFFICERS and model.executor in (A, B):
        return "officer_a" if model.executor == A else "officer_b"
    return "operator"


def bad_input(step: Step, model: Model) -> bool:
    return any(
        (
            step.action in NEEDS_WORDS and not step.text.replace("\x00", "").strip(),
            step.action in {"assign", "reassign"} and step.target == "nobody_known",
            step.action == "reassign" and step.target == model.executor,
            step.action == "rate" and not step.sure,
            step.action == "resolve"
            and not (step.text.replace("\x00", "").strip() if step.sure else model.answer),
        )
    )


def foretell(step: Step, role: Role, model: Model, *, sees: bool) -> tuple[Model, list[Verb]] | None:
    """The appeal and its new events after the step; None where the step must be refused."""
    verb = verb_of(step, model)
    if not sees or bad_input(step, model):
        return None
    if step.action == "confirm" and model.status is Status.CLOSED:
        return model, []
    stale = step.stale and step.action not in RESIDENTS
    if not may(verb, role) or stale or not allows(verb, model.status):
        return None
    after = replace(model, version=model.version + 1, **CHANGES.get(verb, _nothing)(model, step))
    if verb is Verb.CATEGORISE and model.status is Status.REGISTERED:  # what waited for this is assigned
        found = A if step.sure else B
        return replace(after, version=model.version + 2, status=Status.ASSIGNED, executor=found), [
            verb,
            Verb.ASSIGN,
        ]
    return after, [verb]


def _nothing(_model: Model, _step: Step) -> dict[str, Any]:
    return {}


def _given(_model: Model, step: Step) -> dict[str, Any]:
    return {"status": Status.ASSIGNED, "executor": step.target}


def _asked(model: Model, _step: Step) -> dict[str, Any]:
    origin = model.asked_from if model.status is Status.NEEDS_INFO else model.status
    return {"status": Status.NEEDS_INFO, "asked_from": origin}


CHANGES: dict[Verb, Callable[[Model, Step], dict[str, Any]]] = {
    Verb.ASSIGN: _given,
    Verb.REASSIGN: _given,
    Verb.START: lambda _model, _step: {"status": Status.IN_PROGRESS},
    Verb.ASK: _asked,
    Verb.ANSWER: lambda model, _step: {"status": model.asked_from},
    Verb.REPORT: lambda _model, step: {"status": Status.REPORTED, "answer": step.text},
    Verb.RESOLVE: lambda model, step: {
        "status": Status.RESOLVED,
        "answer": step.text if step.sure else model.answer,
    },
    Verb.REWORK: lambda _model, _step: {"status": Status.REWORK},
    Verb.EXPLAIN: lambda _model, step: {"status": Status.EXPLAINED, "answer": step.text},
    Verb.REJECT: lambda _model, step: {"status": Status.REJECTED, "answer": step.text},
    Verb.REOPEN: lambda model, _step: {"status": Status.REOPENED if model.executor else Status.REGISTERED},
    Verb.CLOSE: lambda _model, _step: {"status": Status.CLOSED},
    Verb.WITHDRAW: lambda _model, _step: {"status": Status.WITHDRAWN},
}


@dataclass(frozen=True)
class Cast:
    city: City = field(repr=False)  # hypothesis prints what an example was called with
    owner: Account
    actors: dict[str, Actor]


@pytest.fixture
async def cast(city: City) -> Cast:
    owner, stranger = await make_account(), await make_account()
    return Cast(
        city,
        owner,
        {
            "owner": Actor.resident(owner.resident_id),
            "stranger": Actor.resident(stranger.resident_id),
            "officer_a": Actor.staff(await make_staff(Role.EXECUTOR, A)),
            "officer_b": Actor.staff(await make_staff(Role.EXECUTOR, B)),
            "operator": Actor.staff(await make_staff(Role.OPERATOR)),
            "administrator": Actor.staff(await make_staff(Role.ADMINISTRATOR)),
        },
    )


async def snapshot() -> tuple[Any, ...]:
    return (
        await Appeal.all().order_by("id").values(),
        await Event.all().count(),
        await Outbox.all().count(),
        await Notice.all().count(),
    )


@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(sure=st.booleans(), tried=st.lists(steps(), min_size=8, max_size=30))
async def test_actions_do_what_the_table_says_or_nothing(
    cast: Cast,
    sure: bool,  # noqa: FBT001 - drawn by hypothesis
    tried: list[Step],
) -> None:
    city = cast.city
    appeal = await make_appeal(city, cast.owner, sure=sure)
    model = Model(Status.ASSIGNED if sure else Status.REGISTERED, A if sure else None)
    for step in tried:
        before = await Appeal.get(id=appeal.id)
        person = fitting(step, model) if step.person == "fitting" else step.person
        actor = cast.actors[person]
        foretold = foretell(step, actor.role, model, sees=actor.sees(before))
        if step.action == "resolve" and person == model.reporter:
            foretold = None
        last = await Event.filter(appeal_id=appeal.id).order_by("-id").first()
        was = await snapshot()
        expected = before.version - 1 if step.stale else before.version

        try:
            answer = await CALLS[step.action](city, await Appeal.get(id=appeal.id), actor, expected, step)
        except ZvernysError:
            answer = False
        assert (answer is not False) == (foretold is not None)
        if foretold is None:
            assert await snapshot() == was
            continue
        model, verbs = foretold
        if step.action == "report":
            model = replace(model, reporter=person)
        now = await Appeal.get(id=appeal.id)
        assert (now.status, now.executor_id, now.version) == (model.status, model.executor, model.version)
        assert now.open == (now.status in OPEN)
        assert now.answer == model.answer
        assert now.executor_id is not None or now.status not in AT_EXECUTOR
        assert (now.time_left is not None) == (now.status is Status.NEEDS_INFO)
        assert (now.due_at is None) == (now.status is Status.NEEDS_INFO)
        assert last is not None
        new = await Event.filter(appeal_id=appeal.id, id__gt=last.id).order_by("id")
        assert [event.verb for event in new] == verbs
        chain = [before.status, *(event.to_status for event in new)]
        assert [event.from_status for event in new] == chain[:-1]
        assert chain[-1] is now.status
        assert all((event.role, event.staff_id) == (actor.role, actor.staff_id) for event in new)
