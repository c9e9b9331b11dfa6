"""Filing an appeal: number, route, deadline, first history, in one transaction."""

from dataclasses import dataclass
from typing import Any

from core import clock, db
from core.actions import alarms, helping, notify
from core.actions.actor import Actor
from core.actions.controlled import columns, pace_of
from core.actions.correct import correct
from core.actions.move import words
from core.city import City
from core.counting import count_up
from core.errors import Invalid
from core.log import current_trace
from core.models import Account, Appeal, Attachment, Event
from core.models.appeals import AttachmentState
from core.routing import Route
from core.understanding import nearness
from core.waiting_calendars import AS_OF
from core.workflow import BY_NAME, Kind, Role, Status, Verb


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is: words, coordinates (WGS 84 degrees) or both; `district` is a slug of the city pack.

    `street` and `house` are what was understood of the words, for comparison (see nearness.place_key).
    """

    address: str = ""
    lat: float | None = None
    lon: float | None = None
    district: str | None = None
    street: str = ""
    house: str | None = None

    @property
    def cell(self) -> int | None:
        return None if self.lat is None or self.lon is None else nearness.cell_at(self.lat, self.lon)

    @property
    def key(self) -> str | None:
        return nearness.place_key(self.street, self.house)


@dataclass(frozen=True, slots=True)
class Submission:
    """A draft the resident has sent. `sure` is false where an operator must decide the category.

    `kind`: what it is by law; None: what its category makes it. `chosen`: the resident named the category;
    otherwise the machine did, and nobody objected.
    """

    text: str
    category: str
    place: Place
    kind: Kind | None = None
    sure: bool = True
    chosen: bool = False
    urgent: bool = False
    guesses: tuple[tuple[str, float], ...] = ()
    danger_words: tuple[str, ...] = ()
    model_version: str = ""
    draft: str = ""  # token of the draft whose photos go along
    heard_by: Actor | None = None  # who at the desk wrote it down, and chose the category
    form: str = ""  # token of the form it was written in
    settled: bool = False  # the desk needn't hear that it waits: it was dealt with there and then


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
        kind, district = submission.kind or Kind.of(category.slug), submission.place.district
        urgent = submission.urgent or (category.urgent and submission.sure and kind not in BY_NAME)
        route = city.route(category.slug, district, kind=kind, urgent=urgent) if submission.sure else None
        executor = route.executor if route else None
        due = city.deadline(category.slug, now, urgent=urgent, kind=kind, executor=executor)
        pace = pace_of(city, category=category.slug, executor=executor, urgent=urgent)
        appeal = await Appeal.create(
            number=await next_number(),
            kind=kind,
            status=Status.ASSIGNED if route else Status.REGISTERED,
            urgent=urgent,
            triage=route is None,
            category_id=category.slug,
            district_id=district,
            executor_id=executor,
            resident_id=account.resident_id,
            account_id=account.id,
            channel=account.channel,
            text=submission.text.replace("\x00", "").strip(),
            address=submission.place.address[:300],
            lat=submission.place.lat,
            lon=submission.place.lon,
            cell=submission.place.cell,
            place_key=submission.place.key,
            photos=count,
            guesses=[list(guess) for guess in submission.guesses],
            model_version=submission.model_version,
            danger_words=list(submission.danger_words),
            created_at=now,
            updated_at=now,
            due_at=due,
            **columns(now, now, due, pace),
        )
        if count:
            await photos.update(appeal_id=appeal.id, draft="")
        await _first_events(appeal, route, submission, as_of=city.revision)
        if submission.chosen:
            await correct(appeal, submission.heard_by or Actor.resident(account.resident_id))
        if urgent:
            await alarms.urgent(city, appeal, occasion="submit")
        elif route:
            await notify.handed_over(appeal, occasion="submit")
        elif not submission.settled:
            await notify.desk(appeal, "triage", occasion="submit")
        if route:
            await helping.join(appeal, route.co_executors, occasion="submit")
    return appeal


async def _first_events(appeal: Appeal, route: Route | None, submission: Submission, *, as_of: int) -> None:
    filed: dict[str, Any] = {
        "appeal_id": appeal.id,
        "at": appeal.created_at,
        "trace": current_trace(),
    }
    events = [
        Event(
            verb=Verb.SUBMIT,
            role=Role.RESIDENT,
            staff_id=submission.heard_by.staff_id if submission.heard_by else None,
            to_status=Status.REGISTERED,
            text=appeal.text,
            data=({"form": submission.form} if submission.form else {}) | {AS_OF: as_of},
            **filed,
        )
    ]
    if route:
        events.append(
            Event(
                verb=Verb.ASSIGN,
                role=Role.SYSTEM,
                from_status=Status.REGISTERED,
                to_status=Status.ASSIGNED,
                data=route.data,
                **filed,
            )
        )
    await Event.bulk_create(events)


async def next_number() -> str:
    """The next registration number of the year."""
    year = f"{clock.now():%y}"
    return f"{year}-{await count_up(f'appeals-{year}'):06d}"
