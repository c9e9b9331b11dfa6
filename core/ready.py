"""Queries of the ORM that are built once: building takes it five to ten times what the database answers in.

For what hot pages ask by keys; everything else is built where it is asked, as ever.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from tortoise.models import Model
from tortoise.queryset import QuerySet

from core import db

M = TypeVar("M", bound=Model)
Key = int | str


@dataclass(frozen=True, slots=True)
class _Built:
    """In one engine's dialect. `places`: where in `values` each key stands; `related`: how a row is read."""

    sql: str
    values: tuple[Any, ...]
    places: tuple[int, ...]
    related: list[Any]


class Ready(Generic[M]):
    """`build` makes the query from its keys, each of which it takes once; a call asks it with other keys.

    A key is compared as it is: an id, a slug, a digest. What the database keeps in a form of its own, such as
    an instant, is no key.
    """

    def __init__(self, build: Callable[..., QuerySet[M]]) -> None:
        self._build = build
        self._built: dict[str, _Built] = {}

    async def __call__(self, *keys: Key) -> list[M]:
        connection = db.connection()
        dialect = connection.capabilities.dialect
        if (built := self._built.get(dialect)) is None:
            built = self._built[dialect] = self._prepared(keys)
        values = list(built.values)
        for place, key in zip(built.places, keys, strict=True):
            values[place] = key
        executor = connection.executor_class(
            model=self._model, db=connection, select_related_idx=built.related
        )
        return list(await executor.execute_select(built.sql, values))

    async def one(self, *keys: Key) -> M | None:
        """The first."""
        found = await self(*keys)
        return found[0] if found else None

    def _prepared(self, keys: tuple[Key, ...]) -> _Built:
        stand_ins = [f"\0{at}" if isinstance(key, str) else -(10**9) - at for at, key in enumerate(keys)]
        query = self._build(*stand_ins)
        self._model = query.model
        query._choose_db_if_not_chosen()  # noqa: SLF001 - what awaiting it does, short of asking
        query._make_query()  # noqa: SLF001 - as above
        sql, values = query.query.get_parameterized_sql()
        if any(values.count(one) != 1 for one in stand_ins):
            raise ValueError("each key stands in a ready query once")
        places = tuple(values.index(one) for one in stand_ins)
        return _Built(sql, tuple(values), places, query._select_related_idx)  # noqa: SLF001 - as above
