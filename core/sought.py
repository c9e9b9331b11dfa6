"""What somebody typed into the search, read: a number, a telephone, or words in any form. Pure."""

import re
from dataclasses import dataclass
from functools import cached_property

from core import phones
from core.errors import Invalid
from core.understanding.gazetteer import stem
from core.understanding.normalise import share_letters

WORDS = 10  # that are looked for
LITTLE = 2  # letters of what says nothing beside longer words: «на», «і»
NEAR = 4  # of an excerpt that part stands before what was found
YEARS = 3  # a number without its year is looked for in this one and those before
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"^\s*(?:№|#|no\.?)?\s*(\d{2})\s*[-–—]\s*(\d{1,7})\s*$", re.IGNORECASE)
_DIGITS = re.compile(r"^\s*(?:№|#)?\s*(\d{1,7})\s*$")
_NAME_WORDS, _NAME_LETTERS = 3, 3

# Words whose root is too short to look for its beginning, such as «яма»: their forms are told one by one.
_SHORT = re.compile(r"([^\W\d_]{2})(?:[аиіуюя]|ою|ею|ам|ах|ами|ями)")
_SHORT_ENDINGS = ("", "а", "и", "і", "у", "ою", "ам", "ах", "ами")
# «ліхтарів» is of «ліхтар», «двору» of «двір», «ніч» finds «ночі»: what the common stem leaves apart.
_MORE_ENDINGS = re.compile(r"(?<=\w{4})(?:ив|ям|ях)$")
_CLOSED = re.compile(r"і(?=[^\Wаеєиіїоуюяь\d_]{1,2}$)")
_OPEN = re.compile(r"(?<=\w\w)о(?=[^\Wаеєиіїоуюяь\d_]{1,2}$)")
_SOFT = {"з": "г", "ц": "к", "с": "х"}  # «дорозі» is of «дорога»
_HARD = {hard: soft for soft, hard in _SOFT.items()}


@dataclass(frozen=True)
class Sought:
    """`words`: for each one that was typed the forms any of which will do; a * ends those that only begin so.

    `numbers`: of appeals; `alone` where it can be nothing else. `phone` and `name`: of a resident.
    """

    words: tuple[tuple[str, ...], ...]
    numbers: tuple[str, ...] = ()
    alone: bool = False
    phone: str | None = None
    name: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """Finds the words in a text, whole."""
        forms = {form for word in self.words for form in word}
        found = "|".join(
            re.escape(form.rstrip("*")) + ("[^\\W_]*" if form.endswith("*") else "")
            for form in sorted(forms, key=len, reverse=True)
        )
        return re.compile(rf"(?<![^\W_])(?:{found})(?![^\W_])", re.IGNORECASE) if found else None


def read(typed: str, *, year: int) -> Sought:
    """`year`: the present one; whose numbers are meant where only the last digits are given."""
    if number := number_in(typed):
        return Sought((), (number,), alone=True)
    words = _WORD.findall(typed.casefold())
    words = ([word for word in words if len(word) > LITTLE or word.isdecimal()] or words)[:WORDS]
    numbers: tuple[str, ...] = ()
    if digits := _DIGITS.match(typed):
        numbers = tuple(f"{(year - back) % 100:02d}-{int(digits[1]):06d}" for back in range(YEARS))
    named = len(words) <= _NAME_WORDS and all(len(word) >= _NAME_LETTERS and word.isalpha() for word in words)
    return Sought(
        words=tuple(forms(word) for word in words),
        numbers=numbers,
        phone=None if numbers else _phone(typed),
        name=named and bool(words),
    )


def number_in(typed: str) -> str | None:
    """The registration number that somebody typed, such as "№ 26-1234"; None where it is none."""
    found = _NUMBER.match(typed)
    return f"{found[1]}-{int(found[2]):06d}" if found else None


def forms(word: str) -> tuple[str, ...]:
    """What to look for so that «труба» finds «трубою»: the beginning that all forms of a word share."""
    if short := _SHORT.fullmatch(word):
        return (f"{word}*", *(short[1] + ending for ending in _SHORT_ENDINGS))
    folded = share_letters(word)
    stemmed = _MORE_ENDINGS.sub("", stem(folded))
    unlike = (at for at, (one, other) in enumerate(zip(stemmed, folded, strict=False)) if one != other)
    kept = next(unlike, len(stemmed))
    begins = next((word[:at] for at in range(len(word)) if len(share_letters(word[:at])) >= kept), word)
    others = {_CLOSED.sub("о", begins), _OPEN.sub("і", begins)} - {begins}
    if word.endswith("і") and begins[-1] in _SOFT:
        others.add(begins[:-1] + _SOFT[begins[-1]])
    softened = [begins[:-1] + _HARD[begins[-1]] + "і"] if begins[-1] in _HARD else []
    return (*(f"{one}*" for one in (begins, *sorted(others))), *softened)


def pieces(text: str, sought: Sought | None, length: int) -> list[tuple[str, bool]]:
    """About `length` characters of a text around the first word that was found, and which of it are such."""
    pattern = sought.pattern if sought else None
    first = pattern.search(text) if pattern else None
    if pattern is None or first is None:
        return [(text[:length], False)]
    near = first.start() - length // NEAR
    start = text.rfind(" ", 0, near) + 1 if first.end() > length // 2 and near > 0 else 0
    shown = ("…" if start else "") + text[start : start + length]
    found, at = [], 0
    for match in pattern.finditer(shown):
        found += [(shown[at : match.start()], False), (match[0], True)]
        at = match.end()
    return [(piece, marked) for piece, marked in (*found, (shown[at:], False)) if piece]


def _phone(typed: str) -> str | None:
    try:
        return phones.normalised(typed)
    except Invalid:
        return None
