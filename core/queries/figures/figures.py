"""What is read from sums: shares and lengths of time, None where there is nothing to read them from."""

from dataclasses import dataclass, field

from core.figures.spans import percentile
from core.figures.sums import Sums

MOST = 0.9


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one period and one slice. `of_executors`: what they received is what was handed to them.

    Shares are from 0 to 1, and those of rework and reopening may be more; lengths of time in minutes.
    """

    sums: Sums = field(default_factory=Sums)
    of_executors: bool = False

    def __getitem__(self, name: str) -> int:
        """A plain count, by its column."""
        return self.sums[name]

    @property
    def received(self) -> int:
        return self.sums["handed" if self.of_executors else "received"]

    @property
    def answered(self) -> int:
        return self.sums["answered"]

    @property
    def on_time(self) -> float | None:
        return self._share("on_time", "answered")

    @property
    def to_begin(self) -> float | None:
        """Half of what was begun was begun by then, since the hand-over."""
        return percentile(self.sums.to_begin, 0.5)

    @property
    def to_begin_most(self) -> float | None:
        return percentile(self.sums.to_begin, MOST)

    @property
    def to_answer(self) -> float | None:
        """Half of the answers came by then, since the filing or reopening."""
        return percentile(self.sums.to_answer, 0.5)

    @property
    def to_answer_most(self) -> float | None:
        return percentile(self.sums.to_answer, MOST)

    @property
    def rework(self) -> float | None:
        """Returns for rework for each answer."""
        return self._share("rework", "answered")

    @property
    def reopening(self) -> float | None:
        """Reopenings for each answer."""
        return self._share("reopened", "answered")

    @property
    def confirmed(self) -> float | None:
        """Of those who said whether it is solved, how many said yes."""
        return self._share("confirmed", "judged")

    @property
    def stars(self) -> float | None:
        """Their mean."""
        return self._share("stars", "starred")

    @property
    def response(self) -> float | None:
        """Of those who were asked whether it is solved, how many said so."""
        return self._share("judged", "asked")

    @property
    def nothing(self) -> bool:
        return self.sums.nothing

    def _share(self, part: str, of: str) -> float | None:
        return self.sums[part] / self.sums[of] if self.sums[of] else None
