"""The catalogue as a browser meets it: the district's map, files chosen and applied, and no script at all."""

import json
from typing import Any

import pytest
from playwright.async_api import expect

from core.models import District
from core.pack import pack_texts
from core.workflow import Role
from tests import browsing
from tests.admin.conftest import Panel
from tests.admin.test_browser import open_tab
from tests.builders import make_staff

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


async def test_a_district_is_drawn_and_its_names_come_by_file(panel: Panel) -> None:
    file: dict[str, Any] = json.loads(pack_texts()["districts.geojson"])
    file["features"][1]["properties"]["uk"] = "Центральний район"
    async with browsing.chromium() as chromium:
        page = await open_tab(panel, chromium, await make_staff(Role.ADMINISTRATOR))
        heard, failed = browsing.complaints(page), browsing.failures(page)
        await page.goto("/admin/catalogue/districts/pokrovskyi")
        await expect(page.locator("#outline path.district.is-own")).to_have_count(1)
        await expect(page.locator("#outline .district-name.is-own")).to_have_text("Покровський район")
        await page.goto("/admin/catalogue/files")
        await page.get_by_label("Архів zip або файли").set_input_files(
            {
                "name": "districts.geojson",
                "mimeType": "application/geo+json",
                "buffer": json.dumps(file).encode(),
            }
        )
        await browsing.follow(page, page.get_by_role("button", name="Показати, що зміниться"))
        await expect(page.locator(".cat-plan")).to_contain_text("Центральний район (pokrovskyi)")
        assert (await District.get(slug="pokrovskyi")).uk == "Покровський район"
        await browsing.follow(page, page.get_by_role("button", name="Застосувати зміни"))
        await expect(page.locator("#content")).to_contain_text("Центральний район")
        assert (await District.get(slug="pokrovskyi")).uk == "Центральний район"
        assert heard == failed == []


async def test_a_deadline_is_changed_on_a_phone_without_scripts(panel: Panel) -> None:
    async with browsing.chromium() as chromium:
        page = await open_tab(
            panel, chromium, await make_staff(Role.ADMINISTRATOR), java_script_enabled=False
        )
        await page.set_viewport_size({"width": 390, "height": 800})
        await page.goto("/admin/catalogue/categories/water.leak")
        await page.get_by_label("Строк, годин").fill("5")
        await page.get_by_label("Назва англійською").fill("")
        await page.get_by_label("Назва англійською").evaluate("field => field.required = false")
        await page.get_by_role("button", name="Зберегти").press("Enter")
        await expect(page.locator("#e-en")).to_have_text("Заповніть це поле.")
        await page.get_by_label("Назва англійською").fill("Leak")
        await browsing.follow(page, page.get_by_role("button", name="Зберегти"))
        await expect(page.locator(".cat-lines")).to_contain_text("Leak")
        row = panel.city.categories["water.leak"]
        assert (row.hours, row.en) == (5.0, "Leak")
