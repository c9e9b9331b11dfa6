"""Whether what is reported is so: a topic's policy, photos, checks, and all that is said, side by side."""

import re

import pytest

from core import chance, clock
from core.actions import desk, executor, poll, resident, tasks
from core.actions.actor import Actor
from core.models import Appeal, Category, Change, Survey, Task
from core.workflow import Role, Status, Verb
from tests.admin.conftest import Browser, Panel, jpeg
from tests.admin.test_actions import report_form
from tests.admin.test_catalogue import fields
from tests.builders import make_account, make_appeal, make_staff, with_policy

CALM, WATER = "water.no_water", "kryvbasvodokanal"
PAGE = f"/admin/catalogue/categories/{CALM}"


@pytest.fixture
async def administrator(panel: Panel) -> Browser:
    return await panel.browser(await make_staff(Role.ADMINISTRATOR, name="Ірина Бондар"))


async def utility() -> Actor:
    return Actor.staff(await make_staff(Role.EXECUTOR, WATER, name="Іван Бондар"))


async def boss(name: str = "Ганна Швець") -> Actor:
    return Actor.staff(await make_staff(Role.OPERATOR, name=name))


async def reported(panel: Panel, *, drawn: bool = False) -> Appeal:
    appeal = await make_appeal(panel.city, category=CALM)
    with_policy(panel.city, CALM, check_share=float(drawn))
    return await executor.report(panel.city, appeal.id, await utility(), expected=0, text="тиск відновлено")


def action(html: str, verb: Verb) -> str:
    """The form of one action, as it stands on the card."""
    (found,) = re.findall(rf'<details class="action is-{verb}".*?</details>', html, re.DOTALL)
    return str(found)


async def test_a_policy_is_set_in_percent_and_told_in_the_list_and_the_log(
    panel: Panel, administrator: Browser
) -> None:
    sent = fields(await administrator.text(PAGE), PAGE)
    assert sent["check_share"] == ["0"]
    assert "checked" in sent
    del sent["checked"]
    response = await administrator.post(PAGE, sent | {"check_share": "7,5", "needs_photo": "1"})
    assert response.status == 303, await response.text()
    row = await Category.get(slug=CALM)
    assert (row.check_share, row.needs_photo, row.checked) == (0.075, True, False)
    known = panel.city.categories[CALM]
    assert (known.check_share, known.needs_photo, known.checked) == (0.075, True, False)
    page = await administrator.text(PAGE)
    assert fields(page, PAGE)["check_share"] == ["7.5"]
    assert "<ins>7.5 %</ins>" in page, "the log"
    listed = await administrator.text("/admin/catalogue/categories")
    assert "звіт з фото · без оператора · на місці перевіряють 7.5 %" in listed
    assert (await Change.get()).after == {"check_share": 0.075, "needs_photo": True, "checked": False}


@pytest.mark.parametrize("share", ["-1", "100.5", "", "багато", "nan"])
async def test_a_share_is_from_0_to_100(panel: Panel, administrator: Browser, share: str) -> None:
    sent = fields(await administrator.text(PAGE), PAGE)
    response = await administrator.post(PAGE, sent | {"check_share": share})
    html = await response.text()
    assert response.status == 422
    assert 'id="e-check_share">Від 0 до 100 %' in html
    assert panel.city.categories[CALM].check_share == 0


async def test_the_form_asks_for_a_photo_before_a_report_is_refused_for_it(
    panel: Panel, officer: Browser
) -> None:
    appeal = await make_appeal(panel.city)
    assert "потрібне фото" not in await officer.text(f"/admin/appeals/{appeal.id}")
    with_policy(panel.city, appeal.category_id, needs_photo=True)
    assert "потрібне фото" in await officer.text(f"/admin/appeals/{appeal.id}")
    address = f"/admin/appeals/{appeal.id}/report"
    response = await officer.post(address, report_form(0))
    form = action(await response.text(), Verb.REPORT)
    assert response.status == 422
    assert "Додайте фото результату" in form
    assert ">замінено 4 м труби</textarea>" in form
    assert (await Appeal.get(id=appeal.id)).version == 0
    assert (await officer.post(address, report_form(0, ("a.jpg", jpeg())))).status == 303


