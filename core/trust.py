"""How often an executor's reports are checked: the more often, the more results residents deny. Pure."""

from dataclasses import dataclass
from typing import Final

DOUBT: Final = 10  # results, as if confirmed, that are added to those known: a denial or two prove little


@dataclass(frozen=True, slots=True)
class Record:
    """An executor's latest results that residents judged: how many, and how many of them they denied."""

    judged: int = 0
    denied: int = 0

    @property
    def distrust(self) -> float:
        """The denied share, drawn towards 0 where little is known; always below 1."""
        return self.denied / (self.judged + DOUBT)


def share(policy: float, record: Record) -> float:
    """Of reports, from 0 to 1, that are drawn for a check.

    The category's `policy` draws its share, and distrust some of those it would have spared; so it is never
    less than the policy's, nor more than all.
    """
    return policy + (1 - policy) * record.distrust
