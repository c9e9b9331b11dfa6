"""From one appeal to the next of the list it was opened from, whatever became of it and of the list."""

import re
from dataclasses import replace
from html import unescape
from urllib.parse import quote

import pytest

from core import clock
from core.actions import desk
from core.actions.actor import Actor
from core.actions.helping import join
from core.city import City
from core.models import Appeal
from core.queries.panel import queue
from core.queries.panel.filters import Filters, View
from core.workflow import Role, Status
from tests.admin.conftest import HTMX, Browser, Panel, counted
from tests.builders import make_appeal, make_staff


def opens(html: str) -> list[str]:
    """The links of a list, from the top."""
    return [unescape(link) for link in re.findall(r'class="open" href="([^"]+)"', html)]


def link(html: str, rel: str) -> str:
    found = re.search(rf'rel="{rel}" href="([^"]+)"', html)
    assert found, f"no way to the {rel} one"
    return unescape(found[1])


async def step(browser: Browser, here: str, rel: str) -> str:
    """Where the link of a card leads."""
    response = await browser.get(link(await browser.text(here), rel))
    assert response.status == 303
    return response.headers["Location"]


async def potholes(panel: Panel, n: int) -> list[Appeal]:
    """The newest first, as they stand in the list."""
    return [await make_appeal(panel.city, category="roads.pothole") for _ in range(n)][::-1]


LISTS = ("", "?view=all", "?category=roads.pothole", "?view=all&group=roads", "?view=all&q=яма")


@pytest.mark.parametrize("asked", LISTS)
async def test_a_list_is_gone_through_down_and_up_again(panel: Panel, operator: Browser, asked: str) -> None:
    for n in range(6):
        await make_appeal(panel.city, category="roads.pothole", text="яма", urgent=n in (1, 4))
    ended = await Appeal.all().order_by("id").offset(3).first()
    assert ended
    await Appeal.filter(id=ended.id).update(open=False, status=Status.CLOSED)
    await make_appeal(panel.city, text="прорвало трубу")
    there = opens(await operator.text(f"/admin/{asked}"))
    assert len(there) >= 5
    for way, rel in ((there, "next"), (there[::-1], "prev")):
        here, passed = way[0], [way[0]]
        while (here := await step(operator, here, rel)).startswith("/admin/appeals/"):
            passed.append(here)
        assert passed == way
        assert here.endswith("end=last" if rel == "next" else "end=first")
        words = "останнє" if rel == "next" else "перше"
        html = await operator.text(here)
        assert f"Це було {words} звернення списку." in html
        assert opens(html) == there


async def test_what_left_the_view_or_moved_within_it_is_no_hindrance(panel: Panel, operator: Browser) -> None:
    rows, who = await potholes(panel, 5), Actor.staff(await make_staff(Role.OPERATOR))
    here = opens(await operator.text("/admin/"))[1]
    await desk.reject(panel.city, rows[1].id, who, expected=0, reason="ні")
    await desk.reject(panel.city, rows[2].id, who, expected=0, reason="ні")
    newer = await make_appeal(panel.city, category="roads.pothole")
    assert f"/admin/appeals/{rows[3].id}?" in await step(operator, here, "next")
    assert f"/admin/appeals/{rows[0].id}?" in (before := await step(operator, here, "prev"))
    assert f"/admin/appeals/{newer.id}?" in await step(operator, before, "prev")
    await Appeal.filter(id=rows[0].id).update(urgent=True)  # and stands elsewhere now
    assert f"/admin/appeals/{rows[3].id}?" in await step(operator, before, "next")


async def test_a_card_knows_its_list_by_its_address_alone(panel: Panel, operator: Browser) -> None:
    appeal = (await potholes(panel, 2))[0]
    for here in (f"/admin/appeals/{appeal.id}", f"/admin/appeals/{appeal.id}?view=all&after=x"):
        html = await operator.text(here)
        assert 'class="case-back text-secondary" href="/admin/"' in html
        assert "case-steps" not in html
    (here, _) = opens(await operator.text("/admin/?category=roads.pothole&urgent=0"))
    html = await operator.text(here)
    assert 'class="case-back text-secondary" href="/admin/?category=roads.pothole&amp;urgent=0"' in html
    for way in ("next", "previous"):
        response = await operator.get(f"/admin/appeals/{way}?view=all")
        assert response.headers["Location"] == "/admin/"