async def test_who_reports_knows_that_the_resident_decides(panel: Panel, officer: Browser) -> None:
    appeal = await make_appeal(panel.city, category=CALM)
    assert "Мешканця одразу спитають" not in await officer.text(f"/admin/appeals/{appeal.id}")
    with_policy(panel.city, CALM, checked=False)
    assert "Мешканця одразу спитають" in await officer.text(f"/admin/appeals/{appeal.id}")
    response = await officer.post(f"/admin/appeals/{appeal.id}/report", report_form(0))
    assert response.status == 303
    assert (await Appeal.get(id=appeal.id)).status is Status.RESOLVED
    html = await officer.text(f"/admin/appeals/{appeal.id}")
    assert "Прийнято без оператора" in html


async def test_with_a_check_open_one_waits_or_says_why_not(panel: Panel, operator: Browser) -> None:
    appeal = await reported(panel, drawn=True)
    address = f"/admin/appeals/{appeal.id}"
    html = await operator.text(address)
    assert "Очікує перевірки на місці" in html
    assert "перевіряють 100 % звітів" in html, "why, in the history"
    assert 'name="unchecked"' in action(html, Verb.RESOLVE)
    sent = {"expected": str(appeal.version), "text": "тиск відновлено"}
    response = await operator.post(f"{address}/resolve", sent)
    form = action(await response.text(), Verb.RESOLVE)
    assert response.status == 422
    assert "Перевірка на місці ще відкрита" in form
    assert ">тиск відновлено</textarea>" in form
    response = await operator.post(f"{address}/resolve", sent | {"unchecked": "подзвонили: вода є"})
    assert response.status == 303
    html = await operator.text(address)
    assert "подзвонили: вода є" in html
    assert "не проводили" in html
    assert "Очікує перевірки" not in html


async def test_the_queue_shows_what_waits_for_a_check(panel: Panel, operator: Browser) -> None:
    await reported(panel)
    assert "Очікує перевірки на місці" not in await operator.text("/admin/?view=verify")
    appeal = await reported(panel, drawn=True)
    html = await operator.text("/admin/?view=verify")
    rows = re.findall(r'<tr id="row-(\d+)".*?</tr>', html, re.DOTALL)
    marked = [
        row for row in rows if "Очікує перевірки" in html.split(f'id="row-{row}"')[1].partition("</tr>")[0]
    ]
    assert marked == [str(appeal.id)]
    assert "обрано для перевірки випадково" in await operator.text("/admin/tasks")


async def test_a_denied_report_is_one_key_from_its_return(panel: Panel, operator: Browser) -> None:
    appeal = await reported(panel, drawn=True)
    task = await Task.get()
    form = {"outcome": "denied", "finding": "вода не тече, кран сухий"}
    response = await operator.post(f"/admin/tasks/{task.id}/done", form)
    assert (response.status, response.headers["Location"]) == (303, f"/admin/appeals/{appeal.id}")
    html = await operator.text(f"/admin/appeals/{appeal.id}")
    first = re.findall(r'<details class="action is-(\w+)".*? open>', html)
    assert first == ["rework"], "the one that is open, and that the key `a` leads to"
    assert ">вода не тече, кран сухий</textarea>" in action(html, Verb.REWORK)
    sent = fields(html, f"/admin/appeals/{appeal.id}/rework")
    response = await operator.post(f"/admin/appeals/{appeal.id}/rework", sent)
    assert response.status == 303
    after = await Appeal.get(id=appeal.id)
    assert (after.status, after.rework_count) == (Status.REWORK, 1)
    again = await executor.report(
        panel.city, appeal.id, await utility(), expected=after.version, text="тепер тече"
    )
    html = await operator.text(f"/admin/appeals/{again.id}")
    assert "сухий</textarea>" not in html, "what was found of the report before says nothing of this one"


async def test_who_reported_is_not_offered_to_confirm_it(panel: Panel, operator: Browser) -> None:
    assert operator.staff is not None
    appeal = await make_appeal(panel.city)
    who = Actor.staff(operator.staff)
    await executor.report(panel.city, appeal.id, who, expected=0, text="зроблено, сказали телефоном")
    html = await operator.text(f"/admin/appeals/{appeal.id}")
    assert "is-resolve" not in html
    assert "Підтвердити її має хтось інший" in html
    sent = {"expected": "1", "text": "зроблено"}
    response = await operator.post(f"/admin/appeals/{appeal.id}/resolve", sent)
    assert response.status == 403
    assert "Підтвердити його має хтось інший" in await response.text()
    other = await panel.browser(await make_staff(Role.OPERATOR))
    assert "is-resolve" in await other.text(f"/admin/appeals/{appeal.id}")


