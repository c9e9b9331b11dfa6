"""The rules page: read by the desk, changed by administrators, and every change tried before it is saved."""

import re
from typing import Any

import pytest

from core.actions import rules
from core.models import Appeal
from core.workflow import Role, Status
from tests.admin.conftest import Browser, Panel
from tests.builders import make_appeal, make_staff

ODD = {
    "do": "add",
    "at": "1",
    "topic": "category:water.leak",
    "district": "metalurhiinyi",
    "executor": "gas_networks",
    "co_executors": ["kryvbasvodokanal", "dtek"],
}


@pytest.fixture
async def administrator(panel: Panel) -> Browser:
    return await panel.browser(await make_staff(Role.ADMINISTRATOR))


def hidden(page: str) -> dict[str, Any]:
    """What the form that saves would send."""
    form = page[page.index('action="/admin/rules/save"') :].partition("</form>")[0]
    sent: dict[str, Any] = {}
    for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form):
        sent.setdefault(name, []).append(value.replace("&amp;", "&"))
    return sent


async def tried(browser: Browser, sent: dict[str, Any]) -> str:
    response = await browser.post("/admin/rules/try", sent)
    page = await response.text()
    assert response.status == 200, page
    return page


async def test_the_table_is_shown_in_words(panel: Panel, operator: Browser, administrator: Browser) -> None:
    page = await operator.text("/admin/rules")
    assert page.count('class="item rule"') == len(panel.city.rules)
    assert "будь-яка тема групи «Опалення" in page
    assert "будь-яке звернення" in page
    assert "/admin/rules/edit" not in page
    assert "/admin/rules/edit" in await administrator.text("/admin/rules")


async def test_a_new_rule_is_tried_saved_and_followed(panel: Panel, administrator: Browser) -> None:
    moved = [await make_appeal(panel.city) for _ in range(2)]
    await make_appeal(panel.city, category="roads.pothole")
    page = await tried(administrator, ODD)
    assert "Із 3 останніх звернень 2 пішли б інакше." in page
    assert [f">{appeal.number}</a>" in page for appeal in moved] == [True, True]
    assert "Кривбасводоканал → " in page
    assert (await rules.standing()).version == 0, "a try changes nothing"
    response = await administrator.post("/admin/rules/save", hidden(page))
    assert (response.status, response.headers["Location"]) == (303, "/admin/rules#rule-1")
    appeal = await make_appeal(panel.city)
    assert appeal.executor_id == "gas_networks"
    card = await administrator.text(f"/admin/appeals/{appeal.id}")
    assert "Правило 1: тема «" in card
    assert "Металургійний район" in card
    assert "Співвиконавці: Кривбасводоканал" in card


