"""Buttons that more than one subject offers. Their data is `action:argument:…`, at most 64 bytes."""

from collections.abc import Sequence

from bot.conversation.state import Draft
from bot.messages import Button, Reply, line
from core.workflow import Verb

Rows = tuple[tuple[Button, ...], ...]
MENU: Rows = (
    (Button(line("button.my"), "my"), Button(line("button.help"), "help")),
    (Button(line("button.other_language"), "language"), Button(line("button.me"), "me")),
)
BACK: Rows = ((Button(line("button.back"), "back:"),),)


def of_draft(action: str, draft: Draft) -> Button:
    """One that does something to this draft, and to no other."""
    return Button(line(f"button.{action}"), f"{action}:{draft.token}")


def pairs(buttons: Sequence[Button]) -> Rows:
    return tuple(tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2))


def greeting() -> Reply:
    """The first contact, in one message."""
    return Reply(lines=(line("bot.greeting"),), buttons=MENU)


def of_work(appeal_id: int) -> dict[Verb, Button]:
    """What an officer may say of an appeal that is theirs."""
    return {
        Verb.START: Button(line("button.take"), f"take:{appeal_id}"),
        Verb.REPORT: Button(line("button.done"), f"done:{appeal_id}"),
        Verb.NEED_TIME: Button(line("button.more_time"), f"more_time:{appeal_id}"),
        Verb.DECLINE: Button(line("button.not_ours"), f"not_ours:{appeal_id}"),
    }


def shown(appeal_id: int) -> Button:
    """The officer's card of it."""
    return Button(line("button.task"), f"task:{appeal_id}")


def worklist() -> Button:
    return Button(line("button.work"), "work")
