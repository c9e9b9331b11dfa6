"""Text as people type it, brought to a form in which likeness can be seen.

`normalise` keeps what was said and drops what was not (invisible characters, variants of the apostrophe,
drawn-out letters). `fold` goes further, for matching only: Ukrainian, Russian, surzhyk and Latin
transliteration of one word fall together or close to it ("під'їзд", "подъезд", "pidizd").
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from core.understanding.transliteration import to_cyrillic

MAX_CHARACTERS = 1500  # of a text that are looked at; what matters stands at the beginning

APOSTROPHES = "'’ʼ‘`´′＇ʹ"
INVISIBLE = {"Cc", "Cf", "Cn", "Co", "Cs"}  # control, format (zero width, direction), nothing at all

# Cyrillic letters that differ between the two languages where the word does not.
_FOLDED = str.maketrans(
    {"і": "и", "ї": "и", "ы": "и", "й": "и", "є": "е", "ё": "е", "э": "е", "ґ": "г", "ў": "у"}
    | dict.fromkeys("ьъ'", "")
)

# Latin letters that look like Cyrillic ones and get in when the keyboard is switched too late.
LOOKALIKE = str.maketrans("aceiopxytkmhb", "асеіорхуткмнв")

_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_SPACE = re.compile(r"\s+")
_TOKEN = re.compile(rf"\w[\w{APOSTROPHES}\u00ad\u0301\u200b-\u200f\u2060\ufeff]*")
_LATIN_WORD = re.compile(r"(?=[0-9]*[a-z])[a-z0-9']+")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_MIXED = re.compile(r"(?=\w*[a-z])(?=\w*[\u0400-\u04ff])\w+")
_APOSTROPHE = re.compile(f"[{APOSTROPHES}]")


@dataclass(frozen=True, slots=True)
class Token:
    """text[start:end], folded."""

    start: int
    end: int
    folded: str


def visible(text: str) -> str:
    """The text without invisible characters, which people never mean; line breaks become spaces."""
    text = unicodedata.normalize("NFC", text)
    if text.isprintable():  # nearly every text: nothing of what follows is in it
        return text
    kept = (" " if char in "\n\r\t\x0b\x0c\x85" else char for char in text)
    return "".join(char for char in kept if unicodedata.category(char) not in INVISIBLE)


def normalise(text: str) -> str:
    """Lower case, one apostrophe, single spaces, letters drawn out for emphasis once."""
    text = _APOSTROPHE.sub("'", visible(text[:MAX_CHARACTERS]).casefold())
    return _SPACE.sub(" ", _DRAWN_OUT.sub(r"\1", text)).strip()


def fold(text: str) -> str:
    """The form used for matching: normalised, in Cyrillic, letters shared by Ukrainian and Russian.

    Words in Latin letters are taken for transliteration only where no word is Cyrillic: "wi-fi" within a
    Ukrainian sentence stays.
    """
    text = normalise(text)
    if is_transliterated(text):
        text = _LATIN_WORD.sub(lambda word: to_cyrillic(word[0]), text)
    elif not text.isascii():
        text = _MIXED.sub(lambda word: word[0].translate(LOOKALIKE), text)
    return share_letters(text)


def tokens(text: str) -> tuple[Token, ...]:
    """The words and numbers of a text, folded, with their places in the text as it was written."""
    latin = is_transliterated(text)
    found = (Token(m.start(), m.end(), fold_word(m[0], latin=latin)) for m in _TOKEN.finditer(text))
    return tuple(token for token in found if token.folded)


@lru_cache(maxsize=10_000)  # a few thousand words make nearly all of what people write
def fold_word(word: str, *, latin: bool = False) -> str:
    """One word in the form `fold` gives it; `latin` for a word of a transliterated text."""
    word = normalise(word)
    if latin:
        word = to_cyrillic(word)
    elif not word.isascii():
        word = _MIXED.sub(lambda part: part[0].translate(LOOKALIKE), word)
    return share_letters(word)


def share_letters(text: str) -> str:
    """The last step of `fold` alone: letters that Ukrainian and Russian share (for patterns, too)."""
    return text.translate(_FOLDED)


def is_transliterated(text: str) -> bool:
    """Whether the text is in Latin letters throughout (a stray Cyrillic letter within a word aside)."""
    latin = sum("a" <= char <= "z" for char in text.casefold())
    return latin > 0 and latin > 4 * len(_CYRILLIC.findall(text))
