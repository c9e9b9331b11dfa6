"""Who can't be written to is rung up: what would have gone to a phone becomes a task for the desk (KR 4.7).

Several notices of one appeal are one call, with the latest words. What comes of it is in calling.py.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
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
UNSPOKEN = frozenset({"assigned", "started", "seen", "poll_reminder", "reckoned"})


@dataclass(frozen=True, slots=True)
class Addressed:
    """A notice of an appeal, and whose it is."""

    account: Account
    appeal: Appeal
    body: Mapping[str, Any]


async def chats(
    accounts: Sequence[Account], appeal: Appeal, kind: str, body: Mapping[str, Any]
) -> list[Account]:
    """Where a notice goes in writing: of who rang, to their messenger; who has none is to be called."""
    notices = [Addressed(account, appeal, body) for account in accounts]
    return [chat for chat, _ in await written(notices, kind)]


async def written(notices: Sequence[Addressed], kind: str) -> list[tuple[Account, Addressed]]:
    """The same of many notices of a kind, with as many queries as for one."""
    rang = {each.account.resident_id for each in notices if each.account.channel is Channel.PHONE}
    messengers = await _messengers(rang) if rang else {}
    found, to_call = [], []
    for each in notices:
        own = each.account
        chat = own if own.channel is not Channel.PHONE else messengers.get(own.resident_id)
        if chat is not None:
            found.append((chat, each))
        elif kind not in UNSPOKEN:
            to_call.append(each)
    if to_call:
        await _ask_for_calls(to_call, kind)
    return found


async def chat_of(resident_id: int) -> Account | None:
    """The messenger in which a resident was last heard of, and can be reached."""
    return (await _messengers({resident_id})).get(resident_id)


async def _messengers(residents: Collection[int]) -> dict[int, Account]:
    theirs = Account.filter(resident_id__in=residents, reachable=True, forget_at=None)
    rows = await theirs.exclude(channel=Channel.PHONE).order_by("seen_at", "-id")
    return {account.resident_id: account for account in rows}


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


async def _ask_for_calls(notices: Sequence[Addressed], kind: str) -> None:
    """One task for a number and an appeal; what was asked or said beside stays in it until a result comes."""
    now = clock.now()
    slugs = {each.appeal.executor_id for each in notices} - {None}
    executors = {row.slug: row for row in await Executor.filter(slug__in=slugs)} if slugs else {}
    wanted = {}
    for each in notices:
        key = _key(each.appeal.id, each.account.id)
        words = _words(each.account.language, each.appeal, kind, each.body, executors)
        due = now if each.appeal.urgent else now + CALM
        task = Task(appeal_id=each.appeal.id, kind=TaskKind.CALL, words=words, dedupe=key)
        task.created_at, task.due_at = now, due
        wanted[key] = task
    await Task.bulk_create(list(wanted.values()), ignore_conflicts=True)
    changed = []
    for waiting in await Task.select_for_update().filter(dedupe__in=list(wanted)).order_by("id"):
        asked = wanted[waiting.dedupe or ""]
        if asked.words not in waiting.words:
            words = f"{waiting.words}\n\n{asked.words}" if kind in TALK else asked.words
            due = min(each for each in (asked.due_at, waiting.due_at) if each is not None)
            waiting.words, waiting.due_at = words, due
            changed.append(waiting)
    if changed:
        await Task.bulk_update(changed, fields=["words", "due_at"])


def _words(
    language: str, appeal: Appeal, kind: str, body: Mapping[str, Any], executors: Mapping[str, Executor]
) -> str:
    """What to say, in the language of who is called."""
    by = getattr(executors.get(appeal.executor_id or ""), f"short_{language}", "")
    if kind == "resolved" and (appeal.kind is Kind.CONSULTATION or not by):
        kind = "answered" if appeal.kind is Kind.CONSULTATION else "resolved_desk"
    facts = {name: value for name, value in body.items() if name in ("text", "into", "body", "of")}
    if kind == "extended":
        facts["when"] = until(datetime.fromisoformat(body["due"]), language, ZONE)
    return t(f"call.{kind}", language, n=body.get("n"), number=appeal.number, executor=by, **facts)


def _key(appeal_id: int, account_id: int) -> str:
    return f"call:{appeal_id}:{account_id}"
