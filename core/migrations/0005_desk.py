from tortoise import migrations
from tortoise.migrations import operations as ops
from core.models.desk import TaskKind
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('core', '0004_accounts')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Change',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('staff', fields.ForeignKeyField('core.Staff', source_field='staff_id', null=True, db_constraint=True, to_field='id', related_name='changes', on_delete=OnDelete.SET_NULL)),
                ('subject', fields.CharField(max_length=32)),
                ('key', fields.CharField(max_length=64)),
                ('before', fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ('after', fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={'table': 'change', 'app': 'core', 'indexes': [Index(fields=['subject', 'key', 'id']), Index(fields=['at'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Follow',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('staff', fields.ForeignKeyField('core.Staff', source_field='staff_id', db_constraint=True, to_field='id', related_name='follows', on_delete=OnDelete.CASCADE)),
                ('appeal', fields.ForeignKeyField('core.Appeal', source_field='appeal_id', db_constraint=True, to_field='id', related_name='follows', on_delete=OnDelete.CASCADE)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'follow', 'app': 'core', 'unique_together': (('appeal_id', 'staff_id'),), 'indexes': [Index(fields=['staff_id', 'id'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Look',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('staff', fields.ForeignKeyField('core.Staff', source_field='staff_id', null=True, db_constraint=True, to_field='id', related_name='looks', on_delete=OnDelete.SET_NULL)),
                ('appeal', fields.ForeignKeyField('core.Appeal', source_field='appeal_id', db_constraint=True, to_field='id', related_name='looks', on_delete=OnDelete.CASCADE)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'look', 'app': 'core', 'indexes': [Index(fields=['appeal_id', 'id']), Index(fields=['at'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Presence',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('staff', fields.ForeignKeyField('core.Staff', source_field='staff_id', db_constraint=True, to_field='id', related_name='presences', on_delete=OnDelete.CASCADE)),
                ('appeal', fields.ForeignKeyField('core.Appeal', source_field='appeal_id', db_constraint=True, to_field='id', related_name='presences', on_delete=OnDelete.CASCADE)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'presence', 'app': 'core', 'unique_together': (('appeal_id', 'staff_id'),), 'indexes': [Index(fields=['at'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='SavedFilter',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('staff', fields.ForeignKeyField('core.Staff', source_field='staff_id', db_constraint=True, to_field='id', related_name='saved_filters', on_delete=OnDelete.CASCADE)),
                ('name', fields.CharField(max_length=60)),
                ('query', fields.CharField(max_length=1000)),
                ('shared', fields.BooleanField(default=False)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'saved_filter', 'app': 'core', 'unique_together': (('staff_id', 'name'),), 'indexes': [Index(fields=['shared'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Task',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('appeal', fields.ForeignKeyField('core.Appeal', source_field='appeal_id', db_constraint=True, to_field='id', related_name='tasks', on_delete=OnDelete.CASCADE)),
                ('kind', fields.CharEnumField(description='CHECK: check\nCALL: call', enum_type=TaskKind, max_length=8)),
                ('assignee', fields.ForeignKeyField('core.Staff', source_field='assignee_id', null=True, db_constraint=True, to_field='id', related_name='tasks', on_delete=OnDelete.SET_NULL)),
                ('words', fields.TextField(default='', unique=False)),
                ('dedupe', fields.CharField(null=True, unique=True, max_length=64)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('due_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('done_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('done_by', fields.ForeignKeyField('core.Staff', source_field='done_by_id', null=True, db_constraint=True, to_field='id', related_name='done_tasks', on_delete=OnDelete.SET_NULL)),
                ('outcome', fields.CharField(default='', max_length=16)),
                ('finding', fields.TextField(default='', unique=False)),
            ],
            options={'table': 'task', 'app': 'core', 'indexes': [Index(fields=['done_at', 'kind', 'id']), Index(fields=['appeal_id', 'id'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Template',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('position', fields.IntField()),
                ('verb', fields.CharField(db_default='', max_length=16)),
                ('title_uk', fields.CharField(max_length=100)),
                ('title_en', fields.CharField(max_length=100)),
                ('uk', fields.TextField(unique=False)),
                ('en', fields.TextField(unique=False)),
                ('active', fields.BooleanField(default=True)),
            ],
            options={'table': 'template', 'app': 'core', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Appeal',
            name='declined',
            field=fields.IntField(db_default=0),
        ),
        ops.AddField(
            model_name='Appeal',
            name='extended',
            field=fields.IntField(db_default=0),
        ),
        ops.AddField(
            model_name='Appeal',
            name='forwarded_to',
            field=fields.CharField(db_default='', max_length=300),
        ),
        ops.AddField(
            model_name='Executor',
            name='head',
            field=fields.CharField(db_default='', max_length=200),
        ),
        ops.AddIndex(
            model_name='Resident',
            index=Index(fields=['phone']),
        ),
    ]
