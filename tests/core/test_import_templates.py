"""Reply templates in the files of a city: out as they stand, in again with their history."""

from dataclasses import asdict
from typing import Any

import pytest

from core.actions import reply_templates
from core.actions.actor import Actor
from core.actions.reply_templates import facts_of
from core.city import City
from core.errors import Conflict
from core.importing.apply import apply
from core.importing.checks import check_templates
from core.importing.plan import planned
from core.importing.standing import export
from core.models import Change, PackFile, Template
from core.pack import TEMPLATES, PackError, TemplateSpec, pack_texts, read_pack, templates_text
from core.workflow import Role
from tests.builders import make_staff

SHIPPED = pack_texts()
FIRST = read_pack(SHIPPED).templates[0]
NEW = TemplateSpec("", "Дякуємо", "Thanks", 'Дякуємо[, {name}].\n\n«Місто» \\ "{number}"', "Thank you.")
RIGHT = (
    '[[template]]\nverb = "ask"\ntitle_uk = "Де"\ntitle_en = "Where"\nuk = "Де[, {name}]?"\nen = "Where?"\n'
)


@pytest.fixture
async def administrator(city: City) -> Actor:
    del city
    return Actor.staff(await make_staff(Role.ADMINISTRATOR))


def typed(spec: TemplateSpec, position: int = 1, *, active: bool = True) -> dict[str, Any]:
    return {**asdict(spec), "position": position, "active": active}


async def offered() -> list[Template]:
    return await Template.filter(active=True).order_by("position")


async def test_what_is_written_reads_as_it_was(city: City, administrator: Actor) -> None:
    assert (await export(city.settings))[TEMPLATES] == SHIPPED[TEMPLATES]
    await reply_templates.save(administrator, None, None, typed(NEW))
    await reply_templates.save(administrator, None, None, typed(NEW, 3))
    row = (await offered())[3]
    was = facts_of(row)
    await reply_templates.save(administrator, row.id, was, was | {"active": False})
    texts = await export(city.settings)
    found = read_pack(texts).templates
    assert (found[0], found[1], found[2]) == (NEW, FIRST, NEW)
    assert row.title_uk not in {each.title_uk for each in found}
    plan = await planned(city.settings, texts)
    assert (plan.lines, plan.templates) == ([], None)


async def test_they_are_changed_added_retired_and_brought_back(city: City, administrator: Actor) -> None:
    await Change.all().delete()
    before = await offered()
    specs = read_pack(SHIPPED).templates
    changed = TemplateSpec(FIRST.verb, FIRST.title_uk, "Where is it", FIRST.uk, FIRST.en)
    brought = {TEMPLATES: templates_text([NEW, *specs[2:], changed])}
    plan = await planned(city.settings, brought)
    assert plan.lines == [
        "Reply templates: 1 new, 1 gone, 1 changed",
        "  + Дякуємо",
        f"  - {specs[1].title_uk} ({specs[1].verb})",
        f"  ~ {FIRST.title_uk} ({FIRST.verb}): title_en {FIRST.title_en} → Where is it",
        "  ~ their order",
    ]
    await apply(city.settings, plan, by=administrator.staff_id)
    after = await offered()
    assert [each.id for each in after[1:]] == [*(each.id for each in before[2:]), before[0].id]
    assert [each.position for each in after] == list(range(1, len(after) + 1))
    assert (after[0].title_uk, after[0].uk) == (NEW.title_uk, NEW.uk)
    assert not (await Template.get(id=before[1].id)).active
    told = {change.key: (change.before, change.after) for change in await Change.filter(subject="template")}
    assert told == {
        str(after[0].id): (None, asdict(NEW) | {"active": True}),
        str(before[0].id): ({"title_en": FIRST.title_en}, {"title_en": "Where is it"}),
        str(before[1].id): ({"active": True}, {"active": False}),
    }
    assert await Change.all().count() == len(told)
    assert not (await planned(city.settings, brought)).differences
    assert not (await planned(city.settings, await export(city.settings))).differences
    await apply(city.settings, await planned(city.settings, {TEMPLATES: SHIPPED[TEMPLATES]}))
    assert [each.id for each in await offered()] == [each.id for each in before]
    assert await Template.filter(active=False).count() == 1


async def test_without_their_file_they_stay_as_they_are(city: City, administrator: Actor) -> None:
    await reply_templates.save(administrator, None, None, typed(NEW))
    rows = await Template.all().order_by("id").values()
    texts = {name: text for name, text in SHIPPED.items() if name != TEMPLATES}
    texts["districts.geojson"] = texts["districts.geojson"].replace("Тернівський район", "Північний район")
    plan = await planned(city.settings, texts)
    await apply(city.settings, plan)
    assert [each.subject for each in plan.differences] == ["district"]
    assert await Template.all().order_by("id").values() == rows


async def test_who_changed_one_meanwhile_is_not_overwritten(city: City, administrator: Actor) -> None:
    plan = await planned(city.settings, {TEMPLATES: templates_text([NEW])})
    was = facts_of((await offered())[0])
    await reply_templates.save(administrator, (await offered())[0].id, was, was | {"en": "Mine"})
    with pytest.raises(Conflict, match=r"import\.overtaken"):
        await apply(city.settings, plan)
    assert (await offered())[0].en == "Mine"
    assert not await PackFile.exists()


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (RIGHT.replace("{name}", "{who}"), "`uk`: Unknown: {who}."),
        (RIGHT.replace("Where?", "[Where?"), "`en`: Unknown: [."),
        (RIGHT.replace('"ask"', '"shout"'), "`verb` = 'shout' is unknown; known: ask, "),
        (RIGHT.replace('"Де"', f'"{"Д" * 101}"'), "`title_uk`: "),
        (RIGHT.replace('"Where"', '"Whe\\nre"'), "`title_en`: "),
        (RIGHT.replace('"Where"', '" "'), "`title_en` must be a text"),
        (RIGHT.replace("Where?", "Where\\u0000"), "`en` must be a text"),
        (RIGHT.replace("\nen =", "\nenglish ="), "`en` must be a text"),
        (RIGHT + "active = false\n", "nothing is called active here"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(text: str, right: str) -> None:
    with pytest.raises(PackError) as caught:
        check_templates(read_pack(SHIPPED | {TEMPLATES: f"{RIGHT}\n{text}"}))
    assert str(caught.value).startswith(f"templates.toml: [[template]] 2: {right}")
    assert caught.value.text("uk") != str(caught.value)


async def test_only_what_is_brought_is_checked(city: City) -> None:
    """A template of former days, when more was allowed, holds nothing else up."""
    await Template.filter(title_uk=FIRST.title_uk).update(uk="{who}")
    texts = await export(city.settings)
    with pytest.raises(PackError, match=r"templates\.toml"):
        await planned(city.settings, texts)
    assert not (await planned(city.settings, {"city.toml": texts["city.toml"]})).differences


def test_the_templates_that_are_shipped_are_whole() -> None:
    assert len(read_pack(SHIPPED).templates) > 10
    check_templates(read_pack(SHIPPED))
