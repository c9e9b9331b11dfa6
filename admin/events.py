"""What each event of an appeal's history says: the text at panel.event.<verb>, and its facts."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from admin import format as say
from admin import wording
from core import shipped
from core.city import City
from core.i18n import t, translator
from core.models import Event
from core.workflow import Verb

Data = Mapping[str, Any]
Said = tuple[str, dict[str, object]]  # which of the verb's texts (what comes after its name), and its facts


def what(city: City, event: Event, language: str) -> str:
    """In a reader's language, as far as the event itself tells."""
    if event.verb in (Verb.ASSIGN, Verb.REASSIGN):
        given = wording.executors(city, [event.data.get("executor")], language)
        told = t(f"panel.event.{event.verb}", language, executor=given)
        return ". ".join(
            part for part in (told, rule(city, event, language), _helping(city, event, language)) if part
        )
    if event.verb is Verb.HELP:
        return _helping(city, event, language) or t("panel.event.help_none", language)
    if event.verb is Verb.NOTE:
        return _noted(event, language)
    if event.verb is Verb.RATE and "stars" not in event.data:
        wrong = rating(event, language)
        return t("panel.event.comment", language) + (f": {wrong}" if wrong else "")
    if event.verb is Verb.CATEGORISE and event.data.get("was") == event.data.get("category"):
        return translator(language)("panel.event.accepted", **_categorised(city, event.data, language)[1])
    part, facts = _SAID[event.verb](city, event.data, language) if event.verb in _SAID else ("", {})
    return translator(language)(f"panel.event.{event.verb}{part}", **facts)


def rule(city: City, event: Event, language: str) -> str:
    """Which rule gave it to its executor, and why; nothing where a person did."""
    by, why = event.data.get("rule"), event.data.get("why", {})
    if by is None:
        return ""
    return t("panel.by_rule", language, rule=by, why=wording.conditions(city, why, language))


def rating(event: Event, language: str) -> str:
    """Stars, or what was wrong; nothing where there are only words."""
    if stars := event.data.get("stars"):
        return t("panel.stars", language, n=int(stars))
    return ", ".join(t(f"panel.reason.{reason}", language) for reason in event.data.get("reasons", ()))


def _helping(city: City, event: Event, language: str) -> str:
    slugs = event.data.get("co_executors")
    return (
        t("panel.event.help", language, executors=wording.executors(city, slugs, language)) if slugs else ""
    )


def _noted(event: Event, language: str) -> str:
    if event.data.get("call"):
        return t(f"panel.event.call_{event.data['outcome']}", language, tries=int(event.data.get("try", 1)))
    return t("panel.event.forgotten" if event.data.get("forgotten") else "panel.event.note", language)


def _categorised(city: City, data: Data, language: str) -> Said:
    return "", {"category": wording.called(city.categories, data.get("category"), language)}


def _day(city: City, instant: str, language: str) -> str:
    return say.day(datetime.fromisoformat(instant), language, city.pack.timezone)


_SAID: Final[dict[Verb, Callable[[City, Data, str], Said]]] = {
    Verb.CATEGORISE: _categorised,
    Verb.DECLINE: lambda city, data, language: (
        "",
        {"executor": wording.executors(city, [data.get("executor")], language)},
    ),
    Verb.NEED_TIME: lambda city, data, language: ("", {"until": _day(city, data["until"], language)}),
    Verb.FORWARD: lambda _city, data, language: ("", {"body": shipped.body_in(data["body"], language)}),
    Verb.EXTEND: lambda city, data, language: ("", {"due": _day(city, data["deadline"][1], language)}),
    Verb.RECKON: lambda city, data, language: ("", {"due": _day(city, data["deadline"][1], language)}),
    Verb.SPLIT: lambda _city, data, _: ("_of" if "of" in data else "", {"number": data["number"]}),
    Verb.CHECK: lambda _city, data, language: _drawn(data) if "drawn" in data else _asked(data, language),
    Verb.RESOLVE: lambda _city, data, _: ("_unchecked" if "policy" in data else "", {}),
    Verb.CHECKED: lambda _city, data, language: (
        "",
        {"outcome": t(f"panel.task.outcome.{data['outcome']}", language)},
    ),
    Verb.MERGE: lambda _city, data, _: _merged(data),
    Verb.UNMERGE: lambda _city, data, _: _merged(data),
    Verb.PRIORITISE: lambda _city, data, _: ("" if data.get("urgent") else "_calm", {}),
    Verb.GROUP: lambda _city, data, _: ("", {"incident": data.get("incident", "—")}),
    Verb.UNGROUP: lambda _city, data, _: ("", {"incident": data.get("incident", "—")}),
    Verb.ALARM: lambda _city, data, language: _alarmed(data, language),
    Verb.ACKNOWLEDGE: lambda _city, data, _: ("_phone" if data.get("phone") else "", {"name": data["by"]}),
    Verb.REMIND: lambda _city, data, language: _controlled(data, language),
    Verb.ESCALATE: lambda _city, data, language: _controlled(data, language),
    Verb.WITHDRAW: lambda _city, data, _: ("_goes_on" if data.get("goes_on") else "", {}),
    Verb.RATE: lambda _city, data, _: ("", {"n": int(data["stars"])}),
}


def _controlled(data: Data, language: str) -> Said:
    """Which step of control it was, and who heard of it."""
    step, whom = t(f"panel.step.{data['step']}", language), t(f"panel.whom.{data['whom']}", language)
    return "", {"step": step, "whom": whom}


def _asked(data: Data, language: str) -> Said:
    return "", {"who": data["assignee"] or t("panel.task.anybody", language)}


def _drawn(data: Data) -> Said:
    """How large the share was, and why larger than the category's."""
    why = data["drawn"]
    facts = {"share": f"{100 * why['share']:.0f}", "judged": why["judged"], "denied": why["denied"]}
    return "_drawn_denied" if why["denied"] else "_drawn", facts


def _alarmed(data: Data, language: str) -> Said:
    """Who was called and how; or that nobody of the roster answered."""
    if data.get("unanswered"):
        return "_unanswered", {}
    called = [f"{name} ({t(f'panel.alarm.means.{means}', language)})" for name, means in data["called"]]
    return "", {"who": ", ".join(called)}


def _merged(data: Data) -> Said:
    return "_took" if "took" in data else "", {"number": data.get("number", "—")}
