"""«Is it solved?» in the chat: by button or by words, stars and reasons, and all of it changeable."""

import pytest

from bot import notices
from bot.conversation.state import Step
from bot.messages import Act, FileRef
from core import jobs
from core.actions import desk
from core.actions.actor import Actor
from core.actions.join import join
from core.models import Appeal, Attachment, Channel, Event, Outbox, OutboxState, Supporter, Survey
from core.workflow import Kind, Status, Verb
from tests.bot.chatting import Chat, Did, buttons, keys
from tests.builders import make_appeal
from tests.core.conftest import Cast, Time

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
GARBAGE = "не вивозять сміття вже тиждень, просп. Поштовий 40"
PHOTO = FileRef("file-1")


@pytest.fixture
async def begun(chat: Chat) -> Chat:
    await chat.begin(Channel.TELEGRAM, [])
    return chat


@pytest.fixture
async def polled(begun: Chat, time: Time) -> Appeal:
    """Resolved, and the resident was just asked."""
    del time  # stands still
    appeal = await make_appeal(begun.city, begun.account)
    await begun.at_the_desk("resolve")
    await begun.at_the_desk("sweep")
    return await Appeal.get(id=appeal.id)


def says(text: str, *, reply: bool = False) -> Did:
    return Did(Act.TEXT, text=text, reply=reply)


def presses(button: str) -> Did:
    return Did(Act.BUTTON, button=button)


async def status(appeal: Appeal) -> Status:
    return (await Appeal.get(id=appeal.id)).status


# yes and no


@pytest.mark.parametrize("text", ["так", "Так, дякую!", "вирішено", "все зробили"])
async def test_yes_in_words_closes_it_and_asks_for_stars(begun: Chat, polled: Appeal, text: str) -> None:
    (reply,) = await begun.does(says(text))
    assert await status(polled) is Status.CLOSED
    assert buttons(reply) == [f"star:{polled.id}:{n}" for n in range(1, 6)]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("ні, у дворі далі тече", "у дворі далі тече"),
        ("досі тече", "досі тече"),
        ("нічого не зробили", "нічого не зробили"),
        ("так, але знову тече", "так, але знову тече"),
    ],
)
async def test_no_in_words_returns_it_with_them(begun: Chat, polled: Appeal, text: str, kept: str) -> None:
    assert keys(await begun.does(says(text))) == {"poll.reopened"}
    assert await status(polled) is Status.REOPENED
    assert (await Event.get(verb=Verb.REOPEN)).text == kept


async def test_a_bare_no_is_asked_about(begun: Chat, polled: Appeal) -> None:
    assert keys(await begun.does(says("ні"))) == {"poll.what_is_wrong"}
    assert (begun.state.step, await status(polled)) == (Step.DISAGREE, Status.RESOLVED)
    await begun.does(Did(Act.FILE, file=PHOTO))
    assert await status(polled) is Status.REOPENED
    assert (await Attachment.get()).appeal_id == polled.id


async def test_after_a_no_one_may_still_say_yes(begun: Chat, polled: Appeal) -> None:
    await begun.does(presses(f"no:{polled.id}"))
    await begun.does(presses(f"yes:{polled.id}"))
    assert (begun.state.step, await status(polled)) == (Step.IDLE, Status.CLOSED)


async def test_after_a_yes_one_may_still_say_no(begun: Chat, polled: Appeal) -> None:
    await begun.does(presses(f"yes:{polled.id}"))
    await begun.does(presses(f"no:{polled.id}"))
    await begun.does(says("вранці знову потекло"))
    assert await status(polled) is Status.REOPENED
    assert (await Survey.get()).solved is False


async def test_a_photo_with_such_words_returns_it(begun: Chat, polled: Appeal) -> None:
    await begun.does(Did(Act.FILE, file=PHOTO, text="досі тече", reply=True))
    assert await status(polled) is Status.REOPENED
    await begun.does(Did(Act.FILE, file=FileRef("file-2"), album="b"))
    assert (await Appeal.get(id=polled.id)).photos == 1, "another's album is no part of it"


async def test_an_album_returns_it_once_and_whole(begun: Chat, polled: Appeal) -> None:
    await begun.does(Did(Act.FILE, file=PHOTO, text="ні, ось", album="a"))
    for number in range(2):
        await begun.does(Did(Act.FILE, file=FileRef(f"file-{number}"), album="a"))
    appeal = await Appeal.get(id=polled.id)
    assert (appeal.status, appeal.photos, appeal.reopen_count) == (Status.REOPENED, 3, 1)
    assert begun.state.draft is None


