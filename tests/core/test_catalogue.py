"""The catalogue changed from the panel: rows, files, rules and the log of it; nothing in work is touched."""

from dataclasses import replace
from typing import Any

import pytest

from core import city as cities
from core.actions import catalogue, catalogue_facts, city_settings, desk
from core.actions.actor import Actor
from core.actions.catalogue_checks import Refused
from core.city import City
from core.errors import Conflict, Forbidden, Invalid
from core.importing.apply import apply
from core.importing.plan import planned
from core.importing.standing import export, standing
from core.models import Appeal, Category, Change, Executor, PackFile
from core.pack import read_pack
from core.workflow import Role
from tests.builders import make_appeal, make_staff
from tests.core.conftest import WATER, Cast
from tests.core.test_import import THREE

LEAK = "water.leak"


@pytest.fixture
async def administrator(city: City) -> Actor:
    del city
    return Actor.staff(await make_staff(Role.ADMINISTRATOR))


async def category(city: City, slug: str = LEAK) -> dict[str, Any]:
    found = catalogue_facts.category_facts((await standing(city.settings)).pack, slug)
    assert found is not None
    return found


async def executor(city: City, slug: str = WATER) -> dict[str, Any]:
    found = catalogue_facts.executor_facts((await standing(city.settings)).pack, slug)
    assert found is not None
    return found


async def test_a_new_deadline_is_for_what_comes_later(city: City, cast: Cast, administrator: Actor) -> None:
    appeal = await make_appeal(city, cast.account)
    due, other = appeal.due_at, await cities.load(city.settings)
    was = await category(city)
    await catalogue.save_category(city, administrator, LEAK, was, was | {"hours": 1.5, "uk": "Прорив"})
    assert (await Appeal.get(id=appeal.id)).due_at == due
    assert (city.categories[LEAK].hours, city.categories[LEAK].uk) == (1.5, "Прорив")
    assert await other.refresh(), "other processes follow"
    assert other.categories[LEAK].hours == 1.5
    later = await make_appeal(city, cast.account)
    assert later.due_at is not None
    assert due is not None
    assert later.due_at < due
    change = await Change.get()
    assert (change.subject, change.key, change.staff_id) == ("category", LEAK, administrator.staff_id)
    assert (change.before, change.after) == (
        {"uk": was["uk"], "hours": was["hours"]},
        {"uk": "Прорив", "hours": 1.5},
    )
    assert not await PackFile.exists(), "names and hours ask for no new model"


async def test_the_order_within_a_group_can_be_changed(city: City, administrator: Actor) -> None:
    own = [each.slug for each in city.categories.values() if each.group == "water"]
    was = await category(city, own[2])
    assert was["place"] == 3
    await catalogue.save_category(city, administrator, own[2], was, was | {"place": 1})
    found = [each.slug for each in city.categories.values() if each.group == "water"]
    assert found == [own[2], *own[:2], *own[3:]]
    assert await Change.all().count() == 1


async def test_who_saves_over_a_change_is_told(city: City, administrator: Actor) -> None:
    was = await category(city)
    await catalogue.save_category(city, administrator, LEAK, was, was | {"urgent": not was["urgent"]})
    with pytest.raises(Conflict, match=r"catalogue\.changed"):
        await catalogue.save_category(city, administrator, LEAK, was, was | {"hours": 9.0})
    assert city.categories[LEAK].hours == was["hours"]


async def test_only_administrators_change_it(city: City, cast: Cast) -> None:
    was = await category(city)
    for actor in (cast.operator, cast.officer):
        with pytest.raises(Forbidden):
            await catalogue.save_category(city, actor, LEAK, was, was | {"hours": 9.0})
        with pytest.raises(Forbidden):
            await catalogue.retire_executor(city, actor, WATER, await executor(city))
    assert not await Change.exists()


@pytest.mark.parametrize(
    ("sent", "field", "key"),
    [
        ({"uk": ""}, "uk", "catalogue.empty"),
        ({"en": "x" * 201}, "en", "catalogue.too_long"),
        ({"en": "a\x07b"}, "en", "catalogue.one_line"),
        ({"hours": None}, "hours", "catalogue.hours"),
        ({"hours": 0.0}, "hours", "catalogue.hours"),
        ({"hours": float("inf")}, "hours", "catalogue.hours"),
        ({"hours": float("nan")}, "hours", "catalogue.hours"),
        ({"group": "no"}, "group", "catalogue.choose"),
        ({"executor_kind": "no"}, "executor_kind", "catalogue.choose"),
        ({"place": None}, "place", "catalogue.place"),
    ],
)
async def test_what_is_wrong_is_said_by_field(
    city: City, administrator: Actor, sent: dict[str, Any], field: str, key: str
) -> None:
    was = await category(city)
    with pytest.raises(Refused) as refused:
        await catalogue.save_category(city, administrator, LEAK, was, was | sent)
    assert {name: error.key for name, error in refused.value.errors.items()} == {field: key}


