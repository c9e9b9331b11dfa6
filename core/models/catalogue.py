"""What residents write about and who answers: the city's own copy of its pack, referred to by slug."""

from tortoise import fields
from tortoise.models import Model


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

    class Meta:
        table = "category"


class District(Model):
    slug = fields.CharField(64, primary_key=True)
    position = fields.IntField()
    uk = fields.CharField(200)
    en = fields.CharField(200)

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

    class Meta:
        table = "executor"


# Ordered by position; the first whose conditions all hold names the executor.
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

    class Meta:
        table = "routing_rule"
