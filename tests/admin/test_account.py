"""My account: language, password, sessions, Telegram; and what I have been told."""

import re
from datetime import timedelta

import pytest

from admin.format import browser as browser_words
from core import auth, clock, throttle, tokens
from core.auth import Browser as Knock
from core.errors import Invalid, TooMany
from core.models import LinkToken, Notice, Session, Staff
from core.models.staff import Purpose
from core.workflow import Role
from tests.admin.conftest import Browser, Maker, Panel
from tests.builders import make_account, make_appeal, make_staff

OLD, NEW = "correct horse battery", "another fine password"


async def test_the_language_is_kept_with_the_person(panel: Panel, operator: Browser) -> None:
    del panel
    assert (await operator.post("/admin/account/language", {"language": "en"})).status == 303
    html = await operator.text("/admin/", headers={"Accept-Language": "uk"})
    assert '<html lang="en">' in html
    assert "All open" in html
    await operator.post("/admin/account/language", {"language": "xx"})
    assert '<html lang="en">' in await operator.text("/admin/")


async def test_a_new_password_ends_the_other_sessions(panel: Panel) -> None:
    staff = await auth.create_staff("olena", "Олена", Role.OPERATOR, OLD)
    here, there = await panel.browser(staff), await panel.browser(staff)
    response = await here.post("/admin/account/password", {"old": OLD, "new": NEW, "again": NEW})
    text = await response.text()
    assert response.status == 200
    assert "Пароль змінено" in text
    assert NEW not in text
    assert (await here.get("/admin/")).status == 200
    assert (await there.get("/admin/")).status == 303
    assert (await auth.sign_in("olena", NEW, Knock(), hours=1)).session
    with pytest.raises(Invalid):
        await auth.sign_in("olena", OLD, Knock(), hours=1)


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"old": "wrong", "new": NEW, "again": NEW}, "Теперішній пароль не той"),
        ({"old": OLD, "new": NEW, "again": "other"}, "двічі введено по-різному"),
        ({"old": OLD, "new": "short", "again": "short"}, "Пароль має містити"),
        ({"old": OLD, "new": "Olena.Koval ", "again": "Olena.Koval "}, "не може збігатися з логіном"),
        ({}, "Теперішній пароль не той"),
    ],
)
async def test_a_password_is_not_changed_by_mistake(panel: Panel, form: dict[str, str], why: str) -> None:
    staff = await auth.create_staff("olena.koval", "Олена", Role.OPERATOR, OLD)
    response = await (await panel.browser(staff)).post("/admin/account/password", form)
    assert response.status == 422
    assert why in await response.text()
    assert (await Staff.get(id=staff.id)).password_hash == staff.password_hash


async def test_the_old_password_cant_be_guessed_at(database: str) -> None:
    del database
    staff = await auth.create_staff("olena", "Олена", Role.OPERATOR, OLD)
    now = clock.now()
    with clock.use(lambda: now):
        for _ in range(throttle.BY_LOGIN_AND_PLACE.free):
            with pytest.raises(Invalid):
                await auth.change_password(staff, "wrong", NEW, keep=0)
        with pytest.raises(TooMany):
            await auth.change_password(staff, OLD, NEW, keep=0)


async def test_sessions_are_listed_and_ended_ones_own_only(panel: Panel, operator: Browser) -> None:
    assert operator.staff
    other = await panel.browser(operator.staff)
    stranger = await panel.browser(await make_staff())
    html = await operator.text("/admin/account")
    found = re.findall(r"/admin/account/sessions/(\d+)/revoke", html)
    assert len(found) == 1
    assert "цей сеанс" in html
    assert (await stranger.post(f"/admin/account/sessions/{found[0]}/revoke")).status == 404
    assert (await other.get("/admin/")).status == 200
    assert (await operator.post(f"/admin/account/sessions/{found[0]}/revoke")).status == 303
    assert (await other.get("/admin/")).status == 303
    assert await Session.all().count() == 2


async def test_all_other_sessions_end_at_once(panel: Panel, operator: Browser) -> None:
    assert operator.staff
    others = [await panel.browser(operator.staff) for _ in range(2)]
    stranger = await panel.browser(await make_staff())
    assert "/admin/account/sessions/revoke-others" in await operator.text("/admin/account")
    assert (await operator.post("/admin/account/sessions/revoke-others")).status == 303
    assert [(await one.get("/admin/")).status for one in (*others, operator, stranger)] == [
        303,
        303,
        200,
        200,
    ]
    assert "/admin/account/sessions/revoke-others" not in await operator.text("/admin/account")


