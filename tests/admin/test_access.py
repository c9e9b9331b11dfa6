"""Every route × everybody, generated from the router: a route without its line here fails."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from admin.app import create_app
from core.actions import desk
from core.actions.actor import Actor
from core.actions.helping import join
from core.models import SignInFailure
from core.workflow import Role
from tests.admin.conftest import Browser, Panel
from tests.builders import make_appeal, make_staff

# Who may, of: nobody signed in, officers of the executor, of a co-executor and of another, the desk.
PERSONAS = ("nobody", "own", "helping", "other", "operator", "administrator")
EVERYBODY, STAFF, DESK = set(PERSONAS), set(PERSONAS[1:]), {"operator", "administrator"}
ADMINISTRATORS = {"administrator"}
OF_APPEAL = {"own", "operator", "administrator"}  # for the other officer it doesn't exist
SEEN = OF_APPEAL | {"helping"}

TABLE: dict[str, set[str]] = {
    "GET /": EVERYBODY,
    "GET /healthz": EVERYBODY,
    "GET /readyz": EVERYBODY,
    "HEAD /healthz": EVERYBODY,
    "HEAD /readyz": EVERYBODY,
    "GET /metrics": EVERYBODY,
    "GET /static": EVERYBODY,
    "HEAD /static": EVERYBODY,
    "GET /media/{id}/file": EVERYBODY,
    "HEAD /media/{id}/file": EVERYBODY,
    "GET /media/{id}/{size}.jpg": EVERYBODY,
    "HEAD /media/{id}/{size}.jpg": EVERYBODY,
    "GET /admin": EVERYBODY,
    "GET /admin/sign-in": EVERYBODY,
    "POST /admin/sign-in": EVERYBODY,
    "GET /admin/sign-in/code": EVERYBODY,
    "POST /admin/sign-in/code": EVERYBODY,
    "GET /admin/reset/{token}": EVERYBODY,
    "POST /admin/reset/{token}": EVERYBODY,
    "POST /admin/sign-out": STAFF,
    "GET /admin/": STAFF,
    "GET /admin/districts.json": STAFF,
    "GET /admin/notices": STAFF,
    "POST /admin/notices/read": STAFF,
    "POST /admin/notices/{id}/open": STAFF,
    "GET /admin/account": STAFF,
    "POST /admin/account/language": STAFF,
    "POST /admin/account/password": STAFF,
    "POST /admin/account/sessions/{id}/revoke": STAFF,
    "POST /admin/account/sessions/revoke-others": STAFF,
    "GET /admin/account/second-step": STAFF,
    "POST /admin/account/second-step/begin": STAFF,
    "POST /admin/account/second-step/confirm": STAFF,
    "POST /admin/account/second-step/disable": STAFF,
    "GET /admin/roles": STAFF,
    "GET /admin/staff": ADMINISTRATORS,
    "POST /admin/staff": ADMINISTRATORS,
    "POST /admin/staff/{id}/reset": ADMINISTRATORS,
    "POST /admin/staff/{id}/second-step": ADMINISTRATORS,
    "POST /admin/staff/{id}/deactivate": ADMINISTRATORS,
    "POST /admin/staff/{id}/activate": ADMINISTRATORS,
    "POST /admin/account/telegram": STAFF,
    "POST /admin/account/telegram/unlink": STAFF,
    "GET /admin/incidents": DESK,
    "POST /admin/incidents": DESK,
    "GET /admin/incidents/{id}": DESK,
    "POST /admin/incidents/{id}/accept": DESK,
    "POST /admin/incidents/{id}/dismiss": DESK,
    "POST /admin/incidents/{id}/end": DESK,
    "POST /admin/incidents/{id}/add": DESK,
    "POST /admin/incidents/{id}/remove": DESK,
    "POST /admin/incidents/{id}/tell": DESK,
    "POST /admin/incidents/{id}/assign": DESK,
    "POST /admin/incidents/{id}/resolve": DESK,
    "POST /admin/incidents/{id}/explain": DESK,
    "GET /admin/hand-over": DESK,
    "POST /admin/hand-over/inbox/{id}/replay": DESK,
    "POST /admin/hand-over/outbox/{id}/retry": DESK,
    "GET /admin/rules": DESK,
    "GET /admin/rules/new": ADMINISTRATORS,
    "GET /admin/rules/edit": ADMINISTRATORS,
    "POST /admin/rules/try": ADMINISTRATORS,
    "POST /admin/rules/save": ADMINISTRATORS,
    "GET /admin/absences": ADMINISTRATORS,
    "POST /admin/absences": ADMINISTRATORS,
    "POST /admin/absences/{id}/cancel": ADMINISTRATORS,
    "GET /admin/model": DESK,
    "GET /admin/model/confusion": DESK,
    "POST /admin/model/retrain": ADMINISTRATORS,
    "POST /admin/model/back": ADMINISTRATORS,
    "POST /admin/account/absences": STAFF,
    "POST /admin/account/absences/{id}/cancel": STAFF,
    "GET /admin/appeals/{id}": SEEN,
    "GET /admin/appeals/{id}/live": SEEN,
    "POST /admin/appeals/{id}/start": OF_APPEAL,
    "POST /admin/appeals/{id}/report": OF_APPEAL,
    "POST /admin/appeals/{id}/note": SEEN,
    "POST /admin/appeals/{id}/help": DESK,
    "POST /admin/appeals/{id}/categorise": DESK,
    "POST /admin/appeals/{id}/assign": DESK,
    "POST /admin/appeals/{id}/reassign": DESK,
    "POST /admin/appeals/{id}/ask": DESK,
    "POST /admin/appeals/{id}/tell": DESK,
    "POST /admin/appeals/{id}/resolve": DESK,
    "POST /admin/appeals/{id}/rework": DESK,
    "POST /admin/appeals/{id}/explain": DESK,
    "POST /admin/appeals/{id}/reject": DESK,
    "POST /admin/appeals/{id}/merge": DESK,
    "POST /admin/appeals/{id}/unmerge": DESK,
}
# A right request for nobody at all is refused by what it asks for, not by who asks.
HARMLESS = {404, 409, 422, 400}


def routes(app: web.Application) -> list[tuple[str, str]]:
    found = [(route.method, route.resource.canonical) for route in app.router.routes() if route.resource]
    return sorted(set(found))


async def people(panel: Panel) -> dict[str, Browser]:
    return {
        "nobody": await panel.browser(),
        "own": await panel.browser(await make_staff(Role.EXECUTOR, "kryvbasvodokanal")),
        "helping": await panel.browser(await make_staff(Role.EXECUTOR, "gas_networks")),
        "other": await panel.browser(await make_staff(Role.EXECUTOR, "teplotsentral")),
        "operator": await panel.browser(await make_staff(Role.OPERATOR)),
        "administrator": await panel.browser(await make_staff(Role.ADMINISTRATOR)),
    }


async def test_every_route_lets_in_whom_the_table_says_and_nobody_else(panel: Panel) -> None:
    cast = await people(panel)
    app = panel.server.app
    assert app is not None
    assert {f"{method} {path}" for method, path in routes(app)} == set(TABLE)
    for method, path in routes(app):
        for persona, browser in cast.items():
            if path == "/admin/sign-out":  # not with the session that the rest is asked with
                browser = await panel.browser(browser.staff)  # noqa: PLW2901
            appeal = await make_appeal(panel.city)
            await join(appeal, ["gas_networks"], occasion="test")
            address = path.replace("{id}", str(appeal.id)).replace("{size}", "thumb")
            address = address.replace("{token}", "t" * 32)
            if path == "/static":
                address = "/static/panel.css"
            await SignInFailure.all().delete()  # the brakes are tested elsewhere
            response = await browser._send(method, address, data={} if method == "POST" else None)
            await response.read()
            told = (method, path, persona, response.status)
            if persona in TABLE[f"{method} {path}"]:
                assert response.status < 400 or response.status in HARMLESS | {
                    403 if "media" in path else 404
                }, told
            elif persona == "nobody":
                assert response.status in {303, 401}, told
                assert response.status == (303 if method == "GET" else 401), told
            elif TABLE[f"{method} {path}"] in (OF_APPEAL, SEEN):
                assert response.status == (403 if persona == "helping" else 404), told
            else:
                assert response.status == 403, told


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
