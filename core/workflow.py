"""The whole life of an appeal at a glance: statuses, who may move it, and where. Pure data."""

from enum import StrEnum


class Kind(StrEnum):
    """What an appeal is by law (Law 393/96, art. 3) and by the centre's regulation."""

    REQUEST = "request"
    STATEMENT = "statement"
    COMPLAINT = "complaint"
    PROPOSAL = "proposal"
    DEPUTY = "deputy"
    THANKS = "thanks"
    CONSULTATION = "consultation"  # a question, answered without an executor (SE II.8)

    @classmethod
    def of(cls, category: str) -> "Kind":
        """What an appeal of a category is when it is filed."""
        return cls.THANKS if category == "thanks" else cls.REQUEST


# By law they need a name and an address, and have the law's deadlines (art. 5, 20).
STATUTORY = frozenset({Kind.STATEMENT, Kind.COMPLAINT, Kind.PROPOSAL})
# What goes only by rules that name its kind: a complaint must not reach those it is about (art. 7).
BY_NAME = STATUTORY | {Kind.CONSULTATION}


class Status(StrEnum):
    REGISTERED = "registered"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    NEEDS_INFO = "needs_info"
    REPORTED = "reported"
    REWORK = "rework"
    REOPENED = "reopened"
    RESOLVED = "resolved"
    CLOSED = "closed"
    EXPLAINED = "explained"
    REJECTED = "rejected"
    FORWARDED = "forwarded"
    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"


class Role(StrEnum):
    """Who acts. The staff roles are the ones that sign in to the panel."""

    RESIDENT = "resident"
    SYSTEM = "system"
    EXECUTOR = "executor"
    OPERATOR = "operator"
    MANAGER = "manager"  # watches, and decides where the desk could not
    ADMINISTRATOR = "administrator"


class Verb(StrEnum):
    """What is done to an appeal; each is one function in core/actions and one kind of history event."""

    SUBMIT = "submit"
    CATEGORISE = "categorise"
    ASSIGN = "assign"
    REASSIGN = "reassign"
    START = "start"
    ASK = "ask"
    ANSWER = "answer"
    TELL = "tell"
    NOTE = "note"
    DECLINE = "decline"  # the executor says that it isn't theirs
    NEED_TIME = "need_time"  # the executor asks for a later deadline
    REFUSE_TIME = "refuse_time"
    REPORT = "report"
    RESOLVE = "resolve"
    REWORK = "rework"
    EXPLAIN = "explain"
    REJECT = "reject"
    FORWARD = "forward"  # to a body outside the city, whose competence it is
    EXTEND = "extend"  # the deadline is moved
    SPLIT = "split"  # two matters in one: the second gets a number of its own
    CHECK = "check"  # somebody shall go and see
    CHECKED = "checked"
    REOPEN = "reopen"
    CLOSE = "close"
    RATE = "rate"
    ADD = "add"
    JOIN = "join"
    MERGE = "merge"
    UNMERGE = "unmerge"
    GROUP = "group"
    UNGROUP = "ungroup"
    HELP = "help"  # co-executors
    WITHDRAW = "withdraw"
    NUDGE = "nudge"  # the resident calls attention to a deadline that has passed
    LOCATE = "locate"  # the resident says where it is, after what was too urgent to wait for that
    SEE = "see"  # somebody at the city opened what the resident returned
    PRIORITISE = "prioritise"  # urgent by a person's word, or no longer
    UNDO = "undo"  # what was done to many at once is put back
    # What control writes into the history: see MARKS.
    REMIND = "remind"  # control calls its deadline to the executor's mind
    ESCALATE = "escalate"  # control passes it up
    ALARM = "alarm"  # who is on duty is called
    ACKNOWLEDGE = "acknowledge"  # somebody on duty has heard
    RECKON = "reckon"  # its deadline follows a calendar that changed


S, V = Status, Verb

AT_EXECUTOR = frozenset({S.ASSIGNED, S.IN_PROGRESS, S.REWORK, S.REOPENED})
OPEN = AT_EXECUTOR | {S.REGISTERED, S.NEEDS_INFO, S.REPORTED}
# While the resident is asked, the deadline's clock stands still.
CLOCK_STOPS = frozenset({S.NEEDS_INFO})
# Somebody must act by a deadline, and control follows it.
CONTROLLED = OPEN - CLOCK_STOPS - {S.REPORTED}
# The executor hears no more, but the resident may still say that it isn't so.
ANSWERED = frozenset({S.RESOLVED, S.EXPLAINED})
ENDED = frozenset(set(Status) - OPEN - ANSWERED)

