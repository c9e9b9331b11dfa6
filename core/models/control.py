"""What control keeps: who is on duty, alarms, what is counted for figures, the jobs and who runs them."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from core.models.appeals import Appeal
from core.models.catalogue import Executor
from core.models.residents import Channel
from core.models.staff import Staff
from core.models.together import Incident
from core.workflow import Kind


# A stretch of time for which somebody is to be reached: of the city, or of one executor.
class Duty(Model):
    id = fields.IntField(primary_key=True)
    position = fields.IntField()  # of those on duty together, who is called first
    staff: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField(
        "core.Staff", null=True, related_name="duties", on_delete=fields.CASCADE
    )
    staff_id: int | None
    name = fields.CharField(200)  # who has no account is known by name and phone alone
    phone = fields.CharField(64, default="")
    executor: fields.ForeignKeyNullableRelation[Executor] = fields.ForeignKeyField(
        "core.Executor", null=True, related_name="duties", on_delete=fields.CASCADE
    )
    executor_id: str | None
    begins_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()

    class Meta:
        table = "duty"
        indexes = (("ends_at",),)


class AlarmState(StrEnum):
    RINGING = "ringing"
    ACKNOWLEDGED = "acknowledged"
    UNANSWERED = "unanswered"  # nobody of the roster did
    ENDED = "ended"  # what it was about is over


# One emergency that somebody must acknowledge: an urgent appeal, or a surge.
class Alarm(Model):
    id = fields.IntField(primary_key=True)
    dedupe = fields.CharField(64, unique=True)
    appeal: fields.ForeignKeyNullableRelation[Appeal] = fields.ForeignKeyField(
        "core.Appeal", null=True, related_name="alarms", on_delete=fields.CASCADE
    )
    appeal_id: int | None
    incident: fields.ForeignKeyNullableRelation[Incident] = fields.ForeignKeyField(
        "core.Incident", null=True, related_name="alarms", on_delete=fields.CASCADE
    )
    incident_id: int | None
    state = fields.CharEnumField(AlarmState, max_length=16, default=AlarmState.RINGING)
    version = fields.IntField(default=0)
    began_at = fields.DatetimeField()
    next_at = fields.DatetimeField(null=True)  # when the next of the roster is called
    acknowledged_at = fields.DatetimeField(null=True)
    acknowledged_by = fields.CharField(200, default="")  # the name, whoever ticked it
    staff: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField(
        "core.Staff", null=True, related_name="acknowledged", on_delete=fields.SET_NULL
    )
    staff_id: int | None

    class Meta:
        table = "alarm"
        indexes = (("state", "next_at"), ("appeal_id",), ("incident_id",))


# One person called for one alarm, in the order of the roster as it stood.
class AlarmCall(Model):
    id = fields.IntField(primary_key=True)
    alarm: fields.ForeignKeyRelation[Alarm] = fields.ForeignKeyField(
        "core.Alarm", related_name="calls", on_delete=fields.CASCADE
    )
    alarm_id: int
    position = fields.IntField()
    staff: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField(
        "core.Staff", null=True, related_name="alarm_calls", on_delete=fields.SET_NULL
    )
    staff_id: int | None
    name = fields.CharField(200)
    phone = fields.CharField(64, default="")
    called_at = fields.DatetimeField(null=True)  # null: not their turn yet
    means = fields.CharField(8, default="")  # chat, panel or phone
    outcome = fields.CharField(16, default="")  # acknowledged, or unanswered
    answered_at = fields.DatetimeField(null=True)
    ticked_by: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField(
        "core.Staff", null=True, related_name=False, on_delete=fields.SET_NULL
    )
    ticked_by_id: int | None

    class Meta:
        table = "alarm_call"
        unique_together = (("alarm_id", "position"),)


class FactKind(StrEnum):
    RECEIVED = "received"  # it was filed
    HANDED = "handed"  # an executor got it
    BEGUN = "begun"  # the first thing the executor did
    ANSWERED = "answered"  # solved, explained, refused or forwarded
    REWORK = "rework"
    REOPENED = "reopened"
    ASKED = "asked"  # the resident was asked whether it is solved
    JUDGED = "judged"  # and said so


# What happened to an appeal, as figures count it; made from its history, and made anew when that grows.
class Fact(Model):
    id = fields.BigIntField(primary_key=True)
    appeal: fields.ForeignKeyRelation[Appeal] = fields.ForeignKeyField(
        "core.Appeal", related_name="facts", on_delete=fields.CASCADE
    )
    appeal_id: int
    kind = fields.CharEnumField(FactKind, max_length=12)
    day = fields.DateField()  # by the city's clock
    executor = fields.CharField(64, default="")  # who had it then; the rest is as it stands now
    category = fields.CharField(64)
    district = fields.CharField(64, default="")
    channel = fields.CharEnumField(Channel, max_length=16)
    of_kind = fields.CharEnumField(Kind, max_length=16)
    result = fields.CharField(16, default="")  # of an answer: its status
    minutes = fields.IntField(null=True)  # from filing to an answer, from the hand-over to the first action
    good = fields.BooleanField(null=True)  # on time; or solved, by the resident's word
    stars = fields.IntField(null=True)

    class Meta:
        table = "fact"
        indexes = (("day", "kind"), ("appeal_id",))


# Facts added up: of a day or a whole month, for one value of one way to slice them.
class Rollup(Model):
    id = fields.BigIntField(primary_key=True)
    slice = fields.CharField(32)  # all, executor, category, district, channel, executor+category, …
    grain = fields.CharField(1)  # d or m
    begins = fields.DateField()  # the day, or the first of the month
    key = fields.CharField(140, default="")  # such as kryvbasvodokanal, or two joined by a plus
    received = fields.IntField(default=0)
    handed = fields.IntField(default=0)
    begun = fields.IntField(default=0)
    answered = fields.IntField(default=0)
    on_time = fields.IntField(default=0)
    solved = fields.IntField(default=0)  # answers that say it is done
    explained = fields.IntField(default=0)
    refused = fields.IntField(default=0)
    forwarded = fields.IntField(default=0)
    rework = fields.IntField(default=0)
    reopened = fields.IntField(default=0)
    asked = fields.IntField(default=0)
    judged = fields.IntField(default=0)
    confirmed = fields.IntField(default=0)
    starred = fields.IntField(default=0)
    stars = fields.IntField(default=0)  # their sum
    to_begin: fields.Field[dict[str, int]] = fields.JSONField(default=dict)  # how many by span of time
    to_answer: fields.Field[dict[str, int]] = fields.JSONField(default=dict)

    class Meta:
        table = "rollup"
        unique_together = (("slice", "grain", "begins", "key"),)


# Who gets which report on schedule.
class Subscription(Model):
    id = fields.IntField(primary_key=True)
    staff: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "core.Staff", related_name="subscriptions", on_delete=fields.CASCADE
    )
    staff_id: int
    every = fields.CharField(8)  # week or month
    portfolio = fields.CharField(64, default="")  # of one deputy mayor; empty: the whole city

    class Meta:
        table = "subscription"
        unique_together = (("staff_id", "every", "portfolio"),)


# A sweep or a daily job: how it went last, and which day it has done.
class Job(Model):
    name = fields.CharField(32, primary_key=True)
    began_at = fields.DatetimeField(null=True)
    ended_at = fields.DatetimeField(null=True)
    seconds = fields.FloatField(default=0)
    pieces = fields.IntField(default=0)
    worked_at = fields.DatetimeField(null=True)  # when it last had something to do
    failed_at = fields.DatetimeField(null=True)
    failures = fields.IntField(default=0)  # since it last went well
    error = fields.CharField(300, default="")
    done_for = fields.DateField(null=True)  # of a daily job: the day that is done
    data: fields.Field[dict[str, Any]] = fields.JSONField(default=dict)  # what it remembers

    class Meta:
        table = "job"


# Held by the one process that runs the jobs, for a while, and taken over when it is not renewed.
class Lease(Model):
    name = fields.CharField(32, primary_key=True)
    holder = fields.CharField(64)
    until = fields.DatetimeField()

    class Meta:
        table = "lease"
