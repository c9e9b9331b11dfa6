"""The words of one text with their surroundings: what the readers of addresses look at."""

import re
from dataclasses import replace

from core.understanding.normalise import Token, share_letters, tokens

SHORT, ENDING = 4, 2  # letters, at most, of the halves of an abbreviation with a hyphen: "мкр-н"

# Folded endings of numerals: "95-й", "95-го", "95му".
_ORDINALS = ("ого", "ому", "тои", "им", "ии", "го", "му", "та", "ту", "ти", "ои", "и", "м", "х")
_ORDINAL = re.compile(rf"(\d+)(?:{'|'.join(_ORDINALS)})")


def pattern(roots: str) -> re.Pattern[str]:
    """A regular expression in ordinary Ukrainian or Russian, for comparison with folded words."""
    return re.compile(share_letters(roots))


class Words:
    """A text and its tokens. A place outside the text is asked for as if an empty word stood there."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._tokens = _joined(text)

    def __len__(self) -> int:
        return len(self._tokens)

    def folded(self, at: int) -> str:
        return self._tokens[at].folded if 0 <= at < len(self) else ""

    def is_(self, wanted: re.Pattern[str], at: int) -> bool:
        """Whether the whole word is what the pattern wants."""
        return bool(wanted.fullmatch(self.folded(at)))

    def written(self, start: int, end: int) -> str:
        """The words [start, end) as they were written."""
        return self.text[self._tokens[start].start : self._tokens[end - 1].end] if start < end else ""

    def gap(self, at: int) -> str | None:
        """What stands between a word and the one before it; None at the edges of the text."""
        return self.text[self._tokens[at - 1].end : self._tokens[at].start] if 0 < at < len(self) else None

    def beside(self, at: int, between: str = " ") -> bool:
        """Whether nothing but these characters stands between a word and the one before it."""
        gap = self.gap(at)
        return gap is not None and not gap.strip(between)

    def is_number(self, at: int) -> bool:
        return self.folded(at).isdecimal()

    def is_ordinal(self, at: int) -> bool:
        """Whether a number is written with an ending: "95-й"."""
        return self.is_number(at) and not self.written(at, at + 1)[-1].isdecimal()

    def is_capital(self, at: int) -> bool:
        return 0 <= at < len(self) and self.text[self._tokens[at].start].isupper()


def _joined(text: str) -> tuple[Token, ...]:
    """The tokens of a text, with what a hyphen joins in addresses as one: "95-й" is 95, "пр-т" is прт."""
    joined: list[Token] = []
    for token in tokens(text):
        last = joined[-1] if joined else None
        if last and text[last.end : token.start] == "-" and _belong(last.folded, token.folded):
            folded = last.folded if last.folded.isdecimal() else last.folded + token.folded
            joined[-1] = Token(last.start, token.end, folded)
        else:
            joined.append(replace(token, folded=_ORDINAL.sub(r"\1", token.folded)))
    return tuple(joined)


def _belong(left: str, right: str) -> bool:
    if left.isdecimal():
        return right in _ORDINALS
    return left.isalpha() and right.isalpha() and len(left) <= SHORT and len(right) <= ENDING
