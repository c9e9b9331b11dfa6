"""Those who work in the panel: accounts, sessions, what they must be told."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from tortoise import fields
from tortoise.models import Model

from core.models.catalogue import Executor
from core.models.residents import Account
from core.workflow import Role

if TYPE_CHECKING:
    from core.models.appeals import Appeal  # which names Staff: the circle is only in the types


class Purpose(StrEnum):
    """What a one-time token is for."""

    CHAT = "chat"  # a /start payload by which a messenger account becomes known
    RESET = "reset"  # a link to set a new password
    CODE = "code"  # the password was right, the code of the second step is still owed
    UNDO = "undo"  # what was just done to many at once may be put back
    BROWSER = "browser"  # somebody signed in here before: strangers' guessing doesn't slow them down


class Post(StrEnum):
    """What somebody leads: to whom what is overdue is passed up, level by level."""

    NONE = ""
    HEAD = "head"  # of their executor
    DEPUTY = "deputy"  # deputy mayor, of a portfolio
    MAYOR = "mayor"


class Staff(Model):
    id = fields.IntField(primary_key=True)
    login = fields.CharField(64, unique=True)
    name = fields.CharField(200)
    role = fields.CharEnumField(Role, max_length=16)
    password_hash = fields.CharField(200)
    executor: fields.ForeignKeyNullableRelation[Executor] = fields.ForeignKeyField(
        "core.Executor", null=True, related_name="officers", on_delete=fields.RESTRICT
    )
    executor_id: str | None
    account: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "core.Account", null=True, related_name="staff", on_delete=fields.SET_NULL
    )
    account_id: int | None
    language = fields.CharField(2, default="uk")
    post = fields.CharEnumField(Post, max_length=8, db_default=Post.NONE.value)
    portfolio = fields.CharField(64, db_default="")  # of a deputy mayor
    active = fields.BooleanField(default=True)
    created_at = fields.DatetimeField()
    seen_at = fields.DatetimeField(null=True)
    # The second step of signing in: on since `totp_since`; a secret without it waits to be confirmed.
    totp_secret = fields.CharField(64, db_default="")
    totp_since = fields.DatetimeField(null=True)
    totp_step = fields.IntField(db_default=0)  # of the last code taken, which counts no more

    class Meta:
        table = "staff"


# Somebody away, and who stands in for them: hears what they would hear, and may do what they may.
class Absence(Model):
    id = fields.IntField(primary_key=True)
    staff: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "core.Staff", related_name="absences", on_delete=fields.CASCADE
    )
    staff_id: int
    substitute: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "core.Staff", related_name="stands_in", on_delete=fields.CASCADE
    )
    substitute_id: int
    begins_at = fields.DatetimeField()  # the midnights of the city between which they are away
    ends_at = fields.DatetimeField()

    class Meta:
        table = "absence"
        indexes = (("ends_at",),)


# A signed-in browser. Only the hash of its token is kept, so a copied database opens no door.
class Session(Model):
    id = fields.IntField(primary_key=True)
    token_hash = fields.CharField(64, unique=True)
    staff: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "core.Staff", related_name="sessions", on_delete=fields.CASCADE
    )
    staff_id: int
    created_at = fields.DatetimeField()
    seen_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    address = fields.CharField(64, default="")
    browser = fields.CharField(200, default="")

    class Meta:
        table = "session"


# A failed attempt; counted by login and by address for throttling, then swept away.
class SignInFailure(Model):
    id = fields.IntField(primary_key=True)
    login = fields.CharField(64)
    address = fields.CharField(64)  # or the mark of a browser that is known
    code = fields.BooleanField(db_default=False)  # the code was wrong, and not the password
    at = fields.DatetimeField()

    class Meta:
        table = "sign_in_failure"
        indexes = (("login", "at"), ("address", "at"))


# What is given once and for a while; only its hash is kept.
class LinkToken(Model):
    token_hash = fields.CharField(64, primary_key=True)
    staff: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "core.Staff", related_name="link_tokens", on_delete=fields.CASCADE
    )
    staff_id: int
    purpose = fields.CharField(16, db_default=Purpose.CHAT.value)
    expires_at = fields.DatetimeField()

    class Meta:
        table = "link_token"


# Stands in for the phone once; only its hash is kept.
class RecoveryCode(Model):
    id = fields.IntField(primary_key=True)
    staff: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "core.Staff", related_name="recovery_codes", on_delete=fields.CASCADE
    )
    staff_id: int
    code_hash = fields.CharField(64)

    class Meta:
        table = "recovery_code"
        unique_together = (("staff_id", "code_hash"),)


# What a member of staff is told in the panel: a reminder, a reopened appeal, an answer.
class Notice(Model):
    id = fields.IntField(primary_key=True)
    staff: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "core.Staff", related_name="notices", on_delete=fields.CASCADE
    )
    staff_id: int
    appeal: fields.ForeignKeyNullableRelation[Appeal] = fields.ForeignKeyField(
        "core.Appeal", null=True, related_name="notices", on_delete=fields.CASCADE
    )
    appeal_id: int | None
    kind = fields.CharField(32)
    dedupe = fields.CharField(100, unique=True)
    at = fields.DatetimeField()
    read_at = fields.DatetimeField(null=True)

    class Meta:
        table = "notice"
        indexes = (("staff_id", "read_at", "id"),)
