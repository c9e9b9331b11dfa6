from tortoise import migrations
from tortoise.migrations import operations as ops
from core.models.messages import OutboxState
from core.workflow import Kind, Verb
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index, PartialIndex

class Migration(migrations.Migration):
    dependencies = [('core', '0002_understanding')]

    initial = False

    operations = [
        ops.CreateModel(
            name='LinkCode',
            fields=[
                ('code_hash', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ('account', fields.ForeignKeyField('core.Account', source_field='account_id', db_constraint=True, to_field='id', related_name='link_codes', on_delete=OnDelete.CASCADE)),
                ('expires_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'link_code', 'app': 'core', 'pk_attr': 'code_hash'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Account',
            name='forget_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AlterField(
            model_name='Appeal',
            name='kind',
            field=fields.CharEnumField(default=Kind.REQUEST, description='REQUEST: request\nSTATEMENT: statement\nCOMPLAINT: complaint\nPROPOSAL: proposal\nDEPUTY: deputy\nTHANKS: thanks\nCONSULTATION: consultation', enum_type=Kind, max_length=16),
        ),
        ops.AddField(
            model_name='Appeal',
            name='nudged_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Conversation',
            name='remind_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddIndex(
            model_name='Conversation',
            index=Index(fields=['remind_at']),
        ),
        ops.AlterField(
            model_name='Event',
            name='verb',
            field=fields.CharEnumField(description='SUBMIT: submit\nCATEGORISE: categorise\nASSIGN: assign\nREASSIGN: reassign\nSTART: start\nASK: ask\nANSWER: answer\nTELL: tell\nNOTE: note\nREPORT: report\nRESOLVE: resolve\nREWORK: rework\nEXPLAIN: explain\nREJECT: reject\nREOPEN: reopen\nCLOSE: close\nRATE: rate\nADD: add\nJOIN: join\nMERGE: merge\nUNMERGE: unmerge\nGROUP: group\nUNGROUP: ungroup\nHELP: help\nWITHDRAW: withdraw\nNUDGE: nudge\nLOCATE: locate\nSEE: see', enum_type=Verb, max_length=16),
        ),
        ops.AlterField(
            model_name='Outbox',
            name='state',
            field=fields.CharEnumField(default=OutboxState.PENDING, description='HELD: held\nPENDING: pending\nSENT: sent\nDELIVERED: delivered\nSEEN: seen\nFAILED: failed\nDROPPED: dropped', enum_type=OutboxState, max_length=16),
        ),
        ops.AddField(
            model_name='Outbox',
            name='held_for',
            field=fields.CharField(db_default='', max_length=16),
        ),
        ops.AddIndex(
            model_name='Outbox',
            index=PartialIndex(fields=['due_at', 'held_for'], condition={'state': 'held'}),
        ),
        ops.AddIndex(
            model_name='Outbox',
            index=PartialIndex(fields=['sent_at'], condition={'billable': True}),
        ),
        ops.AlterField(
            model_name='RoutingRule',
            name='kind',
            field=fields.CharEnumField(null=True, description='REQUEST: request\nSTATEMENT: statement\nCOMPLAINT: complaint\nPROPOSAL: proposal\nDEPUTY: deputy\nTHANKS: thanks\nCONSULTATION: consultation', enum_type=Kind, max_length=16),
        ),
        ops.AddField(
            model_name='Survey',
            name='reasons',
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
    ]
