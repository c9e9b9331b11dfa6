"""What only a browser shows of an appeal: its keys and links, its map, who else is there, its contacts."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Page, expect

from core.actions.submit import Place
from core.models import Look, Resident
from core.workflow import Role
from tests import browsing
from tests.admin.conftest import Panel
from tests.admin.test_browser import open_tab, poll
from tests.builders import make_appeal, make_staff

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
HERE = Place("біля школи", lat=47.9105, lon=33.3918, district="metalurhiinyi")
NEAR = Place("біля садка", lat=47.9115, lon=33.3918, district="metalurhiinyi")


@pytest.fixture
async def chromium() -> AsyncIterator[Any]:
    async with browsing.chromium() as browser:
        yield browser


@pytest.fixture
async def tab(panel: Panel, chromium: Any) -> AsyncIterator[Page]:
    page = await open_tab(panel, chromium)
    wrong = browsing.complaints(page)
    yield page
    assert wrong == []


async def test_the_next_action_is_one_key_away_and_the_others_have_theirs(panel: Panel, tab: Page) -> None:
    appeal = await make_appeal(panel.city)
    await tab.goto(f"/admin/appeals/{appeal.id}")
    first = tab.locator(".action").first
    await expect(tab.locator("a.next")).to_contain_text(await first.locator("summary > span").inner_text())
    for key, field in (
        ("Enter", "#do-reassign-executor"),
        ("r", "#do-tell-text"),
        ("c", "#do-categorise-category"),
        ("n", "#do-note-text"),
        ("a", "#do-reassign-executor"),
    ):
        await tab.keyboard.press(key)
        await expect(tab.locator(field)).to_be_focused()
        await tab.keyboard.press("Escape")
    await tab.goto(f"/admin/appeals/{appeal.id}#do-note")
    await expect(tab.locator("#do-note-text")).to_be_focused()


async def test_the_list_it_was_opened_from_is_gone_through_by_keys(panel: Panel, tab: Page) -> None:
    third, second, first = [await make_appeal(panel.city, category="roads.pothole") for _ in range(3)]
    await tab.goto("/admin/?category=roads.pothole")
    await tab.keyboard.press("j")
    async with tab.expect_navigation():
        await tab.keyboard.press("Enter")
    await expect(tab.locator("h1")).to_have_text(first.number)
    for key, there in (("j", second), ("j", third), ("k", second)):
        await expect(tab.locator(".case-steps")).to_be_visible()
        async with tab.expect_navigation():
            await tab.keyboard.press(key)
        await expect(tab.locator("h1")).to_have_text(there.number)
    await tab.keyboard.press("n")
    await tab.keyboard.type("jk")  # typed, these are letters
    await tab.locator("#do-note button[type=submit]").click()
    await expect(tab.locator(".case-past")).to_contain_text("jk")
    for _ in range(2):
        async with tab.expect_navigation():
            await tab.keyboard.press("j")
    await expect(tab).to_have_url("/admin/?category=roads.pothole&end=last")
    await expect(tab.locator("#toasts")).to_contain_text("останнє")
    await tab.locator("#toasts [data-dismiss]").click()
    await expect(tab.locator("#toasts")).to_be_empty()
    await tab.goto(f"/admin/appeals/{first.id}")
    await tab.keyboard.press("j")
    await expect(tab.locator("h1")).to_have_text(first.number)


async def test_its_number_and_link_are_copied(panel: Panel, chromium: Any) -> None:
    appeal = await make_appeal(panel.city)
    page = await open_tab(panel, chromium, permissions=["clipboard-read", "clipboard-write"])
    await page.goto(f"/admin/appeals/{appeal.id}")
    for words, copied in (
        ("Копіювати номер", appeal.number),
        ("Копіювати посилання", str(panel.server.make_url(f"/admin/appeals/{appeal.id}"))),
    ):
        button = page.get_by_role("button", name=words)
        await button.click()
        await expect(page.get_by_role("button", name="Скопійовано")).to_be_visible()
        await expect(button).to_be_visible()  # it says so for a moment only
        assert await page.evaluate("navigator.clipboard.readText()") == copied


async def test_neighbours_stand_on_the_map_and_open_by_a_click(panel: Panel, tab: Page) -> None:
    there, appeal = [await make_appeal(panel.city, place=place) for place in (NEAR, HERE)]
    await tab.goto(f"/admin/appeals/{appeal.id}")
    await expect(tab.locator("#map path.near")).to_have_count(1)
    await expect(tab.locator("#map path.near")).to_have_class("near is-assigned leaflet-interactive")
    await tab.get_by_role("button", name="Увесь район").click()
    await tab.get_by_role("button", name="Що поруч").click()
    async with tab.expect_navigation():
        await tab.locator("#map path.near").click(force=True)
    await expect(tab.locator("h1")).to_have_text(there.number)


async def test_two_in_one_appeal_see_each_other(panel: Panel, chromium: Any, tab: Page) -> None:
    appeal = await make_appeal(panel.city)
    await tab.goto(f"/admin/appeals/{appeal.id}")
    await expect(tab.locator("#presence")).to_be_empty()
    other = await open_tab(panel, chromium, await make_staff(Role.OPERATOR, name="Ганна Швець"))
    await other.goto(f"/admin/appeals/{appeal.id}")
    await expect(other.locator("#presence")).to_have_text("Олена Коваль теж тут")
    await poll(tab)
    await expect(tab.locator("#presence")).to_have_text("Ганна Швець теж тут")
    await expect(tab.locator("#presence")).to_have_count(1)
    await poll(tab)
    await expect(tab.locator("#live")).to_have_count(1)


async def test_contacts_are_uncovered_in_place_and_typed_words_stay(panel: Panel, tab: Page) -> None:
    appeal = await make_appeal(panel.city)
    await Resident.filter(id=appeal.resident_id).update(name="Марія Іваненко", phone="+380671234512")
    await tab.goto(f"/admin/appeals/{appeal.id}")
    await tab.keyboard.press("n")
    await tab.fill("#do-note-text", "подзвонити")
    await expect(tab.locator("#contacts")).to_contain_text("+380 •• ••• •• 12")
    await tab.get_by_role("button", name="Показати контакти").click()
    await expect(tab.get_by_role("link", name="+380671234512")).to_be_visible()
    await expect(tab.locator("#do-note-text")).to_have_value("подзвонити")
    assert await Look.all().count() == 1


async def test_on_paper_there_is_the_story_and_nothing_to_press(panel: Panel, tab: Page) -> None:
    appeal = await make_appeal(panel.city, place=HERE)
    await tab.goto(f"/admin/appeals/{appeal.id}")
    await tab.emulate_media(media="print")
    for shown in ("h1", ".facts", ".case-what", ".talk", ".past"):
        await expect(tab.locator(shown)).to_be_visible()
    for hidden in (".top", ".case-do", ".case-tools", ".map", ".case-back"):
        await expect(tab.locator(hidden)).to_be_hidden()
    assert await tab.locator("button:visible").count() == 0
