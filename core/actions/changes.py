"""What was changed in the catalogue, by whom, with before and after: written where the change is."""

import hashlib
from collections.abc import Mapping, Sequence

from core import clock
from core.importing.compare import Difference
from core.models import Change

MANY = 50  # items of one subject: of more, an import is told by their numbers
LONGEST = 300  # characters of a value that is kept as it is; of a longer one, that it differs
KEY = 64  # characters
SUBJECTS = (
    *("city", "day_off", "emergency", "portfolio", "group", "category", "district", "executor", "rule"),
    *("street", "landmark", "line", "answer", "template"),
)
Facts = Mapping[str, object]


async def record(by: int | None, differences: Sequence[Difference]) -> None:
    """Within the transaction of an import; `by` is None where it was done from the command line."""
    for each in differences:
        keys = [*each.before, *(key for key in each.after if key not in each.before)]
        if len(keys) > MANY:
            counts = {what: len(found) for what, found in each.lists.items() if found}
            await note(by, each.subject, "", None, counts)
            continue
        for key in keys:
            await note(by, each.subject, key, each.before.get(key), each.after.get(key))


async def note(by: int | None, subject: str, key: str, before: Facts | None, after: Facts | None) -> None:
    """One thing that is new (no `before`), gone (no `after`) or differs: then only what differs is kept."""
    if before is not None and after is not None:
        same = {name for name in before if name in after and before[name] == after[name]}
        before = {name: value for name, value in before.items() if name not in same}
        after = {name: value for name, value in after.items() if name not in same}
    await Change.create(
        at=clock.now(),
        staff_id=by,
        subject=subject,
        key=key[:KEY],
        before=_kept(before),
        after=_kept(after),
    )


def _kept(facts: Facts | None) -> dict[str, object] | None:
    return None if facts is None else {name: _value(value) for name, value in facts.items()}


def _value(value: object) -> object:
    """As JSON keeps it."""
    if isinstance(value, (tuple, list, frozenset)):
        value = ", ".join(map(str, value))
    if value is None or isinstance(value, (bool, int, float)):
        return value
    text = str(value)
    return text if len(text) <= LONGEST else f"{hashlib.sha256(text.encode()).hexdigest()[:8]}…"
