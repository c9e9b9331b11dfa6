"""A connection that says what is wrong with it, and transactions that wait their turn."""

import asyncio
import sys
from pathlib import Path

import pytest
from tortoise.exceptions import DBConnectionError, DoesNotExist, IntegrityError, OperationalError

from core import db
from core.models import Counter, Resident

HOME = Path(__file__).parents[2]


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


async def test_cancelled_while_it_begins_it_lets_the_others_go_on(database: str) -> None:
    async def begin() -> None:
        async with db.transaction():
            await Counter.create(name="never")
            await asyncio.sleep(60)

    for turns in range(50):  # more than a pool of PostgreSQL's has connections
        task = asyncio.create_task(begin())
        for _ in range(turns % 12):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        async with asyncio.timeout(5), db.transaction():
            await Counter.create(name=str(turns))
    assert await Counter.all().count() == 50
    assert database


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
            await db.connection().execute_query_dict("SELECT pg_terminate_backend(pg_backend_pid())")

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
