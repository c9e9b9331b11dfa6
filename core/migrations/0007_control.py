from datetime import UTC, datetime

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.schema_editor.base import BaseSchemaEditor
from core.migrations import Described
from core.models.control import AlarmState, FactKind
from core.models.residents import Channel
from core.models.staff import Post
from core.workflow import Kind, Verb
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index


async def follow_on(_apps: object, editor: BaseSchemaEditor) -> None:
    """Control goes on where the reminders of old stood: before the deadline, at it, or past it.

    What was overdue and told of is passed up from now on, level by level.
    """
    now, of_due = ("?", "due_at < ?") if editor.client.capabilities.dialect == "sqlite" else ("$1", "due_at < $2")
    held = "open AND due_at IS NOT NULL AND status IN ('registered', 'assigned', 'in_progress', 'rework', 'reopened')"
    await editor.client.execute_script(
        f"UPDATE appeal SET control = 1 WHERE {held} AND remind_at < due_at;"
        f"UPDATE appeal SET control = 2 WHERE {held} AND remind_at = due_at;"
    )
    present = datetime.now(UTC)
    await editor.client.execute_query(
        f"UPDATE appeal SET control = 4, remind_at = {now} WHERE {held} AND remind_at IS NULL AND {of_due}",
        [present, present],
    )


