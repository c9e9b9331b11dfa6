"""How reminders of deadlines look in a chat: one appeal's, many at once, and the list of the day. Pure."""

from typing import Any

from bot.conversation.buttons import worklist
from bot.messages import Line, Reply, line

Facts = dict[str, Any]


def reminder(facts: Facts) -> tuple[Line, ...]:
    """Where it is and until when; the first line says what of it."""
    address, due = facts.get("address"), facts["due"]
    found = (
        line("card.address", address=address) if address else None,
        line("notice.left", due=due, left=due) if due else None,
    )
    return tuple(each for each in found if each is not None)


def escalated(facts: Facts) -> Reply:
    """To who leads those who have it, which is said as well."""
    first = line("notice.staff.escalated", number=facts["number"], category=facts["category"])
    whose = (line("notice.whose", executor=facts["executor"]),) if facts["executor"] else ()
    return Reply(lines=(first, *whose, *reminder(facts)))


def digest(facts: Facts) -> Reply:
    """How many of each kind, then the most pressing one by one."""
    rest = facts["n"] - len(facts["few"])
    return Reply(
        lines=(
            line("notice.digest", n=facts["n"]),
            *(line(f"notice.digest.{kind.removeprefix('staff.')}", count=n) for kind, n in facts["counts"]),
            *(_one(each) for each in facts["few"]),
            *((line("notice.digest.more", n=rest),) if rest > 0 else ()),
        ),
        buttons=((worklist(),),) if facts["few"][0].get("officer") else (),
    )


def daily(facts: Facts) -> Reply:
    """The list of the day in numbers."""
    counts = tuple(line(f"notice.daily.{name}", count=n) for name, n in facts["counts"].items() if n)
    return Reply(
        lines=(line("notice.staff.daily"), *counts, line("notice.daily.where")),
        buttons=((worklist(),),) if facts["officer"] else (),
    )


def _one(facts: Facts) -> Line:
    names = {"number": facts["number"], "category": facts["category"], "left": facts["due"]}
    if address := facts.get("address"):
        return line("notice.digest.one", address=address, **names)
    return line("notice.digest.one_nowhere", **names)
