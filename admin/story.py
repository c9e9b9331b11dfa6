"""What happened to an appeal, in words: its history, and the conversation with the one who filed it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from admin import events
from core import releasing
from core.actions.bulk_marks import undone
from core.city import City
from core.i18n import t
from core.models import Attachment, Event, Outbox, OutboxState
from core.queries.panel.card import Card
from core.workflow import Role, Status, Verb

_RESIDENT_SAYS = frozenset({Verb.SUBMIT, Verb.ANSWER, Verb.ADD, Verb.REOPEN, Verb.JOIN, Verb.LOCATE})
# What core/actions and core/jobs queue for residents; the rest is the bot's own talk.
LETTERS = frozenset(
    {"assigned", "started", "question", "message", "resolved", "explained", "rejected", "poll_reminder"}
    | {"merged", "unmerged", "incident", "seen", "draft_reminder", "forwarded", "extended", "split"}
    | {"reckoned"}
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
    since: datetime | None = None  # of the delivery


def history(city: City, told: Iterable[Event], photos: Iterable[Attachment], language: str) -> list[Line]:
    """Newest first, as one reads what happened since."""
    shown: dict[int | None, list[Attachment]] = {}
    for photo in photos:
        shown.setdefault(photo.event_id, []).append(photo)
    lines = [line(city, event, tuple(shown.get(event.id, ())), language) for event in told]
    return lines[::-1]


def line(city: City, event: Event, photos: tuple[Attachment, ...], language: str) -> Line:
    """What an event says of itself."""
    came_from: Status | None = event.from_status
    moved = came_from is not None and came_from is not event.to_status
    return Line(
        id=event.id,
        at=event.at,
        verb=event.verb,
        who=who_did(event, language),
        what=_within(event, events.what(city, event, language), language),
        text=event.text if event.verb is not Verb.SUBMIT else "",  # it stands above, in full
        came_from=came_from if moved else None,
        went_to=event.to_status if moved or came_from is None else None,
        photos=photos,
    )


def who_did(event: Event, language: str) -> str:
    """The name and role of who did it; the role alone where that says all."""
    role = t(f"panel.role.{event.role}", language)
    if event.role is Role.SYSTEM or event.staff is None:
        return role
    if event.role is Role.RESIDENT:
        return t("panel.typed_by", language, who=role, name=event.staff.name)
    return f"{event.staff.name}, {role}"


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


def by_rule(city: City, history: Iterable[Event], language: str) -> str:
    """Which rule sent the appeal to its executor, and why; nothing where a person did."""
    told = list(history)
    stands = [event for event in told if event.id not in undone(told)]
    given = [event for event in stands if event.verb in (Verb.ASSIGN, Verb.REASSIGN, Verb.DECLINE)]
    return events.rule(city, given[-1], language) if given else ""


def letter_name(letter: Outbox, language: str) -> str:
    return t(f"panel.letter.{letter.kind if letter.kind in LETTERS else 'other'}", language)


def way(letter: Outbox) -> str:
    """Where a letter is on its way, why it waits or wasn't sent; the text is at panel.delivery.<this>."""
    if letter.state is OutboxState.HELD and letter.held_for:
        return f"held.{letter.held_for}"
    if letter.state is OutboxState.DROPPED:
        return _DROPPED.get(letter.error, letter.state)
    return letter.state.value


def _within(event: Event, what: str, language: str) -> str:
    """What was done to all of an incident says so."""
    incident = event.data.get("incident")
    if incident is None or event.verb in (Verb.GROUP, Verb.UNGROUP):
        return what
    return t("panel.event.of_incident", language, what=what, incident=incident)


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
        text="\n".join(part for part in (events.rating(event, language), event.text) if part),
        photos=tuple(one for one in card.photos if one.event_id == event.id),
    )


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
        since=letter.seen_at or letter.delivered_at or letter.sent_at,
    )
