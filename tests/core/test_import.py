"""`zvernys city import` against a database: what would change, what changes, and what stays."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.conversation import asking, card
from bot.conversation.state import new_draft
from core import city as cities
from core import routing
from core.actions import desk, rules
from core.actions.actor import Actor
from core.actions.submit import Place
from core.city import City
from core.errors import Conflict, Invalid
from core.importing import apply as applying
from core.importing.apply import apply
from core.importing.plan import Plan, prepare
from core.importing.reading import write_folder
from core.importing.standing import export
from core.models import Appeal, Category, District, Executor, ModelState, ModelVersion, PackFile
from core.pack import RuleSpec, pack_texts
from core.routing import Change
from core.workflow import Role
from tests.builders import make_appeal, make_staff
from tests.core.conftest import Cast

SHIPPED = pack_texts()
THREE = """
[[group]]
slug = "water"
uk = "Вода"
en = "Water"

[[group]]
slug = "misc"
uk = "Інше"
en = "Other"

[[category]]
slug = "water.leak"
group = "water"
uk = "Витік води"
en = "Water leak"
hours = 3
urgent = true
executor = "water_utility"

[[category]]
slug = "smoke"
group = "misc"
uk = "Дим з труб"
en = "Smoke from pipes"
hours = 8
executor = "ecology_department"

