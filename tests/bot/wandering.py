"""Residents who do whatever comes to mind, through the real inbox: repeats, parked rows, restarts, kills.

Each event is a raw update of a platform, stored, taken through the dialogue in one transaction, and what is
queued counts as delivered. After each, what must always hold is looked at.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from bot import telegram, viber
from bot.conversation.pace import ALWAYS
from bot.conversation.state import State, Step
from bot.conversation.table import ANYWHERE, ELSEWHERE, EVERYWHERE, OF_DRAFT, STATIONS
from bot.conversation.vocabulary import meaning
from bot.dialogue import Dialogue
from bot.messages import Act, Incoming, Reply
from bot.notices import compose
from core import inbox
from core.actions import desk
from core.actions.actor import Actor
from core.actions.executor import upload_mark
from core.city import City
from core.errors import Conflict
from core.inbox import Received
from core.jobs import Desk
from core.models import (
    Account,
    Appeal,
    Attachment,
    Channel,
    Conversation,
    Inbox,
    InboxState,
    Outbox,
    OutboxState,
    Staff,
)
from core.outbox import REPLIES
from core.scheduler import SWEEPS
from tests.bot.looks import check_look
from tests.bot.raw_updates import KINDS, Event, from_telegram, from_viber
from tests.core.conftest import Time

PARSE = {Channel.TELEGRAM: telegram.parse, Channel.VIBER: viber.parse}
STALE = {"bad.stale", "bad.stale_nothing"}
REFUSED = {"bad.files", "media.too_large", "pace.files", "pace.slow", "report.photos_only", "work.words_only"}
# What a resident says or presses to let go of files that were not sent yet.
LET_GO = {
    *("draft.cancelled", "answer.cancelled", "which.dropped", "bot.welcome"),
    *("work.dropped", "work.unsent", "work.unsent_photos"),
}
RESTING = frozenset({Step.IDLE, Step.DRAFT})
DESK_VERBS = ("ask", "resolve", "explain", "reject", "tell")


class Killed(BaseException):
    """The process is gone: nothing is caught, the transaction is lost."""


@dataclass
class Fuse:
    """Kills the process at the `left`th statement from now; counted by whoever wraps the database."""

    left: int | None = None

    def burn(self) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                self.left = None
                raise Killed


@dataclass
class Wanderer:
    """One resident. `files`: sources sent and not refused; `let_go`: those given up in so many words.

    `works`: whose officer they are as well, by the id of the staff; the chat is linked once it is known.
    """

    channel: Channel
    sender: str
    offered: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    files: set[str] = field(default_factory=set)
    last: Received | None = None
    known_as: int = 0  # id of the account, by which to see that it was forgotten
    works: int = 0

    async def account(self) -> Account | None:
        return await Account.get_or_none(channel=self.channel, external_id=self.sender)

    async def state(self) -> State:
        account = await self.account()
        row = await Conversation.get_or_none(account_id=account.id) if account else None
        return State.from_row(row.step, row.data) if row else State()


@dataclass(repr=False)
class World:
    """The city with its dialogue and its desk, and the clock."""

    city: City
    dialogue: Callable[[], Dialogue]
    operator: Actor
    sweeps: Desk
    time: Time
    fuse: Fuse
    serial: int = 1000

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: ARG002, FBT001 - Hypothesis's signature
        printer.text("world")  # and not the whole city

    async def happens(self, who: Wanderer, event: Event) -> None:
        if event.what == "desk":
            await self._at_the_desk(who, event)
        elif event.what == "sweep":
            await SWEEPS[event.text](self.sweeps)
            await self._deliver(who)
        elif event.what == "time":
            self.time.passes(seconds=event.seconds)
        elif event.what == "again":
            await self._again(who)
        elif event.what == "broken":
            await self._broken(who)
        else:
            await self.does(who, event)

    async def does(self, who: Wanderer, event: Event) -> set[str]:
        """One event of the resident's, and all that must hold of it; the keys of what was said."""
        raw, source = self._raw(who, event)
        update = self._received(who, raw)
        incoming = PARSE[who.channel](update.payload)
        assert isinstance(incoming, Incoming)
        if await self._expired(who):
            await self._files_kept(who, State(), let_go=True)
        before, last = await who.state(), await self._last()
        filed = await self._filed(who)
        await inbox.receive([update])
        if event.seconds and event.what != "time":  # killed on the way, and started anew
            self.fuse.left = int(event.seconds)
            try:
                await self._work_off()
            except Killed:
                if await Inbox.filter(external_id=update.external_id, state=InboxState.PENDING).exists():
                    await self._nothing_happened(who, last, before, filed)
            self.fuse.left = None
        await self._work_off()
        assert not await Inbox.exclude(state=InboxState.DONE).filter(external_id=update.external_id).exists()
        who.last = update
        said = await self._said(who, last)
        after = await who.state()
        self._check_answer(incoming, before, said)
        for row in said:
            check_look(Reply.from_body(row.body), self.city)
        keys = {line[0] for row in said for line in row.body["lines"]}
        self._check_step(incoming, before, after, keys)
        assert after.draft or not after.later, f"what was split off is left behind by {incoming}, said {keys}"
        if source and not keys & REFUSED and said:
            who.files.add(source if who.channel is Channel.TELEGRAM else f"https://dl.viber.com/{source}")
        if keys & LET_GO or "pace.slow" in keys:
            await self._files_kept(who, after, let_go=True)
        await self._files_kept(who, after)
        await self._deliver(who)
        await self._employ(who)
        return keys

    async def _employ(self, who: Wanderer) -> None:
        """Whose chat was forgotten links the new one."""
        account = await who.account() if who.works else None
        if account is not None and account.forget_at is None:
            await Staff.filter(id=who.works).update(account_id=account.id)

    # what must hold

    def _check_answer(self, incoming: Incoming, before: State, said: list[Outbox]) -> None:
        """One; none to those who left, to a place that moves on, to a burst once it was told of."""
        assert len(said) <= 1, [row.body["lines"] for row in said]
        silent = incoming.act in ALWAYS or (before.pace is not None and before.pace.warned)
        # The rest of an album may be said in the first one's answer, which is then its newer version.
        assert said or silent, f"silence after {incoming}"

    def _check_step(self, incoming: Incoming, before: State, after: State, keys: set[str]) -> None:
        if after.step in {*RESTING, before.step, after.resting()}:  # what waits to be sorted is a rest too
            return
        allowed = {*STATIONS[before.step].leads, *STATIONS[before.resting()].leads, *ELSEWHERE}
        if incoming.act is Act.BUTTON:
            action = incoming.button.partition(":")[0]
            press = OF_DRAFT.get(action) or ANYWHERE.get(action)
            allowed = set(press.leads) if press else set()
        elif incoming.act is Act.TEXT and (press := EVERYWHERE.get(meaning(incoming.text))) is not None:
            allowed = set(press.leads)
        assert after.step in allowed, f"{before.step} → {after.step} by {incoming}, said {keys}"

    async def _nothing_happened(self, who: Wanderer, last: int, before: State, filed: int) -> None:
        assert await who.state() == before
        assert await self._said(who, last) == []
        assert await self._filed(who) == filed

    async def _files_kept(self, who: Wanderer, state: State, *, let_go: bool = False) -> None:
        """Every file is of an appeal, or waits where the conversation knows of it."""
        account = await who.account()
        if account is None or account.id != who.known_as or account.forget_at:  # forgotten, and met anew
            who.files.clear()
            who.known_as = account.id if account else 0
            return
        drafts = [state.draft, *state.later]
        tokens = {draft.token for draft in drafts if draft} | {state.unsorted.token if state.unsorted else ""}
        rows = await Attachment.filter(source__in=list(who.files)).values_list("source", "appeal_id", "draft")
        tokens |= {upload_mark(who.works)} if state.work and state.work.photos else set()
        kept = {source for source, appeal, draft in rows if appeal is not None or draft in tokens - {""}}
        lost = who.files - kept
        if let_go:
            who.files = kept
        else:
            assert not lost, f"{lost}: {rows} with {tokens}"

    async def _expired(self, who: Wanderer) -> bool:
        """Whether nothing was heard for so long that what was not sent is forgotten."""
        account = await who.account()
        row = await Conversation.get_or_none(account_id=account.id) if account else None
        life = timedelta(days=self.sweeps.schedule.draft_days)
        return row is not None and self.time.now - row.updated_at >= life

    # what happens

    async def _work_off(self) -> None:
        """By a process that has just started: nothing but the database knows what was before."""
        dialogue = self.dialogue()
        while await inbox.work_off(dialogue.handle):
            pass

    async def _again(self, who: Wanderer) -> None:
        """The platform sends the same once more: nothing comes of it."""
        if who.last is None:
            return
        last, state = await self._last(), await who.state()
        await inbox.receive([who.last])
        await self._work_off()
        assert (await self._said(who, last), await who.state()) == ([], state)

    async def _broken(self, who: Wanderer) -> None:
        """An update that nobody can read is parked and holds nobody up."""
        self.serial += 1
        payload = json.dumps({"update_id": self.serial, "message": {"text": 5}, "event": "message"})
        await inbox.receive([Received(who.channel, str(self.serial), who.sender, payload)])
        await self._work_off()
        row = await Inbox.get(channel=who.channel, external_id=str(self.serial))
        assert row.state is InboxState.PARKED

    async def _at_the_desk(self, who: Wanderer, event: Event) -> None:
        account = await who.account()
        if account is None:
            return
        appeal = await Appeal.filter(resident_id=account.resident_id).order_by("-id").first()
        if appeal is None:
            return
        words = {"ask": "question", "resolve": "answer", "tell": "text"}.get(event.text, "reason")
        act: Any = getattr(desk, event.text)
        try:
            await act(self.city, appeal.id, self.operator, expected=appeal.version, **{words: "З двору?"})
        except Conflict:
            return
        await self._deliver(who)

    async def _deliver(self, who: Wanderer) -> None:
        """What is queued has arrived; its buttons can be pressed."""
        for row in await Outbox.filter(state__in=[OutboxState.PENDING, OutboxState.HELD]).order_by("id"):
            await Outbox.filter(id=row.id).update(
                state=OutboxState.SENT, provider_id=str(row.id), sent_at=self.time.now
            )
            reply = Reply.from_body(row.body) if row.kind in REPLIES else compose(row.kind, row.body)
            account = await who.account()
            if account is not None and row.account_id == account.id:
                who.sent.append(str(row.id))
                who.offered[:0] = [button.data for line in reply.buttons for button in line]

    async def _last(self) -> int:
        last = await Outbox.all().order_by("-id").first()
        return last.id if last else 0

    async def _said(self, who: Wanderer, after: int) -> list[Outbox]:
        account = await who.account()
        if account is None:
            return []
        return await Outbox.filter(account_id=account.id, kind__in=REPLIES, id__gt=after).order_by("id")

    async def _filed(self, who: Wanderer) -> int:
        account = await who.account()
        return await Appeal.filter(resident_id=account.resident_id).count() if account else 0

    # as the platforms write it

    def _received(self, who: Wanderer, raw: dict[str, Any]) -> Received:
        body = json.dumps(raw).encode()
        return telegram.received_body(body) if who.channel is Channel.TELEGRAM else viber.received_body(body)

    def _raw(self, who: Wanderer, event: Event) -> tuple[dict[str, Any], str]:
        """The update, and the source of its file."""
        self.serial += 1
        source = f"file-{self.serial}" if event.what in KINDS else ""
        if repeated := re.fullmatch(r"(\w+)\*(\d+)", event.text):
            event = replace(event, text=f"{repeated[1]} " * int(repeated[2]))
        write = from_telegram if who.channel is Channel.TELEGRAM else from_viber
        return write(who, event, self.serial, source), source
