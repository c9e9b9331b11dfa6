"""Where in a text streets are named; what each mention is worth is weighed in `place`.

Three ways lead to a street: its name stands in the text as the gazetteer knows it (declined, old,
colloquial); a word such as "вул." or a house number stands beside a name that is nearly known; or it stands
beside a name nobody knows, which is kept verbatim for a person to look at.
"""

from collections.abc import Iterable, Iterator

from core.understanding.gazetteer import LONGEST, Gazetteer, Match, stem
from core.understanding.house import UNIT, House, read_house, read_house_before
from core.understanding.mention import Mention
from core.understanding.place_words import (
    AND,
    BEFORE,
    BESIDE,
    CORNER,
    FLAT,
    GENITIVE,
    LANDMARK,
    MONTH,
    NAME_ENDING,
    NO_NAME,
    NUMBERED_THING,
    ON,
    OWNER,
    POSSESSIVE,
    SURNAME,
    WATER,
    WITHIN,
    YEARS,
)
from core.understanding.street_types import AREAS, NUMBERED, StreetType, street_types, type_of
from core.understanding.words import Words

ABBREVIATED = 5  # letters, at most, of a type after which a full stop ends no sentence: "просп. Миру"
VOWELS = set("аеиоуюя")  # with which no abbreviation ends, but a word at the end of a sentence
INITIAL = 3  # letters, at most, of what a full stop shortens within a name: "ген. Радієвського"
WINDOWS = (3, 2, 1)  # words of a name that is not quite known, most first


