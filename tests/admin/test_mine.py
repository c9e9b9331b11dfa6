"""The officer's side over HTTP: their day, one screen an appeal, and what is refused, not merely hidden."""

import re
from datetime import timedelta
from typing import Any

import pytest

from core import clock
from core.actions import decline
from core.actions.actor import Actor
from core.models import Appeal, Event, Notice
from core.workflow import Role, Status, Verb
from tests.admin.conftest import HTMX, Browser, Panel
from tests.builders import make_appeal, make_staff

WHY = "Це мережа котельні, а не наша"


async def act(browser: Browser, appeal: Appeal, verb: str, **values: Any) -> Any:
    await appeal.refresh_from_db()
    return await browser.post(
        f"/admin/appeals/{appeal.id}/{verb}", {"expected": str(appeal.version)} | values
    )


def after(appeal: Appeal, **more: float) -> str:
    assert appeal.due_at is not None
    return (appeal.due_at + timedelta(**more)).date().isoformat()


async def test_the_day_begins_with_what_is_late_and_shows_nobody_elses(
    panel: Panel, officer: Browser
) -> None:
    late, today = await make_appeal(panel.city), await make_appeal(panel.city)
    foreign = await make_appeal(panel.city, category="gas.leak")
    await Appeal.filter(id=late.id).update(due_at=clock.now() - timedelta(hours=3))
    html = await officer.text("/admin/mine")
    assert html.index(late.number) < html.index(today.number)
    assert 'id="h-overdue"' in html
    assert foreign.number not in html
    part = await officer.text("/admin/mine", headers=HTMX)
    assert part.startswith('<div id="mine"')


async def test_an_empty_day_says_what_happens_next(officer: Browser) -> None:
    assert "Усе зроблено" in await officer.text("/admin/mine")


async def test_their_screen_has_their_five_actions_and_nothing_of_the_desks(
    panel: Panel, officer: Browser, operator: Browser
) -> None:
    appeal = await make_appeal(panel.city)
    html = await officer.text(f"/admin/appeals/{appeal.id}")
    offered = re.findall(r'id="do-(\w+)" name="action"', html)
    assert offered == ["start", "report", "need_time", "decline", "note"]
    assert 'capture="environment"' in html
    for of_desk in ("/admin/incidents", "/merge", "/categorise", "/admin/hand-over", "/extend"):
        assert of_desk not in html
    of_operator = await operator.text(f"/admin/appeals/{appeal.id}")
    assert 'capture="environment"' not in of_operator
    assert "data-typed" not in of_operator


async def test_declining_leads_back_to_the_list_and_the_desk_reads_who_and_why(
    panel: Panel, officer: Browser, operator: Browser
) -> None:
    appeal = await make_appeal(panel.city)
    response = await act(officer, appeal, "decline", text=WHY)
    assert (response.status, response.headers["Location"]) == (303, "/admin/mine")
    assert (await officer.get(f"/admin/appeals/{appeal.id}")).status == 404
    assert appeal.number not in await officer.text("/admin/mine")
    html = await operator.text(f"/admin/appeals/{appeal.id}")
    assert html.count(WHY) == 2, "above the actions, and in the history"
    assert "Петро Майстер" in html
    assert "за правилом" not in html, "who declined it is not proposed again"
    assert "відмовився 1 виконавець" in await operator.text("/admin/?view=triage")


async def test_declining_by_htmx_leads_there_too(panel: Panel, officer: Browser) -> None:
    appeal = await make_appeal(panel.city)
    form = {"expected": "0", "text": WHY}
    response = await officer.post(f"/admin/appeals/{appeal.id}/decline", form, headers=HTMX)
    assert (response.status, response.headers["HX-Redirect"]) == (200, "/admin/mine")


async def test_declining_without_a_reason_keeps_the_form(panel: Panel, officer: Browser) -> None:
    appeal = await make_appeal(panel.city)
    response = await act(officer, appeal, "decline", text=" ")
    assert response.status == 422
    assert 'id="do-decline-error"' in await response.text()
    assert (await Appeal.get(id=appeal.id)).version == 0


async def test_the_third_time_a_manager_decides_and_the_operator_reads_so(
    panel: Panel, operator: Browser
) -> None:
    manager = await panel.browser(await make_staff(Role.MANAGER))
    appeal = await make_appeal(panel.city)
    officer = Actor.staff(await make_staff(Role.EXECUTOR, "kryvbasvodokanal"))
    for turn in range(3):
        if turn:
            await act(operator, appeal, "assign", executor="kryvbasvodokanal")
        await appeal.refresh_from_db()
        await decline.decline(panel.city, appeal.id, officer, expected=appeal.version, reason=WHY)
    html = await operator.text(f"/admin/appeals/{appeal.id}")
    assert 'id="do-assign"' not in html
    assert "далі вирішує керівник" in html
    assert (await act(operator, appeal, "assign", executor="teplotsentral")).status == 403
    assert "вирішіть, хто відповідає" in await manager.text("/admin/notices")
    assert 'id="do-assign"' in await manager.text(f"/admin/appeals/{appeal.id}")
    assert (await act(manager, appeal, "assign", executor="teplotsentral")).status == 303
    await appeal.refresh_from_db()
    assert (appeal.status, appeal.executor_id) == (Status.ASSIGNED, "teplotsentral")


