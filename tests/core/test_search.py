"""Finding appeals by words, on each database's own index."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import db, search
from core.actions.submit import Place
from core.city import City
from tests.builders import make_appeal


async def found(query: str) -> list[str] | None:
    condition = search.condition(query, sqlite=db.is_sqlite(), placeholder=db.placeholder(1))
    if condition is None:
        return None
    where, value = condition
    rows = await db.connection().execute_query_dict(
        f"SELECT text FROM appeal WHERE {where} ORDER BY id", [value]
    )
    return [row["text"] for row in rows]


@pytest.fixture
async def appeals(city: City) -> None:
    await make_appeal(city, text="Прорвало трубу біля школи")
    await make_appeal(city, text="яма на дорозі", place=Place(address="вул. Соборності, 12"))
    await make_appeal(city, text="їжак у під'їзді")


@pytest.mark.usefixtures("appeals")
@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("ТРУБУ", ["Прорвало трубу біля школи"]),
        ("про тру", ["Прорвало трубу біля школи"]),
        ("соборності 12 яма", ["яма на дорозі"]),
        ("їж", ["їжак у під'їзді"]),
        ("під'їзді", ["їжак у під'їзді"]),
        ("трубу яма", []),
        ("рубу", []),
        ("", None),
        ("!?* ()", None),
    ],
)
async def test_words_are_found_from_their_beginning_in_any_case(query: str, texts: list[str] | None) -> None:
    assert await found(query) == texts


@pytest.mark.usefixtures("appeals")
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.text(st.characters(codec="utf-8"), max_size=30)
    | st.sampled_from(["NEAR(", '"', "a:*", "' OR 1=1 --", "AND"])
)
async def test_no_query_whatever_is_an_error(query: str) -> None:
    await found(query)
