"""Somebody rings: what they say is typed here, and what is known of it appears beside (SE II.2).

Nothing is kept until it is saved, and nothing of it stands in an address: what is typed travels in the form.
"""

import secrets
from dataclasses import dataclass, fields
from typing import Any, Final

from aiohttp import web

from admin import forms, pages
from admin.access import DESK, Routes
from admin.forms import Sent
from admin.keys import CITY, LANGUAGE, USER
from core import log
from core.actions import phone
from core.actions.forgetting import stake
from core.actions.move import look_up
from core.actions.phone import Caller
from core.actions.submit import Submission
from core.city import City
from core.errors import Conflict, Invalid, NotFound
from core.i18n import LANGUAGES, translator, until
from core.models import Account, Appeal
from core.phones import normalised, spaced
from core.queries.panel import intake
from core.queries.panel.intake import Heard
from core.workflow import BY_NAME, STATUTORY, Kind

routes = Routes()
_log = log.get(__name__)

KINDS: Final = (
    *(Kind.REQUEST, Kind.CONSULTATION, Kind.STATEMENT, Kind.COMPLAINT, Kind.PROPOSAL),
    *(Kind.DEPUTY, Kind.THANKS),
)
ADVISED: Final = frozenset({"101", "103", "104"})  # those for which there is more to say than to call
UNSURE: Final = "other"  # the category of what only an operator can place
# At which field an error shows; the rest show above the form.
_FIELD_OF: Final = {"phone": "number", "name": "name", "address": "home", "appeal": "text", "words": "text"}


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as it stands, right or wrong; `form` is its token."""

    number: str = ""
    name: str = ""
    text: str = ""
    address: str = ""
    place: str = ""
    district: str = ""
    category: str = ""
    kind: str = Kind.REQUEST.value
    home: str = ""
    language: str = "uk"
    urgent: str = ""
    form: str = ""

    @property
    def caller(self) -> Caller:
        return Caller(self.number, self.name, self.home, self.language)

    @property
    def what(self) -> Kind:
        return Kind(self.kind)


@routes.route("GET", "/admin/intake", roles=DESK)
async def show(request: web.Request) -> web.Response:
    return await _page(request, Typed(form=secrets.token_urlsafe(12)))


@routes.route("POST", "/admin/intake/look", roles=DESK)
async def look(request: web.Request) -> web.Response:
    """What is seen of it so far: beside the form, or the whole page where there are no scripts."""
    typed = _typed(await forms.read(request))
    if pages.by_htmx(request):
        return pages.fragment(request, "parts/heard.html", await _context(request, typed))
    return await _page(request, typed)


@routes.route("POST", "/admin/intake", roles=DESK)
async def save(request: web.Request) -> web.Response:
    """Filed, joined to what is known, or answered; refused, the form again with all that was typed."""
    sent = await forms.read(request)
    typed, city, actor = _typed(sent), request.app[CITY], request[USER].actor
    do, _, which = sent.text("do").partition(":")
    try:
        if do == "join":
            appeal = await phone.join(
                city, actor, typed.caller, forms.as_integer(which) or 0, _words(typed.text)
            )
        elif do == "answer":
            answer = next((each for each in city.pack.answers if each.slug == which), None)
            if answer is None:
                raise web.HTTPBadRequest
            said = answer.en if typed.language == "en" else answer.uk
            topic = answer.category or answer.report or UNSURE
            appeal = await phone.consult(city, actor, typed.caller, _submission(city, typed, topic), said)
        else:
            appeal = await phone.submit(city, actor, typed.caller, _submission(city, typed))
    except (Invalid, Conflict, NotFound) as refused:
        return await _page(request, typed, refused)
    return pages.see_other(f"/admin/intake/taken/{appeal.id}" + ("?joined=1" if do == "join" else ""))


@routes.route("GET", r"/admin/intake/taken/{id:\d{1,9}}", roles=DESK)
async def taken(request: web.Request) -> web.Response:
    """What to read out to the caller: the number, who answers and until when."""
    city = request.app[CITY]
    appeal = await look_up(int(request.match_info["id"]), request[USER].actor)
    joined = "joined" in request.query
    account = await Account.get_or_none(id=appeal.account_id)
    language = account.language if account and not joined else "uk"
    context = {
        "appeal": appeal,
        "joined": joined,
        "said": translator(language),
        "by_when": until(appeal.due_at, language, city.pack.timezone) if appeal.due_at else "",
        "by": getattr(city.executors.get(appeal.executor_id or ""), f"short_{language}", ""),
    }
    return await pages.page(request, "intake_taken.html", context)


@routes.route("POST", "/admin/intake/forget", roles=DESK)
async def forget(request: web.Request) -> web.Response:
    """The caller wants to be forgotten: first what that means, then done."""
    sent = await forms.read(request)
    number, city = normalised(sent.text("number")), request.app[CITY]
    resident = await phone.known(number)
    if resident is None:
        raise NotFound("caller.unknown")
    context: dict[str, Any] = {"number": number, "spaced": spaced, "done": False}
    if sent.text("sure"):
        context |= {"stake": await phone.forget(city, number), "done": True}
        _log.info("caller.forgotten", resident=resident.id, staff=request[USER].staff.id)
    else:
        context["stake"] = await stake(resident.id)
    return await pages.page(request, "intake_forget.html", context)


def _typed(sent: Sent) -> Typed:
    values = {field.name: sent.text(field.name) for field in fields(Typed)}
    known = {
        "kind": values["kind"] if values["kind"] in KINDS else Kind.REQUEST.value,
        "language": values["language"] if values["language"] in LANGUAGES else LANGUAGES[0],
        "category": values["category"] or sent.text("guess"),
        "form": values["form"][:40],
    }
    return Typed(**(values | known))


def _words(text: str) -> str:
    if not text.strip():
        raise Invalid("words.needed")
    return text


def _submission(city: City, typed: Typed, topic: str = "") -> Submission:
    """What is filed; `topic` is the category where it is known beforehand."""
    seen, kind = city.understander.understand(typed.text), typed.what
    guesses = [each for each in seen.categories if each.slug in city.categories]
    chosen = typed.category if typed.category in city.categories else ""
    plain = guesses[0].slug if seen.confident and guesses else ""
    category = topic if topic in city.categories else chosen or plain or UNSURE
    dangerous = seen.urgency.urgent and kind not in BY_NAME
    return Submission(
        text=typed.text,
        category=category,
        place=intake.place_of(city, typed.text, typed.address, chosen=typed.place, district=typed.district),
        kind=None if kind is Kind.REQUEST else kind,
        sure=bool(chosen or plain),
        chosen=bool(chosen),
        urgent=(dangerous or bool(typed.urgent)) and kind not in BY_NAME,
        guesses=tuple((each.slug, round(each.score, 4)) for each in guesses),
        danger_words=seen.urgency.words if dangerous else (),
        model_version=seen.model_version,
        form=typed.form,
    )


async def _page(
    request: web.Request, typed: Typed, refused: Invalid | Conflict | NotFound | None = None
) -> web.Response:
    field = _FIELD_OF.get(refused.key.partition(".")[0], "") if refused else ""
    errors = {field: pages.text_of(refused, request[LANGUAGE])} if refused else {}
    status = 200 if refused is None else 409 if isinstance(refused, Conflict) else 422
    context = await _context(request, typed) | {"errors": errors}
    return await pages.page(request, "intake.html", context, status=status)


async def _context(request: web.Request, typed: Typed) -> dict[str, Any]:
    city = request.app[CITY]
    heard = await intake.heard(
        city,
        number=typed.number,
        text=typed.text,
        address=typed.address,
        category=typed.category,
        kind=typed.what,
    )
    place = intake.place_of(city, typed.text, typed.address, chosen=typed.place, district=typed.district)
    urgent = (heard.urgent or bool(typed.urgent)) and typed.what not in BY_NAME
    route = (
        city.route(heard.category, place.district, kind=typed.what, urgent=urgent) if heard.category else None
    )
    return {
        "typed": typed,
        "heard": heard,
        "said": translator(typed.language),
        "danger": _danger(heard),
        "spaced": spaced,
        "kinds": KINDS,
        "statutory": typed.what in STATUTORY,
        "executor": route.executor if route else None,
        "picked": "" if typed.place == intake.AS_TYPED else place.address,
        "as_typed": intake.AS_TYPED,
        "whose": lambda appeal: _whose(appeal, heard),
    }


def _danger(heard: Heard) -> str:
    """Key of what to tell who is in danger, in the caller's language."""
    if heard.emergency is None:
        return ""
    return f"card.danger_{heard.emergency}" if heard.emergency in ADVISED else "card.danger_call"


def _whose(appeal: Appeal, heard: Heard) -> bool:
    """Whether the caller filed it themselves."""
    return heard.known is None or appeal.id not in heard.known.joined
