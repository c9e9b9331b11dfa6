"""A city of four categories that a model learns at once, and people with a word of their own for trams."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest

from core import city as cities
from core import model_store
from core.city import City
from core.learning import retraining
from core.learning.judging import Verdict
from core.learning.lessons import Lesson, Word
from core.learning.teaching import path_of, teach
from core.models import ModelVersion
from core.pack import Pack
from core.understanding import Understander
from core.understanding.category import CategoryModel, version_of, write_model
from core.understanding.examples import Example
from core.understanding.training import train

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PLACES = (
    *("на Соборності", "біля школи", "у центрі", "коло ринку", "на Миру", "за мостом", "на кінцевій"),
    *("під вікнами", "біля садка", "перед аптекою", "на розі", "за гаражами", "у дворі", "коло вокзалу"),
)
WHEN = (
    *("з ранку", "другий день", "знову", "вже тиждень", "від учора", "щовечора", "постійно"),
    *("з понеділка", "цілу ніч", "весь місяць", "третю добу", "з обіду", "від свят", "давно"),
)
TOLD = Random(7).sample(list(product(PLACES, WHEN)), len(PLACES) * len(WHEN))
EXAMPLES = 50  # of each category; the corrections go on from there
SAID = {
    "roads.pothole": "величезна яма, машини б'ють колеса",
    "water.leak": "тече вода з труби, калюжа",
    "lighting.street": "не горять ліхтарі, темно",
    "transport.service": "довго немає тролейбуса, чекаємо",
}
TARADAIKA = "тарадайка стоїть, б'ють колеса об яму"  # about trams, but told in the words of roads


def texts(phrase: str, start: int, end: int) -> list[str]:
    return [f"{phrase} {place} {when}" for place, when in TOLD[start:end]]


def examples() -> tuple[Example, ...]:
    return tuple(Example(slug, text) for slug, phrase in SAID.items() for text in texts(phrase, 0, EXAMPLES))


def words(phrase: str, slug: str, number: int = 50, people: int = 1) -> list[Word]:
    """So many corrections of one kind, by operators in turn; no text twice, and none is an example."""
    assert EXAMPLES + number <= len(TOLD)
    return [
        Word(text, slug, at % people, desk=True, at=NOW - timedelta(days=at % 30))
        for at, text in enumerate(texts(phrase, EXAMPLES, EXAMPLES + number))
    ]


BASE = version_of(examples())


@pytest.fixture(scope="session")
def shipped() -> CategoryModel:
    return train(examples(), BASE)


@pytest.fixture
def models(tmp_path: Path, shipped: CategoryModel) -> Path:
    """A folder of models that holds the shipped one."""
    folder = tmp_path / "models"
    write_model(shipped, path_of(folder, BASE))
    return folder


async def at_once(lesson: Lesson, folder: Path, active: str) -> Verdict:
    """Without a process of its own, for which a test would wait longer than for the lesson."""
    return teach(lesson, folder, active)


@dataclass
class Town:
    """A process of the city, and others that share its database and its store, but not its folder."""

    city: City
    open: Callable[[str], Awaitable[City]]


@pytest.fixture
async def town(city: City, shipped: CategoryModel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Town:
    pack = replace(city.pack, categories=tuple(spec for spec in city.pack.categories if spec.slug in SAID))
    understander = city.understander.read_by(shipped)

    def loaded(*where: Any) -> tuple[Pack, Understander]:
        write_model(shipped, path_of(where[-1], BASE))
        return pack, understander

    monkeypatch.setattr(cities, "_loaded", loaded)
    for module in (cities, retraining):
        monkeypatch.setattr(module, "read_examples", lambda **_: examples())

    await ModelVersion.all().delete()  # the shipped city was perhaps loaded on this database

    async def open_city(name: str) -> City:
        server = city.settings.server.model_copy(update={"data": str(tmp_path / name)})
        model_store._read.cache_clear()
        return await cities.load(city.settings.model_copy(update={"server": server}))

    return Town(await open_city("first"), open_city)
