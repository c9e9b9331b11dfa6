"""Two unrelated problems in one message: two appeals, since different people answer for them."""

from bot.conversation import attaching, drafting, placing
from bot.conversation.state import Draft, Spot, new_draft
from bot.conversation.turn import Turn
from core.understanding import Problem


async def split(turn: Turn, draft: Draft, _arguments: list[str]) -> None:
    """Go on with the first; the others wait, each with all the files, since nobody knows whose they are.

    Once: a draft that is parted, or said to be whole, has no parts any more.
    """
    problems = turn.city.understander.problems(draft.text) if draft.parts else ()
    if len(problems) > 1:
        place = draft.spot if not any(problem.places for problem in problems) else None
        _become(turn, draft, problems[0], place, draft.texts[0][0])
        for problem in problems[1:]:
            other = new_draft()
            _become(turn, other, problem, place)
            other.files = await attaching.copy_files(turn, draft.token, other.token)
            turn.state.later.append(other)
    draft.whole, draft.parts = True, []
    await drafting.show(turn)


async def keep_whole(turn: Turn, draft: Draft, _arguments: list[str]) -> None:
    """The resident says that it is one matter."""
    draft.whole, draft.parts = True, []
    await drafting.show(turn)


def _become(turn: Turn, draft: Draft, problem: Problem, place: Spot | None, message: str = "") -> None:
    """The draft is of this problem: where its own words say, or where the message says of all of them."""
    draft.texts, draft.whole = [[message, problem.text]], True
    draft.spot, draft.spots = place, []
    drafting.understand(turn, draft)
    if place is None and not draft.spots and draft.spot is None:
        placing.take_places(draft, problem.places)
