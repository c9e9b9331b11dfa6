"""A letter before it is sent: which notice an action will queue, and how its reader will see it.

The panel shows it and the bots draw it; whoever composes them gives the panel the bots' `Show`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.actions import forward, notify
from core.actions.extend import end_of, told
from core.city import City
from core.models import Appeal, Channel
from core.workflow import Verb


@dataclass(frozen=True, slots=True)
class Preview:
    """What a chat shows: words, rows of buttons by their labels, and how many photos come with them."""

    text: str
    buttons: tuple[tuple[str, ...], ...]
    photos: int


Show = Callable[[Channel, str, dict[str, Any], str], Preview]  # a notice's kind and facts, and the language

# What an action's words go out as; of the others the resident hears nothing.
_KINDS = {
    Verb.ASK: "question",
    Verb.TELL: "message",
    Verb.RESOLVE: "resolved",
    Verb.EXPLAIN: "explained",
    Verb.REJECT: "rejected",
    Verb.FORWARD: "forwarded",
    Verb.EXTEND: "extended",
}
SPEAKS = frozenset(_KINDS)  # the actions whose words the resident reads


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in a form so far."""

    text: str
    body: str = ""
    until: date | None = None


def letter(
    city: City, verb: Verb, appeal: Appeal, typed: Typed, photos: Sequence[int] = ()
) -> tuple[str, dict[str, Any]] | None:
    """Kind and facts of the notice; None while there is nothing to say. `photos`: of the report."""
    text = typed.text.strip() or (appeal.answer if verb is Verb.RESOLVE else "")
    due = end_of(city, typed.until) if typed.until else appeal.due_at
    if verb not in _KINDS or not text or (verb is Verb.EXTEND and due is None):
        return None
    more: dict[str, Any] = {"text": text}
    if verb is Verb.RESOLVE:
        more["photos"] = list(photos)
    elif verb is Verb.FORWARD:
        more = forward.told(appeal, typed.body.strip() or "…", text)
    elif verb is Verb.EXTEND and due is not None:
        more = told(appeal, due, text)
    return _KINDS[verb], notify.facts(appeal, **more)
