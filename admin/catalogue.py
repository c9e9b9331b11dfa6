"""What the pages of the catalogue share: a form that was sent and perhaps refused, and changes in words."""

import hashlib
import json
from collections.abc import Awaitable, Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, Final

from aiohttp import web

from admin import pages, wording
from admin.forms import Sent
from admin.keys import CITY, LANGUAGE, USER
from core.actions import calendar_form
from core.actions.catalogue_checks import Refused
from core.actions.reckon import Foreseen
from core.city import City
from core.errors import Conflict, Invalid
from core.i18n import t
from core.importing.plan import Plan
from core.models import Change
from core.pack import PackError
from core.queries.panel.catalogue import history
from core.workflow import Role

RECENT: Final = 8  # changes of a thing, below its form
SLUG: Final = r"{slug:[A-Za-z0-9_.]{1,64}}"
# Facts that have a name of their own; others are called as in the pack's files.
FIELDS: Final = frozenset(
    {
        *("slug", "uk", "en", "group", "hours", "urgent", "needs_place", "executor_kind", "place"),
        *("needs_photo", "checked", "check_share", "pre_alarm_share"),
        *("short_uk", "short_en", "kind", "district", "portfolio", "phone", "head"),
        *("title_uk", "title_en", "words_uk", "words_en", "verb", "position", "active"),
        *("outline", "executor", "co_executors", "category"),
        *("mon", "tue", "wed", "thu", "fri", "sat", "sun", "days_off", "public_holidays", "emergency"),
        *("special", "holidays", "calendar", "portfolios"),
    }
)
_SAME: Final = {"co-executors": "co_executors"}  # as imports called it once


