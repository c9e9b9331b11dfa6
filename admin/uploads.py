"""Photos that somebody sends with a form of the panel: written down at once, so that a refusal loses none."""

from admin import forms
from admin.forms import Sent
from core import clock
from core.actions.actor import Actor
from core.actions.executor import upload_mark
from core.errors import Invalid
from core.media import MIME, Stored
from core.models import Attachment
from core.models.appeals import AttachmentState
from core.queries.panel import card as cards


async def taken(sent: Sent, staff_id: int, actor: Actor) -> tuple[int, ...]:
    """The photos just sent, written down, and those kept from a try before that was refused."""
    kept = await cards.own_uploads(staff_id, actor.role, sent.integers("kept"))
    fresh = [await _written_down(photo, staff_id, actor) for photo in sent.photos]
    if len(kept) + len(fresh) > forms.MAX_PHOTOS:
        sent.refused = Invalid("panel.form.too_many_photos", limit=forms.MAX_PHOTOS)
    return (*kept, *fresh)[: forms.MAX_PHOTOS]


async def _written_down(photo: Stored, staff_id: int, actor: Actor) -> int:
    now = clock.now()
    row = await Attachment.create(
        draft=upload_mark(staff_id),
        role=actor.role,
        state=AttachmentState.STORED,
        due_at=now,
        created_at=now,
        mime=MIME,
        key=photo.key,
        sha256=photo.sha256,
        bytes=photo.bytes,
        width=photo.width,
        height=photo.height,
    )
    return int(row.id)
