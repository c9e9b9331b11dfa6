"""One's appeals in the chat: the card and what it offers, where an appeal is asked after, taking it back."""

from datetime import timedelta
from typing import Any

import pytest

from bot.conversation.state import Step
from bot.messages import Act, FileRef, Reply
from core import clock
from core.actions import desk, executor, poll, resident
from core.actions.actor import Actor
from core.actions.executor import upload_mark
from core.actions.helping import set_co_executors
from core.actions.join import join, merge
from core.city import City
from core.models import Account, Appeal, Channel
from core.models.appeals import AttachmentState
from core.workflow import Role, Status
from tests.bot.chatting import Chat, Did, buttons, keys
from tests.builders import make_account, make_appeal, make_photo
from tests.core.conftest import GAS, Cast, Time

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
STORED: dict[str, Any] = {"state": AttachmentState.STORED, "draft": ""}


@pytest.fixture
async def begun(chat: Chat) -> Chat:
    await chat.begin(Channel.TELEGRAM, [])
    return chat


async def shown(chat: Chat, appeal: Appeal) -> Reply:
    (reply,) = await chat.does(Did(Act.BUTTON, button=f"appeal:{appeal.id}"))
    return reply


def offered(reply: Reply) -> set[str]:
    return {data.split(":")[0] for data in buttons(reply)}


def told(reply: Reply) -> list[str]:
    return [line.key.removeprefix("story.") for line in reply.lines if line.key.startswith("story.")]


def acting(account: Account) -> Actor:
    return Actor.resident(account.resident_id)


# the card


async def test_the_card_offers_only_what_fits(begun: Chat, cast: Cast, time: Time) -> None:
    chat, city = begun, begun.city
    appeal = await make_appeal(city, chat.account)
    assert offered(await shown(chat, appeal)) == {"answer", "withdraw"}
    time.passes(hours=13)
    assert offered(await shown(chat, appeal)) == {"answer", "nudge", "withdraw"}
    await desk.ask(city, appeal.id, cast.operator, expected=0, question="Де?")
    reply = await shown(chat, appeal)
    assert offered(reply) == {"answer", "withdraw"}, "while they are asked, the city is not late"
    assert "button.answer" in {button.label.key for row in reply.buttons for button in row}
    await resident.answer(city, appeal.id, acting(chat.account), text="там")
    await desk.resolve(city, appeal.id, cast.operator, expected=2, answer="Зроблено")
    assert offered(await shown(chat, appeal)) == {"yes", "no"}
    await poll.confirm(city, appeal.id, acting(chat.account))
    assert offered(await shown(chat, appeal)) == {"rate", "no"}
    await poll.rate(city, appeal.id, acting(chat.account), stars=5)
    assert offered(await shown(chat, appeal)) == {"no"}
    time.passes(days=city.schedule.reopen_days, seconds=1)
    assert offered(await shown(chat, appeal)) <= {"my", "help"}
    (late,) = await chat.does(Did(Act.BUTTON, button=f"no:{appeal.id}"))
    assert "poll.late" in keys([late])
    assert chat.state.step is Step.IDLE


async def test_the_card_of_a_merged_one_leads_to_the_other(begun: Chat, cast: Cast) -> None:
    mine, other = await make_appeal(begun.city, begun.account), await make_appeal(begun.city)
    await merge(begun.city, mine.id, cast.operator, expected=0, into=other.id)
    reply = await shown(begun, mine)
    assert f"appeal:{other.id}" in buttons(reply)
    assert told(reply) == ["submit", "assign", "merge"]
    assert told(await shown(begun, other)) == ["submit", "assign"]


async def test_history_is_told_without_the_citys_own_affairs(begun: Chat, cast: Cast) -> None:
    city = begun.city
    appeal = await make_appeal(city, begun.account)
    await executor.start(city, appeal.id, cast.officer, expected=0)
    await desk.note(city, appeal.id, cast.operator, expected=1, text="сусід скандалить")
    await set_co_executors(city, appeal.id, cast.operator, expected=2, executors=[GAS], text="газ поруч")
    neighbour = await make_account()
    await join(city, neighbour, appeal.id, "і в нас")
    await executor.report(city, appeal.id, cast.officer, expected=4, text="Замінено 2 м, Іван Бондар")
    await desk.rework(city, appeal.id, cast.operator, expected=5, reason="не те фото")
    reply = await shown(begun, appeal)
    assert told(reply) == ["submit", "assign", "start", "report", "rework"]
    said = str([line.params for line in reply.lines])
    for secret in ("скандалить", "Бондар", "не те фото", "газ"):
        assert secret not in said


