"""A phone call typed in: what appears beside, what is saved, what is said back, and who may."""

import re
from typing import Any

import pytest

from core.actions import desk, phone
from core.actions.actor import Actor
from core.actions.submit import Place
from core.models import Account, Appeal, Channel, Event, Look, Resident, Supporter, Task
from core.workflow import Kind, Status, Verb
from tests.admin.conftest import HTMX, Browser, Panel, counted
from tests.builders import make_account, make_appeal

NUMBER = "+380671234567"
CALL = {
    "number": "067 123 45 67",
    "name": "Людмила Бойко",
    "text": "прорвало трубу, вода на дорозі, вул. Соборності, 12",
    "kind": "request",
    "language": "uk",
    "form": "one",
}
AT_HOME = Place(address="вул. Соборності, 12", street="вул. Соборності", house="12", district="metalurhiinyi")


async def look(browser: Browser, **typed: str) -> str:
    response = await browser.post("/admin/intake/look", CALL | typed, headers=HTMX)
    assert response.status == 200
    return await response.text()


async def call_waits(panel: Panel, browser: Browser) -> Task:
    """A caller is to be told something."""
    assert browser.staff is not None
    actor = Actor.staff(browser.staff)
    await browser.post("/admin/intake", CALL | {"do": "save"})
    appeal = await Appeal.get()
    await desk.tell(panel.city, appeal.id, actor, expected=appeal.version, text="Бригада вже їде.")
    return await Task.get()


async def test_an_empty_form_says_what_to_read_out(operator: Browser) -> None:
    page = await operator.text("/admin/intake")
    assert "ми запишемо ваш номер" in page, "the consent is read out"
    assert re.search(r'name="form" value="[\w-]{10,}"', page)
    assert 'href="/admin/intake"' in page


async def test_what_is_known_appears_while_it_is_typed(panel: Panel, operator: Browser) -> None:
    first = await make_appeal(panel.city, place=AT_HOME)
    seen = await look(operator)
    assert "новий дзвінок" in seen
    assert 'data-key="1"' in seen
    assert "Витік води" in seen or "water.leak" in seen
    assert "Соборності" in seen
    assert first.number in seen, "somebody reported it already"
    assert f'value="join:{first.id}"' in seen
    assert "<html" not in seen


async def test_danger_is_said_first_with_the_number_to_ring(operator: Browser) -> None:
    seen = await look(operator, text="пахне газом у під'їзді, вул. Соборності, 12")
    assert "зателефонуйте 104" in seen
    assert "<mark>" in seen
    assert "call 104" in await look(operator, text="пахне газом у під'їзді", language="en")
    assert "зателефонуйте" not in await look(operator, text="дуже дякую за нову лавку")


async def test_a_caller_is_recognised_with_their_appeals(panel: Panel, operator: Browser) -> None:
    account = await make_account(Channel.VIBER)
    await Resident.filter(id=account.resident_id).update(phone=NUMBER, name="Людмила Бойко")
    own = await make_appeal(panel.city, account)
    seen = await look(operator, text="ну що там з трубою")
    assert "Людмила Бойко" in seen
    assert own.number in seen
    assert "відповідь надійде в Viber" in seen
    assert f'value="join:{own.id}"' in seen
    assert own.number not in await look(operator, number="067 000 00 00", text="")


async def test_a_question_with_a_typical_answer_is_recorded_as_answered(
    panel: Panel, operator: Browser
) -> None:
    seen = await look(operator, text="Як отримати субсидію на комунальні послуги?")
    found = re.search(r'value="answer:([\w.-]+)"', seen)
    assert found is not None
    spec = next(each for each in panel.city.pack.answers if each.slug == found[1])
    typed = CALL | {"text": "Як отримати субсидію?", "do": f"answer:{spec.slug}"}
    response = await operator.post("/admin/intake", typed)
    assert response.status == 303
    appeal = await Appeal.get()
    assert (appeal.kind, appeal.status, appeal.answer) == (Kind.CONSULTATION, Status.CLOSED, spec.uk)
    assert "Ваше запитання записано" in await operator.text(response.headers["Location"])


