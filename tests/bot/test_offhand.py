"""Residents who don't follow the script: answers in other words than were asked for, and out of turn."""

import pytest

from bot.conversation.state import Step
from bot.conversation.vocabulary import Word, after_yes, verdict
from bot.messages import Act, FileRef, Reply
from core.actions import desk
from core.models import Appeal, Channel, Event, Outbox, OutboxState
from core.models.appeals import AttachmentKind
from core.workflow import Kind, Status, Verb
from tests.bot.chatting import Chat, Did, keys

GAS = "сильно пахне газом, дуже боюсь"
POTHOLE = "яма на дорозі, вул. Соборності 12"
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def says(chat: Chat, *texts: str) -> list[Reply]:
    """What is answered to the last of them."""
    replies: list[Reply] = []
    for text in texts:
        replies = await chat.does(Did(Act.TEXT, text=text))
    return replies


@pytest.fixture(autouse=True)
async def _in_telegram(chat: Chat) -> None:
    await chat.begin(Channel.TELEGRAM, [])


async def test_an_address_may_come_first(chat: Chat) -> None:
    assert keys(await says(chat, "вул. Соборності 12")) == {"ask.text_place"}
    assert "card.title" in keys(await says(chat, "яма на дорозі"))
    await says(chat, "так")
    appeal = await Appeal.get()
    assert appeal.text == "яма на дорозі"
    assert appeal.address.endswith(", 12")


@pytest.mark.parametrize(
    "words",
    [
        "ні, не Соборності, а Мусоргського 10",
        "Мусоргського 10",
        "адреса: вул. Мусоргського, 10",
        "ні, це Мусоргського 10",
    ],
)
async def test_the_right_address_takes_the_place_of_the_wrong_one(chat: Chat, words: str) -> None:
    assert "card.title" in keys(await says(chat, POTHOLE, words))
    draft = chat.state.draft
    assert draft is not None
    assert draft.spot is not None
    assert (draft.spot.street, draft.spot.house) == ("вул. Мусоргського", "10")
    assert draft.text == POTHOLE


@pytest.mark.parametrize(
    "words", ["і ще бордюр на Мусоргського 10", "так само на Мусоргського 10 було", "біля школи 12"]
)
async def test_more_words_leave_the_address_as_it_is(chat: Chat, words: str) -> None:
    await says(chat, POTHOLE, words)
    draft = chat.state.draft
    assert draft is not None
    assert draft.spot is not None
    assert draft.spot.address.endswith("Соборності, 12")
    assert words in draft.text


@pytest.mark.parametrize("words", ["ні", "нет", "no", "ні, не так", "ні, не тут"])
async def test_no_to_a_card_is_asked_what_is_wrong(chat: Chat, words: str) -> None:
    replies = await says(chat, POTHOLE, words)
    assert keys(replies) == {"draft.what_wrong"}
    assert replies[0].buttons
    assert chat.state.draft is not None
    assert chat.state.draft.text == POTHOLE


async def test_no_to_a_typical_answer_is_not_answered_with_it_again(chat: Chat) -> None:
    assert keys(await says(chat, "коли дадуть опалення?", "ні")) == {"question.not_it"}
    assert chat.state.draft is not None


@pytest.mark.parametrize("words", ["дякую", "так", "добрий день"])
async def test_manners_are_no_place(chat: Chat, words: str) -> None:
    await says(chat, "нема світла у під'їзді")
    assert "ask.place" in keys(await says(chat, words))
    assert chat.state.draft is not None
    assert chat.state.draft.spot is None


async def test_nobody_has_to_know_what_it_is_about(chat: Chat) -> None:
    assert "ask.category" in keys(await says(chat, "щось тече"))
    said = keys(await says(chat, "не знаю"))
    assert "ask.category" not in said
    draft = chat.state.draft
    assert draft is not None
    assert (draft.chosen, draft.sure, draft.text) == (True, False, "щось тече")


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("так", Kind.COMPLAINT),
        ("Офіційна", Kind.COMPLAINT),
        ("ні", Kind.REQUEST),
        ("звичайна заявка", Kind.REQUEST),
    ],
)
async def test_official_or_not_is_answered_in_words(chat: Chat, words: str, kind: Kind) -> None:
    asked = "хочу подати офіційну скаргу на роботу ЖЕКу"
    await says(chat, asked, words)
    draft = chat.state.draft
    assert draft is not None
    assert (draft.kind, draft.kind_decided, draft.text) == (kind.value, True, asked)


