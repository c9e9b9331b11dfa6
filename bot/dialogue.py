"""Takes a batch of inbox rows through the conversation: what was done, what is said, where it then stands.

Runs inside the inbox's transaction and makes no network call. Accounts and conversations are read and
written for the whole batch at once, so that a burst costs few statements.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta

from bot.conversation.state import State
from bot.conversation.steps import advance
from bot.conversation.turn import Turn
from bot.messages import Act, Incoming, Receipt, Reply
from core import clock, db, inbox, log, outbox
from core.city import City
from core.config import Limits, Schedule
from core.config import Media as MediaSettings
from core.i18n import LANGUAGES
from core.inbox import Taken
from core.media import Links
from core.models import Account, Channel, Conversation, Inbox, InboxState
from core.outbox import Message

_SILENT = frozenset({Act.LEFT, Act.CAME_BACK})  # they said nothing
Parse = Callable[[str], Incoming | Receipt | None]
_log = log.get(__name__)


class Unreadable(Exception):
    """An update that its adapter can't make sense of; it is parked."""


class Dialogue:
    """The inbox's handler."""

    def __init__(
        self,
        city: City,
        parsers: Mapping[Channel, Parse],
        *,
        media: MediaSettings,
        limits: Limits,
        links: Links,
        schedule: Schedule,
    ) -> None:
        self._city = city
        self._parsers = parsers
        self._media = media
        self._limits = limits
        self._links = links
        self._draft_life = timedelta(days=schedule.draft_days)
        self._draft_reminder = timedelta(hours=schedule.draft_reminder_hours)

    async def handle(self, rows: Sequence[Taken]) -> None:
        """Answer each row; one that can't be read is parked, the others go on."""
        turns: list[tuple[Taken, Incoming]] = []
        receipts: list[int] = []
        for row in rows:
            try:
                parsed = self._parsers[row.channel](row.payload)
            except Unreadable as error:
                await Inbox.filter(id=row.id).update(state=InboxState.PARKED, error=str(error)[:1000])
                continue
            if isinstance(parsed, Receipt):
                # It may be faster than the answer it is for; else it is of somebody who is gone.
                known = await outbox.receipt(parsed.channel, parsed.provider_id, parsed.state, parsed.error)
                if known or not await inbox.put_off(row):
                    receipts.append(row.id)
            elif parsed is not None:
                turns.append((row, parsed))
        if receipts:  # what they said stands in the outbox; whom they name is nobody's business
            await Inbox.filter(id__in=receipts).delete()
        if turns:
            await self._answer(turns)

    async def _answer(self, turns: Sequence[tuple[Taken, Incoming]]) -> None:
        accounts = await _accounts([incoming for _, incoming in turns])
        strangers = [row.id for row, each in turns if (each.channel, each.sender) not in accounts]
        if strangers:  # they left or came back, and nothing is known of them: nothing shall be
            await Inbox.filter(id__in=strangers).delete()
            turns = [(row, each) for row, each in turns if row.id not in strangers]
        conversations = {
            row.account_id: row
            for row in await Conversation.filter(account_id__in=[account.id for account in accounts.values()])
        }
        said: list[Message] = []
        for row, incoming in turns:
            account = accounts[incoming.channel, incoming.sender]
            with log.trace(row.trace):
                turn = await self._turn(account, conversations.get(account.id), incoming)
            if turn.reply is not None:
                said.append(message(account, turn.reply, row.trace))
            conversations[account.id] = self._stand(turn)
            _log.debug("inbox.answered", inbox=row.id, act=incoming.act, step=turn.state.step)
        await _keep(conversations.values())
        await outbox.queue_all(said)

    async def _turn(self, account: Account, stood: Conversation | None, incoming: Incoming) -> Turn:
        state = State()
        if stood is not None and clock.now() - stood.updated_at < self._draft_life:
            state = State.from_row(stood.step, stood.data)
        turn = Turn(
            city=self._city,
            account=account,
            state=state,
            incoming=incoming,
            media=self._media,
            limits=self._limits,
            links=self._links,
            first=stood is None,
        )
        await advance(turn)
        return turn

    def _stand(self, turn: Turn) -> Conversation:
        """A draft is called to mind after some silence; each turn begins that anew."""
        now = clock.now()
        return Conversation(
            account_id=turn.account.id,
            step=turn.state.step.value,
            data=turn.state.to_row(),
            updated_at=now,
            remind_at=now + self._draft_reminder if turn.state.draft is not None else None,
        )