async def test_a_long_history_keeps_its_beginning_and_its_end(begun: Chat, cast: Cast) -> None:
    appeal = await make_appeal(begun.city, begun.account)
    version = 0
    for _ in range(4):
        await desk.ask(begun.city, appeal.id, cast.operator, expected=version, question="Де?")
        await resident.answer(begun.city, appeal.id, acting(begun.account), text="там")
        await resident.answer(begun.city, appeal.id, acting(begun.account), text="і там")
        await resident.answer(begun.city, appeal.id, acting(begun.account), text="і ще там")
        version += 4
    lines = told(await shown(begun, appeal))
    assert lines == ["submit", "add", *["ask", "answer", "add"] * 2]


async def test_photos_are_sent_back_own_and_of_the_result(begun: Chat, cast: Cast) -> None:
    chat, city = begun, begun.city
    appeal, neighbour = await make_appeal(city, chat.account), await make_account()
    assert "photos" not in offered(await shown(chat, appeal))
    own = await make_photo(chat.account, appeal_id=appeal.id, **STORED)
    await make_photo(chat.account, appeal_id=appeal.id, draft="", state=AttachmentState.REFUSED)
    await make_photo(neighbour, appeal_id=appeal.id, **STORED)
    done = await make_photo(chat.account, draft=upload_mark(cast.water.id), state=AttachmentState.STORED)
    await type(done).filter(id=done.id).update(account_id=None, role=Role.EXECUTOR)
    await executor.report(city, appeal.id, cast.officer, expected=0, text="Замінено", photos=(done.id,))
    assert "photos" in offered(await shown(chat, appeal))
    (reply,) = await chat.does(Did(Act.BUTTON, button=f"photos:{appeal.id}"))
    assert reply.photos == (own.id,), "what the city has not checked yet is not shown"
    await desk.resolve(city, appeal.id, cast.operator, expected=1)
    (reply,) = await chat.does(Did(Act.BUTTON, button=f"photos:{appeal.id}"))
    assert reply.photos == (own.id, done.id)


async def test_no_more_photos_than_an_album_has(begun: Chat) -> None:
    appeal = await make_appeal(begun.city, begun.account)
    for _ in range(12):
        await make_photo(begun.account, appeal_id=appeal.id, **STORED)
    (reply,) = await begun.does(Did(Act.BUTTON, button=f"photos:{appeal.id}"))
    assert len(reply.photos) == 10


@pytest.mark.parametrize("action", ["appeal", "photos", "nudge", "withdraw", "take_back", "leave", "follow"])
async def test_a_strangers_appeal_is_none(begun: Chat, action: str) -> None:
    appeal = await make_appeal(begun.city)
    replies = await begun.does(Did(Act.BUTTON, button=f"{action}:{appeal.id}"))
    assert keys(replies) == {"appeal.not_found"}
    assert begun.state.step is Step.IDLE
    assert (await Appeal.get(id=appeal.id)).version == 0


# asking after an appeal


@pytest.mark.parametrize("text", ["де моя заявка {short}?", "№{short}", "{number}", "а що там з № {number}?"])
async def test_its_number_shows_its_card(begun: Chat, text: str) -> None:
    await make_appeal(begun.city, begun.account)
    appeal = await make_appeal(begun.city, begun.account)
    short = int(appeal.number.split("-")[1])
    replies = await begun.does(Did(Act.TEXT, text=text.format(short=short, number=appeal.number)))
    card = next(line for line in replies[0].lines if line.key == "my.card")
    assert card.params["number"] == appeal.number


async def test_one_number_of_two_years_is_asked_about(begun: Chat, time: Time) -> None:
    first = await make_appeal(begun.city, begun.account)
    time.passes(days=365)
    second = await make_appeal(begun.city, begun.account)
    assert first.number.split("-")[1] == second.number.split("-")[1]
    (reply,) = await begun.does(Did(Act.TEXT, text=f"де моя заявка {int(first.number[3:])}?"))
    assert "my.several" in keys([reply])
    assert buttons(reply) == [f"appeal:{second.id}", f"appeal:{first.id}"]


async def test_without_a_number_it_is_the_only_one_in_work(begun: Chat, cast: Cast) -> None:
    done = await make_appeal(begun.city, begun.account)
    await desk.reject(begun.city, done.id, cast.operator, expected=0, reason="Не місто")
    assert "my.title" in keys(await begun.does(Did(Act.TEXT, text="що з моєю заявкою?")))
    await make_appeal(begun.city, begun.account)
    assert "my.card" in keys(await begun.does(Did(Act.TEXT, text="що з моєю заявкою?")))
    await make_appeal(begun.city, begun.account)
    assert "my.title" in keys(await begun.does(Did(Act.TEXT, text="що з моєю заявкою?")))


async def test_a_house_number_is_no_appeals(begun: Chat) -> None:
    appeal = await make_appeal(begun.city, begun.account)
    house = int(appeal.number.split("-")[1])
    replies = await begun.does(Did(Act.TEXT, text=f"у будинку номер {house} на Соборності прорвало трубу"))
    assert "my.card" not in keys(replies)
    assert begun.state.draft is not None


