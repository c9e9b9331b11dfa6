"""The durable hand-over: what came in from the channels and what must go out to them."""

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.indexes import PartialIndex
from tortoise.models import Model

from core.models.appeals import Appeal
from core.models.residents import Account, Channel


class InboxState(StrEnum):
    PENDING = "pending"
    DONE = "done"
    PARKED = "parked"


class OutboxState(StrEnum):
    HELD = "held"  # waits on purpose, see core/holding.py; holds nobody else up
    PENDING = "pending"
    SENT = "sent"
    DELIVERED = "delivered"
    SEEN = "seen"
    FAILED = "failed"
    DROPPED = "dropped"  # overtaken by a newer version of itself, or the recipient is out of reach


# One update of a platform, as received. Taken in order for each sender.
class Inbox(Model):
    id = fields.BigIntField(primary_key=True)
    channel = fields.CharEnumField(Channel, max_length=16)
    external_id = fields.CharField(200)  # the platform's own id of the update; repeats share it
    sender = fields.CharField(128)  # whose turn it is; empty where nobody could be told
    payload = fields.TextField()  # the body as received
    state = fields.CharEnumField(InboxState, max_length=8, default=InboxState.PENDING)
    attempts = fields.IntField(default=0)
    error = fields.TextField(default="")
    received_at = fields.DatetimeField()
    due_at = fields.DatetimeField()
    done_at = fields.DatetimeField(null=True)
    trace = fields.CharField(16)  # follows the update through the log

    class Meta:
        table = "inbox"
        unique_together = (("channel", "external_id"),)
        indexes = (("state", "id"), ("state", "channel", "sender", "id"))


# One message to one account, or a newer version of one (same slot). Delivered in order for each account.
class Outbox(Model):
    id = fields.BigIntField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "core.Account", related_name="outbox", on_delete=fields.CASCADE
    )
    account_id: int
    appeal: fields.ForeignKeyNullableRelation[Appeal] = fields.ForeignKeyField(
        "core.Appeal", null=True, related_name="outbox", on_delete=fields.SET_NULL
    )
    appeal_id: int | None
    channel = fields.CharEnumField(Channel, max_length=16)
    kind = fields.CharField(32)  # 'reply', or the name of a notice; the bots know how each looks
    body: fields.Field[dict[str, Any]] = fields.JSONField()
    slot = fields.CharField(64, default="")  # messages of one slot replace one another in the chat
    edits = fields.BooleanField(default=False)  # may be edited into the slot's message before it
    dedupe = fields.CharField(100, null=True, unique=True)  # a sweep run twice queues it once
    state = fields.CharEnumField(OutboxState, max_length=16, default=OutboxState.PENDING)
    attempts = fields.IntField(default=0)
    error = fields.CharField(300, default="")
    created_at = fields.DatetimeField()
    due_at = fields.DatetimeField()  # not before; moved by back-off and by claims
    claimed = fields.BooleanField(default=False)  # a worker has it until due_at
    held_for = fields.CharField(16, db_default="")  # why it waits: together, quiet, session, budget
    provider_id = fields.CharField(64, null=True)
    repeated = fields.BooleanField(default=False)  # sent again since the first answer was lost
    billable = fields.BooleanField(default=False)  # outside Viber's free 24-hour session
    sent_at = fields.DatetimeField(null=True)
    delivered_at = fields.DatetimeField(null=True)
    seen_at = fields.DatetimeField(null=True)
    trace = fields.CharField(16, default="")

    class Meta:
        table = "outbox"
        indexes = (
            ("state", "channel", "id"),
            ("account_id", "state", "id"),
            ("channel", "provider_id"),
            ("appeal_id",),
            PartialIndex(fields=("due_at", "held_for"), condition={"state": "held"}),
            PartialIndex(fields=("sent_at",), condition={"billable": True}),
        )
