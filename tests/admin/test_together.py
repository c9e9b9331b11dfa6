"""What reports the same, on an operator's card: seen, merged by one click, and taken apart again."""

import re

import pytest

from core.actions import desk, poll, resident
from core.actions.actor import Actor
from core.actions.join import join, merge
from core.actions.submit import Place
from core.models import Appeal, Supporter
from core.workflow import Status, Verb
from tests.admin.conftest import HTMX, Browser, Panel, counted
from tests.builders import make_account, make_appeal, make_photo, make_staff

HERE, NEAR = Place("десь", 47.9105, 33.3918), Place("поруч", 47.91014, 33.3918)  # forty metres apart


async def boss() -> Actor:
    return Actor.staff(await make_staff())


async def card(browser: Browser, appeal: Appeal) -> str:
    return await browser.text(f"/admin/appeals/{appeal.id}")


def form_for(html: str, verb: str) -> dict[str, str]:
    """What the first form of a verb sends when nobody has scripts: hidden fields and its button."""
    form = next(each for each in re.findall(r"<form.*?</form>", html, re.DOTALL) if f'/{verb}"' in each)
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))


async def test_what_is_near_is_shown_with_all_that_decides(panel: Panel, operator: Browser) -> None:
    there = await make_appeal(panel.city, place=NEAR, text="<b>прорвало трубу</b>")
    neighbour = await make_account()
    await make_photo(neighbour, draft="x")
    await join(panel.city, neighbour, there.id, draft="x")
    html = await card(operator, await make_appeal(panel.city, place=HERE, text="прорвало трубу"))
    section = html[html.index("Схожі поруч") :]
    for words in (
        there.number,
        "за 40 метрів",
        "призначено",
        "повідомили 2 людини",
        "1 вкладення",
        "слова схожі на",
    ):
        assert words in section, words
    assert "&lt;b&gt;прорвало" in section
    assert (
        f"Об&#39;єднати № {(await Appeal.get(text='прорвало трубу')).number} з № {there.number}?" in section
    )


async def test_one_click_merges_without_scripts(panel: Panel, operator: Browser) -> None:
    there = await make_appeal(panel.city, place=NEAR)
    appeal = await make_appeal(panel.city, place=HERE)
    fields = form_for(await card(operator, appeal), "merge")
    assert fields == {"expected": "0", "into": there.number}
    response = await operator.post(f"/admin/appeals/{appeal.id}/merge", fields)
    assert (response.status, response.headers["Location"]) == (303, f"/admin/appeals/{appeal.id}")
    assert (await Appeal.get(id=appeal.id)).duplicate_of_id == there.id
    html = await card(operator, appeal)
    assert f"Об&#39;єднано з № {there.number}" in html
    assert "Схожі поруч" not in html
    target = await card(operator, there)
    assert f"Сюди приєднано № {appeal.number}" in target
    assert "Сюди об&#39;єднано" in target
    assert "повідомили 2 людини" in target
    apart = await operator.post(f"/admin/appeals/{appeal.id}/unmerge", form_for(html, "unmerge"))
    assert apart.status == 303
    assert (await Appeal.get(id=appeal.id)).status is Status.ASSIGNED
    assert f"Звідси відокремлено № {appeal.number}" in await card(operator, there)


async def test_under_htmx_the_card_comes_back_merged(panel: Panel, operator: Browser) -> None:
    there, appeal = await make_appeal(panel.city), await make_appeal(panel.city)
    response = await operator.post(
        f"/admin/appeals/{appeal.id}/merge",
        {"expected": "0", "into": f" № {there.number}", "text": "та сама"},
        headers=HTMX,
    )
    html = await response.text()
    assert response.status == 200
    assert f"Об&#39;єднано з № {there.number}" in html
    assert "та сама" in html


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("26-999999", "з таким номером немає"),
        ("щось", "з таким номером немає"),
        ("", "з таким номером немає"),
    ],
)
async def test_a_number_that_is_none_is_told_at_its_field(
    panel: Panel, operator: Browser, typed: str, words: str
) -> None:
    appeal = await make_appeal(panel.city)
    form = {"expected": "0", "into": typed, "text": "та сама"}
    response = await operator.post(f"/admin/appeals/{appeal.id}/merge", form)
    html = await response.text()
    assert response.status == 422
    assert re.search(r'<input class="form-control is-invalid" id="do-merge-into"', html)
    assert words in html
    assert "та сама" in html
    assert f'value="{typed}"' in html


