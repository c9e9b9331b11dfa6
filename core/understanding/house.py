"""What follows a street in an address: house with its letter, slash or block; entrance; flat; floor."""

import re
from dataclasses import dataclass

from core.understanding.words import Words, pattern

MOST_MARKS = 4  # entrance, flat, floor, block: no address has more after its house number
BARE_MARK = 3  # letters of "під", which after a number is a preposition

_NUMBER = re.compile(r"д?(\d{1,3})([а-яґ]?)")  # "д7" is how some write "дом 7"
_COUNT = re.compile(r"\d{1,4}")
_HOUSE = pattern("буд|будин.*|дім|хата|хати|дом|дома|дому|домі|доме|домом|д|номер|номера|ном|no|б")
_ON = pattern("на|по|в|у")
_NEAR = pattern("біля|возле|около|коло|навпроти|напротив|від|от|між|между")
_TO = pattern("до|по|та|і|и")
_ENTRANCE = pattern("підїзд.*|подїзд.*|подъезд.*|під|под|п|парадн.*")
_FLAT = pattern("кв|квартир.*|оф|офіс.*")
_FLOOR = pattern("поверх.*|этаж.*|эт|пов")
_BLOCK = pattern("корп|корпус.*|к")
_MARKS = (_ENTRANCE, _FLAT, _FLOOR, _BLOCK)
_ORDINAL_WORDS = tuple(
    pattern(f"({stems}).{{1,4}}")
    for stems in (
        "перш|перв",
        "друг|втор",
        "трет",
        "четверт",
        "пят",
        "шост|шест",
        "сьом|седьм",
        "восьм",
        "дев",
    )
)

# What a number counts when it is no house: "третій день", "14 годин", "2 метри".
_UNIT = pattern(
    "год.*|час.*|дн(і|я|ів|ей|ями|ям)?|ден.*|день|доб[аиу]|сут.*|тиж.*|недел.*|місяц.*|месяц.*|хв|хвил.*|мин|минут.*|"
    "рок.*|рік|год|лет|літ|раз.*|грн|гривен.*|гривн.*|тис.*|тыс.*|град.*|відсот.*|процент.*|людей|людин.*|чолов.*|"
    "человек.*|метр.*|м|см|км|кг|кубів|літр.*|ранк.*|утра|вечор.*|вечер.*|ноч.*|січн.*|лют.*|берез.*|квітн.*|"
    "травн.*|червн.*|липн.*|серпн.*|верес.*|жовтн.*|листопад.*|грудн.*|штук.*|шт|собак.*|дит.*|дет.*|дерев.*|"
    "ліхтар.*|фонар.*|ям.*|квартал.*|мкр|мікрор.*|микрор.*|маршрут.*|трамва.*|тролейб.*|троллейб.*|автобус.*|"
    "школ.*|сад.*|будинк(и|ів)|домов|балів|поверх.*|этаж.*|підїзд.*|подъезд.*"
)


@dataclass(frozen=True, slots=True)
class House:
    """Words [start, end) belong to it; `number` and `entrance` as the address would have them."""

    number: str | None
    entrance: str | None
    start: int
    end: int


def read_house(words: Words, at: int) -> House:
    """The house and what follows it, from the word `at` on; numbers that count something are left alone."""
    number, end = _number(words, at)
    if number is None:
        number, end = _near(words, at)
    entrance = None
    for _ in range(MOST_MARKS):
        mark, value, after = _mark(words, end)
        if mark is None:
            break
        if mark is _ENTRANCE:
            entrance = value
        if mark is _BLOCK and number:
            number = f"{number} корп. {value}"
        end = after
    return House(number, entrance, at, end)


def read_house_before(words: Words, at: int) -> House | None:
    """The house of "будинок 7 на Гуковського" or "біля 15 дому по Окружній", before the word `at`."""
    last = at - 1 if words.is_(_ON, at - 1) else at
    for start in (last - 2, last - 3):
        number, end = _number(words, start) if words.is_(_HOUSE, start) else (None, start)
        if number and end == last:
            return House(number, None, start, at)
    if words.is_(_HOUSE, last - 1) and words.beside(last - 1) and words.is_(_NUMBER, last - 2):
        return House(_written(words, last - 2), None, last - 2, at)
    return None


