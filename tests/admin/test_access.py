"""Who may do what, beyond the table of routes (test_access_table.py): effects, losses, and declarations."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from admin.app import create_app
from core.actions import desk
from core.actions.actor import Actor
from core.actions.helping import join
from core.workflow import Role
from tests.admin.conftest import Browser, Panel
from tests.builders import make_appeal, make_staff


async def people(panel: Panel) -> dict[str, Browser]:
    return {
        "nobody": await panel.browser(),
        "own": await panel.browser(await make_staff(Role.EXECUTOR, "kryvbasvodokanal")),
        "helping": await panel.browser(await make_staff(Role.EXECUTOR, "gas_networks")),
        "other": await panel.browser(await make_staff(Role.EXECUTOR, "teplotsentral")),
    }


async def test_what_is_refused_changes_nothing(panel: Panel) -> None:
    cast = await people(panel)
    appeal = await make_appeal(panel.city)
    for persona in ("nobody", "own", "other"):
        await cast[persona].post(f"/admin/appeals/{appeal.id}/reject", {"expected": "0", "text": "ні"})
    await join(appeal, ["gas_networks"], occasion="test")
    for persona in ("nobody", "other", "helping"):
        await cast[persona].post(f"/admin/appeals/{appeal.id}/report", {"expected": "0", "text": "зроблено"})
        await cast[persona].post(f"/admin/appeals/{appeal.id}/start", {"expected": "0"})
    await appeal.refresh_from_db()
    assert appeal.version == 0


async def test_an_officer_loses_an_appeal_that_is_given_to_another(panel: Panel, officer: Browser) -> None:
    appeal = await make_appeal(panel.city)
    assert (await officer.get(f"/admin/appeals/{appeal.id}")).status == 200
    who = Actor.staff(await make_staff(Role.OPERATOR))
    await desk.reassign(panel.city, appeal.id, who, expected=0, executor="teplotsentral", reason="не їхнє")
    assert (await officer.get(f"/admin/appeals/{appeal.id}")).status == 404


async def test_a_route_that_declares_nobody_stops_the_start(panel: Panel) -> None:
    async def open_to_all(_request: web.Request) -> web.Response:
        return web.Response()

    app = create_app(panel.settings, panel.city, panel.media, panel.links)
    app.router.add_get("/admin/forgotten", open_to_all)
    runner = web.AppRunner(app)
    with pytest.raises(RuntimeError, match="forgotten"):
        await runner.setup()
    await runner.cleanup()


async def test_webhooks_may_be_added_without_roles(panel: Panel) -> None:
    async def webhook(request: web.Request) -> web.Response:
        return web.Response(text=(await request.text())[:9])

    app = create_app(panel.settings, panel.city, panel.media, panel.links)
    app.router.add_post("/webhooks/telegram", webhook)
    async with TestClient(TestServer(app)) as client:
        elsewhere = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
        response = await client.post("/webhooks/telegram", data="{}", headers=elsewhere)
        assert (response.status, await response.text()) == (200, "{}")


async def test_numbers_too_large_for_the_database_are_not_found(panel: Panel, operator: Browser) -> None:
    del panel
    assert (await operator.get("/admin/appeals/99999999999999999999")).status == 404
    assert (await operator.get("/admin/appeals/999999999")).status == 404
