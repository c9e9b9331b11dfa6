from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('core', '0003_conversation')]

    initial = False

    operations = [
        ops.CreateModel(
            name='RecoveryCode',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('staff', fields.ForeignKeyField('core.Staff', source_field='staff_id', db_constraint=True, to_field='id', related_name='recovery_codes', on_delete=OnDelete.CASCADE)),
                ('code_hash', fields.CharField(max_length=64)),
            ],
            options={'table': 'recovery_code', 'app': 'core', 'unique_together': (('staff_id', 'code_hash'),), 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='LinkToken',
            name='purpose',
            field=fields.CharField(db_default='chat', max_length=16),
        ),
        ops.AddField(
            model_name='SignInFailure',
            name='code',
            field=fields.BooleanField(db_default=False),
        ),
        ops.AddField(
            model_name='Staff',
            name='seen_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Staff',
            name='totp_secret',
            field=fields.CharField(db_default='', max_length=64),
        ),
        ops.AddField(
            model_name='Staff',
            name='totp_since',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Staff',
            name='totp_step',
            field=fields.IntField(db_default=0),
        ),
    ]
