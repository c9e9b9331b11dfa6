"""Who hears of a deadline: the executor's people first, then level by level who leads them.

A level that nobody holds passes to the next that somebody holds. Reminders stay with those who do the work:
where an executor has nobody here, with the desk, which can ring them up.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tortoise.expressions import Q

from core.actions.absences import reached, standing_in
from core.city import City
from core.control import LEVELS, Step
from core.models import Staff
from core.models.staff import Post
from core.ready import Ready
from core.workflow import Role


class Whom(StrEnum):
    OFFICERS = "officers"
    HEAD = "head"
    DEPUTY = "deputy"
    MAYOR = "mayor"
    DESK = "desk"
    MANAGERS = "managers"
    ADMINISTRATORS = "administrators"


_WORK = (Whom.OFFICERS, Whom.HEAD)
_LEADERS = (Whom.HEAD, Whom.DEPUTY, Whom.MAYOR)
_LAST = (Whom.MANAGERS, Whom.ADMINISTRATORS)
_OF_EXECUTOR = Ready(
    lambda slug: Staff.filter(Q(executor_id=slug) | Q(executor_id=None), active=True).order_by("id")
)


@dataclass(frozen=True, slots=True)
class Hearing:
    """Those who hear of a step, the ones who stand in for the absent among them."""

    whom: Whom
    people: tuple[Staff, ...]


class Chain:
    """Everybody who may have to hear, as they stand now."""

    def __init__(
        self, people: Sequence[Staff], away: Iterable[tuple[int, int]], portfolios: Mapping[str, str]
    ) -> None:
        """`away`: who is absent and who stands in; `portfolios`: of executors, by slug."""
        self._people = {person.id: person for person in people}
        self._away = tuple(away)
        self._portfolios = portfolios
        self._known: dict[tuple[Whom, str | None], tuple[Staff, ...]] = {}

    def hearing(self, step: Step, executor: str | None) -> Hearing | None:
        """None where nobody is there at all."""
        order = _order(step, executor)
        found = ((whom, self.people(whom, executor)) for whom in order)
        return next((Hearing(whom, people) for whom, people in found if people), None)

    def people(self, whom: Whom, executor: str | None) -> tuple[Staff, ...]:
        """Of one level, with those who stand in for the absent among them."""
        if (whom, executor) not in self._known:
            own = {one.id for one in self._people.values() if self._is(one, whom, executor)}
            ids = sorted(reached(own, self._away))
            self._known[whom, executor] = tuple(self._people[one] for one in ids if one in self._people)
        return self._known[whom, executor]

    def _is(self, person: Staff, whom: Whom, executor: str | None) -> bool:
        role, post = person.role, person.post
        if whom in _WORK:
            theirs = role is Role.EXECUTOR and person.executor_id == executor
            return theirs and (post is Post.HEAD) == (whom is Whom.HEAD)
        if whom is Whom.DEPUTY:
            portfolio = self._portfolios.get(executor or "", "")
            return post is Post.DEPUTY and bool(portfolio) and person.portfolio == portfolio
        return {
            Whom.MAYOR: post is Post.MAYOR,
            Whom.DESK: role is Role.OPERATOR,
            Whom.MANAGERS: role is Role.MANAGER and post is Post.NONE,
            Whom.ADMINISTRATORS: role is Role.ADMINISTRATOR,
        }[whom]


async def chain(city: City) -> Chain:
    return _chain(city, await Staff.filter(active=True).order_by("id"), await standing_in())


async def chain_of(city: City, executor: str | None) -> Chain:
    """For what this executor has, or nobody: without the officers of all others, who may be many."""
    people, away = await _OF_EXECUTOR(executor or ""), await standing_in()
    if substitutes := {to for _, to in away} - {person.id for person in people}:
        people += await Staff.filter(active=True, id__in=substitutes)
    return _chain(city, people, away)


def _chain(city: City, people: Sequence[Staff], away: Iterable[tuple[int, int]]) -> Chain:
    return Chain(people, away, {slug: row.portfolio for slug, row in city.executors.items()})


def _order(step: Step, executor: str | None) -> tuple[Whom, ...]:
    if step in LEVELS:
        return (*(_LEADERS[LEVELS.index(step) :] if executor else ()), *_LAST)
    return (*(_WORK if executor else ()), Whom.DESK, *_LAST)
