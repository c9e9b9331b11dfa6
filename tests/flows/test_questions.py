"""The operator's questions, over HTTP in both messengers: each answer reaches the appeal it is for."""

from bot.simulator import Phone
from core.models import Appeal, Attachment, Event
from core.workflow import Status, Verb
from tests.flows.conftest import CARD, Town, files

GARBAGE = "не вивозять сміття вже тиждень, просп. Поштовий 40"
LAMP = "не горить ліхтар на вул. Мусоргського 7"


async def ask(town: Town, appeal: Appeal, question: str) -> None:
    version = (await Appeal.get(id=appeal.id)).version
    assert await town.act(appeal.id, "ask", expected=version, text=question) == 303


async def test_a_question_is_answered_while_another_draft_is_open(town: Town, phone: Phone) -> None:
    appeal = await files(phone)
    await phone.text(GARBAGE)
    await phone.wait(CARD)
    await town.sign_in("operator")
    await ask(town, appeal, "З якого боку будинку тече?")
    question = await phone.wait("З якого боку")
    assert appeal.number in question.text
    assert (await Appeal.get(id=appeal.id)).due_at is None
    await phone.press_on(question.id, "Відповісти")
    await phone.wait("Напишіть відповідь")
    await phone.text("з двору біля третього під'їзду")
    passed = await phone.wait("Передав")
    assert "Термін:" in passed.text
    appeal = await Appeal.get(id=appeal.id)
    assert appeal.status is Status.ASSIGNED
    assert appeal.due_at is not None
    said = await Event.filter(appeal_id=appeal.id, verb=Verb.ANSWER).get()
    assert said.text == "з двору біля третього під'їзду"
    await phone.text("так")  # the draft is still there
    await phone.wait("у роботі")
    assert await Appeal.all().count() == 2


async def test_words_answer_the_question_just_asked(town: Town, phone: Phone) -> None:
    appeal = await files(phone)
    await town.sign_in("operator")
    await ask(town, appeal, "Який під'їзд?")
    await phone.wait("Який під'їзд?")
    await phone.text("3")
    await phone.wait("Передав")
    assert (await Event.filter(verb=Verb.ANSWER).get()).text == "3"


async def test_a_photo_answers_it_as_well(town: Town, phone: Phone, picture: bytes) -> None:
    appeal = await files(phone)
    await town.sign_in("operator")
    await ask(town, appeal, "Сфотографуйте, будь ласка, люк")
    await phone.wait("Сфотографуйте")
    await phone.photo(*[picture] * 3)
    await phone.wait("Передав")
    await phone.settle(1.2)
    assert await Attachment.filter(appeal_id=appeal.id).count() == 3
    assert len([bubble for bubble in phone.messages if "Передав" in bubble.text]) == 1
    assert (await Appeal.get()).status is Status.ASSIGNED


async def test_with_a_draft_open_one_is_asked_which(town: Town, phone: Phone, picture: bytes) -> None:
    appeal = await files(phone)
    await phone.text(GARBAGE)
    await phone.wait(CARD)
    await town.sign_in("operator")
    await ask(town, appeal, "З якого боку?")
    await phone.wait("З якого боку?")
    # A Viber phone says what was on its screen: the question.
    await phone.text("з двору")
    await phone.wait("куди це")
    await phone.photo(picture)
    await phone.wait("Додав до попереднього")
    await phone.press(f"До № {appeal.number}")
    await phone.wait("Передав")
    said = await Event.get(verb=Verb.ANSWER)
    assert (said.text, said.appeal_id) == ("з двору", appeal.id)
    assert (await Attachment.get()).event_id == said.id
    await phone.text("так")
    await phone.wait("у роботі")
    assert await Appeal.filter(text=GARBAGE).exists()


async def test_of_two_questions_the_resident_says_which(town: Town, phone: Phone) -> None:
    first, second = await files(phone), await files(phone, LAMP)
    await town.sign_in("operator")
    await ask(town, first, "Який під'їзд?")
    await phone.wait("Який під'їзд?")
    await ask(town, second, "Який номер опори?")
    await phone.wait("Який номер опори?")
    await phone.text("третій від рогу")
    which = await phone.wait("куди це")
    assert "Який під'їзд?" in which.text
    assert "Який номер опори?" in which.text
    await phone.text(f"до {int(second.number[3:])}")
    await phone.wait("Передав")
    assert (await Event.get(verb=Verb.ANSWER)).appeal_id == second.id
    await phone.text("скасувати")
    await phone.settle()
    assert (await Appeal.get(id=first.id)).status is Status.NEEDS_INFO


async def test_a_reply_says_by_itself_which(town: Town) -> None:
    phone = town.sim.telegram.resident("Марія")
    first, second = await files(phone), await files(phone, LAMP)
    await town.sign_in("operator")
    await ask(town, first, "Який під'їзд?")
    question = await phone.wait("Який під'їзд?")
    await ask(town, second, "Який номер опори?")
    await phone.wait("Який номер опори?")
    await phone.text("третій", reply_to=question.id)
    await phone.wait("Передав")
    assert (await Event.get(verb=Verb.ANSWER)).appeal_id == first.id


async def test_viber_says_which_question_was_on_the_screen(town: Town) -> None:
    phone = town.sim.viber.resident("Марія")
    appeal = await files(phone)
    await town.sign_in("operator")
    await ask(town, appeal, "Який під'їзд?")
    await phone.wait("Який під'їзд?")
    await phone.text("третій")
    await phone.wait("Передав")
    assert (await Event.get(verb=Verb.ANSWER)).text == "третій"
