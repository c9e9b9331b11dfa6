"""A phone call typed in a real browser: what appears beside it, by keyboard, on a phone, without scripts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Page, Route, expect

from core import auth
from core.models import Appeal, Channel
from tests import browsing
from tests.admin.conftest import Panel, _quick, make_panel, panel
from tests.browsing import complaints
from tests.builders import make_staff

__all__ = ["_quick", "make_panel", "panel"]
pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
WORDS = "прорвало трубу, вода на дорозі"
LOOK = "**/admin/intake/look"


@asynccontextmanager
async def opened(panel: Panel, *, width: int = 1440, scripts: bool = True) -> AsyncIterator[Page]:
    home = str(panel.server.make_url("/"))
    async with browsing.chromium() as browser:
        context = await browser.new_context(
            base_url=home,
            viewport={"width": width, "height": 900},
            locale="uk-UA",
            java_script_enabled=scripts,
        )
        token = await auth._open_session(await make_staff(name="Олена Коваль"), "", "", 12)
        await context.add_cookies([{"name": "zvernys", "value": token, "url": home}])
        yield await context.new_page()


async def test_a_call_is_typed_and_registered_by_keyboard(panel: Panel) -> None:
    async with opened(panel) as page:
        heard = complaints(page)
        await page.goto("/admin/intake")
        await expect(page.get_by_label("Телефон")).to_be_focused()
        await page.keyboard.type("0671234567")
        await expect(page.locator("#heard")).to_contain_text("новий дзвінок")
        await page.get_by_label("Що сталося").press_sequentially(WORDS)
        await expect(page.locator("#heard [data-key='1']")).to_be_visible()
        await page.get_by_label("Де це").press_sequentially("Соборності 12")
        await expect(page.locator("#heard [name=place]").first).to_be_checked()
        await expect(page.get_by_label("Де це")).to_be_focused()
        await expect(page.get_by_label("Де це")).to_have_value("Соборності 12")
        await page.keyboard.press("Alt+Digit2")
        second = page.locator("#heard [data-key='2']")
        await expect(second).to_be_checked()
        chosen = await second.get_attribute("value")
        await expect(page.locator("#in-category")).to_have_value(chosen or "")
        async with page.expect_navigation(url="**/taken/**"):
            await page.keyboard.press("Control+Enter")
        appeal = await Appeal.get()
        await expect(page.locator(".taken-number")).to_have_text(appeal.number)
        assert (appeal.channel, appeal.category_id) == (Channel.PHONE, chosen)
        assert appeal.district_id == "metalurhiinyi"
        assert heard == []


async def test_a_late_answer_to_older_words_is_dropped(panel: Panel) -> None:
    """The first look is held up until the second has been answered."""
    async with opened(panel) as page:
        held, asked = asyncio.Event(), 0

        async def slow(route: Route) -> None:
            nonlocal asked
            asked += 1
            if asked == 1:
                await held.wait()
            await route.continue_()

        await page.route(LOOK, slow)
        await page.goto("/admin/intake")
        async with page.expect_request(LOOK):
            await page.get_by_label("Телефон").fill("0500000000")
        await page.get_by_label("Телефон").fill("0671234567")
        await expect(page.locator("#heard")).to_contain_text("+380 67 123 45 67")
        held.set()
        await page.wait_for_timeout(300)
        await expect(page.locator("#heard")).to_contain_text("+380 67 123 45 67")
        assert asked == 2


async def test_on_a_narrow_phone_without_scripts(panel: Panel) -> None:
    async with opened(panel, width=390, scripts=False) as page:
        await page.goto("/admin/intake")
        await page.get_by_label("Телефон").fill("0671234567")
        await page.get_by_label("Що сталося").fill(f"{WORDS}, Соборності 12")
        await page.get_by_role("button", name="Перевірити").click()
        await expect(page.locator("#heard")).to_contain_text("новий дзвінок")
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390
        await page.locator("#heard [data-key='1']").check()
        await page.get_by_role("button", name="Зареєструвати").click()
        await expect(page.locator(".taken-number")).to_have_text((await Appeal.get()).number)