async def test_categories_come_and_go_and_come_back(city: City, cast: Cast, administrator: Actor) -> None:
    city = replace(city)
    await apply(city.settings, await planned(city.settings, {"taxonomy.toml": THREE, "rules.toml": ""}))
    await city.refresh()
    new = await category(city, "smoke") | {"uk": "Туман", "en": "Fog", "place": 1}
    with pytest.raises(Refused) as refused:
        await catalogue.save_category(city, administrator, "Сталь", None, new)
    assert set(refused.value.errors) == {"slug"}
    await catalogue.save_category(city, administrator, "fog", None, new)
    assert "fog" in city.understander.slugs
    appeal = await make_appeal(city, cast.account, category="fog")
    assert appeal.executor_id is not None
    await catalogue.retire_category(city, administrator, "fog", await category(city, "fog"))
    assert "fog" not in city.understander.slugs
    assert not city.categories["fog"].active
    kept = await Appeal.get(id=appeal.id)
    assert (kept.category_id, kept.due_at, kept.executor_id) == ("fog", appeal.due_at, appeal.executor_id)
    assert all(rule.category != "fog" for rule in city.rules)
    with pytest.raises(Invalid, match=r"category\.unknown"):
        await desk.categorise(city, appeal.id, cast.operator, expected=appeal.version, category="fog")
    await catalogue.save_category(city, administrator, "fog", None, new)
    assert (await Category.get(slug="fog")).active
    with pytest.raises(Invalid, match=r"catalogue\.other_stays"):
        await catalogue.retire_category(city, administrator, "other", await category(city, "other"))


async def test_an_executor_with_work_stays(city: City, cast: Cast, administrator: Actor) -> None:
    city = replace(city)
    appeal = await make_appeal(city, cast.account)
    with pytest.raises(Invalid, match=r"catalogue\.nobody_answers"):
        await catalogue.retire_executor(city, administrator, WATER, await executor(city))
    second = await executor(city) | {"uk": "Другий водоканал", "head": "Олена Коваль", "place": 1}
    await catalogue.save_executor(city, administrator, "second_water", None, second)
    assert city.executors["second_water"].head == "Олена Коваль"
    assert (await make_appeal(city, cast.account)).executor_id == "second_water", "the first of its kind"
    was = await executor(city)
    with pytest.raises(Invalid, match=r"catalogue\.executor_has_work"):
        await catalogue.retire_executor(city, administrator, WATER, was)
    assert city.executors[WATER].active
    await Appeal.filter(id=appeal.id).update(open=False)
    await catalogue.retire_executor(city, administrator, WATER, was)
    assert not (await Executor.get(slug=WATER)).active
    assert WATER not in {rule.executor for rule in city.rules}
    assert {(row.subject, row.key) for row in await Change.filter(after=None)} >= {("executor", WATER)}


async def test_an_executor_that_written_rules_name_is_taken_out_of_them(
    city: City, administrator: Actor
) -> None:
    """The heating plant: rules.toml names it, and rules.toml alone could no longer be read."""
    city = replace(city)
    await catalogue.retire_executor(
        city, administrator, "teplotsentral", await executor(city, "teplotsentral")
    )
    route = city.route("heat.no_heating", None)
    assert route is not None
    assert route.executor == "teplomerezha"
    assert read_pack(await export(city.settings)).rules == city.rules


async def test_what_stands_is_what_is_exported(city: City, administrator: Actor) -> None:
    city = replace(city)
    was = await category(city)
    await catalogue.save_category(city, administrator, LEAK, was, was | {"hours": 2.0, "place": 3})
    one = await executor(city)
    await catalogue.save_executor(
        city, administrator, WATER, one, one | {"head": "Іван «Ґ» \\ Їжак", "place": 2}
    )
    await catalogue.save_district(
        city,
        administrator,
        "pokrovskyi",
        {"uk": "Покровський район", "en": "Pokrovskyi District"},
        {"uk": "Центр", "en": "Centre"},
    )
    facts = city_settings.facts_of(await standing(city.settings))
    await city_settings.save(city, administrator, facts, facts | {"fri": "08:00-12:00, 13:00-15:45"})
    pack = read_pack(await export(city.settings))
    assert [each.slug for each in pack.categories] == [each.slug for each in city.categories.values()]
    assert next(each.hours for each in pack.categories if each.slug == LEAK) == 2.0
    assert pack.executors[1].head == city.executors[WATER].head == "Іван «Ґ» \\ Їжак"
    assert city.districts["pokrovskyi"].uk == "Центр"
    assert len(pack.calendar.weekly[4]) == 2
    assert (pack.districts, pack.emergency) == (city.pack.districts, city.pack.emergency)
    assert pack.rules == city.rules
    assert not (await planned(city.settings, await export(city.settings))).differences


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"uk": ""}, "uk"),
        ({"mon": "8-17"}, "mon"),
        ({"mon": "17:00-08:00"}, "mon"),
        ({"days_off": "2026-02-31"}, "days_off"),
        ({"emergency": []}, "emergency"),
        ({"emergency": [["112", "", "x"]]}, "emergency"),
    ],
)
async def test_wrong_settings_are_refused(
    city: City, administrator: Actor, sent: dict[str, Any], field: str
) -> None:
    facts = city_settings.facts_of(await standing(city.settings))
    with pytest.raises(Refused) as refused:
        await city_settings.save(city, administrator, facts, facts | sent)
    assert field in refused.value.errors or "calendar" in refused.value.errors
    assert not await PackFile.exists()


async def test_deadlines_are_changed_in_one_go(city: City, administrator: Actor) -> None:
    was = {slug: row.hours for slug, row in city.categories.items()}
    now = was | {LEAK: 3.0, "roads.pothole": 240.0}
    await catalogue.save_hours(city, administrator, was, now)
    assert {slug: row.hours for slug, row in city.categories.items()} == now
    assert {row.key for row in await Change.all()} == {LEAK, "roads.pothole"} - {
        slug for slug in now if now[slug] == was[slug]
    }
    with pytest.raises(Conflict):
        await catalogue.save_hours(city, administrator, was, now)
    with pytest.raises(Refused):
        await catalogue.save_hours(city, administrator, now, now | {LEAK: 0.0})
