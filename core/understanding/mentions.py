"""Where in a text streets are named; what each mention is worth is weighed in `place`.

Three ways lead to a street: its name stands in the text as the gazetteer knows it (declined, old,
colloquial); a word such as "вул." or a house number stands beside a name that is nearly known; or it stands
beside a name nobody knows, which is kept verbatim for a person to look at.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from core.understanding.gazetteer import LONGEST, Gazetteer, Match, stem
from core.understanding.house import read_house, read_house_before
from core.understanding.street_types import NUMBERED, StreetType, type_of
from core.understanding.words import Words, pattern

ABBREVIATED = 5  # letters, at most, of a type after which a full stop ends no sentence: "просп. Миру"
WINDOWS = (3, 2, 1)  # words of a name that is not quite known, most first

BEFORE = pattern(
    "на|по|біля|возле|около|коло|з|с|із|из|від|от|до|при|за|вздовж|ріг|рогу|угол|углу|перехресті"
)
NO_NAME = pattern(
    "біля|возле|около|коло|навпроти|напротив|поруч|рядом|між|между|після|после|перед|та|і|и|в|у|на|від|от|до|по|"
    "д|буд|будин.*|дом"
)
DISTRICT = pattern("район.*|рн|рні")
MONTH = pattern(
    "січня|лютого|березня|квітня|травня|червня|липня|серпня|вересня|жовтня|листопада|грудня|марта|мая"
)
CORNER = pattern("ріг|рогу|розі|угол|углу|перехрест.*|перекрест.*|перехр")
AND = pattern("і|и|та|з|с")
ON = pattern("на|по")
# What a name describes when it is no street: "Центральний ринок".
LANDMARK = pattern(
    "ринок|ринк.*|рынк.*|рынок|кладов.*|кладб.*|парк.*|лікарн.*|больниц.*|вокзал.*|стадіон.*|район.*|міськ.*"
)
# What has a number of its own: "Школа 35", "Автобус 228".
NUMBERED_THING = pattern(
    "школ.*|гімназі.*|ліце.*|лице.*|сад.*|днз|здо|кзш|лікарн.*|больниц.*|поліклін.*|полик.*|амбулатор.*|автобус.*|"
    "маршрут.*|трамва.*|тролейб.*|троллейб.*|магазин.*|аптек.*|кабінет.*|підїзд.*|подъезд.*|квартир.*|поверх.*|"
    "этаж.*|шаурм.*|пошт.*|відділен.*|рік|року|год.*|заявк.*|звернен.*|номер.*|буд.*|дом.*|лист.*|черг.*|групп?.*"
)
# Surnames in the genitive, as streets are named; the first are hardly ever another word.
SURNAME = pattern(".{3,}(ського|ского|цького|цкого|енка|енко)")
OWNER = pattern(".{3,}(ова|ева|єва|іна|ина|ського|ского|цького|цкого|енка|енко|ука|юка)")


@dataclass(frozen=True, slots=True)
class Mention:
    """Words [start, end) name a street, its type included; `matches` is empty for a name nobody knows.

    `prepared`: a preposition of place stands before it; `capital`: it is written with a capital letter.
    """

    start: int
    end: int
    name: str
    kind: StreetType | None
    matches: tuple[Match, ...]
    prepared: bool
    capital: bool


def told_district(words: Words, gazetteer: Gazetteer) -> str | None:
    """The district a text names: "Саксаганський район", "в Інгулецькому р-ні"."""
    for at in range(len(words) - 1):
        if words.is_(DISTRICT, at + 1) and (slug := gazetteer.district(stem(words.folded(at)))):
            return slug
    return None


class Finder:
    """The mentions in one text. Each word belongs to one mention at most; the surest claim comes first."""

    def __init__(self, words: Words, gazetteer: Gazetteer) -> None:
        self._words = words
        self._gazetteer = gazetteer
        self._stems = [stem(words.folded(at)) for at in range(len(words))]
        self._kinds = [type_of(words.folded(at)) for at in range(len(words))]
        self._taken = [False] * len(words)

    def mentions(self) -> Iterator[Mention]:
        ways = (
            self._known,
            self._slip_by_type,
            self._numbered,
            self._typed,
            self._slip_by_house,
            self._untyped,
        )
        for find in ways:
            for mention in find():
                self._taken[mention.start : mention.end] = [True] * (mention.end - mention.start)
                yield mention

    def _known(self) -> Iterator[Mention]:
        for width in range(LONGEST, 0, -1):
            for start in range(len(self._words) - width + 1):
                matches = self._gazetteer.exact(self._stems[start : start + width])
                if matches and self._is_name(start, start + width):
                    first = start if matches[0].likeness == 1 else self._wider(start)
                    mention = self._mention(first, start + width, matches)
                    described = self._words.beside(mention.end) and self._words.is_(LANDMARK, mention.end)
                    bare_number = self._words.is_number(start) and width == 1
                    if mention.kind or not (described or bare_number):
                        yield mention

    def _slip_by_type(self) -> Iterator[Mention]:
        for at, kind in enumerate(self._kinds):
            if kind:
                yield from self._slip([(at + 1, at + 1 + width) for width in WINDOWS])
                yield from self._slip([(at - width, at) for width in WINDOWS])

    def _slip_by_house(self) -> Iterator[Mention]:
        for at in range(len(self._words)):
            if self._is_house(at):
                yield from self._slip([(at - width, at) for width in WINDOWS])

    def _slip(self, windows: list[tuple[int, int]]) -> Iterator[Mention]:
        """The likeliest street among names that are nearly known."""
        found = [
            self._mention(start, end, matches)
            for start, end in windows
            if self._is_name(start, end)
            and not (
                self._is_name(end, end + 1) and self._words.is_capital(end)
            )  # "Ярослава" of "Ярослава Мудрого"
            and (matches := self._gazetteer.alike([self._words.folded(at) for at in range(start, end)]))
        ]
        if found:
            yield max(found, key=lambda mention: mention.matches[0].likeness)

    def _numbered(self) -> Iterator[Mention]:
        """A quarter or microdistrict nobody knows: "77 квартал"."""
        for at, kind in enumerate(self._kinds):
            for name in () if self._taken[at] else (at - 1, at + 1):
                if (
                    kind
                    and kind.slug in NUMBERED
                    and self._words.is_number(name)
                    and self._is_name(name, name + 1)
                ):
                    yield self._mention(name, name + 1, ())
                    break

    def _typed(self) -> Iterator[Mention]:
        """A name nobody knows beside a type: "вул. Квіткова, 5", "Квіткова вулиця"."""
        for at, kind in enumerate(self._kinds):
            if kind and not self._taken[at]:
                if name := self._name_after(at + 1):
                    yield self._mention(*name, ())
                elif self._words.is_capital(at - 1) and self._is_name(at - 1, at):
                    yield self._mention(at - 1, at, ())

    def _untyped(self) -> Iterator[Mention]:
        for at in range(len(self._words)):
            if self._is_name(at, at + 1) and not self._words.is_number(at) and self._is_told(at):
                yield self._mention(self._wider(at), at + 1, ())

    def _is_told(self, at: int) -> bool:
        """Whether a name nobody knows, without a type, must be a street: for its house, or as a corner."""
        if self._words.is_(NUMBERED_THING, at):
            return False
        named = self._words.is_capital(at) or self._words.is_(SURNAME, at) or self._wider(at) < at
        if self._is_house(at + 1) or read_house_before(self._words, at):
            return named
        at_corner = self._words.is_(CORNER, at - 1) or (
            self._words.is_(AND, at - 1) and at > 1 and self._taken[at - 2]
        )
        surname = self._words.is_(ON, at - 1) and self._words.is_(OWNER, at)
        return self._words.is_capital(at) and (at_corner or surname)

    def _wider(self, start: int) -> int:
        """Where a name begins whose later word stands at `start`: names of people are several words."""
        first = start
        while (
            start - first < max(WINDOWS)
            and self._is_name(first - 1, start)
            and self._words.is_capital(first - 1)
        ):
            first -= 1
        return first

    def _name_after(self, start: int) -> tuple[int, int] | None:
        """The words after a type that name the street: up to the house, or those with a capital letter."""
        if not self._kind_before(start):
            return None
        dated = self._words.is_number(start) and self._words.is_(MONTH, start + 1)  # "8 Березня"
        for end in range(start + 1 + dated, start + 1 + max(WINDOWS)):
            if not self._is_name(start, end) or (not dated and self._words.is_number(end - 1)):
                break
            if self._is_house(end) or (end == start + 1 and read_house_before(self._words, start - 1)):
                return start, end
        if self._is_name(start, start + 1) and self._words.is_capital(start):
            wide = self._is_name(start, start + 2) and self._words.is_capital(start + 1)
            return start, start + 1 + wide
        return None

    def _mention(self, start: int, end: int, matches: tuple[Match, ...]) -> Mention:
        """The name [start, end) with the type beside it; of the matches, those of this type if any."""
        first, last = start, end
        if kind := self._kind_before(start):
            first = start - 1
        elif self._words.beside(end, " -") and (kind := self._kinds[end]):
            last = end + 1
        fitting = tuple(match for match in matches if kind and match.street.type == kind.slug)
        return Mention(
            start=first,
            end=last,
            name=self._words.written(start, end),
            kind=kind,
            matches=fitting or matches,
            prepared=self._words.is_(BEFORE, first - 1) and self._words.beside(first),
            capital=self._words.is_capital(start),
        )

    def _kind_before(self, start: int) -> StreetType | None:
        short = start > 0 and len(self._words.folded(start - 1)) <= ABBREVIATED
        return self._kinds[start - 1] if self._words.beside(start, " ." if short else " ") else None

    def _is_name(self, start: int, end: int) -> bool:
        """Whether the words may be one name: free, none of them a type or a preposition, held together."""
        whole = 0 <= start < end <= len(self._words) and not any(self._taken[start:end])
        return (
            whole
            and not any(self._kinds[start:end])
            and not any(self._words.is_(NO_NAME, at) for at in range(start, end))
            and all(self._words.beside(at, ' .-«»"') for at in range(start + 1, end))
            and self._words.gap(start) != "-"
            and (self._words.gap(end) != "-" or self._words.is_number(end))
        )

    def _is_house(self, at: int) -> bool:
        return read_house(self._words, at).number is not None
