"""Notices told together: one message with all their words, in their order."""

from typing import Any

import pytest

from bot.messages import BLANK
from bot.notices import NOTICES, compose
from bot.render import render
from core.city import City
from core.holding import together
from core.models import Outbox
from tests.builders import make_letter

FACTS: dict[str, Any] = {
    "appeal": 7,
    "number": "26-000007",
    "category": "water.leak",
    "executor": "kryvbasvodokanal",
    "due": "2026-03-02T20:00:00+00:00",
    "text": "Замінено трубу",
    "urgent": False,
}


def told(*kinds: str, **more: Any) -> tuple[str, dict[str, Any]]:
    """Kind and facts of these notices as one message."""
    known, body = together([Outbox(id=n, kind=kind, body=FACTS | more) for n, kind in enumerate(kinds)])
    return known.kind, body


def test_alone_it_is_what_it_was() -> None:
    assert compose(*told("assigned")) == NOTICES["assigned"](FACTS)


@pytest.mark.parametrize("kinds", [("assigned", "started"), ("assigned", "resolved", "message")])
def test_all_lines_in_order_with_a_blank_between(kinds: tuple[str, ...]) -> None:
    reply = compose(*told(*kinds))
    lines = [NOTICES[kind](FACTS).lines for kind in kinds]
    expected = list(lines[0])
    for each in lines[1:]:
        expected += [BLANK, *each]
    assert list(reply.lines) == expected


def test_buttons_are_of_what_asks_and_photos_of_all() -> None:
    reply = compose(*told("assigned", "resolved", "message", photos=[3, 4]))
    assert [button.data for row in reply.buttons for button in row] == ["yes:7", "no:7"]
    assert reply.photos == (3, 4)
    other = {"into": "26-000001", "into_id": 1}
    assert [row[0].data for row in compose(*told("merged", "message", **other)).buttons] == ["appeal:1"]
    assert compose(*told("assigned", "started")).buttons == ()


@pytest.mark.parametrize("language", ["uk", "en"])
async def test_together_they_read_as_a_message(city: City, language: str) -> None:
    kind, body = told("assigned", "started")
    text = render(make_letter(kind, body=body, language=language), city).text
    assert text.count("26-000007") == 2
    assert "\n\n" in text


@pytest.mark.parametrize(
    ("kind", "more", "actions"),
    [
        ("assigned", {}, ["take", "done", "more_time", "not_ours", "task"]),
        ("reopened", {"officer": True}, ["take", "done", "more_time", "not_ours", "task"]),
        ("reopened", {}, ["task"]),
        ("overdue", {}, ["done", "more_time", "task"]),
        ("assigned_bulk", {"n": 3}, ["work"]),
        ("reported", {}, ["task"]),
    ],
)
def test_what_staff_read_of_an_appeal_can_be_acted_on_there(
    kind: str, more: dict[str, Any], actions: list[str]
) -> None:
    """By its officer; to the desk it is only shown."""
    reply = compose(f"staff.{kind}", FACTS | more)
    assert [button.data.partition(":")[0] for row in reply.buttons for button in row] == actions


def test_what_residents_are_told_has_no_such_buttons() -> None:
    assert compose("assigned", FACTS | {"officer": True}).buttons == ()
