"""Colleagues' accounts in the panel: invited, let back in, dismissed; and the table of who may do what."""

import re

import pytest

from admin.views.roles import areas
from core import auth
from core.models import LinkToken, Session, Staff
from core.models.staff import Purpose
from core.workflow import MAY, Role
from tests.admin.conftest import Browser, Maker, Panel
from tests.builders import make_staff

OLD, NEW = "correct horse battery", "another fine password"


@pytest.fixture
async def administrator(panel: Panel) -> Browser:
    return await panel.browser(await make_staff(Role.ADMINISTRATOR, name="Галина Адаменко"))


def link_in(html: str) -> str:
    """The path of the link that the page shows."""
    found = re.search(r'class="token">http://127\.0\.0\.1:8080(/admin/reset/[\w-]+)<', html)
    assert found, html
    return found[1]


async def test_who_is_invited_sets_a_password_and_signs_in(panel: Panel, administrator: Browser) -> None:
    form = {"name": "Петро Майстер", "login": "Petro", "role": "executor", "executor": "kryvbasvodokanal"}
    response = await administrator.post("/admin/staff", form)
    html = await response.text()
    assert response.status == 200
    path = link_in(html)
    assert "Передайте його особисто" in html
    assert path not in await administrator.text("/admin/staff"), "shown once"
    assert "ще не входили" in html
    guest = await panel.browser()
    page = await guest.get(path)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "ваш логін: petro" in await page.text()
    response = await guest.post(path, {"new": NEW, "again": NEW})
    assert (response.status, response.headers["Location"]) == (303, "/admin/sign-in?new=1")
    assert "Пароль збережено" in await guest.text("/admin/sign-in?new=1")
    assert (await guest.post("/admin/sign-in", {"login": "petro", "password": NEW})).status == 303
    assert (await guest.get("/admin/")).status == 200
    assert (await Staff.get(login="petro")).executor_id == "kryvbasvodokanal"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"login": "taken"}, "Такий логін уже є"),
        ({"login": " "}, "Логін має містити"),
        ({"role": "resident"}, "працюють оператори"),
        ({"role": ""}, "працюють оператори"),
        ({"executor": "kryvbasvodokanal"}, "лише для них"),
        ({"role": "executor"}, "лише для них"),
        ({"role": "executor", "executor": "nobody"}, "виконавця"),
    ],
)
async def test_an_invitation_that_makes_no_sense_keeps_the_form(
    panel: Panel, administrator: Browser, wrong: dict[str, str], why: str
) -> None:
    del panel
    await make_staff(login="taken")
    before = await Staff.all().count()
    form = {"name": "Петро «Майстер»", "login": "petro", "role": "operator", "executor": ""} | wrong
    response = await administrator.post("/admin/staff", form)
    html = await response.text()
    assert response.status == 422
    assert why in html
    assert 'value="Петро «Майстер»"' in html
    assert await Staff.all().count() == before
    assert not await LinkToken.exists()


async def test_a_reset_link_is_good_for_one_new_password(panel: Panel, administrator: Browser) -> None:
    staff = await auth.create_staff("olena", "Олена Коваль", Role.OPERATOR, OLD)
    inside, guest = await panel.browser(staff), await panel.browser()
    path = link_in(await (await administrator.post(f"/admin/staff/{staff.id}/reset")).text())
    for form, why in (
        ({"new": "short", "again": "short"}, "Пароль має містити"),
        ({"new": NEW, "again": "other"}, "двічі введено по-різному"),
        ({}, "Пароль має містити"),
    ):
        response = await guest.post(path, form)
        assert response.status == 422
        assert why in await response.text()
    assert (await inside.get("/admin/")).status == 200, "nothing has happened yet"
    assert (await guest.post(path, {"new": NEW, "again": NEW})).status == 303
    assert (await inside.get("/admin/")).status == 303, "all sessions end"
    for response in (await guest.get(path), await guest.post(path, {"new": OLD + "!", "again": OLD + "!"})):
        assert response.status == 404
        assert "вже використане або застаріле" in await response.text()
    assert (await auth.sign_in("olena", NEW, auth.Browser(), hours=1)).session


