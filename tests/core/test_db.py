"""Migrations that keep every row, the same schema by either way, and transactions that wait their turn."""

import asyncio
import shutil
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from tortoise import Tortoise
from tortoise.context import get_current_context
from tortoise.exceptions import DBConnectionError, DoesNotExist, IntegrityError, OperationalError
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.operations import AlterModelOptions

from core import db, migrations, search
from core.models import Account, Appeal, Category, Channel, Counter, Event, Notice, Outbox, Resident
from core.workflow import Role, Status, Verb
from tests.builders import make_staff

HOME = Path(__file__).parents[2]
Schema = dict[str, set[tuple[Any, ...]]]


# migrations


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


async def search_for(query: str) -> list[dict[str, Any]]:
    found = search.condition(query, sqlite=db.is_sqlite(), placeholder=db.placeholder(1))
    assert found is not None
    condition, value = found
    return await db.connection().execute_query_dict(f"SELECT id FROM appeal WHERE {condition}", [value])


async def test_a_migration_that_orphans_rows_is_refused(tmp_path: Path) -> None:
    url = f"sqlite://{tmp_path}/broken.db"
    await db.migrate(url)
    async with db.connect(url):
        await fill()
        await db.connection().execute_script("PRAGMA foreign_keys = OFF; DELETE FROM resident;")
    with pytest.raises(RuntimeError, match="without their parent"):
        await db.migrate(url)


async def test_a_folder_that_is_not_there_is_made(tmp_path: Path) -> None:
    url = f"sqlite://{tmp_path}/new/folder/zvernys.db"
    await db.migrate(url)
    async with db.connect(url):
        assert await Counter.all().count() == 0


async def test_a_file_that_is_no_database_is_an_error_each_time(tmp_path: Path) -> None:
    (tmp_path / "plain.db").write_text("plain words " * 100)
    async with db.connect(f"sqlite://{tmp_path}/plain.db"), asyncio.timeout(5):
        for _ in range(2):
            with pytest.raises(DBConnectionError, match="not a database"):
                await Counter.all().count()


# transactions


async def test_hooks_run_once_after_the_commit_and_not_at_all_after_a_rollback(database: str) -> None:
    heard: list[str] = []

    def hook() -> None:
        heard.append("heard")

    async with db.transaction():
        db.after_commit(hook)
        async with db.transaction():
            db.after_commit(hook)
            await Counter.create(name="a")
        assert heard == []
    assert heard == ["heard"]

    async def crash() -> None:
        async with db.transaction():
            db.after_commit(hook)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await crash()
    assert heard == ["heard"]
    db.after_commit(hook)
    assert heard == ["heard", "heard"], "outside of one, at once"
    assert database


async def test_an_inner_failure_undoes_the_inner_part(database: str) -> None:
    async def inner() -> None:
        async with db.transaction():
            await Counter.create(name="inner")
            raise ZeroDivisionError

    async with db.transaction():
        await Counter.create(name="outer")
        with pytest.raises(ZeroDivisionError):
            await inner()
    assert [row.name for row in await Counter.all()] == ["outer"]
    assert database


async def test_transactions_side_by_side_do_not_share_their_hooks(database: str) -> None:
    heard: list[int] = []

    async def one(number: int) -> None:
        async with db.transaction():
            await Counter.create(name=str(number))
            db.after_commit(lambda: heard.append(number))
            await asyncio.sleep(0.01)
            assert number not in heard

    await asyncio.gather(*(one(number) for number in range(5)))
    assert sorted(heard) == list(range(5))
    assert database


async def test_cancelled_while_it_begins_it_lets_the_others_go_on(tmp_path: Path) -> None:
    url = f"sqlite://{tmp_path}/one.db"
    await db.migrate(url)
    async with db.connect(url):
        await cancel_at_every_point()


