"""What only a browser shows of emergencies: one press takes it, and the board says when it can't know."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Page, expect

from core.models import Alarm, AlarmState
from core.workflow import Role
from tests import browsing
from tests.admin.conftest import Panel
from tests.admin.test_alarms import on_duty
from tests.admin.test_browser import open_tab, poll
from tests.builders import make_appeal, make_staff

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
LOOK = "() => window.dispatchEvent(new Event('online'))"  # as the board does by itself every ten seconds


@pytest.fixture
async def chromium() -> AsyncIterator[Any]:
    async with browsing.chromium() as browser:
        yield browser


async def test_one_press_takes_it_and_the_ringing_ends(panel: Panel, chromium: Any) -> None:
    staff = await make_staff(Role.OPERATOR, name="Олена Коваль")
    await on_duty(1, staff)
    await on_duty(2)
    tab: Page = await open_tab(panel, chromium, staff)
    wrong = browsing.complaints(tab)
    await tab.goto("/admin/alarms")
    await expect(tab.locator(".empty h2")).to_have_text("Зараз ніщо не дзвонить")
    appeal = await make_appeal(panel.city)
    await poll(tab)
    await expect(tab.locator(".alarm h2")).to_contain_text(appeal.number)
    assert (await tab.locator(".alarm .countdown").first.inner_text()).startswith(("4:5", "5:00"))
    await tab.click(".alarm-head button")
    await expect(tab.locator(".empty h2")).to_have_text("Зараз ніщо не дзвонить")
    await expect(tab.locator("#alarms .items")).to_contain_text("Прийнято: Олена Коваль")
    assert (await Alarm.get()).state is AlarmState.ACKNOWLEDGED
    assert wrong == []


async def test_a_number_not_answered_goes_on_to_the_next(panel: Panel, chromium: Any) -> None:
    await on_duty(1)
    await on_duty(2, name="Майстер зміни")
    await make_appeal(panel.city)
    tab: Page = await open_tab(panel, chromium)
    await tab.goto("/admin/alarms")
    await tab.get_by_role("button", name="Не відповідає").click()
    second = tab.locator(".alarm-call").nth(1)
    await expect(second).to_contain_text("телефоном")
    await second.get_by_role("button", name="Додзвонилися").click()
    await expect(tab.locator("#alarms .items")).to_contain_text("Прийнято: Майстер зміни")


async def test_the_board_lives_by_itself_and_says_since_when_it_is_stale(panel: Panel, chromium: Any) -> None:
    tab: Page = await open_tab(panel, chromium)
    await tab.goto("/admin/board")
    stale = tab.locator(".board-stale")
    await expect(stale).to_be_hidden()
    await expect(tab.locator(".board-clock")).not_to_be_empty()
    await expect(tab.locator("#board-map .board-district").first).to_be_visible()
    await on_duty(1)
    await make_appeal(panel.city)
    await tab.evaluate(LOOK)
    await expect(tab.locator(".board-alarm")).to_contain_text("Викликано всіх")
    await tab.route("**/admin/board?live=1", lambda route: route.abort())
    await tab.evaluate(LOOK)
    await expect(stale).to_contain_text("Немає зв’язку. Дані станом на")
    await expect(tab.locator(".board-alarm")).to_be_visible()
    await tab.unroute("**/admin/board?live=1")
    await tab.evaluate(LOOK)
    await expect(stale).to_be_hidden()


async def test_the_board_fits_the_wall(panel: Panel, chromium: Any) -> None:
    await on_duty(1)
    for _ in range(12):
        await make_appeal(panel.city)
    tab: Page = await open_tab(panel, chromium)
    await tab.set_viewport_size({"width": 1920, "height": 1080})
    await tab.goto("/admin/board")
    high, wide = await tab.evaluate(
        "() => [document.documentElement.scrollHeight, document.documentElement.scrollWidth]"
    )
    assert (high, wide) == (1080, 1920)
    await tab.set_viewport_size({"width": 390, "height": 844})
    assert await tab.evaluate("() => document.documentElement.scrollWidth") == 390