async def test_the_list_stays_through_what_is_done_to_the_appeal(panel: Panel, operator: Browser) -> None:
    appeal = (await potholes(panel, 2))[0]
    here = opens(await operator.text("/admin/?q=Соборності"))[0]
    asked = here.partition("?")[2]
    assert f"q={quote('Соборності')}" in asked
    forms = [
        unescape(action)
        for action in re.findall(r'(?:form\w*|<form[^>]* )action="([^"]+)"', await operator.text(here))
        if action.startswith(f"/admin/appeals/{appeal.id}/")
    ]
    assert len(forms) > 10
    assert [action for action in forms if not action.endswith(asked)] == []
    note = f"/admin/appeals/{appeal.id}/note?{asked}"
    done = await operator.post(note, {"expected": "0", "text": "дзвонила"})
    assert done.headers["Location"] == here
    by_htmx = await operator.post(note, {"expected": "1", "text": "ще раз"}, headers=HTMX)
    refused = await operator.post(note, {"expected": "2", "text": ""})
    assert (by_htmx.status, refused.status) == (200, 422)
    for response in (by_htmx, refused):
        assert link(await response.text(), "next") == f"/admin/appeals/next?{asked}"
    for what, back in (("follow", here), ("contacts", f"{here}#contacts")):
        response = await operator.post(f"/admin/appeals/{appeal.id}/{what}?{asked}")
        assert response.headers["Location"] == back
    live = await operator.text(f"/admin/appeals/{appeal.id}/live?version=0&{asked}", headers=HTMX)
    assert f'href="{here}"'.replace("&", "&amp;") in live


async def test_an_officer_meets_only_what_is_theirs(panel: Panel, officer: Browser) -> None:
    theirs = [await make_appeal(panel.city) for _ in range(2)]
    foreign, helped = [await make_appeal(panel.city, category="roads.pothole", urgent=True) for _ in range(2)]
    await join(helped, ["kryvbasvodokanal"], occasion="test")
    here = opens(await officer.text("/admin/?view=all"))[0]
    passed = [here]
    while (here := await step(officer, here, "next")).startswith("/admin/appeals/"):
        passed.append(here)
    ids = [int(re.findall(r"\d+", one)[0]) for one in passed]
    assert set(ids) == {helped.id, *(one.id for one in theirs)}
    nowhere = f"/admin/appeals/next?view=all&executor=city_roads&after=1.1.{foreign.id + 1}"
    response = await officer.get(nowhere)
    assert f"/appeals/{foreign.id}?" not in response.headers["Location"]
    html = await officer.text(f"/admin/appeals/{helped.id}")
    assert 'class="case-back text-secondary" href="/admin/mine"' in html


async def test_neighbours_cost_nothing_until_somebody_goes_there(panel: Panel, operator: Browser) -> None:
    await potholes(panel, 3)
    first, here, _ = opens(await operator.text("/admin/"))
    for each in (first, here):
        await operator.text(each)  # that they are there is written once

    async def price(path: str) -> int:
        with counted() as queries:
            await operator.get(path)
        return len(queries)

    assert await price(here) == await price(here.partition("?")[0])
    assert await price(link(await operator.text(here), "next")) <= 4


async def test_the_place_beside_is_that_of_the_list_in_every_group(database: str, city: City) -> None:
    """Open and ended, urgent and not, in all mixtures, by each sort of query."""
    del database
    for n in range(16):
        appeal = await make_appeal(city, category=("roads.pothole", "water.leak")[n % 2], urgent=n % 4 == 0)
        if n % 3 == 0:
            await Appeal.filter(id=appeal.id).update(open=False, status=Status.CLOSED)
    who, today = Actor.staff(await make_staff()), clock.now().date()
    for filters in (
        Filters(view=View.ALL),
        Filters(),
        Filters(view=View.ALL, since=today.replace(day=1)),
        Filters(view=View.ALL, group="x", slugs=("roads.pothole", "water.leak")),
        Filters(view=View.ALL, urgent=False),
        Filters(view=View.ALL, status=Status.CLOSED),
    ):
        places = [row.place for row in (await queue.page(who, filters)).rows]
        assert len(places) > 3
        for at, place in enumerate(places):
            here = replace(filters, after=place)
            below = await queue.beside(who, here, None, {}, up=False)
            above = await queue.beside(who, here, None, {}, up=True)
            assert below == (places[at + 1] if at + 1 < len(places) else None)
            assert above == (places[at - 1] if at else None)