class Migration(migrations.Migration):
    dependencies = [("core", "0006_verbs")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Alarm",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("dedupe", fields.CharField(unique=True, max_length=64)),
                (
                    "appeal",
                    fields.ForeignKeyField(
                        "core.Appeal",
                        source_field="appeal_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="alarms",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "incident",
                    fields.ForeignKeyField(
                        "core.Incident",
                        source_field="incident_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="alarms",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "state",
                    fields.CharEnumField(
                        default=AlarmState.RINGING,
                        description="RINGING: ringing\nACKNOWLEDGED: acknowledged\nUNANSWERED: unanswered\nENDED: ended",
                        enum_type=AlarmState,
                        max_length=16,
                    ),
                ),
                ("version", fields.IntField(default=0)),
                ("began_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("next_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("acknowledged_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("acknowledged_by", fields.CharField(default="", max_length=200)),
                (
                    "staff",
                    fields.ForeignKeyField(
                        "core.Staff",
                        source_field="staff_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="acknowledged",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
            ],
            options={
                "table": "alarm",
                "app": "core",
                "indexes": [
                    Index(fields=["state", "next_at"]),
                    Index(fields=["appeal_id"]),
                    Index(fields=["incident_id"]),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="AlarmCall",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "alarm",
                    fields.ForeignKeyField(
                        "core.Alarm",
                        source_field="alarm_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="calls",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("position", fields.IntField()),
                (
                    "staff",
                    fields.ForeignKeyField(
                        "core.Staff",
                        source_field="staff_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="alarm_calls",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("name", fields.CharField(max_length=200)),
                ("phone", fields.CharField(default="", max_length=64)),
                ("called_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("means", fields.CharField(default="", max_length=8)),
                ("outcome", fields.CharField(default="", max_length=16)),
                ("answered_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "ticked_by",
                    fields.ForeignKeyField(
                        "core.Staff",
                        source_field="ticked_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
            ],
            options={
                "table": "alarm_call",
                "app": "core",
                "unique_together": (("alarm_id", "position"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Duty",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("position", fields.IntField()),
                (
                    "staff",
                    fields.ForeignKeyField(
                        "core.Staff",
                        source_field="staff_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="duties",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("name", fields.CharField(max_length=200)),
                ("phone", fields.CharField(default="", max_length=64)),
                (
                    "executor",
                    fields.ForeignKeyField(
                        "core.Executor",
                        source_field="executor_id",
                        null=True,
                        db_constraint=True,
                        to_field="slug",
                        related_name="duties",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("begins_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ends_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "duty", "app": "core", "indexes": [Index(fields=["ends_at"])], "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Fact",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "appeal",
                    fields.ForeignKeyField(
                        "core.Appeal",
                        source_field="appeal_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="facts",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "kind",
                    fields.CharEnumField(
                        description="RECEIVED: received\nHANDED: handed\nBEGUN: begun\nANSWERED: answered\nREWORK: rework\nREOPENED: reopened\nASKED: asked\nJUDGED: judged",
                        enum_type=FactKind,
                        max_length=12,
                    ),
                ),
                ("day", fields.DateField()),
                ("executor", fields.CharField(default="", max_length=64)),
                ("category", fields.CharField(max_length=64)),
                ("district", fields.CharField(default="", max_length=64)),
                (
                    "channel",
                    fields.CharEnumField(
                        description="TELEGRAM: telegram\nVIBER: viber\nPHONE: phone",
                        enum_type=Channel,
                        max_length=16,
                    ),
                ),
                (
                    "of_kind",
                    fields.CharEnumField(
                        description="REQUEST: request\nSTATEMENT: statement\nCOMPLAINT: complaint\nPROPOSAL: proposal\nDEPUTY: deputy\nTHANKS: thanks\nCONSULTATION: consultation",
                        enum_type=Kind,
                        max_length=16,
                    ),
                ),
                ("result", fields.CharField(default="", max_length=16)),
                ("minutes", fields.IntField(null=True)),
                ("good", fields.BooleanField(null=True)),
                ("stars", fields.IntField(null=True)),
            ],
            options={
                "table": "fact",
                "app": "core",
                "indexes": [Index(fields=["day", "kind"]), Index(fields=["appeal_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Job",
            fields=[
                ("name", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=32)),
                ("began_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("seconds", fields.FloatField(default=0)),
                ("pieces", fields.IntField(default=0)),
                ("worked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("failed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("failures", fields.IntField(default=0)),
                ("error", fields.CharField(default="", max_length=300)),
                ("done_for", fields.DateField(null=True)),
                ("data", fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={"table": "job", "app": "core", "pk_attr": "name"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Lease",
            fields=[
                ("name", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=32)),
                ("holder", fields.CharField(max_length=64)),
                ("until", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "lease", "app": "core", "pk_attr": "name"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Rollup",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("slice", fields.CharField(max_length=32)),
                ("grain", fields.CharField(max_length=1)),
                ("begins", fields.DateField()),
                ("key", fields.CharField(default="", max_length=140)),
                ("received", fields.IntField(default=0)),
                ("handed", fields.IntField(default=0)),
                ("begun", fields.IntField(default=0)),
                ("answered", fields.IntField(default=0)),
                ("on_time", fields.IntField(default=0)),
                ("solved", fields.IntField(default=0)),
                ("explained", fields.IntField(default=0)),
                ("refused", fields.IntField(default=0)),
                ("forwarded", fields.IntField(default=0)),
                ("rework", fields.IntField(default=0)),
                ("reopened", fields.IntField(default=0)),
                ("asked", fields.IntField(default=0)),
                ("judged", fields.IntField(default=0)),
                ("confirmed", fields.IntField(default=0)),
                ("starred", fields.IntField(default=0)),
                ("stars", fields.IntField(default=0)),
                ("to_begin", fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                ("to_answer", fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={
                "table": "rollup",
                "app": "core",
                "unique_together": (("slice", "grain", "begins", "key"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Subscription",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "staff",
                    fields.ForeignKeyField(
                        "core.Staff",
                        source_field="staff_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="subscriptions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("every", fields.CharField(max_length=8)),
                ("portfolio", fields.CharField(default="", max_length=64)),
            ],
            options={
                "table": "subscription",
                "app": "core",
                "unique_together": (("staff_id", "every", "portfolio"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Appeal",
            name="control",
            field=fields.IntField(db_default=0),
        ),
        ops.AddIndex(
            model_name="Appeal",
            index=Index(fields=["account_id"]),
        ),
        ops.AddIndex(
            model_name="Attachment",
            index=Index(fields=["account_id"]),
        ),
        ops.AddField(
            model_name="Category",
            name="check_share",
            field=fields.FloatField(db_default=0),
        ),
        ops.AddField(
            model_name="Category",
            name="checked",
            field=fields.BooleanField(db_default=True),
        ),
        ops.AddField(
            model_name="Category",
            name="needs_photo",
            field=fields.BooleanField(db_default=False),
        ),
        ops.AddField(
            model_name="Category",
            name="pre_alarm_share",
            field=fields.FloatField(null=True),
        ),
        Described(
            model_name="Event",
            name="verb",
            field=fields.CharEnumField(
                description="SUBMIT: submit\nCATEGORISE: categorise\nASSIGN: assign\nREASSIGN: reassign\nSTART: start\nASK: ask\nANSWER: answer\nTELL: tell\nNOTE: note\nDECLINE: decline\nNEED_TIME: need_time\nREFUSE_TIME: refuse_time\nREPORT: report\nRESOLVE: resolve\nREWORK: rework\nEXPLAIN: explain\nREJECT: reject\nFORWARD: forward\nEXTEND: extend\nSPLIT: split\nCHECK: check\nCHECKED: checked\nREOPEN: reopen\nCLOSE: close\nRATE: rate\nADD: add\nJOIN: join\nMERGE: merge\nUNMERGE: unmerge\nGROUP: group\nUNGROUP: ungroup\nHELP: help\nWITHDRAW: withdraw\nNUDGE: nudge\nLOCATE: locate\nSEE: see\nPRIORITISE: prioritise\nUNDO: undo\nREMIND: remind\nESCALATE: escalate\nALARM: alarm\nACKNOWLEDGE: acknowledge\nRECKON: reckon",
                enum_type=Verb,
                max_length=16,
            ),
        ),
        ops.AddField(
            model_name="Executor",
            name="calendar",
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name="Executor",
            name="portfolio",
            field=fields.CharField(db_default="", max_length=64),
        ),
        ops.AddField(
            model_name="Staff",
            name="portfolio",
            field=fields.CharField(db_default="", max_length=64),
        ),
        ops.AddField(
            model_name="Staff",
            name="post",
            field=fields.CharEnumField(
                description="NONE: \nHEAD: head\nDEPUTY: deputy\nMAYOR: mayor",
                db_default="",
                enum_type=Post,
                max_length=8,
            ),
        ),
        ops.RunPython(follow_on),
    ]
