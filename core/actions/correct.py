"""Keeping what somebody says an appeal is about, to learn from it."""

from typing import Any

from core import clock
from core.actions.actor import Actor
from core.models import Appeal, Correction


async def correct(appeal: Appeal, actor: Actor) -> None:
    """Take the appeal's category as this person's word, within the open transaction.

    The latest word on an appeal stands: an operator's comes after the resident's. A confirmed guess is a
    word, too; a card sent with a guess nobody was asked about is none, or the machine would teach itself.
    Without a text there is nothing to learn from.
    """
    if not appeal.text.strip():
        return
    word: dict[str, Any] = {
        "category_id": appeal.category_id,
        "guess": appeal.guesses[0][0] if appeal.guesses else "",
        "role": actor.role,
        "staff_id": actor.staff_id,
        "resident_id": actor.resident_id,
        "at": clock.now(),
    }
    if not await Correction.filter(appeal_id=appeal.id).update(**word):
        await Correction.create(appeal_id=appeal.id, **word)
