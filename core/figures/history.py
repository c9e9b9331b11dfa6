"""Histories of many appeals at once, the facts that stand of them, and the facts as they should be."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from core.figures.facts import Asked, Happened, Step, Story, facts_of
from core.figures.sums import Counted
from core.models.control import FactKind
from core.queries.sql import Where, document, instant, select
from core.workflow import Status, Verb


@dataclass(frozen=True, slots=True)
class Of:
    """What its facts are sliced by: as the appeal stands now."""

    appeal: int
    category: str
    district: str
    channel: str
    kind: str


Facts = dict[int, list[Counted]]


async def facts(ids: Sequence[int], zone: ZoneInfo) -> tuple[Facts, Facts]:
    """By appeal, what stands and what should; four queries, however many appeals."""
    stand: Facts = defaultdict(list)
    where = _of(ids)
    for row in await select(f"SELECT * FROM fact {where} ORDER BY id", where.values):  # noqa: S608
        stand[row["appeal_id"]].append(counted(row))
    asked: dict[int, list[Asked]] = defaultdict(list)
    columns = "appeal_id, round, sent_at, solved, stars"
    for row in await select(f"SELECT {columns} FROM survey {where} ORDER BY id", where.values):  # noqa: S608
        solved = None if row["solved"] is None else bool(row["solved"])
        asked[row["appeal_id"]].append(Asked(row["round"], _at(row["sent_at"]), solved, row["stars"]))
    steps: dict[int, list[Step]] = defaultdict(list)
    columns = "id, appeal_id, at, verb, to_status, data"
    for row in await select(f"SELECT {columns} FROM event {where} ORDER BY id", where.values):  # noqa: S608
        step = Step(
            row["id"], _at(row["at"]), _VERBS[row["verb"]], _STATUSES[row["to_status"]], document(row["data"])
        )
        steps[row["appeal_id"]].append(step)
    should: Facts = {}
    columns = "id, created_at, due_at, executor_id, category_id, district_id, channel, kind"
    appeals = _of(ids, "id")
    for row in await select(f"SELECT {columns} FROM appeal {appeals}", appeals.values):  # noqa: S608
        one = row["id"]
        story = Story(
            _at(row["created_at"]), row["executor_id"] or "", instant(row["due_at"]), steps[one], asked[one]
        )
        of = Of(one, row["category_id"], row["district_id"] or "", row["channel"], row["kind"])
        should[one] = [_whole(fact, of) for fact in facts_of(story, zone)]
    return stand, should


def counted(row: dict[str, Any]) -> Counted:
    """A row of the table of facts."""
    day, good = row["day"], row["good"]
    return Counted(
        kind=_KINDS[row["kind"]],
        day=day if isinstance(day, date) else date.fromisoformat(day),
        executor=row["executor"],
        category=row["category"],
        district=row["district"],
        channel=row["channel"],
        of_kind=row["of_kind"],
        result=row["result"],
        minutes=row["minutes"],
        good=None if good is None else bool(good),
        stars=row["stars"],
    )


def _whole(fact: Happened, of: Of) -> Counted:
    return Counted(
        kind=fact.kind,
        day=fact.day,
        executor=fact.executor,
        category=of.category,
        district=of.district,
        channel=of.channel,
        of_kind=of.kind,
        result=fact.result,
        minutes=fact.minutes,
        good=fact.good,
        stars=fact.stars,
    )


def _of(ids: Iterable[int], column: str = "appeal_id") -> Where:
    where = Where()
    where.add(f"{column} IN ({where.listed(tuple(ids))})")
    return where


def _at(value: Any) -> Any:  # noqa: ANN401 - as the engine gives an instant that is always there
    return instant(value)


_KINDS = {each.value: each for each in FactKind}
_VERBS = {each.value: each for each in Verb}
_STATUSES = {each.value: each for each in Status}
