"""The list under somebody's fingers: keys, selection, many at once and back, and a file with its progress."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from core.actions import desk
from core.actions.actor import Actor
from core.models import Appeal
from core.workflow import Role, Status
from tests import browsing
from tests.admin.conftest import Panel
from tests.admin.test_browser import open_tab, poll
from tests.builders import make_appeal, make_staff

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
HEAT = "teplotsentral"


@pytest.fixture
async def chromium() -> AsyncIterator[Any]:
    async with browsing.chromium() as browser:
        yield browser


@pytest.fixture
async def tab(panel: Panel, chromium: Any) -> AsyncIterator[Page]:
    """An operator's tab; what its console complains of fails the test."""
    page = await open_tab(panel, chromium)
    wrong = browsing.complaints(page)
    yield page
    assert [line for line in wrong if not line.startswith(("Failed to load resource", "htmx:"))] == []


async def some(panel: Panel, n: int) -> list[Appeal]:
    """The newest first, as they stand in the list."""
    return [await make_appeal(panel.city, category="roads.pothole") for _ in range(n)][::-1]


async def test_many_are_reassigned_by_keys_and_put_back_from_the_list(panel: Panel, tab: Page) -> None:
    first, second, third = await some(panel, 3)
    had = first.executor_id
    await tab.goto("/admin/")
    for key in "jxjx":
        await tab.keyboard.press(key)
    await expect(tab.locator(".bulk-n")).to_have_text("Вибрано: 2")
    async with tab.expect_navigation():
        await tab.keyboard.press("a")
    await expect(tab.locator(".plan-item")).to_have_count(2)
    await tab.select_option("#bulk-executor", HEAT)
    await expect(tab.locator(".plan-will").first).to_contain_text("теплоцентраль")
    await tab.fill("#bulk-text", "їхня мережа")
    async with tab.expect_navigation():
        await tab.click(".bulk-go .btn-primary")
    await expect(tab.locator(".run-words")).to_have_text("Передано 2 звернення.")
    await expect(tab.locator(".run-step:visible")).to_have_count(0)
    await browsing.follow(tab, tab.get_by_role("link", name="До списку"))
    await expect(tab.locator(".bulk-bar")).to_be_hidden()
    assert [(await Appeal.get(id=one.id)).executor_id for one in (first, second, third)] == [HEAT, HEAT, had]
    await expect(tab.locator("#toasts")).to_contain_text("Передано 2 звернення.")
    async with tab.expect_navigation():
        await tab.get_by_role("button", name="Скасувати зроблене").click()
    await expect(tab.locator(".run-words")).to_have_text("Повернуто, як було: 2 звернення.")
    assert (await Appeal.get(id=first.id)).executor_id == had
    await tab.goto("/admin/")
    await expect(tab.locator(f"#open-{first.id}")).to_be_visible()
    await expect(tab.locator("#toasts")).to_be_empty()


async def test_a_range_all_and_none_are_selected_and_it_goes_on_through_filters(
    panel: Panel, tab: Page
) -> None:
    rows = await some(panel, 5)
    leak = await make_appeal(panel.city)
    await tab.goto("/admin/?category=roads.pothole")
    await tab.click(f"#pick-{rows[0].id}")
    await tab.click(f"#pick-{rows[3].id}", modifiers=["Shift"])
    await expect(tab.locator(".bulk-n")).to_have_text("Вибрано: 4")
    await tab.goto("/admin/?category=water.leak")
    await expect(tab.locator(".bulk-n")).to_have_text("Вибрано: 4 (не на цій сторінці: 4)")
    await tab.click("#pick-all")
    await expect(tab.locator(f"#pick-{leak.id}")).to_be_checked()
    async with tab.expect_navigation():
        await tab.click("[name=do][value=merge]")
    await expect(tab.locator(".plan-item")).to_have_count(5)
    await tab.go_back()
    await tab.keyboard.press("Escape")
    await expect(tab.locator(".bulk-bar")).to_be_hidden()
    await expect(tab.locator(f"#pick-{leak.id}")).not_to_be_checked()


