"""The catalogue in the panel: read by the desk, changed by administrators, everything told and kept."""

import html
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from core import city as cities
from core import db
from core.importing.standing import standing
from core.models import Appeal, Category, Change, Executor, PackFile, Template
from core.pack import pack_texts
from core.workflow import Role
from tests.admin.conftest import Browser, Panel
from tests.builders import make_appeal, make_staff
from tests.core.test_import import THREE

HOME = "/admin/catalogue"
LEAK = f"{HOME}/categories/water.leak"
WATER = f"{HOME}/executors/kryvbasvodokanal"


@pytest.fixture
async def administrator(panel: Panel) -> Browser:
    return await panel.browser(await make_staff(Role.ADMINISTRATOR, name="Ірина Бондар"))


def fields(page: str, action: str) -> dict[str, Any]:
    """What a browser would send of a form as it stands."""
    form = page[page.index(f'action="{action}"') :].partition("</form>")[0]
    sent: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r' name="([^"]+)"', tag), re.search(r' value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            sent.setdefault(name[1], []).append(html.unescape(value[1]) if value else "")
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent[name] = chosen[1] if chosen else ""
    for name, text in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        sent[name] = html.unescape(text)
    return sent


async def test_every_page_is_shown_in_both_languages(panel: Panel, administrator: Browser) -> None:
    await make_appeal(panel.city)
    for staff in (administrator.staff,):
        assert staff is not None
        for language in ("uk", "en"):
            staff.language = language
            await staff.save()
            for path in (
                "",
                *("/categories", "/categories/water.leak", "/categories/water.leak/retire", "/add-category"),
                *("/executors", "/executors/dtek", "/executors/dtek/retire", "/add-executor"),
                *("/districts", "/districts/pokrovskyi", "/streets?q=мир&district=metalurhiinyi"),
                *("/deadlines", "/city", "/changes", "/files", "/templates", "/add-template", "/templates/1"),
            ):
                page = await administrator.text(f"{HOME}{path}")
                assert page.count("<h1") == 1, path


async def test_the_desk_may_look_but_not_touch(panel: Panel, operator: Browser) -> None:
    del panel
    page = await operator.text(LEAK)
    assert "<fieldset disabled>" in page
    assert "btn-primary" not in page.partition('id="content"')[2]
    assert "Змінюють адміністратори" in await operator.text(HOME)
    assert (await operator.post(LEAK, {})).status == 403


async def test_a_category_is_changed_explained_and_logged(panel: Panel, administrator: Browser) -> None:
    appeal = await make_appeal(panel.city)
    page = await administrator.text(LEAK)
    assert "1 відкрите звернення збереже свою тему й строк" in page
    sent = fields(page, LEAK) | {"uk": "Прорив <b>", "hours": "1,5"}
    response = await administrator.post(LEAK, sent)
    assert (response.status, response.headers["Location"]) == (303, LEAK)
    assert panel.city.categories["water.leak"].hours == 1.5
    assert (await Appeal.get(id=appeal.id)).due_at == appeal.due_at
    for path in (LEAK, f"{HOME}/changes", f"{HOME}/changes?subject=category"):
        shown = await administrator.text(path)
        assert "<ins>1.5</ins>" in shown
        assert "<ins>Прорив &lt;b&gt;</ins>" in shown
        assert "Ірина Бондар" in shown
    assert "<ins>1.5</ins>" not in await administrator.text(f"{HOME}/changes?subject=executor")


async def test_what_is_wrong_stands_beside_its_field(panel: Panel, administrator: Browser) -> None:
    sent = fields(await administrator.text(LEAK), LEAK) | {"uk": "", "en": "Kept", "hours": "скоро"}
    response = await administrator.post(LEAK, sent)
    page = await response.text()
    assert response.status == 422
    assert 'aria-describedby="e-uk"' in page
    assert re.search(r'id="e-hours">Вкажіть години числом', page)
    assert 'value="Kept"' in page
    assert panel.city.categories["water.leak"].en != "Kept"
    assert not await Change.exists()


async def test_a_lost_race_shows_what_was_changed_meanwhile(panel: Panel, administrator: Browser) -> None:
    del panel
    page = await administrator.text(LEAK)
    mine, theirs = fields(page, LEAK) | {"en": "Mine"}, fields(page, LEAK) | {"hours": "7"}
    assert (await administrator.post(LEAK, theirs)).status == 303
    response = await administrator.post(LEAK, mine)
    page = await response.text()
    assert response.status == 409
    assert re.search(r"<b>Строк, годин</b>: [\d.]+ → 7</li>", page)
    assert 'value="Mine"' in page
    assert (await administrator.post(LEAK, fields(page, LEAK) | {"hours": "7"})).status == 303
    row = await Category.get(slug="water.leak")
    assert (row.en, row.hours) == ("Mine", 7.0)


@pytest.mark.parametrize("was", ["[1]", "{", '"x"', "[" * 5000])
async def test_a_form_that_is_not_ours_is_no_request(panel: Panel, administrator: Browser, was: str) -> None:
    del panel
    assert (await administrator.post(LEAK, {"was": was})).status == 400


async def test_an_executor_is_added_and_another_retired(panel: Panel, administrator: Browser) -> None:
    appeal = await make_appeal(panel.city)
    refused = await administrator.text(f"{WATER}/retire")
    assert "не лишиться жодного виконавця" in refused
    assert f'action="{WATER}/retire"' not in refused
    form = f"{HOME}/add-executor"
    sent = fields(await administrator.text(form), form)
    sent |= {"slug": "second", "uk": "Другий", "en": "Second", "short_uk": "Другий", "short_en": "Second"}
    sent |= {"kind": "water_utility", "portfolio": "housing", "head": "Павло Гнатюк"}
    assert (await administrator.post(form, sent | {"slug": "so so"})).status == 422
    assert (await administrator.post(form, sent)).status == 303
    assert "Павло Гнатюк" in await administrator.text(f"{HOME}/executors")
    page = await administrator.text(f"{WATER}/retire")
    assert "у виконавця є відкриті звернення (1)" in page
    assert "<ins>Другий</ins>" in page, "who would answer instead"
    await Appeal.filter(id=appeal.id).update(open=False)
    page = await administrator.text(f"{WATER}/retire")
    assert (await administrator.post(f"{WATER}/retire", fields(page, f"{WATER}/retire"))).status == 303
    assert not (await Executor.get(slug="kryvbasvodokanal")).active
    assert (await make_appeal(panel.city)).executor_id == "second"
    back = await administrator.text(WATER)
    assert "Знято" in back
    assert (await administrator.post(WATER, fields(back, WATER))).status == 303
    assert (await Executor.get(slug="kryvbasvodokanal")).active


async def test_deadlines_settings_and_districts(panel: Panel, administrator: Browser) -> None:
    form = f"{HOME}/deadlines"
    sent = fields(await administrator.text(form), form)
    response = await administrator.post(form, sent | {"hours.gas.leak": "-1"})
    assert (response.status, 'id="e-gas.leak"' in await response.text()) == (422, True)
    assert (await administrator.post(form, sent | {"hours.gas.leak": "0.5"})).status == 303
    assert (await administrator.post(form, sent)).status == 409
    assert panel.city.categories["gas.leak"].hours == 0.5
    form = f"{HOME}/city"
    sent = fields(await administrator.text(form), form)
    sent["number"][-1], sent["number_uk"][-1], sent["number_en"][-1] = "1580", "Довідка", "Help line"
    assert (await administrator.post(form, sent | {"sat": "9-10"})).status == 422
    assert (await administrator.post(form, sent | {"sat": "09:00-13:00"})).status == 303
    assert panel.city.pack.emergency[-1].number == "1580"
    assert panel.city.pack.calendar.weekly[5]
    assert "1580" in await administrator.text(form)
    form = f"{HOME}/districts/pokrovskyi"
    sent = fields(await administrator.text(form), form) | {"uk": "Центральний"}
    assert (await administrator.post(form, sent)).status == 303
    assert panel.city.districts["pokrovskyi"].uk == "Центральний"
    assert {row.subject for row in await Change.all()} == {"category", "city", "emergency", "district"}


async def test_a_template_is_previewed_written_and_retired(panel: Panel, administrator: Browser) -> None:
    del panel
    form = f"{HOME}/add-template"
    sent = fields(await administrator.text(form), form)
    sent |= {
        "title_uk": "Дякуємо",
        "title_en": "Thanks",
        "uk": "Дякуємо[, {name}]: {number}",
        "en": "Thanks {number}",
    }
    count = await Template.all().count()
    shown = await (await administrator.post(form, sent | {"do": "preview"})).text()
    assert "Дякуємо, Людмило: 2026-000123" in shown
    assert await Template.all().count() == count
    response = await administrator.post(form, sent | {"uk": "Для {хто}"})
    assert response.status == 422
    assert "Невідоме: {хто}. Можна лише: {number}, {category}" in await response.text()
    assert (await administrator.post(form, sent | {"position": "1"})).status == 303
    row = await Template.get(title_en="Thanks")
    assert row == await Template.all().order_by("position").first()
    one = f"{HOME}/templates/{row.id}"
    sent = fields(await administrator.text(one), one)
    other = dict(sent) | {"title_en": "Thank you"}
    assert (await administrator.post(one, other)).status == 303
    lost = await administrator.post(one, sent | {"en": "Mine"})
    assert (lost.status, "Thank you" in await lost.text()) == (409, True)
    sent = fields(await administrator.text(one), one)
    del sent["active"]
    assert (await administrator.post(one, sent)).status == 303
    assert not (await Template.get(id=row.id)).active
    changes = await administrator.text(f"{HOME}/changes?subject=template")
    assert "знято" in changes
    assert await Change.filter(subject="template").count() == 3


async def test_changes_come_in_pages(
    panel: Panel, administrator: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    del panel
    monkeypatch.setattr("core.queries.panel.catalogue.history.__kwdefaults__", {"after": None, "limit": 2})
    for hours in ("2", "3", "4"):
        sent = fields(await administrator.text(LEAK), LEAK)
        assert (await administrator.post(LEAK, sent | {"hours": hours})).status == 303
    page = await administrator.text(f"{HOME}/changes?subject=category")
    assert ("<ins>4</ins>" in page, "<ins>2</ins>" in page) == (True, False)
    following = re.search(r'rel="next" href="([^"]+)"', page)
    assert following is not None
    page = await administrator.text(html.unescape(following[1]))
    assert ("<ins>4</ins>" in page, "<ins>2</ins>" in page) == (False, True)
    assert 'rel="next"' not in page


def archive(files: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return out.getvalue()


def upload(*files: tuple[str, bytes]) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for name, content in files:
        form.add_field("files", io.BytesIO(content), filename=name, content_type="application/octet-stream")
    return form


def again(page: str) -> aiohttp.FormData:
    form = aiohttp.FormData(default_to_multipart=True)
    for name, values in fields(page, f"{HOME}/files/apply").items():
        form.add_field(name, values[0])
    return form


async def test_what_is_exported_makes_the_same_city_elsewhere(
    panel: Panel, administrator: Browser, tmp_path: Path
) -> None:
    sent = fields(await administrator.text(LEAK), LEAK) | {"hours": "1.5", "place": "2"}
    assert (await administrator.post(LEAK, sent)).status == 303
    sent = fields(await administrator.text(WATER), WATER) | {"head": "Олена", "place": "3"}
    assert (await administrator.post(WATER, sent)).status == 303
    response = await administrator.get(f"{HOME}/export")
    assert response.headers["Content-Type"] == "application/zip"
    content = await response.read()
    page = await (await administrator.post(f"{HOME}/files", upload(("my.zip", content)))).text()
    assert "Нічого не зміниться" in page
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        packed.extractall(tmp_path / "pack")
    here = await standing(panel.city.settings)
    url = f"sqlite://{tmp_path}/fresh.db"
    await db.migrate(url)
    elsewhere = panel.city.settings.model_copy(
        update={"city": panel.city.settings.city.model_copy(update={"pack": str(tmp_path / "pack")})}
    )
    async with db.connect(url):
        fresh = await cities.load(elsewhere)
        there = await standing(elsewhere)
        assert there.pack == here.pack
        assert fresh.rules == panel.city.rules
        assert not there.rewritten
        assert fresh.executors["kryvbasvodokanal"].head == "Олена"


async def test_files_are_shown_first_and_applied_then(panel: Panel, administrator: Browser) -> None:
    streets = pack_texts()["streets.csv"].replace("Миру,avenue,,", "Європейський,avenue,Миру,").encode()
    response = await administrator.post(f"{HOME}/files", upload(("streets.csv", streets)))
    page = await response.text()
    assert response.status == 200
    assert "avenue Миру → avenue Європейський" in page
    assert not await PackFile.exists()
    form = again(page)
    assert (await administrator.post(f"{HOME}/files/apply", form)).status == 303
    assert any(street.name == "Європейський" for street in panel.city.pack.streets)
    assert "Європейський" in await administrator.text(f"{HOME}/changes")
    lost = await administrator.post(f"{HOME}/files/apply", again(page))
    assert lost.status == 409
    assert "місто змінив хтось інший" in await lost.text()


async def test_templates_come_by_file_and_their_pages_tell_of_it(
    panel: Panel, administrator: Browser
) -> None:
    del panel
    row = await Template.all().order_by("position").first()
    assert row is not None
    text = pack_texts()["templates.toml"].replace(row.title_en, "Where is it")
    page = await (await administrator.post(f"{HOME}/files", upload(("templates.toml", text.encode())))).text()
    assert "Шаблони відповідей" in page
    assert "→ Where is it" in page
    form = again(page)
    one = f"{HOME}/templates/{row.id}"
    other = fields(await administrator.text(one), one) | {"en": "Mine"}
    assert (await administrator.post(one, other)).status == 303
    lost = await administrator.post(f"{HOME}/files/apply", form)
    page = await lost.text()
    assert (lost.status, "місто змінив хтось інший" in page) == (409, True)
    assert (await administrator.post(f"{HOME}/files/apply", again(page))).status == 303
    page = await administrator.text(one)
    assert "<ins>Where is it</ins>" in page
    assert page.count("Ірина Бондар") >= 2
    broken = upload(("templates.toml", text.replace("[, {name}]", "[, {хто}]", 1).encode()))
    refused = await administrator.post(f"{HOME}/files", broken)
    assert "templates.toml: [[template]] 1: `uk`: Невідоме: {хто}." in html.unescape(await refused.text())


async def test_another_catalogue_is_taken_over_with_its_model(panel: Panel, administrator: Browser) -> None:
    files = upload(("taxonomy.toml", THREE.encode()), ("rules.toml", b"# none\n"))
    page = await (await administrator.post(f"{HOME}/files", files)).text()
    assert "Дим з труб (smoke)" in page
    assert "Модель навчиться" in page
    assert (await administrator.post(f"{HOME}/files/apply", again(page))).status == 303
    assert set(panel.city.understander.slugs) == {"water.leak", "smoke", "other"}


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ([("city.toml", b"slug = ")], "city.toml: файл: має бути TOML"),
        ([("streets.csv", b"name,type\n\xff")], "має бути в UTF-8"),
        ([("notes.txt", b"x")], "немає жодного файлу міста"),
        ([("a.zip", b"PK\x03\x04broken")], "не відкрити"),
        ([("a.zip", archive({"../city.toml": "x"}))], "шлях, якого там не буває"),
        ([("a.zip", archive({"/etc/city.toml": "x"}))], "шлях, якого там не буває"),
        ([("a.zip", archive({"..\\city.toml": "x"}))], "шлях, якого там не буває"),
        ([("a.zip", archive({f"{n}.txt": "" for n in range(60)}))], "забагато файлів"),
        ([("a.zip", archive({"streets.csv": b"0" * 33_000_000}))], "Завелике"),
        ([("city.toml", b"x"), ("a.zip", archive({"city.toml": "y"}))], "надіслано двічі"),
    ],
)
async def test_what_can_not_be_read_is_refused_with_its_place(
    panel: Panel, administrator: Browser, files: list[tuple[str, bytes]], told: str
) -> None:
    response = await administrator.post(f"{HOME}/files", upload(*files))
    page = html.unescape(await response.text())
    assert response.status == 422
    assert told in page
    assert f"{HOME}/files/apply" not in page
    assert not await PackFile.exists()
    assert panel.city.pack.slug == "kryvyi_rih"


async def test_files_are_explained_in_the_language_of_who_sent_them(
    panel: Panel, administrator: Browser
) -> None:
    """What is wrong in one, and what another would change."""
    appeal = await make_appeal(panel.city)
    texts = pack_texts()
    broken = ("streets.csv", b"name,type\nNova,strasse\n")
    rules = texts["rules.toml"] + '\n[[rule]]\nkind = "police"\n'
    executors = texts["executors.toml"].replace(f'"{appeal.executor_id}"', '"second"')
    changed = ("rules.toml", rules.encode()), ("executors.toml", executors.encode()), ("x.txt", b"")
    said = {
        "uk": (
            "streets.csv: рядок 2: `type` = «strasse» невідоме; відомі: street",
            (
                "Правила призначення",
                "<b>знято</b>",
                "1 звернення (відкритих 1)",
                "усе інше → police",
                "відкладено",
            ),
        ),
        "en": (
            "streets.csv: line 2: `type` = 'strasse' is unknown; known: street",
            ("Routing rules", "<b>gone</b>", "1 appeal (open 1)", "everything else → police", "left aside"),
        ),
    }
    assert administrator.staff is not None
    for language, (wrong, plan) in said.items():
        administrator.staff.language = language
        await administrator.staff.save()
        response = await administrator.post(f"{HOME}/files", upload(broken))
        assert response.status == 422
        assert wrong in html.unescape(await response.text())
        shown = html.unescape(await (await administrator.post(f"{HOME}/files", upload(*changed))).text())
        for words in plan:
            assert words in shown


async def test_an_upload_has_an_end(panel: Panel, administrator: Browser) -> None:
    del panel
    response = await administrator.post(f"{HOME}/files", upload(("a.zip", b"0" * 17_000_000)))
    assert response.status == 413
    bad = aiohttp.FormData(default_to_multipart=True)
    bad.add_field("packed", "*")
    assert (await administrator.post(f"{HOME}/files/apply", bad)).status == 400


async def test_rules_changed_on_their_page_are_among_the_changes(
    panel: Panel, administrator: Browser
) -> None:
    from core.actions import rules  # noqa: PLC0415 - only here
    from core.actions.actor import Actor  # noqa: PLC0415
    from core.pack import RuleSpec  # noqa: PLC0415
    from core.routing import Change as RuleChange  # noqa: PLC0415

    assert administrator.staff is not None
    rule = RuleSpec(1, "water.leak", None, "pokrovskyi", "gas_networks")
    await rules.save(panel.city, Actor.staff(administrator.staff), RuleChange(None, rule), expected=0)
    page = await administrator.text(f"{HOME}/changes?subject=rule")
    assert "gas_networks" in page
    change = await Change.get()
    assert (change.before, json.dumps(change.after)) == (None, json.dumps(change.after))
    assert change.key == "category=water.leak&district=pokrovskyi"
