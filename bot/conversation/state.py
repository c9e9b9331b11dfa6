"""Where a conversation stands, as a value that a database row keeps: a restart goes on mid-sentence."""

import secrets
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Step(StrEnum):
    """What the next words of the resident will be taken for."""

    IDLE = "idle"  # a new complaint
    DRAFT = "draft"  # more of the draft
    PLACE = "place"  # where it is
    ANSWER = "answer"  # the answer to the operator's question
    DISAGREE = "disagree"  # what is still not solved


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

    @property
    def text(self) -> str:
        return "\n".join(words for _, words in self.texts)


@dataclass(slots=True)
class Album:
    """Files that belong together: those that still come go where the first one went."""

    id: str
    appeal: int
    until: str  # ISO instant


@dataclass(slots=True)
class Filed:
    """The draft last sent and what became of it, for those who press twice."""

    token: str
    appeal: int


@dataclass(slots=True)
class State:
    """`about`: the appeal that ANSWER and DISAGREE speak of. `album`: the last one that went to an appeal."""

    step: Step = Step.IDLE
    draft: Draft | None = None
    about: int | None = None
    album: Album | None = None
    filed: Filed | None = None

    def resting(self) -> Step:
        """Where the conversation goes back to after an aside: the draft is never touched by one."""
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
        draft = None
        if raw := data.get("draft"):
            spot, offer = raw.get("spot"), raw.get("offer")
            draft = Draft(
                **{
                    **raw,
                    "offer": Offer(**offer) if offer else None,
                    "spot": Spot(**spot) if spot else None,
                    "spots": [Spot(**each) for each in raw.get("spots", ())],
                }
            )
        album = Album(**data["album"]) if data.get("album") else None
        filed = Filed(**data["filed"]) if data.get("filed") else None
        return cls(step=Step(step), draft=draft, about=data.get("about"), album=album, filed=filed)


def new_draft() -> Draft:
    return Draft(token=secrets.token_hex(4))
