"""Accounts on a narrow screen, without scripts, by keyboard; and that a page left alone is nobody at work."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pyotp
import pytest
from playwright.async_api import BrowserContext, Page, expect

from core import auth, clock
from core.models import Session, Staff
from core.workflow import Role
from tests import browsing
from tests.admin.conftest import Maker, Panel
from tests.builders import make_staff

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
NARROW = 390
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _still() -> Iterator[None]:
    now = clock.now()
    with clock.use(lambda: now):
        yield


@pytest.fixture
async def chromium() -> AsyncIterator[Any]:
    async with browsing.chromium() as browser:
        yield browser


async def phone(panel: Panel, chromium: Any, staff: Staff | None = None) -> Page:
    home = str(panel.server.make_url("/"))
    context: BrowserContext = await chromium.new_context(
        base_url=home, viewport={"width": NARROW, "height": 800}, locale="uk-UA", java_script_enabled=False
    )
    if staff is not None:
        token = await auth._open_session(staff, "", "", 12)
        await context.add_cookies([{"name": "zvernys", "value": token, "url": home}])
    return await context.new_page()


async def fits(page: Page) -> bool:
    width: Any = await page.evaluate("document.documentElement.scrollWidth")
    return int(width) <= NARROW


def code(secret: str, later: int = 0) -> str:
    return pyotp.TOTP(secret).at(int(clock.now().timestamp()) + later)


async def test_an_administrator_sets_up_the_code_and_signs_in_with_it(
    make_panel: Maker, chromium: Any
) -> None:
    panel = await make_panel(panel={"totp_for_administrators": True})
    await auth.create_staff("galyna", "Галина Адаменко", Role.ADMINISTRATOR, PASSWORD)
    page = await phone(panel, chromium)

    async def give_password() -> None:
        await page.goto("/admin/sign-in?next=/admin/staff")
        await page.get_by_label("Логін").fill("galyna")
        await page.get_by_label("Пароль").fill(PASSWORD)
        await page.get_by_label("Пароль").press("Enter")

    await give_password()
    await expect(page.get_by_role("heading", name="Код із застосунку")).to_be_visible()
    await page.get_by_role("button", name="Почати").press("Enter")
    picture = page.locator("svg.qr")
    await expect(picture).to_be_visible()
    assert await fits(page)
    box = await picture.bounding_box()
    assert box
    assert box["width"] >= 180, "large enough for a camera"
    secret = await page.locator("code.token").inner_text()
    await page.get_by_label("Введіть 6 цифр").fill("000000")
    await page.get_by_label("Введіть 6 цифр").press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("Код не підходить")
    await page.get_by_label("Введіть 6 цифр").fill(code(secret))
    await page.get_by_label("Введіть 6 цифр").press("Enter")
    await expect(page.locator(".codes li")).to_have_count(8)
    assert await fits(page)
    await page.get_by_role("link", name="Записано").press("Enter")
    await expect(page.locator("#queue")).to_be_visible()

    await Session.all().delete()
    await give_password()
    await expect(page.get_by_label("Код із застосунку або код відновлення")).to_be_focused()
    assert await fits(page)
    await page.keyboard.type(code(secret, 30))
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Працівники")).to_be_visible()


async def test_a_colleague_is_invited_and_let_back_in(panel: Panel, chromium: Any) -> None:
    page = await phone(panel, chromium, await make_staff(Role.ADMINISTRATOR, name="Галина Адаменко"))
    await page.goto("/admin/staff")
    assert await fits(page)
    await page.get_by_label("Ім'я та прізвище").fill("Олена Коваль")
    await page.get_by_label("Логін").fill("olena")
    await page.get_by_label("Роль", exact=True).select_option("operator")
    await page.get_by_label("Роль", exact=True).press("Enter")
    await page.get_by_role("button", name="Додати працівника").press("Enter")
    link = await page.locator("code.token").inner_text()
    assert await fits(page)
    await page.get_by_text("Посилання для нового пароля", exact=True).press("Enter")
    await page.get_by_role("button", name="Отримати посилання: Олена Коваль").press("Enter")
    newer = await page.locator("code.token").inner_text()
    assert newer != link
    guest = await phone(panel, chromium)
    await guest.goto(link.removeprefix(panel.settings.server.public_url))
    await expect(guest.get_by_text("вже використане або застаріле")).to_be_visible()
    await guest.goto(newer.removeprefix(panel.settings.server.public_url))
    assert await fits(guest)
    await guest.get_by_label("Новий пароль", exact=True).fill(PASSWORD)
    await guest.get_by_label("Новий пароль ще раз").fill(PASSWORD)
    await guest.get_by_label("Новий пароль ще раз").press("Enter")
    await expect(guest.get_by_text("Пароль збережено")).to_be_visible()
    await page.goto("/admin/staff")
    await page.get_by_text("Вимкнути обліковий запис").press("Enter")
    await page.get_by_role("button", name="Вимкнути: Олена Коваль").press("Enter")
    await expect(page.get_by_text("вимкнено")).to_be_visible()


async def test_the_matrix_of_roles_and_the_account_fit_a_phone(panel: Panel, chromium: Any) -> None:
    page = await phone(panel, chromium, await make_staff(Role.EXECUTOR, "kryvbasvodokanal"))
    for address in ("/admin/roles", "/admin/account", "/admin/account/second-step"):
        await page.goto(address)
        assert await fits(page), address


async def test_what_a_page_asks_by_itself_is_marked(panel: Panel, chromium: Any) -> None:
    """So that a browser left open is signed out all the same."""
    home = str(panel.server.make_url("/"))
    context = await chromium.new_context(base_url=home)
    token = await auth._open_session(await make_staff(Role.OPERATOR), "", "", 12)
    await context.add_cookies([{"name": "zvernys", "value": token, "url": home}])
    page = await context.new_page()
    await page.goto("/admin/")
    async with page.expect_request(lambda sent: sent.headers.get("hx-request") == "true") as polled:
        await page.evaluate("document.body.dispatchEvent(new Event('panel:poll'))")
    assert (await polled.value).headers.get("x-poll") == "1"
    async with page.expect_request(lambda sent: sent.headers.get("hx-request") == "true") as searched:
        await page.fill("#q", "трубу")
    assert "x-poll" not in (await searched.value).headers
