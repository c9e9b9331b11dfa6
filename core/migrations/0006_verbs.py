from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from core.models.residents import Channel
from core.workflow import Role, Verb


class Described(ops.AlterField):
    """An enum's members are a description to Tortoise: the database has nothing to do.

    SQLite would rebuild the whole table for it, and lose what unique_together said on the way.
    """

    async def database_forward(self, *_states: object, **_editor: object) -> None: ...

    async def database_backward(self, *_states: object, **_editor: object) -> None: ...


class Migration(migrations.Migration):
    dependencies = [("core", "0005_desk")]

    initial = False

    operations = [
        Described(
            model_name="Account",
            name="channel",
            field=fields.CharEnumField(
                description="TELEGRAM: telegram\nVIBER: viber\nPHONE: phone", enum_type=Channel, max_length=16
            ),
        ),
        Described(
            model_name="Appeal",
            name="channel",
            field=fields.CharEnumField(
                description="TELEGRAM: telegram\nVIBER: viber\nPHONE: phone", enum_type=Channel, max_length=16
            ),
        ),
        Described(
            model_name="Attachment",
            name="channel",
            field=fields.CharEnumField(
                null=True,
                description="TELEGRAM: telegram\nVIBER: viber\nPHONE: phone",
                enum_type=Channel,
                max_length=16,
            ),
        ),
        Described(
            model_name="Attachment",
            name="role",
            field=fields.CharEnumField(
                description="RESIDENT: resident\nSYSTEM: system\nEXECUTOR: executor\nOPERATOR: operator\nMANAGER: manager\nADMINISTRATOR: administrator",
                enum_type=Role,
                max_length=16,
            ),
        ),
        Described(
            model_name="Correction",
            name="role",
            field=fields.CharEnumField(
                description="RESIDENT: resident\nSYSTEM: system\nEXECUTOR: executor\nOPERATOR: operator\nMANAGER: manager\nADMINISTRATOR: administrator",
                enum_type=Role,
                max_length=16,
            ),
        ),
        Described(
            model_name="Event",
            name="role",
            field=fields.CharEnumField(
                description="RESIDENT: resident\nSYSTEM: system\nEXECUTOR: executor\nOPERATOR: operator\nMANAGER: manager\nADMINISTRATOR: administrator",
                enum_type=Role,
                max_length=16,
            ),
        ),
        Described(
            model_name="Event",
            name="verb",
            field=fields.CharEnumField(
                description="SUBMIT: submit\nCATEGORISE: categorise\nASSIGN: assign\nREASSIGN: reassign\nSTART: start\nASK: ask\nANSWER: answer\nTELL: tell\nNOTE: note\nDECLINE: decline\nNEED_TIME: need_time\nREFUSE_TIME: refuse_time\nREPORT: report\nRESOLVE: resolve\nREWORK: rework\nEXPLAIN: explain\nREJECT: reject\nFORWARD: forward\nEXTEND: extend\nSPLIT: split\nCHECK: check\nCHECKED: checked\nREOPEN: reopen\nCLOSE: close\nRATE: rate\nADD: add\nJOIN: join\nMERGE: merge\nUNMERGE: unmerge\nGROUP: group\nUNGROUP: ungroup\nHELP: help\nWITHDRAW: withdraw\nNUDGE: nudge\nLOCATE: locate\nSEE: see\nPRIORITISE: prioritise\nUNDO: undo",
                enum_type=Verb,
                max_length=16,
            ),
        ),
        Described(
            model_name="Inbox",
            name="channel",
            field=fields.CharEnumField(
                description="TELEGRAM: telegram\nVIBER: viber\nPHONE: phone", enum_type=Channel, max_length=16
            ),
        ),
        Described(
            model_name="Outbox",
            name="channel",
            field=fields.CharEnumField(
                description="TELEGRAM: telegram\nVIBER: viber\nPHONE: phone", enum_type=Channel, max_length=16
            ),
        ),
        Described(
            model_name="Staff",
            name="role",
            field=fields.CharEnumField(
                description="RESIDENT: resident\nSYSTEM: system\nEXECUTOR: executor\nOPERATOR: operator\nMANAGER: manager\nADMINISTRATOR: administrator",
                enum_type=Role,
                max_length=16,
            ),
        ),
    ]
