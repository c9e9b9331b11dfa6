"""Ukrainian in Latin letters: read as people type it, written as the state does."""

import re

# Spellings people use, longest first; what the tables of 1996 and 2010 and the phones' habits have in common.
_CYRILLIC = {
    "shch": "щ", "sch": "щ", "zgh": "зг", "zh": "ж", "kh": "х", "ch": "ч", "sh": "ш", "ts": "ц", "tz": "ц",
    "yu": "ю", "iu": "ю", "ju": "ю", "ya": "я", "ia": "я", "ja": "я", "ye": "є", "je": "є", "yi": "ї",
    "ji": "ї", "yo": "ё", "jo": "ё", "a": "а", "b": "б", "c": "ц", "d": "д", "e": "е", "f": "ф", "g": "г",
    "h": "г", "i": "і", "j": "й", "k": "к", "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "q": "к",
    "r": "р", "s": "с", "t": "т", "u": "у", "v": "в", "w": "в", "x": "х", "y": "и", "z": "з",
}  # fmt: skip
_SPELLING = re.compile("|".join(_CYRILLIC))
_FOUR = re.compile(r"(?<!\d)4(?=[a-z]{2})|(?<=[a-z]{2})4(?!\d)")

# The state's table: Cabinet of Ministers, resolution 55 of 27.01.2010. Some letters differ at the beginning.
_LATIN = dict(
    zip("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя'’", [
        "a", "b", "v", "h", "g", "d", "e", "ie", "zh", "z", "y", "i", "i", "i", "k", "l", "m", "n", "o", "p",
        "r", "s", "t", "u", "f", "kh", "ts", "ch", "sh", "shch", "", "iu", "ia", "", "",
    ], strict=True)
)  # fmt: skip
_AT_THE_BEGINNING = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
_WORD_BEGINS = re.compile(r"(?<![\w'’])[єїйюяЄЇЙЮЯ]")


def to_cyrillic(word: str) -> str:
    """A lower-case word in Latin letters as it would be in Cyrillic. "4omu" is "чому", "14a" a house."""
    word = _FOUR.sub("ch", word)
    return _SPELLING.sub(lambda spelling: _CYRILLIC[spelling[0]], word.replace("'", "ь"))


def to_latin(text: str) -> str:
    """A Ukrainian name in the state's transliteration: "Віталія Матусевича" is "Vitaliia Matusevycha"."""
    text = text.replace("зг", "zgh").replace("Зг", "Zgh")
    text = _WORD_BEGINS.sub(lambda letter: _cased(_AT_THE_BEGINNING[letter[0].lower()], letter[0]), text)
    return "".join(_cased(_LATIN.get(letter.lower(), letter), letter) for letter in text)


def _cased(latin: str, letter: str) -> str:
    return latin.capitalize() if letter.isupper() else latin
