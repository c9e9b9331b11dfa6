"""What is reported around: only near, only of late, only what exists for who looks; and at what price."""

import re
from datetime import timedelta

from core import clock
from core.actions.actor import Actor
from core.actions.helping import join
from core.actions.submit import Place
from core.models import Appeal
from core.queries.panel.neighbours import SHOWN, _query, neighbours
from core.queries.sql import select
from core.workflow import Role, Status
from tests.admin.conftest import Browser, Panel, counted
from tests.builders import make_appeal, make_staff

LAT, LON = 47.9105, 33.3918
METRE = 1 / 111_195  # degrees of latitude


def north(metres: float) -> Place:
    return Place("біля школи", lat=LAT + metres * METRE, lon=LON, district="metalurhiinyi")


async def test_what_is_near_and_of_late_is_told_the_nearest_first(panel: Panel) -> None:
    here, days = await make_appeal(panel.city, place=north(0)), timedelta(days=1)
    placed = {metres: await make_appeal(panel.city, place=north(metres)) for metres in (290, 310, 120, 5)}
    aged = {}
    for name, status, age in (
        ("open", Status.ASSIGNED, 29 * days),
        ("old", Status.ASSIGNED, 31 * days),
        ("done", Status.CLOSED, 6 * days),
        ("long done", Status.CLOSED, 8 * days),
    ):
        aged[name] = await make_appeal(panel.city, place=north(200))
        await Appeal.filter(id=aged[name].id).update(
            created_at=clock.now() - age, status=status, open=status is Status.ASSIGNED
        )
    await make_appeal(panel.city)  # nobody knows where
    operator = Actor.staff(await make_staff())
    found = [(one.id, one.metres) for one in await neighbours(operator, here)]
    assert found == [
        (placed[5].id, 5),
        (placed[120].id, 120),
        (aged["done"].id, 200),
        (aged["open"].id, 200),
        (placed[290].id, 290),
    ]
    assert await neighbours(operator, await make_appeal(panel.city)) == ()


async def test_an_officer_sees_only_their_own_around(panel: Panel) -> None:
    here = await make_appeal(panel.city, place=north(0))
    own, helped, others = [await make_appeal(panel.city, place=north(metres)) for metres in (10, 20, 30)]
    await Appeal.filter(id__in=[helped.id, others.id]).update(executor_id="teplotsentral")
    await join(helped, ["kryvbasvodokanal"], occasion="test")
    officer = Actor.staff(await make_staff(Role.EXECUTOR, "kryvbasvodokanal"))
    assert [one.id for one in await neighbours(officer, here)] == [own.id, helped.id]
    stranger = Actor.staff(await make_staff(Role.EXECUTOR, "gas_networks"))
    assert await neighbours(stranger, here) == ()


async def test_the_card_lists_them_as_links_for_the_map_to_draw(panel: Panel, operator: Browser) -> None:
    here = await make_appeal(panel.city, place=north(0))
    html = await operator.text(f"/admin/appeals/{here.id}")
    assert "звернень немає" in html
    there = await make_appeal(panel.city, place=north(150))
    html = await operator.text(f"/admin/appeals/{here.id}")
    near = html[html.index('id="near"') :].partition("</ul>")[0]
    assert f'href="/admin/appeals/{there.id}">{there.number}</a>' in near
    assert "за 150 метрів" in near
    assert re.search(r'data-lat="47\.91\d+" data-lon="33\.3918" data-status="assigned"', near)


async def test_many_neighbours_cost_one_query_along_the_index(panel: Panel, database_url: str) -> None:
    here, operator = await make_appeal(panel.city, place=north(0)), Actor.staff(await make_staff())
    for metres in range(SHOWN + 5):
        await make_appeal(panel.city, place=north(metres))
    with counted() as queries:
        assert len(await neighbours(operator, here)) == SHOWN
    assert len(queries) == 1
    if database_url.startswith("sqlite"):
        sql, values = _query(operator, here.id, LAT, LON)
        plan = " ".join(row["detail"] for row in await select(f"EXPLAIN QUERY PLAN {sql}", values))
        assert "(cell=?)" in plan