async def test_asked_while_a_draft_is_open_the_draft_stays(begun: Chat) -> None:
    appeal = await make_appeal(begun.city, begun.account)
    await begun.does(Did(Act.TEXT, text="нема світла у під'їзді"))
    draft = begun.state.draft
    replies = await begun.does(Did(Act.TEXT, text=f"де моя заявка {appeal.number}?"))
    assert "my.card" in keys(replies)
    assert (begun.state.draft, begun.state.step) == (draft, Step.DRAFT)


# taking it back, reminding the city


@pytest.mark.parametrize("way", ["button", "words"])
async def test_taken_back_after_a_question(begun: Chat, way: str) -> None:
    appeal = await make_appeal(begun.city, begun.account)
    replies = await begun.does(Did(Act.BUTTON, button=f"withdraw:{appeal.id}"))
    assert "withdraw.alone" in keys(replies)
    assert (await Appeal.get(id=appeal.id)).open
    sure = Did(Act.TEXT, text="так") if way == "words" else Did(Act.BUTTON, button=f"take_back:{appeal.id}")
    assert "withdraw.done" in keys(await begun.does(sure))
    assert (await Appeal.get(id=appeal.id)).status is Status.WITHDRAWN
    assert begun.state.step is Step.IDLE
    assert "my.card" in keys(await begun.does(sure if way == "button" else Did(Act.TEXT, text=appeal.number)))


@pytest.mark.parametrize("text", ["ні", "назад", "скасувати"])
async def test_not_taken_back_after_all(begun: Chat, text: str) -> None:
    appeal = await make_appeal(begun.city, begun.account)
    await begun.does(Did(Act.BUTTON, button=f"withdraw:{appeal.id}"))
    await begun.does(Did(Act.TEXT, text=text))
    assert begun.state.step is Step.IDLE
    assert (await Appeal.get(id=appeal.id)).open


async def test_other_words_are_no_yes_and_are_heard(begun: Chat) -> None:
    appeal = await make_appeal(begun.city, begun.account)
    await begun.does(Did(Act.BUTTON, button=f"withdraw:{appeal.id}"))
    replies = await begun.does(Did(Act.TEXT, text="не вивозять сміття на просп. Поштовий 40"))
    assert "withdraw.kept" in keys(replies)
    assert begun.state.draft is not None
    assert begun.state.step is Step.DRAFT
    assert (await Appeal.get(id=appeal.id)).open


async def test_a_photo_is_no_yes_whatever_stands_beneath_it(begun: Chat) -> None:
    appeal = await make_appeal(begun.city, begun.account)
    await begun.does(Did(Act.BUTTON, button=f"withdraw:{appeal.id}"))
    await begun.does(Did(Act.FILE, file=FileRef("file-1"), text="так"))
    assert (begun.state.step, begun.state.about) == (Step.DRAFT, None)
    assert (await Appeal.get(id=appeal.id)).open


async def test_with_others_there_it_goes_on_and_can_be_followed_again(begun: Chat, cast: Cast) -> None:
    appeal = await make_appeal(begun.city, begun.account)
    await join(begun.city, cast.account, appeal.id)
    assert "withdraw.others" in keys(await begun.does(Did(Act.BUTTON, button=f"withdraw:{appeal.id}")))
    assert "withdraw.left" in keys(await begun.does(Did(Act.TEXT, text="так")))
    assert (await Appeal.get(id=appeal.id)).open
    card = await shown(begun, appeal)
    assert "my.left" in keys([card])
    assert offered(card) == {"follow"}
    assert "my.row_left" in keys(await begun.does(Did(Act.TEXT, text="мої заявки")))
    assert "withdraw.followed" in keys(await begun.does(Did(Act.BUTTON, button=f"follow:{appeal.id}")))
    assert offered(await shown(begun, appeal)) == {"answer", "withdraw"}


async def test_a_supporter_leaves_at_once(begun: Chat, city: City) -> None:
    appeal = await make_appeal(city)
    await join(city, begun.account, appeal.id)
    assert offered(await shown(begun, appeal)) == {"answer", "leave"}
    assert "withdraw.left" in keys(await begun.does(Did(Act.BUTTON, button=f"leave:{appeal.id}")))
    assert (await Appeal.get(id=appeal.id)).supporters == 0
    assert "my.none" in keys(await begun.does(Did(Act.TEXT, text="мої заявки")))


async def test_the_city_is_reminded_once_a_day(begun: Chat, time: Time) -> None:
    appeal = await make_appeal(begun.city, begun.account)
    press = Did(Act.BUTTON, button=f"nudge:{appeal.id}")
    assert keys(await begun.does(press)) == {"nudge.early"}
    time.passes(hours=13)
    assert keys(await begun.does(press)) == {"nudge.done"}
    time.passes(hours=1)
    (reply,) = await begun.does(press)
    assert reply.lines[0].key == "nudge.again"
    assert reply.lines[0].params["since"] == (clock.now() + timedelta(hours=23)).isoformat()
