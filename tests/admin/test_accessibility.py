"""axe-core on every page of the panel that a GET shows, taken from the router: so on new ones, too."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page

from admin.access import access
from core.actions.submit import Place
from core.models import Appeal, Incident, Outbox, OutboxState, RoutingRule, Staff
from core.seed import seed
from core.workflow import Role, Status
from tests import browsing
from tests.admin.conftest import Panel
from tests.admin.test_browser import open_tab
from tests.builders import make_account, make_appeal, make_staff

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = ("serious", "critical")
LOOKS = (("light", 1440), ("dark", 390))
APPEALS = 40
NO_PAGES = (".json", "/live", "/export", "/csv", "/xlsx")  # parts, data and files

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.fixture
async def chromium() -> AsyncIterator[Any]:
    async with browsing.chromium() as browser:
        yield browser


@pytest.fixture
async def town(panel: Panel) -> Panel:
    """A past, and for certain what it has by chance: a place that is sought, an undelivered result."""
    await make_staff(Role.EXECUTOR, "kryvbasvodokanal", name="Петро Майстер")
    await seed(panel.city, panel.media, APPEALS)
    await make_appeal(panel.city, await make_account(), place=Place(address="вул. Водоп'янова, 33"))
    result = await Outbox.filter(appeal_id__isnull=False).order_by("-id").first()
    assert result is not None
    await Outbox.filter(id=result.id).update(state=OutboxState.FAILED, error="Bad Request: chat not found")
    return panel


@pytest.mark.parametrize(("theme", "width"), LOOKS)
async def test_no_page_keeps_anybody_out(town: Panel, chromium: Any, theme: str, width: int) -> None:
    administrator = await make_staff(Role.ADMINISTRATOR, name="Галина Адаменко")
    page = await open_tab(town, chromium, administrator, color_scheme=theme)
    await page.set_viewport_size({"width": width, "height": 900})
    pages = [*_plain(town), *await _of_things(administrator)]
    assert len(pages) > 15
    found = {path: wrong for path in pages if (wrong := await _wrong(page, path))}
    assert found == {}


@pytest.mark.parametrize(("theme", "width"), LOOKS)
async def test_nor_do_those_of_an_officer(town: Panel, chromium: Any, theme: str, width: int) -> None:
    officer = await Staff.get(name="Петро Майстер")
    page = await open_tab(town, chromium, officer, color_scheme=theme)
    await page.set_viewport_size({"width": width, "height": 900})
    theirs = await Appeal.filter(executor_id=officer.executor_id, open=True).first()
    assert theirs is not None
    found = {
        path: wrong
        for path in ("/admin/", f"/admin/appeals/{theirs.id}", "/admin/notices")
        if (wrong := await _wrong(page, path))
    }
    assert found == {}


def _plain(panel: Panel) -> list[str]:
    """Every page whose address needs nothing to be filled in."""
    app = panel.server.app
    assert app is not None
    paths = {
        route.resource.canonical
        for route in access(app)
        if route.method == "GET" and route.resource is not None
    }
    wanted = (path for path in paths if path.startswith("/admin/") and "{" not in path)
    return sorted(path for path in wanted if not path.endswith(NO_PAGES))


async def _of_things(staff: Staff) -> list[str]:
    """An appeal in each status there is, an incident, a rule, and filters that find and don't."""
    appeals = [await Appeal.filter(status=status).first() for status in Status]
    incident, rule = await Incident.first(), await RoutingRule.first()
    return [
        *(f"/admin/appeals/{appeal.id}" for appeal in appeals if appeal),
        *([f"/admin/incidents/{incident.id}"] if incident else []),
        *([f"/admin/rules/{rule.id}"] if rule else []),
        f"/admin/staff?name={staff.id}",
        "/admin/?view=all&q=вода",
        "/admin/?q=ніколитакогонебуло",
        "/admin/nowhere",
    ]


async def _wrong(page: Page, path: str) -> list[str]:
    """What axe finds that is serious or critical: rule and the first element."""
    await page.goto(path)
    if not (await page.title()) or await page.locator("main, body > div").count() == 0:
        return []  # no page of ours: a file, or a part
    if await page.evaluate("typeof axe === 'undefined'"):
        await page.evaluate(AXE.read_text("utf-8"))
    result: dict[str, Any] = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['id']}: {violation['nodes'][0]['target']} {violation['nodes'][0]['html'][:160]}"
        for violation in result["violations"]
        if violation["impact"] in GRAVE
    ]
