"""What the resident was told of a made-up appeal, and the staff: nothing of it is pending."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from core.models import Channel, OutboxState, Staff
from core.seed.plan import Person
from core.seed.record import Letter, Record, Step
from core.seed.tables import Row
from core.workflow import Kind, Role, Verb

NOTED = timedelta(days=2)  # older notices are of no interest
FREE = timedelta(hours=24)  # of Viber's, from the resident's last word
BLOCKED = {
    Channel.TELEGRAM: "Forbidden: bot was blocked by the user",
    Channel.VIBER: "receiver has not subscribed to the account",
}
# verb: (what staff are told, who)
TOLD = {
    Verb.ASSIGN: ("assigned", Role.EXECUTOR),
    Verb.REASSIGN: ("assigned", Role.EXECUTOR),
    Verb.REWORK: ("rework", Role.EXECUTOR),
    Verb.REPORT: ("reported", Role.OPERATOR),
    Verb.ANSWER: ("answered", Role.OPERATOR),
    Verb.REOPEN: ("reopened", Role.OPERATOR),
}


@dataclass(frozen=True, slots=True)
class Team:
    """Who acts, by role and executor; nobody where no staff has been added yet."""

    officers: dict[str | None, list[Staff]]
    operators: list[Staff]

    @classmethod
    async def load(cls) -> "Team":
        officers: dict[str | None, list[Staff]] = defaultdict(list)
        everybody = await Staff.filter(active=True).order_by("id")
        for one in everybody:
            officers[one.executor_id].append(one)
        return cls(dict(officers), [one for one in everybody if one.role is Role.OPERATOR])

    def of(self, role: Role, executor: str | None) -> list[Staff]:
        if role is Role.EXECUTOR:
            return self.officers.get(executor, []) if executor else []
        return self.operators if role is Role.OPERATOR else []


@dataclass(frozen=True, slots=True)
class Told:
    """The outbox's rows of one appeal."""

    appeal: int
    number: str
    account: int
    person: Person
    record: Record

    def letter(self, letter: Letter, photos: list[int] | None, rng: Random) -> Row:
        """`photos`: ids of the report's, with a result; None with anything else."""
        body: dict[str, Any] = {
            "appeal": self.appeal,
            "number": self.number,
            "category": self.record.category.slug,
            "kind": Kind.of(self.record.category.slug).value,
            "executor": letter.executor,
            "due": letter.due.isoformat() if letter.due else None,
            "urgent": self.record.urgent,
        }
        if letter.text is not None:
            body["text"] = letter.text
        if photos is not None:
            body["photos"] = photos
        return {
            "account_id": self.account,
            "appeal_id": self.appeal,
            "channel": self.person.channel,
            "kind": letter.kind,
            "body": body,
            "dedupe": None if letter.round is None else f"{letter.kind}:{self.appeal}:{letter.round}",
            "created_at": letter.at,
            "due_at": letter.at,
            "attempts": 1,
            **self._fate(letter, rng),
        }

    def _fate(self, letter: Letter, rng: Random) -> Row:
        person = self.person
        if person.gone is not None and letter.at >= person.gone:
            return {"state": OutboxState.FAILED, "error": BLOCKED[person.channel]}
        sent = letter.at + timedelta(seconds=1)
        if person.channel is Channel.TELEGRAM:
            return {"state": OutboxState.SENT, "sent_at": sent, "provider_id": str(rng.randrange(10**6))}
        seen = rng.random() < 0.8  # noqa: PLR2004 - so many read what they are sent
        return {
            "state": OutboxState.SEEN if seen else OutboxState.DELIVERED,
            "sent_at": sent,
            "delivered_at": sent + timedelta(seconds=2),
            "seen_at": sent + timedelta(minutes=rng.expovariate(1 / 30)) if seen else None,
            "provider_id": str(rng.randrange(10**18, 10**19)),
            "billable": letter.at - self.record.filing.at > FREE,
        }


def notices(team: Team, step: Step, appeal: int, event: int, until: datetime, rng: Random) -> Iterator[Row]:
    """What the panel tells the staff of the last days, most of it read."""
    if step.verb not in TOLD or step.at < until - NOTED:
        return
    kind, role = TOLD[step.verb]
    occasion = "submit" if step.role is Role.SYSTEM else str(event)
    for person in team.of(role, step.executor):
        yield {
            "staff_id": person.id,
            "appeal_id": appeal,
            "kind": kind,
            "dedupe": f"{kind}:{appeal}:{occasion}:{person.id}",
            "at": step.at,
            "read_at": step.at + timedelta(minutes=20) if rng.random() < 0.7 else None,  # noqa: PLR2004
        }
