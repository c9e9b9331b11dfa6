"""Two matters in one appeal: the second gets a number of its own, and the resident hears which."""

from collections.abc import Collection
from typing import Any

from core import clock, db
from core.actions import notify
from core.actions.actor import Actor
from core.actions.controlled import columns, pace_of
from core.actions.move import look_up, move, step, words
from core.actions.submit import Place, Submission, submit
from core.city import City
from core.errors import Invalid
from core.models import Account, Appeal, Attachment
from core.models.appeals import AttachmentState
from core.understanding.urgency import urgency_of
from core.workflow import BY_NAME, STATUTORY, Kind, Role, Verb

# What a copy of a file shares with the original: where it is kept, or from where it is still to come.
_FILE = ("kind", "name", "role", "channel", "source", "state", "due_at", "key", "sha256")
_PICTURE = ("mime", "bytes", "width", "height")


async def split(
    city: City,
    appeal_id: int,
    actor: Actor,
    *,
    expected: int,
    text: str,
    category: str,
    photos: Collection[int] = (),
) -> Appeal:
    """File the second matter, with words, category, route and deadline of its own. The new one.

    `photos`: ids of the appeal's own that show it; they stay with the first, too. Raises Invalid for an
    unknown category, and where the resident has asked to be forgotten.
    """
    text = words(text, key="split.needed")
    if category not in city.categories or not city.categories[category].active:
        raise Invalid("category.unknown")
    async with db.transaction():
        before = await look_up(appeal_id, actor)
        account = await Account.get_or_none(id=before.account_id) if before.account_id else None
        if account is None or before.resident_id is None:
            raise Invalid("split.nobody")
        danger = urgency_of(text)
        kind = before.kind if before.kind in {*BY_NAME, Kind.DEPUTY} else None
        second = await submit(
            city,
            account,
            Submission(
                text=text,
                category=category,
                place=Place(before.address, before.lat, before.lon, before.district_id),
                kind=kind,
                chosen=True,
                urgent=danger.urgent,
                danger_words=danger.words,
                draft=await _copies(before, account, photos),
                heard_by=actor,
            ),
        )
        await Appeal.filter(id=second.id).update(**_inherited(city, before, second))
        await second.refresh_from_db()
        await move(
            city,
            Verb.SPLIT,
            appeal_id,
            actor,
            expected=expected,
            text=text,
            data={"to": second.id, "number": second.number},
        )
        of = {"of": before.id, "number": before.number}
        second, _ = await step(city, Verb.SPLIT, second, actor, to=second.status, data=of)
        await notify.resident(second, "split", of=before.number)
    return second


def _inherited(city: City, first: Appeal, second: Appeal) -> dict[str, Any]:
    """It was reported by whom and when the first was: the law's term runs since then."""
    found: dict[str, Any] = {"place_key": first.place_key}
    if second.kind in STATUTORY:
        due = city.deadline(second.category_id, first.created_at, urgent=second.urgent, kind=second.kind)
        pace = pace_of(city, category=second.category_id, executor=second.executor_id, urgent=second.urgent)
        found |= {"due_at": due, **columns(clock.now(), clock.now(), due, pace)}
    return found


async def _copies(appeal: Appeal, account: Account, photos: Collection[int]) -> str:
    """The token of a draft under which the chosen files wait once more; nothing where there are none."""
    chosen = Attachment.filter(id__in=list(photos), appeal_id=appeal.id, role=Role.RESIDENT)
    rows = await chosen.exclude(state=AttachmentState.REFUSED).order_by("id")
    draft = f"split-{appeal.id}"
    for row in rows:
        same = {name: getattr(row, name) for name in (*_FILE, *_PICTURE)}
        await Attachment.create(account_id=account.id, draft=draft, created_at=clock.now(), **same)
    return draft if rows else ""
