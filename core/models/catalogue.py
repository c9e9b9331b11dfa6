"""What residents write about and who answers: the city's own copy of its pack, referred to by slug."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from core.deadlines import Hours
from core.workflow import Kind


class Category(Model):
    slug = fields.CharField(64, primary_key=True)
    group = fields.CharField(32)
    position = fields.IntField()
    uk = fields.CharField(200)
    en = fields.CharField(200)
    hours = fields.FloatField()  # on the clock where urgent, of working time otherwise
    urgent = fields.BooleanField(default=False)
    executor_kind = fields.CharField(64)
    needs_place = fields.BooleanField(default=True)
    active = fields.BooleanField(db_default=True)  # what the city no longer offers stays for what was filed
    # How the truth of a result is made sure of (KR 4.7).
    needs_photo = fields.BooleanField(db_default=False)  # a report without one is refused
    checked = fields.BooleanField(
        db_default=True
    )  # an operator decides; otherwise the resident is asked at once
    check_share = fields.FloatField(db_default=0)  # of reports, 0 to 1, drawn for a check on the spot
    pre_alarm_share = fields.FloatField(null=True)  # the city's, if null

    class Meta:
        table = "category"


class District(Model):
    slug = fields.CharField(64, primary_key=True)
    position = fields.IntField()
    uk = fields.CharField(200)
    en = fields.CharField(200)
    active = fields.BooleanField(db_default=True)

    class Meta:
        table = "district"


class Executor(Model):
    slug = fields.CharField(64, primary_key=True)
    kind = fields.CharField(64)
    position = fields.IntField()
    uk = fields.CharField(300)
    en = fields.CharField(300)
    short_uk = fields.CharField(100)
    short_en = fields.CharField(100)
    phone = fields.CharField(64, default="")
    active = fields.BooleanField(default=True)
    head = fields.CharField(200, db_default="")  # who leads it, by name
    portfolio = fields.CharField(64, db_default="")  # the deputy mayor's field it belongs to
    # Its own hours, where they differ from the city's: as in the pack's [calendar].
    calendar: fields.Field[dict[str, Any] | None] = fields.JSONField(null=True)

    class Meta:
        table = "executor"


# Ordered by position; the first whose conditions all hold names the executor, and those who help.
class RoutingRule(Model):
    id = fields.IntField(primary_key=True)
    position = fields.IntField()
    category: fields.ForeignKeyNullableRelation[Category] = fields.ForeignKeyField(
        "core.Category", null=True, related_name=False, on_delete=fields.CASCADE
    )
    group = fields.CharField(32, null=True)
    district: fields.ForeignKeyNullableRelation[District] = fields.ForeignKeyField(
        "core.District", null=True, related_name=False, on_delete=fields.CASCADE
    )
    executor: fields.ForeignKeyRelation[Executor] = fields.ForeignKeyField(
        "core.Executor", related_name=False, on_delete=fields.CASCADE
    )
    category_id: str | None
    district_id: str | None
    executor_id: str
    kind = fields.CharEnumField(Kind, max_length=16, null=True)
    urgent = fields.BooleanField(null=True)
    hours = fields.CharEnumField(Hours, max_length=16, null=True)
    co_executors: fields.Field[list[str] | None] = fields.JSONField(null=True)  # slugs

    class Meta:
        table = "routing_rule"


# A file of the pack that was imported over the configured folder's own.
class PackFile(Model):
    name = fields.CharField(64, primary_key=True)
    content = fields.TextField()
    at = fields.DatetimeField()

    class Meta:
        table = "pack_file"
