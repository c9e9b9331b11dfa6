"""Filing an appeal: number, route, deadline, first history, in one transaction."""

from dataclasses import dataclass
from typing import Any

from core import clock, db
from core.actions import notify
from core.actions.move import words
from core.city import City
from core.errors import Invalid
from core.log import current_trace
from core.models import Account, Appeal, Attachment, Event
from core.models.appeals import AttachmentState
from core.workflow import Kind, Role, Status, Verb


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is: words, coordinates (WGS 84 degrees) or both; `district` is a slug of the city pack."""

    address: str = ""
    lat: float | None = None
    lon: float | None = None
    district: str | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """A draft the resident has sent. `sure` is false where an operator must decide the category."""

    text: str
    category: str
    place: Place
    sure: bool = True
    urgent: bool = False
    guesses: tuple[tuple[str, float], ...] = ()
    danger_words: tuple[str, ...] = ()
    model_version: str = ""
    draft: str = ""  # token of the draft whose photos go along


async def submit(city: City, account: Account, submission: Submission) -> Appeal:
    """File it and start its clock; a category that is not sure waits, unassigned, for an operator.

    Raises Invalid when there is neither text nor photo, or the category is unknown.
    """
    if submission.category not in city.categories:
        raise Invalid("category.unknown")
    category = city.categories[submission.category]
    async with db.transaction():
        photos = Attachment.filter(account_id=account.id, draft=submission.draft, appeal_id=None).exclude(
            state=AttachmentState.REFUSED
        )
        count = await photos.count() if submission.draft else 0
        if not count:
            words(submission.text, key="appeal.empty")
        now = clock.now()
        urgent = submission.urgent or (category.urgent and submission.sure)
        executor = city.route(category.slug, submission.place.district) if submission.sure else None
        due = city.deadline(category.slug, now, urgent=urgent)
        appeal = await Appeal.create(
            number=await next_number(),
            kind=Kind.THANKS if category.slug == "thanks" else Kind.REQUEST,
            status=Status.ASSIGNED if executor else Status.REGISTERED,
            urgent=urgent,
            triage=executor is None,
            category_id=category.slug,
            district_id=submission.place.district,
            executor_id=executor,
            resident_id=account.resident_id,
            account_id=account.id,
            channel=account.channel,
            text=submission.text.replace("\x00", "").strip(),
            address=submission.place.address[:300],
            lat=submission.place.lat,
            lon=submission.place.lon,
            photos=count,
            guesses=[list(guess) for guess in submission.guesses],
            model_version=submission.model_version,
            danger_words=list(submission.danger_words),
            created_at=now,
            updated_at=now,
            due_at=due,
            remind_at=city.reminder(now, due, urgent=urgent),
        )
        if count:
            await photos.update(appeal_id=appeal.id, draft="")
        await _first_events(appeal)
        if executor:
            await notify.officers(appeal, "assigned", occasion="submit")
        else:
            await notify.desk(appeal, "triage", occasion="submit")
    return appeal


async def _first_events(appeal: Appeal) -> None:
    filed: dict[str, Any] = {
        "appeal_id": appeal.id,
        "at": appeal.created_at,
        "trace": current_trace(),
    }
    events = [
        Event(verb=Verb.SUBMIT, role=Role.RESIDENT, to_status=Status.REGISTERED, text=appeal.text, **filed)
    ]
    if appeal.executor_id:
        events.append(
            Event(
                verb=Verb.ASSIGN,
                role=Role.SYSTEM,
                from_status=Status.REGISTERED,
                to_status=Status.ASSIGNED,
                data={"executor": appeal.executor_id},
                **filed,
            )
        )
    await Event.bulk_create(events)


async def next_number() -> str:
    """The next registration number of the year, without gaps: a rolled-back filing gives it back."""
    year = f"{clock.now():%y}"
    rows = await db.connection().execute_query_dict(
        "INSERT INTO counter (name, value) VALUES ('appeals-{year}', 1) "
        "ON CONFLICT (name) DO UPDATE SET value = counter.value + 1 RETURNING value".replace("{year}", year)
    )
    return f"{year}-{rows[0]['value']:06d}"
