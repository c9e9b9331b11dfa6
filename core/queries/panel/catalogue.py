"""What hangs on the catalogue: open appeals, officers; and what was changed in it, the newest first."""

from dataclasses import dataclass

from tortoise.functions import Count

from core.models import Appeal, Change, CoExecutor, Staff
from core.workflow import Role

PAGE = 50


@dataclass(frozen=True, slots=True)
class History:
    """A page of changes; `after` is where the next one begins, None on the last."""

    changes: tuple[Change, ...]
    after: int | None


async def open_by(column: str) -> dict[str, int]:
    """Open appeals by `category_id`, `executor_id` or `district_id`."""
    rows = Appeal.filter(open=True).group_by(column).annotate(n=Count("id"))
    return {str(slug): n for slug, n in await rows.values_list(column, "n") if slug is not None}


async def helped_by(slug: str) -> int:
    """Open appeals that an executor helps with."""
    return await CoExecutor.filter(executor_id=slug, appeal__open=True).count()


async def officers() -> dict[str, list[str]]:
    """Names of the officers who may sign in, by executor."""
    found: dict[str, list[str]] = {}
    rows = Staff.filter(active=True, role=Role.EXECUTOR).order_by("name")
    for slug, name in await rows.values_list("executor_id", "name"):
        if slug is not None:
            found.setdefault(str(slug), []).append(name)
    return found


async def history(
    subject: str = "", key: str | None = None, *, after: int | None = None, limit: int = PAGE
) -> History:
    """Changes of everything, of a subject, or of one thing."""
    rows = Change.all() if not subject else Change.filter(subject=subject)
    if key is not None:
        rows = rows.filter(key=key)
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = await rows.order_by("-id").limit(limit + 1).select_related("staff")
    page = tuple(found[:limit])
    return History(page, page[-1].id if len(found) > limit else None)
