"""The desk's questions in the chat: the answer goes to its appeal, or the resident is asked where it goes."""

import json
from typing import Any

import pytest

from bot.conversation.state import State, Step
from bot.messages import Act, FileRef, Reply
from core.actions import desk
from core.actions.join import join
from core.models import Appeal, Attachment, Channel, Event, Outbox
from core.workflow import Status, Verb
from tests.bot.chatting import Chat, Did, buttons, keys
from tests.builders import make_appeal
from tests.core.conftest import Cast

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
GARBAGE = "не вивозять сміття вже тиждень, просп. Поштовий 40"
PHOTO = FileRef("file-1")


@pytest.fixture
async def begun(chat: Chat) -> Chat:
    await chat.begin(Channel.TELEGRAM, [])
    return chat


async def asked(chat: Chat, cast: Cast, question: str = "Який під'їзд?", **more: Any) -> Appeal:
    appeal = await make_appeal(chat.city, chat.account, **more)
    return await desk.ask(chat.city, appeal.id, cast.operator, expected=0, question=question)


async def answers(appeal: Appeal) -> list[str]:
    said = Event.filter(appeal_id=appeal.id, verb__in=[Verb.ANSWER, Verb.ADD]).order_by("id")
    return [event.text for event in await said]


def says(text: str, **more: Any) -> Did:
    return Did(Act.TEXT, text=text, **more)


def presses(button: str) -> Did:
    return Did(Act.BUTTON, button=button)


# where it is clear


@pytest.mark.parametrize("text", ["третій", "3", "біля воріт, як заходити з вулиці"])
async def test_the_words_right_after_the_question_are_its_answer(begun: Chat, cast: Cast, text: str) -> None:
    appeal = await asked(begun, cast)
    (reply,) = await begun.does(says(text))
    assert keys([reply]) == {"answer.passed", "notice.deadline"}, "the clock goes on, and that is said"
    assert await answers(appeal) == [text]
    assert (await Appeal.get(id=appeal.id)).status is Status.ASSIGNED


async def test_news_of_something_else_does_not_cover_the_question(begun: Chat, cast: Cast) -> None:
    other = await make_appeal(begun.city, begun.account)
    appeal = await asked(begun, cast)
    await desk.tell(begun.city, other.id, cast.operator, expected=0, text="бригада їде")
    await begun.does(says("третій"))
    assert await answers(appeal) == ["третій"]


@pytest.mark.parametrize("text", ["дякую", "доброго дня", "👍"])
async def test_manners_are_no_answer(begun: Chat, cast: Cast, text: str) -> None:
    appeal = await asked(begun, cast)
    await begun.does(says(text))
    assert await answers(appeal) == []
    assert (await Appeal.get(id=appeal.id)).status is Status.NEEDS_INFO


async def test_an_album_without_words_is_the_answer_whole(begun: Chat, cast: Cast) -> None:
    appeal = await asked(begun, cast)
    for number in range(3):
        await begun.does(Did(Act.FILE, file=FileRef(f"file-{number}"), album="a"))
    assert await Attachment.filter(appeal_id=appeal.id).count() == 3
    assert (begun.state.draft, begun.state.step) == (None, Step.IDLE)


async def test_a_reply_to_the_question_is_the_answer_though_a_draft_is_open(begun: Chat, cast: Cast) -> None:
    await begun.does(says(GARBAGE))
    draft = begun.state.draft
    appeal = await asked(begun, cast)
    await begun.does(says("з двору", reply=True))
    assert await answers(appeal) == ["з двору"]
    assert (begun.state.draft, begun.state.step) == (draft, Step.DRAFT)


async def test_the_button_of_either_question_says_which(begun: Chat, cast: Cast) -> None:
    first, second = await asked(begun, cast), await asked(begun, cast, "З якого боку?")
    await begun.does(presses(f"answer:{first.id}"))
    await begun.does(says("третій"))
    await begun.does(presses(f"answer:{second.id}"))
    await begun.does(Did(Act.FILE, file=PHOTO, text="з цього"))
    assert (await answers(first), await answers(second)) == (["третій"], ["з цього"])
    assert await Attachment.filter(appeal_id=second.id).count() == 1


async def test_what_viber_had_on_its_screen_decides(chat: Chat, cast: Cast) -> None:
    await chat.begin(Channel.VIBER, [])
    appeal = await asked(chat, cast)
    question = await Outbox.get(kind="question")
    await chat.does(says("мої заявки"))  # the list is now the last thing said
    await chat.does(says("третій", after=str(question.id)))
    assert await answers(appeal) == ["третій"]


@pytest.mark.parametrize("after", ["x", "0", "99999999999999999999", "١"])
async def test_a_screen_that_we_know_nothing_of_decides_nothing(chat: Chat, cast: Cast, after: str) -> None:
    await chat.begin(Channel.VIBER, [])
    appeal = await asked(chat, cast)
    assert await chat.does(says("прорвало трубу на вул. Соборності 12", after=after))
    assert await answers(appeal) == []