async def test_a_chat_is_linked_by_a_token_that_works_once(panel: Panel, officer: Browser) -> None:
    del panel
    html = await (await officer.post("/admin/account/telegram")).text()
    shown = re.search(r"/start ([\w-]+)<", html)
    assert shown
    token = shown[1]
    assert re.fullmatch(r"[A-Za-z0-9_-]{16,64}", token)
    assert not await LinkToken.exists(token_hash=token)
    account, another = await make_account(), await make_account()
    assert await auth.claim_link_token("wrong", account) is None
    linked = await auth.claim_link_token(token, account)
    assert officer.staff
    assert linked
    assert (linked.id, linked.account_id) == (officer.staff.id, account.id)
    assert await auth.claim_link_token(token, another) is None
    assert "Чат підключено." in await officer.text("/admin/account")
    await officer.post("/admin/account/telegram/unlink")
    assert (await Staff.get(id=officer.staff.id)).account_id is None


async def test_the_bots_link_is_given_where_its_name_is_known(make_panel: Maker) -> None:
    panel = await make_panel(bot_name="zvernys_bot")
    browser = await panel.browser(await make_staff())
    html = await (await browser.post("/admin/account/telegram")).text()
    assert re.search(r'href="https://t\.me/zvernys_bot\?start=[\w-]+"', html)


async def test_a_link_token_dies_of_age_of_a_newer_one_and_with_its_maker(database: str) -> None:
    del database
    staff, account = await make_staff(), await make_account()
    first = await auth.make_link_token(staff)
    second = await auth.make_link_token(staff)
    assert await auth.claim_link_token(first, account) is None
    later = clock.now() + tokens.LIFE[Purpose.CHAT] + timedelta(seconds=1)
    with clock.use(lambda: later):
        assert await auth.claim_link_token(second, account) is None
    third = await auth.make_link_token(staff)
    await Staff.filter(id=staff.id).update(active=False)
    assert await auth.claim_link_token(third, account) is None


async def test_a_chat_belongs_to_one_person(database: str) -> None:
    del database
    account, first, second = await make_account(), await make_staff(), await make_staff()
    for staff in (first, second):
        assert await auth.claim_link_token(await auth.make_link_token(staff), account)
    assert [one.account_id for one in await Staff.all().order_by("id")] == [None, account.id]


async def test_notices_are_counted_listed_opened_and_read(panel: Panel, officer: Browser) -> None:
    appeals = [await make_appeal(panel.city, category="water.no_water") for _ in range(3)]
    html = await officer.text("/admin/notices")
    assert html.count("Вам передано звернення") == 3
    assert '<b class="count is-bad">3</b>' in html
    notice = await Notice.get(appeal_id=appeals[0].id)
    response = await officer.post(f"/admin/notices/{notice.id}/open")
    assert (response.status, response.headers["Location"]) == (303, f"/admin/appeals/{appeals[0].id}")
    assert await Notice.filter(read_at=None).count() == 2
    upto = re.search(r'name="upto" value="(\d+)"', html)
    assert upto
    late = await make_appeal(panel.city)  # told while the page was looked at
    await officer.post("/admin/notices/read", {"upto": upto[1]})
    assert [one.appeal_id for one in await Notice.filter(read_at=None)] == [late.id]


async def test_anothers_notices_do_not_exist(panel: Panel, officer: Browser, operator: Browser) -> None:
    await make_appeal(panel.city, category="water.no_water")  # which alarms no operator
    del officer
    notice = await Notice.get()
    assert (await operator.post(f"/admin/notices/{notice.id}/open")).status == 404
    assert "Сповіщень немає" in await operator.text("/admin/notices")


@pytest.mark.parametrize("kind", ["rework", "pre_alarm", "overdue", "triage", "something_new"])
async def test_every_kind_of_notice_has_words(panel: Panel, officer: Browser, kind: str) -> None:
    del panel
    assert officer.staff
    await Notice.create(staff_id=officer.staff.id, kind=kind, dedupe=kind, at=clock.now())
    assert "panel.notice" not in await officer.text("/admin/notices")


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130 Safari/537.36 Edg/130",
            "Edge, Windows",
        ),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130 Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17) AppleWebKit/605 Safari/604", "Safari, iPhone"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", ""),
    ],
)
def test_browsers_are_named_as_people_know_them(agent: str, words: str) -> None:
    assert browser_words(agent) == words
