from pathlib import Path

import pytest

from core.pack import Pack, load_pack
from core.understanding import Understander
from core.understanding.category import CategoryModel, load_model
from core.understanding.gazetteer import Gazetteer


@pytest.fixture(scope="session")
def pack() -> Pack:
    return load_pack()


@pytest.fixture(scope="session")
def model(pack: Pack, model_cache: Path) -> CategoryModel:
    """The shipped model, trained once a session at most."""
    return load_model(model_cache, pack.categories)


@pytest.fixture(scope="session")
def understander(pack: Pack, model: CategoryModel) -> Understander:
    return Understander(pack, model)


@pytest.fixture(scope="session")
def gazetteer(pack: Pack) -> Gazetteer:
    return Gazetteer(pack.streets, pack.districts, pack.landmarks, pack.uk)
