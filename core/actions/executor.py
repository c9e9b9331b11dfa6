"""What an executor's officer does to an appeal of theirs."""

from core import db
from core.actions import notify
from core.actions.actor import Actor
from core.actions.move import move, words
from core.city import City
from core.models import Appeal, Attachment
from core.models.appeals import AttachmentState
from core.workflow import Verb


async def start(city: City, appeal_id: int, actor: Actor, *, expected: int) -> Appeal:
    """Take it into work."""
    async with db.transaction():
        appeal, _ = await move(city, Verb.START, appeal_id, actor, expected=expected)
        await notify.resident(appeal, "started")
    return appeal


async def report(
    city: City,
    appeal_id: int,
    actor: Actor,
    *,
    expected: int,
    text: str,
    photos: tuple[int, ...] = (),
) -> Appeal:
    """Say that it is done, with words and photos (ids of their own uploads, see `upload_mark`).

    It is not resolved by this: an operator confirms, because no executor approves itself (KR 4.7).
    """
    text = words(text, key="report.needed")
    async with db.transaction():
        appeal, event = await move(
            city, Verb.REPORT, appeal_id, actor, expected=expected, text=text, answer=text
        )
        if photos:
            uploaded = Attachment.filter(
                id__in=photos, appeal_id=None, draft=upload_mark(actor.staff_id), state=AttachmentState.STORED
            )
            await uploaded.update(appeal_id=appeal.id, event_id=event.id, draft="")
        await notify.desk(appeal, "reported", occasion=str(event.id))
    return appeal


def upload_mark(staff_id: int | None) -> str:
    """Whose a photo is that was uploaded in the panel, until its report is accepted."""
    return f"staff-{staff_id}"
