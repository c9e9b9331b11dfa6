"""A large past for the queue bench: a seeded slice of it, repeated through the years by the database itself.

Living through each of a million appeals takes half an hour; this takes minutes. What is still open of each
slice stays open, with a deadline about now: a backlog larger than any city's, which is the harder case.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path

from tortoise.fields import DateField, DatetimeField
from tortoise.models import Model

from core import city as cities
from core import clock, db
from core.city import City
from core.media import MediaStore
from core.models import Appeal, Attachment, Event, Follow, Outbox, Survey
from core.seed import seed
from core.seed.plan import DAYS

CORE = Path(cities.__file__).parent
SOURCES = (*CORE.glob("migrations/*.py"), *CORE.glob("seed/*.py"), Path(__file__))
SLICE, SPAN = 50_000, timedelta(days=DAYS)
FOLLOWED = 300
_COPIED: tuple[tuple[type[Model], tuple[str, ...]], ...] = (  # and what in each refers to another copy
    (Appeal, ()),
    (Event, ("appeal_id",)),
    (Attachment, ("appeal_id", "event_id")),
    (Survey, ("appeal_id",)),
    (Outbox, ("appeal_id",)),
)
# What the seed doesn't make, so that each filter has something to find: statutory kinds, questions,
# supporters, incidents, photos nobody has fetched.
_RARE = """
UPDATE appeal SET kind = 'complaint' WHERE id % 211 = 0;
UPDATE appeal SET kind = 'proposal' WHERE id % 1009 = 0;
UPDATE appeal SET kind = 'consultation' WHERE id % 97 = 0;
UPDATE appeal SET supporters = 1 + id % 7 WHERE id % 53 = 0;
INSERT INTO incident (id, state, key, version, category_id, began_at, proposed_at)
    SELECT id, 'open', 'bench-' || id, 0, category_id, created_at, created_at FROM appeal WHERE id % 5003 = 0;
UPDATE appeal SET incident_id = id - id % 5003 WHERE id % 5003 < 5 AND id > 5003;
"""


async def fill(
    city: City, media: MediaStore, appeals: int, staff: int, progress: Callable[[int], None]
) -> None:
    """Make the database hold `appeals`, some followed by `staff`; nothing where it does."""
    if await Follow.exists():  # the last thing that is written
        return
    first = min(SLICE, appeals)
    slices = -(-appeals // first)
    script = db.connection().execute_script
    if db.is_sqlite():
        await script("PRAGMA cache_size = -500000; PRAGMA synchronous = OFF")
    await seed(city, media, first, until=clock.now() - SPAN * (slices - 1), progress=progress)
    await script(_RARE)
    await script(f"UPDATE appeal SET due_at = {_later('due_at', slices - 1)} WHERE open")
    sizes = {model: await _largest(model) for model, _ in _COPIED}
    for time in range(1, slices):
        async with db.transaction():
            for model, refers in _COPIED:
                await db.connection().execute_query(_copy(model, refers, sizes, time))
        progress(first * (time + 1))
    newest = await Appeal.filter(open=True).order_by("-id").limit(FOLLOWED).values_list("id", flat=True)
    await Follow.bulk_create(
        [Follow(staff_id=staff, appeal_id=int(str(one)), created_at=clock.now()) for one in newest]
    )
    if db.is_sqlite():
        await script("PRAGMA cache_size = -32000; PRAGMA synchronous = FULL; PRAGMA wal_checkpoint(TRUNCATE)")
    else:
        await number_on(model for model, _ in _COPIED)
        await script("VACUUM ANALYZE")


async def number_on(models: Iterable[type[Model]]) -> None:
    """PostgreSQL doesn't know of ids that were written down."""
    for model in models:
        table = model._meta.db_table
        await db.connection().execute_query(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
        )


async def _largest(model: type[Model]) -> int:
    last = await model.all().order_by("-id").first()
    return int(last.pk) if last else 0


def _copy(model: type[Model], refers: tuple[str, ...], sizes: dict[type[Model], int], time: int) -> str:
    """SQL that writes the first slice of a table once more, `time` slices later."""
    of: dict[str, type[Model]] = {"id": model, "appeal_id": Appeal, "event_id": Event}
    columns, values = [], []
    for name, column in model._meta.fields_db_projection.items():
        value = column
        if column in ("id", *refers):
            value = f"{column} + {sizes[of[column]] * time}"
        elif column == "number":
            year = "strftime('%Y', created_at)" if db.is_sqlite() else "to_char(created_at, 'YYYY')"
            value = f"substr({year}, 3) || '-' || (id + {sizes[model] * time})"
        elif column == "dedupe":
            value = "NULL"
        elif isinstance(model._meta.fields_map[name], DatetimeField):
            value = _later(column, time)
            if column == "due_at" and model is Appeal:
                value = f"CASE WHEN open THEN due_at ELSE {value} END"
        elif isinstance(model._meta.fields_map[name], DateField):
            days = SPAN.days * time
            value = f"date({column}, '+{days} days')" if db.is_sqlite() else f"{column} + {days}"
        columns.append(column)
        values.append(value)
    table = model._meta.db_table
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {table}"
        f" WHERE id <= {sizes[model]}"
    )


def _later(column: str, slices: int) -> str:
    """SQL of an instant so many slices later, as Tortoise keeps it."""
    days = SPAN.days * slices
    if db.is_sqlite():
        return f"strftime('%Y-%m-%d %H:%M:%f', {column}, '+{days} days') || '000+00:00'"
    return f"{column} + interval '{days} days'"
