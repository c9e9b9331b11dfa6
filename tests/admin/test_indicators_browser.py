"""The pages of figures in a real browser: charts that say what the table says, and no need of scripts."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import expect

from core.figures.counting import count_figures
from core.jobs import Desk
from core.pieces import More
from core.seed import seed
from core.workflow import Role
from tests import browsing
from tests.admin.conftest import Panel
from tests.admin.test_accessibility import LOOKS, _wrong
from tests.admin.test_browser import open_tab
from tests.builders import make_staff

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
DRAWN = """
() => [...document.querySelectorAll(".figure-chart canvas")].map((canvas) => {
  const chart = Chart.getChart(canvas);
  return { labels: chart.data.labels.length, series: chart.data.datasets.map((one) => one.data) };
})
"""
SHOWN = """
() => [...document.querySelectorAll("#indicators tbody tr")].map((row) => Number(row.cells[1].dataset.value))
"""


@pytest.fixture
async def chromium() -> AsyncIterator[Any]:
    async with browsing.chromium() as browser:
        yield browser


@pytest.fixture
async def town(panel: Panel) -> Panel:
    await seed(panel.city, panel.media, 150)
    work = Desk(panel.city, panel.city.schedule, panel.media, {})
    while isinstance(await count_figures(work), More):
        pass
    return panel


@pytest.mark.parametrize(("theme", "width"), LOOKS)
async def test_charts_say_what_the_table_says(town: Panel, chromium: Any, theme: str, width: int) -> None:
    page = await open_tab(town, chromium, await make_staff(Role.MANAGER), color_scheme=theme)
    heard = browsing.complaints(page)
    await page.set_viewport_size({"width": width, "height": 900})
    for way in ("category", "time"):
        path = f"/admin/indicators?by={way}"
        assert await _wrong(page, path) == []
        await expect(page.locator(".figure-chart canvas").first).to_be_visible()
        drawn, shown = await page.evaluate(DRAWN), await page.evaluate(SHOWN)
        most = len(shown) if way == "time" else min(15, len(shown))
        assert [chart["labels"] for chart in drawn] == [most] * 3
        assert drawn[0]["series"][0] == shown[:most]
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
    assert await _wrong(page, "/admin/satisfaction?by=month") == []
    assert heard == []


async def test_without_scripts_it_is_a_table_that_sorts(town: Panel, chromium: Any) -> None:
    page = await open_tab(town, chromium, await make_staff(Role.MANAGER), java_script_enabled=False)
    await page.goto("/admin/indicators?by=category")
    await expect(page.locator(".figure-charts")).to_be_hidden()
    for order in ("descending", "ascending"):
        await page.locator("#indicators thead a").nth(1).click()
        await expect(page.locator("#indicators th[aria-sort]")).to_have_attribute("aria-sort", order)
        cells = [
            int(text.split()[0])
            for text in await page.locator("#indicators tbody tr td:nth-child(2)").all_inner_texts()
        ]
        assert cells == sorted(cells, reverse=order == "descending")
        assert len(cells) > 5
