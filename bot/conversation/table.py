"""The dialogue as tables: where it stands and what comes → what happens, and where that may lead.

`leads` are the steps besides staying and going back to rest (the open draft, or nothing). Tests hold them
against the code and against what random residents do.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.conversation import (
    alarming,
    answering,
    card,
    consulting,
    deferring,
    following,
    official,
    person,
    polling,
    pressing,
    reporting,
    sorting,
    splitting,
    withdrawing,
    words,
    working,
    worklist,
)
from bot.conversation.state import Draft, Lack, Step
from bot.conversation.turn import Turn
from bot.conversation.vocabulary import Word

Handler = Callable[[Turn], Awaitable[None]]
DraftHandler = Callable[[Turn, Draft], Awaitable[None]]
NOWHERE = frozenset[Step]()
FILED_AT_ONCE = frozenset({Step.LOCATE})  # danger is filed before its place is known


@dataclass(frozen=True, slots=True)
class Station:
    """What words and files mean at a step."""

    words: Handler
    files: Handler
    leads: frozenset[Step]


@dataclass(frozen=True, slots=True)
class Press:
    """What a button does; bad arguments are a ValueError or IndexError, and answered as a stale button."""

    do: Callable[[Turn, list[str]], Awaitable[None]]
    leads: frozenset[Step] = NOWHERE


@dataclass(frozen=True, slots=True)
class DraftPress:
    """A button of a draft: its first argument is the draft's token, which the handler doesn't get."""

    do: Callable[[Turn, Draft, list[str]], Awaitable[None]]
    leads: frozenset[Step] = NOWHERE


async def _draft_words(turn: Turn) -> None:
    draft = turn.draft()
    if await alarming.heard(turn, draft):
        return
    lacking = card.missing(draft, turn.city)
    if lacking in ANY_WORDS or not await words.aside(turn, draft):
        await LACKS[lacking](turn, draft)


# Where belonging.belongs_elsewhere may lead, which hears words and files before the tables do: a bare «ні» to
# the poll, and words of which nobody can tell where they belong (while those wait, rest is WHICH). And where
# a code leads, which is known by its form; and what an officer says of the appeal just written to them of.
ELSEWHERE = frozenset({Step.DISAGREE, Step.WHICH, Step.LINK, Step.REPORT, Step.NEED_TIME, Step.DECLINE})
# Where any words are an answer, be they a number or a greeting.
ANY_WORDS = frozenset({Lack.ESSENCE, Lack.NAME, Lack.ADDRESS, Lack.PLACE, Lack.SPOT, Lack.DISTRICT})
STATIONS: dict[Step, Station] = {
    Step.IDLE: Station(words.idle, words.file, frozenset({Step.LOCATE, Step.WITHDRAW})),
    Step.DRAFT: Station(_draft_words, words.file, frozenset({Step.LOCATE})),
    Step.LOCATE: Station(words.locate, answering.take_file, frozenset({Step.WITHDRAW})),
    Step.ANSWER: Station(answering.take_words, answering.take_file, NOWHERE),
    Step.DISAGREE: Station(polling.take_disagreement, polling.take_disagreement, NOWHERE),
    Step.COMMENT: Station(polling.take_comment, polling.take_comment, NOWHERE),
    Step.WITHDRAW: Station(withdrawing.words, words.file, frozenset({Step.DRAFT, Step.LOCATE})),
    Step.WHICH: Station(sorting.words, sorting.file, frozenset({Step.LOCATE})),
    Step.LINK: Station(person.link_words, words.file, frozenset({Step.DRAFT, Step.LOCATE})),
    Step.FORGET: Station(person.forget_words, person.forget_file, frozenset({Step.DRAFT, Step.LOCATE})),
    Step.REPORT: Station(reporting.words, reporting.file, NOWHERE),
    Step.NEED_TIME: Station(deferring.time_words, deferring.file, NOWHERE),
    Step.DECLINE: Station(deferring.decline_words, deferring.file, NOWHERE),
}
# What words mean to a draft that lacks something; to a whole one, see words.whole.
LACKS: dict[Lack | None, DraftHandler] = {
    None: words.whole,
    Lack.TEXT: words.text,
    Lack.SPLIT: words.split,
    Lack.KIND: words.kind,
    Lack.CATEGORY: words.topic,
    Lack.ESSENCE: words.essence,
    Lack.NAME: official.take_name,
    Lack.ADDRESS: official.take_address,
    Lack.SPOT: words.place,
    Lack.PLACE: words.place,
    Lack.DISTRICT: words.place,
    Lack.ALIKE: words.alike,
}
OF_DRAFT: dict[str, DraftPress] = {
    "send": DraftPress(pressing.send),
    "cancel": DraftPress(pressing.cancel),
    "topic": DraftPress(pressing.topic),
    "groups": DraftPress(pressing.groups),
    "group": DraftPress(pressing.group),
    "cat": DraftPress(pressing.category, FILED_AT_ONCE),
    "unsure": DraftPress(pressing.unsure),
    "place": DraftPress(pressing.place),
    "spot": DraftPress(pressing.spot),
    "district": DraftPress(pressing.district),
    "join": DraftPress(pressing.join),
    "apart": DraftPress(pressing.apart),
    "split": DraftPress(splitting.split),
    "whole": DraftPress(splitting.keep_whole),
    "kind": DraftPress(official.choose),
    "request": DraftPress(official.make_request),
    "name": DraftPress(official.rename),
    "ask_operator": DraftPress(consulting.ask_operator),
    "problem": DraftPress(consulting.make_problem, FILED_AT_ONCE),
    "settled": DraftPress(consulting.settle),
}
ANYWHERE: dict[str, Press] = {
    "back": Press(pressing.go_back),
    "draft": Press(pressing.show_draft),
    "help": Press(pressing.menu),
    "language": Press(pressing.language),
    # following.py: one's appeals
    "my": Press(following.list_press),
    "appeal": Press(following.card_press),
    "photos": Press(following.photos),
    "nudge": Press(following.nudge),
    # withdrawing.py: taking it back, or no longer following it
    "withdraw": Press(withdrawing.ask, frozenset({Step.WITHDRAW})),
    "take_back": Press(withdrawing.take_back),
    "leave": Press(withdrawing.leave),
    "follow": Press(withdrawing.follow),
    # answering.py: more about an appeal, the operator's questions
    "answer": Press(answering.ask, frozenset({Step.ANSWER})),
    "to": Press(sorting.put, FILED_AT_ONCE),
    # polling.py: whether it is solved, and how well
    "yes": Press(polling.yes),
    "no": Press(polling.no, frozenset({Step.DISAGREE})),
    "star": Press(polling.star),
    "rate": Press(polling.ask_stars),
    "why": Press(polling.give_reason),
    "comment": Press(polling.ask_comment, frozenset({Step.COMMENT})),
    # person.py: their data, their messengers, being forgotten
    "me": Press(person.show),
    "data": Press(person.data),
    "link": Press(person.link),
    "link_yes": Press(person.link_yes),
    "link_no": Press(person.link_no),
    "forget": Press(person.ask_forget, frozenset({Step.FORGET})),
    "forget_yes": Press(person.forget_yes, frozenset({Step.FORGET})),
    "forget_no": Press(person.forget_no),
    # Of those who work at the city, see colleague.py. worklist.py: what waits for them
    "work": Press(worklist.list_press),
    "task": Press(worklist.card_press),
    "where": Press(worklist.where),
    "shots": Press(worklist.photos),
    "take": Press(worklist.take),
    "heard": Press(worklist.heard),
    # reporting.py, deferring.py: what they say of it
    "done": Press(reporting.ask, frozenset({Step.REPORT})),
    "report": Press(reporting.send),
    "more_time": Press(deferring.ask_time, frozenset({Step.NEED_TIME})),
    "until": Press(deferring.until),
    "not_ours": Press(deferring.ask_why, frozenset({Step.DECLINE})),
    "drop": Press(working.drop),
}
EVERYWHERE: dict[Word | None, Press] = {
    Word.CANCEL: Press(words.cancel),
    Word.BACK: Press(pressing.go_back),
    Word.MINE: Press(following.list_press),
    Word.HELP: Press(pressing.menu),
    Word.HUMAN: Press(pressing.human),
    Word.ENGLISH: Press(words.english),
    Word.UKRAINIAN: Press(words.ukrainian),
    Word.WORK: Press(worklist.list_press),
    # person.py
    Word.ME: Press(person.show),
    Word.DATA: Press(person.data),
    Word.LINK: Press(person.link),
    Word.FORGET: Press(person.ask_forget, frozenset({Step.FORGET})),
}
