"""An officer says that it is done: words and photos in any order, then one press that sends them (KR 4.7)."""

from bot.conversation import attaching, colleague, working, worklist
from bot.conversation.buttons import worklist as own_list
from bot.conversation.state import Step, Work
from bot.conversation.turn import Turn
from bot.conversation.vocabulary import Word, meaning
from bot.messages import line
from bot.text import LONGEST
from core import clock, signals
from core.actions import executor
from core.actions.actor import Actor
from core.actions.executor import upload_mark, uploads
from core.errors import Conflict, Invalid
from core.i18n import LANGUAGES, t
from core.media import largest
from core.models import Appeal, Attachment
from core.models.appeals import AttachmentKind, AttachmentState
from core.workflow import Verb


async def ask(turn: Turn, arguments: list[str]) -> None:
    """What was done, they say or show next."""
    work = await working.begin(turn, int(arguments[0]), Step.REPORT)
    if work is not None:
        turn.state.step, turn.state.work = Step.REPORT, work
        await working.show(turn, work)


async def words(turn: Turn) -> None:
    """More of the report; «так» sends what there is."""
    work, text, word = working.waiting(turn), turn.incoming.text, meaning(turn.incoming.text)
    if word is Word.NEW:
        working.put_aside(turn)
        return
    acts = await working.still(turn, work)
    if acts is None:
        return
    if word is Word.YES and not work.empty:
        await _send(turn, work, *acts)
    elif word in {Word.YES, Word.NO} or _add(turn, work, text):
        await working.show(turn, work)


async def file(turn: Turn) -> None:
    """A photo of what was done, and what is written below it."""
    work = working.waiting(turn)
    acts = await working.still(turn, work)
    if acts is None:
        return
    kept = await _keep(turn, work, acts[0])
    if turn.incoming.text:
        kept = _add(turn, work, turn.incoming.text) or kept
    if kept:
        await working.show(turn, work, delay=attaching.ALBUM_PAUSE if turn.incoming.album else 0.0)


async def send(turn: Turn, arguments: list[str]) -> None:
    """The button; pressed again, or in an old message, it is said how it is now."""
    work = turn.state.work
    if work is None or work.step != Step.REPORT or arguments[1:] != [work.token]:
        actor, appeal = await colleague.theirs(turn, int(arguments[0]))
        await worklist.stands(turn, appeal, actor)
        return
    acts = await working.still(turn, work)
    if acts is not None:
        await _send(turn, work, *acts)


async def edited(turn: Turn) -> bool:
    """Put an edited message in the place of what it was; False where it is not part of the report."""
    work = turn.state.work
    entry = next((each for each in work.texts if each[0] == turn.incoming.message_id), None) if work else None
    if work is None or entry is None or not turn.incoming.text:
        return False
    if len(work.text) - len(entry[1]) + len(turn.incoming.text) > LONGEST:
        turn.say(line("bad.too_long", limit=LONGEST))
        return True
    entry[1] = turn.incoming.text
    await working.show(turn, work)
    return True


async def replied(turn: Turn, appeal_id: int) -> bool:
    """A reply to what we wrote of that appeal begins a report; False where it belongs to what is open."""
    work = turn.state.work
    if work is not None and work.appeal == appeal_id:
        working.go_on(turn, work)
        return False
    await ask(turn, [str(appeal_id)])
    if turn.state.step is Step.REPORT and working.waiting(turn).appeal == appeal_id:
        turn.reply = None
        await (words if turn.incoming.file is None else file)(turn)
    return True


async def _send(turn: Turn, work: Work, actor: Actor, appeal: Appeal) -> None:
    if not work.texts and not await uploads(actor, work.photos).exists():
        await working.show(turn, work)  # what they sent was no photo after all
        return
    # A photo says it as well; the words that the resident reads are then the city's.
    text = work.text or t("report.by_photo", LANGUAGES[0])
    try:
        appeal = await executor.report(
            turn.city,
            appeal.id,
            actor,
            expected=appeal.version,
            text=text,
            photos=tuple(work.photos),
            wordless=not work.texts,
        )
    except Conflict:  # somebody was faster in this very moment
        if await working.still(turn, work) is not None:
            await working.show(turn, work, line("work.again"))
        return
    except Invalid as refusal:
        await working.show(turn, work, line(refusal.key, **refusal.params))
        return
    worklist.did(actor, Verb.REPORT, appeal)
    working.end(turn)
    turn.say(line("report.sent", number=appeal.number), buttons=((own_list(),),), appeal=appeal.id)


def _add(turn: Turn, work: Work, text: str) -> bool:
    if len(work.text) + len(text) > LONGEST:
        turn.say(line("bad.too_long", limit=LONGEST))
        return False
    work.texts.append([turn.incoming.message_id, text])
    return True


async def _keep(turn: Turn, work: Work, actor: Actor) -> bool:
    """Note the photo, to be fetched; False, with the reason said, where it can't be taken."""
    sent = turn.incoming.file
    assert sent is not None  # noqa: S101 - asked by who calls
    if sent.kind in {AttachmentKind.VOICE, AttachmentKind.VIDEO}:
        turn.say("report.photos_only")
        return False
    if sent.bytes is not None and sent.bytes > (limit := largest(turn.media, sent.kind)):
        turn.say(line("media.too_large", megabytes=limit // 1_000_000))
        return False
    if await uploads(actor, work.photos).count() >= attaching.FILES:
        turn.say(
            line("bad.files", n=attaching.FILES), slot=f"limit:{work.token}", delay=attaching.ALBUM_PAUSE
        )
        return False
    now = clock.now()
    kept = await Attachment.create(
        account_id=turn.account.id,
        draft=upload_mark(actor.staff_id),
        kind=AttachmentKind.PHOTO,  # also one sent as a file: what is none is refused when it is fetched
        name=sent.name,
        role=actor.role,
        channel=turn.account.channel,
        source=sent.source,
        state=AttachmentState.WAITING,
        created_at=now,
        due_at=now,
    )
    signals.media.after_commit()
    work.photos.append(kept.id)
    return True
