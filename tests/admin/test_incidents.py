"""Incidents in the panel: seen by the desk alone, shown before they are told, without a script."""

import re

import pytest

from core import clock
from core.actions import desk, incident
from core.actions.actor import Actor
from core.models import Appeal, Incident, IncidentState, Notice, Outbox
from core.queries.panel import incidents
from core.workflow import Role, Status, Verb
from tests.admin.conftest import Browser, Panel, counted
from tests.builders import make_appeal, make_staff


async def proposed(panel: Panel, times: int = 3) -> tuple[Incident, list[Appeal]]:
    appeals = [await make_appeal(panel.city, text=f"тече <b>{at}</b>") for at in range(times)]
    now = clock.now()
    found = await Incident.create(
        key=f"test:{appeals[0].number}",
        category_id="water.leak",
        district_id="metalurhiinyi",
        began_at=now,
        proposed_at=now,
    )
    await Appeal.filter(id__in=[appeal.id for appeal in appeals]).update(incident_id=found.id)
    return found, appeals


async def opened(panel: Panel, browser: Browser, times: int = 3) -> tuple[Incident, list[Appeal]]:
    found, appeals = await proposed(panel, times)
    assert browser.staff is not None
    await incident.accept(panel.city, found.id, Actor.staff(browser.staff), expected=0)
    return found, appeals


