"""The panel as one aiohttp application; who composes it opens the database and adds the webhooks."""

from collections.abc import Callable

from aiohttp import web

from admin import keys, metrics, pages
from admin.access import PUBLIC, access, refuse_undeclared
from admin.keys import Probes
from admin.middleware import MIDDLEWARES
from admin.views import (
    absences,
    account,
    actions,
    alarms,
    behind,
    board,
    bulk,
    calls,
    card,
    catalogue,
    catalogue_categories,
    catalogue_city,
    catalogue_deadlines,
    catalogue_executors,
    catalogue_files,
    catalogue_places,
    catalogue_templates,
    control,
    duty,
    export,
    hand_over,
    heat,
    incidents,
    indicators,
    intake,
    jobs,
    looks,
    mine,
    model,
    notices,
    operations,
    photos,
    preview,
    queue,
    report_files,
    reports,
    reset,
    roles,
    rules,
    satisfaction,
    saved_filters,
    second_step,
    sign_in,
    staff,
    steps,
    subscriptions,
    tasks,
)
from core.city import City
from core.config import Settings
from core.media import Links, MediaStore
from core.preview import Show

__all__ = ["Probes", "create_app"]

VIEWS = (
    *(operations, sign_in, queue, saved_filters, steps, card, looks, actions),
    *(hand_over, notices, account, photos),
    *(rules, absences, model, incidents),
    *(second_step, reset, staff, roles),
    mine,
    *(intake, calls),
    *(preview, tasks),
    *(duty, alarms, board),
    *(catalogue, catalogue_categories, catalogue_executors, catalogue_places),
    *(catalogue_deadlines, catalogue_templates, catalogue_city, catalogue_files),
    *(bulk, export),
    *(indicators, behind, satisfaction),
    *(reports, report_files, heat, subscriptions),
    *(jobs, control),
)
_FOR_EVER = "public, max-age=31536000, immutable"


def create_app(
    settings: Settings,
    city: City,
    media: MediaStore,
    links: Links,
    *,
    probes: Probes = Probes(),  # noqa: B008 - frozen
    bot_name: Callable[[], str] = str,
    show: Show | None = None,
) -> web.Application:
    """`bot_name` gives the Telegram bot's name once it is known, for links to it; until then nothing.

    `show` draws a letter as the bots would; without it no form offers a preview.
    """
    app = web.Application(middlewares=MIDDLEWARES)
    app[keys.SETTINGS] = settings
    app[keys.CITY] = city
    app[keys.MEDIA] = media
    app[keys.LINKS] = links
    app[keys.PROBES] = probes
    app[keys.BOT_NAME] = bot_name
    if show is not None:
        app[keys.SHOW] = show
    app[keys.TEMPLATES] = pages.environment()
    metrics.install(app)
    for view in VIEWS:
        view.routes.add_to(app)
    static = app.router.add_static("/static/", pages.STATIC)
    access(app).update(dict.fromkeys(static, PUBLIC))
    app.on_response_prepare.append(_keep_static)
    app.on_startup.append(refuse_undeclared)
    return app


async def _keep_static(request: web.Request, response: web.StreamResponse) -> None:
    """An address with a version never changes what it means."""
    if request.path.startswith("/static/") and "v" in request.query and response.status < 300:  # noqa: PLR2004
        response.headers["Cache-Control"] = _FOR_EVER
