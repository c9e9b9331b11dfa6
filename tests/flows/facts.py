"""What stands in the database at the end of a script, and that both messengers came to the same."""

import asyncio
import re
from collections.abc import Iterable
from typing import Any

from core.models import Account, Appeal, Attachment, Conversation, Event, Supporter, Survey
from core.models.appeals import AttachmentKind, AttachmentState
from core.workflow import MARKS

PATIENCE = 12.0  # seconds for what the sweeps have still to do
APPEAL = (
    *("kind", "status", "open", "urgent", "triage", "category_id", "district_id", "executor_id", "text"),
    *("address", "photos", "supporters", "danger_words", "answer", "rework_count", "reopen_count"),
)
EVENT = ("verb", "role", "from_status", "to_status", "text")
FILE = ("kind", "role", "state", "mime", "sha256")
SURVEY = ("round", "solved", "stars", "reasons", "words")
SUPPORTER = ("solved", "stars")
_SHORT = {"category": "category_id", "district": "district_id", "executor": "executor_id"}
_YES = {"yes": "True", "no": "False", "none": "None"}


async def check(text: str, appeals: list[Appeal], account: Account | None) -> None:
    """«2 appeals; status assigned; №1 photos 3»; waits a little for what comes by itself."""
    for part in filter(None, (each.strip() for each in text.split(";"))):
        if found := re.fullmatch(r"(\d+) appeals?", part):
            assert len(appeals) == int(found[1]), f"there are {[appeal.text for appeal in appeals]}"
            continue
        found = re.fullmatch(r"(?:№(\d+) )?(\w+)(?: (.*))?", part, re.DOTALL)
        assert found is not None, f"no fact: {part!r}"
        number, name, wanted = int(found[1] or 0), found[2], found[3] or ""
        if name == "step":
            is_so = (await Conversation.get(account_id=account.id)).step if account else ""
            assert is_so == wanted, f"step is {is_so!r}"
            continue
        assert appeals, "there is no appeal"
        await _comes(appeals[number - 1].id, name, _YES.get(wanted, wanted))


async def _comes(appeal_id: int, name: str, wanted: str) -> None:
    try:
        async with asyncio.timeout(PATIENCE if name in {"status", "files"} else 1.0):
            while (is_so := await _fact(appeal_id, name)) != wanted:  # noqa: ASYNC110 - nor has a row
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"{name} is {is_so!r}") from None


async def _fact(appeal_id: int, name: str) -> str:
    appeal = await Appeal.get(id=appeal_id)
    if name in SURVEY and name != "round":
        survey = await Survey.filter(appeal_id=appeal_id).order_by("-round").first()
        value = getattr(survey, name) if survey else ""
        return ", ".join(value) if isinstance(value, list) else str(value)
    if name == "events":
        return ", ".join(event.verb for event in await _steps(appeal_id))
    if name == "files":
        files = await Attachment.filter(appeal_id=appeal_id, state=AttachmentState.STORED).order_by("id")
        return ", ".join(file.kind for file in files)
    if name == "anonymous":
        return str(appeal.resident_id is None)
    return str(getattr(appeal, _SHORT.get(name, name)))


async def outcome(appeal_ids: list[int]) -> list[dict[str, Any]]:
    """All that matters of these appeals, but for what differs by nature: ids, numbers, times, the channel."""
    async with asyncio.timeout(PATIENCE):
        waiting = Attachment.filter(appeal_id__in=appeal_ids, state=AttachmentState.WAITING)
        while await waiting.exists():  # noqa: ASYNC110 - a row has no event
            await asyncio.sleep(0.02)
    found = []
    for appeal in await Appeal.filter(id__in=appeal_ids).order_by("id"):
        files = await Attachment.filter(appeal_id=appeal.id).order_by("id").prefetch_related("event")
        found.append(
            {
                **_columns(appeal, APPEAL),
                "nobody": appeal.resident_id is None,
                "guesses": [slug for slug, _ in appeal.guesses],
                "events": _rows(await _steps(appeal.id), EVENT),
                "files": [
                    {
                        **_columns(file, FILE),
                        "name": _name(file),
                        "with": file.event.verb if file.event else None,
                    }
                    for file in files
                ],
                "surveys": _rows(await Survey.filter(appeal_id=appeal.id).order_by("id"), SURVEY),
                "supporters": _rows(await Supporter.filter(appeal_id=appeal.id).order_by("id"), SUPPORTER),
            }
        )
    return found


def _name(file: Attachment) -> str:
    """Viber gives every file a name, Telegram those that had one."""
    return file.name if file.kind is AttachmentKind.DOCUMENT else ""


async def _steps(appeal_id: int) -> list[Event]:
    """What was done to it; what control marks beside that comes by the clock."""
    return await Event.filter(appeal_id=appeal_id, verb__not_in=list(MARKS)).order_by("id")


def _rows(rows: Iterable[object], names: tuple[str, ...]) -> list[dict[str, Any]]:
    return [_columns(row, names) for row in rows]


def _columns(row: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