async def test_each_round_stands_with_what_was_found_and_said_of_it(
    panel: Panel, operator: Browser, officer: Browser
) -> None:
    city, account = panel.city, await make_account()
    them, desk_one, desk_two = Actor.resident(account.resident_id), await boss(), await boss("Андрій Мороз")
    appeal = await make_appeal(city, account)
    page = f"/admin/appeals/{appeal.id}"
    assert 'class="round"' not in await operator.text(page)
    response = await officer.post(f"{page}/report", report_form(0, ("a.jpg", jpeg())))
    assert response.status == 303
    await tasks.ask_check(city, appeal.id, desk_one, expected=1, text="гляньте")
    task = await Task.get()
    await tasks.finish_check(city, task.id, desk_two, outcome="denied", finding="труба тече")
    await desk.rework(city, appeal.id, desk_one, expected=3, reason="тече досі")
    await executor.report(city, appeal.id, await utility(), expected=4, text="зварили шов")
    await desk.resolve(city, appeal.id, desk_one, expected=5, answer="Шов зварено, води немає.")
    await Survey.create(appeal_id=appeal.id, round=0, sent_at=clock.now())
    await poll.rate(city, appeal.id, them, stars=2)
    await poll.give_reason(city, appeal.id, them, reason="not_done")
    await resident.reopen(city, appeal.id, them, text="знову калюжа")
    await executor.report(city, appeal.id, await utility(), expected=9, text="замінили трубу")
    await desk.resolve(city, appeal.id, desk_one, expected=10)
    for browser in (operator, officer):
        html = await browser.text(page)
        rounds = re.findall(r'<section class="round".*?</section>', html, re.DOTALL)
        assert len(rounds) == 3
        third, second, first = rounds
        for words in ("замінено 4 м труби", "/thumb.jpg", "труба тече", "Андрій Мороз", "Не підтверджено"):
            assert words in first, words
        assert "Слово мешканця" not in first, "they were not asked of what was returned"
        for words in (
            *("зварили шов", "Шов зварено, води немає.", "Мешканець каже: не вирішено", "знову калюжа"),
            *("★★<", "2 зірки", "Зроблено не все"),
        ):
            assert words in second, words
        assert "труба тече" not in second
        assert "замінили трубу" in third
        assert "Ще не питали" in third
        assert "на доопрацюванні 1 раз" in html
        assert "повторне 1 раз" in html
    await Survey.create(appeal_id=appeal.id, round=1, sent_at=clock.now())
    assert "Спитали, відповіді ще немає" in await operator.text(page)
    await poll.confirm(city, appeal.id, them)
    html = await operator.text(page)
    assert "Мешканець підтвердив: вирішено" in html[: html.index("знову калюжа")]


async def test_an_answer_without_a_report_is_told_with_its_words(panel: Panel, operator: Browser) -> None:
    appeal = await make_appeal(panel.city)
    await desk.explain(panel.city, appeal.id, await boss(), expected=0, reason="труба приватна")
    html = await operator.text(f"/admin/appeals/{appeal.id}")
    (round_,) = re.findall(r'<section class="round".*?</section>', html, re.DOTALL)
    assert "труба приватна" in round_
    assert "Виконавець не звітував" in round_


async def test_an_executors_page_says_how_often_it_is_denied(panel: Panel, administrator: Browser) -> None:
    page = f"/admin/catalogue/executors/{WATER}"
    assert "ще не оцінили жодного результату" in await administrator.text(page)
    city, who = panel.city, await utility()
    for solved in (True, False, False):
        account = await make_account()
        them = Actor.resident(account.resident_id)
        appeal = await make_appeal(city, account)
        await executor.report(city, appeal.id, who, expected=0, text="зроблено")
        await desk.resolve(city, appeal.id, await boss(), expected=1)
        await Survey.create(appeal_id=appeal.id, round=0, sent_at=clock.now())
        if solved:
            await poll.confirm(city, appeal.id, them)
        else:
            await resident.reopen(city, appeal.id, them, text="тече")
    html = await administrator.text(page)
    assert "З 3 останніх результатів, які оцінили мешканці, заперечили 2." in html
    assert "щонайменше 15 % його звітів" in html  # 2 of 3, weighed with ten more
    with chance.use(lambda: 0.1):
        drawn = await make_appeal(city)
        await executor.report(city, drawn.id, who, expected=0, text="зроблено")
    operator = await panel.browser(await make_staff(Role.OPERATOR))
    told = await operator.text(f"/admin/appeals/{drawn.id}")
    assert "мешканці заперечили 2 з 3 останніх результатів виконавця" in told
