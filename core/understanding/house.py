"""What follows a street in an address: house with its letter, slash or block; entrance; flat; floor."""

import re
from dataclasses import dataclass

from core.understanding.words import Words, pattern

BEFORE_MOST = 7  # words of "буд. 31, під'їзд 3, кв 5" before a street
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
_SECTION = pattern("секці.*|секци.*|секц")
_MARKS = (_ENTRANCE, _FLAT, _FLOOR, _BLOCK, _SECTION)
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

# What a number counts or orders when it is no house: "14 годин", "2 метри", "228 автобус".
UNIT = pattern(
    "год(а|у|ів|ин|ини|ину|инн.*)?|час(а|ов|у|и|ів)?|дн(і|я|ів|ей|ями|ям)?|ден.*|день|доб[аиу]|сут.*|тиж.*|недел.*|"
    "місяц.*|месяц.*|хв|хвил.*|мин|минут.*|рок(и|ів|у)?|рік|лет|літ|раз(и|ів|а|у)?|грн|гривен.*|гривн.*|тис(яч.*)?|"
    "тыс(яч.*)?|град(ус.*)?|відсот.*|процент.*|людей|людин.*|чолов.*|человек.*|метр.*|м|см|км|кг|кубів|літр.*|"
    "ранку|утра|вечора|вечера|ночі|ночи|січн.*|лютого|березня|квітня|травня|червня|липня|серпня|вересня|жовтня|"
    "листопада|грудня|января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря|"
    "штук.*|шт|секунд.*|сек|століт.*|столет.*|квартал.*|мкр|мікрор.*|микрор.*|маршрут.*|трамва.*|тролейб.*|"
    "троллейб.*|автобус.*|школ.*|сад.*|будинк(и|ів)|домов|балів"
)
# Things that complaints are about are counted only in the form that fits the number: "3 ями", but "12 яма".
_FEW = pattern("собаки|дитини|ребенка|дерева|ліхтарі|фонаря|фонари|ями|ямы|люки|люка|машини|машины|коти|кота")
_MANY = pattern("собак|дітей|детей|дерев|деревьев|ліхтарів|фонарей|ям|люків|люков|машин|котів|котов")
_MOST_FEW = 4


@dataclass(frozen=True, slots=True)
class House:
    """Words [start, end) belong to it; `number` and `entrance` as the address would have them."""

    number: str | None
    entrance: str | None
    start: int
    end: int


def read_house(words: Words, at: int) -> House:
    """The house and what follows it, from the word `at` on; numbers that count something are left alone."""
    first = at + (words.is_(_ON, at) and words.is_(_HOUSE, at + 1))  # "на Просвіти в будинку 14"
    number, end = _number(words, first)
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
    """The house of "будинок 7 на Гуковського" or "біля 15 дому по Окружній", before the word `at`.

    With its marks as well: "дом 8 кв 15, переулок Ногина".
    """
    last = at - 1 if words.is_(_ON, at - 1) else at
    for start in range(max(0, last - BEFORE_MOST), last - 1):
        if words.is_(_HOUSE, start) and (house := read_house(words, start)).number and house.end == last:
            return House(house.number, house.entrance, start, at)
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
    if not found or apart or (free and counts(words, first)):
        return None, at
    other = first + 1 + words.is_(_ON, first + 1)
    if words.is_(_HOUSE, other) and words.is_(_NUMBER, other + 1):  # "Зарічний 5 буд 40"
        return _number(words, other)
    number, end = _written(words, first), first + 1
    if not found[2] and _is_letter(words, end):
        number, end = number + _written(words, end), end + 1
    if (words.gap(end) or "").strip() in {"/", "\\"} and words.is_(_NUMBER, end):
        number, end = f"{number}/{_written(words, end)}", end + 1
    elif words.gap(end) in {"-", "–"} and words.is_(_NUMBER, end):
        if counts(words, end):  # "12-14 годин"
            return None, at
        number, end = f"{number}-{_written(words, end)}", end + 1
    return number, _after_range(words, end)


def _near(words: Words, at: int) -> tuple[str | None, int]:
    """The house of "біля 7 будинку" or "від 10 до 48 будинку" (the first), and the word after all that."""
    if words.is_(_NEAR, at) and words.is_(_HOUSE, at + 1):  # "біля будинку 7"
        number, end = _number(words, at + 1)
        return (number, end) if number else (None, at)
    if words.is_(_NEAR, at) and words.beside(at, " ,") and words.is_(_NUMBER, at + 1):
        end = _after_range(words, at + 2)
        if words.is_(_HOUSE, end) or end > at + 2:
            return _written(words, at + 1), end + words.is_(_HOUSE, end)
    return None, at


def _after_range(words: Words, at: int) -> int:
    """The word after "... до 48", "... та 8", when that goes on at a word."""
    other = words.is_(_TO, at) and words.is_(_NUMBER, at + 1) and words.beside(at) and words.beside(at + 1)
    return at + 2 if other and not counts(words, at + 1) else at


def counts(words: Words, at: int, ahead: int = MOST_MARKS) -> bool:
    """Whether the number at a word counts, orders or times something instead of naming a house.

    What follows is looked at for `ahead` marks: no address has more, and a hostile text might have hundreds.
    """
    if words.is_ordinal(at):
        return True
    if words.gap(at + 1) in {":", "."} and words.is_number(at + 1):
        return True
    if not words.is_number(at) or not words.beside(at + 1, " -"):
        return False
    if any(words.is_(mark, at + 1) and len(words.folded(at + 1)) > BARE_MARK for mark in (_ENTRANCE, _FLOOR)):
        counted = ahead > 0 and counts(words, at + 2, ahead - 1)
        follows = words.is_(_COUNT, at + 2) and not counted  # "12 під'їзд 3" is a house
        return not follows and not _ordinal_word(words, at + 2)
    number = int(words.folded(at))
    few = 1 < number % 10 <= _MOST_FEW and number % 100 // 10 != 1
    return words.is_(UNIT, at + 1) or words.is_(_FEW if few else _MANY, at + 1)


def _is_letter(words: Words, at: int) -> bool:
    """Whether a word is the letter of the house number before it, and not "в" or "а"."""
    if len(words.folded(at)) != 1 or not words.folded(at).isalpha():
        return False
    if (words.gap(at) or "").strip() in {"-", '"', "«", "'"}:
        return True
    return words.gap(at) == " " and (words.is_capital(at) or not words.beside(at + 1, " -"))


def _mark(words: Words, at: int) -> tuple[re.Pattern[str] | None, str, int]:
    """A mark such as "під'їзд 3", "3-й поверх" or "другий під'їзд": which, its number, the word after it."""
    if words.is_(_ENTRANCE, at) and (value := _ordinal_word(words, at + 1)) and words.is_last(at + 1):
        return _ENTRANCE, value, at + 2
    for mark in _MARKS:
        told = mark is _FLAT or not counts(words, at + 1)  # "кв. 6 рік ніхто не живе"
        if words.is_(mark, at) and words.is_(_COUNT, at + 1) and told:
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
    return words.folded(at) if words.is_(_COUNT, at) else _ordinal_word(words, at)


def _ordinal_word(words: Words, at: int) -> str | None:
    found = (str(value) for value, word in enumerate(_ORDINAL_WORDS, start=1) if words.is_(word, at))
    return next(found, None)


def _written(words: Words, at: int) -> str:
    return words.written(at, at + 1).lower().removeprefix("д").removeprefix("d")