@pytest.mark.parametrize("text", ["не знаю", "ще не бачив", "Ще не дивилась, перевірю завтра"])
async def test_who_has_not_looked_is_asked_again_later(
    begun: Chat, polled: Appeal, text: str, time: Time
) -> None:
    (reply,) = await begun.does(says(text))
    assert keys([reply]) == {"poll.later"}
    assert await status(polled) is Status.RESOLVED
    time.passes(days=3)
    await jobs.remind_of_polls(begun.sweeps)
    assert await Outbox.filter(kind="poll_reminder").count() == 1
    await begun.does(presses(f"yes:{polled.id}"))
    assert await status(polled) is Status.CLOSED


async def test_a_new_problem_right_after_the_question_is_a_new_problem(begun: Chat, polled: Appeal) -> None:
    for text in (GARBAGE, "досі не вивезли сміття на просп. Поштовий 40"):
        await begun.does(says(text))
        assert begun.state.draft is not None
        assert await status(polled) is Status.RESOLVED
        await begun.does(says("скасувати"))
        await Outbox.filter(kind="reply").delete()


async def test_while_a_draft_is_open_a_yes_is_the_drafts(begun: Chat) -> None:
    appeal = await make_appeal(begun.city, begun.account)
    await begun.does(says(GARBAGE))
    await desk.resolve(begun.city, appeal.id, begun.operator, expected=0, answer="Зроблено")
    await begun.at_the_desk("sweep")
    await begun.does(says("так"))
    assert await status(appeal) is Status.RESOLVED
    assert await Appeal.all().count() == 2


async def test_a_reply_that_is_neither_is_kept_and_the_question_stands(begun: Chat, polled: Appeal) -> None:
    (reply,) = await begun.does(says("а хто приїжджав, я не застав?", reply=True))
    assert buttons(reply) == [f"yes:{polled.id}", f"no:{polled.id}"]
    event = await Event.get(verb=Verb.RATE)
    assert (event.text, event.data) == ("а хто приїжджав, я не застав?", {})
    assert await status(polled) is Status.RESOLVED


async def test_an_old_no_tells_what_to_do_instead(begun: Chat, polled: Appeal, time: Time) -> None:
    await begun.does(presses(f"yes:{polled.id}"))
    row = await Outbox.get(kind="resolved")
    time.passes(days=begun.city.schedule.reopen_days, seconds=1)
    await Outbox.filter(kind="reply").delete()
    assert row.appeal_id == polled.id
    (reply,) = await begun.does(says("ні, знову тече", reply=True))
    assert keys([reply]) == {"answer.ended"}
    assert buttons(reply) == ["to:draft"]
    assert await status(polled) is Status.CLOSED
    await begun.does(presses("to:draft"))
    assert begun.state.draft is not None
    assert begun.state.draft.text == "знову тече"


# stars, reasons, words


async def test_few_stars_ask_why_and_several_reasons_may_be_given(begun: Chat, polled: Appeal) -> None:
    await begun.does(presses(f"yes:{polled.id}"))
    (reply,) = await begun.does(presses(f"star:{polled.id}:2"))
    reasons = [f"why:{polled.id}:{each}" for each in ("slow", "not_done", "rude", "not_told", "other")]
    assert buttons(reply) == [*reasons, f"comment:{polled.id}"]
    (reply,) = await begun.does(presses(reasons[0]))
    assert buttons(reply) == [*reasons[1:], f"comment:{polled.id}"]
    await begun.does(presses(reasons[3]))
    await begun.does(presses(f"comment:{polled.id}"))
    assert begun.state.about == polled.id
    assert keys(await begun.does(says("чекали тиждень"))) == {"poll.commented"}
    survey = await Survey.get()
    assert (survey.stars, survey.reasons, survey.words) == (2, ["slow", "not_told"], "чекали тиждень")
    assert begun.state.step is Step.IDLE


async def test_stars_pressed_again_are_the_ones_that_count(begun: Chat, polled: Appeal) -> None:
    await begun.does(presses(f"yes:{polled.id}"))
    await begun.does(presses(f"star:{polled.id}:1"))
    await begun.does(presses(f"why:{polled.id}:rude"))
    (reply,) = await begun.does(presses(f"star:{polled.id}:5"))
    assert buttons(reply) == [f"comment:{polled.id}"]
    survey = await Survey.get()
    assert (survey.stars, survey.reasons) == (5, None)


