"""Somebody was first: the offer to join, and the question which part of a long street."""

import pytest

from bot.conversation.state import Spot, Step
from bot.messages import Act, Reply
from bot.render import render_reply
from core.actions.submit import Place
from core.models import Appeal, Channel, Supporter
from core.workflow import Status
from tests.bot.chatting import Chat, Did, buttons, keys
from tests.builders import make_account, make_appeal

SOBORNOSTI = Place("вул. Соборності, 12", district="metalurhiinyi", street="вул. Соборності", house="12")
THERE = Place("", 47.9101, 33.3901, "metalurhiinyi")
WORDS = "прорвало трубу на соборности 12 третій день"

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def first(chat: Chat, place: Place = SOBORNOSTI) -> Appeal:
    await chat.begin(Channel.VIBER, [])
    return await make_appeal(chat.city, await make_account(), place=place)


def said(chat: Chat, replies: list[Reply], language: str = "uk") -> str:
    return "\n".join(render_reply(reply, language, chat.city).text for reply in replies)


async def test_who_writes_of_the_same_address_may_join(chat: Chat) -> None:
    appeal = await first(chat)
    replies = await chat.does(Did(Act.TEXT, text=WORDS))
    assert "alike.address" in keys(replies)
    assert f"вже повідомила 1 людина: заявка № {appeal.number}, передано виконавцю, з " in said(chat, replies)
    replies = await chat.does(Did(Act.TEXT, text="так"))
    assert "Разом з вами це 2 людини" in said(chat, replies)
    assert (chat.state.step, chat.state.draft) == (Step.IDLE, None)
    supporter = await Supporter.get(appeal_id=appeal.id)
    assert supporter.resident_id == chat.account.resident_id
    assert await Appeal.all().count() == 1


async def test_a_point_near_by_is_told_in_metres(chat: Chat) -> None:
    await first(chat, THERE)
    await chat.does(Did(Act.TEXT, text="прорвало трубу, вода заливає дорогу"))
    replies = await chat.does(Did(Act.LOCATION, point=(47.9103, 33.3903)))
    assert "alike.near" in keys(replies)
    assert "1 person has already reported this 27 m from here" in said(chat, replies, "en")
    replies = await chat.does(Did(Act.BUTTON, choice=0))
    assert keys(replies) == {"alike.joined"}


@pytest.mark.parametrize("no", ["ні", "у мене інше", None])
async def test_mine_is_different(chat: Chat, no: str | None) -> None:
    await first(chat)
    replies = await chat.does(Did(Act.TEXT, text=WORDS))
    apart = buttons(replies[-1])[1]
    act = Did(Act.TEXT, text=no) if no else Did(Act.BUTTON, button=apart)
    replies = await chat.does(act)
    assert "card.title" in keys(replies)
    replies = await chat.does(Did(Act.TEXT, text="так"))
    assert "filed.executor" in keys(replies)
    assert await Supporter.all().count() == 0
    assert await Appeal.all().count() == 2


async def test_more_words_do_not_ask_again_but_another_place_does(chat: Chat) -> None:
    await first(chat)
    await first(chat, THERE)
    await chat.does(Did(Act.TEXT, text=WORDS))
    await chat.does(Did(Act.TEXT, text="це інше"))
    assert keys(await chat.does(Did(Act.TEXT, text="вода вже у дворі"))) == {"draft.noted"}
    replies = await chat.does(Did(Act.LOCATION, point=(47.9103, 33.3903)))
    assert "alike.near" in keys(replies)


async def test_what_ended_meanwhile_is_not_joined(chat: Chat) -> None:
    appeal = await first(chat)
    await chat.does(Did(Act.TEXT, text=WORDS))
    await Appeal.filter(id=appeal.id).update(status=Status.REJECTED, open=False)
    replies = await chat.does(Did(Act.TEXT, text="приєднатися"))
    assert {"alike.ended", "card.title"} <= keys(replies)
    assert await Supporter.all().count() == 0


async def test_ones_own_is_added_to(chat: Chat) -> None:
    await chat.begin(Channel.TELEGRAM, [])
    appeal = await make_appeal(chat.city, chat.account, place=SOBORNOSTI)
    replies = await chat.does(Did(Act.TEXT, text=WORDS))
    assert "alike.own" in keys(replies)
    replies = await chat.does(Did(Act.TEXT, text="так"))
    assert keys(replies) == {"answer.passed"}
    assert (await Appeal.get(id=appeal.id)).supporters == 0


async def test_danger_is_not_kept_waiting(chat: Chat) -> None:
    await chat.begin(Channel.VIBER, [])
    await make_appeal(chat.city, await make_account(), place=SOBORNOSTI, category="gas.leak")
    replies = await chat.does(Did(Act.TEXT, text="сильно пахне газом, соборності 12"))
    assert "danger.filed" in keys(replies)


async def test_another_residents_draft_is_not_joined_by_its_button(chat: Chat) -> None:
    await first(chat)
    replies = await chat.does(Did(Act.TEXT, text=WORDS))
    stolen = buttons(replies[-1])[0]
    await chat.begin(Channel.VIBER, [])
    assert keys(await chat.does(Did(Act.BUTTON, button=stolen))) == {"bad.stale_nothing"}
    assert await Supporter.all().count() == 0


# which district


async def asked(chat: Chat) -> list[Reply]:
    """A draft in a street of two districts, whose councils each see to their own yards."""
    await chat.begin(Channel.TELEGRAM, [])
    await chat.does(Did(Act.TEXT, text="зламана гойдалка на дитячому майданчику у дворі"))
    draft = chat.state.draft
    assert draft is not None
    draft.spot = Spot("просп. Університетський, 40", districts=["metalurhiinyi", "saksahanskyi"])
    draft.category, draft.sure, draft.chosen = "yard.amenities", True, True
    chat.state.step = Step.DRAFT
    return await chat.does(Did(Act.BUTTON, button="draft"))


@pytest.mark.parametrize("answer", ["Саксаганський", "в Саксаганском районе", None])
async def test_a_long_street_is_asked_about(chat: Chat, answer: str | None) -> None:
    replies = await asked(chat)
    assert keys(replies) == {"ask.district"}
    chosen = buttons(replies[-1])[1]
    replies = await chat.does(Did(Act.TEXT, text=answer) if answer else Did(Act.BUTTON, button=chosen))
    assert "card.title" in keys(replies)
    assert chat.state.draft is not None
    assert chat.state.draft.spot is not None
    assert chat.state.draft.spot.district == "saksahanskyi"


async def test_who_does_not_know_is_not_asked_again(chat: Chat) -> None:
    unsure = buttons((await asked(chat))[-1])[-1]
    assert "card.title" in keys(await chat.does(Did(Act.BUTTON, button=unsure)))


async def test_a_district_the_street_does_not_cross_is_refused(chat: Chat) -> None:
    button = buttons((await asked(chat))[-1])[0].rsplit(":", 1)[0] + ":inhuletskyi"
    assert "bad.stale" in keys(await chat.does(Did(Act.BUTTON, button=button)))
