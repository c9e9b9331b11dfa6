"""A job wanted at once: anybody may ask, in whichever process; the leader hears it at its next look.

Asked several times before that, it is run once.
"""

from core.models import Counter

_PREFIX = "run:"


async def ask(name: str) -> None:
    key = f"{_PREFIX}{name}"
    await Counter.bulk_create([Counter(name=key, value=0)], ignore_conflicts=True)
    await Counter.filter(name=key).update(value=1)


async def take_asked() -> list[str]:
    """Names of the jobs that were asked for, from now on no more."""
    asked = Counter.filter(name__startswith=_PREFIX, value=1)
    keys = [str(key) for key in await asked.values_list("name", flat=True)]
    taken = [key for key in keys if await Counter.filter(name=key, value=1).update(value=0)]
    return [key.removeprefix(_PREFIX) for key in taken]


async def waiting() -> set[str]:
    """Names of the jobs that were asked for and not yet begun."""
    keys = await Counter.filter(name__startswith=_PREFIX, value=1).values_list("name", flat=True)
    return {str(key).removeprefix(_PREFIX) for key in keys}
