"""The people who write, the accounts they write from, and where each conversation stands."""

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model


class Channel(StrEnum):
    TELEGRAM = "telegram"
    VIBER = "viber"
    PHONE = "phone"  # an operator types; nothing can be sent there, see core/actions/calls.py


# A person. Name, phone and address are personal data: kept only when given, shown only when needed.
class Resident(Model):
    id = fields.IntField(primary_key=True)
    name = fields.CharField(200, default="")
    phone = fields.CharField(32, default="")
    address = fields.CharField(300, default="")
    created_at = fields.DatetimeField()

    class Meta:
        table = "resident"
        indexes = (("phone",),)


# One messenger account of a resident.
class Account(Model):
    id = fields.IntField(primary_key=True)
    resident: fields.ForeignKeyRelation[Resident] = fields.ForeignKeyField(
        "core.Resident", related_name="accounts", on_delete=fields.CASCADE
    )
    resident_id: int
    channel = fields.CharEnumField(Channel, max_length=16)
    external_id = fields.CharField(128)  # chat id in Telegram, user id in Viber, the number of a phone
    language = fields.CharField(2, default="uk")
    language_chosen = fields.BooleanField(default=False)  # by the resident, not by the client
    reachable = fields.BooleanField(default=True)
    unreachable_why = fields.CharField(200, default="")
    created_at = fields.DatetimeField()
    seen_at = fields.DatetimeField()  # their last message: a paid Viber session opens with it
    forget_at = fields.DatetimeField(null=True)  # they asked to be forgotten: when the last word has gone out

    class Meta:
        table = "account"
        unique_together = (("channel", "external_id"),)


# Where the dialogue with one account stands; `data` belongs to bot.conversation.
class Conversation(Model):
    account: fields.OneToOneRelation[Account] = fields.OneToOneField(
        "core.Account", primary_key=True, related_name="conversation", on_delete=fields.CASCADE
    )
    account_id: int
    step = fields.CharField(32, default="idle")
    data: fields.Field[dict[str, Any]] = fields.JSONField(default=dict)
    updated_at = fields.DatetimeField()
    remind_at = fields.DatetimeField(null=True)  # when to ask what shall become of an unsent draft

    class Meta:
        table = "conversation"
        indexes = (("remind_at",),)


# A one-time code by which a person says, from another messenger, that both accounts are theirs.
class LinkCode(Model):
    code_hash = fields.CharField(64, primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "core.Account", related_name="link_codes", on_delete=fields.CASCADE
    )
    account_id: int
    expires_at = fields.DatetimeField()

    class Meta:
        table = "link_code"
