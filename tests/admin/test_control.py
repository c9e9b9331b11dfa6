"""The page of the day's control, and control on an appeal's card: over HTTP."""

import re
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from core import clock
from core.following import remind_of_deadlines
from core.jobs import Desk
from core.models import Appeal, Event, Notice, Staff
from core.models.staff import Post
from core.workflow import Role, Status, Verb
from tests.admin.conftest import Panel, counted
from tests.builders import make_account, make_appeal, make_staff

WATER, GAS, LIGHT = "kryvbasvodokanal", "gas_networks", "city_light"


async def of(panel: Panel, executor: str, **columns: object) -> Appeal:
    appeal = await make_appeal(panel.city, await make_account())
    await Appeal.filter(id=appeal.id).update(executor_id=executor, **columns)
    return await Appeal.get(id=appeal.id)


@pytest.fixture
async def appeals(panel: Panel) -> dict[str, Appeal]:
    now = clock.now()
    return {
        "late water": await of(panel, WATER, due_at=now - timedelta(hours=3)),
        "late gas": await of(panel, GAS, due_at=now - timedelta(days=3)),
        "returned": await of(panel, WATER, status=Status.REOPENED, due_at=now + timedelta(days=9)),
        "idle": await of(panel, GAS, updated_at=now - timedelta(days=6), due_at=now + timedelta(days=9)),
        "calm": await of(panel, WATER, due_at=now + timedelta(days=9)),
    }


def shown(html: str, appeals: dict[str, Appeal]) -> set[str]:
    linked = {int(number) for number in re.findall(r'href="/admin/appeals/(\d+)["?]', html)}
    return {name for name, appeal in appeals.items() if appeal.id in linked}


ALL = {"late water", "late gas", "returned", "idle"}


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.MANAGER, Role.ADMINISTRATOR])
async def test_the_whole_city_sees_all_that_needs_control(
    panel: Panel, appeals: dict[str, Appeal], role: Role
) -> None:
    browser = await panel.browser(await make_staff(role))
    html = await browser.text("/admin/control")
    assert shown(html, appeals) == ALL
    assert re.findall(r"<b>(\d+)</b> (?:Прострочено|Повернуто мешканцями|Без руху)", html) == ["2", "1", "1"]


async def test_officers_see_their_own_whatever_they_ask_for(panel: Panel, appeals: dict[str, Appeal]) -> None:
    browser = await panel.browser(await make_staff(Role.EXECUTOR, WATER, post=Post.HEAD))
    for path in ("/admin/control", f"/admin/control?executor={GAS}", "/admin/control?portfolio=housing"):
        assert shown(await browser.text(path), appeals) == {"late water", "returned"}


async def test_a_deputy_mayor_begins_with_their_portfolio(panel: Panel, appeals: dict[str, Appeal]) -> None:
    for slug, row in panel.city.executors.items():
        assert row.portfolio, slug
    own = panel.city.executors[WATER].portfolio
    deputy = await make_staff(Role.MANAGER, post=Post.DEPUTY, portfolio=own)
    browser = await panel.browser(deputy)
    assert shown(await browser.text("/admin/control"), appeals) == {
        name for name in ALL if panel.city.executors[appeals[name].executor_id or ""].portfolio == own
    }
    assert shown(await browser.text("/admin/control?portfolio="), appeals) == ALL
    other = await make_staff(Role.MANAGER, post=Post.DEPUTY, portfolio="social")
    browser = await panel.browser(other)
    html = await browser.text("/admin/control")
    assert shown(html, appeals) == set()
    assert "Під контролем нічого немає" in html


async def test_an_executor_is_chosen_and_what_is_unknown_is_the_whole_city(
    panel: Panel, appeals: dict[str, Appeal]
) -> None:
    browser = await panel.browser(await make_staff())
    assert shown(await browser.text(f"/admin/control?executor={GAS}"), appeals) == {"late gas", "idle"}
    assert shown(await browser.text("/admin/control?executor=nobody&portfolio=%27"), appeals) == ALL


