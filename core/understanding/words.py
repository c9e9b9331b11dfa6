"""The words of one text with their surroundings: what the readers of addresses look at."""

import re
from dataclasses import replace

from core.understanding.normalise import Token, share_letters, tokens

SHORT, ENDING = 4, 2  # letters, at most, of the halves of an abbreviation with a hyphen: "мкр-н"

# Folded endings of numerals: "95-й", "95-го", "95му", and of what a quarter is called: "95-ка".
_ORDINALS = (
    "ого", "ому", "тои", "кою", "им", "ии", "го", "му", "та", "ту", "ти", "ка", "ки", "ку", "ке", "ци", "ои",
    "и", "м", "х",
)  # fmt: skip
_GLUED = re.compile(r"([^\W\d]{2,})(\d{1,3}[^\W\d]?)")
_NUMBER = re.compile(r"\d")
_SENTENCE = re.compile(r"[.!?…]\s|\n|[!?]$")
_ORDINAL = re.compile(rf"(\d+)(?:{'|'.join(_ORDINALS)})")


def pattern(roots: str) -> re.Pattern[str]:
    """A regular expression in ordinary Ukrainian or Russian, for comparison with folded words."""
    return re.compile(share_letters(roots))


class Words:
    """A text and its tokens. A place outside the text is asked for as if an empty word stood there."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._tokens = _joined(text)
        self._folded = tuple(token.folded for token in self._tokens)  # read a thousand times a text

    def __len__(self) -> int:
        return len(self._tokens)

    def folded(self, at: int) -> str:
        return self._folded[at] if 0 <= at < len(self._folded) else ""

    def is_(self, wanted: re.Pattern[str], at: int) -> bool:
        """Whether the whole word is what the pattern wants."""
        return 0 <= at < len(self._folded) and wanted.fullmatch(self._folded[at]) is not None

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

    def is_first(self, at: int) -> bool:
        """Whether a sentence or a line begins here, where a capital letter says nothing."""
        gap = self.gap(at)
        return at == 0 or (gap is not None and bool(_SENTENCE.search(gap)))

    def is_last(self, at: int) -> bool:
        """Whether punctuation or the end of the text follows."""
        gap = self.gap(at + 1)
        return at == len(self) - 1 or (gap is not None and bool(gap.strip(" -\"'»")))


def _joined(text: str) -> tuple[Token, ...]:
    """The tokens of a text, with what a hyphen joins in addresses as one: "95-й" is 95, "пр-т" is прт."""
    joined: list[Token] = []
    for token in (part for whole in tokens(text) for part in _parted(text, whole)):
        last = joined[-1] if joined else None
        if last and text[last.end : token.start] == "-" and _belong(last.folded, token.folded):
            folded = last.folded if last.folded.isdecimal() else last.folded + token.folded
            joined[-1] = Token(last.start, token.end, folded)
        else:
            joined.append(replace(token, folded=_ORDINAL.sub(r"\1", token.folded)))
    return tuple(joined)


def _parted(text: str, token: Token) -> tuple[Token, ...]:
    """A word and the number written on to it as two: "Соборності12", "кв15"."""
    glued = _GLUED.fullmatch(token.folded)
    number = _NUMBER.search(text, token.start, token.end)
    if glued is None or number is None:
        return (token,)
    middle = number.start()
    return Token(token.start, middle, glued[1]), Token(middle, token.end, glued[2])


def _belong(left: str, right: str) -> bool:
    if left.isdecimal():
        return right in _ORDINALS
    return left.isalpha() and right.isalpha() and len(left) <= SHORT and len(right) <= ENDING
