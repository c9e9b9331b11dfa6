"""What machines meet: probes, numbers, photos by signed links, static files, headers, other sites."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientResponse
from tortoise.exceptions import OperationalError

from admin import vendor
from admin.app import Probes
from core import auth, clock, scheduler
from core.media import MIME
from core.models import Attachment
from core.models.appeals import AttachmentState
from core.workflow import Role
from tests.admin.conftest import HTMX, Browser, Maker, Panel, jpeg
from tests.builders import make_appeal, make_staff

SECRETS = "default-src 'none'"


async def test_alive_is_alive(panel: Panel) -> None:
    browser = await panel.browser()
    assert (await browser.get("/healthz")).status == 200
    assert (await browser.get("/")).headers["Location"] == "/admin/"


async def test_ready_names_what_does_not_answer(make_panel: Maker) -> None:
    async def well() -> bool:
        return True

    async def unwell() -> bool:
        return False

    async def broken() -> bool:
        raise OSError

    good = await (await make_panel(Probes({"worker": well}))).browser()
    assert (await good.get("/readyz")).status == 200
    bad = await (await make_panel(Probes({"a": well, "telegram": unwell, "media": broken}))).browser()
    response = await bad.get("/readyz")
    assert response.status == 503
    assert (await response.json())["failing"] == ["media", "telegram"]


async def test_a_database_that_fails_is_503_and_never_a_false_answer(
    panel: Panel, operator: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def locked(*_: object, **__: object) -> None:
        raise OperationalError("database is locked")

    appeal = await make_appeal(panel.city)
    monkeypatch.setattr("admin.views.actions.look_up", locked)
    form = {"expected": "0", "text": "слово"}
    response = await operator.post(f"/admin/appeals/{appeal.id}/tell", form, headers=HTMX)
    text = await response.text()
    assert (response.status, response.headers["HX-Retarget"]) == (503, "#toasts")
    assert "Нічого не змінено" in text
    assert response.headers["X-Request-Id"] in text
    assert "locked" not in text


async def test_a_defect_is_a_page_with_an_id_and_no_trace_of_the_code(
    panel: Panel, operator: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def defect(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret detail")

    del panel
    monkeypatch.setattr("core.queries.panel.queue.page", defect)
    response = await operator.get("/admin/")
    text = await response.text()
    assert response.status == 500
    assert "Щось зламалося" in text
    assert "secret detail" not in text
    assert response.headers["X-Request-Id"] in text


async def test_numbers_are_by_route_and_never_by_address(panel: Panel, operator: Browser) -> None:
    appeal = await make_appeal(panel.city)
    await operator.text(f"/admin/appeals/{appeal.id}")
    await operator.get("/nowhere/at/all")
    text = await operator.text("/metrics")
    assert 'zvernys_http_requests_total{method="GET",route="/admin/appeals/{id}",status="200"} 1.0' in text
    assert 'route="none",status="404"' in text
    assert 'zvernys_queue{queue="appeals",state="open"} 1.0' in text
    assert 'zvernys_queue{queue="outbox",state="failed"} 0.0' in text
    assert f"/{appeal.id}" not in text
    assert scheduler.SWEEPS
    assert "zvernys_job_runs" in text  # what the process counts besides


async def stored(panel: Panel) -> Attachment:
    photo, now = await panel.media.put(jpeg()), clock.now()
    return await Attachment.create(
        role=Role.RESIDENT, state=AttachmentState.STORED, key=photo.key, mime=MIME, due_at=now, created_at=now
    )


async def test_a_photo_shows_to_whoever_holds_a_link_that_we_signed(panel: Panel) -> None:
    photo, browser = await stored(panel), await panel.browser()
    link = panel.links.path(photo.id, "full", clock.now() + timedelta(hours=1))
    response = await browser.get(link)
    assert (response.status, response.content_type) == (200, "image/jpeg")
    assert (await response.read())[:2] == b"\xff\xd8"
    assert re.fullmatch(r"private, max-age=\d+", response.headers["Cache-Control"])
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert (await browser._send("HEAD", link)).status == 200


async def test_any_other_link_shows_nothing(panel: Panel, operator: Browser) -> None:
    photo, other = await stored(panel), await stored(panel)
    now = clock.now()
    good = panel.links.path(photo.id, "thumb", now + timedelta(hours=1))
    for link in (
        good.split("?")[0],
        good.replace("thumb", "full"),
        good.replace(f"/{photo.id}/", f"/{other.id}/"),
        re.sub(r"until=\d+", "until=99999999999", good),
        re.sub(r"until=\d+", "until=x", good),
        good[:-1],
        good[:-1] + "й",
        panel.links.path(photo.id, "thumb", now - timedelta(seconds=5)),
    ):
        assert (await operator.get(link)).status == 403, link
    for link in (good.replace("thumb.jpg", "huge.jpg"), "/media/../core/auth.py"):
        assert (await operator.get(link)).status == 404, link
    gone = panel.links.path(10**9, "full", now + timedelta(hours=1))
    assert (await operator.get(gone)).status == 404


async def test_every_page_forbids_inline_script_and_has_none(panel: Panel, operator: Browser) -> None:
    appeal = await make_appeal(panel.city, sure=False, guesses=(("water.leak", 0.4),))
    for path in (
        "/admin/",
        f"/admin/appeals/{appeal.id}",
        "/admin/hand-over",
        "/admin/notices",
        "/admin/account",
        "/admin/account/second-step",
        "/admin/roles",
        "/admin/sign-in",
        "/admin/nowhere",
    ):
        response = await (operator if path != "/admin/sign-in" else await panel.browser()).get(path)
        text = await response.text()
        policy = response.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "same-origin"
        assert response.headers["Cache-Control"] == "no-store"
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), path
        assert not re.search(r"\s(style|on\w+)=", text), path
        assert not re.search(r'(src|href)="(https?:)?//(?!t\.me)', text), path


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, True),
        ({"Sec-Fetch-Site": "same-site"}, True),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1"}, True),
        ({"Origin": "https://evil.example"}, True),
        ({"Origin": "null"}, True),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://panel.example"}, False),
        ({"Origin": "https://panel.example"}, False),
        ({}, False),
    ],
)
async def test_other_sites_cant_act_in_ones_name(
    make_panel: Maker, headers: dict[str, str], *, refused: bool
) -> None:
    panel = await make_panel(server={"public_url": "https://panel.example"})
    browser = await panel.browser(await make_staff())
    appeal = await make_appeal(panel.city)
    form = {"expected": "0", "text": "слово"}
    response = await browser.post(f"/admin/appeals/{appeal.id}/note", form, headers=headers)
    assert response.status == (403 if refused else 303)
    assert (await browser.get("/admin/", headers=headers)).status == 200  # reading changes nothing


async def test_static_files_of_a_version_are_kept_for_ever(panel: Panel) -> None:
    browser = await panel.browser()
    html = await browser.text("/admin/sign-in")
    styles = re.search(r'href="(/static/panel\.css\?v=\w+)"', html)
    assert styles
    response = await browser.get(styles[1])
    assert "immutable" in response.headers["Cache-Control"]
    assert (await browser.get("/static/panel.css")).headers["Cache-Control"] == "no-cache"
    for path in ("/static/../keys.py", "/static/%2e%2e/keys.py", "/static/none.js"):
        assert (await browser.get(path)).status in {403, 404}


async def test_errors_speak_the_users_language(panel: Panel) -> None:
    browser = await panel.browser()

    async def words(response: ClientResponse) -> str:
        return await response.text()

    assert "Не знайдено" in await words(await browser.get("/admin/nope"))
    assert "Not found" in await words(await browser.get("/admin/nope", headers={"Accept-Language": "en"}))
    wrong = await browser._send("PUT", "/admin/sign-in")
    assert (wrong.status, wrong.headers["Allow"]) == (405, "GET,POST")


async def test_a_session_is_looked_up_for_the_panel_alone(
    panel: Panel, operator: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(*_: object, **__: object) -> None:
        raise AssertionError

    del panel
    monkeypatch.setattr(auth, "session", never)
    assert (await operator.get("/static/panel.css")).status == 200
    assert (await operator.get("/healthz")).status == 200


def test_vendor_copies_what_pages_ask_for_and_names_what_is_missing(tmp_path: Path) -> None:
    assert vendor.copy(tmp_path / "nothing", tmp_path / "out") == list(vendor.FILES)
    modules = tmp_path / "node_modules"
    for name in vendor.FILES:
        (modules / name).parent.mkdir(parents=True, exist_ok=True)
        (modules / name).write_bytes(b"content\n//# sourceMappingURL=x.map\n")
    assert vendor.copy(modules, tmp_path / "out") == []
    assert (tmp_path / "out" / "htmx.min.js").read_bytes() == b"content\n"
    assert (tmp_path / "out" / "htmx.min.js.gz").exists()
    templates = Path(vendor.__file__).parent / "templates"
    asked = {
        name
        for path in templates.rglob("*.html")
        for name in re.findall(r'asset\("vendor/([^"]+)"\)', path.read_text("utf-8"))
    }
    assert asked <= set(vendor.FILES.values())
