"""A resident's chat with the bot at the level of turns, for tests of the dialogue alone."""

import itertools
import json
from dataclasses import dataclass, field
from typing import Any

from bot.conversation.state import State
from bot.conversation.steps import advance
from bot.conversation.turn import Turn
from bot.dialogue import message
from bot.messages import Act, FileRef, Incoming, Reply
from core import db, jobs, outbox
from core.actions import desk
from core.actions.actor import Actor
from core.city import City
from core.config import Limits, Media
from core.errors import Conflict
from core.jobs import Desk
from core.media import Links
from core.models import Account, Appeal, Channel, Outbox, OutboxState
from tests.builders import make_account

PLACED = {Act.LOCATION, Act.MOVED}


@dataclass(frozen=True)
class Did:
    """What a resident does; `choice` picks one of the buttons offered so far, the newest first."""

    act: Act | None
    text: str = ""
    button: str | None = None
    choice: int = 0
    file: FileRef | None = None
    album: str = ""
    point: tuple[float, float] = (0.0, 0.0)
    reply: bool = False
    after: str = ""  # the message that they had before them, where the messenger says
    message_id: str = ""  # of a message sent before, which is edited
    desk: str = ""  # or what the desk does meanwhile


@dataclass
class Chat:
    """A resident's chat with the bot, and what goes on at the desk beside it."""

    city: City = field(repr=False)
    operator: Actor
    sweeps: Desk = field(repr=False)
    account: Account = field(init=False, repr=False)
    state: State = field(init=False)
    offered: list[str] = field(init=False)
    limits: Limits = field(
        default_factory=lambda: Limits(messages_a_minute=10_000, messages_a_day=10_000), repr=False
    )
    numbers: Any = field(default_factory=lambda: itertools.count(1), repr=False)

    async def begin(self, channel: Channel, foreign: list[str]) -> None:
        self.account = await make_account(channel)
        self.state = State()
        self.offered = list(foreign)

    async def does(self, did: Did) -> list[Reply]:
        """One turn, in a transaction, from the state as a row would keep it."""
        step, data = self.state.step.value, json.loads(json.dumps(self.state.to_row()))
        state = State.from_row(step, data)
        assert state == self.state
        turn = Turn(
            self.city,
            self.account,
            state,
            await self._incoming(did),
            media=Media(),
            limits=self.limits,
            links=Links("secret", "https://city.example"),
        )
        async with db.transaction():
            await advance(turn)
            replies = [turn.reply] if turn.reply is not None else []
            await outbox.queue_all([message(self.account, reply) for reply in replies])
        self.state = turn.state
        for reply in replies:
            self.offered[:0] = buttons(reply)
        return replies

    async def _incoming(self, did: Did) -> Incoming:
        assert did.act is not None
        button = did.button
        if did.act is Act.BUTTON and button is None:
            button = self.offered[did.choice % len(self.offered)] if self.offered else "help"
        reply_to = ""
        if did.reply:
            last = await Outbox.filter(account_id=self.account.id).order_by("-id").first()
            if last is not None:
                reply_to = str(last.id)
                await Outbox.filter(id=last.id).update(provider_id=reply_to, state=OutboxState.SENT)
        return Incoming(
            channel=self.account.channel,
            sender=self.account.external_id,
            act=did.act,
            text=did.text,
            file=did.file,
            lat=did.point[0] if did.act in PLACED else None,
            lon=did.point[1] if did.act in PLACED else None,
            button=button or "",
            callback="cb" if did.act is Act.BUTTON else "",
            album=did.album,
            message_id=did.message_id or str(next(self.numbers)),
            reply_to=reply_to,
            after=did.after,
        )

    async def at_the_desk(self, what: str) -> None:
        """The desk does something to the resident's newest appeal, or the sweeps run."""
        if what == "sweep":
            await jobs.announce_results(self.sweeps)
            return
        appeal = await Appeal.filter(resident_id=self.account.resident_id).order_by("-id").first()
        if appeal is None:
            return
        common: dict[str, Any] = {"expected": appeal.version}
        try:
            if what == "ask":
                await desk.ask(self.city, appeal.id, self.operator, question="З якого боку?", **common)
            elif what == "resolve":
                await desk.resolve(self.city, appeal.id, self.operator, answer="Зроблено", **common)
            elif what == "explain":
                await desk.explain(self.city, appeal.id, self.operator, reason="Восени", **common)
            else:
                await desk.reject(self.city, appeal.id, self.operator, reason="Не місто", **common)
        except Conflict:
            return
        self.offered[:0] = [f"{action}:{appeal.id}" for action in ("answer", "yes", "no")]


def buttons(reply: Reply) -> list[str]:
    return [button.data for row in reply.buttons for button in row]


def keys(replies: list[Reply]) -> set[str]:
    return {line.key for reply in replies for line in reply.lines}