async def test_saving_registers_and_reads_the_number_back(operator: Browser) -> None:
    response = await operator.post("/admin/intake", CALL | {"do": "save", "category": "water.leak"})
    assert response.status == 303
    appeal = await Appeal.get()
    assert (appeal.channel, appeal.category_id) == (Channel.PHONE, "water.leak")
    assert (appeal.district_id, appeal.status) == ("metalurhiinyi", Status.ASSIGNED)
    assert appeal.place_key is not None, "it can be found to be near another"
    assert operator.staff is not None
    assert (await Event.get(appeal_id=appeal.id, verb=Verb.SUBMIT)).staff_id == operator.staff.id
    page = await operator.text(response.headers["Location"])
    assert appeal.number in page
    assert "Відповідь буде до" in page
    card = await operator.text(f"/admin/appeals/{appeal.id}")
    assert f"мешканець, записує {operator.staff.name}" in card
    assert "Телефон" in card


async def test_a_double_click_makes_one_appeal(operator: Browser) -> None:
    answers = [await operator.post("/admin/intake", CALL | {"do": "save"}) for _ in range(2)]
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert await Appeal.all().count() == 1


async def test_joining_instead_of_filing_again(panel: Panel, operator: Browser) -> None:
    first = await make_appeal(panel.city)
    response = await operator.post("/admin/intake", CALL | {"do": f"join:{first.id}"})
    assert response.headers["Location"] == f"/admin/intake/taken/{first.id}?joined=1"
    assert await Appeal.all().count() == 1
    assert await Supporter.filter(appeal_id=first.id).count() == 1
    assert "Разом із вами — 2 людини" in await operator.text(response.headers["Location"])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"number": "12"}, "number"),
        ({"text": "  "}, "text"),
        ({"kind": "complaint", "name": "Людмила"}, "name"),
        ({"kind": "complaint"}, "home"),
        ({"do": "join:999999"}, ""),
    ],
)
async def test_what_is_refused_keeps_what_was_typed(
    operator: Browser, wrong: dict[str, str], field: str
) -> None:
    response = await operator.post("/admin/intake", CALL | {"do": "save"} | wrong)
    page = await response.text()
    assert response.status == 422
    assert (f'id="in-{field}-error"' in page) if field else ('role="alert"' in page)
    typed = CALL | wrong
    assert f'value="{typed["number"]}"' in page
    assert typed["text"].strip() in page
    assert await Appeal.all().count() == 0


async def test_the_chosen_address_is_filed_and_one_can_be_kept_as_typed(operator: Browser) -> None:
    seen = await look(operator, text="вода", address="Соборності 12")
    picked = re.search(r'name="place" value="([^"]+)" checked', seen)
    assert picked is not None
    typed = CALL | {"text": "вода", "address": "Соборності 12", "do": "save"}
    await operator.post("/admin/intake", typed | {"form": "1", "place": picked[1]})
    await operator.post("/admin/intake", typed | {"form": "2", "place": "-", "district": "saksahanskyi"})
    known, raw = await Appeal.all().order_by("id")
    assert (known.address, known.district_id) == (picked[1], "metalurhiinyi")
    assert (raw.address, raw.district_id) == ("Соборності 12", "saksahanskyi")


async def test_without_scripts_the_look_up_shows_the_whole_page(operator: Browser) -> None:
    response = await operator.post("/admin/intake/look", CALL)
    page = await response.text()
    assert response.status == 200
    assert "<html" in page
    assert CALL["text"] in page
    assert "новий дзвінок" in page
    assert 'value="one"' in page, "the same form"


