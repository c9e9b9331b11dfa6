"""Plays a script on one messenger's phones, line by line."""

import asyncio
import re

from bot.simulator.bubbles import Bubble
from core.models import Account, Appeal, Inbox, InboxState, Outbox, OutboxState
from core.outbox import REPLIES
from tests.flows import doings
from tests.flows.doings import Chat
from tests.flows.facts import check
from tests.flows.scripting import RESIDENTS, STAFF, Did, Line, Script
from tests.flows.stage import Stage

PATIENCE = 12.0  # seconds for what must come, by a sweep perhaps
AT_ONCE = 3.0  # seconds for what answers a resident and has been sent
QUIET = 0.6  # seconds of watching for what must not: three rounds of the sweeps
NOTHING = "(nothing)"
UNTOLD = "…"  # nothing is looked for here: the other messenger's own line says more
CODE = re.compile(r"\b[A-Z2-9]{4}[-– ][A-Z2-9]{4}\b")
OTHER = {"telegram": "viber", "viber": "telegram"}
# Whose officer RW is: nobody's appeals go there by themselves, so each messenger's play has its own.
WORKS_FOR = {"telegram": "health_department", "viber": "education_department"}
UNCOUNTED = {"start", "times"}  # Viber's welcome is no letter of ours; a burst is answered together


class Failed(AssertionError):
    """Says the script's line, and how the chat looked."""


