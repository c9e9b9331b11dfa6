"""The rules and absences on a narrow screen, without scripts, by keyboard alone."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Page, expect

from core import auth
from core.workflow import Role
from tests import browsing
from tests.admin.conftest import Panel
from tests.builders import make_appeal, make_staff

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
NARROW = 390


@pytest.fixture
async def page(panel: Panel) -> AsyncIterator[Page]:
    """An administrator's phone, with scripts off."""
    home = str(panel.server.make_url("/"))
    async with browsing.chromium() as browser:
        context = await browser.new_context(
            base_url=home,
            viewport={"width": NARROW, "height": 800},
            locale="uk-UA",
            java_script_enabled=False,
        )
        token = await auth._open_session(await make_staff(Role.ADMINISTRATOR), "", "", 12)
        await context.add_cookies([{"name": "zvernys", "value": token, "url": home}])
        yield await context.new_page()


async def fits(page: Page) -> bool:
    width: Any = await page.evaluate("document.documentElement.scrollWidth")
    return int(width) <= NARROW


async def test_a_rule_is_added_by_keyboard_on_a_phone_without_scripts(panel: Panel, page: Page) -> None:
    appeal = await make_appeal(panel.city)
    await page.goto("/admin/rules")
    assert await fits(page)
    await page.get_by_role("link", name="Додати правило").press("Enter")
    await page.get_by_label("Тема").select_option("category:water.leak")
    await page.get_by_label("Район").select_option("metalurhiinyi")
    await page.get_by_label("Місце в таблиці").fill("1")
    await page.get_by_label("Виконавець", exact=True).select_option("dtek")
    await page.get_by_label("Газмережі").press("Space")
    assert await fits(page)
    await page.get_by_role("button", name="Перевірити на останніх зверненнях").press("Enter")
    await expect(page.get_by_role("link", name=appeal.number)).to_be_visible()
    assert await fits(page)
    await page.get_by_role("button", name="Зберегти").press("Enter")
    await expect(page.locator("#rule-1")).to_contain_text("Співвиконавці: Газмережі")
    assert (panel.city.rules[0].executor, panel.city.rules[0].co_executors) == ("dtek", ("gas_networks",))
    await page.get_by_role("button", name="Правило 1 на місце нижче").press("Enter")
    await page.get_by_role("button", name="Зберегти").press("Enter")
    await expect(page.locator("#rule-2")).to_contain_text("Співвиконавці: Газмережі")


async def test_absences_fit_a_phone(panel: Panel, page: Page) -> None:
    del panel
    for address in ("/admin/absences", "/admin/account"):
        await page.goto(address)
        assert await fits(page), address
