"""What belongs together: who reported the same, the incident that groups many, the executors who help."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from core.models.appeals import Appeal
from core.models.catalogue import Category, District, Executor
from core.models.residents import Account, Resident
from core.models.staff import Staff


# Joined somebody else's appeal, or was merged into it; hears all that its first reporter hears.
class Supporter(Model):
    id = fields.IntField(primary_key=True)
    appeal: fields.ForeignKeyRelation[Appeal] = fields.ForeignKeyField(
        "core.Appeal", related_name="supported", on_delete=fields.RESTRICT
    )
    appeal_id: int
    resident: fields.ForeignKeyRelation[Resident] = fields.ForeignKeyField(
        "core.Resident", related_name="supports", on_delete=fields.CASCADE
    )
    resident_id: int
    account: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "core.Account", null=True, related_name="supports", on_delete=fields.SET_NULL
    )
    account_id: int | None
    # The appeal by which they came, where an operator merged it.
    merged: fields.ForeignKeyNullableRelation[Appeal] = fields.ForeignKeyField(
        "core.Appeal", null=True, related_name="merged_as", on_delete=fields.RESTRICT
    )
    merged_id: int | None
    joined_at = fields.DatetimeField()
    # What they say of the latest result; the first reporter's word is in the survey.
    solved = fields.BooleanField(null=True)
    stars = fields.IntField(null=True)
    answered_at = fields.DatetimeField(null=True)

    class Meta:
        table = "supporter"
        unique_together = (("appeal_id", "resident_id"),)
        indexes = (("resident_id", "appeal_id"),)


class IncidentState(StrEnum):
    PROPOSED = "proposed"  # the sweep saw a surge; an operator decides
    OPEN = "open"
    DISMISSED = "dismissed"  # they only looked alike
    ENDED = "ended"


# Many alike in one area within hours: one thing that happened, answered once for all.
class Incident(Model):
    id = fields.IntField(primary_key=True)
    state = fields.CharEnumField(IncidentState, max_length=16, default=IncidentState.PROPOSED)
    key = fields.CharField(120, unique=True)  # from what it began: a surge is proposed once
    version = fields.IntField(default=0)
    category: fields.ForeignKeyRelation[Category] = fields.ForeignKeyField(
        "core.Category", related_name=False, on_delete=fields.RESTRICT
    )
    category_id: str
    district: fields.ForeignKeyNullableRelation[District] = fields.ForeignKeyField(
        "core.District", null=True, related_name=False, on_delete=fields.RESTRICT
    )
    district_id: str | None
    area = fields.BigIntField(null=True)  # the coarse h3 cell; null where only the district is known
    began_at = fields.DatetimeField()  # the first of its appeals
    proposed_at = fields.DatetimeField()
    decided_at = fields.DatetimeField(null=True)
    staff: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField(
        "core.Staff", null=True, related_name=False, on_delete=fields.SET_NULL
    )
    staff_id: int | None

    class Meta:
        table = "incident"
        indexes = (("state", "id"), ("category_id", "state"))


# An executor who works on an appeal beside the one who answers for it (KR 4.5).
class CoExecutor(Model):
    id = fields.IntField(primary_key=True)
    appeal: fields.ForeignKeyRelation[Appeal] = fields.ForeignKeyField(
        "core.Appeal", related_name="co_executors", on_delete=fields.RESTRICT
    )
    appeal_id: int
    executor: fields.ForeignKeyRelation[Executor] = fields.ForeignKeyField(
        "core.Executor", related_name=False, on_delete=fields.RESTRICT
    )
    executor_id: str
    at = fields.DatetimeField()

    class Meta:
        table = "co_executor"
        unique_together = (("appeal_id", "executor_id"),)
        indexes = (("executor_id", "appeal_id"),)
