"""What rings, in the panel: who sees it, takes it and ticks the call-list; and the board for the wall."""

import re
from datetime import timedelta
from typing import Any

import pytest

from core import auth, clock
from core.actions import alarms
from core.actions.actor import Actor
from core.actions.submit import Place
from core.models import (
    Absence,
    Alarm,
    AlarmCall,
    AlarmState,
    Appeal,
    Duty,
    Event,
    Notice,
    Resident,
    Session,
    Staff,
)
from core.workflow import Role, Verb
from tests.admin.conftest import HTMX, Browser, Panel, counted
from tests.builders import make_account, make_appeal, make_staff

PHONE = "+380671234567"
WATER = "kryvbasvodokanal"


async def on_duty(position: int, staff: Staff | None = None, **more: Any) -> Duty:
    now = clock.now()
    values: dict[str, Any] = {
        "name": "" if staff else "Диспетчер <b>",
        "phone": "" if staff else PHONE,
        "begins_at": now - timedelta(hours=1),
        "ends_at": now + timedelta(hours=11),
    }
    return await Duty.create(position=position, staff=staff, **(values | more))


async def test_what_rings_shows_in_the_heading_and_its_call_list_on_the_page(
    panel: Panel, operator: Browser
) -> None:
    await on_duty(1)
    await on_duty(2, operator.staff)
    appeal = await make_appeal(panel.city)
    heading = await operator.text("/admin/")
    assert re.search(r'top-alarm is-ringing.*?<b class="count is-bad">1</b>', heading, re.DOTALL)
    page = await operator.text("/admin/alarms")
    assert f'href="tel:{PHONE}"' in page
    assert "+380 67 123 45 67" in page
    assert "Диспетчер &lt;b&gt;" in page
    assert appeal.number in page
    (seconds,) = re.findall(r'countdown" data-seconds="(\d+)"', page)
    assert 290 < int(seconds) <= 300
    part = await operator.text("/admin/alarms", headers=HTMX)
    assert part.lstrip().startswith('<div id="alarms"')


async def test_taken_it_rings_no_more_and_a_second_hears_who_was_first(
    panel: Panel, operator: Browser
) -> None:
    other = await panel.browser(await make_staff(Role.OPERATOR, name="Андрій Мороз"))
    appeal = await make_appeal(panel.city)
    alarm = await Alarm.get()
    response = await other.post(f"/admin/alarms/{alarm.id}/acknowledge")
    assert (response.status, response.headers["Location"]) == (303, f"/admin/alarms#alarm-{alarm.id}")
    late = await operator.post(f"/admin/alarms/{alarm.id}/acknowledge")
    assert late.status == 409
    assert "уже прийнято: Андрій Мороз" in await late.text()
    part = await operator.post(f"/admin/alarms/{alarm.id}/acknowledge", headers=HTMX)
    assert part.status == 409
    assert (await part.text()).lstrip().startswith('<div id="alarms"')
    page = await operator.text("/admin/alarms")
    assert "Зараз ніщо не дзвонить" in page
    assert "Прийнято: Андрій Мороз, за 0 хвилин" in page
    card = await operator.text(f"/admin/appeals/{appeal.id}")
    assert "Аварійний виклик прийнято: Андрій Мороз" in card


async def test_the_call_list_is_ticked(panel: Panel, operator: Browser) -> None:
    await on_duty(1)
    await on_duty(2, name="Змінний майстер")
    appeal = await make_appeal(panel.city)
    first, second = await AlarmCall.all().order_by("position")
    assert (await operator.post(f"/admin/alarms/calls/{first.id}", {"reached": "no"})).status == 303
    await second.refresh_from_db()
    assert second.called_at is not None
    assert (await operator.post(f"/admin/alarms/calls/{first.id}", {"reached": "no"})).status == 409
    assert (await operator.post(f"/admin/alarms/calls/{first.id}", {"reached": "maybe"})).status == 400
    assert (await operator.post(f"/admin/alarms/calls/{second.id}", {"reached": "yes"})).status == 303
    assert (await Alarm.get()).acknowledged_by == "Змінний майстер"
    card = await operator.text(f"/admin/appeals/{appeal.id}")
    assert "Викликано чергових: Змінний майстер (телефоном)" in card
    assert "Додзвонилися, виклик прийнято: Змінний майстер" in card
    told = await Event.filter(verb__in=(Verb.ALARM, Verb.ACKNOWLEDGE)).values_list("data", flat=True)
    assert PHONE not in str(told)


async def test_officers_see_and_take_their_own_and_what_calls_them(panel: Panel, officer: Browser) -> None:
    gas = await panel.browser(await make_staff(Role.EXECUTOR, "gas_networks"))
    await make_appeal(panel.city)
    alarm = await Alarm.get()
    assert f'id="alarm-{alarm.id}"' in await officer.text("/admin/alarms")
    assert f'id="alarm-{alarm.id}"' not in await gas.text("/admin/alarms")
    assert await (await gas.get("/admin/alarms/count")).json() == {"ringing": 0, "latest": ""}
    assert (await (await officer.get("/admin/alarms/count")).json())["ringing"] == 1
    assert "is-ringing" not in await gas.text("/admin/")
    assert (await gas.post(f"/admin/alarms/{alarm.id}/acknowledge")).status == 404
    await on_duty(1, gas.staff)
    await make_appeal(panel.city)
    called = await Alarm.all().order_by("-id").first()
    assert called is not None
    assert f'id="alarm-{called.id}"' in await gas.text("/admin/alarms")
    assert (await gas.post(f"/admin/alarms/{called.id}/acknowledge")).status == 303
    assert (await officer.post(f"/admin/alarms/{alarm.id}/acknowledge")).status == 303