async def test_looking_costs_few_queries(panel: Panel, operator: Browser) -> None:
    await call_waits(panel, operator)
    await make_appeal(panel.city, place=AT_HOME)
    with counted() as queries:
        seen = await look(operator)
    assert "Скажіть зараз" in seen
    assert len(queries) <= 14, queries


async def test_a_call_is_made_and_what_was_said_kept(panel: Panel, operator: Browser) -> None:
    task = await call_waits(panel, operator)
    page = await operator.text(f"/admin/calls/{task.id}")
    assert "+380 67 123 45 67" in page
    assert "Бригада вже їде." in page
    assert await Look.all().count() == 1, "who looked at the number is kept"
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen is not None
    words = {"seen": seen[1], "words": "Нехай подзвонять у двері"}
    response = await operator.post(f"/admin/calls/{task.id}/told", words)
    assert response.status == 303
    assert await Event.filter(appeal_id=task.appeal_id, verb=Verb.ADD, text=words["words"]).exists()
    again = await operator.post(f"/admin/calls/{task.id}/told", words)
    assert again.status == 409
    assert words["words"] in await again.text(), "nothing typed is lost"
    card = await operator.text(f"/admin/appeals/{task.appeal_id}")
    assert "сказано телефоном" in card


async def test_newer_words_are_shown_with_what_was_typed(panel: Panel, operator: Browser) -> None:
    task = await call_waits(panel, operator)
    response = await operator.post(f"/admin/calls/{task.id}/told", {"seen": "old", "words": "добре"})
    assert response.status == 409
    page = await response.text()
    assert "добре" in page
    assert "Бригада вже їде." in page


async def test_nobody_answers(panel: Panel, operator: Browser) -> None:
    task = await call_waits(panel, operator)
    for _ in range(3):
        response = await operator.post(f"/admin/calls/{task.id}/unanswered")
        assert response.status == 303
    assert (await Task.get(id=task.id)).outcome == "unanswered"
    assert "спроба 3" in await operator.text(f"/admin/appeals/{task.appeal_id}")
    assert "завершено" in await operator.text(f"/admin/calls/{task.id}")


async def test_a_caller_is_forgotten_after_being_asked(operator: Browser) -> None:
    await operator.post("/admin/intake", CALL | {"do": "save"})
    asked = await operator.post("/admin/intake/forget", {"number": NUMBER})
    assert "1 звернення в роботі" in await asked.text()
    assert await phone.known(NUMBER) is not None, "asking does nothing"
    done = await operator.post("/admin/intake/forget", {"number": NUMBER, "sure": "1"})
    assert "Дані видалено" in await done.text()
    assert await phone.known(NUMBER) is None
    assert (await operator.post("/admin/intake/forget", {"number": NUMBER})).status == 404


async def test_officers_are_refused(panel: Panel, operator: Browser, officer: Browser) -> None:
    task = await call_waits(panel, operator)
    before = await Appeal.all().count()
    assert (await officer.get("/admin/intake")).status == 403
    assert (await officer.post("/admin/intake", CALL | {"do": "save", "form": "x"})).status == 403
    assert (await officer.post("/admin/intake/look", CALL)).status == 403
    assert (await officer.get(f"/admin/calls/{task.id}")).status == 403
    assert (await officer.post(f"/admin/calls/{task.id}/unanswered")).status == 403
    assert await Appeal.all().count() == before
    assert 'href="/admin/intake"' not in await officer.text("/admin/account")
    assert await Account.filter(channel=Channel.PHONE).count() == 1


async def test_nonsense_is_harmless(operator: Browser) -> None:
    typed: dict[str, Any] = {"kind": "x", "language": "xx", "category": "x", "district": "x", "place": "<b>"}
    assert "<b>" not in await look(operator, **typed)
    response = await operator.post("/admin/intake", CALL | typed | {"do": "save"})
    assert response.status == 303
    assert (await operator.post("/admin/intake", CALL | {"do": "answer:none"})).status == 400
