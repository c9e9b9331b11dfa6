"""Somebody was first: an open appeal about the same is offered before another is sent."""

from bot.conversation import card
from bot.conversation.placing import place_of
from bot.conversation.state import Draft, Lack, Offer
from bot.conversation.turn import Turn
from bot.messages import line
from core import clock
from core.actions import join as joining
from core.errors import Conflict, NotFound
from core.queries import alike, mine

LIKELY = 0.5  # the score from which on a resident is asked; below it the operator looks


async def look(turn: Turn, draft: Draft) -> None:
    """Look once for each category and place of the draft. Danger is never kept waiting by a question."""
    if card.missing(draft, turn.city) not in {None, Lack.ALIKE}:
        return
    place = place_of(draft.spot)
    looked = f"{draft.category} {place.key} {place.lat} {place.lon}"
    if looked == draft.looked:
        return
    draft.looked, draft.offer = looked, None
    if draft.emergency or draft.official or draft.question or not draft.sure or draft.category is None:
        return
    found = await alike.alike(
        turn.city,
        category=draft.category,
        lat=place.lat,
        lon=place.lon,
        place_key=place.key,
        text=draft.text,
        at=clock.now(),
    )
    likely = [each for each in found if each.score >= LIKELY and each.appeal_id not in draft.apart]
    if likely:
        best = likely[0]
        draft.offer = Offer(
            appeal=best.appeal_id,
            number=best.number,
            status=best.status.value,
            people=best.people,
            since=best.since.isoformat(),
            metres=None if best.same_address else best.metres,
            own=await mine.follows(turn.actor, best.appeal_id),
        )


async def join(turn: Turn, draft: Draft) -> bool:
    """Take the offer: words and photos go to that appeal. False where it has ended meanwhile."""
    offer = draft.offer
    if offer is None:
        return False
    draft.offer = None
    try:
        appeal = await joining.join(turn.city, turn.account, offer.appeal, draft.text, draft.token)
    except (Conflict, NotFound):
        turn.say("alike.ended")
        return False
    if offer.own:
        turn.say(line("answer.passed", number=appeal.number), slot=card.slot(draft), appeal=appeal.id)
    else:
        turn.say(
            line("alike.joined", number=appeal.number, n=appeal.supporters + 1),
            slot=card.slot(draft),
            appeal=appeal.id,
        )
    turn.forget_draft()
    return True