async def test_private_numbers_are_for_those_who_ring_them_up(
    panel: Panel, operator: Browser, officer: Browser
) -> None:
    manager = await panel.browser(await make_staff(Role.MANAGER))
    own, of_city = "+380670000001", "+380670000002"
    await on_duty(1, name="Слюсар", phone=own, executor_id=WATER)
    await on_duty(1, name="Черговий міста", phone=of_city)
    await make_appeal(panel.city)
    rung = await officer.text("/admin/alarms")
    assert "Слюсар" in rung
    assert "Черговий міста" in rung
    assert "tel:" not in rung
    assert "tel:" not in await manager.text("/admin/alarms")
    assert own in await operator.text("/admin/alarms")
    page = await officer.text("/admin/duty")
    assert own in page, "of their own roster"
    assert of_city not in page
    assert of_city in await operator.text("/admin/duty")


async def test_who_stands_in_sees_who_is_on_duty_there(panel: Panel) -> None:
    absent = await make_staff(Role.EXECUTOR, WATER)
    substitute = await make_staff(Role.EXECUTOR, "gas_networks")
    await on_duty(1, name="Слюсар", executor_id=WATER)
    browser = await panel.browser(substitute)
    assert "Слюсар" not in await browser.text("/admin/alarms")
    now, day = clock.now(), timedelta(days=1)
    await Absence.create(
        staff_id=absent.id, substitute_id=substitute.id, begins_at=now - day, ends_at=now + day
    )
    assert "Слюсар" in await browser.text("/admin/alarms")


async def test_a_notice_of_an_alarm_leads_to_what_rings(operator: Browser) -> None:
    assert operator.staff is not None
    notice = await Notice.create(staff_id=operator.staff.id, kind="alarm", dedupe="x", at=clock.now())
    response = await operator.post(f"/admin/notices/{notice.id}/open")
    assert response.headers["Location"] == "/admin/alarms"


async def test_the_pages_take_few_queries_however_much_rings(panel: Panel, operator: Browser) -> None:
    await on_duty(1)
    await make_appeal(panel.city)
    spent = {}
    for path in ("/admin/alarms", "/admin/board?live=1"):
        with counted() as few:
            await operator.text(path, headers=HTMX)
        spent[path] = len(few)
    for _ in range(5):
        await make_appeal(panel.city)
    for path, before in spent.items():
        with counted() as many:
            await operator.text(path, headers=HTMX)
        assert len(many) == before, path


# the board


async def test_the_board_says_what_happens_and_names_nobody(panel: Panel, operator: Browser) -> None:
    account = await make_account()
    await Resident.filter(id=account.resident_id).update(name="Марія Іваненко", phone=PHONE)
    await on_duty(1)
    appeal = await make_appeal(panel.city, account, text="прорвало, я Марія, кв. 7")
    await make_appeal(panel.city, category="roads.pothole")
    page = await operator.text("/admin/board")
    live = await operator.text("/admin/board?live=1", headers=HTMX)
    assert live.count("<html") == 0
    for html in (page, live):
        assert appeal.number in html
        assert "Металургійний район" in html
        assert "Викликано всіх" in html
        assert re.search(r"<dd>2</dd><dt>надійшло сьогодні", html)
        for secret in ("Марія", "Іваненко", PHONE, "прорвало", "Соборності", "Диспетчер"):
            assert secret not in html, secret
    assert 'data-bs-theme="dark"' in page


async def test_unanswered_stands_first_on_the_board(panel: Panel, operator: Browser) -> None:
    await make_appeal(panel.city)
    lost = await make_appeal(panel.city, category="gas.leak")
    await Alarm.filter(appeal_id=lost.id).update(state=AlarmState.UNANSWERED, next_at=None)
    html = await operator.text("/admin/board")
    assert html.index("Ніхто не відповів") < html.index("Чекає на чергового")


async def test_a_board_left_to_itself_keeps_no_session_alive(operator: Browser) -> None:
    before = await Session.get()
    long_ago = clock.now() - 2 * auth.TOUCH
    await Session.filter(id=before.id).update(seen_at=long_ago)
    assert (await operator.get("/admin/board?live=1", headers={**HTMX, "X-Poll": "1"})).status == 200
    assert (await Session.get()).expires_at == before.expires_at
    await Session.all().delete()
    assert (await operator.get("/admin/board?live=1", headers={**HTMX, "X-Poll": "1"})).status == 401


@pytest.mark.parametrize("path", ["/admin/board", "/admin/alarms", "/admin/duty"])
async def test_each_page_reads_in_english(panel: Panel, path: str) -> None:
    browser = await panel.browser(await make_staff(Role.MANAGER, language="en"))
    await on_duty(1, name="Dispatcher")
    await make_appeal(panel.city, place=Place(lat=47.9, lon=33.4, district="metalurhiinyi"))
    html = await browser.text(path)
    assert not re.search(
        "[а-яіїєґ]", re.sub(r"<(title|small).*?</\1>", "", html).split("<main")[1], re.IGNORECASE
    )


async def test_who_was_called_is_in_the_history_without_losing_an_open_form(
    panel: Panel, operator: Browser
) -> None:
    await on_duty(1, operator.staff)
    appeal = await make_appeal(panel.city)
    assert operator.staff is not None
    await alarms.acknowledge(panel.city, (await Alarm.get()).id, Actor.staff(operator.staff))
    response = await operator.post(f"/admin/appeals/{appeal.id}/note", {"expected": "0", "text": "виїхали"})
    assert response.status == 303
    assert (await Appeal.get(id=appeal.id)).version == 1
    live = await operator.text(f"/admin/appeals/{appeal.id}/live?version=0", headers=HTMX)
    assert "виїхали" in live
