"""Whether two plays of a script came to the same: words, buttons, what stands in the database."""

import json
import re
from itertools import zip_longest

from core.i18n import LANGUAGES, t
from tests.flows import facts
from tests.flows.doings import Chat, Mark
from tests.flows.playing import NOTHING, Player

# The way on that Viber gets as buttons where there are no others; Telegram has its own menu.
WAYS_ON = [tuple(t(f"button.{each}", language) for each in ("my", "help")) for language in LANGUAGES]
_VARIES = (
    (re.compile(r"\b\d\d-\d{6}\b"), "№"),
    (re.compile(r"\b\d{1,2}:\d\d\b"), "◷"),
    (re.compile(r"https?://\S+"), "↗"),
    (re.compile(r"поруч [^(\n]*"), "поруч … "),  # each messenger's play has a place of its own
)


async def compare(telegram: Player, viber: Player) -> None:
    """AssertionError that shows both where they differ."""
    for who in telegram.chats:
        told = _transcript(telegram, telegram.chats[who]), _transcript(viber, viber.chats[who])
        for ours, theirs in zip_longest(*told):
            assert ours == theirs, f"to {who}\n\ntelegram: {ours}\n\nviber:    {theirs}"
    ended = [await facts.outcome(player.appeals) for player in (telegram, viber)]
    plain = [
        _plain(json.dumps(end, ensure_ascii=False, indent=1, default=str), player)
        for end, player in zip(ended, (telegram, viber), strict=True)
    ]
    for ours, theirs in zip_longest(*(each.splitlines() for each in plain)):
        assert ours == theirs, f"in the database\n\ntelegram: {ours}\n\nviber:    {theirs}\n\n{plain[0]}"


def _transcript(player: Player, chat: Chat) -> list[tuple[str, str]]:
    """What the bot said and offered, each with the script's line it answers; without a messenger's own."""
    said = []
    for index, bubble in enumerate(chat.news):
        mark = _mark(chat, index)
        if mark is not None and not mark.own and index not in chat.apart and bubble.text:
            said.append((mark.at, _plain(bubble.text, player)))
    offered = [
        (f"{mark.at}: buttons", _plain(" / ".join(mark.labels), player))
        for mark in chat.marks
        if mark.labels and mark.labels not in WAYS_ON and not mark.own
    ]
    return said + offered


def _mark(chat: Chat, index: int) -> Mark | None:
    return next((mark for mark in reversed(chat.marks) if mark.first <= index), None)


def _plain(text: str, player: Player) -> str:
    """Without what must differ: houses, numbers, times, the messenger's own way to say it."""
    for name, value in player.names.items():
        if not name.startswith("number"):
            text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", f"{{{name}}}", text)
    for pattern, instead in _VARIES:
        text = pattern.sub(instead, text)
    here = 0 if player.messenger == "telegram" else 1
    for pair in player.script.same:
        if pair[here] != NOTHING:
            text = text.replace(pair[here].replace("⏎", "\n"), "" if NOTHING in pair else f"⟨{pair[0]}⟩")
    return text