async def test_the_list_renews_itself_and_nobody_loses_their_place(panel: Panel, tab: Page) -> None:
    rows = await some(panel, 30)
    await tab.goto("/admin/")
    for _ in range(20):
        await tab.keyboard.press("j")
    await tab.keyboard.press("x")
    at = rows[19]
    link, box = tab.locator(f"#open-{at.id}"), tab.locator(f"#pick-{at.id}")
    before = await link.bounding_box()
    assert before is not None
    await some(panel, 6)
    await poll(tab)
    await expect(tab.locator("#queue tbody tr")).to_have_count(36)
    await expect(link).to_be_focused()
    await expect(box).to_be_checked()
    after = await link.bounding_box()
    assert after is not None
    assert abs(after["y"] - before["y"]) < 2
    who = Actor.staff(await make_staff(Role.OPERATOR))
    await desk.reject(panel.city, at.id, who, expected=0, reason="ні")
    await poll(tab)
    await expect(link).to_have_count(0)
    await expect(tab.locator(f"#open-{rows[20].id}")).to_be_focused()  # what stands there now


async def test_one_appeal_opens_at_the_form_of_the_key(panel: Panel, tab: Page) -> None:
    (given,) = await some(panel, 1)
    new = await make_appeal(panel.city, category="roads.pothole", sure=False)
    for key, appeal, form in (
        ("a", new, "assign"),
        ("c", new, "categorise"),
        ("a", given, "reassign"),
        ("r", given, "tell"),
    ):
        await tab.goto("/admin/")
        await tab.focus(f"#open-{appeal.id}")
        async with tab.expect_navigation():
            await tab.keyboard.press(key)
        await expect(tab).to_have_url(re.compile(rf"/admin/appeals/{appeal.id}\?after=[\d.]+#do-{form}$"))
        await expect(tab.locator(f"#do-{form}")).to_have_attribute("open", "")
    await tab.goto("/admin/")
    await tab.keyboard.press("?")
    await expect(tab.locator("#help")).to_contain_text("вибрати звернення")


async def test_the_file_comes_with_its_progress(panel: Panel, tab: Page) -> None:
    await some(panel, 3)
    await tab.goto("/admin/")
    for ending in ("csv", "xlsx"):
        async with tab.expect_download() as coming:
            await tab.click(f"a[href='/admin/export/{ending}']")
        file = await coming.value
        assert file.suggested_filename.endswith(f".{ending}")
        content = await asyncio.to_thread(Path(await file.path()).read_bytes)
        assert content.startswith(b"PK" if ending == "xlsx" else b"\xef\xbb\xbf")
        await expect(tab.locator("#toasts")).to_contain_text("Файл готовий, звернень у ньому: 3")


async def test_on_a_phone_boxes_are_large_and_nothing_sticks_out(panel: Panel, chromium: Any) -> None:
    rows = await some(panel, 3)
    phone = await open_tab(panel, chromium, is_mobile=True, has_touch=True)
    await phone.set_viewport_size({"width": 390, "height": 844})
    await phone.goto("/admin/")
    box = await phone.locator(".pick:visible").first.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 48
    await phone.tap(f".pick:has(#pick-{rows[0].id})")
    await expect(phone.locator(".bulk-n")).to_have_text("Вибрано: 1")
    assert await phone.evaluate("document.documentElement.scrollWidth") <= 390
    async with phone.expect_navigation():
        await phone.tap("[name=do][value=urgent]")
    assert await phone.evaluate("document.documentElement.scrollWidth") <= 390


async def test_without_scripts_many_are_done_and_put_back(panel: Panel, chromium: Any) -> None:
    rows = await some(panel, 2)
    page = await open_tab(panel, chromium, java_script_enabled=False)
    await page.goto("/admin/")
    for row in rows:
        await page.check(f"#pick-{row.id}")
    await page.click("[name=do][value=merge]")
    await page.click(".bulk-go .btn-primary")
    await expect(page.locator(".run-words")).to_have_text("З головним об'єднано 1 звернення.")
    assert await Appeal.filter(status=Status.DUPLICATE).count() == 1
    await page.click("form[data-undo] button")
    await expect(page.locator(".run-words")).to_have_text("Повернуто, як було: 1 звернення.")
    assert not await Appeal.filter(status=Status.DUPLICATE).exists()
