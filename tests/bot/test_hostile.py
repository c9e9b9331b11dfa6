"""What nobody means well by: pages of blanks, forged presses, words without end."""

import time

import pytest

from bot.conversation.placing import place_of
from bot.conversation.state import Step
from bot.conversation.vocabulary import meaning, named_appeal
from bot.messages import Act, FileRef
from bot.text import LONGEST, clean
from core.actions import desk
from core.actions.join import join
from core.config import Limits
from core.errors import NotFound
from core.models import Appeal, Attachment, Channel
from core.workflow import Kind, Status
from tests.bot.chatting import Chat, Did, keys
from tests.bot.test_split import TWO
from tests.builders import make_account, make_appeal
from tests.core.conftest import Cast

PAGE = 20_000  # characters
sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize("gap", [" ", "\n", " \n", "\u00a0", "\u2028"])
@pytest.mark.parametrize("begins", ["!", "x", "заявка", "так"])
def test_a_page_of_blanks_holds_nobody_up(begins: str, gap: str) -> None:
    began = time.process_time()
    text = clean(begins + gap * (PAGE // len(gap)) + "x")
    assert (meaning(text), named_appeal(text, asks=True)) == (None, None)
    assert time.process_time() - began < 1


def test_a_page_of_dots_is_no_word() -> None:
    began = time.process_time()
    assert meaning("так" + "." * PAGE + "так") is None
    assert time.process_time() - began < 1


@sqlite
async def test_a_draft_is_parted_once(chat: Chat) -> None:
    await chat.begin(Channel.VIBER, [])
    await chat.does(Did(Act.FILE, file=FileRef("file-1")))
    await chat.does(Did(Act.TEXT, text=TWO))
    assert chat.state.draft is not None
    press = f"split:{chat.state.draft.token}"
    await chat.does(Did(Act.BUTTON, button=press))
    for _ in range(3):
        await chat.does(Did(Act.TEXT, text=TWO))
        await chat.does(Did(Act.BUTTON, button=press))
    assert len(chat.state.later) == 1
    assert await Attachment.all().count() == 2


@sqlite
async def test_what_waits_to_be_sorted_has_an_end(chat: Chat, cast: Cast) -> None:
    await chat.begin(Channel.TELEGRAM, [])
    appeal = await make_appeal(chat.city, chat.account)
    await chat.does(Did(Act.BUTTON, button=f"answer:{appeal.id}"))
    await desk.reject(chat.city, appeal.id, cast.operator, expected=0, reason="Не місто")
    for _ in range(4):
        chat.state.step, chat.state.about = Step.ANSWER, appeal.id
        replies = await chat.does(Did(Act.TEXT, text="слово " * 250))
    assert chat.state.unsorted is not None
    assert len(chat.state.unsorted.text) <= LONGEST
    assert "bad.too_long" in keys(replies)


@sqlite
async def test_words_that_are_refused_go_on_waiting(chat: Chat, cast: Cast) -> None:
    await chat.begin(Channel.TELEGRAM, [])
    theirs = await make_appeal(chat.city, await make_account())
    await join(chat.city, chat.account, theirs.id)
    await chat.does(Did(Act.TEXT, text="не вивозять сміття"))
    await desk.ask(chat.city, theirs.id, cast.operator, expected=1, question="Який під'їзд?")
    await chat.does(Did(Act.TEXT, text="третій, біля воріт"))
    assert chat.state.step is Step.WHICH
    await chat.does(Did(Act.BUTTON, button=f"leave:{theirs.id}"))
    replies = await chat.does(Did(Act.BUTTON, button=f"to:{theirs.id}"))
    assert "appeal.not_found" in keys(replies)
    assert chat.state.step is Step.WHICH
    assert chat.state.unsorted is not None
    assert chat.state.unsorted.text == "третій, біля воріт"


@sqlite
async def test_a_photo_for_an_appeal_is_counted_once(chat: Chat) -> None:
    chat.limits = Limits(files_a_day=2)
    await chat.begin(Channel.TELEGRAM, [])
    appeal = await make_appeal(chat.city, chat.account)
    for number in range(3):
        await chat.does(Did(Act.BUTTON, button=f"answer:{appeal.id}"))
        replies = await chat.does(Did(Act.FILE, file=FileRef(f"file-{number}")))
        assert ("pace.files" in keys(replies)) is (number == 2)
    assert await Attachment.filter(appeal_id=appeal.id).count() == 2


@sqlite
async def test_an_official_complaint_says_what_it_is_about(chat: Chat) -> None:
    await chat.begin(Channel.VIBER, [])
    await chat.does(Did(Act.FILE, file=FileRef("file-1")))
    assert chat.state.draft is not None
    token = chat.state.draft.token
    await chat.does(Did(Act.BUTTON, button=f"cat:{token}:water.leak"))
    replies = await chat.does(Did(Act.BUTTON, button=f"kind:{token}:complaint"))
    assert "official.essence" in keys(replies)


@sqlite
@pytest.mark.parametrize(
    "press",
    [
        *("appeal:{id}", "photos:{id}", "nudge:{id}", "withdraw:{id}", "take_back:{id}", "leave:{id}"),
        *("follow:{id}", "answer:{id}", "to:{id}", "yes:{id}", "no:{id}", "star:{id}:5", "rate:{id}"),
        *("why:{id}:rude", "comment:{id}"),
    ],
)
async def test_nobody_gets_at_anothers_appeal(chat: Chat, cast: Cast, press: str) -> None:
    await chat.begin(Channel.VIBER, [])
    other = await make_appeal(chat.city)
    await desk.resolve(chat.city, other.id, cast.operator, expected=0, answer="Зроблено")
    version = (await Appeal.get(id=other.id)).version
    replies = await chat.does(Did(Act.BUTTON, button=press.format(id=other.id)))
    assert keys(replies) <= {"appeal.not_found", "bad.stale_nothing"}
    again = await Appeal.get(id=other.id)
    assert (again.version, again.status) == (version, Status.RESOLVED)
    assert chat.state.about is None


@sqlite
async def test_nobody_joins_what_is_official(chat: Chat) -> None:
    """Its answer goes to whoever filed it, by name."""
    await chat.begin(Channel.VIBER, [])
    official = await make_appeal(chat.city, kind=Kind.COMPLAINT)
    await chat.does(Did(Act.TEXT, text="прорвало трубу на вул. Соборності 12"))
    assert chat.state.draft is not None
    assert chat.state.draft.spot is not None
    await Appeal.filter(id=official.id).update(place_key=place_of(chat.state.draft.spot).key)
    await chat.does(Did(Act.TEXT, text="скасувати"))
    replies = await chat.does(Did(Act.TEXT, text="прорвало трубу на вул. Соборності 12"))
    assert "card.title" in keys(replies)
    with pytest.raises(NotFound):
        await join(chat.city, chat.account, official.id)
    await Appeal.filter(id=official.id).update(kind=Kind.REQUEST)
    await chat.does(Did(Act.TEXT, text="скасувати"))
    replies = await chat.does(Did(Act.TEXT, text="прорвало трубу на вул. Соборності 12"))
    assert "card.title" not in keys(replies), "a request there is offered"