def _number(words: Words, at: int) -> tuple[str | None, int]:
    """The house number at a word and the word after it; None and the same word when there is none."""
    marked = words.is_(_HOUSE, at)
    first = at + marked
    found = _NUMBER.fullmatch(words.folded(first))
    apart = re.search(r"[!?;()]" if marked else r"[.!?;:()]", words.gap(first) or "")
    free = not marked and words.folded(first)[:1].isdecimal()
    if not found or apart or (free and _counts(words, first)):
        return None, at
    if words.is_(_HOUSE, first + 1) and words.is_(_NUMBER, first + 2):  # "Зарічний 5 буд 40"
        return _number(words, first + 1)
    number, end = _written(words, first), first + 1
    if not found[2] and _is_letter(words, end):
        number, end = number + _written(words, end), end + 1
    if (words.gap(end) or "").strip() in {"/", "\\"} and words.is_(_NUMBER, end):
        number, end = f"{number}/{_written(words, end)}", end + 1
    return number, _after_range(words, end)


def _near(words: Words, at: int) -> tuple[str | None, int]:
    """The house of "біля 7 будинку" or "від 10 до 48 будинку" (the first), and the word after all that."""
    if words.is_(_NEAR, at) and words.beside(at, " ,") and words.is_(_NUMBER, at + 1):
        end = _after_range(words, at + 2)
        if words.is_(_HOUSE, end) or end > at + 2:
            return _written(words, at + 1), end + words.is_(_HOUSE, end)
    return None, at


def _after_range(words: Words, at: int) -> int:
    """The word after "... до 48", "... та 8", when that goes on at a word."""
    other = words.is_(_TO, at) and words.is_(_NUMBER, at + 1) and words.beside(at) and words.beside(at + 1)
    return at + 2 if other and not _counts(words, at + 1) else at


def _counts(words: Words, at: int) -> bool:
    """Whether the number at a word counts, orders or times something instead of naming a house."""
    if words.is_ordinal(at):
        return True
    if words.gap(at + 1) in {":", "."} and words.is_number(at + 1):
        return True
    return words.beside(at + 1, " -") and words.is_(_UNIT, at + 1)


def _is_letter(words: Words, at: int) -> bool:
    """Whether a word is the letter of the house number before it, and not "в" or "а"."""
    if len(words.folded(at)) != 1 or not words.folded(at).isalpha():
        return False
    if (words.gap(at) or "").strip() in {"-", '"', "«", "'"}:
        return True
    return words.gap(at) == " " and (words.is_capital(at) or not words.beside(at + 1))


def _mark(words: Words, at: int) -> tuple[re.Pattern[str] | None, str, int]:
    """A mark such as "під'їзд 3", "3-й поверх" or "другий під'їзд": which, its number, the word after it."""
    for mark in _MARKS:
        if words.is_(mark, at) and words.is_(_COUNT, at + 1) and not _counts(words, at + 1):
            return mark, words.folded(at + 1), at + 2
    for mark in (_ENTRANCE, _FLAT, _FLOOR):
        if (
            words.is_(mark, at + 1)
            and len(words.folded(at + 1)) > BARE_MARK
            and (value := _ordinal(words, at))
        ):
            return mark, value, at + 2
    return None, "", at


def _ordinal(words: Words, at: int) -> str | None:
    """The number a word says: "3", "3-й" or "третій"."""
    if words.is_(_COUNT, at):
        return words.folded(at)
    found = (str(value) for value, word in enumerate(_ORDINAL_WORDS, start=1) if words.is_(word, at))
    return next(found, None)


def _written(words: Words, at: int) -> str:
    return words.written(at, at + 1).lower().removeprefix("д").removeprefix("d")
