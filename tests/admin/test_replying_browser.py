"""What only a browser shows of replies: the preview as one types, a template by one choice, names after @."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Page, expect

from core.models import Appeal, Notice, Template
from core.workflow import Role
from tests import browsing
from tests.admin.conftest import Panel
from tests.admin.test_browser import open_tab
from tests.builders import make_account, make_appeal, make_staff

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


@pytest.fixture
async def tab(panel: Panel) -> AsyncIterator[Page]:
    async with browsing.chromium() as chromium:
        page = await open_tab(panel, chromium)
        wrong = browsing.complaints(page)
        yield page
        assert [line for line in wrong if not line.startswith("htmx:")] == []


async def unfolded(tab: Page, appeal: Appeal, verb: str) -> Any:
    await tab.goto(f"/admin/appeals/{appeal.id}")
    form = tab.locator(f"#do-{verb}")
    if await form.get_attribute("open") is None:
        await form.locator("summary").click()
    return form


async def test_the_letter_is_drawn_as_one_types_and_nothing_is_lost_by_a_template(
    panel: Panel, tab: Page
) -> None:
    appeal = await make_appeal(panel.city, await make_account(language="en"))
    form = await unfolded(tab, appeal, "tell")
    await form.locator("textarea").fill("Hello there")
    await expect(form.locator(".phone-text")).to_contain_text("Hello there")
    await expect(form.locator(".phone-text")).to_contain_text(appeal.number)
    template = await Template.get(title_uk="Чекаємо на матеріали")
    await form.locator("select").select_option(str(template.id))
    await expect(form.locator("textarea")).to_have_value(
        f"Hello there\n\nYour request No. {appeal.number} is waiting for materials. It is being worked on; "
        f"the deadline is {await _deadline(form)}, and we will write when there is news."
    )
    await expect(form.locator("textarea")).to_be_focused()
    await expect(form.locator(".phone-text")).to_contain_text("waiting for materials")


async def _deadline(form: Any) -> str:
    await expect(form.locator(".phone-text")).to_contain_text("deadline is")
    text: str = await form.locator("textarea").input_value()
    return text.partition("deadline is ")[2].partition(", and we")[0]


async def test_names_are_offered_after_an_at_and_taken_by_keys(panel: Panel, tab: Page) -> None:
    called = await make_staff(Role.OPERATOR, login="andrii", name="Андрій Мороз")
    await make_staff(Role.EXECUTOR, "teplotsentral", login="alien", name="Андрій Чужий")
    appeal = await make_appeal(panel.city)
    form = await unfolded(tab, appeal, "note")
    words = form.locator("textarea")
    await words.press_sequentially("Гляньте, @анд")
    await expect(form.locator(".mentions li")).to_have_count(1)
    await expect(form.locator(".mentions li")).to_contain_text("Андрій Мороз")
    await words.press("Enter")
    await expect(words).to_have_value("Гляньте, @andrii ")
    await words.press_sequentially("@")
    await words.press("Escape")
    await expect(form.locator(".mentions")).to_have_count(0)
    await expect(words).to_be_focused()
    await form.locator("button[type=submit]").click()
    await expect(tab.locator(".past")).to_contain_text("@andrii")
    assert await Notice.filter(staff_id=called.id, kind="mentioned").count() == 1
