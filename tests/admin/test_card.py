"""One appeal on one page: everything about it in words, nothing of it as markup, nobody's contacts."""

import re
from datetime import timedelta

import pytest

from core import clock
from core.actions import desk, poll, resident
from core.actions import executor as officers
from core.actions.actor import Actor
from core.actions.join import join
from core.actions.submit import Place
from core.actions.withdraw import withdraw
from core.models import Account, Appeal, Attachment, Channel, Notice, Outbox, OutboxState, Resident, Survey
from core.models.appeals import AttachmentState
from core.workflow import Role
from tests.admin.conftest import HTMX, Browser, Panel, counted
from tests.builders import make_account, make_appeal, make_staff


async def test_the_whole_story_is_told_in_words(panel: Panel, operator: Browser) -> None:
    city, account = panel.city, await make_account(Channel.VIBER)
    who = Actor.staff(await make_staff(Role.OPERATOR, name="Ганна Швець"))
    them = Actor.resident(account.resident_id)
    appeal = await make_appeal(city, account, danger_words=("іскрить",), urgent=True)
    await desk.ask(city, appeal.id, who, expected=0, question="з якого боку будинку?")
    await resident.answer(city, appeal.id, them, text="з двору")
    await desk.reassign(city, appeal.id, who, expected=2, executor="teplotsentral", reason="гаряча вода")
    officer = Actor.staff(await make_staff(Role.EXECUTOR, "teplotsentral"))
    await officers.report(city, appeal.id, officer, expected=3, text="замінено трубу")
    await desk.resolve(city, appeal.id, who, expected=4)
    await Survey.create(appeal_id=appeal.id, round=0, sent_at=clock.now())
    await resident.reopen(city, appeal.id, them, text="далі тече")
    html = await operator.text(f"/admin/appeals/{appeal.id}")
    for words in (
        "іскрить",
        "Запитання мешканцю",
        "з якого боку будинку?",
        "призначено → чекаємо мешканця",
        "Ганна Швець, оператор",
        "Передано іншому виконавцю: Криворізька теплоцентраль",
        "гаряча вода",
        "Звіт про виконання",
        "Виконання підтверджено",
        "Мешканець: не вирішено",
        "далі тече",
        "повторне 1 раз",
        "Мешканець каже: не вирішено.",
    ):
        assert words in html, words


async def test_the_conversation_tells_what_became_of_each_message(panel: Panel, operator: Browser) -> None:
    who = Actor.staff(await make_staff())
    appeal = await make_appeal(panel.city)
    for version, (state, attempts, error, shown) in enumerate(
        [
            (OutboxState.PENDING, 0, "", "у черзі"),
            (OutboxState.PENDING, 2, "502 Bad Gateway", "у черзі (2 спроби): 502 Bad Gateway"),
            (OutboxState.SENT, 1, "", "надіслано"),
            (OutboxState.DELIVERED, 1, "", "доставлено"),
            (OutboxState.SEEN, 1, "", "прочитано"),
            (OutboxState.FAILED, 1, "bot was blocked", "не доставлено: bot was blocked"),
        ]
    ):
        await desk.tell(panel.city, appeal.id, who, expected=version, text=f"повідомлення {version}")
        letter = await Outbox.filter(appeal_id=appeal.id).order_by("-id").first()
        assert letter
        await Outbox.filter(id=letter.id).update(state=state, attempts=attempts, error=error)
        html = await operator.text(f"/admin/appeals/{appeal.id}/live?version=9")
        bubble = html[html.index(f'id="letter-{letter.id}"') :]
        assert f"повідомлення {version}" in bubble
        assert shown in bubble


async def test_what_colleagues_were_told_is_no_part_of_the_conversation(
    panel: Panel, operator: Browser
) -> None:
    account = await make_account()
    await make_staff(Role.EXECUTOR, "kryvbasvodokanal", account_id=account.id)
    appeal = await make_appeal(panel.city, account)
    assert await Outbox.filter(kind="staff.alarm").exists()
    html = await operator.text(f"/admin/appeals/{appeal.id}")
    assert "letter-" not in html