@pytest.mark.parametrize("token", ["x" * 32, "x", "..%2f..", "%00"])
async def test_a_made_up_link_opens_nothing(panel: Panel, token: str) -> None:
    guest = await panel.browser()
    assert (await guest.get(f"/admin/reset/{token}")).status == 404
    assert (await guest.post(f"/admin/reset/{token}", {"new": NEW, "again": NEW})).status == 404


async def test_a_link_for_a_chat_resets_no_password(panel: Panel, officer: Browser) -> None:
    assert officer.staff
    token = await auth.make_link_token(officer.staff)
    assert (await (await panel.browser()).get(f"/admin/reset/{token}")).status == 404


async def test_switched_off_and_on_again(panel: Panel, administrator: Browser) -> None:
    staff = await auth.create_staff("olena", "Олена Коваль", Role.OPERATOR, OLD)
    inside = await panel.browser(staff)
    html = await administrator.text("/admin/staff")
    assert "Сеанси завершаться одразу" in html, "what happens is said before it does"
    response = await administrator.post(f"/admin/staff/{staff.id}/deactivate")
    assert (response.status, response.headers["Location"]) == (303, f"/admin/staff#staff-{staff.id}")
    assert (await inside.get("/admin/")).status == 303
    assert not await Session.filter(staff_id=staff.id).exists()
    html = await administrator.text("/admin/staff")
    assert f"/admin/staff/{staff.id}/activate" in html
    assert f"/admin/staff/{staff.id}/reset" not in html
    response = await administrator.post(f"/admin/staff/{staff.id}/reset")
    assert response.status == 422
    assert "Спершу ввімкніть" in await response.text()
    await administrator.post(f"/admin/staff/{staff.id}/activate")
    assert (await Staff.get(id=staff.id)).active


async def test_not_oneself_and_not_the_last(panel: Panel, administrator: Browser) -> None:
    me = administrator.staff
    assert me
    other = await make_staff(Role.ADMINISTRATOR)
    html = await administrator.text("/admin/staff")
    assert f"/admin/staff/{me.id}/" not in html
    for deed in ("deactivate", "reset", "second-step"):
        response = await administrator.post(f"/admin/staff/{me.id}/{deed}")
        assert response.status == 422
        assert "Зі своїм обліковим записом так не можна" in await response.text()
    theirs = await panel.browser(other)
    assert (await administrator.post(f"/admin/staff/{other.id}/deactivate")).status == 303
    assert (await theirs.post(f"/admin/staff/{me.id}/deactivate")).status == 401
    assert [one.id for one in await Staff.filter(role=Role.ADMINISTRATOR, active=True)] == [me.id]


async def test_the_code_of_a_lost_phone_is_taken_off(panel: Panel, administrator: Browser) -> None:
    staff = await auth.create_staff("olena", "Олена Коваль", Role.OPERATOR, OLD)
    assert f"/admin/staff/{staff.id}/second-step" not in await administrator.text("/admin/staff")
    await Staff.filter(id=staff.id).update(totp_secret="S" * 32, totp_since=staff.created_at)
    inside = await panel.browser(staff)
    html = await administrator.text("/admin/staff")
    assert f"/admin/staff/{staff.id}/second-step" in html
    assert "S" * 32 not in html
    assert (await administrator.post(f"/admin/staff/{staff.id}/second-step")).status == 303
    assert (await inside.get("/admin/")).status == 303
    assert (await Staff.get(id=staff.id)).totp_since is None


async def test_a_colleague_that_is_none_is_not_found(panel: Panel, administrator: Browser) -> None:
    del panel
    for deed in ("deactivate", "activate", "reset", "second-step"):
        assert (await administrator.post(f"/admin/staff/999999999/{deed}")).status == 404


async def test_other_sites_invite_and_dismiss_nobody(panel: Panel, administrator: Browser) -> None:
    del panel
    staff = await make_staff()
    forged = {"Sec-Fetch-Site": "cross-site"}
    paths = ["/admin/staff", *(f"/admin/staff/{staff.id}/{deed}" for deed in ("reset", "deactivate"))]
    for path in paths:
        assert (
            await administrator.post(path, {"login": "x", "role": "operator"}, headers=forged)
        ).status == 403
    assert (await Staff.get(id=staff.id)).active
    assert not await LinkToken.filter(purpose=Purpose.RESET).exists()


