"""Files on the card in a real browser: its own players, and nothing that the page forbids itself."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, expect

from bot.simulator.sounds import silence
from core import auth
from core.workflow import Role
from tests import browsing
from tests.admin.conftest import Panel
from tests.admin.test_files import stored
from tests.builders import make_appeal, make_staff
from tests.core.files import PDF

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


@pytest.fixture
async def page(panel: Panel) -> AsyncIterator[Page]:
    home = str(panel.server.make_url("/"))
    async with browsing.chromium() as browser:
        context = await browser.new_context(base_url=home, viewport={"width": 390, "height": 800})
        token = await auth._open_session(await make_staff(Role.OPERATOR), "", "", 12)
        await context.add_cookies([{"name": "zvernys", "value": token, "url": home}])
        opened = await context.new_page()
        complaints = browsing.complaints(opened)
        yield opened
    assert complaints == []


async def test_a_voice_message_plays_and_a_document_is_saved_by_its_name(panel: Panel, page: Page) -> None:
    appeal = await make_appeal(panel.city)
    await stored(panel, silence(100), "", appeal)
    await stored(panel, PDF, "Заява про трубу.pdf", appeal)
    await page.goto(f"/admin/appeals/{appeal.id}")
    player = page.locator(".case-what audio")
    await expect(player).to_be_visible()
    await player.evaluate(
        """player => new Promise((ended, failed) => {
            player.muted = true;
            player.addEventListener("ended", ended);
            player.play().catch(failed);
        })"""
    )
    assert await player.evaluate("player => Math.round(player.duration)") == 2
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
    async with page.expect_download() as saved:
        await page.locator(".case-what .file-link").click()
    assert (await saved.value).suggested_filename == "Заява про трубу.pdf"