async def test_anothers_question_on_the_screen_is_not_answered(chat: Chat, cast: Cast) -> None:
    await chat.begin(Channel.VIBER, [])
    other = await make_appeal(chat.city, cast.account)
    await desk.ask(chat.city, other.id, cast.operator, expected=0, question="Де?")
    question = await Outbox.get(kind="question")
    await chat.does(says("прорвало трубу на вул. Соборності 12", after=str(question.id)))
    assert (await Appeal.get(id=other.id)).status is Status.NEEDS_INFO


async def test_what_was_answered_meanwhile_is_added(begun: Chat, cast: Cast) -> None:
    appeal = await asked(begun, cast)
    await join(begun.city, cast.account, appeal.id)
    await begun.does(says("третій"))
    await begun.does(presses(f"answer:{appeal.id}"))
    assert keys(await begun.does(says("і ще в підвалі"))) == {"answer.passed"}
    assert await answers(appeal) == ["третій", "і ще в підвалі"]


async def test_of_what_has_ended_one_is_told_what_can_be_done(begun: Chat, cast: Cast) -> None:
    appeal = await asked(begun, cast)
    await desk.explain(begun.city, appeal.id, cast.operator, expected=1, reason="Ремонт восени")
    question = await Outbox.get(kind="question")
    (reply,) = await begun.does(says("третій", after=str(question.id)))
    assert keys([reply]) == {"answer.ended_returns"}
    assert buttons(reply) == [f"to:{appeal.id}", "to:draft"]
    await begun.does(Did(Act.FILE, file=PHOTO))
    await begun.does(presses(f"to:{appeal.id}"))
    stored = await Appeal.get(id=appeal.id)
    assert (stored.status, stored.photos) == (Status.REOPENED, 1)
    assert (await Event.get(verb=Verb.REOPEN)).text == "третій"


@pytest.mark.parametrize("way", ["button", "reply"])
async def test_a_photo_for_what_was_rejected_is_not_lost(begun: Chat, cast: Cast, way: str) -> None:
    appeal = await asked(begun, cast)
    if way == "button":
        await begun.does(presses(f"answer:{appeal.id}"))
    await desk.reject(begun.city, appeal.id, cast.operator, expected=1, reason="Не місто")
    await Outbox.filter(kind="rejected").delete()
    for number in range(2):
        album = Did(Act.FILE, file=FileRef(f"file-{number}"), album="a", reply=way == "reply" and number == 0)
        (reply,) = await begun.does(album)
        assert buttons(reply) == ["to:draft"]
    await begun.does(presses("to:draft"))
    assert begun.state.draft is not None
    assert begun.state.draft.files == {"photo": 2}


async def test_thanks_in_reply_to_news_are_thanks(begun: Chat, cast: Cast) -> None:
    appeal = await make_appeal(begun.city, begun.account)
    await desk.tell(begun.city, appeal.id, cast.operator, expected=0, text="бригада їде")
    assert "bot.welcome" in keys(await begun.does(says("дякую", reply=True)))
    assert await answers(appeal) == []
    await Outbox.filter(kind="reply").delete()  # so that the news is what is replied to
    await begun.does(says("чекаю біля воріт", reply=True))
    assert await answers(appeal) == ["чекаю біля воріт"]


# where it is not


async def unclear(chat: Chat, cast: Cast) -> tuple[Appeal, Appeal, Reply]:
    """Two questions, and words that may answer either."""
    first, second = await asked(chat, cast), await asked(chat, cast, "З якого боку?")
    (reply,) = await chat.does(says("з двору"))
    return first, second, reply


async def test_two_questions_and_the_resident_says_which(begun: Chat, cast: Cast) -> None:
    first, second, reply = await unclear(begun, cast)
    assert buttons(reply) == [f"to:{second.id}", f"to:{first.id}", "to:draft"]
    assert begun.state.step is Step.WHICH
    assert await answers(first) == await answers(second) == []
    await begun.does(presses(f"to:{second.id}"))
    assert (await answers(first), await answers(second)) == ([], ["з двору"])
    assert (begun.state.step, begun.state.unsorted) == (Step.IDLE, None)


async def test_all_that_is_said_meanwhile_goes_along(begun: Chat, cast: Cast) -> None:
    first, _, _ = await unclear(begun, cast)
    for number in range(2):
        await begun.does(Did(Act.FILE, file=FileRef(f"file-{number}"), album="a"))
    (reply,) = await begun.does(says("де сходи"))
    assert "which.more" in keys([reply])
    await begun.does(says(f"номер {int(first.number[3:])}"))
    assert await answers(first) == ["з двору\nде сходи"]
    assert await Attachment.filter(appeal_id=first.id).count() == 2


