from tortoise import migrations
from tortoise.migrations import operations as ops
from core.deadlines import Hours
from core.models.appeals import AttachmentKind
from core.models.learning import ModelState
from core.models.together import IncidentState
from core.workflow import Kind, Role, Verb
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('core', '0001_initial')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Absence',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('staff', fields.ForeignKeyField('core.Staff', source_field='staff_id', db_constraint=True, to_field='id', related_name='absences', on_delete=OnDelete.CASCADE)),
                ('substitute', fields.ForeignKeyField('core.Staff', source_field='substitute_id', db_constraint=True, to_field='id', related_name='stands_in', on_delete=OnDelete.CASCADE)),
                ('begins_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('ends_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'absence', 'app': 'core', 'indexes': [Index(fields=['ends_at'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='CoExecutor',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('appeal', fields.ForeignKeyField('core.Appeal', source_field='appeal_id', db_constraint=True, to_field='id', related_name='co_executors', on_delete=OnDelete.RESTRICT)),
                ('executor', fields.ForeignKeyField('core.Executor', source_field='executor_id', db_constraint=True, to_field='slug', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'co_executor', 'app': 'core', 'unique_together': (('appeal_id', 'executor_id'),), 'indexes': [Index(fields=['executor_id', 'appeal_id'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Correction',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('appeal', fields.OneToOneField('core.Appeal', source_field='appeal_id', db_constraint=True, to_field='id', related_name='correction', on_delete=OnDelete.CASCADE)),
                ('category', fields.ForeignKeyField('core.Category', source_field='category_id', db_constraint=True, to_field='slug', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('guess', fields.CharField(max_length=64)),
                ('role', fields.CharEnumField(description='RESIDENT: resident\nSYSTEM: system\nEXECUTOR: executor\nOPERATOR: operator\nADMINISTRATOR: administrator', enum_type=Role, max_length=16)),
                ('staff', fields.ForeignKeyField('core.Staff', source_field='staff_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.SET_NULL)),
                ('resident', fields.ForeignKeyField('core.Resident', source_field='resident_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.SET_NULL)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'correction', 'app': 'core', 'indexes': [Index(fields=['at'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Incident',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('state', fields.CharEnumField(default=IncidentState.PROPOSED, description='PROPOSED: proposed\nOPEN: open\nDISMISSED: dismissed\nENDED: ended', enum_type=IncidentState, max_length=16)),
                ('key', fields.CharField(unique=True, max_length=120)),
                ('version', fields.IntField(default=0)),
                ('category', fields.ForeignKeyField('core.Category', source_field='category_id', db_constraint=True, to_field='slug', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('district', fields.ForeignKeyField('core.District', source_field='district_id', null=True, db_constraint=True, to_field='slug', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('area', fields.BigIntField(null=True)),
                ('began_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('proposed_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('decided_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('staff', fields.ForeignKeyField('core.Staff', source_field='staff_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.SET_NULL)),
            ],
            options={'table': 'incident', 'app': 'core', 'indexes': [Index(fields=['state', 'id']), Index(fields=['category_id', 'state'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='ModelVersion',
            fields=[
                ('version', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=32)),
                ('state', fields.CharEnumField(description='ACTIVE: active\nRETIRED: retired\nREFUSED: refused\nFORGOTTEN: forgotten', enum_type=ModelState, max_length=16)),
                ('made_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('activated_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('examples', fields.IntField()),
                ('corrections', fields.IntField()),
                ('kept_aside', fields.IntField()),
                ('accuracy', fields.FloatField(null=True)),
                ('accuracy_before', fields.FloatField(null=True)),
                ('confusions', fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={'table': 'model_version', 'app': 'core', 'indexes': [Index(fields=['state', 'made_at'])], 'pk_attr': 'version'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='PackFile',
            fields=[
                ('name', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ('content', fields.TextField(unique=False)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'pack_file', 'app': 'core', 'pk_attr': 'name'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Supporter',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('appeal', fields.ForeignKeyField('core.Appeal', source_field='appeal_id', db_constraint=True, to_field='id', related_name='supported', on_delete=OnDelete.RESTRICT)),
                ('resident', fields.ForeignKeyField('core.Resident', source_field='resident_id', db_constraint=True, to_field='id', related_name='supports', on_delete=OnDelete.CASCADE)),
                ('account', fields.ForeignKeyField('core.Account', source_field='account_id', null=True, db_constraint=True, to_field='id', related_name='supports', on_delete=OnDelete.SET_NULL)),
                ('merged', fields.ForeignKeyField('core.Appeal', source_field='merged_id', null=True, db_constraint=True, to_field='id', related_name='merged_as', on_delete=OnDelete.RESTRICT)),
                ('joined_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('solved', fields.BooleanField(null=True)),
                ('stars', fields.IntField(null=True)),
                ('answered_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'supporter', 'app': 'core', 'unique_together': (('appeal_id', 'resident_id'),), 'indexes': [Index(fields=['resident_id', 'appeal_id'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Appeal',
            name='cell',
            field=fields.BigIntField(null=True),
        ),
        ops.AddField(
            model_name='Appeal',
            name='duplicate_of',
            field=fields.ForeignKeyField('core.Appeal', source_field='duplicate_of_id', null=True, db_constraint=True, to_field='id', related_name='duplicates', on_delete=OnDelete.RESTRICT),
        ),
        ops.AddField(
            model_name='Appeal',
            name='incident',
            field=fields.ForeignKeyField('core.Incident', source_field='incident_id', null=True, db_constraint=True, to_field='id', related_name='appeals', on_delete=OnDelete.SET_NULL),
        ),
        ops.AddField(
            model_name='Appeal',
            name='place_key',
            field=fields.CharField(null=True, max_length=120),
        ),
        ops.AddField(
            model_name='Appeal',
            name='supporters',
            field=fields.IntField(db_default=0),
        ),
        ops.AddIndex(
            model_name='Appeal',
            index=Index(fields=['cell', 'category_id', 'created_at']),
        ),
        ops.AddIndex(
            model_name='Appeal',
            index=Index(fields=['category_id', 'created_at']),
        ),
        ops.AddIndex(
            model_name='Appeal',
            index=Index(fields=['place_key', 'category_id', 'created_at']),
        ),
        ops.AddIndex(
            model_name='Appeal',
            index=Index(fields=['duplicate_of_id']),
        ),
        ops.AddIndex(
            model_name='Appeal',
            index=Index(fields=['incident_id']),
        ),
        ops.AddField(
            model_name='Attachment',
            name='kind',
            field=fields.CharEnumField(description='PHOTO: photo\nVIDEO: video\nVOICE: voice\nDOCUMENT: document', db_default=AttachmentKind.PHOTO, enum_type=AttachmentKind, max_length=16),
        ),
        ops.AddField(
            model_name='Attachment',
            name='name',
            field=fields.CharField(db_default='', max_length=200),
        ),
        ops.AddField(
            model_name='Category',
            name='active',
            field=fields.BooleanField(db_default=True),
        ),
        ops.AlterModelOptions(
            name='Conversation',
            options={'table': 'conversation', 'app': 'core', 'pk_attr': 'account_id'},
        ),
        ops.AddField(
            model_name='District',
            name='active',
            field=fields.BooleanField(db_default=True),
        ),
        ops.AlterField(
            model_name='Event',
            name='verb',
            field=fields.CharEnumField(description='SUBMIT: submit\nCATEGORISE: categorise\nASSIGN: assign\nREASSIGN: reassign\nSTART: start\nASK: ask\nANSWER: answer\nTELL: tell\nNOTE: note\nREPORT: report\nRESOLVE: resolve\nREWORK: rework\nEXPLAIN: explain\nREJECT: reject\nREOPEN: reopen\nCLOSE: close\nRATE: rate\nADD: add\nJOIN: join\nMERGE: merge\nUNMERGE: unmerge\nGROUP: group\nUNGROUP: ungroup\nHELP: help', enum_type=Verb, max_length=16),
        ),
        ops.AddField(
            model_name='RoutingRule',
            name='co_executors',
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name='RoutingRule',
            name='hours',
            field=fields.CharEnumField(null=True, description='WORKING: working\nOFF: off', enum_type=Hours, max_length=16),
        ),
        ops.AddField(
            model_name='RoutingRule',
            name='kind',
            field=fields.CharEnumField(null=True, description='REQUEST: request\nSTATEMENT: statement\nCOMPLAINT: complaint\nPROPOSAL: proposal\nDEPUTY: deputy\nTHANKS: thanks', enum_type=Kind, max_length=16),
        ),
        ops.AddField(
            model_name='RoutingRule',
            name='urgent',
            field=fields.BooleanField(null=True),
        ),
    ]
