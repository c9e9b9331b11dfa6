"""A street named in a text: what was found of it, before it is weighed."""

from dataclasses import dataclass

from core.understanding.gazetteer import Match
from core.understanding.street_types import AREAS, StreetType

SURE_SLIP = 0.88  # likeness from which on a slip stands even beside another type of street


@dataclass(frozen=True, slots=True)
class Mention:
    """Words [start, end) name a street, its type included; `matches` is empty for a name nobody knows.

    `prepared`: a preposition of place stands before it; `capital`: it is written with a capital letter where
    that means something; `alone`: it begins a sentence and punctuation ends it, as the heading of an address.
    """

    start: int
    end: int
    name: str
    kind: StreetType | None
    matches: tuple[Match, ...]
    prepared: bool
    capital: bool
    alone: bool

    @property
    def is_sound(self) -> bool:
        """Whether a slip is small enough for the type of street beside it."""
        best = self.matches[0]
        return not self.kind or self.kind.slug == best.street.type or best.likeness >= SURE_SLIP

    @property
    def in_area(self) -> bool:
        """Whether it names a quarter, a microdistrict or a settlement, in which streets lie."""
        slug = self.kind.slug if self.kind else self.matches[0].street.type if self.matches else ""
        return slug in AREAS
