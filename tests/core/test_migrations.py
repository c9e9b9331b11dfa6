"""Migrations that keep every row, and the same schema by either way."""

import asyncio
import importlib
import shutil
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from tortoise import Tortoise
from tortoise.context import get_current_context
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.operations import AlterModelOptions

from core import clock, db, migrations, search
from core.control import STEPS, Step
from core.models import Account, Appeal, Category, Channel, Counter, Event, Notice, Outbox, Resident
from core.queries.sql import Where, select
from core.sought import read
from core.workflow import Role, Status, Verb
from tests.builders import make_staff

HOME = Path(__file__).parents[2]
Schema = dict[str, set[tuple[Any, ...]]]


async def schema() -> Schema:
    """Columns, indexes and constraints of every table, by content and not by name."""
    return await (_sqlite_schema() if db.is_sqlite() else _postgres_schema())


async def rows(query: str) -> list[dict[str, Any]]:
    return await db.connection().execute_query_dict(query)


async def _sqlite_schema() -> Schema:
    found: Schema = {}
    for table in await rows(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    ):
        name = table["name"]
        parts: set[tuple[Any, ...]] = {
            ("column", *column.values()) for column in await _pragma("table_info", name)
        }
        parts = {(part[0], *part[2:]) for part in parts}  # a new column stands last, and may
        for index in await _pragma("index_list", name):
            columns = tuple(column["name"] for column in await _pragma("index_info", index["name"]))
            parts.add(("index", bool(index["unique"]), columns))
        for key in await _pragma("foreign_key_list", name):
            parts.add(("foreign key", key["from"], key["table"], key["to"], key["on_delete"]))
        found[name] = parts
    return found


async def _pragma(name: str, argument: str) -> list[dict[str, Any]]:
    return await rows(f"PRAGMA {name}('{argument}')")


async def _postgres_schema() -> Schema:
    found: Schema = {}
    for column in await rows(
        "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default, "
        "is_identity FROM information_schema.columns WHERE table_schema = 'public'"
    ):
        found.setdefault(column.pop("table_name"), set()).add(("column", *column.values()))
    for index in await rows("SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'"):
        unique, _, definition = index["indexdef"].partition("INDEX ")
        found[index["tablename"]].add(("index", "UNIQUE" in unique, definition.partition(" ON ")[2]))
    for key in await rows(
        "SELECT conrelid::regclass::text AS name, contype::text, pg_get_constraintdef(oid) AS definition "
        "FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
    ):
        found[key["name"]].add(("constraint", key["contype"], key["definition"]))
    return found


