"""Who the city takes one for: their data to take away, their messengers as one, and being forgotten."""

from bot.conversation import pace, words
from bot.conversation.buttons import MENU, Rows
from bot.conversation.state import State, Step
from bot.conversation.turn import Turn
from bot.conversation.vocabulary import Word, meaning
from bot.messages import Button, Line, Reply, line
from core import brakes, my_data
from core.actions import forgetting, linking
from core.models import Account, Channel, Resident, Staff
from core.outbox import Message, queue
from core.queries import chat

LINKS_AN_HOUR = 4
QUESTION = "forget"  # slot of the message that asks whether to
LINKING = "link"  # and of the one that asks whether another chat is theirs
PAGE: Rows = (
    (Button(line("button.my_data"), "data"), Button(line("button.other_language"), "language")),
    (Button(line("button.link"), "link"),),
    (Button(line("button.forget"), "forget"),),
)
SURE: Rows = (
    (Button(line("button.forget_yes"), "forget_yes"), Button(line("button.forget_no"), "forget_no")),
)

THEIRS: Rows = ((Button(line("button.link_yes"), "link_yes"), Button(line("button.link_no"), "link_no")),)


async def show(turn: Turn, _arguments: list[str]) -> None:
    """What is known of them, and what they can do about it."""
    resident = await Resident.get(id=turn.account.resident_id)
    lines: list[Line] = [line("person.about")]
    if resident.name:
        lines.append(line("person.named", name=resident.name, address=resident.address or "—"))
    if await Account.filter(resident_id=resident.id).exclude(channel=Channel.PHONE).count() > 1:
        lines.append(line("person.linked"))
    turn.say(*lines, buttons=PAGE)


async def data(turn: Turn, _arguments: list[str]) -> None:
    await brakes.brake(f"link:{turn.account.id}", LINKS_AN_HOUR)
    turn.say(line("person.data", url=my_data.link(turn.links, turn.account)), buttons=MENU)


async def link(turn: Turn, _arguments: list[str]) -> None:
    code = await linking.link_code(turn.account)
    minutes = int(linking.LIFE.total_seconds()) // 60
    turn.say(line("link.code", n=minutes, code=code), buttons=MENU)


async def take_code(turn: Turn, code: str) -> None:
    """A code of another chat. Somebody may have talked them into writing it, so they hear what it means."""
    if not pace.may_try_code(turn):
        return
    await linking.made_by(turn.account, code)
    turn.rest()
    turn.state.step, turn.state.code = Step.LINK, code
    turn.say("link.sure", buttons=THEIRS, slot=LINKING)


async def link_words(turn: Turn) -> None:
    """«так» is one only to the question just asked."""
    if meaning(turn.incoming.text) is Word.YES and await _just_asked(turn, LINKING):
        await _link(turn)
    else:
        await link_no(turn, [])


async def link_yes(turn: Turn, _arguments: list[str]) -> None:
    """Only where it was asked: a press that came twice finds nothing more to do."""
    if turn.state.step is not Step.LINK or not turn.state.code:
        raise ValueError("nothing is asked")
    await _link(turn)


async def link_no(turn: Turn, _arguments: list[str]) -> None:
    turn.state.code = ""
    turn.rest()
    turn.say("link.not", buttons=MENU)


async def _link(turn: Turn) -> None:
    """Both chats hear that they are one's from now on."""
    code, turn.state.code = turn.state.code, ""
    turn.rest()
    other = await linking.link(turn.account, code)
    turn.say(line("link.done"), buttons=MENU)
    told = Reply(lines=(line("link.done_there"),), buttons=MENU)
    await queue(Message(other, "reply", told.to_body()))


async def ask_forget(turn: Turn, _arguments: list[str]) -> None:
    """What exactly would happen, before it does."""
    stake = await forgetting.stake(turn.account.resident_id)
    lines = [line("forget.ask")]
    if stake.anonymous:
        lines.append(line("forget.anonymous", n=stake.anonymous))
    if stake.withdrawn:
        lines.append(line("forget.withdrawn", n=stake.withdrawn))
    turn.rest()
    turn.state.step = Step.FORGET
    turn.say(*lines, line("forget.sure"), buttons=SURE, slot=QUESTION)


async def forget_words(turn: Turn) -> None:
    """«так» is one only to the question just asked; nothing else is done by the way."""
    word = meaning(turn.incoming.text)
    if word is Word.YES and await _just_asked(turn, QUESTION):
        await _forget(turn)
    elif word is Word.NO:
        await forget_no(turn, [])
    else:
        turn.say("forget.again", buttons=SURE, slot=QUESTION)


async def forget_file(turn: Turn) -> None:
    """Who sends a photo goes on with something else."""
    turn.rest()
    await words.file(turn)


async def forget_yes(turn: Turn, _arguments: list[str]) -> None:
    """Pressed twice, it is done once; pressed long after, it is asked anew."""
    if turn.state.step is Step.FORGET or turn.account.forget_at is not None:
        await _forget(turn)
    else:
        await ask_forget(turn, [])


async def forget_no(turn: Turn, _arguments: list[str]) -> None:
    if turn.state.step is Step.FORGET:
        turn.rest()
    turn.say("forget.kept", buttons=MENU)


async def _forget(turn: Turn) -> None:
    # In any of their messengers: all are unlinked.
    colleague = await Staff.filter(account__resident_id=turn.account.resident_id).exists()
    await forgetting.forget(turn.city, turn.account)
    turn.state = State(pace=turn.state.pace)
    turn.say("forget.done")
    if colleague:
        turn.say("forget.colleague")


async def _just_asked(turn: Turn, slot: str) -> bool:
    if turn.incoming.after:
        said = await chat.on_screen(turn.account, turn.incoming.after)
    else:
        said = await chat.last_said(turn.account)
    return said is not None and said.slot == slot