async def test_a_rule_is_edited_moved_and_taken_away(panel: Panel, administrator: Browser) -> None:
    await administrator.post("/admin/rules/save", hidden(await tried(administrator, ODD)))
    was = "category=water.leak&district=metalurhiinyi"
    form = await administrator.text("/admin/rules/edit", params={"rule": was})
    assert 'value="gas_networks" selected' in form
    assert len(re.findall(r'name="co_executors"[^>]* checked', form)) == 2
    changed = ODD | {"do": "edit", "was": was, "district": "", "hours": "off", "co_executors": []}
    await administrator.post("/admin/rules/save", hidden(await tried(administrator, changed)))
    first, second = panel.city.rules[:2]
    assert (first.conditions, first.co_executors) == ({"category": "water.leak", "hours": "off"}, ())
    was = "category=water.leak&hours=off"
    await administrator.post(
        "/admin/rules/save", hidden(await tried(administrator, {"do": "down", "was": was}))
    )
    assert panel.city.rules[0].conditions == second.conditions
    assert panel.city.rules[1].conditions == first.conditions
    page = await tried(administrator, {"do": "delete", "was": was})
    assert "усі пішли б так само" in page
    await administrator.post("/admin/rules/save", hidden(page))
    assert first.conditions not in [rule.conditions for rule in panel.city.rules]
    assert (await rules.standing()).version == 4


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"executor": "nobody"}, "оберіть чинного виконавця"),
        ({"executor": ""}, "оберіть чинного виконавця"),
        ({"topic": "category:no.such"}, "такої теми немає"),
        ({"co_executors": ["gas_networks"]}, "співвиконавець має бути іншим"),
        (
            {"topic": "", "district": ""},
            "Правило 2 ніколи не спрацює: усе, що йому підходить, забирає правило 1.",
        ),
        ({"topic": "category:heat.no_heating", "at": "2"}, "забирає правило 1"),
        ({"at": "999", "topic": "category:gas.leak"}, "Останнім має стояти правило без умов"),
        ({"at": "перше"}, "число від 1"),
        ({"do": "delete", "was": ""}, "Останнім має стояти правило без умов"),
        ({"do": "edit", "was": "category=no.such"}, "вже немає"),
    ],
)
async def test_a_broken_rule_is_refused_and_the_form_kept(
    panel: Panel, administrator: Browser, sent: dict[str, Any], told: str
) -> None:
    before = panel.city.rules
    for address in ("try", "save"):
        response = await administrator.post(f"/admin/rules/{address}", ODD | {"version": "0"} | sent)
        page = await response.text()
        assert response.status == 422
        assert told in page
        assert "/admin/rules/save" not in page
        if (ODD | sent)["do"] != "delete" and "topic" not in sent:
            assert 'value="category:water.leak" selected' in page
    assert await rules.standing() == rules.Standing(0, before)


async def test_a_lost_race_is_told_with_the_form_kept(panel: Panel, administrator: Browser) -> None:
    mine, theirs = await tried(administrator, ODD), await tried(administrator, ODD | {"hours": "off"})
    assert (await administrator.post("/admin/rules/save", hidden(theirs))).status == 303
    response = await administrator.post("/admin/rules/save", hidden(mine))
    page = await response.text()
    assert response.status == 409
    assert "таблицю правил змінив хтось інший" in page
    assert 'value="category:water.leak" selected' in page
    again = await tried(administrator, ODD | {"at": "2"})
    assert (await administrator.post("/admin/rules/save", hidden(again))).status == 303
    assert len(panel.city.rules) == len(panel.city.pack.rules) + 2


async def test_only_the_last_thousand_are_looked_at(
    panel: Panel, administrator: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.queries.panel.rules.RECENT", 3)
    for _ in range(5):
        await make_appeal(panel.city)
    assert "Із 3 останніх звернень 3 пішли б інакше." in await tried(administrator, ODD)


@pytest.mark.parametrize("sent", [{}, {"do": "burn"}, {"do": "add"}])
async def test_what_no_form_of_ours_sends_is_no_request(
    panel: Panel, administrator: Browser, sent: dict[str, str]
) -> None:
    del panel
    assert (await administrator.post("/admin/rules/save", sent)).status == 400


async def test_others_may_be_asked_to_help_from_the_appeal(panel: Panel, operator: Browser) -> None:
    appeal = await make_appeal(panel.city)
    officer = await panel.browser(await make_staff(Role.EXECUTOR, "gas_networks"))
    address = f"/admin/appeals/{appeal.id}"
    assert (await officer.get(address)).status == 404
    sent = {"expected": "0", "co_executors": ["gas_networks"], "text": " "}
    response = await operator.post(f"{address}/help", sent)
    assert response.status == 422
    assert re.search(r'value="gas_networks"[^>]* checked', await response.text())
    response = await operator.post(f"{address}/help", sent | {"text": "Перекрийте газ"})
    assert response.status == 303
    page = await officer.text(address)
    assert "Перекрийте газ" in page
    assert f"Співвиконавці: {panel.city.executors['gas_networks'].short_uk}" in page
    assert f"{address}/note" in page
    assert f"{address}/report" not in page
    assert (await officer.post(f"{address}/start", {"expected": "1"})).status == 403
    assert appeal.number in await officer.text("/admin/")
    assert (await Appeal.get(id=appeal.id)).status is Status.ASSIGNED
