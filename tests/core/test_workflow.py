"""The table of an appeal's life, checked as a whole."""

import pytest

from core.workflow import (
    ANSWERED,
    AT_EXECUTOR,
    CLOCK_STOPS,
    ENDED,
    MARKS,
    MAY,
    OPEN,
    TRANSITIONS,
    Role,
    Status,
    Verb,
    allows,
    hands_over,
    may,
    verbs,
)

CONTROL = frozenset(
    {Verb.RESOLVE, Verb.EXPLAIN, Verb.REJECT, Verb.REWORK, Verb.ASSIGN, Verb.REASSIGN, Verb.HELP}
    | {Verb.FORWARD, Verb.EXTEND, Verb.SPLIT, Verb.CHECK, Verb.CHECKED}
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
    assert set(TRANSITIONS) == set(Verb) - {Verb.SUBMIT} - MARKS
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
    assert reachable(Status.REGISTERED) == set(Status)


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
        Verb.DECLINE,
        Verb.NEED_TIME,
        Verb.SEE,
        Verb.ACKNOWLEDGE,
    }
    assert not any(may(verb, Role.EXECUTOR) for verb in (*CONTROL, Verb.ASK, Verb.CATEGORISE, Verb.CLOSE))


def test_only_the_resident_speaks_for_the_resident() -> None:
    said = (Verb.SUBMIT, Verb.ANSWER, Verb.ADD, Verb.REOPEN, Verb.RATE, Verb.LOCATE)
    for verb in (*said, Verb.WITHDRAW, Verb.NUDGE):
        assert MAY[verb] == {Role.RESIDENT}


def test_control_belongs_to_the_desk() -> None:
    for verb in CONTROL:
        assert MAY[verb] - {Role.SYSTEM, Role.MANAGER} == {Role.OPERATOR, Role.ADMINISTRATOR}
    assert {verb for verb in Verb if may(verb, Role.SYSTEM)} == {
        *(Verb.ASSIGN, Verb.CLOSE, Verb.GROUP),
        *(Verb.RESOLVE, Verb.CHECK),  # where a category's policy says so
        *(Verb.REMIND, Verb.ESCALATE, Verb.ALARM),
    }


def test_a_manager_decides_whose_it_is_and_how_long_it_takes_and_no_more() -> None:
    assert {verb for verb in Verb if may(verb, Role.MANAGER)} == {
        Verb.ASSIGN,
        Verb.REASSIGN,
        Verb.NOTE,
        Verb.EXTEND,
        Verb.REFUSE_TIME,
        Verb.SEE,
        Verb.ACKNOWLEDGE,
    }


@pytest.mark.parametrize("role", sorted(Role))
def test_from_the_third_decline_on_a_manager_hands_over_and_before_that_none_does(role: Role) -> None:
    early, late = hands_over(role, 2), hands_over(role, 3)
    if role is Role.ADMINISTRATOR:
        assert (early, late) == (True, True)
    else:
        assert (early, late) == (role is not Role.MANAGER, role is Role.MANAGER)


def test_an_operator_and_an_administrator_may_the_same() -> None:
    for status in Status:
        assert verbs(status, Role.OPERATOR) == verbs(status, Role.ADMINISTRATOR)


@pytest.mark.parametrize(
    ("status", "role", "expected"),
    [
        (Status.REPORTED, Role.EXECUTOR, ("note",)),
        (Status.ASSIGNED, Role.EXECUTOR, ("start", "note", "report", "decline", "need_time")),
        (Status.RESOLVED, Role.RESIDENT, ("reopen", "close", "rate")),
        (Status.CLOSED, Role.RESIDENT, ("reopen", "rate")),
        (Status.REJECTED, Role.RESIDENT, ()),
        (Status.WITHDRAWN, Role.RESIDENT, ()),
        (Status.REOPENED, Role.EXECUTOR, ("start", "note", "report", "decline", "need_time", "see")),
        (Status.NEEDS_INFO, Role.RESIDENT, ("answer", "add", "join", "withdraw", "nudge", "locate")),
        (Status.RESOLVED, Role.SYSTEM, ("check", "close")),
        (Status.WITHDRAWN, Role.OPERATOR, ("note", "checked", "ungroup")),
    ],
)
def test_what_each_can_do(status: Status, role: Role, expected: tuple[str, ...]) -> None:
    assert verbs(status, role) == expected
