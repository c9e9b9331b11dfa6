"""The second step over HTTP: set up with a phone, asked for at the door, forced upon administrators."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pyotp
import pytest

from core import auth, clock, second_step
from core.models import Session, Staff
from core.workflow import Role
from tests.admin.conftest import HTMX, Browser, Maker, Panel

PASSWORD = "correct horse battery"
PAGE = "/admin/account/second-step"
STRICT = {"totp_for_administrators": True}


@pytest.fixture(autouse=True)
def _still() -> Iterator[None]:
    """No code runs out in the middle of a test."""
    now = clock.now()
    with clock.use(lambda: now):
        yield


async def person(role: Role = Role.OPERATOR, login: str = "olena") -> Staff:
    return await auth.create_staff(login, "Олена Коваль", role, PASSWORD)


async def code(later: int = 0) -> str:
    secret = (await Staff.get(login="olena")).totp_secret
    return pyotp.TOTP(secret).at(int(clock.now().timestamp()) + later)


async def set_up(browser: Browser) -> list[str]:
    """Turn it on as a person would; the recovery codes shown."""
    assert (await browser.post(f"{PAGE}/begin")).headers["Location"] == PAGE
    shown = re.search(r'class="token">(\w+)<', await browser.text(PAGE))
    assert shown
    now = int(clock.now().timestamp())
    response = await browser.post(f"{PAGE}/confirm", {"code": pyotp.TOTP(shown[1]).at(now)})
    assert response.status == 200
    return re.findall(r"<code>([a-z2-9-]{19})</code>", await response.text())


async def half(browser: Browser, next_path: str = "/admin/?view=all") -> None:
    response = await browser.post(
        "/admin/sign-in", {"login": "olena", "password": PASSWORD, "next": next_path}
    )
    assert response.status == 303
    assert response.headers["Location"].startswith("/admin/sign-in/code?next=")
    step = response.cookies["zvernys-step"]
    assert (step["httponly"], step["samesite"], step["max-age"]) == (True, "Lax", "300")
    assert "zvernys" not in response.cookies


async def test_from_setting_up_to_signing_in(panel: Panel) -> None:
    staff = await person()
    browser = await panel.browser(staff)
    assert "Крім пароля" in await browser.text("/admin/account")
    codes = await set_up(browser)
    assert len(codes) == 8
    page = await browser.text(PAGE)
    assert "Лишилося 8 кодів відновлення." in page
    assert not any(one in page for one in codes), "shown once"
    assert (await Staff.get(id=staff.id)).totp_secret not in page

    door = await panel.browser()
    await half(door)
    assert (await door.get("/admin/")).status == 303, "half a sign-in opens nothing"
    assert (await door.get("/admin/account")).status == 303
    form = await door.text("/admin/sign-in/code?next=/admin/%3Fview%3Dall")
    assert 'name="next" value="/admin/?view=all"' in form
    response = await door.post("/admin/sign-in/code", {"code": await code(30), "next": "/admin/?view=all"})
    assert (response.status, response.headers["Location"]) == (303, "/admin/?view=all")
    assert response.cookies["zvernys-step"].value == "", "the half is over"
    assert (await door.get("/admin/")).status == 200


async def test_the_qr_code_is_drawn_in_the_page_and_read_by_nobody_else(panel: Panel) -> None:
    browser = await panel.browser(await person())
    await browser.post(f"{PAGE}/begin")
    response = await browser.get(PAGE)
    html = await response.text()
    assert '<svg viewBox="0 0' in html
    assert "style=" not in html
    assert response.headers["Cache-Control"] == "no-store"


async def test_a_wrong_code_asks_again_and_a_used_one_too(panel: Panel) -> None:
    await set_up(await panel.browser(await person()))
    door = await panel.browser()
    await half(door)
    for typed in ("000000", "", await code(), "x" * 500):  # the third is that of setting up
        response = await door.post("/admin/sign-in/code", {"code": typed, "next": "/admin/notices"})
        html = await response.text()
        assert response.status == 422
        assert 'name="code"' in html
        assert 'value="/admin/notices"' in html
        assert "Код не підходить або вже використаний" in html
    assert not await Session.filter(address="127.0.0.1", browser__not="Test").exists()


async def test_guessing_at_codes_is_braked(panel: Panel) -> None:
    await set_up(await panel.browser(await person()))
    door = await panel.browser()
    for _ in range(5):
        await half(door)
        assert (await door.post("/admin/sign-in/code", {"code": "000000"})).status == 422
    response = await door.post("/admin/sign-in/code", {"code": await code(30)})
    assert response.status == 429
    assert "Спробуйте знову за" in await response.text()


async def test_a_recovery_code_opens_once(panel: Panel) -> None:
    codes = await set_up(await panel.browser(await person()))
    for status in (303, 422):
        door = await panel.browser()
        await half(door)
        assert (await door.post("/admin/sign-in/code", {"code": codes[0].upper()})).status == status


@pytest.mark.parametrize("cookie", ["", "forged", "x" * 5000])
async def test_without_the_first_step_there_is_no_second(panel: Panel, cookie: str) -> None:
    await set_up(await panel.browser(await person()))
    door = await panel.browser()
    door.client.session.cookie_jar.update_cookies({"zvernys-step": cookie}, panel.server.make_url("/"))
    assert (await door.get("/admin/sign-in/code")).headers["Location"] == "/admin/sign-in"
    response = await door.post("/admin/sign-in/code", {"code": await code(30)})
    assert response.status == 422
    assert "Увійдіть, будь ласка, ще раз." in await response.text()


async def test_the_token_of_the_first_step_is_no_session(panel: Panel) -> None:
    await set_up(await panel.browser(await person()))
    door = await panel.browser()
    response = await door.post("/admin/sign-in", {"login": "olena", "password": PASSWORD})
    token = response.cookies["zvernys-step"].value
    door.client.session.cookie_jar.update_cookies({"zvernys": token}, panel.server.make_url("/"))
    assert (await door.get("/admin/")).status == 303


async def test_other_sites_can_press_none_of_it(panel: Panel) -> None:
    browser = await panel.browser(await person())
    forged = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    for path in (f"{PAGE}/begin", f"{PAGE}/confirm", f"{PAGE}/disable", "/admin/sign-in/code"):
        assert (await browser.post(path, {"code": "1"}, headers=forged)).status == 403, path
    assert (await Staff.get(login="olena")).totp_secret == ""


async def test_it_is_turned_off_with_password_and_code(panel: Panel) -> None:
    browser = await panel.browser(await person())
    codes = await set_up(browser)
    response = await browser.post(f"{PAGE}/disable", {"password": "wrong", "code": codes[0]})
    assert response.status == 422
    assert "Теперішній пароль не той" in await response.text()
    response = await browser.post(f"{PAGE}/disable", {"password": PASSWORD, "code": "000000"})
    assert response.status == 422
    assert (await browser.post(f"{PAGE}/begin")).status == 409, "not anew while it is on"
    response = await browser.post(f"{PAGE}/disable", {"password": PASSWORD, "code": codes[0]})
    assert (response.status, response.headers["Location"]) == (303, "/admin/account")
    assert not second_step.is_on(await Staff.get(login="olena"))


async def test_a_wrong_first_code_leaves_the_picture(panel: Panel) -> None:
    browser = await panel.browser(await person())
    await browser.post(f"{PAGE}/begin")
    response = await browser.post(f"{PAGE}/confirm", {"code": "000000"})
    html = await response.text()
    assert response.status == 422
    assert "<svg viewBox=" in html
    assert (await Staff.get(login="olena")).totp_secret in html
    assert (await browser.post(f"{PAGE}/confirm", {"code": await code()})).status == 200


async def test_an_administrator_is_led_to_it_and_nowhere_else(make_panel: Maker) -> None:
    panel = await make_panel(panel=STRICT)
    await person(Role.ADMINISTRATOR)
    browser = await panel.browser()
    response = await browser.post("/admin/sign-in", {"login": "olena", "password": PASSWORD})
    assert response.headers["Location"] == "/admin/"
    for path in ("/admin/", "/admin/staff", "/admin/account", "/admin/roles", "/admin/appeals/1"):
        assert (await browser.get(path)).headers["Location"] == PAGE, path
    refused = await browser.get("/admin/", headers=HTMX)
    assert refused.status == 403
    assert "Спершу налаштуйте код" in await refused.text()
    for path in ("/admin/staff", "/admin/account/password", "/admin/account/language", f"{PAGE}/disable"):
        assert (await browser.post(path, {"language": "en"})).status == 403, path
    html = await browser.text(PAGE)
    assert "Адміністратори входять із паролем і кодом" in html
    assert "/admin/incidents" not in html, "no way leads elsewhere"
    assert await set_up(browser)
    assert (await browser.get("/admin/staff")).status == 200


async def test_an_administrator_may_leave_before_it(make_panel: Maker) -> None:
    panel = await make_panel(panel=STRICT)
    browser = await panel.browser(await person(Role.ADMINISTRATOR))
    assert (await browser.post("/admin/sign-out")).headers["Location"] == "/admin/sign-in"
    assert (await browser.get(PAGE)).headers["Location"].startswith("/admin/sign-in")


async def test_before_it_a_session_ends_without_use_as_any_other(make_panel: Maker) -> None:
    panel = await make_panel(panel=STRICT)
    browser = await panel.browser(await person(Role.ADMINISTRATOR))
    later = clock.now() + timedelta(hours=12, seconds=1)
    with clock.use(lambda: later):
        assert (await browser.get(PAGE)).headers["Location"].startswith("/admin/sign-in")


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.EXECUTOR])
async def test_others_may_leave_it_off(make_panel: Maker, role: Role) -> None:
    panel = await make_panel(panel=STRICT)
    executor = "kryvbasvodokanal" if role is Role.EXECUTOR else None
    staff = await auth.create_staff("olena", "Олена", role, PASSWORD, executor)
    assert (await (await panel.browser(staff)).get("/admin/")).status == 200
