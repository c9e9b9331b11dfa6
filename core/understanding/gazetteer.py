"""The streets and landmarks of a city, by the names people give them: declined, misspelt, old, Russian."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from core.pack import DistrictSpec, LandmarkSpec, StreetSpec
from core.understanding.place_words import DISTRICT
from core.understanding.words import Words, pattern

LONGEST = 4  # words of a name that are compared
PART = 0.8  # likeness of the last word of a name to the whole: "Матусевича" for "Віталія Матусевича"
PART_LETTERS = 5  # of a last word, more than which may stand for the whole
ALIKE = 0.82  # likeness of two names from which on one is taken for a slip of the other
CITY_ALIKE = 0.75  # likeness of the city's name in one language to the other: "Кривой Рог"
NEAREST = 4  # names, by common pieces, that are compared in full
COMMON = 1 / 3  # of a name's pieces that the other must have
SLIP_LETTERS = 5  # of a name below which a slip makes another name

# Endings of nouns and adjectives in both languages, in folded letters, longest first.
_ENDING = re.compile(
    r"(?<=\w{3})"
    r"(?:ого|его|ому|ему|ими|ами|ями|ою|ею|ую|юю|ая|яя|ое|ее|ои|еи|ии|ие|их|им|ом|ем|ам|ах|ях|[аяоеуюи])$"
)
_COMMON = pattern(
    "україни|украины|перемоги|победы|квітів|маріуполя|мариуполя"
)  # which end a name and say too little alone
_TOWN = pattern("м|місто|г|город")
_SOFTENED = re.compile(r"(?<=\w{3})(?:ец|ц)$")  # "Інгулець" and "Інгульці", "Карнаватка" and "Карнаватці"


@dataclass(frozen=True, slots=True)
class Match:
    """A street and how alike its name and the words are: 1 for the whole name, less for a part or a slip."""

    street: StreetSpec
    likeness: float


class Gazetteer:
    """Streets, districts and landmarks by the stems of their names. Immutable; threads may share it."""

    def __init__(
        self,
        streets: Sequence[StreetSpec],
        districts: Sequence[DistrictSpec] = (),
        landmarks: Sequence[LandmarkSpec] = (),
        city: str = "",
    ) -> None:
        self._names: dict[str, dict[StreetSpec, float]] = defaultdict(dict)
        self._spelt: dict[str, str] = {}
        for street in streets:
            for name in (street.name, *street.old_names, *street.also):
                words = _folded(name)
                self._add(words, street, 1.0)
                if len(words) > 2:  # noqa: PLR2004 - "Гетьмана Мазепи" for "Гетьмана Івана Мазепи"
                    self._add([words[0], words[-1]], street, PART)
                if len(words) > 1 and (words[0][0] + words[-1]).isalpha():  # "І. Сірка" for "Івана Сірка"
                    self._add([words[0][0], words[-1]], street, PART)
                if len(words) > 1 and _stands_alone(words[-1]) and street.type != "settlement":
                    self._add(words[-1:], street, PART)
        self._city = _folded(city)
        self._pieces: dict[str, list[str]] = defaultdict(list)
        for name in self._spelt:
            for piece in _pieces(name):
                self._pieces[piece].append(name)
        self._districts = {
            stem(_folded(name)[0]): district.slug
            for district in districts
            for name in (district.uk, *district.old_names)
        }

        self._landmarks = {
            " ".join(map(stem, _folded(name))): landmark
            for landmark in landmarks
            for name in (landmark.name, *landmark.also)
        }

    def _add(self, words: Sequence[str], street: StreetSpec, likeness: float) -> None:
        key = " ".join(map(stem, words))
        self._spelt[" ".join(words)] = key
        self._names[key].setdefault(street, likeness)

    def exact(self, stems: Sequence[str]) -> tuple[Match, ...]:
        """The streets these words name, whole names first."""
        found = self._names.get(" ".join(stems), {})
        return tuple(Match(street, found[street]) for street in sorted(found, key=lambda s: -found[s]))

    def alike(self, words: Sequence[str]) -> tuple[Match, ...]:
        """The streets these folded words may name if a slip or two were made."""
        name = " ".join(words)
        if len(name) < SLIP_LETTERS or any(char.isdecimal() for char in name):
            return ()
        pieces = list(_pieces(name))
        shared = Counter(other for piece in pieces for other in self._pieces.get(piece, ()))
        likely = [
            other
            for other, common in shared.most_common(NEAREST)
            if common >= len(pieces) * COMMON and len(other) >= SLIP_LETTERS
        ]
        likeness, best = max(
            ((SequenceMatcher(None, name, it).ratio(), it) for it in likely), default=(0.0, "")
        )
        if likeness < ALIKE:
            return ()
        found = self._names[self._spelt[best]]
        return tuple(Match(street, part * likeness) for street, part in found.items())

    def is_spelt(self, words: Sequence[str]) -> bool:
        """Whether a street is called exactly so, ending included, as persons of that name are not."""
        return " ".join(words) in self._spelt

    def landmark(self, stems: Sequence[str]) -> LandmarkSpec | None:
        return self._landmarks.get(" ".join(stems))

    def city_before(self, words: Words, at: int) -> int:
        """How many words before the word `at` name the city, in either language: "м. Кривий Ріг, "."""
        start = at - len(self._city)
        if start < 0 or not self._city or not words.is_capital(start) or not words.beside(at, " ,."):
            return 0
        written = " ".join(words.folded(each) for each in range(start, at))
        if SequenceMatcher(None, written, " ".join(self._city)).ratio() < CITY_ALIKE:
            return 0
        return at - start + (words.is_(_TOWN, start - 1) and words.beside(start, " ."))

    def district_named(self, text: str) -> str | None:
        """The district that the answer to «which district?» names, with or without the word."""
        return next((slug for word in _folded(text) if (slug := self._districts.get(stem(word)))), None)

    def told_district(self, words: Words) -> str | None:
        """The district a text names: "Саксаганський район", "в Інгулецькому р-ні"."""
        for at in range(len(words) - 1):
            if words.is_(DISTRICT, at + 1) and (slug := self._districts.get(stem(words.folded(at)))):
                return slug
        return None


def stem(folded: str) -> str:
    """A folded word without its ending; digits and short words stay whole. "95-й" is 95."""
    return folded if len(folded) < SLIP_LETTERS - 1 else _SOFTENED.sub("к", _ENDING.sub("", folded))


def _stands_alone(word: str) -> bool:
    return len(word) > PART_LETTERS and not _COMMON.fullmatch(word)


def _folded(name: str) -> list[str]:
    words = Words(name)
    return [words.folded(at) for at in range(len(words))]


def _pieces(name: str) -> Iterator[str]:
    padded = f" {name} "
    return (padded[at : at + 3] for at in range(len(padded) - 2))