class Finder:
    """The mentions in one text. Each word belongs to one mention at most; the surest claim comes first."""

    def __init__(self, words: Words, gazetteer: Gazetteer, taken: Iterable[int] = ()) -> None:
        self._words = words
        self._gazetteer = gazetteer
        self._stems = [stem(words.folded(at)) for at in range(len(words))]
        self._kinds = [type_of(words.folded(at)) for at in range(len(words))]
        self._houses: dict[int, House] = {}  # asked for again and again
        self._taken = [False] * len(words)
        self._meeting = any(words.is_(CORNER, at) for at in range(len(words)))  # "ріг Миру-Соборності"
        for at in taken:
            self._taken[at] = True
        for at in range(1, len(words)):
            if words.is_(FLAT, at) and self._begins_quarter(at - 1):
                self._kinds[at] = street_types()["quarter"]

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
                if matches and self._is_name(start, start + width) and self._is_free(start):
                    wider = self._wider(start)  # «вул. Льва Толстого», though there is a «площа Толстого»
                    whole = matches[0].likeness == 1 and not self._kind_before(wider)
                    first = start if whole else wider
                    mention = self._mention(first, start + width, matches)
                    described = self._words.beside(mention.end) and self._words.is_(LANDMARK, mention.end)
                    bare_number = self._words.is_number(start) and width == 1
                    if mention.kind or not (described or (bare_number and not self._is_called(start))):
                        yield mention

    def _is_free(self, start: int) -> bool:
        """Whether no word before a name makes it another's: "30-річчя Перемоги", "річка Інгулець"."""
        return not (self._words.is_(YEARS, start - 1) or self._words.is_(WATER, start - 1))

    def _begins_quarter(self, at: int) -> bool:
        """Whether the number of "44 кв 5" is a quarter's and not a house with a flat."""
        free = self._words.is_first(at) or self._words.is_(BEFORE, at - 1) or not self._words.beside(at)
        quarter = any(match.street.type == "quarter" for match in self._gazetteer.exact([self._stems[at]]))
        return free and quarter and self._words.is_number(at)

    def _is_called(self, at: int) -> bool:
        """Whether a quarter's number stands for its name: "на 95-му", "біля 95-ки"."""
        placed = self._words.is_(ON, at - 1) or self._words.is_(BESIDE, at - 1)
        counting = self._words.is_(UNIT, at + 1) or self._words.is_(NUMBERED_THING, at + 1)
        return self._words.is_ordinal(at) and placed and not counting

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
            mention
            for start, end in windows
            if self._is_name(start, end)
            and not (
                self._is_name(end, end + 1) and self._words.is_capital(end)
            )  # "Ярослава" of "Ярослава Мудрого"
            and (matches := self._gazetteer.alike([self._words.folded(at) for at in range(start, end)]))
            and (mention := self._mention(start, end, matches)).is_sound
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
                    and self._words.beside(max(name, at), " .-")
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
                elif self._is_capital_name(at - 1) and self._is_name(at - 1, at):
                    yield self._mention(at - 1, at, ())

    def _untyped(self) -> Iterator[Mention]:
        for at in range(len(self._words)):
            if self._is_name(at, at + 1) and not self._words.is_number(at) and self._is_told(at):
                yield self._mention(self._wider(at), at + 1, ())

    def _is_told(self, at: int) -> bool:
        """Whether a name nobody knows, without a type, must be a street: for its house, or as a corner."""
        if self._words.is_(NUMBERED_THING, at):
            return False
        named = self._is_capital_name(at) or self._words.is_(SURNAME, at) or self._wider(at) < at
        if self._is_house(at + 1):
            last = self._house_at(at + 1).end - 1
            return named or (self._words.is_(POSSESSIVE, at) and self._words.is_last(last))
        if read_house_before(self._words, at):
            return named
        at_corner = (self._words.is_(CORNER, at - 1) and self._words.beside(at)) or (
            self._words.is_(AND, at - 1) and at > 1 and self._taken[at - 2]
        )
        at_corner |= at > 0 and self._taken[at - 1] and (self._words.gap(at) or "").strip() == "/"
        surname = self._words.is_(ON, at - 1) and self._words.is_(OWNER, at)
        return self._words.is_capital(at) and (at_corner or surname)

    def _is_capital_name(self, at: int) -> bool:
        """Whether a capital letter makes a name: where a sentence begins, only with the ending of one."""
        told = not self._words.is_first(at) or self._words.is_(NAME_ENDING, at)
        return self._words.is_capital(at) and told

    def _wider(self, start: int) -> int:
        """Where a name begins whose later word stands at `start`: names of people are several words."""
        first = start
        while (
            start - first < max(WINDOWS)
            and self._is_name(first - 1, start)
            and self._is_joined(first)
            and self._words.is_capital(first - 1)
        ):
            first -= 1
        return first

    def _name_after(self, start: int) -> tuple[int, int] | None:
        """The words after a type that name the street: up to the house, or those with a capital letter."""
        if not self._kind_before(start):
            return None
        named_for = MONTH if self._words.is_(MONTH, start + 1) else YEARS  # "8 Березня", "30-річчя Перемоги"
        dated = self._words.is_number(start) and self._words.is_(named_for, start + 1)
        for end in range(start + 1 + dated, start + 1 + max(WINDOWS)):
            if not self._is_name(start, end) or (not dated and self._words.is_number(end - 1)):
                break
            if self._is_house(end) or (end == start + 1 and read_house_before(self._words, start - 1)):
                return start, end
        whole = start + (2 if named_for is MONTH else 3)
        if dated and self._is_name(start, whole) and self._words.is_capital(whole - 1):
            return start, whole
        if self._is_name(start, start + 1) and self._words.is_capital(start):
            wide = self._is_name(start, start + 2) and self._words.is_capital(start + 1)
            return start, start + 1 + wide
        return None

    def _mention(self, start: int, end: int, matches: tuple[Match, ...]) -> Mention:
        """The name [start, end) with the type beside it; of the matches, those of this type if any."""
        first, last = start, end
        if self._is_initial(start - 1):  # "вул В. Матусевича"
            first = start = start - 1
        if kind := self._kind_before(start):
            first = start - 1
        elif self._words.beside(end, " -") and (kind := self._kinds[end]):
            last = end + 1
        fitting = tuple(match for match in matches if kind and match.street.type == kind.slug)
        area = any(match.street.type in AREAS for match in fitting or matches)
        return Mention(
            start=first,
            end=last,
            name=self._words.written(start, end),
            kind=kind,
            matches=fitting or matches,
            prepared=self._is_prepared(first, area=area),
            capital=self._words.is_capital(start)
            and self._is_proper(first, start, end, known=bool(matches) and not area),
            alone=self._words.is_first(first) and self._words.is_last(last - 1),
        )

    def _is_prepared(self, first: int, *, area: bool) -> bool:
        before = self._words.is_(BEFORE, first - 1) or (area and self._words.is_(WITHIN, first - 1))
        return before and self._words.beside(first)

    def _is_proper(self, first: int, start: int, end: int, *, known: bool) -> bool:
        """Whether a capital letter speaks for a street: not for a sentence that begins, nor for a person."""
        if known and not self._gazetteer.is_spelt([self._words.folded(at) for at in range(start, end)]):
            return False
        if self._words.is_first(first):
            return self._words.is_(GENITIVE, end - 1)
        return not (self._words.is_capital(first - 1) and self._words.beside(first))

    def _kind_before(self, start: int) -> StreetType | None:
        word = self._words.folded(start - 1)
        short = word[-1:] not in VOWELS and len(word) <= ABBREVIATED
        return self._kinds[start - 1] if self._words.beside(start, " ." if short else " ") else None

    def _is_name(self, start: int, end: int) -> bool:
        """Whether the words may be one name: free, none of them a type or a preposition, held together."""
        whole = 0 <= start < end <= len(self._words) and not any(self._taken[start:end])
        return (
            whole
            and not any(self._kinds[start:end])
            and not any(self._words.is_(NO_NAME, at) and not self._is_initial(at) for at in range(start, end))
            and all(self._is_joined(at) for at in range(start + 1, end))
            and (self._meeting or self._words.gap(start) != "-")
            and (self._meeting or self._words.gap(end) != "-" or self._words.is_number(end))
        )

    def _is_initial(self, at: int) -> bool:
        """Whether a letter is short for a first name and not a preposition or a conjunction."""
        letter = len(self._words.folded(at)) == 1 and self._words.is_capital(at)
        return letter and self._words.is_capital(at + 1) and (self._words.gap(at + 1) or "").strip() == "."

    def _is_joined(self, at: int) -> bool:
        """Whether a word goes on the name before it; a full stop ends all but initials and "ім."."""
        short = len(self._words.folded(at - 1)) <= INITIAL
        return self._words.beside(at, ' .-«»"' if short else ' -«»"')

    def _house_at(self, at: int) -> House:
        if at not in self._houses:
            self._houses[at] = read_house(self._words, at)
        return self._houses[at]

    def _is_house(self, at: int) -> bool:
        return self._house_at(at).number is not None
