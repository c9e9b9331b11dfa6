"""What staff heard of deadlines in their chats, row by row of what was queued for them.

Who was to be told of what is settled before: the notices of the panel equal what the rules say.
"""

from collections import Counter
from datetime import datetime

from core.models import Notice, Outbox, OutboxState
from core.workflow import CONTROLLED
from tests.quarter.expected import LEVELS, STEPS
from tests.quarter.past import Past

DIGEST = "staff.digest"
KINDS = {step: "staff.escalated" if step in LEVELS else f"staff.{step}" for step in STEPS}
_TOGETHER, _NEEDLESS = "told together", "needless"
_LEFT = (OutboxState.SENT, OutboxState.PENDING)  # what was let go at the last look has nobody to take it
_Message = tuple[int, datetime]  # to which account, at which look


async def chats_heard_of_deadlines(of: Past) -> dict[str, int]:
    """By day, at once, while it was true, and all of it; how many messages there were of which sort."""
    rows = await Outbox.filter(kind__in=[*KINDS.values(), DIGEST]).order_by("id")
    await _each_that_was_told_is_there(of, rows)
    left = [row for row in rows if row.state in _LEFT]
    for row in left:
        assert row.sent_at == (row.due_at if row.state is OutboxState.SENT else None), row.dedupe
        assert row.state is OutboxState.SENT or row.due_at == of.rounds[-1], row.dedupe
    patient = [row for row in left if not row.body.get("urgent")]
    for row in patient:
        assert of.is_day(row.due_at), f"{row.dedupe} at {row.due_at}"
    waited = [row for row in rows if row.state is OutboxState.DROPPED and row.error == _TOGETHER]
    _one_message_a_look(patient, waited)
    for row in (*left, *waited):
        assert not _outdated(of, row), f"{row.dedupe} is told at {row.due_at}"
    needless = [row for row in rows if row.state is OutboxState.DROPPED and row.error == _NEEDLESS]
    told: dict[tuple[int, int], list[datetime]] = {}
    for row in rows:
        told.setdefault((_appeal(row), row.account_id), []).append(row.created_at)
    for row in needless:
        steps = told[_appeal(row), row.account_id]
        overtaken = any(row.created_at < step <= row.due_at for step in steps)
        assert overtaken or _outdated(of, row), f"{row.dedupe} isn't told at {row.due_at}"
    held = [row for row in rows if row.state is OutboxState.HELD]
    assert len(rows) == len(left) + len(waited) + len(needless) + len(held)
    assert all(row.due_at > of.rounds[-1] for row in held), "the quarter ended before their time"
    return {
        "in chats": len(left),
        "urgent in chats": len(left) - len(patient),
        "digests": sum(row.kind == DIGEST for row in left),
        "needless": len(needless),
    }


async def _each_that_was_told_is_there(of: Past, rows: list[Outbox]) -> None:
    accounts = {person.id: person.account_id for person in of.people}
    owed: Counter[tuple[str, int, datetime, int]] = Counter()
    for notice in await Notice.filter(kind__in=[kind.removeprefix("staff.") for kind in KINDS.values()]):
        account = accounts[notice.staff_id]
        if account is not None:
            owed[notice.dedupe.split(":")[0], notice.appeal_id or 0, notice.at, account] += 1
    written = Counter((_step(row), _appeal(row), row.created_at, row.account_id) for row in rows)
    assert written == owed, {"more": written - owed, "fewer": owed - written}


def _one_message_a_look(patient: list[Outbox], waited: list[Outbox]) -> None:
    """And it tells of all that went in it."""
    messages: dict[_Message, Outbox] = {}
    parts: dict[_Message, list[Outbox]] = {}
    for row in patient:
        look = (row.account_id, row.due_at)
        assert look not in messages, f"{row.dedupe} beside {messages[look].dedupe}"
        messages[look], parts[look] = row, [row]
    for row in waited:
        parts[row.account_id, row.due_at].append(row)
    for look, row in messages.items():
        its = parts[look]
        if row.kind == DIGEST:
            assert row.body["n"] == len(its) > 1
            assert dict(row.body["counts"]) == Counter(KINDS[_step(each)] for each in its)
        else:
            assert {_appeal(each) for each in its} == {_appeal(row)}
            assert len(its) == 1 + len(row.body.get("before", ())) + len(row.body.get("after", ()))


def _outdated(of: Past, row: Outbox) -> bool:
    """Whether the appeal moved, by its history, between being told of and the look that decided."""
    then, now = of.stood(_appeal(row), row.created_at), of.stood(_appeal(row), row.due_at)
    assert then is not None
    assert now is not None
    if now.status not in CONTROLLED or now.due is None or now.executor != then.executor:
        return True
    if _step(row) in LEVELS:
        return now.due > row.due_at
    return (now.status, now.due) != (then.status, then.due)


def _step(row: Outbox) -> str:
    return (row.dedupe or "").split(":")[0]


def _appeal(row: Outbox) -> int:
    """A digest is of none; the place it took in the chat is of the last that it tells of."""
    return int((row.dedupe or "").split(":")[1])
