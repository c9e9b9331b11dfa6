"""What the forms of an appeal offer besides their fields: templates, a preview, colleagues, bodies, tasks."""

from typing import Any

from aiohttp import web

from admin.keys import CITY, LANGUAGE, SHOW, USER
from core import replies, shipped
from core.actions.extend import latest
from core.actions.followers import colleagues
from core.actions.forward import WITHIN
from core.models import Appeal, Attachment, Channel, Follow, Task, Template
from core.models.appeals import AttachmentState
from core.preview import SPEAKS, Preview, Typed, letter
from core.queries.panel.card import Card
from core.ready import Ready
from core.workflow import MAY, Role, Verb

TEMPLATED = SPEAKS | {Verb.REWORK}
_OFFERED = Ready(lambda: Template.filter(active=True).order_by("position", "id"))
_TASKS = Ready(
    lambda appeal: Task.filter(appeal_id=appeal).order_by("id").select_related("assignee", "done_by")
)
_FOLLOWED = Ready(lambda appeal, staff: Follow.filter(appeal_id=appeal, staff_id=staff))


async def around(request: web.Request, card: Card) -> dict[str, Any]:
    """For the templates of the card; of an officer, only what a note needs."""
    appeal, user = card.appeal, request[USER]
    people = await colleagues(appeal, card.co_executors)
    found: dict[str, Any] = {
        "people": [person for person in people if person.id != user.staff.id],
        "followed": bool(await _FOLLOWED(appeal.id, user.staff.id)),
        "templates": {},
        "tasks": (),
        "speaks": SPEAKS if _chat(request, card) else frozenset(),
    }
    if user.staff.role is Role.EXECUTOR:
        return found
    city, language = request.app[CITY], request[LANGUAGE]
    last = latest(city, appeal, user.actor.role)
    return found | {
        "templates": await offered(),
        "tasks": await tasks_of(appeal),
        "checkers": [person for person in people if person.role in MAY[Verb.CHECKED]],
        "bodies": [getattr(body, language) for body in shipped.bodies()],
        "extend_until": last.isoformat() if last else "",
        "forward_by": appeal.created_at + WITHIN,
    }


async def offered() -> dict[Verb, list[Template]]:
    rows = await _OFFERED()
    return {verb: replies.offered(rows, verb) for verb in sorted(TEMPLATED)}


async def filled(request: web.Request, card: Card, template_id: int, verb: Verb) -> str:
    """A template's words, in the language of who will read them; nothing where there is none such.

    The resident's name stands in them only where this person sees it, see core/actions/looks.py.
    """
    template = await Template.get_or_none(id=template_id, active=True, verb__in=["", verb])
    if template is None or verb not in TEMPLATED:
        return ""
    contacts = card.contacts
    name = "" if contacts.covered or verb is Verb.REWORK else contacts.name
    return replies.filled(template, request.app[CITY], card.appeal, reader(request, card, verb), name=name)


def reader(request: web.Request, card: Card, verb: Verb) -> str:
    """In which language an action's words are read: the resident's, or our own among colleagues."""
    return card.account.language if card.account and verb in SPEAKS else request[LANGUAGE]


def preview(request: web.Request, card: Card, verb: Verb, typed: Typed) -> Preview | None:
    """As the resident would see it; None where there is nothing to say yet, or no chat to say it in."""
    account = _chat(request, card)
    found = letter(request.app[CITY], verb, card.appeal, typed, _of_report(card))
    if account is None or found is None:
        return None
    return request.app[SHOW](account.channel, *found, account.language)


async def tasks_of(appeal: Appeal) -> list[Task]:
    """Those still to be done first."""
    return sorted(await _TASKS(appeal.id), key=lambda task: task.done_at is not None)


def _chat(request: web.Request, card: Card) -> Any:  # noqa: ANN401 - an Account, which mypy sees as a relation
    written = card.account is not None and card.account.channel in (Channel.TELEGRAM, Channel.VIBER)
    return card.account if written and SHOW in request.app else None


def _of_report(card: Card) -> list[int]:
    """The photos that go along with a result, as core/jobs.py takes them."""
    reports = [event.id for event in card.events if event.verb is Verb.REPORT]
    stored: list[Attachment] = [each for each in card.photos if each.state is AttachmentState.STORED]
    return [each.id for each in stored if reports and each.event_id == reports[-1]][:10]
