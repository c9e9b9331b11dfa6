"""A made-up appeal as rows: its own, its history, its photos, what the resident and the staff were told."""

from datetime import datetime
from random import Random
from typing import Any

from tortoise.models import Model

from core.media import MIME, Stored
from core.models import (
    Account,
    Appeal,
    Attachment,
    Channel,
    Correction,
    Event,
    Notice,
    Outbox,
    Resident,
    Survey,
)
from core.models.appeals import AttachmentState
from core.seed.photos import of_topic
from core.seed.plan import Person
from core.seed.record import Record, Step
from core.seed.tables import Table
from core.seed.told import BLOCKED, Team, Told, notices
from core.workflow import OPEN, Kind, Role, Verb

MODELS: tuple[type[Model], ...] = (
    *(Resident, Account, Appeal, Event, Correction, Attachment, Survey, Outbox, Notice),
)


class Rows:
    """Turns stories into rows; `write` puts down what has gathered, in the open transaction."""

    def __init__(
        self,
        tables: dict[type[Model], Table],
        team: Team,
        photos: dict[str, Stored],
        model_version: str,
        rng: Random,
    ) -> None:
        self._tables, self._team, self._photos, self._rng = tables, team, photos, rng
        self._model_version = model_version
        self._accounts: dict[int, tuple[int, int]] = {}  # person: ids of resident and account

    @classmethod
    async def open(cls, photos: dict[str, Stored], model_version: str, rng: Random) -> "Rows":
        tables = {model: await Table.of(model) for model in MODELS}
        return cls(tables, await Team.load(), photos, model_version, rng)

    async def write(self) -> None:
        for model in MODELS:
            await self._tables[model].write()

    def add(self, person: Person, record: Record, number: str) -> None:
        resident, account = self._account(person, record)
        appeal = self._appeal(person, record, number, resident, account)
        report_photos: list[int] = []
        for step in record.steps:
            event = self._event(appeal, step)
            if step.photo:
                report_photos = [self._photo(appeal, event, account, "done", step.at)]
            for notice in notices(self._team, step, appeal, event, record.world.until, self._rng):
                self._tables[Notice].add(**notice)
        for poll in record.polls:
            self._tables[Survey].add(
                appeal_id=appeal,
                round=poll.round,
                sent_at=poll.sent_at,
                reminded_at=poll.reminded_at,
                solved=poll.solved,
                stars=poll.stars,
                words=poll.words,
                answered_at=poll.answered_at,
            )
        told = Told(appeal, number, account, person, record)
        for letter in record.letters:
            photos = report_photos if letter.kind == "resolved" else None
            self._tables[Outbox].add(**told.letter(letter, photos, self._rng))

    def _account(self, person: Person, record: Record) -> tuple[int, int]:
        if person.number in self._accounts:
            return self._accounts[person.number]
        rng, at = self._rng, record.filing.at
        phone = f"+38067{rng.randrange(10**7):07d}" if person.name else ""
        resident = self._tables[Resident].add(name=person.name, phone=phone, created_at=at)
        left = person.gone is not None and person.gone < record.world.until
        telegram = person.channel is Channel.TELEGRAM
        account = self._tables[Account].add(
            resident_id=resident,
            channel=person.channel,
            # Of no messenger's own form, so that no real or simulated resident is ever meant.
            external_id=f"seed-{resident}" if telegram else f"seed-{resident}==",
            language=person.language,
            reachable=not left,
            unreachable_why=BLOCKED[person.channel] if left else "",
            created_at=at,
            seen_at=at,
        )
        self._accounts[person.number] = resident, account
        return resident, account

    def _appeal(self, person: Person, record: Record, number: str, resident: int, account: int) -> int:
        filing, rng = record.filing, self._rng
        shown = of_topic(filing.category.slug, filing.category.group)
        photos = rng.choice((1, 1, 2)) if shown in self._photos and rng.random() < 0.22 else 0  # noqa: PLR2004
        appeal = self._tables[Appeal].add(
            number=number,
            kind=Kind.of(record.category.slug),
            status=record.status,
            version=record.version,
            open=record.status in OPEN,
            urgent=record.urgent,
            triage=record.status in OPEN and record.executor is None,
            category_id=record.category.slug,
            district_id=filing.place.district,
            executor_id=record.executor,
            resident_id=resident,
            account_id=account,
            channel=person.channel,
            text=filing.text,
            address=filing.place.address,
            lat=filing.place.lat,
            lon=filing.place.lon,
            cell=filing.place.cell,
            place_key=filing.place.key,
            photos=photos,
            guesses=self._guesses(record),
            model_version=self._model_version,
            created_at=filing.at,
            updated_at=record.at,
            due_at=record.due,
            **record.control,
            time_left=record.time_left,
            asked_from=record.asked_from,
            answer=record.answer,
            answered_at=record.answered_at,
            closed_at=record.closed_at,
            rework_count=record.reworks,
            reopen_count=record.reopened,
        )
        for _ in range(photos):
            self._photo(appeal, None, account, str(shown), filing.at, person.channel)
        return appeal

    def _guesses(self, record: Record) -> list[list[Any]]:
        rng, filed = self._rng, record.filing
        best = rng.uniform(0.7, 0.99) if filed.sure else rng.uniform(0.2, 0.5)
        categories = record.city.categories.values()
        others = [each.slug for each in categories if each.group == filed.category.group]
        others = [slug for slug in others if slug != filed.category.slug][:2]
        rest = [(slug, (1 - best) / (position + 2)) for position, slug in enumerate(others)]
        return [[slug, round(share, 4)] for slug, share in ((filed.category.slug, best), *rest)]

    def _event(self, appeal: int, step: Step) -> int:
        people = self._team.of(step.role, step.executor)
        staff = self._rng.choice(people).id if people else None
        if step.verb is Verb.CATEGORISE:
            self._tables[Correction].add(
                appeal_id=appeal,
                category_id=step.data["category"],
                guess=step.data["was"],
                role=step.role,
                staff_id=staff,
                at=step.at,
            )
        return self._tables[Event].add(
            appeal_id=appeal,
            at=step.at,
            verb=step.verb,
            role=step.role,
            staff_id=staff,
            from_status=step.came_from,
            to_status=step.went_to,
            text=step.text,
            data=step.data,
        )

    def _photo(
        self,
        appeal: int,
        event: int | None,
        account: int,
        shown: str,
        at: datetime,
        channel: Channel | None = None,
    ) -> int:
        """A resident's where it comes with the filing, an officer's where it comes with a report."""
        photo = self._photos[shown]
        return self._tables[Attachment].add(
            account_id=account if event is None else None,
            appeal_id=appeal,
            event_id=event,
            role=Role.RESIDENT if event is None else Role.EXECUTOR,
            channel=channel,
            state=AttachmentState.STORED,
            due_at=at,
            key=photo.key,
            sha256=photo.sha256,
            mime=MIME,
            bytes=photo.bytes,
            width=photo.width,
            height=photo.height,
            created_at=at,
        )
