"""How each notice of the core looks: its kind and facts become a Reply. Pure."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot import reminders
from bot.acting import MANY, offered
from bot.messages import BLANK, Button, Line, Reply, line
from core.actions.notify import STAFF_KINDS
from core.workflow import Kind

Facts = dict[str, Any]


def compose(kind: str, facts: Facts) -> Reply:
    """The message for a notice, and for those told together with it (see core.holding.together), in order.

    Its own buttons stay; where it has none, those of the last that has some. KeyError for a kind that nobody
    wrote, which a test rules out.
    """
    own = _look(kind, facts)
    before = [_look(each, its) for each, its in facts.get("before", ())]
    after = [_look(each, its) for each, its in facts.get("after", ())]
    told = (*before, own, *after)
    return Reply(
        lines=told[0].lines + sum(((BLANK, *each.lines) for each in told[1:]), ()),
        buttons=next((each.buttons for each in (own, *reversed(told)) if each.buttons), ()),
        photos=sum((each.photos for each in told), ()),
    )


def _look(kind: str, facts: Facts) -> Reply:
    """One notice; what staff are told of an appeal can be acted on where it is read."""
    reply = NOTICES[kind](facts)
    of_staff, _, name = kind.partition("staff.")
    if of_staff or not (name in MANY or facts.get("appeal")):
        return reply
    return replace(reply, buttons=(*reply.buttons, *offered(name, facts)))


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
    question = facts.get("kind") == Kind.CONSULTATION
    return Reply(
        lines=(
            _line("notice.answered" if question else "notice.resolved", facts),
            line("notice.answer", executor=facts["executor"], text=facts["text"])
            if facts["executor"]
            else line("words", text=facts["text"]),
            line("poll.is_answer" if question else "poll.solved"),
        ),
        buttons=(_yes_no(facts),),
        photos=tuple(facts.get("photos", ())),
    )


def _poll_reminder(facts: Facts) -> Reply:
    question = facts.get("kind") == Kind.CONSULTATION
    return Reply(
        lines=(_line("poll.reminder_question" if question else "poll.reminder", facts),),
        buttons=(_yes_no(facts),),
    )


def _seen(facts: Facts) -> Reply:
    """Who returned it to the city hears that it was not into a void."""
    if facts["by"]:
        return Reply(lines=(_line("notice.seen", {**facts, "executor": facts["by"]}),))
    return Reply(lines=(_line("notice.seen_desk", facts),))


def _explained(facts: Facts) -> Reply:
    disagree = Button(line("button.disagree"), f"no:{facts['appeal']}")
    return Reply(
        lines=(_line("notice.explained", facts), line("words", text=facts["text"])), buttons=((disagree,),)
    )


def _rejected(facts: Facts) -> Reply:
    return Reply(lines=(_line("notice.rejected", facts), line("words", text=facts["text"])))


def _forwarded(facts: Facts) -> Reply:
    """Whose it is now, why, and that their answer comes from there."""
    return Reply(
        lines=(
            _line("notice.forwarded", facts, body=facts["body"]),
            line("words", text=facts["text"]),
            line("notice.forwarded_by_law" if facts["by_law"] else "notice.forwarded_next"),
        )
    )


def _extended(facts: Facts) -> Reply:
    lines = (_line("notice.extended", facts, due=facts["due"]), line("words", text=facts["text"]))
    return Reply(lines=(*lines, line("notice.extended_by_law")) if facts["by_law"] else lines)


def _reckoned(facts: Facts) -> Reply:
    return Reply(lines=(_line("notice.reckoned", facts, due=facts["due"]),))


def _split(facts: Facts) -> Reply:
    """With a way to the second appeal."""
    second = Button(line("name.number", number=facts["number"]), f"appeal:{facts['appeal']}")
    told = _told("notice.split", facts, _deadline(facts))
    first = line("notice.split_of", number=facts["of"])
    return Reply(lines=(first, *told.lines), buttons=((second,),))


def _merged(facts: Facts) -> Reply:
    """With a way to the appeal that this one is now part of."""
    other = Button(line("name.number", number=facts["into"]), f"appeal:{facts['into_id']}")
    return Reply(lines=(_line("notice.merged", facts, into=facts["into"]),), buttons=((other,),))


def _unmerged(facts: Facts) -> Reply:
    return Reply(lines=(_line("notice.unmerged", facts, into=facts["into"]),))


def _incident(facts: Facts) -> Reply:
    return Reply(lines=(_line("notice.incident", facts, n=facts["n"]),))


def _draft_reminder(_facts: Facts) -> Reply:
    return Reply(
        lines=(line("notice.draft_reminder"),), buttons=((Button(line("button.show_draft"), "draft"),),)
    )


def _photo_refused(facts: Facts) -> Reply:
    kind = "photo" if facts.get("kind", "photo") == "photo" else "file"
    return Reply(lines=(line(f"notice.{kind}_refused"), Line(facts["error"], facts["params"])))


def _staff(kind: str) -> Callable[[Facts], Reply]:
    def composed(facts: Facts) -> Reply:
        return _told(f"notice.staff.{kind}", facts, _deadline(facts))

    return composed


def _staff_reminder(kind: str) -> Callable[[Facts], Reply]:
    def composed(facts: Facts) -> Reply:
        return _told(f"notice.staff.{kind}", facts, *reminders.reminder(facts))

    return composed


def _staff_urgent(facts: Facts) -> Reply:
    """All that decides who must run where, in one message."""
    words, address, district = facts["danger"], facts["address"], facts["district"]
    return _told(
        "notice.staff.urgent",
        facts,
        line("notice.danger", words=", ".join(words)) if words else None,
        line("card.address", address=address) if address else None,
        line("name.district", district=district) if district else None,
        _deadline(facts),
    )


def _staff_alarm(key: str, surge: str, following: str) -> Callable[[Facts], Reply]:
    """Who is called for what and where, and the one press by which the next needn't be."""

    def composed(facts: Facts) -> Reply:
        words, address, district = facts["danger"], facts["address"], facts["district"]
        told = _told(
            surge if facts["incident"] else key,
            facts,
            line("notice.danger", words=", ".join(words)) if words else None,
            line("card.address", address=address) if address else None,
            line("name.district", district=district) if district else None,
            line(following),
        )
        heard = Button(line("button.heard"), f"heard:{facts['alarm']}")
        return Reply(lines=told.lines, buttons=((heard,),))

    return composed


