"""How each notice of the core looks: its kind and facts become a Reply. Pure."""

from collections.abc import Callable
from typing import Any

from bot.messages import Button, Line, Reply, line

Facts = dict[str, Any]


def compose(kind: str, facts: Facts) -> Reply:
    """The message for a notice; KeyError for a kind that nobody wrote, which a test rules out."""
    return NOTICES[kind](facts)


def _assigned(facts: Facts) -> Reply:
    return _told("notice.assigned", facts, _deadline(facts))


def _started(facts: Facts) -> Reply:
    return _told("notice.started", facts)


def _question(facts: Facts) -> Reply:
    answer = Button(line("button.answer"), f"answer:{facts['appeal']}")
    return Reply(
        lines=(_line("notice.question", facts), line("words", text=facts["text"])), buttons=((answer,),)
    )


def _message(facts: Facts) -> Reply:
    return Reply(lines=(_line("notice.message", facts), line("words", text=facts["text"])))


def _resolved(facts: Facts) -> Reply:
    return Reply(
        lines=(
            _line("notice.resolved", facts),
            line("notice.answer", executor=facts["executor"], text=facts["text"])
            if facts["executor"]
            else line("words", text=facts["text"]),
            line("poll.solved"),
        ),
        buttons=(_yes_no(facts),),
        photos=tuple(facts.get("photos", ())),
    )


def _poll_reminder(facts: Facts) -> Reply:
    return Reply(lines=(_line("poll.reminder", facts),), buttons=(_yes_no(facts),))


def _explained(facts: Facts) -> Reply:
    disagree = Button(line("button.disagree"), f"no:{facts['appeal']}")
    return Reply(
        lines=(_line("notice.explained", facts), line("words", text=facts["text"])), buttons=((disagree,),)
    )


def _rejected(facts: Facts) -> Reply:
    return Reply(lines=(_line("notice.rejected", facts), line("words", text=facts["text"])))


def _photo_refused(facts: Facts) -> Reply:
    return Reply(lines=(line("notice.photo_refused"), Line(facts["error"], facts["params"])))


def _staff(kind: str) -> Callable[[Facts], Reply]:
    def composed(facts: Facts) -> Reply:
        return _told(f"notice.staff.{kind}", facts, _deadline(facts))

    return composed


def _told(key: str, facts: Facts, *more: Line | None) -> Reply:
    return Reply(lines=(_line(key, facts), *(each for each in more if each is not None)))


def _line(key: str, facts: Facts) -> Line:
    return line(key, number=facts["number"], category=facts["category"], executor=facts["executor"] or "")


def _deadline(facts: Facts) -> Line | None:
    return line("notice.deadline", due=facts["due"]) if facts["due"] else None


def _yes_no(facts: Facts) -> tuple[Button, Button]:
    return (
        Button(line("button.yes"), f"yes:{facts['appeal']}"),
        Button(line("button.no"), f"no:{facts['appeal']}"),
    )


STAFF_KINDS = (
    "assigned",
    "triage",
    "reported",
    "answered",
    "reopened",
    "rework",
    "half_time",
    "pre_alarm",
    "overdue",
)
NOTICES: dict[str, Callable[[Facts], Reply]] = {
    "assigned": _assigned,
    "started": _started,
    "question": _question,
    "message": _message,
    "resolved": _resolved,
    "poll_reminder": _poll_reminder,
    "explained": _explained,
    "rejected": _rejected,
    "photo_refused": _photo_refused,
    **{f"staff.{kind}": _staff(kind) for kind in STAFF_KINDS},
}
