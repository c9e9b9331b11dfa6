"""What a resident's words and coordinates say: the category, the danger, the place.

Everything is loaded once and never changed after, so one `Understander` serves all threads.
"""

from dataclasses import dataclass
from pathlib import Path

from core.pack import Pack
from core.understanding.area import Area
from core.understanding.category import CategoryModel, Guess, load_model
from core.understanding.gazetteer import Gazetteer
from core.understanding.place import PlaceCandidate, parse_address
from core.understanding.urgency import Urgency, urgency_of

__all__ = ["Guess", "PlaceCandidate", "Understander", "Understanding", "Urgency"]


TERSE_WORDS = (
    2  # «тече вода»: from the main, in the house, from a sewer? So few words say less than they score
)
TERSE_SCORE = 0.9


@dataclass(frozen=True, slots=True)
class Understanding:
    """What was seen in a text.

    `categories`: the best three, best first; none for a blank text. `confident`: whether the first may be
    taken without asking. `urgency` is told by words alone; a category that is urgent in the catalogue is
    another reason, left to the caller. `places`: up to three readings of the address, best first.
    """

    categories: tuple[Guess, ...]
    confident: bool
    urgency: Urgency
    places: tuple[PlaceCandidate, ...]
    model_version: str


class Understander:
    """A city pack and a category model, ready to read."""

    def __init__(self, pack: Pack, model: CategoryModel) -> None:
        self._model = model
        self._area = Area(pack.districts)
        self._gazetteer = Gazetteer(pack.streets, pack.districts)

    @classmethod
    def load(cls, pack: Pack, cache_dir: Path) -> "Understander":
        """Read the model from `cache_dir`; where it is not there, train it first, for some seconds."""
        return cls(pack, load_model(cache_dir, pack.categories))

    @property
    def model_version(self) -> str:
        return self._model.version

    def understand(self, text: str) -> Understanding:
        guesses = self._model.guess(text)
        terse = len(text.split()) <= TERSE_WORDS
        needed = max(self._model.confident, TERSE_SCORE) if terse else self._model.confident
        return Understanding(
            categories=guesses,
            confident=bool(guesses) and guesses[0].score >= needed,
            urgency=urgency_of(text),
            places=parse_address(text, self._gazetteer),
            model_version=self._model.version,
        )

    def district_at(self, lat: float, lon: float) -> str | None:
        """The slug of the district at a point in degrees (WGS 84); None outside the city."""
        return self._area.district_at(lat, lon)

    def inside(self, lat: float, lon: float) -> bool:
        return self._area.district_at(lat, lon) is not None