async def _keep(conversations: Iterable[Conversation]) -> None:
    places = [db.placeholder(position) for position in range(1, 6)]
    await db.connection().execute_many(
        _KEEP.format(", ".join(places)),
        [
            [
                row.account_id,
                row.step,
                json.dumps(row.data, ensure_ascii=False),
                row.updated_at,
                row.remind_at,
            ]
            for row in conversations
        ],
    )


_KEEP = """
INSERT INTO conversation (account_id, step, data, updated_at, remind_at) VALUES ({})
ON CONFLICT (account_id) DO UPDATE SET step = excluded.step, data = excluded.data,
    updated_at = excluded.updated_at, remind_at = excluded.remind_at
"""


async def _accounts(incoming: Sequence[Incoming]) -> dict[tuple[Channel, str], Account]:
    """The account of each sender, made for newcomers who write; marked as seen, as back, or as gone.

    Who asked to be forgotten and writes before it has ended, stays.
    """
    wanted = {(each.channel, each.sender): each for each in incoming}
    rows = await Account.filter(channel__in=list(Channel), external_id__in=[sender for _, sender in wanted])
    found = {(row.channel, row.external_id): row for row in rows if (row.channel, row.external_id) in wanted}
    if new := [each for key, each in wanted.items() if key not in found and each.act not in _SILENT]:
        found |= {(row.channel, row.external_id): row for row in await _newcomers(new)}
    now = clock.now()
    acts = {account.id: wanted[key].act for key, account in found.items()}
    wrote = Account.filter(id__in=[each for each, act in acts.items() if act not in _SILENT])
    await wrote.update(seen_at=now, reachable=True, unreachable_why="", forget_at=None)
    if back := [each for each, act in acts.items() if act is Act.CAME_BACK]:
        await Account.filter(id__in=back).update(reachable=True, unreachable_why="")
    viber = [account.id for account in found.values() if account.channel is Channel.VIBER]
    if writers := [each for each in viber if acts[each] not in _SILENT]:
        await outbox.opened(writers)
    for account_id in (each for each, act in acts.items() if act is Act.LEFT):
        await outbox.mark_unreachable(account_id, "left the chat")
    return found


async def _newcomers(incoming: Sequence[Incoming]) -> list[Account]:
    """A resident and an account for each sender, none of whom is known yet."""
    now = clock.now()
    values = ", ".join(
        f"('', '', '', {db.placeholder(position)})" for position in range(1, len(incoming) + 1)
    )
    residents = await db.connection().execute_query_dict(
        f"INSERT INTO resident (name, phone, address, created_at) VALUES {values} RETURNING id",  # noqa: S608
        [now] * len(incoming),
    )
    rows = [
        Account(
            resident_id=resident["id"],
            channel=each.channel,
            external_id=each.sender,
            language=_spoken(each.language),
            created_at=now,
            seen_at=now,
        )
        for each, resident in zip(incoming, residents, strict=True)
    ]
    await Account.bulk_create(rows)
    return await Account.filter(resident_id__in=[resident["id"] for resident in residents])


def _spoken(language: str) -> str:
    short = language[:2].lower()
    return short if short in LANGUAGES else "uk"


def message(account: Account, reply: Reply, trace: str = "") -> Message:
    return Message(
        account,
        "staff.reply" if reply.of_work else "reply",
        reply.to_body(),
        appeal_id=reply.appeal,
        slot=reply.slot,
        edits=reply.edits,
        delay=timedelta(seconds=reply.delay),
        trace=trace,
    )


def load(payload: str) -> dict[str, object]:
    """The update as JSON; Unreadable where it is none."""
    try:
        raw = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise Unreadable("not JSON") from error
    if not isinstance(raw, dict):
        raise Unreadable("not a JSON object")
    return raw
