"""The dialogue under whatever a resident may do, in whatever order: never lost for an answer."""

from copy import deepcopy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.conversation import asking
from bot.conversation.asking import ASKS
from bot.conversation.state import Lack, Spot, Step, new_draft
from bot.messages import Act, Button, FileRef
from core import db
from core.models import Appeal, Channel
from core.models.appeals import AttachmentKind
from core.workflow import ANSWERED, OPEN, Status
from tests.bot.chatting import Chat, Did, buttons, keys
from tests.builders import make_appeal

# Answered in silence: nobody is there to hear, or the album's first photo has been answered.
QUIET = {Act.LEFT, Act.CAME_BACK, Act.MOVED}
STALE = {"bad.stale", "bad.stale_nothing"}
DRAFT = "a1b2c3d4"

TEXTS = (
    "прорвало трубу на вул. Соборності 12 третій день",
    "нема світла у під'їзді",
    "95 квартал 14 під 3",
    "тече вода",
    "сильно пахне газом у підвалі Гагаріна 5",
    "так",
    "Так!",
    "ні",
    "ні, у дворі далі тече",
    "так але біля школи",
    "скасувати",
    "назад",
    "мої заявки",
    "допомога",
    "english",
    "українською",
    "привіт",
    "дякую",
    "нова заявка",
    "26-000001",
    "заявка № 26-999999, як там?",
    "/start",
    "/my",
    "/pay 5",
    "👍",
    "...",
    "",
    "я" * 3499,
    "щ" * 4096,
    "<b>{category}</b> %s {0} {{x}} '; DROP TABLE appeal; --",
)
BUTTONS = (
    "",
    ":",
    "send",
    "send:ffffffff",
    f"cat:{DRAFT}:no.such",
    "cat",
    "spot:x:y",
    "my:abc",
    "my:-1",
    "my:99999999999999999999999",
    "my:-99999999999999999999999",
    "appeal:",
    "appeal:0",
    "appeal:99999999999999999999999",
    "answer:x",
    "yes:1:2:3",
    "yes:2147483648",
    "no:١",
    "star:1",
    "star:1:99",
    "star:1:-1",
    "back:",
    "language",
    "help",
    "drop table:1",
    "place",
    "zv|send",
    "🔥:🔥",
)
POINTS = (
    (47.91, 33.39),
    (50.45, 30.52),
    (0.0, 0.0),
    (float("nan"), 33.4),
    (float("inf"), -1e308),
    (91.0, 181.0),
)


FILES = (
    FileRef("file-1"),
    FileRef("file-2", 5_000),
    FileRef("huge", 10**9),
    FileRef("voice", kind=AttachmentKind.VOICE),
    FileRef("video", 9_000, AttachmentKind.VIDEO),
    FileRef("paper", 9_000, AttachmentKind.DOCUMENT, "заява.pdf"),
)


def doings() -> st.SearchStrategy[Did]:
    words = st.sampled_from(TEXTS)
    file = st.builds(
        Did,
        act=st.just(Act.FILE),
        text=st.sampled_from(["", "", *TEXTS]),
        file=st.sampled_from(FILES),
        album=st.sampled_from(["", "", "album-1", "album-2"]),
    )
    return st.one_of(
        st.builds(Did, act=st.just(Act.TEXT), text=words, reply=st.sampled_from([False, False, False, True])),
        st.builds(Did, act=st.just(Act.BUTTON), choice=st.integers(0, 12)),
        st.builds(Did, act=st.just(Act.BUTTON), choice=st.integers(0, 3)),
        st.builds(Did, act=st.just(Act.BUTTON), button=st.sampled_from(BUTTONS) | st.text(max_size=20)),
        file,
        st.builds(Did, act=st.sampled_from([Act.LOCATION, Act.MOVED]), point=st.sampled_from(POINTS)),
        st.builds(Did, act=st.just(Act.EDIT), text=words),
        st.builds(
            Did, act=st.just(Act.START), text=st.sampled_from(["", "staff_x", "promo", "staff_" + "я" * 90])
        ),
        st.builds(Did, act=st.sampled_from([Act.OTHER, Act.LEFT, Act.CAME_BACK])),
        st.builds(Did, act=st.none(), desk=st.sampled_from(["ask", "resolve", "explain", "reject", "sweep"])),
    )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@settings(
    max_examples=80,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    done=st.lists(doings(), min_size=2, max_size=10),
    choices=st.lists(st.integers(0, 30), min_size=6, max_size=6),
)
async def test_a_button_just_offered_is_understood(chat: Chat, done: list[Did], choices: list[int]) -> None:
    await chat.begin(Channel.TELEGRAM, [])
    for did in done:
        if did.act is not None:
            await chat.does(did)
    replies = await chat.does(Did(Act.TEXT, text="прорвало трубу на вул. Соборності 12"))
    for choice in choices:
        offered = [data for reply in replies for data in buttons(reply)]
        if not offered:
            replies = await chat.does(Did(Act.TEXT, text="мої заявки"))
            continue
        data = offered[choice % len(offered)]
        replies = await chat.does(Did(Act.BUTTON, button=data))
        assert not keys(replies) & STALE, data


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("where", ["idle", "draft", "place", "answer"])
async def test_no_button_whatever_leads_astray(chat: Chat, where: str) -> None:
    await chat.begin(Channel.TELEGRAM, [])
    appeal = await make_appeal(chat.city, chat.account)
    before = await Appeal.filter(id=appeal.id).values()
    if where == "draft":
        await chat.does(Did(Act.TEXT, text="прорвало трубу на вул. Соборності 12"))
    elif where == "place":
        await chat.does(Did(Act.TEXT, text="нема світла у під'їзді"))
    elif where == "answer":
        await chat.does(Did(Act.BUTTON, button=f"answer:{appeal.id}"))
    draft = deepcopy(chat.state.draft)
    assert (draft is not None) == (where in {"draft", "place"})
    for button in (*BUTTONS, f"star:{appeal.id}:3", f"yes:{appeal.id}"):
        replies = await chat.does(Did(Act.BUTTON, button=button))
        assert keys(replies), button
        assert chat.state.draft == draft, button
    assert await Appeal.filter(id=appeal.id).values() == before


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("where", ["idle", "draft", "answer", "disagree"])
async def test_no_words_whatever_go_unanswered(chat: Chat, where: str) -> None:
    for text in TEXTS:
        await chat.begin(Channel.VIBER, [])
        appeal = await make_appeal(chat.city, chat.account)
        if where == "draft":
            await chat.does(Did(Act.TEXT, text="прорвало трубу на вул. Соборності 12"))
        elif where == "answer":
            await chat.does(Did(Act.BUTTON, button=f"answer:{appeal.id}"))
        elif where == "disagree":
            await chat.at_the_desk("resolve")
            await chat.at_the_desk("sweep")
            await chat.does(Did(Act.BUTTON, button=f"no:{appeal.id}"))
        assert keys(await chat.does(Did(Act.TEXT, text=text))), text
        assert keys(await chat.does(Did(Act.EDIT, text=text))), text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("point", POINTS)