@pytest.mark.usefixtures("polled")
async def test_stars_typed(begun: Chat) -> None:
    await begun.does(says("так"))
    assert keys(await begun.does(says("4"))) == {"poll.rated"}
    assert (await Survey.get()).stars == 4
    assert keys(await begun.does(says("9"))) == {"bad.no_words"}


async def test_a_photo_is_words_enough(begun: Chat, polled: Appeal) -> None:
    await begun.does(presses(f"comment:{polled.id}"))
    for number in range(2):
        await begun.does(Did(Act.FILE, file=FileRef(f"file-{number}"), album="a"))
    assert await Attachment.filter(appeal_id=polled.id).count() == 2
    assert await status(polled) is Status.RESOLVED
    assert begun.state.draft is None


async def test_closed_by_silence_it_can_still_be_rated_from_its_card(
    begun: Chat, polled: Appeal, time: Time
) -> None:
    time.passes(days=8)
    await Outbox.filter(appeal_id=polled.id).update(state=OutboxState.SENT)
    await jobs.close_unanswered(begun.sweeps)
    (card,) = await begun.does(presses(f"appeal:{polled.id}"))
    assert f"rate:{polled.id}" in buttons(card)
    (reply,) = await begun.does(presses(f"rate:{polled.id}"))
    await begun.does(presses(buttons(reply)[4]))
    assert (await Survey.get()).stars == 5


@pytest.mark.parametrize("data", ["why:{}:weather", "why:{}", "why:x:slow", "comment:", "rate:x", "star:{}"])
async def test_a_forged_button_is_a_stale_one(begun: Chat, polled: Appeal, data: str) -> None:
    assert "bad.stale_nothing" in keys(await begun.does(presses(data.format(polled.id))))
    assert begun.state.step is Step.IDLE


async def test_a_supporters_word_is_beside_the_first_reporters(begun: Chat, cast: Cast) -> None:
    appeal = await make_appeal(begun.city, cast.account)
    await join(begun.city, begun.account, appeal.id)
    await desk.resolve(begun.city, appeal.id, cast.operator, expected=1, answer="Зроблено")
    await begun.at_the_desk("sweep")
    await begun.does(says("так"))
    await begun.does(says("2"))
    await begun.does(presses(f"why:{appeal.id}:slow"))
    row = await Supporter.get(resident_id=begun.account.resident_id)
    assert (row.solved, row.stars) == (True, 2)
    survey = await Survey.get()
    assert (survey.solved, survey.stars, survey.reasons) == (None, None, None)
    assert await status(appeal) is Status.RESOLVED


# a question is answered, not mended


async def test_a_consultation_is_asked_about_in_its_own_words(begun: Chat) -> None:
    appeal = await make_appeal(begun.city, begun.account)
    await Appeal.filter(id=appeal.id).update(kind=Kind.CONSULTATION)
    await begun.at_the_desk("resolve")
    await begun.at_the_desk("sweep")
    row = await Outbox.get(kind="resolved")
    said = {line.key for line in notices.compose("resolved", row.body).lines}
    assert {"notice.answered", "poll.is_answer"} <= said
    assert not {"notice.resolved", "poll.solved"} & said
    reminder = {line.key for line in notices.compose("poll_reminder", row.body).lines}
    assert reminder == {"poll.reminder_question"}
    assert keys(await begun.does(presses(f"no:{appeal.id}"))) == {"poll.what_is_missing"}


async def test_who_returned_it_reads_who_has_seen_it(begun: Chat) -> None:
    del begun
    facts = {"number": "26-000001", "category": "water.leak", "executor": "kryvbasvodokanal"}
    by_officer = notices.compose("seen", {**facts, "by": "kryvbasvodokanal"})
    assert [line.key for line in by_officer.lines] == ["notice.seen"]
    assert [line.key for line in notices.compose("seen", {**facts, "by": None}).lines] == ["notice.seen_desk"]


async def test_a_stranger_can_rate_nothing(begun: Chat, cast: Cast) -> None:
    appeal = await make_appeal(begun.city, cast.account)
    await desk.resolve(begun.city, appeal.id, cast.operator, expected=0, answer="Зроблено")
    for data in ("yes:{}", "no:{}", "star:{}:1", "rate:{}", "why:{}:slow", "comment:{}"):
        assert keys(await begun.does(presses(data.format(appeal.id)))) == {"appeal.not_found"}, data
        assert begun.state.step is Step.IDLE
    assert (await Appeal.get(id=appeal.id)).version == 1
    assert Actor.resident(begun.account.resident_id).sees(appeal) is False
