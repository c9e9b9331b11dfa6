"""What people taught the machine, and the models that came of it."""

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from core.models.appeals import Appeal
from core.models.catalogue import Category
from core.models.residents import Resident
from core.models.staff import Staff
from core.workflow import Role


# Somebody said what an appeal is about: confirmed or changed. The latest word on an appeal counts.
class Correction(Model):
    id = fields.IntField(primary_key=True)
    appeal: fields.OneToOneRelation[Appeal] = fields.OneToOneField(
        "core.Appeal", related_name="correction", on_delete=fields.CASCADE
    )
    appeal_id: int
    category: fields.ForeignKeyRelation[Category] = fields.ForeignKeyField(
        "core.Category", related_name=False, on_delete=fields.RESTRICT
    )
    category_id: str
    guess = fields.CharField(64)  # the machine's first guess at filing; equal where it was confirmed
    role = fields.CharEnumField(Role, max_length=16)
    staff: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField(
        "core.Staff", null=True, related_name=False, on_delete=fields.SET_NULL
    )
    staff_id: int | None
    resident: fields.ForeignKeyNullableRelation[Resident] = fields.ForeignKeyField(
        "core.Resident", null=True, related_name=False, on_delete=fields.SET_NULL
    )
    resident_id: int | None
    at = fields.DatetimeField()

    class Meta:
        table = "correction"
        indexes = (("at",),)


class ModelState(StrEnum):
    ACTIVE = "active"  # the one that reads; there is one at most
    RETIRED = "retired"  # kept, so that one can go back to it
    REFUSED = "refused"  # was not better than the one before
    FORGOTTEN = "forgotten"  # its arrays are deleted; the row tells the story


# One trained category model. Its arrays lie in the media store under `models/`.
class ModelVersion(Model):
    version = fields.CharField(32, primary_key=True)
    state = fields.CharEnumField(ModelState, max_length=16)
    made_at = fields.DatetimeField()
    activated_at = fields.DatetimeField(null=True)
    examples = fields.IntField()
    corrections = fields.IntField()
    kept_aside = fields.IntField()  # corrections both models were judged by
    accuracy = fields.FloatField(null=True)  # share of those the model got right; null where there were none
    accuracy_before = fields.FloatField(null=True)  # of the model it was to replace, on the same rows
    confusions: fields.Field[list[list[Any]]] = fields.JSONField(default=list)  # [right, taken for, times]

    class Meta:
        table = "model_version"
        indexes = (("state", "made_at"),)
