"""Files in the dialogue: counted by kind, ten in all, with words, without them, and with words afterwards."""

import pytest

from bot.conversation import attaching
from bot.conversation.card import missing
from bot.conversation.state import Lack
from bot.messages import Act, FileRef, Line, Reply
from core.models import Appeal, Attachment, Channel, Event
from core.models.appeals import AttachmentKind, AttachmentState
from core.workflow import Verb
from tests.bot.chatting import Chat, Did, buttons, keys

PHOTO, VIDEO = AttachmentKind.PHOTO, AttachmentKind.VIDEO
VOICE, DOCUMENT = AttachmentKind.VOICE, AttachmentKind.DOCUMENT
LEAK = "прорвало трубу на вул. Соборності 12"
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def sent(kind: AttachmentKind, text: str = "", size: int | None = None, name: str = "") -> Did:
    return Did(Act.FILE, text=text, file=FileRef("f", size, kind, name))


def lines(replies: list[Reply]) -> list[Line]:
    return [line for reply in replies for line in reply.lines]


@pytest.fixture
async def talk(chat: Chat) -> Chat:
    await chat.begin(Channel.TELEGRAM, [])
    return chat


async def test_the_card_counts_each_kind(talk: Chat) -> None:
    await talk.does(Did(Act.TEXT, text=LEAK))
    for kind in (VOICE, PHOTO, DOCUMENT, PHOTO, VIDEO):
        replies = await talk.does(sent(kind, name="Заява.pdf" if kind is DOCUMENT else ""))
    counted = [
        (line.key, line.n) for line in lines(replies) if line.n is not None and line.key != "card.hours"
    ]
    assert counted == [("card.photos", 2), ("card.videos", 1), ("card.documents", 1), ("card.voices", 1)]
    assert (await Attachment.get(kind=DOCUMENT)).name == "Заява.pdf"
    await talk.does(Did(Act.TEXT, text="так"))
    appeal = await Appeal.get()
    assert appeal.photos == 5
    shown = await talk.does(Did(Act.BUTTON, button=f"appeal:{appeal.id}"))
    assert {"card.photos", "card.videos", "card.documents", "card.voices"} <= keys(shown)


@pytest.mark.parametrize("kind", [VOICE, VIDEO, DOCUMENT])
async def test_a_file_alone_may_be_sent_without_words(talk: Chat, kind: AttachmentKind) -> None:
    replies = await talk.does(sent(kind))
    assert keys(replies) == {f"ask.text_{kind}"}
    assert talk.state.draft is not None
    assert f"unsure:{talk.state.draft.token}" in buttons(replies[-1])
    await talk.does(Did(Act.BUTTON, button=f"unsure:{talk.state.draft.token}"))
    if missing(talk.state.draft, talk.city) is Lack.PLACE:
        await talk.does(Did(Act.TEXT, text="вул. Соборності, 5"))
    await talk.does(Did(Act.TEXT, text="так"))
    appeal = await Appeal.get()
    assert (appeal.text, appeal.photos, appeal.triage, appeal.executor_id) == ("", 1, True, None)


async def test_a_yes_sends_a_voice_message_on_without_a_button(talk: Chat) -> None:
    await talk.does(sent(VOICE))
    await talk.does(Did(Act.TEXT, text="так"))
    assert talk.state.draft is not None
    assert (talk.state.draft.category, talk.state.draft.sure) == ("other", False)


async def test_a_photo_alone_needs_words(talk: Chat) -> None:
    replies = await talk.does(sent(PHOTO))
    assert keys(replies) == {"ask.text_photo"}
    assert not any(data.startswith("unsure") for data in buttons(replies[-1]))
    assert keys(await talk.does(Did(Act.TEXT, text="так"))) == {"ask.text_photo"}


async def test_ten_files_of_whatever_kind_and_the_eleventh_is_explained(talk: Chat) -> None:
    for number in range(attaching.FILES):
        await talk.does(sent((PHOTO, VIDEO, VOICE, DOCUMENT)[number % 4]))
    replies = await talk.does(sent(VIDEO))
    assert keys(replies) >= {"bad.files"}
    assert await Attachment.all().count() == attaching.FILES
    first = await Attachment.all().order_by("id").first()
    assert first is not None
    await Attachment.filter(id=first.id).update(state=AttachmentState.REFUSED)
    assert "bad.files" not in keys(await talk.does(sent(VIDEO))), "what was refused makes room"


