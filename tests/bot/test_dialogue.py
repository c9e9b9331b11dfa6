"""A batch of updates through the dialogue: each sender's account, state and answer, in one transaction."""

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.dialogue import Dialogue
from bot.telegram import parse as telegram
from bot.viber import parse as viber
from core import inbox
from core.city import City
from core.config import Limits, Media, Schedule
from core.inbox import Received
from core.media import Links
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
    return Dialogue(
        city,
        parsers,
        media=Media(),
        limits=Limits(),
        links=Links("secret"),
        schedule=Schedule(draft_days=DRAFT_DAYS),
    )


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
    assert [row.external_id for row in await Inbox.all()] == ["1"]  # what receipts say stands in the outbox
    assert await Account.all().count() == 1


async def test_a_strangers_word_of_nothing_makes_no_account(dialogue: Dialogue) -> None:
    raw = {"event": "delivered", "message_token": 404, "user_id": "nobody"}
    await take(dialogue, received(1, "nobody", raw, Channel.VIBER))
    assert await Account.all().count() == await Resident.all().count() == 0


def viber_text(number: int, person: str, text: str, **more: Any) -> Received:
    raw = {
        "event": "message",
        "message_token": number,
        "sender": {"id": person},
        "message": {"type": "text", "text": text, **more},
    }
    return received(number, person, raw, Channel.VIBER)


async def test_who_writes_opens_viber_for_what_waits_for_that(dialogue: Dialogue, time: Time) -> None:
    await take(dialogue, viber_text(1, "марія", "добрий день"), viber_text(2, "іван", "добрий день"))
    later = time.now + timedelta(days=9)
    people = {account.external_id: account for account in await Account.all()}
    for account in people.values():
        for why in ("session", "budget", "quiet"):
            await Outbox.create(
                account_id=account.id, channel=account.channel, kind="message", body={}, created_at=time.now,
                state=OutboxState.HELD, held_for=why, due_at=later,
            )  # fmt: skip
    time.passes(hours=30)
    await take(dialogue, viber_text(3, "марія", "ще раз добрий день"))
    due = Outbox.filter(state=OutboxState.HELD, due_at__lte=time.now)
    rows = {(row.account_id, row.held_for) for row in await due}
    assert rows == {(people["марія"].id, "session"), (people["марія"].id, "budget")}


async def test_a_draft_is_to_be_called_to_mind_a_day_after_its_last_change(
    dialogue: Dialogue, time: Time
) -> None:
    await take(dialogue, telegram_text(1, 7, "прорвало трубу"))
    assert (await Conversation.get()).remind_at == time.now + timedelta(days=1)
    time.passes(hours=3)
    await take(dialogue, telegram_text(2, 7, "вул. Соборності 12"))
    assert (await Conversation.get()).remind_at == time.now + timedelta(days=1)
    await take(dialogue, telegram_text(3, 7, "скасувати"))
    assert (await Conversation.get()).remind_at is None


def viber_event(number: int, event: str, person: str) -> Received:
    raw = {"event": event, "timestamp": 1, "message_token": number, "user_id": person, "user": {"id": person}}
    return received(number, person, raw, Channel.VIBER)


def telegram_membership(number: int, person: int, status: str) -> Received:
    who = {"id": person, "first_name": "М", "is_bot": False}
    member = {"user": who, "status": status, "until_date": 0}
    change = {"chat": {"id": person, "type": "private"}, "from": who, "date": 1}
    raw = {
        "update_id": number,
        "my_chat_member": change | {"old_chat_member": member, "new_chat_member": member},
    }
    return received(number, str(person), raw)


async def test_who_only_comes_and_goes_is_nobody(dialogue: Dialogue) -> None:
    """Who was forgotten and then blocks us must not become known by that."""
    await take(
        dialogue,
        telegram_membership(1, 7, "kicked"),
        telegram_membership(2, 8, "member"),
        viber_event(3, "unsubscribed", "id01=="),
        viber_event(4, "subscribed", "id02=="),
        telegram_text(5, 9, "Вітаю"),
    )
    assert [row.external_id for row in await Account.all()] == ["9"]
    assert [row.external_id for row in await Inbox.all()] == ["5"]


async def test_back_is_within_reach_but_has_not_written(dialogue: Dialogue, time: Time) -> None:
    await take(dialogue, telegram_text(1, 7, "Вітаю"))
    seen = (await Account.get()).seen_at
    time.passes(hours=1)
    await take(dialogue, telegram_membership(2, 7, "kicked"))
    assert not (await Account.get()).reachable
    await Account.all().update(forget_at=time.now)
    await take(dialogue, telegram_membership(3, 7, "member"))
    back = await Account.get()
    assert (back.reachable, back.seen_at, back.forget_at) == (True, seen, time.now)
    await take(dialogue, telegram_text(4, 7, "Вітаю"))
    assert (await Account.get()).forget_at is None


async def test_a_receipt_for_nobodys_message_is_not_kept(dialogue: Dialogue, time: Time) -> None:
    receipt = {"event": "seen", "timestamp": 1, "message_token": 99, "user_id": "id01=="}
    await take(dialogue, received(1, "", receipt, Channel.VIBER))
    for _ in range(inbox.ATTEMPTS):
        time.passes(minutes=1)
        await take(dialogue)
    assert not await Inbox.exists()
