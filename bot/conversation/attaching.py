"""Files that come along: photos, videos, voice messages, documents. Noted in the turn, fetched after it."""

from bot.conversation.turn import Turn
from bot.messages import line
from core import clock, signals
from core.media import largest
from core.models import Attachment
from core.models.appeals import AttachmentState
from core.queries import mine
from core.workflow import Role

FILES = 10  # of one appeal
ALBUM_PAUSE = 0.7  # seconds in which the rest of an album arrives


async def add_file(turn: Turn) -> bool:
    """Keep a file with the draft; False, with the reason said, where it can't be taken."""
    file = turn.incoming.file
    if file is None or not fits(turn):
        return False
    draft = turn.draft()
    draft.files = await mine.files(draft=draft.token)
    if sum(draft.files.values()) >= FILES:
        turn.say(line("bad.files", n=FILES), slot=f"limit:{draft.token}", delay=ALBUM_PAUSE)
        return False
    await keep_file(turn, draft.token)
    draft.files[file.kind.value] = draft.files.get(file.kind.value, 0) + 1
    if not turn.incoming.text:
        draft.wordless.append(turn.incoming.message_id)
    return True


def fits(turn: Turn) -> bool:
    """Whether the file is small enough, as far as the platform says; False, with the reason said."""
    file = turn.incoming.file
    if file is None or file.bytes is None or file.bytes <= (limit := largest(turn.media, file.kind)):
        return True
    turn.say(line("media.too_large", megabytes=limit // 1_000_000))
    return False


async def keep_file(turn: Turn, token: str) -> None:
    """Note the file of this turn, to be fetched; its content is checked then."""
    file = turn.incoming.file
    assert file is not None  # noqa: S101 - asked by who calls
    now = clock.now()
    await Attachment.create(
        account_id=turn.account.id,
        draft=token,
        kind=file.kind,
        name=file.name,
        role=Role.RESIDENT,
        channel=turn.account.channel,
        source=file.source,
        state=AttachmentState.WAITING,
        created_at=now,
        due_at=now,
    )
    signals.media.after_commit()
