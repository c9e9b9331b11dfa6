"""Where a conversation stands, as a value that a database row keeps: a restart goes on mid-sentence."""

import secrets
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from core.workflow import STATUTORY, Kind


class Step(StrEnum):
    """What the next words of the resident will be taken for."""

    IDLE = "idle"  # a new complaint
    DRAFT = "draft"  # more of the draft, or what it lacks
    LOCATE = "locate"  # where it is that was too urgent to wait for the answer
    ANSWER = "answer"  # the answer to the operator's question, or more about an appeal
    DISAGREE = "disagree"  # what is still not solved
    COMMENT = "comment"  # what they think of the result, in their own words
    WITHDRAW = "withdraw"  # whether they really take it back
    WHICH = "which"  # to which of several appeals the words belong
    FORGET = "forget"  # whether they really want to be forgotten
    LINK = "link"  # whether the other chat, whose code they wrote, is really theirs
    # Of an officer of the city, about an appeal that is theirs to work on (see Work):
    REPORT = "report"  # what was done, and photos of it
    NEED_TIME = "need_time"  # why more time is needed, then until when
    DECLINE = "decline"  # why it isn't theirs


WORK = frozenset({Step.REPORT, Step.NEED_TIME, Step.DECLINE})
ABOUT = frozenset({Step.LOCATE, Step.ANSWER, Step.DISAGREE, Step.COMMENT, Step.WITHDRAW})


class Lack(StrEnum):
    """What must be known before a draft can be sent, in the order in which it is asked for."""

    TEXT = "text"
    SPLIT = "split"  # whether it is several problems
    KIND = "kind"  # an official complaint, or a request that is quicker
    CATEGORY = "category"
    ESSENCE = "essence"  # what exactly it is about, in so many words
    NAME = "name"  # by law an official complaint has one
    ADDRESS = "address"  # theirs, likewise
    SPOT = "spot"  # which of several places
    PLACE = "place"
    DISTRICT = "district"
    ALIKE = "alike"  # whether it is one reported already


@dataclass(slots=True)
class Spot:
    """A place: words, coordinates, or both; `street` and `house` are what was understood of the words.

    `districts`: those the street crosses, where it is not known in which of them this is.
    """

    address: str = ""
    lat: float | None = None
    lon: float | None = None
    district: str | None = None
    street: str = ""
    house: str | None = None
    districts: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Offer:
    """An open appeal about the same, which the resident may join. `metres` is None at the same address."""

    appeal: int
    number: str
    status: str
    people: int
    since: str  # ISO instant
    metres: int | None
    own: bool  # theirs already: there are words to add, nothing to join


@dataclass(slots=True)
class Draft:
    """A complaint not yet sent. Its files are attachments that carry the token."""

    token: str
    texts: list[list[str]] = field(default_factory=list)  # [message id, words], in order
    category: str | None = None
    chosen: bool = False  # by the resident, so that more words don't change it
    sure: bool = False  # False: an operator decides the category
    guesses: list[list[Any]] = field(default_factory=list)
    urgent: bool = False
    danger_words: list[str] = field(default_factory=list)
    emergency: str | None = None  # number to call at once
    model_version: str = ""
    spot: Spot | None = None
    spots: list[Spot] = field(default_factory=list)  # to choose from
    files: dict[str, int] = field(default_factory=dict)  # how many of each kind
    wordless: list[str] = field(default_factory=list)  # ids of messages with a file and no words as yet
    looked: str = ""  # what an open appeal about the same was last looked for by
    offer: Offer | None = None
    apart: list[int] = field(default_factory=list)  # appeals the resident said are another matter
    kind: str = Kind.REQUEST.value
    kind_decided: bool = False  # by the resident, so that more words don't ask again
    offered_kind: str = ""  # an official one that the words ask for
    name: str = ""  # the resident's, for what is official
    address: str = ""
    parts: list[str] = field(default_factory=list)  # several problems in the words, to be told apart
    whole: bool = False  # the resident says that it is one
    again: str = ""  # a Lack that the resident wants to answer anew
    shown: str = ""  # a mark of the card last shown: the same one is not shown twice
    typical: str = ""  # slug of the typical answer that was given to the question

    @property
    def text(self) -> str:
        return "\n".join(words for _, words in self.texts)

    @property
    def official(self) -> bool:
        return Kind(self.kind) in STATUTORY

    @property
    def question(self) -> bool:
        return self.kind == Kind.CONSULTATION


