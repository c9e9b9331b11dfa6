"""Viber's callbacks: what each comes to, and that no JSON whatever breaks the reading."""

import hashlib
import hmac
import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.dialogue import Unreadable
from bot.messages import Act, Incoming, Receipt
from bot.viber import PRESS, parse, received_body, signed
from core import db
from core.models import Channel, OutboxState
from tests.bot.viber_samples import CONTENTS, MARIA, callback, incoming, message


def receipt(state: OutboxState, error: str = "") -> Receipt:
    return Receipt(Channel.VIBER, "4912661846655238145", state, error, "id01==")


CALLBACKS: list[tuple[str, dict[str, Any], Incoming | Receipt | None]] = [
    ("text", message(type="text", text="прорвало трубу"), incoming(Act.TEXT, text="прорвало трубу")),
    ("text with marks", message(type="text", text=" а\u202eб\x00в "), incoming(Act.TEXT, text="абв")),
    ("start", message(type="text", text="/start staff_x"), incoming(Act.START, text="staff_x")),
    ("press", message(type="text", text=f"{PRESS}send:ab12"), incoming(Act.BUTTON, button="send:ab12")),
    (
        "what they had in view",
        message(type="text", text="так", tracking_data="41"),
        incoming(Act.TEXT, text="так", after="41"),
    ),
    (
        "made up by somebody",
        message(type="text", text="так", tracking_data={"id": 41}),
        incoming(Act.TEXT, text="так"),
    ),
    ("words that look like one", message(type="text", text="zv send"), incoming(Act.TEXT, text="zv send")),
    (
        "opened",
        callback("conversation_started", type="open", context="x", user=MARIA, subscribed=False),
        None,
    ),
    (
        "subscribed",
        callback("subscribed", user=MARIA),
        Incoming(Channel.VIBER, str(MARIA["id"]), Act.CAME_BACK),
    ),
    (
        "unsubscribed",
        callback("unsubscribed", user_id="id01=="),
        Incoming(Channel.VIBER, "id01==", Act.LEFT),
    ),
    ("delivered", callback("delivered", user_id="id01=="), receipt(OutboxState.DELIVERED)),
    ("seen", callback("seen", user_id="id01=="), receipt(OutboxState.SEEN)),
    ("failed", callback("failed", user_id="id01==", desc="no"), receipt(OutboxState.FAILED, "no")),
    ("failed without a word", callback("failed", user_id="id01=="), receipt(OutboxState.FAILED)),
    ("client_status", callback("client_status", user=MARIA), None),
    ("action", callback("action", user=MARIA), None),
    ("the webhook's test", callback("webhook"), None),
    ("an event of a later version", callback("danced", user=MARIA), None),
    ("no event", {"timestamp": 1}, None),
    ("an event that is no name", {"event": [1]}, None),
]


ALL = CALLBACKS + CONTENTS


@pytest.mark.parametrize(("raw", "expected"), [pytest.param(*rest, id=name) for name, *rest in ALL])
def test_what_a_callback_comes_to(raw: dict[str, Any], expected: Incoming | Receipt | None) -> None:
    assert parse(json.dumps(raw)) == expected


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "{",
        "[]",
        "null",
        "[" * 100_000,
        json.dumps(callback("message")),
        json.dumps(callback("message", message={"type": "text", "text": "від нікого"})),
        json.dumps(callback("message", sender="id01==", message={"type": "text"})),
        json.dumps(callback("unsubscribed")),
    ],
)
def test_what_cannot_be_read_says_so(payload: str) -> None:
    with pytest.raises(Unreadable):
        parse(payload)


# what the inbox keeps


def test_repeats_are_known_by_event_token_and_person() -> None:
    body = json.dumps(message(type="text", text="тече"), ensure_ascii=False).encode()
    kept = received_body(body)
    assert (kept.external_id, kept.sender) == ("message:4912661846655238145:id01==", "id01==")
    assert kept.payload == body.decode()
    seen = received_body(json.dumps(callback("seen", user_id="id01==")).encode())
    assert seen.external_id == "seen:4912661846655238145:id01=="


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b'{"event": "message"}',
        b"[" * 100_000,
        '{"event": "seen", "message_token": 1}'.encode("utf-16"),
    ],
)
def test_a_body_that_is_no_callback_is_kept_to_be_parked(body: bytes) -> None:
    kept = received_body(body)
    assert kept.error
    assert kept.external_id.startswith("sha256:")


def test_only_what_viber_signed_with_our_token_is_theirs() -> None:
    body = "тіло".encode()
    token = "4453b6ac1s345678-e02c5f12174805f9-daec9cbb5448c51f"
    sign = hmac.new(token.encode(), body, hashlib.sha256).hexdigest()
    assert signed(body, sign, token)
    for forged in ("", sign[:-1], sign.upper(), "ж" * 64, "\ud800", "0" * 64):
        assert not signed(body, forged, token)
    assert not signed(body + b" ", sign, token)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=5), children, max_size=3)
    ),
    max_leaves=12,
)


def mostly(value: Any) -> st.SearchStrategy[Any]:
    """`value`, with any part of it sometimes replaced by any JSON, or left out."""
    same: st.SearchStrategy[Any] = st.just(value)
    if isinstance(value, dict):
        parts = {name: mostly(part) for name, part in value.items()}
        same = st.fixed_dictionaries(parts) | st.fixed_dictionaries({}, optional=parts)
    return st.integers(0, 14).flatmap(lambda die: JSON if die == 0 else same)


DAMAGED = st.sampled_from([raw for _, raw, _ in ALL]).flatmap(mostly)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(DAMAGED | JSON)
@example({"event": {}, "message_token": 1})
@example({"event": "seen", "user": [1]})
def test_no_json_whatever_breaks_the_reading(value: Any) -> None:
    try:
        found = parse(json.dumps(value))
    except Unreadable:
        return
    if isinstance(found, Incoming):
        assert found.sender
        assert isinstance(found.text, str)
        assert found.file is None or isinstance(found.file.source, str)
        assert found.file is None or found.file.bytes is None or isinstance(found.file.bytes, int)
        assert found.lat is None or isinstance(found.lat, int | float)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.binary(max_size=60) | (DAMAGED | JSON).map(lambda value: json.dumps(value).encode()))
def test_no_body_whatever_breaks_the_receiving(body: bytes) -> None:
    kept = received_body(body)
    assert kept.channel is Channel.VIBER
    for text in (kept.external_id, kept.sender, kept.payload, kept.error):
        db.storable(text).encode()
