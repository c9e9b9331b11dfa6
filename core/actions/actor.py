"""Who acts: the identity that every action checks and history records."""

from collections.abc import Collection
from dataclasses import dataclass

from core.models import Appeal, Post, Staff
from core.workflow import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """`executors`: for whom an officer acts, their own and those of the absent they stand in for today.

    `leads`: of which of them they are the head, or stand in for the head.
    `incident`: the one whose appeals are all being acted on, so that history says so.
    `bulk`: the mark of what is being done to many at once, by which it is put back.
    """

    role: Role
    staff_id: int | None = None
    executors: frozenset[str] = frozenset()
    leads: frozenset[str] = frozenset()
    resident_id: int | None = None
    incident: int | None = None
    bulk: str = ""

    @property
    def of_many(self) -> bool:
        """Whether this is one of many that are handed over in one word."""
        return self.incident is not None or bool(self.bulk)

    @classmethod
    def staff(cls, staff: Staff, stands_in_for: Collection[Staff] = ()) -> "Actor":
        people = [one for one in (staff, *stands_in_for) if one.executor_id is not None]
        own = frozenset(str(one.executor_id) for one in people)
        leads = frozenset(str(one.executor_id) for one in people if one.post is Post.HEAD)
        return cls(role=staff.role, staff_id=staff.id, executors=own, leads=leads)

    @classmethod
    def resident(cls, resident_id: int, *, heard_by: int | None = None) -> "Actor":
        """`heard_by`: the member of staff who writes down what they say on the phone."""
        return cls(role=Role.RESIDENT, resident_id=resident_id, staff_id=heard_by)

    def sees(self, appeal: Appeal) -> bool:
        """Whether the appeal is this person's; others may exist for them as well (see move.exists_for)."""
        if self.role is Role.RESIDENT:
            return appeal.resident_id is not None and appeal.resident_id == self.resident_id
        return self.role is not Role.EXECUTOR or appeal.executor_id in self.executors


SYSTEM = Actor(role=Role.SYSTEM)
