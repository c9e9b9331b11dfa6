"""A batch of updates through the dialogue: each sender's account, state and answer, in one transaction."""

import json
from typing import Any

import pytest

from bot.dialogue import Dialogue
from bot.telegram import parse as telegram
from bot.viber import parse as viber
from core import inbox
from core.city import City
from core.config import Media
from core.inbox import Received
from core.models import Account, Channel, Conversation, Inbox, InboxState, Outbox, OutboxState, Resident
from tests.core.conftest import Time

DRAFT_DAYS = 7


def telegram_text(number: int, person: int, text: str, language: str = "uk") -> Received:
    chat = {"id": person, "type": "private"}
    sender = {"id": person, "first_name": "М", "is_bot": False, "language_code": language}
    message = {"message_id": number, "date": 1, "chat": chat, "from": sender, "text": text}
    return received(number, str(person), {"update_id": number, "message": message})


def received(number: int, sender: str, raw: dict[str, Any], channel: Channel = Channel.TELEGRAM) -> Received:
    return Received(channel, str(number), sender, json.dumps(raw))


@pytest.fixture
def dialogue(city: City) -> Dialogue:
    parsers = {Channel.TELEGRAM: telegram, Channel.VIBER: viber}
    return Dialogue(city, parsers, media=Media(), draft_days=DRAFT_DAYS)


async def take(dialogue: Dialogue, *updates: Received) -> None:
    await inbox.receive(list(updates))
    while await inbox.work_off(dialogue.handle):
        pass


async def said(external_id: str) -> list[str]:
    """Keys of the first lines of what this person was answered, in order."""
    account = await Account.get(external_id=external_id)
    return [row.body["lines"][0][0] for row in await Outbox.filter(account_id=account.id).order_by("id")]


async def test_a_batch_of_newcomers_is_met_each_in_their_language(dialogue: Dialogue) -> None:
    await take(
        dialogue,
        telegram_text(1, 7, "/start"),
        telegram_text(2, 8, "/start", "en-US"),
        telegram_text(3, 9, "/start", "pl"),
        telegram_text(4, 7, "нема світла у під'їзді"),
    )
    accounts = await Account.all().order_by("external_id")
    assert [(account.external_id, account.language) for account in accounts] == [
        ("7", "uk"),
        ("8", "en"),
        ("9", "uk"),
    ]
    assert len({account.resident_id for account in accounts}) == await Resident.all().count() == 3
    assert await said("7") == ["bot.greeting", "ask.place"]
    assert await said("8") == ["bot.greeting"]
    assert await Conversation.all().count() == 3
    assert await Inbox.filter(state=InboxState.DONE).count() == 4


async def test_one_that_cannot_be_read_is_parked_and_the_others_answered(dialogue: Dialogue) -> None:
    await take(
        dialogue,
        telegram_text(1, 7, "/start"),
        Received(Channel.TELEGRAM, "2", "8", '{"update_id": 2, "message": {"text": 5}}'),
        Received(Channel.TELEGRAM, "3", "9", "{"),
        telegram_text(4, 10, "/start"),
    )
    parked = await Inbox.filter(state=InboxState.PARKED).order_by("id")
    assert [(row.external_id, row.attempts) for row in parked] == [("2", 0), ("3", 0)]
    assert all(row.error for row in parked)
    assert await said("7") == await said("10") == ["bot.greeting"]
    assert await Account.all().count() == 2


async def test_the_answer_carries_the_updates_trace(dialogue: Dialogue) -> None:
    await take(dialogue, telegram_text(1, 7, "/start"))
    update, answer = await Inbox.get(), await Outbox.get()
    assert update.trace
    assert answer.trace == update.trace


async def test_a_draft_goes_on_after_a_restart_and_is_forgotten_in_time(
    dialogue: Dialogue, time: Time
) -> None:
    await take(dialogue, telegram_text(1, 7, "нема світла у під'їзді"))
    time.passes(days=DRAFT_DAYS, seconds=-1)
    await take(dialogue, telegram_text(2, 7, "95 квартал 14 під 3"))
    assert (await said("7"))[-1] == "card.title"
    time.passes(days=DRAFT_DAYS)
    await take(dialogue, telegram_text(3, 7, "так"))
    assert (await said("7"))[-1] == "bot.ready"


async def test_who_left_is_out_of_reach_until_they_write_again(dialogue: Dialogue, time: Time) -> None:
    await take(dialogue, telegram_text(1, 7, "/start"))
    change = {
        "chat": {"id": 7, "type": "private"},
        "from": {"id": 7},
        "date": 1,
        "old_chat_member": {"status": "member", "user": {"id": 1}},
        "new_chat_member": {"status": "kicked", "user": {"id": 1}, "until_date": 0},
    }
    await take(dialogue, received(2, "7", {"update_id": 2, "my_chat_member": change}))
    account = await Account.get()
    assert (account.reachable, account.unreachable_why) == (False, "left the chat")
    assert (await Outbox.get()).state is OutboxState.FAILED, "what waited is not sent to nobody"
    time.passes(hours=1)
    await take(dialogue, telegram_text(3, 7, "/start"))
    account = await Account.get()
    assert (account.reachable, account.unreachable_why, account.seen_at) == (True, "", time.now)


async def test_receipts_find_their_message(dialogue: Dialogue) -> None:
    text = {"event": "message", "message_token": 1, "sender": {"id": "v1", "name": "М"}}
    text["message"] = {"type": "text", "text": "привіт"}
    await take(dialogue, received(1, "v1", text, Channel.VIBER))
    await Outbox.all().update(state=OutboxState.SENT, provider_id="55")
    for number, event in ((2, "seen"), (3, "delivered"), (4, "failed")):
        raw = {"event": event, "message_token": 55, "user_id": "v1"}
        await take(dialogue, received(number, "v1", raw, Channel.VIBER))
    assert (await Outbox.get()).state is OutboxState.SEEN
    assert await Inbox.filter(state=InboxState.DONE).count() == 4
    assert await Account.all().count() == 1


async def test_a_strangers_word_of_nothing_makes_no_account(dialogue: Dialogue) -> None:
    raw = {"event": "delivered", "message_token": 404, "user_id": "nobody"}
    await take(dialogue, received(1, "nobody", raw, Channel.VIBER))
    assert await Account.all().count() == await Resident.all().count() == 0
