"""The routing table: read by the desk, changed by administrators, each change first tried on past appeals.

Nothing of a change is kept between requests: what was typed travels in the form, with the table's version.
"""

from dataclasses import replace
from enum import StrEnum
from typing import Any, TypeVar

from aiohttp import web

from admin import forms, pages, wording
from admin.access import ADMINISTRATORS, WATCH, Routes
from admin.forms import Sent
from admin.keys import CITY, LANGUAGE, USER
from core import routing
from core.actions import rules
from core.actions.rules import Standing
from core.deadlines import Hours
from core.errors import Conflict, Invalid
from core.pack import RuleSpec
from core.queries.panel.rules import DryRun, dry_run
from core.routing import Change, Table
from core.workflow import Kind, Role

routes = Routes()
SHOWN = 100  # of the appeals that would go elsewhere
E = TypeVar("E", bound=StrEnum)


class Do(StrEnum):
    """What a form asks to be done to the table."""

    ADD = "add"
    EDIT = "edit"
    UP = "up"
    DOWN = "down"
    DELETE = "delete"


@routes.route("GET", "/admin/rules", roles=WATCH)
async def show(request: web.Request) -> web.Response:
    standing, city = await rules.standing(), request.app[CITY]
    groups = {category.slug: category.group for category in city.categories.values()}
    context = {
        "standing": standing,
        "out_of_reach": dict(routing.shadowed(standing.table, groups)),
        "may_edit": request[USER].staff.role is Role.ADMINISTRATOR,
        **_words(request),
    }
    return await pages.page(request, "rules.html", context)


@routes.route("GET", "/admin/rules/new", roles=ADMINISTRATORS)
async def new(request: web.Request) -> web.Response:
    standing = await rules.standing()
    rule = RuleSpec(max(1, len(standing.table)), None, None, None, "")  # above the last resort
    return await _editor(request, standing, Do.ADD, None, rule)


@routes.route("GET", "/admin/rules/edit", roles=ADMINISTRATORS)
async def edit(request: web.Request) -> web.Response:
    standing, was = await rules.standing(), request.query.get("rule", "")
    return await _editor(request, standing, Do.EDIT, was, _found(standing.table, was))


@routes.route("POST", "/admin/rules/try", roles=ADMINISTRATORS)
async def attempt(request: web.Request) -> web.Response:
    """What a change would mean, before anything is changed."""
    sent, standing = await forms.read(request), await rules.standing()
    do, was = _asked(sent)
    try:
        change = _change(sent, standing.table)
        after = await rules.proposed(standing.table, change)
    except Invalid as refused:
        return await _editor(request, standing, do, was, _typed(sent), refused=refused)
    run = await dry_run(request.app[CITY], standing.table, after)
    return await _editor(request, standing, do, was, change.rule or _found(standing.table, was), run=run)


@routes.route("POST", "/admin/rules/save", roles=ADMINISTRATORS)
async def save(request: web.Request) -> web.Response:
    """Done as it was tried; where the table has changed since, it must be tried again."""
    sent, standing = await forms.read(request), await rules.standing()
    do, was = _asked(sent)
    expected = sent.integer("version")
    if expected is None:
        raise web.HTTPBadRequest
    try:
        change = _change(sent, standing.table)
        await rules.save(request.app[CITY], request[USER].actor, change, expected=expected)
    except (Invalid, Conflict) as refused:
        return await _editor(request, standing, do, was, _typed(sent), refused=refused)
    return pages.see_other(f"/admin/rules#rule-{change.rule.position}" if change.rule else "/admin/rules")


def _asked(sent: Sent) -> tuple[Do, str | None]:
    """What is to be done, and the key of the rule to which."""
    do = _one(Do, sent.text("do"))
    if do is None:
        raise web.HTTPBadRequest
    return do, None if do is Do.ADD else sent.text("was")


def _change(sent: Sent, table: Table) -> Change:
    do, was = _asked(sent)
    if do is Do.DELETE:
        return Change(was, None)
    if do in (Do.UP, Do.DOWN):
        rule = _found(table, was)
        return Change(was, replace(rule, position=rule.position + (1 if do is Do.DOWN else -1)))
    if not sent.integer("at"):
        raise Invalid("rule.position")
    return Change(was, _typed(sent))


def _typed(sent: Sent) -> RuleSpec:
    """The rule as it stands in the form, right or wrong."""
    sort, _, slug = sent.text("topic").partition(":")
    return RuleSpec(
        position=sent.integer("at") or 0,
        category=slug if sort == "category" else None,
        group=slug if sort == "group" else None,
        district=sent.text("district") or None,
        executor=sent.text("executor"),
        kind=_one(Kind, sent.text("kind")),
        urgent={"yes": True, "no": False}.get(sent.text("urgent")),
        hours=_one(Hours, sent.text("hours")),
        co_executors=tuple(slug for slug in sent.texts("co_executors") if slug),
    )


def _found(table: Table, key: str | None) -> RuleSpec:
    rule = next((rule for rule in table if routing.key(rule) == key), None)
    if rule is None:
        raise Invalid("rule.gone")
    return rule


def _one(kinds: type[E], text: str) -> E | None:
    return kinds(text) if text in set(kinds) else None


async def _editor(
    request: web.Request,
    standing: Standing,
    do: Do,
    was: str | None,
    rule: RuleSpec,
    *,
    run: DryRun | None = None,
    refused: Invalid | Conflict | None = None,
) -> web.Response:
    """The form with `rule` in it and, after a try, what the change would mean or why it can't be."""
    context = {
        "standing": standing,
        "do": do,
        "was": was,
        "before": next((one for one in standing.table if routing.key(one) == was), None),
        "rule": rule,
        "run": run,
        "shown": SHOWN,
        "kinds": list(Kind),
        "error": pages.text_of(refused, request[LANGUAGE]) if refused else "",
        **_words(request),
    }
    status = 200 if refused is None else 409 if isinstance(refused, Conflict) else 422
    return await pages.page(request, "rule.html", context, status=status)


def _words(request: web.Request) -> dict[str, Any]:
    city, language = request.app[CITY], request[LANGUAGE]
    return {
        "key": routing.key,
        "when_rule": lambda rule: wording.conditions(city, rule.conditions, language),
        "whom": lambda slugs: wording.executors(city, slugs, language),
    }