async def test_places_in_the_city_are_taken_and_no_others(chat: Chat, point: tuple[float, float]) -> None:
    await chat.begin(Channel.TELEGRAM, [])
    replies = await chat.does(Did(Act.LOCATION, point=point))
    inside = point == POINTS[0]
    assert ("bad.outside" in keys(replies)) is not inside
    assert (chat.state.draft is not None) is inside


# what the dialogue can offer at all


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_every_topic_can_be_offered_and_pressed(chat: Chat) -> None:
    await chat.begin(Channel.TELEGRAM, [])
    await chat.does(Did(Act.TEXT, text="щось сталося біля нас"))
    draft = chat.state.draft
    assert draft is not None
    for group in chat.city.pack.groups:
        replies = await chat.does(Did(Act.BUTTON, button=f"group:{draft.token}:{group.slug}"))
        slugs = [category.slug for category in chat.city.categories.values() if category.group == group.slug]
        assert [f"cat:{draft.token}:{slug}" for slug in slugs] == buttons(replies[0])[: len(slugs)]
        for slug in slugs:
            await chat.does(Did(Act.BUTTON, button=f"cat:{draft.token}:{slug}"))
            assert chat.state.draft is not None
            assert (chat.state.draft.category, chat.state.draft.chosen) == (slug, True)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_every_button_fits_telegrams_64_bytes(chat: Chat) -> None:
    draft = new_draft()
    draft.guesses = [[slug, 0.1] for slug in chat.city.categories]
    draft.texts = [["1", "x"]]
    draft.spots = [Spot("вул. Соборності", district="metalurhiinyi")] * 10
    offered: list[Button] = []
    for reply in (
        asking.groups(draft, chat.city),
        asking.topics(draft),
        *(ASKS[lack](draft, chat.city) for lack in (Lack.SPOT, Lack.PLACE, Lack.NAME, Lack.CATEGORY)),
        *(asking.categories(draft, chat.city, group.slug) for group in chat.city.pack.groups),
    ):
        offered += [button for row in reply.buttons for button in row]
    assert len(offered) > len(chat.city.categories) * 2
    assert [button.data for button in offered if len(button.data.encode()) > 64] == []
    assert len(f"star:{db.LARGEST_ID}:5".encode()) <= 64


# a dialogue or two in words, at this level


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_filed_by_words_alone(chat: Chat) -> None:
    await chat.begin(Channel.VIBER, [])
    replies = await chat.does(Did(Act.TEXT, text="прорвало трубу на вул. Соборності 12"))
    assert "card.title" in keys(replies)
    replies = await chat.does(Did(Act.TEXT, text="так"))
    assert keys(replies) & {"filed.executor", "filed.operator"}
    appeal = await Appeal.filter(resident_id=chat.account.resident_id).get()
    assert appeal.status in OPEN
    assert (chat.state.step, chat.state.draft) == (Step.IDLE, None)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_an_aside_leaves_the_draft_as_it_was(chat: Chat) -> None:
    await chat.begin(Channel.TELEGRAM, [])
    appeal = await make_appeal(chat.city, chat.account)
    await chat.does(Did(Act.TEXT, text="нема світла у під'їзді"))
    draft = chat.state.draft
    await chat.at_the_desk("ask")
    await chat.does(Did(Act.BUTTON, button=f"answer:{appeal.id}"))
    replies = await chat.does(Did(Act.TEXT, text="з двору"))
    assert "answer.passed" in keys(replies)
    assert chat.state.draft == draft
    assert (await Appeal.get(id=appeal.id)).status is Status.ASSIGNED
    assert (await Appeal.get(id=appeal.id)).status not in ANSWERED
