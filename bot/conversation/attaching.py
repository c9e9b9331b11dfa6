"""Files that come along: photos, videos, voice messages, documents. Noted in the turn, fetched after it."""

from collections import Counter

from bot.conversation import pace
from bot.conversation.turn import Turn
from bot.messages import line
from core import clock, signals
from core.media import largest
from core.models import Attachment
from core.models.appeals import AttachmentState
from core.queries import mine
from core.workflow import Role

FILES = 10  # of one appeal
# Of a file that goes along with each of two drafts.
COPIED = ("role", "channel", "kind", "name", "source", "state", "due_at", "created_at")
STORED = ("key", "sha256", "mime", "bytes", "width", "height")
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
    """Whether the file may be taken: its size, as far as the platform says, and the day's number of them."""
    file = turn.incoming.file
    if file is None:
        return True
    if file.bytes is not None and file.bytes > (limit := largest(turn.media, file.kind)):
        turn.say(line("media.too_large", megabytes=limit // 1_000_000))
        return False
    return pace.may_send_file(turn)


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


async def copy_files(turn: Turn, token: str, other: str) -> dict[str, int]:
    """Give a draft split off the same files; how many of each kind it has. Stored ones are stored once."""
    rows = await Attachment.filter(account_id=turn.account.id, draft=token, appeal_id=None).order_by("id")
    kept = [row for row in rows if row.state is not AttachmentState.REFUSED]
    await Attachment.bulk_create(
        [
            Attachment(
                account_id=turn.account.id,
                draft=other,
                **{name: getattr(row, name) for name in (*COPIED, *STORED)},
            )
            for row in kept
        ]
    )
    signals.media.after_commit()
    return dict(Counter(row.kind.value for row in kept))


async def hand_over(turn: Turn, token: str, other: str) -> None:
    """Files that wait under one token now wait under the other."""
    waiting = Attachment.filter(account_id=turn.account.id, draft=token, appeal_id=None)
    await waiting.update(draft=other)
