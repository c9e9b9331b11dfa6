"""Many at once over HTTP: shown before, done each by itself, told after, and put back."""

import re
from html import unescape
from typing import Any

import pytest

from admin.views.bulk import VERBS
from core.actions import desk
from core.actions.actor import Actor
from core.models import Appeal, LinkToken
from core.workflow import Role, Status
from tests.admin.conftest import HTMX, Browser, Panel, counted
from tests.builders import make_appeal, make_staff

HEAT = "teplotsentral"


def form(do: str, *appeals: Appeal, **more: str) -> list[tuple[str, str]]:
    """As the page of confirmation sends it."""
    picks = [("pick", str(each.id)) for each in appeals]
    seen = [("seen", f"{each.id}.{each.version}") for each in appeals]
    return [("do", do), ("back", "/admin/?view=urgent"), *picks, *seen, *more.items()]


async def done(browser: Browser, *sent: Any, path: str = "/admin/bulk", **more: str) -> str:
    data = form(*sent, **more) if path == "/admin/bulk" else more
    response = await browser.post(path, data)
    assert response.status == 200, await response.text()
    return unescape(await response.text())


def token_in(html: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', html)
    assert found
    return found[1]


async def executors(*appeals: Appeal) -> list[str | None]:
    return [(await Appeal.get(id=each.id)).executor_id for each in appeals]


async def test_the_list_offers_boxes_to_the_desk_alone(
    panel: Panel, operator: Browser, officer: Browser
) -> None:
    appeal = await make_appeal(panel.city)
    html = await operator.text("/admin/?view=all")
    assert f'name="pick" value="{appeal.id}"' in html
    assert '<input type="hidden" name="back" value="/admin/?view=all">' in html
    assert "pick-" not in await officer.text("/admin/?view=all")


async def test_the_page_says_for_each_what_will_happen_or_why_not(panel: Panel, operator: Browser) -> None:
    who = Actor.staff(await make_staff(Role.OPERATOR))
    new, theirs, ended = [
        await make_appeal(panel.city, sure=False),
        await make_appeal(panel.city),
        await make_appeal(panel.city),
    ]
    await desk.reject(panel.city, ended.id, who, expected=0, reason="ні")
    picks = "&".join(f"pick={each.id}" for each in (new, theirs, ended))
    html = unescape(await operator.text(f"/admin/bulk?do=assign&{picks}&executor={HEAT}&back=/admin/"))
    assert "Буде призначено" in html
    assert "Буде передано" in html
    assert "Не можна." in html
    assert "Зробити з 2 зверненнями" in html
    assert f'value="{theirs.id}.0"' in html


async def test_each_choice_changes_what_is_foreseen_and_nothing_else(panel: Panel, operator: Browser) -> None:
    appeal = await make_appeal(panel.city, sure=False, category="other")
    chosen = form("categorise", appeal, category="water.leak")
    response = await operator.post("/admin/bulk/foresee", chosen, headers=HTMX)
    part = unescape(await response.text())
    assert part.lstrip().startswith('<section id="plan"')
    assert "Буде: " in part
    assert "Дістанеться: " in part
    whole = await operator.post("/admin/bulk/foresee", chosen)
    assert "<html" in await whole.text()
    assert (await Appeal.get(id=appeal.id)).version == 0


async def test_who_the_rules_name_for_all_and_the_oldest_are_proposed(
    panel: Panel, operator: Browser
) -> None:
    first, second = await make_appeal(panel.city, sure=False), await make_appeal(panel.city, sure=False)
    picks = f"pick={second.id}&pick={first.id}"
    html = await operator.text(f"/admin/bulk?do=assign&{picks}")
    assert '<option value="kryvbasvodokanal" selected>' in html
    html = await operator.text(f"/admin/bulk?do=merge&{picks}")
    assert f'name="into" value="{first.id}" checked' in html


async def test_many_are_given_told_of_and_put_back(panel: Panel, operator: Browser) -> None:
    appeals = [await make_appeal(panel.city) for _ in range(3)]
    html = await done(operator, "assign", *appeals, executor=HEAT, text="їхня мережа")
    assert await executors(*appeals) == [HEAT] * 3
    assert "Передано 3 звернення." in html
    assert "Готово 3 з 3" in html
    assert 'href="/admin/?view=urgent"' in html
    assert html.rstrip().endswith("</html>")
    back = await done(operator, path="/admin/bulk/undo", token=token_in(html), back="/admin/")
    assert "Повернуто, як було: 3 звернення." in back
    assert await executors(*appeals) == ["kryvbasvodokanal"] * 3


async def test_what_others_did_meanwhile_stays_and_is_named(panel: Panel, operator: Browser) -> None:
    appeals = [await make_appeal(panel.city) for _ in range(3)]
    who = Actor.staff(await make_staff(Role.OPERATOR))
    await desk.note(panel.city, appeals[0].id, who, expected=0, text="дзвонила")
    html = await done(operator, "assign", *appeals, executor=HEAT, text="їхня мережа")
    assert "Передано 2 звернення." in html
    assert f"№ {appeals[0].number}" in html
    await desk.note(panel.city, appeals[1].id, who, expected=1, text="дзвонила")
    back = await done(operator, path="/admin/bulk/undo", token=token_in(html), back="/admin/")
    assert "Повернуто, як було: 1 звернення." in back
    assert f"№ {appeals[1].number}" in back
    assert await executors(*appeals) == ["kryvbasvodokanal", HEAT, "kryvbasvodokanal"]


@pytest.mark.parametrize("do", sorted(VERBS))
async def test_every_action_is_done_and_undone(panel: Panel, operator: Browser, do: str) -> None:
    appeals = [
        await make_appeal(panel.city, category="roads.pothole" if do != "calm" else "gas.leak")
        for _ in range(3)
    ]
    before = [await Appeal.get(id=each.id).values() for each in appeals]
    chosen = {"executor": HEAT, "category": "roads.sidewalk", "into": str(appeals[0].id), "text": "так треба"}
    html = await done(operator, do, *appeals, **chosen)
    changed = [await Appeal.get(id=each.id).values() for each in appeals]
    assert sum(a != b for a, b in zip(before, changed, strict=True)) == 3
    await done(operator, path="/admin/bulk/undo", token=token_in(html), back="/admin/")
    moving = {"version", "updated_at", "remind_at"}
    for was, each in zip(before, appeals, strict=True):
        now = await Appeal.get(id=each.id).values()
        assert {k: v for k, v in now.items() if k not in moving} == {
            k: v for k, v in was.items() if k not in moving
        }


async def test_a_missing_reason_or_choice_is_asked_for_and_what_was_typed_stays(
    panel: Panel, operator: Browser
) -> None:
    appeal = await make_appeal(panel.city)
    for more in ({"executor": HEAT}, {"text": "довге пояснення"}, {"executor": "nobody", "text": "п"}):
        response = await operator.post("/admin/bulk", form("assign", appeal, **more))
        html = await response.text()
        assert response.status == 422
        assert 'role="alert"' in html
        assert more.get("text", "") in html
    assert (await Appeal.get(id=appeal.id)).version == 0
    assert not await LinkToken.exists()


async def test_nothing_and_too_many_are_refused(panel: Panel, operator: Browser) -> None:
    del panel
    assert (await operator.get("/admin/bulk")).status == 422
    many = "&".join(f"pick={n}" for n in range(1, 202))
    assert (await operator.get(f"/admin/bulk?do=merge&{many}")).status == 422
    assert (await operator.get("/admin/bulk?do=x&pick=9999999999&pick=x&pick=%00&back=//evil")).status == 422


async def test_an_undo_belongs_to_who_did_it(panel: Panel, operator: Browser) -> None:
    appeal = await make_appeal(panel.city)
    html = await done(operator, "assign", appeal, executor=HEAT, text="їхня мережа")
    other = await panel.browser(await make_staff(Role.ADMINISTRATOR))
    response = await other.post("/admin/bulk/undo", {"token": token_in(html)})
    assert response.status == 404
    assert await executors(appeal) == [HEAT]


async def test_the_page_costs_the_same_for_few_and_for_many(panel: Panel, operator: Browser) -> None:
    appeals = [await make_appeal(panel.city, category="roads.pothole") for _ in range(40)]

    async def price(n: int, do: str) -> int:
        picks = "&".join(f"pick={each.id}" for each in appeals[:n])
        with counted() as queries:
            await operator.text(f"/admin/bulk?do={do}&{picks}&category=water.leak&executor={HEAT}")
        return len(queries)

    for do in VERBS:
        assert await price(2, do) == await price(40, do), do


async def test_two_hundred_go_in_one_run(panel: Panel, operator: Browser) -> None:
    appeals = [await make_appeal(panel.city, category="roads.pothole") for _ in range(200)]
    html = await done(operator, "urgent", *appeals)
    assert "200 звернень тепер термінові." in html
    assert await Appeal.filter(urgent=True).count() == 200


async def test_urgency_is_an_action_of_one_appeal_as_well(panel: Panel, operator: Browser) -> None:
    appeal = await make_appeal(panel.city, category="roads.pothole")
    sent = {"expected": "0", "text": "діти поруч"}
    assert (await operator.post(f"/admin/appeals/{appeal.id}/prioritise", sent)).status == 303
    now = await Appeal.get(id=appeal.id)
    assert (now.urgent, now.status) == (True, Status.ASSIGNED)
    assert "Зроблено терміновим" in await operator.text(f"/admin/appeals/{appeal.id}")
    sent = {"expected": "1", "text": ""}
    assert (await operator.post(f"/admin/appeals/{appeal.id}/prioritise", sent)).status == 303
    assert "Терміновість знято" in await operator.text(f"/admin/appeals/{appeal.id}")