def _staff_alarm_taken(facts: Facts) -> Reply:
    key = "notice.staff.alarm_taken_surge" if facts["incident"] else "notice.staff.alarm_taken"
    return Reply(lines=(_line(key, facts, by=facts["by"]),))


def _staff_words(kind: str) -> Callable[[Facts], Reply]:
    """With what a colleague said of it."""

    def composed(facts: Facts) -> Reply:
        return _told(f"notice.staff.{kind}", facts, line("words", text=facts["text"]), _deadline(facts))

    return composed


def _staff_need_time(facts: Facts) -> Reply:
    until = line("notice.until", due=facts["until"])
    return _told("notice.staff.need_time", facts, line("words", text=facts["text"]), until, _deadline(facts))


def _staff_many(kind: str) -> Callable[[Facts], Reply]:
    def composed(facts: Facts) -> Reply:
        return Reply(lines=(_line(f"notice.staff.{kind}", facts, n=facts["n"]),))

    return composed


def _staff_job_failed(facts: Facts) -> Reply:
    job = line(f"job.{facts['job']}")
    return Reply(lines=(line("notice.staff.job_failed"), job, line("notice.staff.job_failed_next")))


def _staff_report(facts: Facts) -> Reply:
    """What the report says in short, and where the whole of it is."""
    key = "notice.staff.report_field" if facts["field"] else "notice.staff.report"
    heading = line(key, period=facts["period"], **({"field": facts["field"]} if facts["field"] else {}))
    said = (Line(each, params, n) for each, n, params in facts["sentences"])
    return Reply(lines=(heading, BLANK, *said, BLANK, line("notice.report_link", link=facts["link"])))


def _told(key: str, facts: Facts, *more: Line | None) -> Reply:
    return Reply(lines=(_line(key, facts), *(each for each in more if each is not None)))


def _line(key: str, facts: Facts, **more: Any) -> Line:  # noqa: ANN401 - facts of the text
    executor = facts["executor"] or ""
    return line(key, number=facts["number"], category=facts["category"], executor=executor, **more)


def _deadline(facts: Facts) -> Line | None:
    return line("notice.deadline", due=facts["due"]) if facts["due"] else None


def _yes_no(facts: Facts) -> tuple[Button, Button]:
    return (
        Button(line("button.yes"), f"yes:{facts['appeal']}"),
        Button(line("button.no"), f"no:{facts['appeal']}"),
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
    "seen": _seen,
    "forwarded": _forwarded,
    "extended": _extended,
    "reckoned": _reckoned,
    "split": _split,
    "merged": _merged,
    "unmerged": _unmerged,
    "incident": _incident,
    "draft_reminder": _draft_reminder,
    "photo_refused": _photo_refused,
    **{f"staff.{kind}": _staff(kind) for kind in STAFF_KINDS},
    "staff.urgent": _staff_urgent,
    "staff.alarm": _staff_alarm("notice.staff.alarm", "notice.staff.alarm_surge", "notice.staff.alarm_next"),
    "staff.alarm_unanswered": _staff_alarm(
        "notice.staff.alarm_unanswered",
        "notice.staff.alarm_unanswered_surge",
        "notice.staff.alarm_unanswered_next",
    ),
    "staff.alarm_taken": _staff_alarm_taken,
    "staff.withdrawn": lambda facts: _told("notice.staff.withdrawn", facts),
    "staff.surge": _staff_many("surge"),
    "staff.handed_up": _staff_many("handed_up"),
    "staff.declined": _staff_words("declined"),
    "staff.time_refused": _staff_words("time_refused"),
    "staff.need_time": _staff_need_time,
    "staff.mentioned": _staff_words("mentioned"),
    "staff.check": _staff_words("check"),
    "staff.checked": _staff_words("checked"),
    "staff.job_failed": _staff_job_failed,
    "staff.assigned_many": _staff_many("assigned_many"),
    "staff.assigned_bulk": _staff_many("assigned_bulk"),
    "staff.report": _staff_report,
    "staff.reckoned": _staff_many("reckoned"),
    **{f"staff.{kind}": _staff_reminder(kind) for kind in ("half", "pre_alarm", "due", "overdue")},
    "staff.escalated": reminders.escalated,
    "staff.digest": reminders.digest,
    "staff.daily": reminders.daily,
}
