"""An officer with a phone in a real browser: what they type and photograph outlives a lost connection."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import FilePayload, Page, expect

from core import auth
from core.models import Appeal, Attachment
from core.workflow import Role, Status
from tests import browsing
from tests.admin.conftest import Panel, jpeg
from tests.builders import make_appeal, make_staff

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
WORDS = "Замінено 4 м труби"
KEPT = "Object.keys(localStorage).filter(key => key.startsWith('typed:')).length"


@pytest.fixture
async def page(panel: Panel) -> AsyncIterator[Page]:
    home = str(panel.server.make_url("/"))
    async with browsing.chromium() as browser:
        context = await browser.new_context(
            base_url=home, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
        )
        officer = await make_staff(Role.EXECUTOR, "kryvbasvodokanal")
        token = await auth._open_session(officer, "", "", 12)
        await context.add_cookies([{"name": "zvernys", "value": token, "url": home}])
        yield await context.new_page()


async def test_words_stay_when_the_network_fails_and_go_when_they_are_taken(panel: Panel, page: Page) -> None:
    appeal = await make_appeal(panel.city)
    await page.goto("/admin/mine")
    await browsing.follow(page, page.locator(f"#mine-{appeal.id} a"))
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
    form = page.locator("#do-report form").last
    await page.locator("#do-report summary").click()
    await form.locator("textarea").fill(WORDS)
    await page.context.set_offline(True)
    await form.locator("button[type=submit]").click()
    await expect(page.locator("#toasts")).to_contain_text("збережено на цьому пристрої")
    await page.context.set_offline(False)
    await page.reload()
    await expect(page.locator("#do-report textarea")).to_be_visible()
    await expect(page.locator("#do-report textarea")).to_have_value(WORDS)
    photo = FilePayload(name="shot.jpg", mimeType="image/jpeg", buffer=jpeg())
    await page.locator("#do-report-shot").set_input_files([photo])
    await form.locator("button[type=submit]").click()
    await expect(page.locator(".officer-marks .state")).to_have_class("state is-reported")
    assert await page.evaluate(KEPT) == 0
    await appeal.refresh_from_db()
    assert (appeal.status, appeal.answer) == (Status.REPORTED, WORDS)
    assert await Attachment.filter(appeal_id=appeal.id, role=Role.EXECUTOR).count() == 1


async def test_declining_leads_back_to_the_list_and_signing_out_takes_all_words_along(
    panel: Panel, page: Page
) -> None:
    first, second = await make_appeal(panel.city), await make_appeal(panel.city)
    await page.goto(f"/admin/appeals/{first.id}")
    await page.locator("#do-decline summary").click()
    await page.locator("#do-decline textarea").fill("це котельня")
    await page.locator("#do-decline form button[type=submit]").last.click()
    await page.wait_for_url("**/admin/mine")
    await expect(page.locator(f"#mine-{second.id}")).to_be_visible()
    await expect(page.locator(f"#mine-{first.id}")).to_have_count(0)
    assert (await Appeal.get(id=first.id)).status is Status.REGISTERED
    await page.goto(f"/admin/appeals/{second.id}")
    await page.locator("#do-note summary").click()
    await page.locator("#do-note textarea").fill("завтра о восьмій")
    assert await page.evaluate(KEPT) == 1
    await page.locator(".menu summary").click()
    await page.locator("form[action='/admin/sign-out'] button").click()
    await page.wait_for_url("**/admin/sign-in*")
    assert await page.evaluate(KEPT) == 0
