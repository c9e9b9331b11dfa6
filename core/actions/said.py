"""What residents send to an appeal that is there already: to which it goes, and with which photos."""

from typing import Any

from core import db
from core.actions.actor import Actor
from core.actions.move import look_up, words
from core.errors import NotFound
from core.models import Appeal, Attachment, Event, Outbox, Supporter
from core.models.appeals import AttachmentState
from core.workflow import Role


async def meant(appeal_id: int, actor: Actor) -> Appeal:
    """The appeal, or what it was merged into; held, so that of many who speak at once each is heard.

    Raises NotFound where it doesn't exist for this person.
    """
    await look_up(appeal_id, actor)
    return await held((await line_of(appeal_id))[-1])


async def line_of(appeal_id: int) -> list[int]:
    """Ids: the appeal, what it was merged into, what that was merged into. NotFound where there is none."""
    line: list[int] = []
    further: int | None = appeal_id
    while further is not None:
        appeal = await Appeal.get_or_none(id=further) if 0 < further <= db.LARGEST_ID else None
        if appeal is None:
            raise NotFound("appeal.not_found")
        line.append(appeal.id)
        further = appeal.duplicate_of_id
    return line


async def held(appeal_id: int) -> Appeal:
    """As it is now; nobody else changes it until the transaction ends."""
    return await Appeal.select_for_update().get(id=appeal_id)


async def spoken_of(resident_id: int) -> list[int]:
    """Ids of all appeals that they filed, joined, left again, or were told of as a resident."""
    ids = set[Any]()
    ids.update(await Appeal.filter(resident_id=resident_id).values_list("id", flat=True))
    ids.update(await Supporter.filter(resident_id=resident_id).values_list("appeal_id", flat=True))
    letters = Outbox.filter(account__resident_id=resident_id).exclude(kind__startswith="staff.")
    sent = Attachment.filter(account__resident_id=resident_id, role=Role.RESIDENT)  # not an officer's
    for told in (letters, sent):
        ids.update(await told.exclude(appeal_id=None).distinct().values_list("appeal_id", flat=True))
    return sorted(int(each) for each in ids)  # in one order, always: or two could wait for each other


def as_supporter(appeal: Appeal, actor: Actor) -> dict[str, int | None]:
    """What history keeps of words that are not the first reporter's; nothing for those that are."""
    return {} if actor.sees(appeal) else {"supporter": actor.resident_id}


async def words_or_photos(text: str, actor: Actor, draft: str) -> str:
    """The words, which only photos that wait under `draft` may do without; Invalid otherwise."""
    if await photos_wait(actor, draft):
        return text.replace("\x00", "").strip()
    return words(text, key="words.needed")


async def photos_wait(actor: Actor, draft: str) -> bool:
    waiting = Attachment.filter(account__resident_id=actor.resident_id, draft=draft, appeal_id=None)
    return bool(draft) and await waiting.exists()


async def take_photos(appeal: Appeal, event: Event, actor: Actor, draft: str) -> None:
    """Those that the resident sent under `draft` now belong to the appeal and to what was said with them."""
    if not draft:
        return
    taken = (
        await Attachment.filter(account__resident_id=actor.resident_id, draft=draft, appeal_id=None)
        .exclude(state=AttachmentState.REFUSED)
        .values_list("id", flat=True)
    )
    if taken:
        await Attachment.filter(id__in=taken).update(appeal_id=appeal.id, event_id=event.id, draft="")
        await Appeal.filter(id=appeal.id).update(photos=appeal.photos + len(taken))
