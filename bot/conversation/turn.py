"""One turn of a conversation: what the resident did, where it stood, and what is said."""

from dataclasses import dataclass, field

from bot.conversation.state import Draft, State, Step, new_draft
from bot.messages import Act, Button, Incoming, Line, Reply, line
from core.actions.actor import Actor
from core.city import City
from core.config import Media as MediaSettings
from core.models import Account

EDITING = frozenset({Act.BUTTON, Act.FILE, Act.EDIT})


@dataclass(slots=True)
class Turn:
    city: City
    account: Account
    state: State
    incoming: Incoming
    media: MediaSettings  # how large files may be
    replies: list[Reply] = field(default_factory=list)

    @property
    def actor(self) -> Actor:
        return Actor.resident(self.account.resident_id)

    def draft(self) -> Draft:
        """The open draft; begun where there is none."""
        if self.state.draft is None:
            self.state.draft = new_draft()
        return self.state.draft

    def rest(self) -> None:
        """Go back to the draft, or to nothing, after an aside."""
        self.state.step = self.state.resting()
        self.state.about = None

    def forget_draft(self) -> None:
        self.state.draft = None
        self.state.step = Step.IDLE

    def say(
        self,
        *lines: Line | str,
        buttons: tuple[tuple[Button, ...], ...] = (),
        ask_location: bool = False,
        slot: str = "",
        delay: float = 0.0,
        appeal: int | None = None,
    ) -> None:
        self.replies.append(
            Reply(
                lines=tuple(each if isinstance(each, Line) else line(each) for each in lines),
                buttons=buttons,
                ask_location=ask_location,
                callback="" if self.replies else self.incoming.callback,
                slot=slot,
                edits=bool(slot) and self.incoming.act in EDITING,
                delay=delay,
                appeal=appeal,
            )
        )