async def test_the_name_is_masked_and_contacts_are_not_shown(panel: Panel, operator: Browser) -> None:
    appeal = await make_appeal(panel.city)
    await Resident.filter(id=appeal.resident_id).update(name="Марія Іваненко", phone="+380671234567")
    html = await operator.text(f"/admin/appeals/{appeal.id}")
    assert "М••• І•••" in html
    account = await Account.get(id=appeal.account_id)
    for secret in ("Марія", "Іваненко", "671234567", account.external_id):
        assert secret not in re.sub(r"\?v=\w+", "", html.replace(appeal.number, ""))


async def test_a_chat_out_of_reach_is_said(panel: Panel, operator: Browser) -> None:
    appeal = await make_appeal(panel.city)
    await Account.filter(id=appeal.account_id).update(reachable=False, unreachable_why="blocked")
    assert "чат недоступний" in await operator.text(f"/admin/appeals/{appeal.id}")


async def test_words_and_places_are_never_markup(panel: Panel, operator: Browser) -> None:
    evil = "</p><script>alert(1)</script>{{7*7}}${x}"
    place = Place(address='"><img src=x onerror=alert(1)>', lat=47.9, lon=33.4)
    appeal = await make_appeal(panel.city, text=evil, place=place, danger_words=("<i>газ</i>",))
    html = await operator.text(f"/admin/appeals/{appeal.id}")
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "<i>газ" not in html
    assert "{{7*7}}" in html
    assert 'data-lat="47.9"' in html


async def test_photos_show_by_what_became_of_them(panel: Panel, operator: Browser) -> None:
    appeal, now = await make_appeal(panel.city, text="яма"), clock.now()
    for state in AttachmentState:
        await Attachment.create(
            appeal_id=appeal.id, role=Role.RESIDENT, state=state, key="a/b", due_at=now, created_at=now
        )
    html = await operator.text(f"/admin/appeals/{appeal.id}")
    assert "Фото завантажується" in html
    assert "Фото не вдалося отримати" in html
    assert re.search(r"/media/\d+/thumb\.jpg", html)


async def test_the_living_part_tells_what_others_did_since(panel: Panel, operator: Browser) -> None:
    appeal = await make_appeal(panel.city)
    quiet = await operator.text(f"/admin/appeals/{appeal.id}/live?version=0", headers=HTMX)
    assert "Поки ви дивилися" not in quiet
    who = Actor.staff(await make_staff(Role.OPERATOR, name="Ганна Швець"))
    await desk.note(panel.city, appeal.id, who, expected=0, text="дзвонила")
    fresh = await operator.text(f"/admin/appeals/{appeal.id}/live?version=0", headers=HTMX)
    assert "Поки ви дивилися" in fresh
    assert "Ганна Швець" in fresh
    assert "/live?version=0" in fresh  # and it stays until the page is drawn anew
    assert "Поки ви дивилися" not in await operator.text(f"/admin/appeals/{appeal.id}/live?version=1")


@pytest.mark.parametrize("version", ["", "x", "-5", "99999", "9" * 40])
async def test_any_version_may_be_asked_about(panel: Panel, operator: Browser, version: str) -> None:
    appeal = await make_appeal(panel.city)
    assert (await operator.get(f"/admin/appeals/{appeal.id}/live?version={version}")).status == 200


async def test_opening_an_appeal_is_reading_its_notices(panel: Panel, officer: Browser) -> None:
    appeal = await make_appeal(panel.city)
    assert await Notice.filter(read_at=None, appeal_id=appeal.id).count() == 1
    await officer.text(f"/admin/appeals/{appeal.id}")
    assert await Notice.filter(read_at=None, appeal_id=appeal.id).count() == 0


async def test_the_price_of_a_page_does_not_grow_with_its_story(panel: Panel, operator: Browser) -> None:
    who, appeal = Actor.staff(await make_staff()), await make_appeal(panel.city)

    async def price() -> int:
        with counted() as queries:
            await operator.text(f"/admin/appeals/{appeal.id}")
        return len(queries)

    await desk.tell(panel.city, appeal.id, who, expected=0, text="слово")
    await operator.text(f"/admin/appeals/{appeal.id}")  # that they are there is written once
    few = await price()
    for version in range(1, 30):
        await desk.tell(panel.city, appeal.id, who, expected=version, text="слово")
    assert await price() == few <= 18
    with counted() as queries:
        await operator.text(f"/admin/appeals/{appeal.id}/live?version=30")
    assert len(queries) <= 6  # every few seconds for each open card