@dataclass(slots=True)
class Album:
    """Files that belong together: those that still come go, and are told of, as the first one was."""

    id: str
    appeal: int
    until: str  # ISO instant
    said: str = ""  # the key of what was said of the first one


@dataclass(slots=True)
class Filed:
    """The draft last sent and what became of it, for those who press twice or add something.

    Until `until` what sounds like an addition goes there; where it is `urgent`, whatever is said does.
    """

    token: str
    appeal: int
    until: str = ""  # ISO instant
    urgent: bool = False
    category: str = ""


@dataclass(slots=True)
class Unsorted:
    """Words and files that wait for the resident to say where they belong."""

    text: str
    message: str  # its id
    token: str = ""  # under which its files wait
    appeals: dict[str, int] = field(default_factory=dict)  # that are offered: ids by number


@dataclass(slots=True)
class Work:
    """What an officer is saying of an appeal: it waits, apart from any draft, until it is sent or given up.

    `photos`: ids of the attachments. `aside`: something else goes first, as they asked.
    """

    step: str  # one of WORK
    appeal: int
    number: str
    token: str
    texts: list[list[str]] = field(default_factory=list)  # [message id, words], in order
    photos: list[int] = field(default_factory=list)
    aside: bool = False

    @property
    def text(self) -> str:
        return "\n".join(words for _, words in self.texts)

    @property
    def empty(self) -> bool:
        return not self.texts and not self.photos


@dataclass(slots=True)
class Pace:
    """How much the person did lately; instants are ISO."""

    since: str  # when the minute began
    messages: int = 0
    day: str = ""  # the city's date
    written: int = 0  # messages, since it began
    filed: int = 0
    files: int = 0
    tries: int = 0  # of codes
    warned: bool = False  # they were told, once, to slow down


@dataclass(slots=True)
class State:
    """`about`: the appeal that the steps in ABOUT speak of. `album`: the last one that went to an appeal.

    `later`: drafts that were split off, each taken up when the one before it is sent or given up.
    """

    step: Step = Step.IDLE
    draft: Draft | None = None
    about: int | None = None
    album: Album | None = None
    filed: Filed | None = None
    later: list[Draft] = field(default_factory=list)
    unsorted: Unsorted | None = None
    work: Work | None = None
    pace: Pace | None = None
    code: str = ""  # of another chat, while it is asked whether that is theirs

    def resting(self) -> Step:
        """Where the conversation goes back to after an aside: what waits is never touched by one."""
        if self.unsorted is not None:
            return Step.WHICH
        if self.work is not None and not self.work.aside:
            return Step(self.work.step)
        return Step.DRAFT if self.draft is not None else Step.IDLE

    def to_row(self) -> dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if key != "step" and value}

    @classmethod
    def from_row(cls, step: str, data: dict[str, Any]) -> "State":
        """The state as kept; one that an older version wrote in a way no longer read begins anew."""
        try:
            return cls._read(step, data)
        except (TypeError, ValueError):
            return cls()

    @classmethod
    def _read(cls, step: str, data: dict[str, Any]) -> "State":
        state = cls(
            step=Step(_RENAMED.get(step, step)),
            draft=_draft(data.get("draft")),
            about=data.get("about"),
            album=_made(Album, data.get("album")),
            filed=_made(Filed, data.get("filed")),
            later=[draft for each in data.get("later", ()) if (draft := _draft(each))],
            unsorted=_made(Unsorted, data.get("unsorted")),
            work=_made(Work, data.get("work")),
            pace=_made(Pace, data.get("pace")),
            code=data.get("code", ""),
        )
        if (
            (state.step in ABOUT) != (state.about is not None)
            or (state.step is Step.DRAFT and not state.draft)
            or (state.step is Step.WHICH and not state.unsorted)
            or (state.step in WORK and (state.work is None or state.work.step != state.step))
        ):
            state.step, state.about = state.resting(), None
        return state


_RENAMED = {"place": "draft"}  # what older versions wrote
_T = TypeVar("_T")


def _made(kind: type[_T], raw: dict[str, Any] | None) -> _T | None:
    return kind(**raw) if raw else None


def _draft(raw: dict[str, Any] | None) -> Draft | None:
    if not raw:
        return None
    return Draft(
        **{
            **raw,
            "offer": _made(Offer, raw.get("offer")),
            "spot": _made(Spot, raw.get("spot")),
            "spots": [Spot(**each) for each in raw.get("spots", ())],
        }
    )


def new_draft() -> Draft:
    return Draft(token=secrets.token_hex(4))
