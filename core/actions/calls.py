"""Who can't be written to is rung up: what would have gone to a phone becomes a task for the desk (KR 4.7).

Several notices of one appeal are one call, with the latest words. What comes of it is in calling.py.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from core import clock
from core.errors import NotFound
from core.holding import TALK
from core.i18n import t, until
from core.models import Account, Appeal, Channel, Executor, Task, TaskKind
from core.workflow import Kind

ZONE = "Europe/Kyiv"  # all of the country keeps one time
CALM = timedelta(days=1)  # in which what isn't urgent is told
# Steps on the way, and asking once more what the call of the result asks already: no reason to ring anybody.
UNSPOKEN = frozenset({"assigned", "started", "seen", "poll_reminder"})


async def chats(
    accounts: Sequence[Account], appeal: Appeal, kind: str, body: Mapping[str, Any]
) -> list[Account]:
    """Where a notice goes in writing: of who rang, to their messenger; who has none is to be called."""
    found = []
    for account in accounts:
        if account.channel is not Channel.PHONE:
            found.append(account)
        elif (chat := await chat_of(account.resident_id)) is not None:
            found.append(chat)
        elif kind not in UNSPOKEN:
            await _ask_for_call(account, appeal, kind, body)
    return found


async def chat_of(resident_id: int) -> Account | None:
    """The messenger in which a resident was last heard of, and can be reached."""
    mine = Account.filter(resident_id=resident_id, reachable=True, forget_at=None)
    return await mine.exclude(channel=Channel.PHONE).order_by("-seen_at").first()


async def whom(task: Task) -> Account:
    """Whom a call is for, with `resident`. NotFound where they are gone, or it is no open call."""
    number = owner(task)
    account = await Account.get_or_none(id=number).select_related("resident") if number else None
    if account is None:
        raise NotFound("call.gone")
    return account


def owner(task: Task) -> int | None:
    """Id of the account that an open call is for."""
    last = (task.dedupe or "").rpartition(":")[2]
    return int(last) if task.kind is TaskKind.CALL and last.isdigit() else None


async def forget(account_id: int, appeals: Sequence[int]) -> None:
    """Nobody is to be called any more about these appeals at this number."""
    await Task.filter(dedupe__in=[_key(each, account_id) for each in appeals]).delete()


async def _ask_for_call(account: Account, appeal: Appeal, kind: str, body: Mapping[str, Any]) -> None:
    """One task for a number and an appeal; what was asked or said beside stays in it until a result comes."""
    key, now = _key(appeal.id, account.id), clock.now()
    words = await _words(account.language, appeal, kind, body)
    due = now if appeal.urgent else now + CALM
    task = Task(appeal_id=appeal.id, kind=TaskKind.CALL, words=words, dedupe=key, created_at=now, due_at=due)
    await Task.bulk_create([task], ignore_conflicts=True)
    waiting = await Task.select_for_update().get(dedupe=key)
    if words not in waiting.words:
        words = f"{waiting.words}\n\n{words}" if kind in TALK else words
        earlier = min(due, waiting.due_at) if waiting.due_at else due
        await Task.filter(id=waiting.id).update(words=words, due_at=earlier)


async def _words(language: str, appeal: Appeal, kind: str, body: Mapping[str, Any]) -> str:
    """What to say, in the language of who is called."""
    executor = await Executor.get_or_none(slug=appeal.executor_id) if appeal.executor_id else None
    by = getattr(executor, f"short_{language}", "")
    if kind == "resolved" and (appeal.kind is Kind.CONSULTATION or not by):
        kind = "answered" if appeal.kind is Kind.CONSULTATION else "resolved_desk"
    facts = {name: value for name, value in body.items() if name in ("text", "into", "body", "of")}
    if kind == "extended":
        facts["when"] = until(datetime.fromisoformat(body["due"]), language, ZONE)
    return t(f"call.{kind}", language, n=body.get("n"), number=appeal.number, executor=by, **facts)


def _key(appeal_id: int, account_id: int) -> str:
    return f"call:{appeal_id}:{account_id}"