async def test_not_to_know_is_no_name(chat: Chat) -> None:
    await says(chat, "хочу подати офіційну скаргу на роботу ЖЕКу: вони місяць не прибирають двір", "так")
    assert keys(await says(chat, "не знаю")) == {"official.name"}
    assert chat.state.draft is not None
    assert chat.state.draft.name == ""


@pytest.mark.parametrize("words", ["дякую", "так", "ні", "добрий день"])
async def test_manners_are_no_place_of_danger(chat: Chat, words: str) -> None:
    assert "danger.where" in keys(await says(chat, GAS, words))
    assert (await Appeal.get()).address == ""
    assert "danger.located" in keys(await says(chat, "вул. Соборності 12"))


async def test_who_does_not_know_the_place_of_danger_is_not_kept_at_it(chat: Chat) -> None:
    assert keys(await says(chat, GAS, "не знаю")) == {"danger.more"}
    assert chat.state.step is Step.IDLE
    assert (await Appeal.get()).address == ""


async def test_a_place_for_what_has_ended_is_kept_and_asked_about(chat: Chat) -> None:
    await says(chat, GAS)
    appeal = await Appeal.get()
    await desk.reject(
        chat.city, appeal.id, chat.operator, expected=appeal.version, reason="Навчальна тривога"
    )
    assert keys(await says(chat, "вул. Соборності 12")) & {"answer.ended", "answer.ended_returns"}
    assert chat.state.unsorted is not None
    assert chat.state.unsorted.text == "вул. Соборності 12"


async def test_an_address_after_what_was_sent_without_one_is_its(chat: Chat) -> None:
    await chat.does(Did(Act.FILE, file=FileRef("f", kind=AttachmentKind.VOICE)))
    await says(chat, "так", "так")
    appeal = await Appeal.get()
    assert appeal.address == ""
    assert "answer.passed" in keys(await says(chat, "вул. Соборності 12"))
    assert await Event.filter(appeal_id=appeal.id, verb=Verb.ADD).exists()


async def test_how_long_to_wait_is_asked_of_ones_own(chat: Chat) -> None:
    await says(chat, POTHOLE, "так")
    for words in ("скільки можна чекати", "сколько ждать", "а коли прийдуть?"):
        assert "my.card" in keys(await says(chat, words))


@pytest.mark.parametrize("words", ["так собі", "Не зовсім."])
async def test_so_so_is_no_yes_to_a_result(chat: Chat, words: str) -> None:
    await says(chat, POTHOLE, "так")
    await chat.at_the_desk("resolve")
    await chat.at_the_desk("sweep")
    await Outbox.filter(state=OutboxState.HELD).update(state=OutboxState.SENT, provider_id="poll")
    assert "poll.unclear" in keys(await says(chat, words))
    assert (await Appeal.get()).status is Status.RESOLVED


def test_so_it_is_with_yes_that_agrees_to_nothing() -> None:
    assert verdict("так, полагодили") is Word.YES
    assert after_yes("так само на Мусоргського 10 було") is None
    assert after_yes("так але біля школи") == "але біля школи"


async def test_another_danger_right_after_has_its_own_advice(chat: Chat) -> None:
    await says(chat, "сильно пахне газом, вул. Мусоргського 5")
    assert {"answer.passed", "card.danger_101"} <= keys(await says(chat, "дім горить"))
    assert "card.danger_101" not in keys(await says(chat, "третій під'їзд"))


@pytest.mark.parametrize("place", ["", ", вул. Мусоргського 5"])
async def test_a_mistake_is_said_in_words_too(chat: Chat, place: str) -> None:
    assert "withdraw.alone" in keys(await says(chat, GAS + place, "Це помилка"))
    assert "withdraw.done" in keys(await says(chat, "так"))
    assert (await Appeal.get()).status is Status.WITHDRAWN


async def test_the_buttons_of_a_card_are_words_too(chat: Chat) -> None:
    assert "ask.place_new" in keys(await says(chat, POTHOLE, "інше місце"))
    assert "ask.place_new" in keys(await says(chat, "дякую"))
    assert "ask.topic" in keys(await says(chat, "назад", "інша тема"))
    assert "draft.cancelled" in keys(await says(chat, "ні, скасуйте"))


async def test_mere_words_for_a_place_give_way_to_a_street(chat: Chat) -> None:
    await says(chat, "не горить світло на вулиці", "та де ж іще", "на Мусоргського")
    draft = chat.state.draft
    assert draft is not None
    assert draft.spot is not None
    assert draft.spot.street == "вул. Мусоргського"
