"""Finding appeals by words, on each database's own index."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import db, search
from core.actions.submit import Place
from core.city import City
from core.models import Appeal, Resident
from core.queries.sql import Where, select
from core.sought import forms, pieces, read
from tests.builders import make_appeal


async def found(query: str) -> list[str] | None:
    sought, where = read(query, year=26), Where()
    ids = search.candidates(sought, where.value, lambda _: "", sqlite=db.is_sqlite(), people=True)
    if ids is None:
        return None
    rows = await select(f"SELECT text FROM appeal WHERE id IN ({ids}) ORDER BY id", where.values)
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
        ("труба", ["Прорвало трубу біля школи"]),
        ("трубою", ["Прорвало трубу біля школи"]),
        ("школа", ["Прорвало трубу біля школи"]),
        ("шкіл", ["Прорвало трубу біля школи"]),
        ("ями", ["яма на дорозі"]),
        ("ямою", ["яма на дорозі"]),
        ("яма на дорогах", ["яма на дорозі"]),
        ("ями Соборність", ["яма на дорозі"]),
        ("їжаками", ["їжак у під'їзді"]),
        ("", None),
        ("!?* ()", None),
    ],
)
async def test_words_are_found_from_their_beginning_in_any_form_and_case(
    query: str, texts: list[str] | None
) -> None:
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


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("труба", "трубою"),
        ("каналізація", "каналізацією"),
        ("ліхтарів", "ліхтар"),
        ("опаленням", "опалення"),
        ("двору", "двір"),
        ("автобусів", "автобус"),
        ("собаками", "собака"),
    ],
)
def test_each_form_of_a_word_finds_the_other(one: str, other: str) -> None:
    for typed, written in ((one, other), (other, one)):
        assert any(
            written.startswith(form.rstrip("*")) if form.endswith("*") else written == form
            for form in forms(typed)
        ), (typed, written)


def test_a_short_word_finds_its_forms_and_not_what_only_begins_like_it() -> None:
    assert {"ями", "ямою", "ям"} <= set(forms("яма"))
    assert not any("ямпіль".startswith(form.rstrip("*")) for form in forms("яма") if form.endswith("*"))


async def test_a_number_is_no_word_of_the_text(city: City) -> None:
    """«26» would be of every appeal of the year, and PostgreSQL takes "26-000002" for 26 and -2."""
    appeal = await make_appeal(city, text="яма", place=Place(address="вул. Соборності, 12-А"))
    assert await found("26") == []
    assert await found(appeal.number) == ["яма"]
    assert await found("12-а") == ["яма"]
    assert await found("Соборності, 12-А") == ["яма"]


async def test_a_resident_is_found_by_name_and_by_telephone_however_it_is_written(city: City) -> None:
    appeal = await make_appeal(city, text="яма")
    await Resident.filter(id=appeal.resident_id).update(name="Олена Коваль", phone="+380671234567")
    for typed in ("067 123-45-67", "+38 (067) 123 45 67", "380671234567", "коваль", "Олени Коваль"):
        assert await found(typed) == ["яма"], typed
    await Resident.filter(id=appeal.resident_id).update(name="", phone="")
    for typed in ("067 123-45-67", "коваль"):
        assert await found(typed) == [], typed


async def test_the_index_follows_each_change_and_is_made_anew_where_it_is_old(city: City) -> None:
    appeal = await make_appeal(city, text="яма")
    await Appeal.filter(id=appeal.id).update(text="люк")
    assert (await found("яма"), await found("люк")) == ([], ["люк"])
    script = "DROP TABLE appeal_words" if db.is_sqlite() else "TRUNCATE appeal_vector"
    await db.connection().execute_script(script)
    await search.ensure_index(db.connection())
    assert await found("люк") == ["люк"]


def test_an_excerpt_begins_near_what_was_found_and_marks_it() -> None:
    text = "слово " * 100 + "прорвало трубу"
    shown = pieces(text, read("труба", year=26), 60)
    assert [piece for piece, marked in shown if marked] == ["трубу"]
    assert sum(len(piece) for piece, _ in shown) <= 61
    assert pieces("яма", None, 60) == [("яма", False)]
