"""One turn of a conversation: what the resident did, where it stood, and what is said."""

from dataclasses import dataclass, replace

from bot.conversation.state import Draft, State, Step, new_draft
from bot.messages import BLANK, Act, Button, Incoming, Line, Reply, line
from core.actions.actor import Actor
from core.city import City
from core.config import Limits
from core.config import Media as MediaSettings
from core.media import Links
from core.models import Account

EDITING = frozenset({Act.BUTTON, Act.FILE, Act.EDIT})


@dataclass(slots=True)
class Turn:
    """`reply`: whatever is said in a turn is one message; None while nothing is said."""

    city: City
    account: Account
    state: State
    incoming: Incoming
    media: MediaSettings  # how large files may be
    limits: Limits  # how much of everything a person may do
    links: Links  # by which they fetch what is theirs
    first: bool = False  # nothing was ever said to them before
    reply: Reply | None = None
    of_work: bool = False  # what is said is to a colleague, as such

    @property
    def actor(self) -> Actor:
        return Actor.resident(self.account.resident_id)

    def draft(self) -> Draft:
        """The open draft; begun where there is none."""
        if self.state.draft is None:
            self.state.draft = new_draft()
            self.state.step = Step.DRAFT
        return self.state.draft

    def ask_about(self, step: Step, appeal_id: int) -> None:
        """The next words are about that appeal; an open draft waits untouched."""
        self.state.step, self.state.about = step, appeal_id

    def rest(self) -> None:
        """Go back to what waits to be sorted, to the draft, or to nothing, after an aside."""
        self.state.step = self.state.resting()
        self.state.about = None

    def forget_draft(self) -> None:
        """It is sent or given up; what an officer had put aside for it comes next."""
        self.state.draft = None
        if self.state.work is not None:
            self.state.work.aside = False
        self.state.step = self.state.resting()

    def say(
        self,
        *lines: Line | str,
        buttons: tuple[tuple[Button, ...], ...] = (),
        photos: tuple[int, ...] = (),
        point: tuple[float, float] | None = None,
        ask_location: bool = False,
        slot: str = "",
        delay: float = 0.0,
        appeal: int | None = None,
    ) -> None:
        """Say more: what was said before in this turn stands above it, and its buttons give way."""
        said = tuple(each if isinstance(each, Line) else line(each) for each in lines)
        before = self.reply or Reply(lines=(), callback=self.incoming.callback)
        slot = slot or before.slot
        self.reply = replace(
            before,
            lines=(*before.lines, BLANK, *said) if before.lines and said else (*before.lines, *said),
            buttons=buttons or (() if ask_location else before.buttons),
            photos=(*before.photos, *photos),
            point=point or before.point,
            ask_location=ask_location or (before.ask_location and not buttons),
            slot=slot,
            edits=bool(slot) and self.incoming.act in EDITING,
            delay=max(delay, before.delay),
            appeal=appeal or before.appeal,
            of_work=self.of_work,
        )