async def test_the_link_has_the_public_address(make_panel: Maker) -> None:
    panel = await make_panel(server={"public_url": "https://city.example"})
    browser = await panel.browser(await make_staff(Role.ADMINISTRATOR))
    html = await (await browser.post(f"/admin/staff/{(await make_staff()).id}/reset")).text()
    assert ">https://city.example/admin/reset/" in html


@pytest.mark.parametrize("language", ["uk", "en"])
async def test_the_matrix_of_roles_says_what_the_tables_say(
    panel: Panel, officer: Browser, language: str
) -> None:
    await Staff.all().update(language=language)
    html = await officer.text("/admin/roles")
    verbs, _, pages = html.partition('<section class="card section" aria-labelledby="h-pages">')
    rows = re.findall(r'<tr><th scope="row">([^<]+)</th>(.*?)</tr>', verbs, re.DOTALL)
    assert len(rows) == len(MAY)
    for (_, cells), who in zip(rows, MAY.values(), strict=True):
        marks = ["✓" in cell for cell in re.findall(r"<td>(.*?)</td>", cells, re.DOTALL)]
        assert marks == [role in who for role in Role]
    assert len({what for what, _ in rows}) == len(MAY), "each by its own name"
    app = panel.server.app
    assert app is not None
    assert pages.count('<th scope="row">') == len(areas(app))


async def test_the_pages_of_the_matrix_are_those_of_the_routes(panel: Panel) -> None:
    app = panel.server.app
    assert app is not None
    found = areas(app)
    administrators = frozenset({Role.ADMINISTRATOR})
    desk = administrators | {Role.OPERATOR, Role.MANAGER}
    assert found["staff"] == (administrators, administrators)
    assert found["rules"] == (desk, administrators)
    assert found["queue"] == (desk | {Role.EXECUTOR}, frozenset())
    assert not {"sign_in", "reset", "media"} & set(found), "what is open to all needs no row"


# posts


@pytest.fixture
async def people() -> dict[str, Staff]:
    return {
        "officer": await make_staff(Role.EXECUTOR, "kryvbasvodokanal", name="Сергій Водяник"),
        "manager": await make_staff(Role.MANAGER, name="Оксана Вишня"),
        "operator": await make_staff(Role.OPERATOR),
    }


@pytest.mark.parametrize(
    ("who", "post", "shown"),
    [
        ("officer", "head", "Керівник виконавця"),
        ("manager", "deputy:housing", "Житлово-комунальне господарство"),
        ("manager", "mayor", "Міський голова"),
    ],
)
async def test_an_administrator_says_who_leads_whom(
    administrator: Browser, people: dict[str, Staff], who: str, post: str, shown: str
) -> None:
    path = f"/admin/staff/{people[who].id}/post"
    response = await administrator.post(path, {"post": post})
    assert (response.status, response.headers["Location"]) == (303, f"/admin/staff#staff-{people[who].id}")
    found = await Staff.get(id=people[who].id)
    assert f"{found.post}{':' * bool(found.portfolio)}{found.portfolio}" == post
    page = await administrator.text("/admin/staff")
    assert re.search(rf"<b>[^<]*</b>[^<]*{shown}|<b>{shown}</b>", page)
    assert re.search(rf'value="{post}" selected', page)
    await administrator.post(path, {"post": ""})
    found = await Staff.get(id=people[who].id)
    assert (found.post, found.portfolio) == ("", "")


@pytest.mark.parametrize(
    ("who", "post"),
    [
        ("officer", "mayor"),
        ("officer", "deputy:housing"),
        ("manager", "head"),
        ("operator", "mayor"),
        ("manager", "deputy"),
        ("manager", "deputy:nothing"),
        ("manager", "mayor:housing"),
        ("manager", "king"),
    ],
)
async def test_a_post_that_the_role_does_not_have_is_refused(
    administrator: Browser, people: dict[str, Staff], who: str, post: str
) -> None:
    response = await administrator.post(f"/admin/staff/{people[who].id}/post", {"post": post})
    assert response.status == 422
    assert 'role="alert"' in await response.text()
    assert (await Staff.get(id=people[who].id)).post == ""