class Player:
    """One messenger's play of a script."""

    def __init__(self, stage: Stage, script: Script, messenger: str, picture: bytes) -> None:
        self.stage = stage
        self.script = script
        self.messenger = messenger
        self.picture = picture
        self.appeals: list[int] = []  # of R, in order; also those that have been made nobody's
        self.names = {name: str(next(stage.houses)) for name in ("house", "house2", "house3")}
        self.names["long"] = "слово " * 600
        place, number = next(stage.places), next(stage.plays)
        self.chats = {
            who: Chat(
                getattr(stage.sim, where).resident("Марія Кравець", key=f"{number}-{who}"),
                where,
                picture,
                place,
            )
            for who, where in (*((who, messenger) for who in ("R", "R2", "RW")), ("RO", OTHER[messenger]))
        }
        self.names["executor"] = WORKS_FOR[messenger]
        self._twice = False

    def here(self, line: Line) -> Line:
        return line.viber if self.messenger == "viber" and line.viber is not None else line

    async def take(self, line: Line) -> None:
        """Do or check what the line says; Failed where it isn't so."""
        here = self.here(line)
        try:
            await self._take(here, own=line.viber is not None)
        except (AssertionError, TimeoutError, LookupError) as error:
            chats = [text for who, chat in self.chats.items() for text in chat.tail(who)]
            failed = await Outbox.filter(state=OutboxState.FAILED).order_by("-id").first()
            chats += [f"not delivered: {failed.error}"] if failed else []
            told = f"{here.at} ({self.messenger}) {here.mark}: {here.text}\n{error!r}"
            raise Failed("\n".join([told, "", *chats])) from error

    async def _take(self, line: Line, *, own: bool) -> None:
        mark, text = line.mark, self.filled(line.text)
        if mark in RESIDENTS and line.did is not None:
            await self._resident(self.chats[mark], line.at, line.did, own=own)
        elif mark in STAFF:
            self._begin_all(line.at, own=own)
            await self._staff(text, officer=mark == "E")
        elif mark == "T":
            self._begin_all(line.at, own=own)
        elif mark == "X":
            await self._happens(text)
        elif mark.startswith("="):
            who = "R2" if mark == "=2" else "R"
            await check(text, await self.known(who), await self.account(self.chats[who]))
        else:
            chat = self.chats[mark.removesuffix("-").replace("B", "R").replace("K", "R")]
            heard = _never if mark.endswith("-") else _offered if mark.startswith("K") else _said
            seen = chat.seen
            await heard(chat, text)
            if own and chat.seen > seen:
                chat.apart.add(chat.seen - 1)
            self._note_codes(chat)

    async def _resident(self, chat: Chat, at: str, did: Did, *, own: bool) -> None:
        rows, last = await self._rows(chat), await self._replies(chat)
        chat.known = await self.account(chat) is not None
        chat.begin(at, own=own)
        chat.seen = len(chat.news)
        updates = await doings.do(chat, did.what, self.filled(did.argument), self.filled(did.words))
        await self._settled(chat, rows + updates)
        if self._twice:
            self._twice = False
            await chat.phone.settle(QUIET)
        chat.marks[-1].labels = chat.labels()
        replies = (await self._replies(chat))[len(last) :]
        assert len(replies) <= 1 or did.what in UNCOUNTED, f"{len(replies)} answers to one event: {replies}"
        await self.known("R")
        self._note_codes(chat)

    async def _settled(self, chat: Chat, rows: int) -> None:
        """Return when the bot has taken it and all its words have arrived."""
        async with asyncio.timeout(PATIENCE):
            while not await self._answered(chat, rows):  # noqa: ASYNC110 - a row has no event
                await asyncio.sleep(0.01)

    async def _answered(self, chat: Chat, rows: int) -> bool:
        mine = Inbox.filter(channel=chat.channel, sender=chat.phone.address)
        if chat.known and await self.account(chat) is None:
            return True  # forgotten, and every trace with them
        if await self._rows(chat) < rows or await mine.filter(state=InboxState.PENDING).exists():
            return False
        account = await self.account(chat)
        return not (
            account and await Outbox.filter(account_id=account.id, state=OutboxState.PENDING).exists()
        )

    async def _rows(self, chat: Chat) -> int:
        return await Inbox.filter(channel=chat.channel, sender=chat.phone.address).count()

    async def _replies(self, chat: Chat) -> list[str]:
        """The first lines of all that was said in answer to this phone; versions overtaken aside."""
        account = await self.account(chat)
        if account is None:
            return []
        rows = Outbox.filter(account_id=account.id, kind__in=REPLIES).exclude(state=OutboxState.DROPPED)
        return [row.body["lines"][0][0] for row in await rows.order_by("id")]

    def _begin_all(self, at: str, *, own: bool) -> None:
        for chat in self.chats.values():
            chat.begin(at, own=own)

    async def _staff(self, text: str, *, officer: bool) -> None:
        verb, _, words = text.partition(" ")
        found = re.match(r"^№(\d+) ?(.*)$", words)
        number, words = (int(found[1]), found[2]) if found else (0, words)
        appeals = await self.known("R")
        assert appeals, "there is no appeal"
        photo = self.picture if words.startswith("(photo)") else None
        words = words.removeprefix("(photo)").strip()
        await self.stage.act(appeals[number - 1], verb, words, officer=officer, photo=photo)

    async def _happens(self, what: str) -> None:
        chat = self.chats["R"]
        if what == "link":
            self.names["link"] = await self.stage.officer(self.names["executor"])
        elif what == "unlink":
            await self.stage.unlink(self.names["executor"])
        elif what == "twice":
            getattr(self.stage.sim, self.messenger).faults.duplicate(1)
            self._twice = True
        elif what in {"block", "unblock"}:
            rows = await self._rows(chat)
            await (chat.phone.block() if what == "block" else chat.phone.unblock())
            await self._settled(chat, rows + 1)

    def filled(self, text: str) -> str:
        """With the script's names in it; ⏎ begins another line."""
        for name, value in {**self.names, "⏎": "\n"}.items():
            text = text.replace(name if name == "⏎" else f"{{{name}}}", value)
        return text

    def _note_codes(self, chat: Chat) -> None:
        if codes := [code for bubble in chat.news[-2:] for code in CODE.findall(bubble.text)]:
            self.names["code"] = codes[-1]

    async def known(self, who: str) -> list[Appeal]:
        """The appeals of a resident, the oldest first."""
        account = await self.account(self.chats[who])
        found = await Appeal.filter(resident_id=account.resident_id if account else -1).order_by("id")
        if who != "R":
            return found
        self.appeals += [appeal.id for appeal in found if appeal.id not in self.appeals]
        appeals = await Appeal.filter(id__in=self.appeals).order_by("id")
        if appeals:
            self.names |= {"number": appeals[-1].number, "number1": appeals[0].number}
        return appeals

    async def account(self, chat: Chat) -> Account | None:
        return await Account.get_or_none(channel=chat.channel, external_id=chat.phone.address)


async def _said(chat: Chat, text: str) -> None:
    """The next message, or a later one, has all the parts."""
    if text == UNTOLD:
        return
    if text == NOTHING:
        await asyncio.sleep(QUIET)
        assert not chat.unseen, f"said all the same: {[each.text for each in chat.unseen]}"
        return
    wanted = text.split(" / ")
    async with asyncio.timeout(AT_ONCE if chat.marks[-1].labels is not None else PATIENCE):
        while (place := _first(chat.unseen, wanted)) is None:  # noqa: ASYNC110 - nor has a phone
            await asyncio.sleep(0.02)
    chat.seen += place + 1


def _first(bubbles: list[Bubble], wanted: list[str]) -> int | None:
    return next((at for at, each in enumerate(bubbles) if all(part in each.text for part in wanted)), None)


async def _never(chat: Chat, text: str) -> None:
    """Neither in the message that the line above was about, nor in what has come after it."""
    said = [bubble.text for bubble in chat.news[max(chat.seen - 1, 0) :]]
    bad = [part for part in text.split(" / ") if any(part in each for each in said)]
    assert not bad, f"said all the same: {bad}"


async def _offered(chat: Chat, text: str) -> None:
    missing = [label for label in text.split(" / ") if label not in chat.labels()]
    assert not missing, f"missing are {missing}; offered are {chat.labels()}"
