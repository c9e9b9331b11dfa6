"""The table of an appeal's life, checked as a whole."""

import pytest

from core.workflow import (
    ANSWERED,
    AT_EXECUTOR,
    CLOCK_STOPS,
    ENDED,
    MAY,
    OPEN,
    TRANSITIONS,
    Role,
    Status,
    Verb,
    allows,
    may,
    verbs,
)

NOT_YET = frozenset({Status.FORWARDED})  # no verb leads there yet: forwarding is an issue of its own
CONTROL = frozenset(
    {Verb.RESOLVE, Verb.EXPLAIN, Verb.REJECT, Verb.REWORK, Verb.ASSIGN, Verb.REASSIGN, Verb.HELP}
)


def targets(verb: Verb, status: Status) -> frozenset[Status]:
    """Where `verb` can lead from `status`."""
    if verb is Verb.ANSWER:  # back to where the question came from
        return OPEN - CLOCK_STOPS
    if verb is Verb.REOPEN:  # to the desk, where nobody had it
        return frozenset({Status.REOPENED, Status.REGISTERED})
    if verb is Verb.UNMERGE:  # to where it was merged from
        return OPEN
    return frozenset({TRANSITIONS[verb][1] or status})


def reachable(start: Status) -> set[Status]:
    seen, waiting = {start}, [start]
    while waiting:
        status = waiting.pop()
        for verb in TRANSITIONS:
            if allows(verb, status):
                waiting += targets(verb, status) - seen
                seen |= targets(verb, status)
    return seen


def test_every_verb_but_filing_has_its_transition_and_everyone_who_may() -> None:
    assert set(TRANSITIONS) == set(Verb) - {Verb.SUBMIT}
    assert set(MAY) == set(Verb)
    assert all(MAY.values())
    assert all(origins for origins, _ in TRANSITIONS.values())


def test_statuses_are_divided_without_rest_or_overlap() -> None:
    parts = (OPEN, ANSWERED, ENDED)
    assert frozenset().union(*parts) == set(Status)
    assert sum(len(part) for part in parts) == len(Status)
    assert AT_EXECUTOR < OPEN
    assert CLOCK_STOPS < OPEN


def test_everything_can_be_reached_from_registered() -> None:
    assert reachable(Status.REGISTERED) == set(Status) - NOT_YET


@pytest.mark.parametrize("status", sorted(ENDED))
def test_what_has_ended_stays_so_except_where_somebody_was_wrong(status: Status) -> None:
    out = {verb for verb in TRANSITIONS if allows(verb, status) and targets(verb, status) != {status}}
    mistaken = {Status.CLOSED: {Verb.REOPEN}, Status.DUPLICATE: {Verb.UNMERGE}}
    assert out == mistaken.get(status, set())


@pytest.mark.parametrize("status", sorted(OPEN))
def test_no_open_appeal_is_a_dead_end(status: Status) -> None:
    assert Status.CLOSED in reachable(status)


def test_an_executor_approves_nothing_of_its_own_and_moves_no_deadline() -> None:
    assert {verb for verb in Verb if may(verb, Role.EXECUTOR)} == {
        Verb.START,
        Verb.NOTE,
        Verb.REPORT,
        Verb.SEE,
    }
    assert not any(may(verb, Role.EXECUTOR) for verb in (*CONTROL, Verb.ASK, Verb.CATEGORISE, Verb.CLOSE))


def test_only_the_resident_speaks_for_the_resident() -> None:
    said = (Verb.SUBMIT, Verb.ANSWER, Verb.ADD, Verb.REOPEN, Verb.RATE, Verb.LOCATE)
    for verb in (*said, Verb.WITHDRAW, Verb.NUDGE):
        assert MAY[verb] == {Role.RESIDENT}


def test_control_belongs_to_the_desk() -> None:
    for verb in CONTROL:
        assert MAY[verb] - {Role.SYSTEM} == {Role.OPERATOR, Role.ADMINISTRATOR}
    assert {verb for verb in Verb if may(verb, Role.SYSTEM)} == {Verb.ASSIGN, Verb.CLOSE, Verb.GROUP}


def test_an_operator_and_an_administrator_may_the_same() -> None:
    for status in Status:
        assert verbs(status, Role.OPERATOR) == verbs(status, Role.ADMINISTRATOR)


@pytest.mark.parametrize(
    ("status", "role", "expected"),
    [
        (Status.REPORTED, Role.EXECUTOR, ("note",)),
        (Status.ASSIGNED, Role.EXECUTOR, ("start", "note", "report")),
        (Status.RESOLVED, Role.RESIDENT, ("reopen", "close", "rate")),
        (Status.CLOSED, Role.RESIDENT, ("reopen", "rate")),
        (Status.REJECTED, Role.RESIDENT, ()),
        (Status.WITHDRAWN, Role.RESIDENT, ()),
        (Status.REOPENED, Role.EXECUTOR, ("start", "note", "report", "see")),
        (Status.NEEDS_INFO, Role.RESIDENT, ("answer", "add", "join", "withdraw", "nudge", "locate")),
        (Status.RESOLVED, Role.SYSTEM, ("close",)),
        (Status.WITHDRAWN, Role.OPERATOR, ("note", "ungroup")),
    ],
)
def test_what_each_can_do(status: Status, role: Role, expected: tuple[str, ...]) -> None:
    assert verbs(status, role) == expected