async def cancel_at_every_point() -> None:
    for turns in range(12):

        async def begin() -> None:
            async with db.transaction():
                await Counter.create(name="never")
                await asyncio.sleep(60)

        task = asyncio.create_task(begin())
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        async with asyncio.timeout(5), db.transaction():
            await Counter.create(name=str(turns))
    assert await Counter.all().count() == 12


BUSY = """
import asyncio, sys
from core import db
from core.models import Counter

async def main(url: str) -> None:
    async with db.connect(url):
        await Counter.get(name="shared")
        print("ready", flush=True)
        sys.stdin.readline()
        for _ in range(100):
            async with db.transaction():
                row = await Counter.get(name="shared")  # reads first, writes later
                await asyncio.sleep(0.001)
                await Counter.filter(name="shared").update(value=row.value + 1)

asyncio.run(main(sys.argv[1]))
"""


async def test_two_processes_on_one_file_wait_for_each_other(tmp_path: Path) -> None:
    url = f"sqlite://{tmp_path}/shared.db"
    await db.migrate(url)
    async with db.connect(url):
        await Counter.create(name="shared")
    pipe = asyncio.subprocess.PIPE
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", BUSY, url, cwd=HOME, stdin=pipe, stdout=pipe, stderr=pipe
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
    ends = await asyncio.gather(*(process.communicate(b"go\n") for process in processes))
    assert [process.returncode for process in processes] == [0, 0], [error.decode() for _, error in ends]
    async with db.connect(url):
        assert (await Counter.get()).value == 200, "none locked out, none lost"


# what the databases say


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (OperationalError("database is locked"), True),
        (DBConnectionError("gone"), True),
        (ConnectionRefusedError(), True),
        (IntegrityError("UNIQUE"), False),
        (DoesNotExist(Counter), False),
        (ValueError("bad"), False),
    ],
)
def test_what_is_an_outage(error: Exception, outage: bool) -> None:  # noqa: FBT001 - a column
    assert db.is_outage(error) is outage


async def test_a_refused_value_is_no_outage_and_a_broken_statement_is_ours(database: str) -> None:
    if database.startswith("sqlite"):
        with pytest.raises(OverflowError) as refused:
            await Resident.get_or_none(id=10**30)
        assert not db.is_outage(refused.value)
    else:
        for bad in ({"id": 10**30}, {"name": "\x00"}):
            with pytest.raises(OperationalError) as refusal:
                await Resident.get_or_none(**bad)
            assert not db.is_outage(refusal.value)


async def test_a_lost_connection_is_an_outage(database: str) -> None:
    if database.startswith("sqlite"):
        pytest.skip("a file has no connection to lose")

    async def cut_off() -> None:
        async with db.transaction():
            await rows("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(Exception) as lost:  # noqa: PT011 - whatever the driver calls it
        await cut_off()
    assert db.is_outage(lost.value), repr(lost.value)
    assert await Counter.all().count() == 0, "the next one has a new connection"


@pytest.mark.parametrize("text", ["", "звичайний", "\x00", "a\ud800b", "😀"])
async def test_what_is_made_storable_can_be_stored(database: str, text: str) -> None:
    stored = await Resident.create(name=db.storable(text), created_at="2026-03-02T08:00:00+00:00")
    found = await Resident.get(id=stored.id)
    assert found.name == db.storable(text)
    if text.isprintable():
        assert found.name == text
    assert database


def test_addresses() -> None:
    found = db.configuration("asyncpg://us%40er:p%2Fw@db.example:6543/city?host=/run/pg")["connections"][
        "default"
    ]
    credentials = found["credentials"]
    assert credentials["host"] == "/run/pg"
    assert (credentials["port"], credentials["user"], credentials["password"]) == (6543, "us@er", "p/w")
    assert credentials["database"] == "city"
    sqlite = db.configuration("sqlite://var/zvernys.db")["connections"]["default"]["credentials"]
    assert sqlite["file_path"] == "var/zvernys.db"
    assert (sqlite["journal_mode"], sqlite["synchronous"], sqlite["foreign_keys"]) == ("WAL", "FULL", "ON")
