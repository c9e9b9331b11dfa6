"""What the desk keeps for itself: saved filters, reply templates, tasks, who follows and who looked."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from core.models.appeals import Appeal
from core.models.staff import Staff


# A state of the queue worth coming back to: its address's query, one's own or everybody's.
class SavedFilter(Model):
    id = fields.IntField(primary_key=True)
    staff: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "core.Staff", related_name="saved_filters", on_delete=fields.CASCADE
    )
    staff_id: int
    name = fields.CharField(60)
    query = fields.CharField(1000)
    shared = fields.BooleanField(default=False)
    created_at = fields.DatetimeField()

    class Meta:
        table = "saved_filter"
        unique_together = (("staff_id", "name"),)
        indexes = (("shared",),)


# Words for the resident, with {variables}, to begin a reply from.
class Template(Model):
    id = fields.IntField(primary_key=True)
    position = fields.IntField()
    verb = fields.CharField(16, db_default="")  # the action it is offered for; empty: for all that speak
    title_uk = fields.CharField(100)
    title_en = fields.CharField(100)
    uk = fields.TextField()
    en = fields.TextField()
    active = fields.BooleanField(default=True)

    class Meta:
        table = "template"


class TaskKind(StrEnum):
    CHECK = "check"  # go and see whether what the executor reports is true
    CALL = "call"  # ring somebody up who can't be written to


# Something a member of staff must do beside the panel, for one appeal.
class Task(Model):
    id = fields.IntField(primary_key=True)
    appeal: fields.ForeignKeyRelation[Appeal] = fields.ForeignKeyField(
        "core.Appeal", related_name="tasks", on_delete=fields.CASCADE
    )
    appeal_id: int
    kind = fields.CharEnumField(TaskKind, max_length=8)
    assignee: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField(
        "core.Staff", null=True, related_name="tasks", on_delete=fields.SET_NULL
    )
    assignee_id: int | None  # whoever is free, if nobody is named
    words = fields.TextField(default="")  # what is to be checked, or said
    dedupe = fields.CharField(64, null=True, unique=True)
    created_at = fields.DatetimeField()
    due_at = fields.DatetimeField(null=True)
    done_at = fields.DatetimeField(null=True)
    done_by: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField(
        "core.Staff", null=True, related_name="done_tasks", on_delete=fields.SET_NULL
    )
    done_by_id: int | None
    outcome = fields.CharField(16, default="")  # confirmed, denied, told, unanswered
    finding = fields.TextField(default="")

    class Meta:
        table = "task"
        indexes = (("done_at", "kind", "id"), ("appeal_id", "id"))


# Hears of an appeal in the panel without being responsible for it.
class Follow(Model):
    id = fields.IntField(primary_key=True)
    staff: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "core.Staff", related_name="follows", on_delete=fields.CASCADE
    )
    staff_id: int
    appeal: fields.ForeignKeyRelation[Appeal] = fields.ForeignKeyField(
        "core.Appeal", related_name="follows", on_delete=fields.CASCADE
    )
    appeal_id: int
    created_at = fields.DatetimeField()

    class Meta:
        table = "follow"
        unique_together = (("appeal_id", "staff_id"),)
        indexes = (("staff_id", "id"),)


# Who has an appeal open just now; swept away when they are gone.
class Presence(Model):
    id = fields.IntField(primary_key=True)
    staff: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "core.Staff", related_name="presences", on_delete=fields.CASCADE
    )
    staff_id: int
    appeal: fields.ForeignKeyRelation[Appeal] = fields.ForeignKeyField(
        "core.Appeal", related_name="presences", on_delete=fields.CASCADE
    )
    appeal_id: int
    at = fields.DatetimeField()

    class Meta:
        table = "presence"
        unique_together = (("appeal_id", "staff_id"),)
        indexes = (("at",),)


# A look at a resident's contacts: each is kept (Law 2297, art. 10).
class Look(Model):
    id = fields.IntField(primary_key=True)
    staff: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField(
        "core.Staff", null=True, related_name="looks", on_delete=fields.SET_NULL
    )
    staff_id: int | None
    appeal: fields.ForeignKeyRelation[Appeal] = fields.ForeignKeyField(
        "core.Appeal", related_name="looks", on_delete=fields.CASCADE
    )
    appeal_id: int
    at = fields.DatetimeField()

    class Meta:
        table = "look"
        indexes = (("appeal_id", "id"), ("at",))


# One change of the catalogue or of a setting, with before and after.
class Change(Model):
    id = fields.IntField(primary_key=True)
    at = fields.DatetimeField()
    staff: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField(
        "core.Staff", null=True, related_name="changes", on_delete=fields.SET_NULL
    )
    staff_id: int | None
    subject = fields.CharField(32)  # category, executor, template, …
    key = fields.CharField(64)
    before: fields.Field[dict[str, Any] | None] = fields.JSONField(null=True)
    after: fields.Field[dict[str, Any] | None] = fields.JSONField(null=True)

    class Meta:
        table = "change"
        indexes = (("subject", "key", "id"), ("at",))