[[category]]
slug = "other"
group = "misc"
uk = "Інше"
en = "Other"
hours = 8
executor = "contact_centre"
"""


@pytest.fixture
def new(tmp_path: Path) -> Path:
    (tmp_path / "new").mkdir()
    return tmp_path / "new"


async def planned(city: City, folder: Path, **files: str) -> Plan:
    """The plan for these files, dots of whose names are written as two underlines."""
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_text(content, "utf-8")
    return await prepare(city.settings, folder)


def outlines() -> str:
    """The shipped districts, one with another name and outline."""
    file = json.loads(SHIPPED["districts.geojson"])
    changed = file["features"][1]
    changed["properties"] |= {"uk": "Центральний район", "old_names": ["Покровський район"]}
    changed["geometry"]["coordinates"][0][1] = [33.45, 47.99]
    return json.dumps(file, ensure_ascii=False)


def without_executor(slug: str) -> str:
    """The shipped executors, one of them replaced by another of its kind."""
    return SHIPPED["executors.toml"].replace(f'"{slug}"', '"new_water"').replace("Кривбасводоканал", "Вода")


async def test_what_was_exported_changes_nothing(city: City, new: Path) -> None:
    write_folder(await export(city.settings), new / "pack")
    plan = await prepare(city.settings, new / "pack")
    assert (plan.lines, plan.warnings, plan.files) == ([], [], {})


async def test_districts_and_streets_of_a_folder_are_taken_over(city: City, new: Path) -> None:
    appeal = await make_appeal(city, place=Place(district="pokrovskyi"))
    running = await cities.load(city.settings)
    streets = SHIPPED["streets.csv"].replace("Миру,avenue,,", "Європейський,avenue,Миру,")
    plan = await planned(city, new, districts__geojson=outlines(), streets__csv=streets)
    words = (
        "uk Покровський район → Центральний район, outline by 16.0% of its area,"
        " old_names Жовтневий район → Покровський район"
    )
    assert plan.lines == [
        "Districts: 1 changed",
        f"  ~ Центральний район (pokrovskyi): {words}; 1 appeal (open 1)",
        "Streets: 1 renamed",
        "  = avenue Миру → avenue Європейський",
    ]
    await apply(city.settings, plan)
    assert (await District.get(slug="pokrovskyi")).uk == "Центральний район"
    assert await running.refresh()
    assert running.districts["pokrovskyi"].uk == "Центральний район"
    found = running.understander.understand("яма на проспекті Європейському 5").places[0]
    assert (found.street, found.known) == ("Європейський", True)
    assert running.rules == city.rules
    assert (await Appeal.get(id=appeal.id)).district_id == "pokrovskyi"
    assert {row.name for row in await PackFile.all()} == {"districts.geojson", "streets.csv"}
    assert not (await prepare(city.settings, new)).lines
    write_folder(SHIPPED, new / "back")
    await apply(city.settings, await prepare(city.settings, new / "back"))
    await running.refresh()
    assert running.pack == city.pack


async def test_an_executor_that_goes_stays_for_its_appeals_alone(city: City, cast: Cast, new: Path) -> None:
    city = replace(city)
    appeal = await make_appeal(city, cast.account)
    gone = appeal.executor_id or ""
    plan = await planned(city, new, executors__toml=without_executor(gone))
    assert "  + КП «Вода» (new_water)" in plan.lines
    assert f"  - КП «Кривбасводоканал» ({gone}): 1 appeal (open 1), 1 officer" in plan.lines
    assert "  ~ category water.leak → new_water: executor kryvbasvodokanal → new_water" in plan.lines
    await apply(city.settings, plan)
    await city.refresh()
    assert not city.executors[gone].active
    assert (await make_appeal(city, cast.account)).executor_id == "new_water"
    with pytest.raises(Invalid, match=r"executor\.unknown"):
        await desk.reassign(
            city, appeal.id, cast.operator, expected=appeal.version, executor=gone, reason="назад"
        )
    (new / "executors.toml").write_text(SHIPPED["executors.toml"], "utf-8")
    await apply(city.settings, await prepare(city.settings, new))
    assert (await Executor.get(slug=gone)).active
    assert not (await Executor.get(slug="new_water")).active


async def test_categories_that_go_are_neither_guessed_nor_offered(city: City, cast: Cast, new: Path) -> None:
    city = replace(city)
    appeal = await make_appeal(city, cast.account, text="не горять ліхтарі", category="lighting.street")
    plan = await planned(city, new, taxonomy__toml=THREE, rules__toml="")
    assert plan.lines[0] == "Groups: 1 new, 10 gone, 1 changed"
    assert "  + Дим з труб (smoke)" in plan.lines
    assert "  - Вуличне освітлення (lighting.street): 1 appeal (open 1)" in plan.lines
    await apply(city.settings, plan)
    await city.refresh()
    assert set(city.understander.slugs) == {"water.leak", "smoke", "other"}
    assert await Category.filter(active=True).count() == 3
    row = await ModelVersion.get(state=ModelState.ACTIVE)
    assert row.version == city.understander.model_version
    draft = new_draft()
    offered = [button.data for row in asking.categories(draft, city, "water").buttons for button in row]
    assert [data for data in offered if data.startswith("cat:")] == [f"cat:{draft.token}:water.leak"]
    draft.texts, draft.category = [["1", "не горять ліхтарі"]], "lighting.street"
    assert card.missing(draft, city) == "category"
    with pytest.raises(Invalid, match=r"category\.unknown"):
        await desk.categorise(
            city, appeal.id, cast.operator, expected=appeal.version, category="lighting.street"
        )
    assert city.categories["lighting.street"].uk == "Вуличне освітлення"


async def test_rules_changed_in_the_panel_stay_unless_a_file_replaces_them(city: City, new: Path) -> None:
    city = replace(city)
    administrator = await make_staff(Role.ADMINISTRATOR)
    rule = RuleSpec(1, "water.leak", None, "pokrovskyi", "gas_networks", co_executors=("dtek",))
    await rules.save(city, Actor.staff(administrator), Change(None, rule), expected=0)
    write_folder(await export(city.settings), new / "pack")
    assert not (await prepare(city.settings, new / "pack")).lines
    plan = await planned(city, new, executors__toml=SHIPPED["executors.toml"].replace('"dtek"', '"power"'))
    assert plan.rules[0] == replace(rule, co_executors=())
    assert [each for each in plan.rules if "dtek" in (each.executor, *each.co_executors)] == []
    plan = await planned(city, new, executors__toml=without_executor("gas_networks"))
    assert routing.key(rule) not in map(routing.key, plan.rules)
    plan = await planned(
        city, new, executors__toml=SHIPPED["executors.toml"], rules__toml=SHIPPED["rules.toml"]
    )
    gone = "  - category water.leak, district pokrovskyi → gas_networks, with dtek"
    assert plan.lines == ["Routing rules: 1 gone", gone]
    assert [each.key for each in plan.warnings] == ["import.rules_replaced"]
    await apply(city.settings, plan)
    await city.refresh()
    assert city.rules == city.pack.rules
    assert (await rules.standing()).version == 2


async def test_interrupted_or_overtaken_nothing_has_changed(
    city: City, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = await planned(
        city, new, districts__geojson=outlines(), executors__toml=without_executor("kryvbasvodokanal")
    )

    async def interrupt(_model: str, _examples: int) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(applying, "settle", interrupt)
        with pytest.raises(ZeroDivisionError):
            await apply(city.settings, plan)
    assert not await city.refresh()
    await cities.changed()
    with pytest.raises(Conflict):
        await apply(city.settings, plan)
    assert await PackFile.all().count() == await Executor.filter(active=False).count() == 0
    assert await District.filter(uk="Центральний район").count() == 0
    assert await cities.rules_stored() == city.rules
