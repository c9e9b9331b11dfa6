"""What of the queue one looks at: the view, what narrows it, and where the page begins."""

import re
from dataclasses import dataclass
from enum import StrEnum

from core.workflow import Status


class View(StrEnum):
    """What an operator looks at; each has a counter."""

    TRIAGE = "triage"
    URGENT = "urgent"
    EXECUTORS = "executors"
    VERIFY = "verify"
    REOPENED = "reopened"
    OVERDUE = "overdue"
    WAITING = "waiting"
    OPEN = "open"
    ALL = "all"


OF_STATUS = {
    View.TRIAGE: Status.REGISTERED,
    View.VERIFY: Status.REPORTED,
    View.REOPENED: Status.REOPENED,
    View.WAITING: Status.NEEDS_INFO,
}


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page: the next one begins below it."""

    open: bool
    urgent: bool
    id: int

    def __str__(self) -> str:
        return f"{self.open:d}.{self.urgent:d}.{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        found = re.fullmatch(r"([01])\.([01])\.(\d{1,9})", text, re.ASCII)
        return cls(found[1] == "1", found[2] == "1", int(found[3])) if found else None


@dataclass(frozen=True, slots=True)
class Filters:
    view: View = View.OPEN
    status: Status | None = None
    category: str | None = None
    district: str | None = None
    executor: str | None = None
    overdue: bool = False
    words: str = ""
    after: Cursor | None = None

    @property
    def narrowed(self) -> bool:
        """Whether anything but the view is chosen."""
        chosen = (self.status, self.category, self.district, self.executor, self.overdue, self.words)
        return any(chosen)
