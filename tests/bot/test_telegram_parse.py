"""Telegram's updates: what each kind comes to, and that no JSON whatever breaks the reading."""

import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.dialogue import Unreadable
from bot.messages import Act, Incoming
from bot.telegram import parse, received, received_body
from core import db
from core.models import Channel
from tests.bot.telegram_samples import CHAT, CONTENTS, MARIA, PHOTO, incoming, message

GROUP = {"id": -100, "type": "supergroup", "title": "Сусіди"}
MEMBER = {"user": {"id": 1, "is_bot": True, "first_name": "Бот"}}


def press(**more: Any) -> dict[str, Any]:
    return {"id": "cb1", "from": MARIA, "chat_instance": "1", "data": "send:ab12", **more}


def change(status: str, chat: dict[str, Any] | None = None) -> dict[str, Any]:
    until = {"until_date": 0} if status == "kicked" else {}
    return {
        "chat": chat or CHAT,
        "from": MARIA,
        "date": 1,
        "old_chat_member": {"status": "member", **MEMBER},
        "new_chat_member": {"status": status, **MEMBER, **until},
    }


UPDATES: list[tuple[str, dict[str, Any], Incoming | None]] = [
    ("text", {"message": message(text="прорвало трубу")}, incoming(Act.TEXT, text="прорвало трубу")),
    ("text with marks", {"message": message(text=" а\u202eб\x00в\u200b ")}, incoming(Act.TEXT, text="абв")),
    ("only marks", {"message": message(text="\u200b\u202e")}, incoming(Act.TEXT, text="")),
    ("start", {"message": message(text="/start")}, incoming(Act.START)),
    (
        "start with payload",
        {"message": message(text="/start staff_Ab-9")},
        incoming(Act.START, text="staff_Ab-9"),
    ),
    ("no start", {"message": message(text="/started")}, incoming(Act.TEXT, text="/started")),
    ("unknown command", {"message": message(text="/pay 5")}, incoming(Act.TEXT, text="/pay 5")),
    (
        "edited text",
        {"edited_message": message(edit_date=2, text="прорвало трубу на Соборності")},
        incoming(Act.EDIT, text="прорвало трубу на Соборності"),
    ),
    (
        "a reply to ours",
        {"message": message(text="так", reply_to_message=message(message_id=499, text="Вирішено?"))},
        incoming(Act.TEXT, text="так", reply_to="499"),
    ),
    (
        "press",
        {"callback_query": press(message=message(text="Ось як я зрозумів"))},
        incoming(Act.BUTTON, button="send:ab12", callback="cb1", message_id=""),
    ),
    (
        "press on a message too old to be shown",
        {"callback_query": press(message={"chat": CHAT, "message_id": 3, "date": 0})},
        incoming(Act.BUTTON, button="send:ab12", callback="cb1", message_id=""),
    ),
    (
        "press without data",
        {"callback_query": {"id": "cb1", "from": MARIA, "chat_instance": "1"}},
        incoming(Act.BUTTON, callback="cb1", message_id=""),
    ),
    ("press in a group", {"callback_query": press(message={**message(text="x"), "chat": GROUP})}, None),
    ("blocked", {"my_chat_member": change("kicked")}, incoming(Act.LEFT, message_id="")),
    ("unblocked", {"my_chat_member": change("member")}, incoming(Act.CAME_BACK, message_id="")),
    ("added to a group", {"my_chat_member": change("member", GROUP)}, None),
    ("said in a group", {"message": {**message(text="прорвало"), "chat": GROUP}}, None),
    (
        "a photo in a channel",
        {"message": {**message(photo=PHOTO), "chat": {"id": -1, "type": "channel"}}},
        None,
    ),
    (
        "a person without is_bot and name",
        {"message": {**message(text="тече"), "from": {"id": 77}}},
        incoming(Act.TEXT, text="тече", language=""),
    ),
    (
        "fields of a later Bot API",
        {"message": message(text="тече", shine=True, novelty={"a": [1]})},
        incoming(Act.TEXT, text="тече"),
    ),
    ("an update of a kind we didn't ask for", {"poll": None, "something_new": {"id": 1}}, None),
    ("nothing at all", {}, None),
]


ALL = UPDATES + CONTENTS