# verb: (from which statuses, to which status; None leaves it as it is)
TRANSITIONS: dict[Verb, tuple[frozenset[Status], Status | None]] = {
    V.CATEGORISE: (OPEN, None),
    V.ASSIGN: (frozenset({S.REGISTERED}), S.ASSIGNED),
    V.REASSIGN: (AT_EXECUTOR | {S.NEEDS_INFO, S.REPORTED}, S.ASSIGNED),
    V.START: (frozenset({S.ASSIGNED, S.REWORK, S.REOPENED}), S.IN_PROGRESS),
    V.ASK: (OPEN - {S.REPORTED}, S.NEEDS_INFO),
    V.ANSWER: (frozenset({S.NEEDS_INFO}), None),  # goes back to where the question came from
    V.TELL: (OPEN | ANSWERED, None),
    V.NOTE: (frozenset(Status), None),
    V.ADD: (OPEN, None),
    V.REPORT: (AT_EXECUTOR, S.REPORTED),
    V.DECLINE: (AT_EXECUTOR, S.REGISTERED),
    V.NEED_TIME: (AT_EXECUTOR, None),
    V.REFUSE_TIME: (AT_EXECUTOR | {S.NEEDS_INFO}, None),
    V.RESOLVE: (OPEN, S.RESOLVED),
    V.REWORK: (frozenset({S.REPORTED}), S.REWORK),
    V.EXPLAIN: (OPEN, S.EXPLAINED),
    V.REJECT: (OPEN, S.REJECTED),
    V.FORWARD: (OPEN, S.FORWARDED),
    V.EXTEND: (OPEN - CLOCK_STOPS, None),
    V.SPLIT: (OPEN, None),
    V.CHECK: (OPEN | ANSWERED, None),
    V.CHECKED: (frozenset(Status), None),
    V.REOPEN: (ANSWERED | {S.CLOSED}, S.REOPENED),
    V.CLOSE: (ANSWERED, S.CLOSED),
    V.RATE: (ANSWERED | {S.CLOSED}, None),
    V.JOIN: (OPEN, None),
    V.MERGE: (OPEN, S.DUPLICATE),
    V.UNMERGE: (frozenset({S.DUPLICATE}), None),  # goes back to where it was merged from
    V.GROUP: (OPEN, None),
    V.UNGROUP: (frozenset(Status), None),
    V.HELP: (OPEN, None),
    V.WITHDRAW: (OPEN, S.WITHDRAWN),
    V.NUDGE: (OPEN, None),
    V.LOCATE: (OPEN, None),
    V.SEE: (frozenset({S.REOPENED, S.REGISTERED}), None),
    V.PRIORITISE: (OPEN, None),
    V.UNDO: (OPEN, None),  # goes back to where it was
}

_DESK = frozenset({Role.OPERATOR, Role.ADMINISTRATOR})
_DESK_OR_SYSTEM = _DESK | {Role.SYSTEM}
_LEAD = _DESK | {Role.MANAGER}
_WORK = _DESK | {Role.EXECUTOR}
_STAFF = _LEAD | _WORK
# An executor can't approve its own report, nor move its own deadline (KR 2.8, 4.7).
MAY: dict[Verb, frozenset[Role]] = {
    V.SUBMIT: frozenset({Role.RESIDENT}),
    V.CATEGORISE: _DESK,
    V.ASSIGN: _LEAD | {Role.SYSTEM},  # see hands_over
    V.REASSIGN: _LEAD,
    V.START: _WORK,
    V.ASK: _DESK,
    V.ANSWER: frozenset({Role.RESIDENT}),
    V.TELL: _DESK,
    V.NOTE: _STAFF,
    V.ADD: frozenset({Role.RESIDENT}),
    V.REPORT: _WORK,
    V.DECLINE: frozenset({Role.EXECUTOR}),
    V.NEED_TIME: frozenset({Role.EXECUTOR}),
    V.REFUSE_TIME: _LEAD,
    V.RESOLVE: _DESK_OR_SYSTEM,  # where the category's policy leaves it to the resident
    V.REWORK: _DESK,
    V.EXPLAIN: _DESK,
    V.REJECT: _DESK,
    V.FORWARD: _DESK,
    V.EXTEND: _LEAD,  # how far: see core/actions/extend.py
    V.SPLIT: _DESK,
    V.CHECK: _DESK_OR_SYSTEM,  # drawn by lot
    V.CHECKED: _DESK,
    V.REOPEN: frozenset({Role.RESIDENT}),
    V.CLOSE: frozenset({Role.RESIDENT, Role.SYSTEM}),
    V.RATE: frozenset({Role.RESIDENT}),
    V.JOIN: frozenset({Role.RESIDENT}),
    V.MERGE: _DESK,
    V.UNMERGE: _DESK,
    V.GROUP: _DESK_OR_SYSTEM,
    V.UNGROUP: _DESK,
    V.HELP: _DESK,
    V.WITHDRAW: frozenset({Role.RESIDENT}),
    V.NUDGE: frozenset({Role.RESIDENT}),
    V.LOCATE: frozenset({Role.RESIDENT}),
    V.SEE: _STAFF,
    V.PRIORITISE: _DESK,
    V.UNDO: _DESK,
    V.REMIND: frozenset({Role.SYSTEM}),
    V.ESCALATE: frozenset({Role.SYSTEM}),
    V.ALARM: _DESK_OR_SYSTEM,
    V.ACKNOWLEDGE: _STAFF,
    V.RECKON: frozenset({Role.ADMINISTRATOR}),
}


# What no status allows or forbids, since it moves no appeal.
MARKS = frozenset({V.REMIND, V.ESCALATE, V.ALARM, V.ACKNOWLEDGE, V.RECKON})

# So many executors said that it isn't theirs: the next hand-over is a manager's.
LAST_DECLINE = 3


def hands_over(role: Role, declined: int) -> bool:
    """Whether `role` says who gets an appeal that so many executors declined."""
    if role is Role.ADMINISTRATOR:
        return True
    return (role is Role.MANAGER) == (declined >= LAST_DECLINE)


def allows(verb: Verb, status: Status) -> bool:
    """Whether an appeal in `status` can be moved by `verb` at all."""
    return verb in TRANSITIONS and status in TRANSITIONS[verb][0]


def may(verb: Verb, role: Role) -> bool:
    """Whether `role` is among those to whom `verb` belongs."""
    return role in MAY[verb]


def verbs(status: Status, role: Role) -> tuple[Verb, ...]:
    """What `role` can do to an appeal in `status`, in the order of the table."""
    return tuple(verb for verb in TRANSITIONS if allows(verb, status) and may(verb, role))
