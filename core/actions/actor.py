"""Who acts: the identity that every action checks and history records."""

from dataclasses import dataclass

from core.models import Appeal, Staff
from core.workflow import Role


@dataclass(frozen=True, slots=True)
class Actor:
    role: Role
    staff_id: int | None = None
    executor: str | None = None
    resident_id: int | None = None

    @classmethod
    def staff(cls, staff: Staff) -> "Actor":
        return cls(role=staff.role, staff_id=staff.id, executor=staff.executor_id)

    @classmethod
    def resident(cls, resident_id: int) -> "Actor":
        return cls(role=Role.RESIDENT, resident_id=resident_id)

    def sees(self, appeal: Appeal) -> bool:
        """Whether the appeal exists for this person: residents see their own, officers their executor's."""
        if self.role is Role.RESIDENT:
            return appeal.resident_id is not None and appeal.resident_id == self.resident_id
        if self.role is Role.EXECUTOR:
            return self.executor is not None and appeal.executor_id == self.executor
        return True


SYSTEM = Actor(role=Role.SYSTEM)
