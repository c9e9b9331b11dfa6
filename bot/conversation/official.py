"""What is official by law: a statement, a complaint, a proposal. Only then are name and address asked for."""

from bot.conversation import drafting
from bot.conversation.state import Draft, Lack
from bot.conversation.turn import Turn
from bot.conversation.vocabulary import Word, meaning
from core.actions.person import checked_address, checked_name
from core.workflow import STATUTORY, Kind


async def choose(turn: Turn, draft: Draft, arguments: list[str]) -> None:
    """An official one after all, now that they know what it takes."""
    kind = Kind(arguments[0])  # ValueError: no such kind was offered
    if kind not in STATUTORY:
        raise ValueError(kind)
    draft.kind, draft.kind_decided, draft.parts = kind.value, True, []
    await drafting.show(turn)


async def make_request(turn: Turn, draft: Draft, _arguments: list[str]) -> None:
    """An ordinary request, which is quicker."""
    draft.kind, draft.kind_decided, draft.again = Kind.REQUEST.value, True, ""
    drafting.understand(turn, draft)
    await drafting.show(turn)


async def rename(turn: Turn, draft: Draft, _arguments: list[str]) -> None:
    """Other name and address than those known."""
    draft.name, draft.address, draft.again = "", "", Lack.NAME.value
    await drafting.show(turn)


async def take_name(turn: Turn, draft: Draft) -> None:
    """«не знаю» and the like are two words, and no name."""
    word = meaning(turn.incoming.text)
    if word is not None:
        await (make_request(turn, draft, []) if word is Word.ORDINARY else drafting.show(turn))
        return
    draft.name = checked_name(turn.incoming.text)
    draft.again = Lack.ADDRESS.value if draft.again else ""
    await drafting.show(turn)


async def take_address(turn: Turn, draft: Draft) -> None:
    draft.address, draft.again = checked_address(turn.incoming.text), ""
    await drafting.show(turn)