async def test_its_links_lead_to_the_queue_with_the_same_filter(
    panel: Panel, appeals: dict[str, Appeal]
) -> None:
    browser = await panel.browser(await make_staff())
    html = await browser.text("/admin/control")
    links = {link.replace("&amp;", "&") for link in re.findall(r'href="(/admin/\?[^"]+)"', html)}
    assert {"/admin/?view=overdue", "/admin/?idle=5", f"/admin/?view=overdue&executor={WATER}"} <= links
    assert shown(await browser.text("/admin/?view=overdue"), appeals) == {"late water", "late gas"}
    page = await browser.text(f"/admin/?executor={GAS}&idle=5")
    assert shown(page, appeals) == {"idle"}
    assert "без руху понад 5 днів" in page
    assert 'name="idle" value="5"' in page
    assert shown(await browser.text("/admin/?idle=-5"), appeals) == set(appeals)


async def test_it_costs_the_same_however_much_there_is(panel: Panel) -> None:
    browser = await panel.browser(await make_staff())
    costs = []
    for many in (1, 12):
        for _ in range(many):
            await of(panel, LIGHT, due_at=clock.now() - timedelta(hours=1))
        for path in ("/admin/control", f"/admin/control?executor={LIGHT}"):
            with counted() as queries:
                await browser.text(path)
            costs.append(len(queries))
    assert len(set(costs)) == 1


async def test_a_notice_of_the_day_leads_there(panel: Panel) -> None:
    staff = await make_staff()
    notice = await Notice.create(staff_id=staff.id, kind="daily", dedupe="daily:x", at=clock.now())
    browser = await panel.browser(staff)
    assert "Контроль на сьогодні" in await browser.text("/admin/notices")
    response = await browser.post(f"/admin/notices/{notice.id}/open")
    assert (response.status, response.headers["Location"]) == (303, "/admin/control")


# on the card


async def test_the_card_says_what_comes_next_and_to_whom(panel: Panel) -> None:
    appeal = await make_appeal(panel.city, await make_account())
    officer = await make_staff(Role.EXECUTOR, WATER)
    desk = await panel.browser(await make_staff())
    assert re.search(r"Нагадаємо [^<]+: працівники виконавця", await desk.text(f"/admin/appeals/{appeal.id}"))
    own = await panel.browser(officer)
    assert re.search(r"Нагадаємо [^<]+: працівники виконавця", await own.text(f"/admin/appeals/{appeal.id}"))
    await Appeal.filter(id=appeal.id).update(control=5)
    assert re.search(r"Передамо вище [^<]+: немає кому", await desk.text(f"/admin/appeals/{appeal.id}"))
    await make_staff(Role.MANAGER, post=Post.MAYOR)
    assert re.search(r"Передамо вище [^<]+: міський голова", await desk.text(f"/admin/appeals/{appeal.id}"))
    await Appeal.filter(id=appeal.id).update(remind_at=None)
    assert "Передамо" not in await desk.text(f"/admin/appeals/{appeal.id}")


async def test_history_tells_of_reminders_and_who_types_is_not_disturbed(panel: Panel) -> None:
    appeal = await make_appeal(panel.city, await make_account())
    await make_staff(Role.EXECUTOR, WATER, post=Post.HEAD)
    await make_staff(Role.EXECUTOR, WATER)
    desk = Desk(panel.city, panel.settings.schedule, panel.media, {})
    now = clock.now()
    for later in (now + timedelta(hours=12, minutes=1), now + timedelta(hours=13, minutes=1)):
        with clock.use(partial(datetime.fromtimestamp, later.timestamp(), UTC)):
            await remind_of_deadlines(desk)
    browser = await panel.browser(await make_staff())
    html = await browser.text(f"/admin/appeals/{appeal.id}")
    assert "Нагадування: строк минув. Кому: працівники виконавця" in html
    assert "Передано вище: строк минув і нічого не змінилося. Кому: керівник виконавця" in html
    live = await browser.text(f"/admin/appeals/{appeal.id}/live?version=0")
    assert 'class="meanwhile' not in live
    response = await browser.post(
        f"/admin/appeals/{appeal.id}/note", {"expected": "0", "words": "бачили", "text": "бачили"}
    )
    assert response.status == 303, "the version is the one they looked at"
    assert await Event.filter(appeal_id=appeal.id, verb__in=[Verb.REMIND, Verb.ESCALATE]).count() == 2
    assert await Staff.all().count() == 3
