"""What was reported, found on the spot and said by the resident of each result, side by side.

A round is one report and what came of it; a result that nobody reported is a round as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from admin import story, wording
from admin.story import Line
from core.actions.tasks import OUTCOMES
from core.city import City
from core.i18n import t
from core.models import Attachment, Event, Survey
from core.queries.panel.card import Card
from core.workflow import Status, Verb

_ENDS: Final = frozenset({Verb.RESOLVE, Verb.EXPLAIN, Verb.REJECT, Verb.FORWARD})
_DECIDES: Final = _ENDS | {Verb.REWORK, Verb.REASSIGN}  # on a report; the rest leaves it where it is


@dataclass(frozen=True, slots=True)
class Check:
    outcome: str
    line: Line


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the first reporter says of a result; `solved` is None while they haven't."""

    solved: bool | None
    stars: int | None = None
    reasons: str = ""
    words: str = ""
    photos: tuple[Attachment, ...] = ()


@dataclass(slots=True)
class Round:
    """`verdict` is None where the resident wasn't asked."""

    report: Line | None = None
    executor: str = ""
    checks: list[Check] = field(default_factory=list)
    decision: Line | None = None
    verdict: Verdict | None = None

    @property
    def answer(self) -> str:
        """What the resident was told, where it is more than the report."""
        told = self.decision.text if self.decision else ""
        return "" if self.report and told == self.report.text else told


def rounds(city: City, card: Card, language: str) -> list[Round]:
    """Oldest first."""
    found: list[Round] = []
    now: Round | None = None  # the one under way
    turn = card.appeal.reopen_count - sum(event.verb is Verb.REOPEN for event in card.events)
    for at, event in enumerate(card.events):
        line = story.line(city, event, _photos(card, event), language)
        if event.verb is Verb.REPORT:
            by = event.data.get("executor")
            now = Round(report=line, executor=wording.executors(city, [by], language) if by else "")
            found.append(now)
        elif event.verb is Verb.CHECKED and now is not None and event.data.get("outcome") in OUTCOMES:
            now.checks.append(Check(event.data["outcome"], line))
        elif event.verb is Verb.REOPEN:
            now, turn = None, turn + 1
        elif event.verb in _DECIDES and (now is not None or event.verb in _ENDS):
            if now is None or now.decision is not None:
                found.append(Round())
            now = found[-1]
            now.decision = line
            if event.to_status in (Status.RESOLVED, Status.EXPLAINED):
                now.verdict = _verdict(card, card.events[at + 1 :], turn, language)
            else:
                now = None
    return found


def refuted(events: Sequence[Event]) -> str:
    """The finding on the spot that denies the latest report; nothing where there is none."""
    for event in reversed(events):
        if event.verb is Verb.REPORT:
            break
        if event.verb is Verb.CHECKED and event.data.get("outcome") == "denied":
            return event.text
    return ""


def reporter(events: Sequence[Event]) -> int | None:
    """Who wrote the latest report."""
    return next((event.staff_id for event in reversed(events) if event.verb is Verb.REPORT), None)


def _verdict(card: Card, after: Sequence[Event], turn: int, language: str) -> Verdict | None:
    """By the survey, and by what the first reporter said until the appeal was reopened."""
    survey: Survey | None = next((each for each in card.surveys if each.round == turn), None)
    said: list[Event] = []
    for event in after:
        if event.verb is Verb.REOPEN or (event.verb is Verb.RATE and "supporter" not in event.data):
            said.append(event)
        if event.verb is Verb.REOPEN:
            break
    back = said[-1] if said and said[-1].verb is Verb.REOPEN else None
    photos = tuple(photo for event in said for photo in _photos(card, event))
    if survey is None:
        return Verdict(solved=False, words=back.text, photos=photos) if back else None
    solved = False if back else survey.solved
    reasons = ", ".join(t(f"panel.reason.{reason}", language) for reason in survey.reasons or ())
    words = survey.words or (back.text if back else "")
    return Verdict(solved, survey.stars, reasons, words, photos)


def _photos(card: Card, event: Event) -> tuple[Attachment, ...]:
    return tuple(photo for photo in card.photos if photo.event_id == event.id)