async def test_into_itself_or_into_what_has_ended_is_refused_in_words(
    panel: Panel, operator: Browser
) -> None:
    appeal, ended = await make_appeal(panel.city), await make_appeal(panel.city)
    await desk.resolve(panel.city, ended.id, await boss(), expected=0, answer="Зроблено")
    for other, words in ((appeal, "із самим собою"), (ended, "вже завершено")):
        form = {"expected": "0", "into": other.number}
        response = await operator.post(f"/admin/appeals/{appeal.id}/merge", form)
        assert response.status == 422
        assert words in await response.text()


async def test_who_lost_the_race_is_told_so(panel: Panel, operator: Browser) -> None:
    there, appeal = await make_appeal(panel.city), await make_appeal(panel.city)
    await desk.resolve(panel.city, appeal.id, await boss(), expected=0, answer="Зроблено")
    form = {"expected": "0", "into": there.number}
    assert (await operator.post(f"/admin/appeals/{appeal.id}/merge", form)).status == 409
    assert not await Supporter.exists()


async def test_an_officer_sees_what_was_merged_and_merges_nothing(
    panel: Panel, operator: Browser, officer: Browser
) -> None:
    there = await make_appeal(panel.city, place=NEAR)
    merged, near = [await make_appeal(panel.city, place=HERE) for _ in range(2)]
    await merge(panel.city, merged.id, await boss(), expected=0, into=there.id)
    html = await card(officer, there)
    assert merged.number in html
    assert f'href="/admin/appeals/{merged.id}"' not in html
    assert "Схожі поруч" not in html
    assert f'id="alike-{near.id}"' not in html
    form = {"expected": "0", "into": there.number}
    assert (await officer.post(f"/admin/appeals/{near.id}/merge", form)).status == 403
    assert "Схожі поруч" in await card(operator, near)


async def test_how_many_reported_it_stands_in_the_queue(panel: Panel, operator: Browser) -> None:
    appeal = await make_appeal(panel.city)
    assert "повідомил" not in await operator.text("/admin/")
    for _ in range(4):
        await join(panel.city, await make_account(), appeal.id)
    assert "повідомили 5 людей" in await operator.text("/admin/")


async def test_who_writes_is_told_that_strangers_read_it(panel: Panel, operator: Browser) -> None:
    appeal = await make_appeal(panel.city)
    assert "Не пишіть тут особистого" not in await card(operator, appeal)
    await join(panel.city, await make_account(), appeal.id)
    forms = (await card(operator, appeal)).split("<details")
    warned = {
        verb for verb in Verb if any(f'id="do-{verb}"' in one and "Це прочитають 2" in one for one in forms)
    }
    assert warned == {Verb.TELL, Verb.ASK, Verb.RESOLVE, Verb.EXPLAIN, Verb.REJECT, Verb.FORWARD, Verb.EXTEND}


async def test_what_those_who_joined_say_is_told_apart_from_the_first(
    panel: Panel, operator: Browser
) -> None:
    appeal = await make_appeal(panel.city)
    quiet, loud = await make_account(), await make_account()
    await join(panel.city, quiet, appeal.id)
    await join(panel.city, loud, appeal.id, "у підвалі теж вода")
    who = Actor.resident(loud.resident_id)
    await resident.answer(panel.city, appeal.id, who, text="і на сходах")
    html = await card(operator, appeal)
    assert html.count("Мешканець, який приєднався") == 2, "one said nothing, and has no bubble"
    assert html.count("Приєднався ще один мешканець") == 2
    await desk.resolve(panel.city, appeal.id, await boss(), expected=3, answer="Зроблено")
    await poll.confirm(panel.city, appeal.id, who)
    assert "підтвердили 1, ще мовчать 1" in await card(operator, appeal)


async def test_what_is_near_costs_two_queries_and_the_live_part_none(panel: Panel, operator: Browser) -> None:
    appeal = await make_appeal(panel.city, place=HERE)

    async def price(path: str) -> int:
        with counted() as queries:
            await operator.text(path)
        return len(queries)

    await operator.text(f"/admin/appeals/{appeal.id}")  # that they are there is written once
    for path in (f"/admin/appeals/{appeal.id}", f"/admin/appeals/{appeal.id}/live?version=0"):
        few = await price(path)
        for _ in range(5):
            await make_appeal(panel.city, place=NEAR)
        assert await price(path) == few
    with counted() as queries:
        await operator.text(f"/admin/appeals/{appeal.id}/live?version=0")
    assert not any("cell IN" in query for query in queries)
