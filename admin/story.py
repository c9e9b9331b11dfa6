"""What happened to an appeal, in words: its history, and the conversation with the one who filed it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from admin import wording
from core import releasing
from core.city import City
from core.i18n import t, translator
from core.models import Attachment, Event, Outbox, OutboxState
from core.queries.panel.card import Card
from core.workflow import Role, Status, Verb

_RESIDENT_SAYS = frozenset({Verb.SUBMIT, Verb.ANSWER, Verb.ADD, Verb.REOPEN, Verb.JOIN, Verb.LOCATE})
# What core/actions and core/jobs queue for residents; the rest is the bot's own talk.
LETTERS = frozenset(
    {"assigned", "started", "question", "message", "resolved", "explained", "rejected", "poll_reminder"}
    | {"merged", "unmerged", "incident", "seen", "draft_reminder"}
)
_DROPPED = {releasing.TOGETHER: "together", releasing.NEEDLESS: "needless"}


@dataclass(frozen=True, slots=True)
class Line:
    """One event: `who` did `what`, the status going `came_from` → `went_to` where it moved."""

    id: int
    at: datetime
    verb: Verb
    who: str
    what: str
    text: str
    came_from: Status | None
    went_to: Status | None
    photos: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True)
class Bubble:
    """One thing said. `delivery` is where ours is on its way; the resident's own has none."""

    key: str  # stays the same from one drawing to the next
    at: datetime
    ours: bool
    label: str
    text: str
    photos: tuple[Attachment, ...] = ()
    delivery: OutboxState | None = None
    way: str = ""  # the same in more detail: see `way`
    until: datetime | None = None  # when it is looked at again, where it waits
    attempts: int = 0
    error: str = ""


def history(city: City, events: Iterable[Event], photos: Iterable[Attachment], language: str) -> list[Line]:
    """Newest first, as one reads what happened since."""
    shown: dict[int | None, list[Attachment]] = {}
    for photo in photos:
        shown.setdefault(photo.event_id, []).append(photo)
    lines = [_line(city, event, tuple(shown.get(event.id, ())), language) for event in events]
    return lines[::-1]


def conversation(card: Card, language: str) -> list[Bubble]:
    """What the resident said and what was written to them, in the order in which it was said."""
    said = [_said(event, card, language) for event in card.events if event.verb in _RESIDENT_SAYS]
    rated = [_rated(event, card, language) for event in card.events if event.verb is Verb.RATE]
    written = [_written(letter, card, language) for letter in card.letters if _worth_showing(letter)]
    told = (bubble for bubble in said if bubble.text or bubble.photos or bubble is said[0])
    return sorted((*told, *rated, *written), key=lambda bubble: bubble.at)


def _worth_showing(letter: Outbox) -> bool:
    """The bot's own «передав» and «дякую» say nothing here, unless they didn't arrive."""
    return letter.kind in LETTERS or letter.state is OutboxState.FAILED


def by_rule(city: City, events: Iterable[Event], language: str) -> str:
    """Which rule sent the appeal to its executor, and why; nothing where a person did."""
    given = [event for event in events if event.verb in (Verb.ASSIGN, Verb.REASSIGN)]
    return _rule(city, given[-1], language) if given else ""


def letter_name(letter: Outbox, language: str) -> str:
    return t(f"panel.letter.{letter.kind if letter.kind in LETTERS else 'other'}", language)


def way(letter: Outbox) -> str:
    """Where a letter is on its way, why it waits or wasn't sent; the text is at panel.delivery.<this>."""
    if letter.state is OutboxState.HELD and letter.held_for:
        return f"held.{letter.held_for}"
    if letter.state is OutboxState.DROPPED:
        return _DROPPED.get(letter.error, letter.state)
    return letter.state.value


def _line(city: City, event: Event, photos: tuple[Attachment, ...], language: str) -> Line:
    came_from: Status | None = event.from_status
    moved = came_from is not None and came_from is not event.to_status
    return Line(
        id=event.id,
        at=event.at,
        verb=event.verb,
        who=_who(event, language),
        what=_within(event, _what(city, event, language), language),
        text=event.text if event.verb is not Verb.SUBMIT else "",  # it stands above, in full
        came_from=came_from if moved else None,
        went_to=event.to_status if moved or came_from is None else None,
        photos=photos,
    )


