"""How much one person may do: far above what people do, and told in kind words."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.conversation.buttons import MENU
from bot.conversation.state import Pace
from bot.conversation.turn import Turn
from bot.messages import Act, line
from core import clock

MINUTE = timedelta(minutes=1)
CODES = 10  # a day
ALWAYS = frozenset({Act.LEFT, Act.CAME_BACK, Act.MOVED})  # nobody's doing


def may_go_on(turn: Turn) -> bool:
    """False for who sends more than people do, in a minute or in a day: told once, then heard again later."""
    pace = _pace(turn)
    now = clock.now()
    if now - datetime.fromisoformat(pace.since) >= MINUTE:
        pace.since, pace.messages, pace.warned = now.isoformat(), 0, False
    if turn.incoming.act in ALWAYS:
        return True
    today = _today(turn)
    today.written += 1
    pace.messages += 1
    if today.written > turn.limits.messages_a_day:
        reason = line("pace.day", n=turn.limits.messages_a_day)
    elif pace.messages > turn.limits.messages_a_minute:
        reason = line("pace.slow")
    else:
        return True
    if not pace.warned or turn.incoming.callback:
        pace.warned = True
        turn.say(reason)
    return False


async def may_file(turn: Turn) -> bool:
    """Whether they may file one more today; False, with the reason said."""
    if _today(turn).filed < turn.limits.appeals_a_day:
        return True
    turn.say(line("pace.appeals", n=turn.limits.appeals_a_day), buttons=MENU)
    return False


def count_filed(turn: Turn) -> None:
    _today(turn).filed += 1


def may_send_file(turn: Turn) -> bool:
    """Whether one more file of theirs is taken today; False, with the reason said."""
    today = _today(turn)
    if today.files >= turn.limits.files_a_day:
        turn.say(line("pace.files", n=turn.limits.files_a_day), slot="pace.files")
        return False
    today.files += 1
    return True


def may_try_code(turn: Turn) -> bool:
    """Whether one more code is looked at today: nobody guesses their way into another's appeals."""
    today = _today(turn)
    if today.tries >= CODES:
        turn.say(line("pace.codes", n=CODES), buttons=MENU)
        return False
    today.tries += 1
    return True


def _today(turn: Turn) -> Pace:
    """The counts of the city's day."""
    pace = _pace(turn)
    day = f"{clock.now().astimezone(ZoneInfo(turn.city.pack.timezone)):%Y-%m-%d}"
    if pace.day != day:
        pace.day, pace.written, pace.filed, pace.files, pace.tries = day, 0, 0, 0, 0
    return pace


def _pace(turn: Turn) -> Pace:
    if turn.state.pace is None:
        turn.state.pace = Pace(since=clock.now().isoformat())
    return turn.state.pace