@pytest.mark.parametrize(("update", "expected"), [pytest.param(*rest, id=name) for name, *rest in ALL])
def test_what_an_update_comes_to(update: dict[str, Any], expected: Incoming | None) -> None:
    assert parse(json.dumps({"update_id": 1, **update})) == expected


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "{",
        "[]",
        "null",
        '"text"',
        "1" * 5000,
        "[" * 100_000,
        '{"update_id": 1, "message": 5}',
        '{"update_id": 1, "message": {"text": "no chat"}}',
        '{"update_id": "x"}',
        '{"update_id": 1, "callback_query": {"from": []}}',
    ],
)
def test_what_cannot_be_read_says_so(payload: str) -> None:
    with pytest.raises(Unreadable):
        parse(payload)


# what the inbox keeps


@pytest.mark.parametrize(
    ("update", "sender"),
    [
        ({"message": message(text="x")}, "77"),
        ({"edited_message": message(text="x")}, "77"),
        ({"my_chat_member": change("kicked")}, "77"),
        ({"callback_query": press(message=message(text="x"))}, "77"),
        ({"message": {**message(text="x"), "chat": GROUP}}, "-100"),
        ({}, ""),
        ({"message": None}, ""),
        ({"message": {}}, ""),
        ({"message": []}, ""),
        ({"message": [1]}, ""),
        ({"message": 5, "callback_query": "x"}, ""),
        ({"message": {"chat": 7}}, ""),
        ({"callback_query": {"from": None}}, ""),
    ],
)
def test_whose_turn_it_is(update: dict[str, Any], sender: str) -> None:
    kept = received({"update_id": 9, **update})
    assert (kept.external_id, kept.sender, kept.error) == ("9", sender, "")
    assert json.loads(kept.payload) == {"update_id": 9, **update}


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[1]", b"{}", b"null", b"[" * 100_000, b'"x"'])
def test_a_body_that_is_no_update_is_kept_to_be_parked(body: bytes) -> None:
    kept = received_body(body)
    assert kept.error
    assert kept.external_id.startswith("sha256:")


def test_a_body_is_kept_readable_and_storable() -> None:
    body = json.dumps({"update_id": 5, "message": message(text="яма \ud800 \x00")}).encode()
    kept = received_body(body)
    assert not kept.error
    assert db.storable(kept.payload).encode()
    assert "яма" in kept.payload
    assert parse(db.storable(kept.payload)) == incoming(Act.TEXT, text="яма")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=5), children, max_size=3)
    ),
    max_leaves=12,
)
NAMES = sorted(
    {name for _, update, _ in ALL for part in update.values() if isinstance(part, dict) for name in part}
    | {"message", "edited_message", "callback_query", "my_chat_member", "type", "id", "file_id"}
)


def mostly(value: Any) -> st.SearchStrategy[Any]:
    """`value`, with any part of it sometimes replaced by any JSON."""
    same: st.SearchStrategy[Any] = st.just(value)
    if isinstance(value, dict):
        same = st.fixed_dictionaries({name: mostly(part) for name, part in value.items()})
    elif isinstance(value, list):
        same = st.tuples(*map(mostly, value)).map(list)
    return st.integers(0, 19).flatmap(lambda die: JSON if die == 0 else same)


DAMAGED = st.sampled_from([update for _, update, _ in ALL]).flatmap(
    lambda update: mostly({"update_id": 1, **update})
)
ANYTHING = st.dictionaries(st.sampled_from(NAMES), st.dictionaries(st.sampled_from(NAMES), JSON, max_size=6))


@settings(max_examples=250, deadline=None, derandomize=True)
@given(DAMAGED | ANYTHING | JSON)
@example({"update_id": 1, "message": {"from": {"id": 1}}})
def test_no_json_whatever_breaks_the_reading(value: Any) -> None:
    payload = json.dumps(value)
    try:
        found = parse(payload)
    except Unreadable:
        return
    assert found is None or isinstance(found, Incoming)
    if isinstance(found, Incoming):
        assert found.text.isprintable() or "\n" in found.text or "\t" in found.text


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.binary(max_size=60) | (DAMAGED | JSON).map(lambda value: json.dumps(value).encode()))
def test_no_body_whatever_breaks_the_receiving(body: bytes) -> None:
    kept = received_body(body)
    assert kept.channel is Channel.TELEGRAM
    for text in (kept.external_id, kept.sender, kept.payload, kept.error):
        assert "\x00" not in db.storable(text)
        db.storable(text).encode()