@dataclass(slots=True)
class Form:
    """`values` as they stand in the fields, `was` as they were when the page was made (None: a new thing)."""

    values: dict[str, Any]
    was: Mapping[str, Any] | None = None
    errors: dict[str, str] = field(default_factory=dict)  # by field
    error: str = ""  # of the whole
    meanwhile: tuple["Line", ...] = ()  # what somebody else changed
    status: int = 200
    moves: Foreseen | None = None  # open deadlines, of which nobody has said yet that they may move

    @property
    def seal(self) -> str:
        """`was`, to travel in the form."""
        return json.dumps(self.was, ensure_ascii=False)

    @property
    def hours(self) -> str:
        """What tells these working hours from others."""
        said = json.dumps([self.values.get(name) for name in calendar_form.FIELDS])
        return hashlib.sha256(said.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Line:
    """One fact that differs: what it is called, what it was, what it is."""

    name: str
    before: str
    after: str


def seen(sent: Sent) -> dict[str, Any] | None:
    """What the page showed when its form was made; None of a new thing."""
    try:
        found = json.loads(sent.text("was") or "null")
    except (ValueError, RecursionError) as error:
        raise web.HTTPBadRequest from error
    if found is not None and not isinstance(found, dict):
        raise web.HTTPBadRequest
    return found


async def tried(request: web.Request, form: Form, saving: Awaitable[object]) -> bool:
    """Whether it was saved; where not, the form says why and keeps what was typed."""
    language = request[LANGUAGE]
    try:
        await saving
    except Refused as refused:
        form.errors = {name: pages.text_of(each, language) for name, each in refused.errors.items()}
        form.error, form.status = pages.text_of(refused, language), 422
    except (Invalid, PackError) as refused:
        form.error, form.status = pages.text_of(refused, language), 422
    except Conflict as lost:
        form.error, form.status = pages.text_of(lost, language), 409
    return form.status == 200  # noqa: PLR2004 - untouched


async def agreed(request: web.Request, form: Form, sent: Sent, planning: Awaitable[Plan]) -> Plan | None:
    """The plan of what was sent; None where it is refused, or moves deadlines and that wasn't shown yet."""
    found: list[Plan] = []

    async def plan() -> None:
        found.append(await planning)

    if not await tried(request, form, plan()):
        return None
    if sent.text("sure") != form.hours and (moves := await found[0].moves()):
        form.moves = moves
        return None
    return found[0]


def overtaken(request: web.Request, form: Form, now: Mapping[str, Any] | None, subject: str) -> None:
    """Say what was changed meanwhile; who saves again does so knowing it."""
    if form.status == 409 and form.was is not None and now is not None:  # noqa: PLR2004 - a conflict
        city, language = request.app[CITY], request[LANGUAGE]
        form.meanwhile = tuple(lines(city, language, subject, form.was, now))
        form.was = now


async def respond(
    request: web.Request, template: str, context: dict[str, Any], *, form: Form | None = None
) -> web.Response:
    more = {
        "form": form,
        "may_edit": request[USER].staff.role is Role.ADMINISTRATOR,
        "label": lambda name: label(name, request[LANGUAGE]),
    }
    return await pages.page(request, template, more | context, status=form.status if form else 200)


async def past(request: web.Request, subject: str, key: str | None = None) -> list[dict[str, Any]]:
    """The last changes of a thing, to be shown below its form."""
    found = await history(subject, key, limit=RECENT)
    return [told(request, change) for change in found.changes]


def told(request: web.Request, change: Change) -> dict[str, Any]:
    """A change as a page shows it."""
    city, language = request.app[CITY], request[LANGUAGE]
    what = "new" if change.before is None else "gone" if change.after is None else "changed"
    if change.subject == "template" and what == "changed" and "active" in (change.after or {}):
        what = "restored" if (change.after or {})["active"] else "retired"
    return {
        "at": change.at,
        "who": change.staff.name if change.staff else t("panel.catalogue.console", language),
        "subject": t(f"panel.catalogue.subject.{change.subject}", language),
        "name": called(city, change, language),
        "what": t(f"panel.catalogue.was.{what if change.key else 'many'}", language),
        "lines": tuple(lines(city, language, change.subject, change.before or {}, change.after or {})),
    }


def lines(
    city: City, language: str, subject: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[Line]:
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name), after.get(name)
        if old != new:
            named = f"words_{name}" if subject == "template" and name in ("uk", "en") else name
            yield Line(
                label(named, language),
                _shown(city, language, name, old) if name in before else "",
                _shown(city, language, name, new) if name in after else "",
            )


def label(name: str, language: str) -> str:
    name = _SAME.get(name, name)
    return t(f"panel.catalogue.field.{name}", language) if name in FIELDS else name


def called(city: City, change: Change, language: str) -> str:
    """The thing's name, by its key where it has none."""
    things: Mapping[str, Mapping[str, object]] = {
        "category": city.categories,
        "executor": city.executors,
        "district": city.districts,
        "group": {each.slug: each for each in city.pack.groups},
        "portfolio": {each.slug: each for each in city.pack.portfolios},
    }
    if change.subject == "template":
        facts = (change.after or {}) | (change.before or {})
        return str(facts.get(f"title_{language}") or f"№ {change.key}")
    if change.subject == "city":
        return label(change.key, language)
    return str(getattr(things.get(change.subject, {}).get(change.key), language, change.key))


def _shown(city: City, language: str, name: str, value: object) -> str:
    if name == "public_holidays" and value in ("yes", "no"):
        value = value == "yes"
    if isinstance(value, bool):
        return t("panel.catalogue.yes" if value else "panel.catalogue.no", language)
    if isinstance(value, list):
        return ", ".join(str(each[0]) for each in value) or "—"
    if isinstance(value, float):
        return f"{100 * value:g} %" if name.endswith("_share") else f"{value:g}"
    things: Mapping[str, Mapping[str, object]] = {
        "group": {each.slug: each for each in city.pack.groups},
        "portfolio": {each.slug: each for each in city.pack.portfolios},
        "district": city.districts,
    }
    return str(getattr(things.get(name, {}).get(str(value)), language, value or "—"))


def number(text: str) -> float | None:
    """As it is typed, with a comma or a point; None for what is none."""
    try:
        found = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return found if isfinite(found) else None


def rule_words(request: web.Request) -> dict[str, Any]:
    """For templates that show rules."""
    city, language = request.app[CITY], request[LANGUAGE]
    return {
        "when_rule": lambda rule: wording.conditions(city, rule.conditions, language),
        "whom": lambda slugs: wording.executors(city, slugs, language),
    }
