"""Takes a batch of inbox rows through the conversation: what was done, what is said, where it then stands.

Runs inside the inbox's transaction and makes no network call. Accounts and conversations are read and
written for the whole batch at once, so that a burst costs few statements.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from bot.conversation.state import State
from bot.conversation.steps import advance
from bot.conversation.turn import Turn
from bot.messages import Act, Incoming, Receipt, Reply
from core import clock, db, inbox, log, outbox
from core.city import City
from core.config import Media as MediaSettings
from core.i18n import LANGUAGES
from core.models import Account, Channel, Conversation, Inbox, InboxState
from core.outbox import Message

Parse = Callable[[str], Incoming | Receipt | None]
_log = log.get(__name__)


class Unreadable(Exception):
    """An update that its adapter can't make sense of; it is parked."""


class Dialogue:
    """The inbox's handler."""

    def __init__(
        self, city: City, parsers: Mapping[Channel, Parse], *, media: MediaSettings, draft_days: float
    ) -> None:
        self._city = city
        self._parsers = parsers
        self._media = media
        self._draft_life = timedelta(days=draft_days)

    async def handle(self, rows: Sequence[Inbox]) -> None:
        """Answer each row; one that can't be read is parked, the others go on."""
        turns: list[tuple[Inbox, Incoming]] = []
        for row in rows:
            try:
                parsed = self._parsers[row.channel](row.payload)
            except Unreadable as error:
                await Inbox.filter(id=row.id).update(state=InboxState.PARKED, error=str(error)[:1000])
                continue
            if isinstance(parsed, Receipt):
                if not await outbox.receipt(parsed.channel, parsed.provider_id, parsed.state, parsed.error):
                    await inbox.put_off(row)
            elif parsed is not None:
                turns.append((row, parsed))
        if turns:
            await self._answer(turns)

    async def _answer(self, turns: Sequence[tuple[Inbox, Incoming]]) -> None:
        accounts = await _accounts([incoming for _, incoming in turns])
        conversations = {
            row.account_id: row
            for row in await Conversation.filter(account_id__in=[account.id for account in accounts.values()])
        }
        said: list[Message] = []
        for row, incoming in turns:
            account = accounts[incoming.channel, incoming.sender]
            with log.trace(row.trace):
                turn = await self._turn(account, conversations.get(account.id), incoming)
            said += [message(account, reply, row.trace) for reply in turn.replies]
            conversations[account.id] = _stand(turn)
            _log.debug("inbox.answered", inbox=row.id, act=incoming.act, step=turn.state.step)
        await Conversation.bulk_create(
            conversations.values(), on_conflict=["account_id"], update_fields=["step", "data", "updated_at"]
        )
        await outbox.queue_all(said)

    async def _turn(self, account: Account, stood: Conversation | None, incoming: Incoming) -> Turn:
        state = State()
        if stood is not None and clock.now() - stood.updated_at < self._draft_life:
            state = State.from_row(stood.step, stood.data)
        turn = Turn(city=self._city, account=account, state=state, incoming=incoming, media=self._media)
        await advance(turn)
        return turn


async def _accounts(incoming: Sequence[Incoming]) -> dict[tuple[Channel, str], Account]:
    """The account of each sender, made where they are new; marked as seen, or as gone."""
    wanted = {(each.channel, each.sender): each for each in incoming}
    rows = await Account.filter(channel__in=list(Channel), external_id__in=[sender for _, sender in wanted])
    found = {(row.channel, row.external_id): row for row in rows if (row.channel, row.external_id) in wanted}
    if new := [each for key, each in wanted.items() if key not in found]:
        found |= {(row.channel, row.external_id): row for row in await _newcomers(new)}
    now = clock.now()
    gone = [found[key].id for key, each in wanted.items() if each.act is Act.LEFT]
    here = [account.id for account in found.values() if account.id not in gone]
    await Account.filter(id__in=here).update(seen_at=now, reachable=True, unreachable_why="")
    for account_id in gone:
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
        "reply",
        reply.to_body(),
        appeal_id=reply.appeal,
        slot=reply.slot,
        edits=reply.edits,
        delay=timedelta(seconds=reply.delay),
        trace=trace,
    )


def _stand(turn: Turn) -> Conversation:
    return Conversation(
        account_id=turn.account.id,
        step=turn.state.step.value,
        data=turn.state.to_row(),
        updated_at=clock.now(),
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
