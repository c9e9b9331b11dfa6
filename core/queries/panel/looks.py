"""Who looked at whose contacts: for an appeal the latest, for an administrator all of them."""

from core.models import Look
from core.ready import Ready

OF_APPEAL = 20
PAGE = 50
_OF_APPEAL = Ready(
    lambda appeal: Look.filter(appeal_id=appeal).order_by("-id").limit(OF_APPEAL).select_related("staff")
)


async def of_appeal(appeal_id: int) -> tuple[Look, ...]:
    """The latest first, each with its `staff`."""
    return tuple(await _OF_APPEAL(appeal_id))


async def page(before: int | None = None) -> tuple[tuple[Look, ...], int | None]:
    """The newest, each with its `staff` and `appeal`, of those `before` an id; where the next page begins."""
    looks = Look.all() if before is None else Look.filter(id__lt=before)
    found = await looks.order_by("-id").limit(PAGE + 1).select_related("staff", "appeal")
    return tuple(found[:PAGE]), found[PAGE - 1].id if len(found) > PAGE else None