@pytest.mark.parametrize("kind", AttachmentKind)
async def test_what_is_too_large_is_told_at_once(talk: Chat, kind: AttachmentKind) -> None:
    replies = await talk.does(sent(kind, size=20_000_001))
    assert keys(replies) == {"media.too_large"}
    assert not await Attachment.exists()
    assert talk.state.draft is None
    replies = await talk.does(sent(kind, text=LEAK, size=10**9))
    assert "card.title" in keys(replies), "but its words are taken"


@pytest.mark.parametrize("kind", [PHOTO, VIDEO])
async def test_a_caption_given_afterwards_is_words(talk: Chat, kind: AttachmentKind) -> None:
    await talk.does(sent(kind))
    assert talk.state.draft is not None
    (number,) = talk.state.draft.wordless
    await talk.does(Did(Act.EDIT, text="яма на дорозі, вул. Соборності 3", message_id=number))
    assert talk.state.draft.texts == [[number, "яма на дорозі, вул. Соборності 3"]]
    await talk.does(Did(Act.EDIT, text="прорвало трубу, вул. Соборності 3", message_id=number))
    assert talk.state.draft.category == "water.leak"


@pytest.mark.parametrize("step", ["answer", "no"])
async def test_files_answer_and_reopen(talk: Chat, step: str) -> None:
    await talk.does(Did(Act.TEXT, text=LEAK))
    await talk.does(Did(Act.TEXT, text="так"))
    appeal = await Appeal.get()
    await talk.at_the_desk("ask" if step == "answer" else "resolve")
    await talk.does(Did(Act.BUTTON, button=f"{step}:{appeal.id}"))
    await talk.does(sent(VOICE))
    said = await Event.get(verb=Verb.ANSWER if step == "answer" else Verb.REOPEN)
    file = await Attachment.get()
    assert (file.kind, file.appeal_id, file.event_id, file.draft) == (VOICE, appeal.id, said.id, "")


async def test_the_words_of_an_answer_outlive_a_file_that_is_too_large(talk: Chat) -> None:
    await talk.does(Did(Act.TEXT, text=LEAK))
    await talk.does(Did(Act.TEXT, text="так"))
    await talk.at_the_desk("ask")
    await talk.does(Did(Act.BUTTON, button=f"answer:{(await Appeal.get()).id}"))
    assert keys(await talk.does(sent(VIDEO, size=10**9))) == {"media.too_large"}
    replies = await talk.does(sent(VIDEO, text="з двору", size=10**9))
    assert {"media.too_large", "answer.passed"} <= keys(replies)
    assert (await Event.get(verb=Verb.ANSWER)).text == "з двору"


async def test_a_named_place_keeps_its_name(talk: Chat) -> None:
    await talk.does(Did(Act.TEXT, text="яма на дорозі"))
    await talk.does(Did(Act.LOCATION, text="Ринок, вул. Лермонтова, 1", point=(47.905, 33.39)))
    assert talk.state.draft is not None
    assert talk.state.draft.spot is not None
    assert talk.state.draft.spot.address == "Ринок, вул. Лермонтова, 1"


async def test_a_live_location_is_heard_only_by_a_draft_without_a_place(talk: Chat) -> None:
    moved = Did(Act.MOVED, point=(47.905, 33.39))
    assert await talk.does(moved) == []
    await talk.does(Did(Act.TEXT, text="яма на дорозі"))
    assert talk.state.draft is not None
    assert missing(talk.state.draft, talk.city) is Lack.PLACE
    assert await talk.does(Did(Act.MOVED, point=(50.45, 30.52))) == []
    assert "card.title" in keys(await talk.does(moved))
    assert await talk.does(Did(Act.MOVED, point=(47.91, 33.4))) == []
    assert talk.state.draft is not None
    await talk.does(Did(Act.BUTTON, button=f"place:{talk.state.draft.token}"))
    assert await talk.does(moved) == [], "they said it is another place"
