"""What stands beside an appeal on its card: which may report the same, and which were merged."""

from dataclasses import dataclass

from core.actions.actor import Actor
from core.city import City
from core.errors import Invalid
from core.models import Appeal, Supporter
from core.queries.alike import Alike, alike
from core.ready import Ready
from core.sought import number_in
from core.workflow import Verb, allows, may

SHOWN = 50  # of what was merged, the newest
_MERGED = Ready(lambda target: Appeal.filter(duplicate_of_id=target).order_by("-id").limit(SHOWN))


@dataclass(frozen=True, slots=True)
class Together:
    """`solved` and `unsure`: of those who joined, who confirmed the result, and who has said nothing."""

    likely: tuple[Alike, ...]
    merged: tuple[Appeal, ...]  # into this one
    target: Appeal | None  # into which this was merged
    solved: int
    unsure: int


async def together(city: City, actor: Actor, appeal: Appeal) -> Together:
    """Of an appeal that exists for this person; what may report the same, only for who may merge."""
    likely: tuple[Alike, ...] = ()
    if may(Verb.MERGE, actor.role) and allows(Verb.MERGE, appeal.status):
        likely = await alike(
            city,
            category=appeal.category_id,
            lat=appeal.lat,
            lon=appeal.lon,
            place_key=appeal.place_key,
            text=appeal.text,
            at=appeal.created_at,
            exclude=appeal.id,
        )
    words = [one.solved for one in await Supporter.filter(appeal_id=appeal.id)] if appeal.supporters else []
    return Together(
        likely=likely,
        merged=tuple(await _MERGED(appeal.id)),
        target=await Appeal.get_or_none(id=appeal.duplicate_of_id) if appeal.duplicate_of_id else None,
        solved=words.count(True),
        unsure=words.count(None),
    )


async def numbered(typed: str) -> Appeal:
    """The appeal whose number the desk typed, as loosely as in the search. Invalid where there is none."""
    number = number_in(typed)
    found = await Appeal.get_or_none(number=number) if number else None
    if found is None:
        raise Invalid("merge.no_such")
    return found
