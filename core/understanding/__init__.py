"""What a resident's words and coordinates say: what they want of us, the category, the danger, the place.

Everything is loaded once and never changed after, so one `Understander` serves all threads.
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core.pack import Pack, StreetSpec
from core.understanding.answers import AnswerMatch, Answers
from core.understanding.area import Area
from core.understanding.category import CategoryModel, Guess, load_model
from core.understanding.examples import read_examples
from core.understanding.gazetteer import Gazetteer
from core.understanding.nearest import StreetMap
from core.understanding.normalise import MAX_CHARACTERS
from core.understanding.place import PlaceCandidate, parse_address
from core.understanding.problems import Problem, problems_of
from core.understanding.speech import Speech, is_addition, said, speech_of, statutory_of
from core.understanding.terse import Terse
from core.understanding.urgency import Urgency, heard
from core.workflow import Kind

__all__ = [
    "AnswerMatch",
    "Guess",
    "PlaceCandidate",
    "Problem",
    "Speech",
    "Understander",
    "Understanding",
    "Urgency",
    "is_addition",
    "speech_of",
    "statutory_of",
]


LATELY = 8  # texts that are remembered, as many as may be in the same turns
TERSE_WORDS = (
    2  # «тече вода»: from the main, in the house, from a sewer? So few words say less than they score
)
TERSE_SCORE = 0.9
# How much a text must sound like danger (see `CategoryModel.read`) for an alarm, and what adds to that: words
# that the table calls a danger, and each sign against one. Recall comes first.
ALARM, TRUST, CALM = 0.0, 0.3, 0.1


@dataclass(frozen=True, slots=True)
class Understanding:
    """What was seen in a text.

    `categories`: the best three, best first; none for a blank text. `confident`: whether the first may be
    taken without asking. `urgency`: danger heard in the text; a category that is urgent in the catalogue is
    another reason, left to the caller. `places`: up to three readings of the address, best first.
    `speech`: what the text is at all; `statutory`: which kind by the law, of a STATUTORY one.
    """

    categories: tuple[Guess, ...]
    confident: bool
    urgency: Urgency
    places: tuple[PlaceCandidate, ...]
    model_version: str
    speech: Speech = Speech.REPORT
    statutory: Kind | None = None


class Understander:
    """A city pack and a category model, ready to read."""

    def __init__(self, pack: Pack, model: CategoryModel) -> None:
        self._model = model
        self._answers = Answers(pack.answers, model)
        self._terse = Terse(read_examples(categories=pack.categories))
        self._kinds = {category.slug: category.executor_kind for category in pack.categories}
        self._area = Area(pack.districts)
        self._streets = StreetMap(pack.street_lines)
        self._gazetteer = Gazetteer(pack.streets, pack.districts, pack.landmarks, pack.uk)
        self._read_lately = lru_cache(LATELY)(self._read)

    @classmethod
    def load(cls, pack: Pack, cache_dir: Path) -> "Understander":
        """Read the model from `cache_dir`; where it is not there, train it first, for some seconds."""
        return cls(pack, load_model(cache_dir, pack.categories))

    def read_by(self, model: CategoryModel) -> "Understander":
        """The same with another model; what is known of places is shared."""
        other = copy(self)
        other._model = model  # noqa: SLF001 - a copy of ours
        other._answers = self._answers.read_by(model)  # noqa: SLF001
        other._read_lately = lru_cache(LATELY)(other._read)  # noqa: SLF001
        return other

    @property
    def model_version(self) -> str:
        return self._model.version

    @property
    def slugs(self) -> tuple[str, ...]:
        """The categories that can be guessed."""
        return self._model.slugs

    def understand(self, text: str) -> Understanding:
        """What is seen in a text; a turn of a conversation asks that of the same one several times."""
        return self._read_lately(text)

    def _read(self, text: str) -> Understanding:
        guesses, leaning = self._model.read(text)
        confident = bool(guesses) and guesses[0].score >= self.needed(text)
        if confident and (open_to := self._terse.readings(text, guesses)):
            guesses, confident = open_to, False
        speech, statutory = said(text)
        urgency = self._urgency(text, leaning)
        if urgency.urgent and speech is not Speech.STATUTORY:
            speech = Speech.REPORT  # danger is reported, in whatever form
        return Understanding(
            categories=guesses,
            confident=confident,
            urgency=urgency,
            places=parse_address(text, self._gazetteer),
            model_version=self._model.version,
            speech=speech,
            statutory=statutory,
        )

    def answers(self, text: str) -> tuple[AnswerMatch, ...]:
        """The typical answers good enough to be given to a question, best first; none: ask an operator."""
        return self._answers.matches(text)

    def problems(self, text: str) -> tuple[Problem, ...]:
        """The problems of a text that plainly tells of several, in order; none where it tells of one."""
        return problems_of(text, self._model, self._kinds, self._gazetteer)

    def _urgency(self, text: str, leaning: float) -> Urgency:
        """What the words tell, unless the rest sounds calm; or what sounds like danger in any words."""
        told, signs = heard(text)
        if leaning + TRUST * told.urgent + CALM * min(signs, 0) <= ALARM:
            return Urgency(urgent=False)
        words = told.words or self._model.alarming(text)
        return Urgency(bool(words), words, told.number)

    def needed(self, text: str) -> float:
        """The score from which on the first guess is taken without asking."""
        terse = len(text.split()) <= TERSE_WORDS
        return max(self._model.confident, TERSE_SCORE) if terse else self._model.confident

    def deciding(self, text: str, slug: str) -> tuple[str, ...]:
        """The words that speak for a category, as written, the weightiest first."""
        return self._model.deciding(text, slug)

    def likeness(self, one: str, other: str) -> float:
        """How alike two texts are, 0 to 1, by the pieces of words they share; rare ones count more."""
        return self.likenesses(one, [other])[0]

    def likenesses(self, text: str, others: Sequence[str]) -> list[float]:
        """How alike a text is to each of the others."""
        left = self._model.vector(text) if others else {}
        rights = map(self._model.vector, others)
        return [sum(value * right.get(row, 0.0) for row, value in left.items()) for right in rights]

    def district_at(self, lat: float, lon: float) -> str | None:
        """The slug of the district at a point in degrees (WGS 84); None outside the city."""
        return self._area.district_at(lat, lon)

    def inside(self, lat: float, lon: float) -> bool:
        return self._area.district_at(lat, lon) is not None

    def district_named(self, text: str) -> str | None:
        """The slug of the district that a short answer names: «Саксаганський», «в Ингульце»."""
        return self._gazetteer.district_named(text[:MAX_CHARACTERS])

    def street_at(self, lat: float, lon: float) -> StreetSpec | None:
        """The street nearest to a point in degrees (WGS 84), within some 60 m; None where none is known."""
        return self._streets.street_at(lat, lon)