def hidden(html: str) -> dict[str, str]:
    """The fields that the form which confirms sends along."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', html)
    return {name: value.replace("&#39;", "'") for name, value in found}


async def test_a_proposal_shows_in_the_heading_and_on_top(panel: Panel, operator: Browser) -> None:
    await opened(panel, operator)
    found, _ = await proposed(panel)
    html = await operator.text("/admin/")
    assert re.search(r"Події</span><b class=\"count is-bad\">1</b>", html)
    page = await operator.text("/admin/incidents")
    assert page.index(f"Подія № {found.id}") < page.index("Відкриті") < page.index(f"Подія № {found.id - 1}")
    assert "3 звернення, 3 без відповіді" in page
    assert "Металургійний район" in page


async def test_a_page_tells_what_it_is_and_quotes_nobodys_markup(panel: Panel, operator: Browser) -> None:
    found, appeals = await proposed(panel)
    html = await operator.text(f"/admin/incidents/{found.id}")
    for words in ("повідомили 3 людини", "запропоновано", appeals[0].number, "тече &lt;b&gt;0", "ще немає"):
        assert words in html, words
    assert "Написати всім" not in html, "first somebody says that it is one"


async def test_accepting_asks_first_and_then_tells(panel: Panel, operator: Browser) -> None:
    found, appeals = await proposed(panel)
    asked = await operator.post(f"/admin/incidents/{found.id}/accept", {"expected": "0"})
    html = await asked.text()
    assert asked.status == 200
    assert "Буде надіслано 3 людям." in html
    assert "повідомили вже 3 людини, це одна подія" in html
    assert (await Incident.get()).state is IncidentState.PROPOSED
    done = await operator.post(f"/admin/incidents/{found.id}/accept", {**hidden(html), "confirmed": "1"})
    assert (done.status, done.headers["Location"]) == (303, f"/admin/incidents/{found.id}")
    assert await Outbox.filter(kind="incident").count() == 3
    history = await operator.text(f"/admin/appeals/{appeals[0].id}")
    assert f"Долучено до події № {found.id}" in history


async def test_one_answer_is_looked_over_corrected_and_given_to_all(panel: Panel, operator: Browser) -> None:
    found, appeals = await opened(panel, operator)
    at = f"/admin/incidents/{found.id}/resolve"
    typed = {"expected": "1", "text": "Трубу замінено,\nвода є"}
    html = await (await operator.post(at, typed)).text()
    assert "Буде зроблено для 3 звернень." in html
    assert "Трубу замінено,\nвода є" in html
    again = await (await operator.post(at, {**hidden(html), "edit": "1"})).text()
    assert re.search(r"<textarea[^>]*>Трубу замінено,\nвода є</textarea>", again)
    assert {row.status for row in await Appeal.all()} == {Status.ASSIGNED}
    done = await operator.post(at, {**hidden(html), "confirmed": "1"})
    assert done.status == 303
    assert {row.status for row in await Appeal.all()} == {Status.RESOLVED}
    history = await operator.text(f"/admin/appeals/{appeals[0].id}")
    assert f"Виконання підтверджено (подія № {found.id})" in history


async def test_what_could_not_be_done_is_named_with_its_reason(panel: Panel, operator: Browser) -> None:
    found, appeals = await opened(panel, operator)
    assert operator.staff is not None
    who = Actor.staff(operator.staff)
    await desk.resolve(panel.city, appeals[1].id, who, expected=1, answer="Готово")
    typed = {"expected": "1", "text": "Ремонт восени"}
    html = await (await operator.post(f"/admin/incidents/{found.id}/explain", typed)).text()
    assert "Буде надіслано 2 людям." in html
    assert "1 у такому стані, що цього вже не зробити." in html
    sent = {**hidden(html), "confirmed": "1"}
    done = await (await operator.post(f"/admin/incidents/{found.id}/explain", sent)).text()
    assert "Зроблено для 2 звернень." in done
    assert f"{appeals[1].number}</a>: У теперішньому стані" in done


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("tell", {"text": " "}, "повідомлення"),
        ("assign", {"executor": "nobody", "text": "так треба"}, "виконавц"),
        ("add", {"number": "26-999999"}, "Звернення з таким номером немає"),
    ],
)
async def test_what_is_wrong_is_said_and_the_words_are_kept(
    panel: Panel, operator: Browser, name: str, typed: dict[str, str], said: str
) -> None:
    found, _ = await opened(panel, operator)
    response = await operator.post(f"/admin/incidents/{found.id}/{name}", {"expected": "1", **typed})
    html = await response.text()
    assert response.status == 422
    assert re.search(rf'role="alert">[^<]*{said}', html, re.IGNORECASE)
    assert typed.get("number", typed.get("text", "")).strip() in html


async def test_who_comes_too_late_is_told_so_and_keeps_the_words(panel: Panel, operator: Browser) -> None:
    found, _ = await opened(panel, operator)
    for sent in ({}, {"confirmed": "1"}):
        typed = {"expected": "0", "text": "Уже зроблено", **sent}
        response = await operator.post(f"/admin/incidents/{found.id}/tell", typed)
        assert response.status == 409
        html = await response.text()
        assert "подію змінив хтось інший" in html
        assert "Уже зроблено</textarea>" in html
    assert not await Outbox.filter(kind="message").exists()


async def test_a_card_leads_to_its_incident_or_opens_one(panel: Panel, operator: Browser) -> None:
    appeal, other = await make_appeal(panel.city), await make_appeal(panel.city)
    assert "Відкрити спільну подію" in await operator.text(f"/admin/appeals/{appeal.id}")
    response = await operator.post("/admin/incidents", {"appeal": str(appeal.id), "expected": "0"})
    found = await Incident.get()
    assert response.headers["Location"] == f"/admin/incidents/{found.id}"
    assert f'href="/admin/incidents/{found.id}"' in await operator.text(f"/admin/appeals/{appeal.id}")
    await operator.post(f"/admin/incidents/{found.id}/add", {"expected": "0", "number": other.number})
    assert other.number in await operator.text(f"/admin/incidents/{found.id}")
    await operator.post(f"/admin/incidents/{found.id}/remove", {"expected": "1", "appeal": str(other.id)})
    assert other.number not in await operator.text(f"/admin/incidents/{found.id}")
    await operator.post(f"/admin/incidents/{found.id}/end", {"expected": "2"})
    assert "завершено" in await operator.text(f"/admin/incidents/{found.id}")
    again = await operator.post("/admin/incidents", {"appeal": str(other.id), "expected": "0"})
    assert again.status == 409, "somebody has changed it meanwhile"


async def test_officers_see_no_incidents(panel: Panel, operator: Browser, officer: Browser) -> None:
    found, appeals = await opened(panel, operator)
    assert (await officer.get(f"/admin/incidents/{found.id}")).status == 403
    assert "/admin/incidents" not in await officer.text(f"/admin/appeals/{appeals[0].id}")


async def test_a_thousand_appeals_are_one_page_of_few_queries(panel: Panel, operator: Browser) -> None:
    found, appeals = await proposed(panel, 1)
    (row,) = await Appeal.filter(id=appeals[0].id).values()
    del row["id"]
    await Appeal.bulk_create([Appeal(**row | {"number": f"x{at}"}) for at in range(1000)])
    with counted() as queries:
        html = await operator.text(f"/admin/incidents/{found.id}")
    assert html.count('class="item"') == incidents.SHOWN
    assert "1001 звернення" in html
    assert len(queries) <= 9, queries


# what is urgent


async def test_urgent_notices_stand_on_top_marked(panel: Panel, operator: Browser, officer: Browser) -> None:
    urgent = await make_appeal(panel.city, danger_words=("іскрить",))
    calm = await make_appeal(panel.city, category="roads.pothole", sure=False)
    for browser, above in ((operator, calm), (officer, urgent)):
        html = await browser.text("/admin/notices")
        assert html.count("notice is-unread is-urgent") == 1
        assert html.index(urgent.number) <= html.index(above.number)
    assert operator.staff is not None
    newest = max([notice.id for notice in await Notice.filter(staff_id=operator.staff.id)])
    assert f'name="upto" value="{newest}"' in await operator.text("/admin/notices")
    await operator.post("/admin/notices/read", {"upto": str(newest)})
    html = await operator.text("/admin/notices")
    assert html.index(calm.number) < html.index(urgent.number), "once read, it is as old as it is"


async def test_a_surges_notice_leads_to_the_incident(panel: Panel, operator: Browser) -> None:
    found, appeals = await proposed(panel)
    assert operator.staff is not None
    notice = await Notice.create(
        staff_id=operator.staff.id, appeal_id=appeals[0].id, kind="surge", dedupe="x", at=clock.now()
    )
    response = await operator.post(f"/admin/notices/{notice.id}/open")
    assert response.headers["Location"] == f"/admin/incidents/{found.id}"
    await incident.dismiss(panel.city, found.id, Actor.staff(await make_staff(Role.OPERATOR)), expected=0)
    response = await operator.post(f"/admin/notices/{notice.id}/open")
    assert response.headers["Location"] == f"/admin/appeals/{appeals[0].id}"


async def test_the_reach_of_an_action_is_what_the_table_allows(panel: Panel, operator: Browser) -> None:
    found, appeals = await opened(panel, operator)
    assert operator.staff is not None
    who = Actor.staff(operator.staff)
    await desk.resolve(panel.city, appeals[0].id, who, expected=1, answer="Готово")
    assert await incidents.reach(found.id, Verb.RESOLVE) == incidents.Reach(appeals=2, left=1, chats=2)
    assert await incidents.reach(found.id, Verb.TELL) == incidents.Reach(appeals=3, left=0, chats=3)
    assert await incidents.reach(found.id, Verb.ASSIGN) == incidents.Reach(appeals=0, left=3, chats=0)
