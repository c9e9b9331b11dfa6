"""Appeals, their append-only history, their files, and what residents say of the result."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from tortoise import fields
from tortoise.models import Model

from core.models.catalogue import Category, District, Executor
from core.models.residents import Account, Channel, Resident
from core.models.staff import Staff
from core.workflow import Kind, Role, Status, Verb

if TYPE_CHECKING:
    from core.models.together import Incident  # which names Appeal: the circle is only in the types


# Gapless numbers, one row a series; the year's appeals are one series.
class Counter(Model):
    name = fields.CharField(32, primary_key=True)
    value = fields.IntField(default=0)

    class Meta:
        table = "counter"


class Appeal(Model):
    id = fields.IntField(primary_key=True)
    number = fields.CharField(16, unique=True)  # two digits of the year, dash, six digits
    kind = fields.CharEnumField(Kind, max_length=16, default=Kind.REQUEST)
    status = fields.CharEnumField(Status, max_length=16, default=Status.REGISTERED)
    version = fields.IntField(default=0)  # grows with each action; a stale one is a lost race
    open = fields.BooleanField(default=True)  # status in workflow.OPEN; stored to be indexed
    urgent = fields.BooleanField(default=False)
    triage = fields.BooleanField(default=False)  # the category is not sure; an operator decides

    category: fields.ForeignKeyRelation[Category] = fields.ForeignKeyField(
        "core.Category", related_name="appeals", on_delete=fields.RESTRICT
    )
    category_id: str
    district: fields.ForeignKeyNullableRelation[District] = fields.ForeignKeyField(
        "core.District", null=True, related_name="appeals", on_delete=fields.RESTRICT
    )
    district_id: str | None
    executor: fields.ForeignKeyNullableRelation[Executor] = fields.ForeignKeyField(
        "core.Executor", null=True, related_name="appeals", on_delete=fields.RESTRICT
    )
    executor_id: str | None

    resident: fields.ForeignKeyNullableRelation[Resident] = fields.ForeignKeyField(
        "core.Resident", null=True, related_name="appeals", on_delete=fields.SET_NULL
    )
    resident_id: int | None
    account: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "core.Account", null=True, related_name="appeals", on_delete=fields.SET_NULL
    )
    account_id: int | None
    channel = fields.CharEnumField(Channel, max_length=16)

    text = fields.TextField(default="")
    address = fields.CharField(300, default="")
    lat = fields.FloatField(null=True)
    lon = fields.FloatField(null=True)
    photos = fields.IntField(default=0)  # and other files that came with it
    cell = fields.BigIntField(null=True)  # the h3 cell of the coordinates: what is near is found by it
    place_key = fields.CharField(120, null=True)  # street and house as both sides of a comparison spell them

    # Where this was merged into another, or belongs to an incident.
    duplicate_of: fields.ForeignKeyNullableRelation[Appeal] = fields.ForeignKeyField(
        "core.Appeal", null=True, related_name="duplicates", on_delete=fields.RESTRICT
    )
    duplicate_of_id: int | None
    incident: fields.ForeignKeyNullableRelation[Incident] = fields.ForeignKeyField(
        "core.Incident", null=True, related_name="appeals", on_delete=fields.SET_NULL
    )
    incident_id: int | None
    supporters = fields.IntField(db_default=0)  # residents besides the one who filed it

    guesses: fields.Field[list[list[Any]]] = fields.JSONField(
        default=list  # [[category slug, probability], …] best first, as understood at filing
    )
    model_version = fields.CharField(32, default="")
    danger_words: fields.Field[list[str]] = fields.JSONField(default=list)

    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    due_at = fields.DatetimeField(null=True)  # null while the clock is stopped
    remind_at = fields.DatetimeField(null=True)  # when control takes its next step with it
    control = fields.IntField(db_default=0)  # which of core.control.STEPS that is
    time_left = fields.FloatField(null=True)  # seconds of the executor's time, while it is stopped
    asked_from = fields.CharEnumField(Status, max_length=16, null=True)  # where needs_info came from
    answer = fields.TextField(default="")  # the executor's or operator's words to the resident
    answered_at = fields.DatetimeField(null=True)  # when resolved or explained
    closed_at = fields.DatetimeField(null=True)
    rework_count = fields.IntField(default=0)
    reopen_count = fields.IntField(default=0)
    declined = fields.IntField(db_default=0)  # executors who said that it isn't theirs
    extended = fields.IntField(db_default=0)  # how often its deadline was moved by somebody
    forwarded_to = fields.CharField(300, db_default="")  # the body outside the city that answers now
    nudged_at = fields.DatetimeField(
        null=True
    )  # when the resident last called attention to a passed deadline

    class Meta:
        table = "appeal"
        indexes = (
            ("open", "urgent", "id"),
            ("status", "urgent", "id"),
            ("category_id", "open", "urgent", "id"),
            ("district_id", "open", "urgent", "id"),
            ("executor_id", "open", "urgent", "id"),
            ("open", "due_at", "urgent"),
            ("remind_at",),
            ("resident_id", "id"),
            ("account_id",),
            ("status", "answered_at"),
            ("cell", "category_id", "created_at"),
            ("category_id", "created_at"),
            ("place_key", "category_id", "created_at"),
            ("duplicate_of_id",),
            ("incident_id",),
        )


# One row a change: who, when, from, to, why. Never deleted; changed only by core/actions/forgetting.py.
class Event(Model):
    id = fields.BigIntField(primary_key=True)
    appeal: fields.ForeignKeyRelation[Appeal] = fields.ForeignKeyField(
        "core.Appeal", related_name="events", on_delete=fields.RESTRICT
    )
    appeal_id: int
    at = fields.DatetimeField()
    verb = fields.CharEnumField(Verb, max_length=16)
    role = fields.CharEnumField(Role, max_length=16)
    staff: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField(
        "core.Staff", null=True, related_name="events", on_delete=fields.SET_NULL
    )
    staff_id: int | None
    from_status = fields.CharEnumField(Status, max_length=16, null=True)
    to_status = fields.CharEnumField(Status, max_length=16)
    text = fields.TextField(default="")  # the words: reason, question, answer, report, note
    data: fields.Field[dict[str, Any]] = fields.JSONField(default=dict)
    trace = fields.CharField(16, default="")

    class Meta:
        table = "event"
        indexes = (("appeal_id", "id"), ("at",))


class AttachmentState(StrEnum):
    WAITING = "waiting"  # still only at the platform
    STORED = "stored"
    REFUSED = "refused"  # too large, not what it says it is, or gone


class AttachmentKind(StrEnum):
    PHOTO = "photo"
    VIDEO = "video"
    VOICE = "voice"
    DOCUMENT = "document"


# A file of a resident or of an executor. Fetched from the platform after the hand-over.
class Attachment(Model):
    id = fields.BigIntField(primary_key=True)
    account: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "core.Account", null=True, related_name="attachments", on_delete=fields.SET_NULL
    )
    account_id: int | None
    appeal: fields.ForeignKeyNullableRelation[Appeal] = fields.ForeignKeyField(
        "core.Appeal", null=True, related_name="attachments", on_delete=fields.RESTRICT
    )
    appeal_id: int | None
    event: fields.ForeignKeyNullableRelation[Event] = fields.ForeignKeyField(
        "core.Event", null=True, related_name="attachments", on_delete=fields.SET_NULL
    )
    event_id: int | None
    draft = fields.CharField(16, default="")  # which draft of the account it was sent to, until filed
    kind = fields.CharEnumField(AttachmentKind, max_length=16, db_default=AttachmentKind.PHOTO)
    name = fields.CharField(200, db_default="")  # as the sender's device called it; shown, never trusted
    role = fields.CharEnumField(Role, max_length=16)
    channel = fields.CharEnumField(Channel, max_length=16, null=True)
    source = fields.CharField(2000, default="")  # file id or URL at the platform; secret
    state = fields.CharEnumField(AttachmentState, max_length=8, default=AttachmentState.WAITING)
    attempts = fields.IntField(default=0)
    due_at = fields.DatetimeField()
    error = fields.CharField(200, default="")
    key = fields.CharField(100, default="")  # where it is stored, within [media]
    sha256 = fields.CharField(64, default="")
    mime = fields.CharField(50, default="")
    bytes = fields.IntField(default=0)
    width = fields.IntField(default=0)
    height = fields.IntField(default=0)
    created_at = fields.DatetimeField()

    class Meta:
        table = "attachment"
        indexes = (("state", "due_at"), ("appeal_id", "id"), ("account_id",), ("draft",))


# One question «is it solved?» for one answer of the city; a reopened appeal gets another.
class Survey(Model):
    id = fields.IntField(primary_key=True)
    appeal: fields.ForeignKeyRelation[Appeal] = fields.ForeignKeyField(
        "core.Appeal", related_name="surveys", on_delete=fields.RESTRICT
    )
    appeal_id: int
    round = fields.IntField()
    sent_at = fields.DatetimeField()
    reminded_at = fields.DatetimeField(null=True)
    solved = fields.BooleanField(null=True)
    stars = fields.IntField(null=True)  # 1 to 5
    reasons: fields.Field[list[str] | None] = fields.JSONField(null=True)  # why so few: see poll.REASONS
    words = fields.TextField(default="")
    answered_at = fields.DatetimeField(null=True)

    class Meta:
        table = "survey"
        unique_together = (("appeal_id", "round"),)
        indexes = (("solved", "reminded_at", "sent_at"),)