async def test_with_a_draft_open_it_may_be_the_drafts(begun: Chat, cast: Cast) -> None:
    await begun.does(says(GARBAGE))
    before = begun.state.draft
    assert before is not None
    appeal = await asked(begun, cast)
    (reply,) = await begun.does(Did(Act.FILE, file=PHOTO, text="біля третього під'їзду"))
    assert buttons(reply) == [f"to:{appeal.id}", "to:draft"]
    assert "button.to_draft" in {button.label.key for row in reply.buttons for button in row}
    await begun.does(says("до нової заявки"))
    draft = begun.state.draft
    assert draft is not None
    assert (draft.token, draft.files) == (before.token, {"photo": 1})
    assert draft.text == f"{GARBAGE}\nбіля третього під'їзду"
    assert await Attachment.filter(draft=draft.token).count() == 1
    assert (await Appeal.get(id=appeal.id)).status is Status.NEEDS_INFO


async def test_without_a_draft_it_may_begin_one(begun: Chat, cast: Cast) -> None:
    await asked(begun, cast)
    await asked(begun, cast)
    (reply,) = await begun.does(says(GARBAGE))
    assert "button.to_new" in {button.label.key for row in reply.buttons for button in row}
    (reply,) = await begun.does(presses("to:draft"))
    assert begun.state.draft is not None
    assert begun.state.draft.text == GARBAGE
    assert begun.state.step is Step.DRAFT
    assert not await Event.filter(verb=Verb.ANSWER).exists()


async def test_a_photo_alone_is_asked_about_too(begun: Chat, cast: Cast) -> None:
    await begun.does(says(GARBAGE))
    await asked(begun, cast)
    await begun.does(Did(Act.FILE, file=PHOTO))
    await begun.does(presses("to:draft"))
    assert begun.state.draft is not None
    assert begun.state.draft.files == {"photo": 1}
    assert len(begun.state.draft.wordless) == 1


async def test_whatever_else_is_done_it_waits(begun: Chat, cast: Cast) -> None:
    first, _, _ = await unclear(begun, cast)
    for did in (
        says("мої заявки"),
        says("english"),
        presses("help"),
        presses(f"appeal:{first.id}"),
        Did(Act.OTHER),
        Did(Act.EDIT, text="зовсім інше"),
        says("👍"),
        Did(Act.START),
    ):
        (reply,) = await begun.does(did)
        assert begun.state.step is Step.WHICH, did
        assert "to:draft" in buttons(reply), did
    assert begun.state.unsorted is not None
    assert begun.state.unsorted.text == "з двору"
    row = json.loads(json.dumps(begun.state.to_row()))
    assert State.from_row("which", row) == begun.state


async def test_another_answer_in_between_leaves_it_waiting(begun: Chat, cast: Cast) -> None:
    first, second, _ = await unclear(begun, cast)
    await begun.does(presses(f"answer:{first.id}"))
    (reply,) = await begun.does(says("третій"))
    assert await answers(first) == ["третій"]
    assert f"to:{second.id}" in buttons(reply)
    await begun.does(presses(f"to:{second.id}"))
    assert await answers(second) == ["з двору"]


@pytest.mark.parametrize("text", ["скасувати", "назад"])
async def test_given_up_it_goes_nowhere_and_is_given_back(begun: Chat, cast: Cast, text: str) -> None:
    await begun.does(says(GARBAGE))
    draft = begun.state.draft
    appeal = await asked(begun, cast)
    await begun.does(says("з двору"))
    (reply,) = await begun.does(says(text))
    assert "which.dropped" in keys([reply])
    assert "з двору" in str([line.params for line in reply.lines])
    assert await answers(appeal) == []
    assert (begun.state.draft, begun.state.step) == (draft, Step.DRAFT)


async def test_what_ended_meanwhile_is_offered_no_more_and_nothing_is_lost(begun: Chat, cast: Cast) -> None:
    first, second, _ = await unclear(begun, cast)
    await desk.reject(begun.city, second.id, cast.operator, expected=1, reason="Не місто")
    (reply,) = await begun.does(presses(f"to:{second.id}"))
    assert "answer.ended" in keys([reply])
    assert buttons(reply) == [f"to:{first.id}", "to:draft"]
    await begun.does(presses(f"to:{first.id}"))
    assert await answers(first) == ["з двору"]


async def test_only_what_was_offered_can_be_chosen(begun: Chat, cast: Cast) -> None:
    mine, foreign = await make_appeal(begun.city, begun.account), await make_appeal(begun.city, cast.account)
    await unclear(begun, cast)
    for data in (f"to:{mine.id}", f"to:{foreign.id}", "to:", "to:x", "to"):
        await begun.does(presses(data))
        assert begun.state.step is Step.WHICH, data
    assert await answers(mine) == await answers(foreign) == []


async def test_pressed_later_it_is_a_stale_button(begun: Chat, cast: Cast) -> None:
    first, second, _ = await unclear(begun, cast)
    await begun.does(presses(f"to:{first.id}"))
    assert "bad.stale_nothing" in keys(await begun.does(presses(f"to:{second.id}")))
    assert await answers(second) == []
