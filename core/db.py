"""The database: where it is, how it is brought up to date, what one transaction is."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import asyncpg
from tortoise import Tortoise, connections
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.exceptions import (
    DBConnectionError,
    DoesNotExist,
    IntegrityError,
    MultipleObjectsReturned,
    NoValuesFetched,
    OperationalError,
)
from tortoise.migrations.api.migrate import migrate as apply_migrations
from tortoise.transactions import in_transaction

from core import search

# What the engines raise where the database itself fails; asyncpg's own are not Tortoise's.
OUTAGES = (
    OperationalError,
    DBConnectionError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,  # it is shutting down, or starting
    asyncpg.TransactionRollbackError,  # a deadlock
    OSError,
)
# Tortoise derives these from OperationalError, but a database that says so is well.
_ANSWERS = (IntegrityError, DoesNotExist, MultipleObjectsReturned, NoValuesFetched)
LARGEST_ID = 2**31 - 1
_after_commit: ContextVar[list[Callable[[], None]] | None] = ContextVar("after_commit", default=None)


@asynccontextmanager
async def transaction() -> AsyncIterator[None]:
    """All or nothing. Within another transaction it is a savepoint. No network call belongs inside."""
    if _after_commit.get() is not None:
        async with in_transaction():
            yield
        return
    hooks: list[Callable[[], None]] = []
    token = _after_commit.set(hooks)
    try:
        async with in_transaction():
            yield
    finally:
        _after_commit.reset(token)
    for hook in hooks:
        hook()


def after_commit(hook: Callable[[], None]) -> None:
    """Call `hook` once the open transaction has committed, or now where there is none."""
    hooks = _after_commit.get()
    if hooks is None:
        hook()
    elif hook not in hooks:
        hooks.append(hook)


def is_outage(error: BaseException) -> bool:
    """Whether the database itself failed, so that the same will do later; not so where it refused a value."""
    refused = isinstance(error, OperationalError) and isinstance(error.__cause__, asyncpg.DataError)
    return isinstance(error, OUTAGES) and not isinstance(error, _ANSWERS) and not refused


def storable(text: str) -> str:
    """`text` as both engines take it: NUL and lone surrogates become escapes, which JSON reads again."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\x00", "\\u0000")


def configuration(url: str, *, foreign_keys: bool = True) -> dict[str, Any]:
    """Tortoise's configuration for a database URL: sqlite://FILE or asyncpg://USER:PASSWORD@HOST:PORT/NAME."""
    return {
        "connections": {
            "default": _sqlite(url, foreign_keys=foreign_keys) if _is_sqlite(url) else _postgres(url)
        },
        "apps": {"core": {"models": ["core.models"], "migrations": "core.migrations"}},
        "use_tz": True,
        "timezone": "UTC",
    }


def _is_sqlite(url: str) -> bool:
    return url.startswith("sqlite://")


def _sqlite(url: str, *, foreign_keys: bool) -> dict[str, Any]:
    return {
        "engine": "core.sqlite",
        "credentials": {
            "file_path": url.removeprefix("sqlite://"),
            "journal_mode": "WAL",
            "synchronous": "FULL",  # an acknowledged update survives a power cut
            "foreign_keys": "ON" if foreign_keys else "OFF",
            "busy_timeout": 10_000,
            "cache_size": -128_000,
        },
    }


def _postgres(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    host = parse_qs(parts.query).get("host", [parts.hostname or "localhost"])[0]  # a socket's folder, too
    return {
        "engine": "core.postgres",
        "credentials": {
            "host": host,
            "port": parts.port or 5432,
            "user": unquote(parts.username or "postgres"),
            "password": unquote(parts.password or "") or None,
            "database": parts.path.lstrip("/"),
            "minsize": 1,
            "maxsize": 10,
            "statement_cache_size": 500,  # of asyncpg's usual 100 lists and searches leave none to the rest
            "server_settings": {
                "jit": "off",  # short queries; compiling them costs more than it saves
                "random_page_cost": "1.1",  # of memory and SSDs; by that of discs it reads all of the open
            },
        },
    }


@asynccontextmanager
async def connect(url: str) -> AsyncIterator[None]:
    """Open the database for this task and the tasks it starts; closed at the end."""
    if _is_sqlite(url):
        Path(url.removeprefix("sqlite://")).parent.mkdir(parents=True, exist_ok=True)
    EXECUTOR_CACHE.clear()  # Tortoise keeps statements by connection name, in the dialect of the first engine
    context = await Tortoise.init(config=configuration(url))
    try:
        yield
    finally:
        await context.close_connections()


def connection() -> BaseDBAsyncClient:
    """The connection of the present context: the open transaction's, within one."""
    found: BaseDBAsyncClient = connections.get("default")
    return found


def is_sqlite() -> bool:
    return connection().capabilities.dialect == "sqlite"


def placeholder(position: int) -> str:
    """How hand-written SQL names its `position`th value."""
    return "?" if is_sqlite() else f"${position}"


def skip_locked() -> str:
    """Ends a SELECT that claims rows: other processes pass over what this one holds.

    On SQLite the transaction itself holds the only write lock.
    """
    return "" if is_sqlite() else "FOR UPDATE SKIP LOCKED"


async def migrate(url: str) -> None:
    """Bring the database up to date, keeping every row.

    On SQLite an altered parent table is rebuilt, and with foreign keys on that deletes its children without
    an error: so they are off here, and checked afterwards. generate_schemas adds the indexes that AddField
    leaves out.
    """
    sqlite = _is_sqlite(url)
    if sqlite:
        Path(url.removeprefix("sqlite://")).parent.mkdir(parents=True, exist_ok=True)
    config = configuration(url, foreign_keys=False)
    EXECUTOR_CACHE.clear()
    context = await Tortoise.init(config=config)
    try:
        await apply_migrations(config=config)
        await Tortoise.generate_schemas(safe=True)
        await search.ensure_index(connection())
        if sqlite and (broken := (await connection().execute_query("PRAGMA foreign_key_check"))[1]):
            message = f"migration left {len(broken)} rows without their parent, first: {tuple(broken[0])}"
            raise RuntimeError(message)
    finally:
        await context.close_connections()