async def test_the_map_gets_every_outline_in_the_readers_language(panel: Panel, operator: Browser) -> None:
    found = await (await operator.get("/admin/districts.json")).json()
    assert len(found["districts"]) == len(panel.city.districts)
    first = found["districts"][0]
    assert first["name"].endswith("район")
    lat, lon = first["polygons"][0][0][0]
    assert 47 < lat < 49
    assert 33 < lon < 34


async def test_every_status_and_deadline_has_its_words(panel: Panel, operator: Browser) -> None:
    appeal = await make_appeal(panel.city)
    now = clock.now()
    for due, is_open, words in (
        (now + timedelta(days=5, minutes=5), True, "лишилося 5 днів"),
        (now + timedelta(hours=1, minutes=5), True, "лишилася 1 година"),
        (now - timedelta(minutes=3), True, "прострочено на 3 хвилини"),
        (None, True, "строк зупинено"),
        (now, False, "завершено"),
    ):
        await Appeal.filter(id=appeal.id).update(due_at=due, open=is_open)
        assert words in await operator.text(f"/admin/appeals/{appeal.id}")


async def test_what_the_resident_did_and_thinks_is_told(panel: Panel, operator: Browser) -> None:
    city, account = panel.city, await make_account()
    who, them = Actor.staff(await make_staff(Role.OPERATOR)), Actor.resident(account.resident_id)
    appeal, neighbour = await make_appeal(city, account), await make_account()
    await join(city, neighbour, appeal.id)
    await withdraw(city, appeal.id, Actor.resident(neighbour.resident_id))
    await Appeal.filter(id=appeal.id).update(due_at=clock.now() - timedelta(hours=1))
    await resident.nudge(city, appeal.id, them)
    await desk.resolve(city, appeal.id, who, expected=3, answer="Замінено трубу")
    await poll.confirm(city, appeal.id, them)
    await poll.rate(city, appeal.id, them, stars=2)
    await poll.give_reason(city, appeal.id, them, reason="slow")
    await poll.give_reason(city, appeal.id, them, reason="rude")
    await poll.comment(city, appeal.id, them, text="чекали <b>тиждень</b>")
    html = await operator.text(f"/admin/appeals/{appeal.id}")
    for words in (
        "Один із мешканців більше не стежить",
        "Мешканець нагадує: термін минув",
        "2 зірки",
        "довго, неввічливо",
        "чекали &lt;b&gt;тиждень&lt;/b&gt;",
    ):
        assert words in html
    await withdraw(city, (other := await make_appeal(city, account)).id, them)
    assert "Мешканець відкликав звернення" in await operator.text(f"/admin/appeals/{other.id}")


async def test_the_first_look_at_what_was_returned_is_told_and_leaves_the_page_fresh(
    panel: Panel, operator: Browser, officer: Browser
) -> None:
    city, account = panel.city, await make_account()
    who, them = Actor.staff(await make_staff(Role.OPERATOR)), Actor.resident(account.resident_id)
    appeal = await make_appeal(city, account)
    await desk.resolve(city, appeal.id, who, expected=0, answer="Замінено трубу")
    await resident.reopen(city, appeal.id, them, text="далі тече")
    html = await operator.text(f"/admin/appeals/{appeal.id}")
    assert 'name="expected" value="3"' in html
    assert "Повернення побачили" in html
    for browser in (operator, officer):
        await browser.text(f"/admin/appeals/{appeal.id}/live?version=3")
        await browser.text(f"/admin/appeals/{appeal.id}")
    assert (await Appeal.get(id=appeal.id)).version == 3
    assert await Outbox.filter(kind="seen", account_id=account.id).count() == 1
    assert "Повідомлено, що повернення побачили" in await operator.text(f"/admin/appeals/{appeal.id}")