async def test_more_time_is_asked_for_agreed_to_with_one_click_and_then_moved(
    panel: Panel, officer: Browser, operator: Browser
) -> None:
    appeal = await make_appeal(panel.city)
    day = after(appeal, days=3)
    assert (await act(officer, appeal, "need_time", day=day, text="чекаємо на деталь")).status == 303
    html = await officer.text(f"/admin/appeals/{appeal.id}")
    assert "Ви попросили час до" in html
    assert 'id="do-need_time"' not in html
    html = await operator.text(f"/admin/appeals/{appeal.id}")
    assert re.findall(r'id="do-(\w+)" name="action"', html)[:2] == ["extend", "refuse_time"]
    form = html[html.index('id="do-extend"') : html.index('id="do-refuse_time"')]
    assert f'name="day" value="{day}"' in form
    assert "чекаємо на деталь</textarea>" in form
    assert (await act(operator, appeal, "extend", day=day, text="чекаємо на деталь")).status == 303
    moved = await Appeal.get(id=appeal.id)
    assert moved.due_at is not None
    assert appeal.due_at is not None
    assert moved.due_at > appeal.due_at
    assert "Ви попросили час до" not in await officer.text(f"/admin/appeals/{appeal.id}")


async def test_refused_more_time_tells_the_officer_why(
    panel: Panel, officer: Browser, operator: Browser
) -> None:
    appeal = await make_appeal(panel.city)
    assert 'id="do-refuse_time"' not in await operator.text(f"/admin/appeals/{appeal.id}")
    await act(officer, appeal, "need_time", day=after(appeal, days=3), text="чекаємо")
    assert 'id="do-refuse_time"' in await operator.text(f"/admin/appeals/{appeal.id}")
    assert (await act(operator, appeal, "refuse_time", text="деталь є на складі")).status == 303
    assert officer.staff is not None
    assert await Notice.exists(staff_id=officer.staff.id, kind="time_refused")
    assert "деталь є на складі" in await officer.text(f"/admin/appeals/{appeal.id}")
    assert (await Appeal.get(id=appeal.id)).due_at == appeal.due_at


@pytest.mark.parametrize("day", ["", "2020-01-01", "завтра", "9999-12-31"])
async def test_a_day_that_wont_do_shows_at_its_field_and_keeps_the_words(
    panel: Panel, officer: Browser, day: str
) -> None:
    appeal = await make_appeal(panel.city)
    response = await act(officer, appeal, "need_time", day=day, text="чекаємо на деталь")
    html = await response.text()
    assert response.status == 422
    assert re.search(r'is-invalid" id="do-need_time-day"', html)
    assert "чекаємо на деталь</textarea>" in html


@pytest.mark.parametrize("verb", ["extend", "refuse_time", "assign", "reassign", "resolve", "rework", "help"])
async def test_what_is_the_desks_is_refused_to_officers(panel: Panel, officer: Browser, verb: str) -> None:
    appeal = await make_appeal(panel.city)
    assert (await act(officer, appeal, verb, text="самі", executor="teplotsentral")).status == 403
    assert (await Appeal.get(id=appeal.id)).version == 0


async def test_another_executors_appeal_is_not_there_for_them(panel: Panel, officer: Browser) -> None:
    foreign = await make_appeal(panel.city, category="gas.leak")
    assert (await officer.get(f"/admin/appeals/{foreign.id}")).status == 404
    for verb in ("start", "report", "decline", "need_time", "note"):
        assert (await act(officer, foreign, verb, text="наше", day=after(foreign, days=3))).status == 404
    assert not await Event.filter(appeal_id=foreign.id, role=Role.EXECUTOR).exists()


async def test_a_manager_reads_everything_and_does_no_triage(panel: Panel, operator: Browser) -> None:
    manager = await panel.browser(await make_staff(Role.MANAGER))
    appeal = await make_appeal(panel.city)
    html = await manager.text(f"/admin/appeals/{appeal.id}")
    assert set(re.findall(r'id="do-(\w+)" name="action"', html)) == {"extend", "note"}
    assert "/admin/incidents" in html
    for verb in ("categorise", "resolve", "ask", "tell"):
        assert (await act(manager, appeal, verb, text="ні")).status == 403
    assert (await act(manager, appeal, "reassign", executor="teplotsentral", text="інші")).status == 403
    assert (await act(manager, appeal, "note", text="стежу за цим")).status == 303
    assert "стежу за цим" in await operator.text(f"/admin/appeals/{appeal.id}")
    for path in ("/admin/", "/admin/incidents", "/admin/hand-over", "/admin/rules", "/admin/model"):
        assert (await manager.get(path)).status == 200, path
    last = await Event.filter(appeal_id=appeal.id).order_by("-id").first()
    assert last is not None
    assert (last.verb, last.role) == (Verb.NOTE, Role.MANAGER)
