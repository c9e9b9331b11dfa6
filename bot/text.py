"""What residents type, made safe to keep and to show; limits of what is taken."""

import re
import unicodedata

from core.models import Channel

LONGEST = 3500  # characters of a draft; with the card's other lines it fits a Telegram message
LETTER = {Channel.TELEGRAM: 4096, Channel.VIBER: 7000}  # characters that one message takes
NAME = 200  # characters of the name of a file
_KEEP = "\n\t\u200d"  # the joiner belongs to emoji
_GAP = re.compile(r"\s{3,}")


def clean(text: str) -> str:
    """Without control characters, NUL, and marks that turn the direction of what comes after.

    Of a long gap a line break or an empty line is left: patterns may take a long time over a page of blanks.
    """
    kept = (
        char
        for char in text
        if char in _KEEP or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    return _GAP.sub(lambda gap: "\n" * min(gap[0].count("\n"), 2) or " ", "".join(kept)).strip()


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, cut at a word where one is near, with an ellipsis."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    space = cut.rfind(" ", max(0, limit - 40))
    return (cut[:space] if space > 0 else cut).rstrip() + "…"


def file_name(name: str) -> str:
    """What a sender's device calls a file, without folders, on one line."""
    return " ".join(clean(name).replace("\\", "/").rpartition("/")[2].split())[:NAME]
