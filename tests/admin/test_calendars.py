"""Working hours in the panel, of the city and of executors; which deadlines move is shown before they do."""

import html
import re
from datetime import date, timedelta
from typing import Any

import pytest

from core import clock
from core.importing.standing import export
from core.models import Appeal, Event, Executor
from core.workflow import Role, Verb
from tests.admin.conftest import Browser, Panel
from tests.admin.test_catalogue import HOME, WATER, fields, upload
from tests.builders import make_appeal, make_staff
from tests.core.sweeping import calendars_followed

CITY = f"{HOME}/city"
CALM = "water.no_water"


@pytest.fixture
async def administrator(panel: Panel) -> Browser:
    return await panel.browser(await make_staff(Role.ADMINISTRATOR, name="Ірина Бондар"))


def far(appeal: Appeal) -> str:
    """The day on which it is due."""
    assert appeal.due_at is not None
    return appeal.due_at.date().isoformat()


async def test_the_citys_hours_ask_before_deadlines_move(panel: Panel, administrator: Browser) -> None:
    appeals = [await make_appeal(panel.city, category=CALM) for _ in range(2)]
    was = appeals[0].due_at
    sent = fields(await administrator.text(CITY), CITY) | {"days_off": far(appeals[0])}
    response = await administrator.post(CITY, sent)
    page = await response.text()
    assert response.status == 200
    assert "Перенесуться 2 відкриті строки" in page
    assert "Зберегти й перенести" in page
    assert not panel.city.pack.calendar.days_off, "nothing is saved yet"
    asked = fields(page, CITY)
    assert asked["days_off"] == far(appeals[0]), "what was typed is kept"
    response = await administrator.post(CITY, asked | {"sat": "09:00-10:00"})
    assert response.status == 200, "other hours are another question"
    assert (await Appeal.get(id=appeals[0].id)).due_at == was
    assert (await administrator.post(CITY, asked)).status == 303
    assert (await Appeal.get(id=appeals[0].id)).due_at == was, "nobody waits for it"
    await calendars_followed(panel.city)
    assert date.fromisoformat(far(appeals[0])) in panel.city.pack.calendar.days_off
    after = await Appeal.get(id=appeals[0].id)
    assert after.due_at is not None
    assert was is not None
    assert after.due_at > was
    assert await Event.filter(verb=Verb.RECKON, role=Role.ADMINISTRATOR).count() == 2
    card = await administrator.text(f"/admin/appeals/{appeals[0].id}")
    assert "Графік роботи змінився: новий строк" in card


async def test_where_nothing_moves_nothing_is_asked(panel: Panel, administrator: Browser) -> None:
    await make_appeal(panel.city, urgent=True)
    sent = fields(await administrator.text(CITY), CITY) | {"special": "2040-12-31 08:00-12:00\n2041-01-02 -"}
    assert (await administrator.post(CITY, sent)).status == 303
    assert "2040-12-31 08:00-12:00\n2041-01-02 -" in await administrator.text(CITY)


async def test_an_executor_gets_hours_of_its_own(panel: Panel, administrator: Browser) -> None:
    appeal = await make_appeal(panel.city, category=CALM)
    page = await administrator.text(WATER)
    assert 'placeholder="08:00-17:00"' in page, "the city's, where it has none"
    sent = fields(page, WATER)
    every = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "00:00-24:00")
    refused = await administrator.post(WATER, sent | every | {"sat": "9-13"})
    assert (refused.status, 'id="e-sat"' in await refused.text()) == (422, True)
    asked = await administrator.post(WATER, sent | every)
    page = await asked.text()
    assert "Перенесеться 1 відкритий строк" in page
    assert (await Executor.get(slug=appeal.executor_id)).calendar is None
    assert (await administrator.post(WATER, fields(page, WATER))).status == 303
    await calendars_followed(panel.city)
    assert panel.city.calendar(appeal.executor_id) != panel.city.calendar(None)
    due = (await Appeal.get(id=appeal.id)).due_at
    assert due is not None
    assert due < clock.now() + timedelta(hours=24, minutes=1), "around the clock"
    back = await administrator.text(WATER)
    assert re.search(r'name="sun"[^>]*value="00:00-24:00"', back)
    history = html.unescape(await administrator.text(f"{HOME}/changes?subject=executor"))
    assert "Графік роботи" in history
    assert "sun 00:00-24:00" in history


async def test_hours_nobody_can_work_by_are_refused(panel: Panel, administrator: Browser) -> None:
    calendar = panel.city.calendar(None)
    none = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "-")
    sent = fields(await administrator.text(WATER), WATER)
    response = await administrator.post(WATER, sent | none)
    page = html.unescape(await response.text())
    assert response.status == 422
    assert "Потрібен хоча б один робочий день" in page
    assert "<details" in page
    assert re.search(r'<details class="cat-hours" open', page), "the fields are in sight"
    sent = fields(await administrator.text(CITY), CITY)
    assert (await administrator.post(CITY, sent | dict.fromkeys(none, ""))).status == 422
    assert panel.city.calendar(None) == calendar


@pytest.mark.parametrize("language", ["uk", "en"])
async def test_who_only_watches_reads_them(panel: Panel, language: str) -> None:
    manager = await make_staff(Role.MANAGER, language=language)
    browser = await panel.browser(manager)
    sent: dict[str, Any] = {"was": "{}", "mon": "-"}
    assert (await browser.post(CITY, sent)).status in {403, 404}
    page = await browser.text(WATER)
    assert {"uk": "Власний графік роботи", "en": "Working hours of its own"}[language] in page
    assert "<fieldset disabled" in page


async def test_an_import_shows_what_would_move(panel: Panel, administrator: Browser) -> None:
    appeal = await make_appeal(panel.city, category=CALM)
    text = (await export(panel.city.settings))["city.toml"]
    brought = text.replace("days_off = []", f'days_off = ["{far(appeal)}"]', 1)
    assert brought != text
    response = await administrator.post(f"{HOME}/files", upload(("city.toml", brought.encode())))
    page = html.unescape(await response.text())
    assert "Перенесеться 1 відкритий строк" in page
    assert (await Appeal.get(id=appeal.id)).due_at == appeal.due_at