async def test_a_migrated_database_is_what_the_models_say(
    empty_database_url: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    await db.migrate(empty_database_url)
    async with db.connect(empty_database_url):
        migrated = await schema()
    assert {"appeal", "event", "outbox", "inbox"} <= set(migrated)

    other = f"sqlite://{tmp_path}/fresh.db"
    if not empty_database_url.startswith("sqlite"):
        name = f"fresh_{uuid4().hex[:8]}"
        request.getfixturevalue("postgres").psql(f"CREATE DATABASE {name};")
        before, _, query = empty_database_url.partition("?")
        other = f"{before.rpartition('/')[0]}/{name}?{query}"
    async with db.connect(other):
        await Tortoise.generate_schemas()
        await search.ensure_index(db.connection())
        fresh = await schema()
    bookkeeping = {"tortoise_migrations"}
    assert set(migrated) - set(fresh) <= bookkeeping
    for table, parts in fresh.items():
        assert migrated[table] == parts, table


async def test_migrating_again_changes_nothing(database_url: str) -> None:
    async with db.connect(database_url):
        before = await schema()
        await Counter.create(name="kept", value=7)
    await asyncio.gather(db.migrate(database_url))
    await db.migrate(database_url)
    async with db.connect(database_url):
        assert await schema() == before
        assert (await Counter.get()).value == 7


async def test_no_model_has_changed_without_a_migration(database: str) -> None:
    context = get_current_context()
    assert context is not None
    assert context.apps is not None
    detector = MigrationAutodetector(context.apps, db.configuration(database)["apps"])
    changes = [operation for writer in await detector.changes() for operation in writer.operations]
    migrated = (await detector._project_state()).models

    def imagined(operation: object) -> bool:
        """Tortoise takes a primary key that is a relation for two different attributes."""
        return isinstance(operation, AlterModelOptions) and (
            {**operation.options, "pk_attr": ""}
            == {**migrated["core", operation.name].options, "pk_attr": ""}
        )

    assert [vars(operation) for operation in changes if not imagined(operation)] == []


MORE = """
from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [
        ops.AddField(model_name="Appeal", name="weight", field=fields.IntField(null=True)),
        ops.AlterField(model_name="Appeal", name="number", field=fields.CharField(32, unique=True)),
        ops.AlterField(model_name="Resident", name="name", field=fields.CharField(300, default="")),
    ]
"""


@pytest.fixture
def later_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same project some months on: one migration more, which alters tables that others refer to."""
    name = f"later_{uuid4().hex[:8]}"
    shutil.copytree(
        Path(migrations.__file__).parent, tmp_path / name, ignore=shutil.ignore_patterns("__pyc*")
    )
    (tmp_path / name / "0002_more.py").write_text(MORE)
    monkeypatch.syspath_prepend(tmp_path)
    today = db.configuration

    def later(url: str, *, foreign_keys: bool = True) -> dict[str, Any]:
        found = today(url, foreign_keys=foreign_keys)
        found["apps"]["core"]["migrations"] = name
        return found

    monkeypatch.setattr(db, "configuration", later)


async def fill() -> None:
    """One row of a parent and of each kind of child."""
    await Category.create(
        slug="water.leak", group="water", position=0, uk="Прорив", en="Burst", hours=12, executor_kind="water"
    )
    now = "2026-03-02T08:00:00+00:00"
    resident = await Resident.create(created_at=now)
    account = await Account.create(
        resident=resident, channel=Channel.TELEGRAM, external_id="1", created_at=now, seen_at=now
    )
    staff = await make_staff()
    for number in range(3):
        appeal = await Appeal.create(
            number=f"26-{number:06d}",
            category_id="water.leak",
            resident=resident,
            account=account,
            channel=Channel.TELEGRAM,
            text=f"прорвало трубу {number}",
            created_at=now,
            updated_at=now,
        )
        await Event.create(
            appeal=appeal, at=now, verb=Verb.SUBMIT, role=Role.RESIDENT, to_status=Status.REGISTERED
        )
        await Outbox.create(
            account=account,
            appeal=appeal,
            channel=Channel.TELEGRAM,
            kind="reply",
            body={},
            created_at=now,
            due_at=now,
        )
        await Notice.create(staff=staff, appeal=appeal, kind="assigned", dedupe=str(number), at=now)


async def test_altering_a_parent_keeps_its_children(
    database_url: str, request: pytest.FixtureRequest
) -> None:
    async with db.connect(database_url):
        await fill()
    request.getfixturevalue("later_version")
    await db.migrate(database_url)
    async with db.connect(database_url):
        for model in (Appeal, Event, Outbox, Notice):
            assert await model.all().count() == 3, model
        assert await Account.all().count() == await Resident.all().count() == 1
        assert await Outbox.filter(appeal_id__isnull=True).count() == 0
        assert [row["weight"] for row in await rows("SELECT weight FROM appeal")] == [None, None, None]
        if db.is_sqlite():
            assert await rows("PRAGMA foreign_key_check") == []
            (on,) = await rows("PRAGMA foreign_keys")
            assert on["foreign_keys"] == 1
        found = await search_for("трубу")
        assert len(found) == 3, "the index of words outlives a rebuilt table"
        await Appeal.filter(number="26-000001").update(text="яма")
        assert len(await search_for("трубу")) == 2, "and follows it"


async def test_control_goes_on_where_the_reminders_of_old_stood(database: str) -> None:
    assert database
    await fill()
    early, due, late = await Appeal.all().order_by("id")
    now = clock.now()
    ahead = now + timedelta(hours=8)
    await Appeal.filter(id=early.id).update(due_at=ahead, remind_at=now)
    await Appeal.filter(id=due.id).update(due_at=ahead, remind_at=ahead)
    await Appeal.filter(id=late.id).update(due_at=now - timedelta(days=9), remind_at=None)
    follow_on = importlib.import_module("core.migrations.0007_control").follow_on
    await follow_on(None, SimpleNamespace(client=db.connection()))
    steps = [STEPS[appeal.control] for appeal in await Appeal.all().order_by("id")]
    assert steps == [Step.PRE_ALARM, Step.DUE, Step.HEAD]
    overdue = await Appeal.get(id=late.id)
    assert overdue.remind_at
    assert abs(overdue.remind_at - now) < timedelta(minutes=1)


async def search_for(query: str) -> list[dict[str, Any]]:
    where = Where()
    ids = search.candidates(
        read(query, year=26), where.value, lambda _: "", sqlite=db.is_sqlite(), people=False
    )
    return await select(f"SELECT id FROM appeal WHERE id IN ({ids})", where.values)


async def test_a_migration_that_orphans_rows_is_refused(tmp_path: Path) -> None:
    url = f"sqlite://{tmp_path}/broken.db"
    await db.migrate(url)
    async with db.connect(url):
        await fill()
        await db.connection().execute_script("PRAGMA foreign_keys = OFF; DELETE FROM resident;")
    with pytest.raises(RuntimeError, match="without their parent"):
        await db.migrate(url)
