"""Signing in: who gets in, who doesn't, and what a thief would find."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest

from admin.forms import MAX_FIELDS
from core import auth, clock, passwords
from core.auth import Browser as Knock
from core.errors import Invalid
from core.models import Session, SignInFailure, Staff
from core.workflow import Role
from tests.admin.conftest import HTMX, Browser, Maker, Panel

PASSWORD = "correct horse battery"
RIGHT = {"login": "olena", "password": PASSWORD}


async def olena() -> Staff:
    return await auth.create_staff(" Olena ", "Олена Коваль", Role.OPERATOR, PASSWORD)


async def test_the_right_pair_opens_a_session_and_signing_out_ends_it(panel: Panel) -> None:
    await olena()
    browser = await panel.browser()
    assert (await browser.get("/admin/?view=all")).headers[
        "Location"
    ] == "/admin/sign-in?next=/admin/%3Fview%3Dall"
    response = await browser.post("/admin/sign-in", RIGHT | {"next": "/admin/?view=all"})
    assert (response.status, response.headers["Location"]) == (303, "/admin/?view=all")
    cookie = response.cookies["zvernys"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert (await browser.get("/admin/")).status == 200
    token = cookie.value
    assert (await browser.post("/admin/sign-out")).status == 303
    assert not await Session.exists()
    browser.client.session.cookie_jar.update_cookies({"zvernys": token}, panel.server.make_url("/"))
    assert (await browser.get("/admin/")).status == 303


async def test_only_hashes_are_stored(panel: Panel) -> None:
    staff = await olena()
    browser = await panel.browser()
    response = await browser.post("/admin/sign-in", RIGHT)
    token = response.cookies["zvernys"].value
    session = await Session.get()
    assert session.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert staff.password_hash.startswith("$argon2id$")
    assert PASSWORD not in staff.password_hash


async def test_the_cookie_is_bound_to_https_and_host_where_it_can_be(make_panel: Maker) -> None:
    panel = await make_panel(panel={"secure_cookies": True})
    await olena()
    response = await (await panel.browser()).post("/admin/sign-in", RIGHT)
    assert response.cookies["__Host-zvernys"]["secure"]


@pytest.mark.parametrize(
    "wrong", [{"login": "nobody"}, {"password": "wrong"}, {"login": "\x00"}, {"login": ""}]
)
async def test_a_wrong_pair_is_told_the_same_whatever_was_wrong(panel: Panel, wrong: dict[str, str]) -> None:
    await olena()
    response = await (await panel.browser()).post("/admin/sign-in", RIGHT | wrong)
    text = await response.text()
    assert response.status == 422
    assert "Логін або пароль не той." in text
    assert PASSWORD not in text
    assert "Set-Cookie" not in response.headers


async def test_a_form_without_end_is_cut_short(panel: Panel) -> None:
    """Anybody may send one here; parts of one name count as those of many."""
    part = b'--x\r\nContent-Disposition: form-data; name="login"\r\n\r\nolena\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    endless = part * (MAX_FIELDS + 1) + b"--x--\r\n"
    response = await (await panel.browser()).post("/admin/sign-in", endless, headers=headers)
    assert response.status == 413


async def test_an_unknown_login_costs_a_hash_too(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    del database
    await olena()
    checked: list[str] = []
    hasher = passwords._hasher

    class Seen:
        def verify(self, stored: str, password: str) -> bool:
            checked.append(stored)
            return hasher.verify(stored, password)

        def __getattr__(self, name: str) -> Any:
            return getattr(hasher, name)

    monkeypatch.setattr(passwords, "_hasher", Seen())
    invited = await auth.create_staff("invited", "", Role.OPERATOR, None)
    assert invited.password_hash == ""
    for login in ("olena", "nobody", "invited"):
        with pytest.raises(Invalid):
            await auth.sign_in(login, "wrong", Knock("1.2.3.4"), hours=1)
    assert len(checked) == 3
    assert len({tuple(stored.split("$")[1:4]) for stored in checked}) == 1, "the same work"


async def test_braked_is_a_page_with_words(panel: Panel) -> None:
    now = clock.now()
    await SignInFailure.bulk_create(
        [SignInFailure(login="olena", address="127.0.0.1", at=now) for _ in range(10)]
    )
    with clock.use(lambda: now):
        response = await (await panel.browser()).post("/admin/sign-in", RIGHT)
    assert response.status == 429
    text = await response.text()
    assert "Спробуйте знову за 32 секунди." in text
    assert 'value="olena"' in text, "the login stays in the form"


async def test_a_browser_that_is_known_gets_in_while_strangers_guess(panel: Panel) -> None:
    await olena()
    browser = await panel.browser()
    mark = (await browser.post("/admin/sign-in", RIGHT)).cookies["zvernys-mark"]
    assert (mark["httponly"], mark["samesite"], mark["max-age"]) == (True, "Lax", "15552000")
    await browser.post("/admin/sign-out")
    now = clock.now()
    await SignInFailure.bulk_create(
        [SignInFailure(login="olena", address="127.0.0.1", at=now) for _ in range(90)]
    )
    with clock.use(lambda: now):
        assert (await (await panel.browser()).post("/admin/sign-in", RIGHT)).status == 429
        assert (await browser.post("/admin/sign-in", RIGHT)).status == 303
    assert (await browser.get("/admin/")).status == 200


async def test_the_address_is_the_proxys_word_only_where_a_proxy_is_trusted(make_panel: Maker) -> None:
    forged = {"X-Forwarded-For": "6.6.6.6, 203.0.113.9"}
    for trusted, address in ((0, "127.0.0.1"), (1, "203.0.113.9"), (2, "6.6.6.6"), (3, "127.0.0.1")):
        panel = await make_panel(server={"trusted_proxies": trusted})
        await (await panel.browser()).post("/admin/sign-in", {"login": "x", "password": "y"}, headers=forged)
        assert (await SignInFailure.all().order_by("-id").first()).address == address  # type: ignore[union-attr]


async def test_a_session_ends_after_its_hours_without_use(panel: Panel) -> None:
    await olena()
    token = (await auth.sign_in("olena", PASSWORD, Knock(), hours=12)).session
    start = clock.now()

    async def alive(after: timedelta) -> bool:
        with clock.use(lambda: start + after):
            return await auth.session(token, hours=12) is not None

    assert await alive(timedelta(hours=11))  # prolongs it
    assert await alive(timedelta(hours=22))
    assert not await alive(timedelta(hours=35))
    del panel


async def test_a_page_that_refreshes_by_itself_is_nobody_at_work(panel: Panel, operator: Browser) -> None:
    """Else a browser left open on a desk would be signed in for ever."""
    del panel
    session = await Session.get()
    start = clock.now()
    with clock.use(lambda: start + timedelta(hours=1)):
        assert (await operator.get("/admin/", headers={"X-Poll": "1"} | HTMX)).status == 200
        await session.refresh_from_db()
        assert session.seen_at < start + timedelta(minutes=1)
        assert (await operator.get("/admin/", headers=HTMX)).status == 200
        await session.refresh_from_db()
        assert session.expires_at >= start + timedelta(hours=13)


async def test_a_dismissed_person_is_out_at_once(panel: Panel, operator: Browser) -> None:
    del panel
    assert (await operator.get("/admin/")).status == 200
    await Staff.all().update(active=False)
    assert (await operator.get("/admin/")).status == 303


@pytest.mark.parametrize(
    "next_path",
    ["https://evil.example/", "//evil.example/", "/admin/\\evil", "javascript:alert(1)", "/\t/evil"],
)
async def test_after_signing_in_one_stays_in_the_panel(panel: Panel, next_path: str) -> None:
    await olena()
    response = await (await panel.browser()).post("/admin/sign-in", RIGHT | {"next": next_path})
    assert response.headers["Location"] == "/admin/"


async def test_under_htmx_an_ended_session_leaves_the_page_as_it_is(panel: Panel) -> None:
    response = await (await panel.browser()).get("/admin/", headers={"HX-Request": "true"})
    assert (response.status, response.headers["HX-Retarget"]) == (401, "#toasts")
    assert "/admin/sign-in" in await response.text()


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"login": "  "}, "login.shape"),
        ({"login": "x" * 65}, "login.shape"),
        ({"password": "short"}, "password.length"),
        ({"password": "x" * 201}, "password.length"),
        ({"password": "operator-new", "login": "Operator-New"}, "password.login"),
        ({"role": Role.RESIDENT}, "staff.role"),
        ({"role": Role.EXECUTOR}, "staff.executor"),
        ({"executor": "kryvbasvodokanal"}, "staff.executor"),
        ({"role": Role.EXECUTOR, "executor": "nobody"}, "executor.unknown"),
        ({"login": "TAKEN"}, "login.taken"),
    ],
)
async def test_an_account_that_makes_no_sense_is_refused(
    database: str, values: dict[str, Any], key: str
) -> None:
    del database
    await auth.create_staff("taken", "", Role.OPERATOR, PASSWORD)
    with pytest.raises(Invalid) as refused:
        await auth.create_staff(
            **({"login": "new", "name": "Н", "role": Role.OPERATOR, "password": PASSWORD} | values)
        )
    assert refused.value.key == key


async def test_the_sign_in_speaks_the_browsers_language(panel: Panel) -> None:
    browser = await panel.browser()
    assert "Увійти" in await browser.text(
        "/admin/sign-in", headers={"Accept-Language": "de,uk;q=0.9,en;q=0.8"}
    )
    assert "Password" in await browser.text("/admin/sign-in", headers={"Accept-Language": "en-GB,uk;q=0.5"})
    assert "Пароль" in await browser.text("/admin/sign-in", headers={"Accept-Language": "ru,fr"})
    assert "Password" in await browser.text("/admin/sign-in?lang=en")
