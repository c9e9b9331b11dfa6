"""What every test shares: both databases, a city, builders, and a watch for what blocks the event loop."""

import asyncio
import fcntl
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from argon2 import PasswordHasher
from hypothesis import settings

from core import chance, db, passwords
from core import city as cities
from core.city import City
from core.config import load
from core.pack import load_pack
from core.understanding.category import load_model
from tests.postgres import Emptied, address, server

ENGINES = ("sqlite", "postgres")
settings.register_profile("untimed", deadline=None)  # a busy machine is no defect; benches measure
settings.load_profile("untimed")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs no model comes first: one worker does it while another trains the model, if nobody has."""
    items.sort(key=lambda item: "model_cache" in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """The PostgreSQL server of this worker."""
    with server() as running:
        yield running


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy: tests need not migrate again and again."""
    path = tmp_path_factory.mktemp("template") / "zvernys.db"
    asyncio.run(db.migrate(f"sqlite://{path}"))
    return path


@pytest.fixture(scope="session")
def emptied_postgres(postgres: Any) -> Iterator[Emptied]:
    database = Emptied(postgres)
    yield database
    database.close()


@pytest.fixture(autouse=True)
def no_lots() -> Iterator[None]:
    """Nothing is drawn by lot but where all are, or where a test brings a chance of its own."""
    with chance.use(lambda: 0.999999):
        yield


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a migrated, otherwise empty database, on each engine in turn."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_sqlite"), tmp_path / "zvernys.db")
        return f"sqlite://{tmp_path}/zvernys.db"
    database: Emptied = request.getfixturevalue("emptied_postgres")
    return database.anew()


@pytest.fixture(params=ENGINES)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database with nothing in it, on each engine in turn."""
    if request.param == "sqlite":
        return f"sqlite://{tmp_path}/empty.db"
    running = request.getfixturevalue("postgres")
    name = f"zvernys_{uuid4().hex[:12]}"
    running.psql(f"CREATE DATABASE {name};")
    return address(running, name)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[str]:
    """A migrated, open database."""
    async with db.connect(database_url):
        yield database_url


@pytest.fixture
def cheap_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real argon2, but without the 64 MB and the time that make guessing dear."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._hash_of_nobody.cache_clear()


@pytest.fixture(scope="session")
def model_cache(pytestconfig: pytest.Config) -> Path:
    """One trained model for all workers and later runs; its file is named by what it was trained on."""
    cache = pytestconfig.cache
    assert cache is not None
    folder = cache.mkdir("model")
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # whoever comes first trains it, and the others wait
        load_model(folder, load_pack().categories)
    return folder


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
    """The shipped city, as its catalogue stands in the database; a copy, so that a test may refresh it."""
    settings = load(
        server={"data": str(folder)},
        database={"url": database},
        media={"url": (folder / "media").as_uri()},
    )
    if loaded_city:
        await cities._fill(loaded_city[0].pack)
    else:
        loaded_city.append(await cities.load(settings))
    return replace(loaded_city[0], settings=settings)