def _who(event: Event, language: str) -> str:
    role = t(f"panel.role.{event.role}", language)
    if event.role in (Role.RESIDENT, Role.SYSTEM) or event.staff is None:
        return role
    return f"{event.staff.name}, {role}"


def _what(city: City, event: Event, language: str) -> str:
    data, key, facts = event.data, f"panel.event.{event.verb}", dict[str, object]()
    if event.verb in (Verb.ASSIGN, Verb.REASSIGN):
        given = t(key, language, executor=wording.executors(city, [data.get("executor")], language))
        return ". ".join(
            part for part in (given, _rule(city, event, language), _helping(city, event, language)) if part
        )
    if event.verb is Verb.HELP:
        return _helping(city, event, language) or t("panel.event.help_none", language)
    if event.verb is Verb.CATEGORISE:
        key = "panel.event.accepted" if data.get("was") == data.get("category") else key
        facts = {"category": wording.called(city.categories, data.get("category"), language)}
    elif event.verb in (Verb.MERGE, Verb.UNMERGE):
        key += "_took" if "took" in data else ""
        facts = {"number": data.get("number", "—")}
    elif event.verb in (Verb.GROUP, Verb.UNGROUP):
        facts = {"incident": data.get("incident", "—")}
    elif event.verb is Verb.WITHDRAW and data.get("goes_on"):
        key += "_goes_on"
    elif event.verb is Verb.NOTE and data.get("forgotten"):
        key = "panel.event.forgotten"
    elif event.verb is Verb.RATE:
        if "stars" not in data:
            wrong = _rating(event, language)
            return t("panel.event.comment", language) + (f": {wrong}" if wrong else "")
        facts = {"n": int(data["stars"])}
    return translator(language)(key, **facts)


def _within(event: Event, what: str, language: str) -> str:
    """What was done to all of an incident says so."""
    incident = event.data.get("incident")
    if incident is None or event.verb in (Verb.GROUP, Verb.UNGROUP):
        return what
    return t("panel.event.of_incident", language, what=what, incident=incident)


def _rule(city: City, event: Event, language: str) -> str:
    rule, why = event.data.get("rule"), event.data.get("why", {})
    if rule is None:
        return ""
    return t("panel.by_rule", language, rule=rule, why=wording.conditions(city, why, language))


def _helping(city: City, event: Event, language: str) -> str:
    slugs = event.data.get("co_executors")
    return (
        t("panel.event.help", language, executors=wording.executors(city, slugs, language)) if slugs else ""
    )


def _said(event: Event, card: Card, language: str) -> Bubble:
    filed = event.verb is Verb.SUBMIT
    of_filing = {None, event.id} if filed else {event.id}
    photos = tuple(one for one in card.photos if one.role is Role.RESIDENT and one.event_id in of_filing)
    return Bubble(
        key=f"event-{event.id}",
        at=event.at,
        ours=False,
        label=t(
            "panel.said.supporter" if "supporter" in event.data else f"panel.said.{event.verb}", language
        ),
        text=event.text,
        photos=photos,
    )


def _rated(event: Event, card: Card, language: str) -> Bubble:
    return Bubble(
        key=f"event-{event.id}",
        at=event.at,
        ours=False,
        label=t("panel.said.supporter" if "supporter" in event.data else "panel.said.rate", language),
        text="\n".join(part for part in (_rating(event, language), event.text) if part),
        photos=tuple(one for one in card.photos if one.event_id == event.id),
    )


def _rating(event: Event, language: str) -> str:
    """Stars, or what was wrong; nothing where there are only words."""
    if stars := event.data.get("stars"):
        return t("panel.stars", language, n=int(stars))
    return ", ".join(t(f"panel.reason.{reason}", language) for reason in event.data.get("reasons", ()))


def _written(letter: Outbox, card: Card, language: str) -> Bubble:
    text, photos = letter.body.get("text"), letter.body.get("photos") or ()
    return Bubble(
        key=f"letter-{letter.id}",
        at=letter.created_at,
        ours=True,
        label=letter_name(letter, language),
        text=text if isinstance(text, str) else "",
        photos=tuple(one for one in card.photos if one.id in photos),
        delivery=letter.state,
        way=way(letter),
        until=letter.due_at,
        attempts=letter.attempts,
        error=letter.error,
    )
