"""The category model: what it knows, how well it guesses, and going back to an older one."""

from dataclasses import dataclass

from aiohttp import web

from admin import forms, pages
from admin.access import ADMINISTRATORS, WATCH, Routes
from admin.keys import CITY, USER
from core.learning import retraining, versions
from core.learning.lessons import ENOUGH
from core.queries.panel import model as models
from core.queries.panel.model import Week
from core.workflow import Role

routes = Routes()
FEW = 10  # appeals of a week, below which a share may be chance
WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 400, 190, 38, 12, 150  # of the drawing, in its own units


@dataclass(frozen=True, slots=True)
class Point:
    x: float
    y: float
    week: Week

    @property
    def share(self) -> float:
        return self.week.right / self.week.told

    @property
    def few(self) -> bool:
        return self.week.told < FEW


@routes.route("GET", "/admin/model", roles=WATCH)
async def show(request: web.Request) -> web.Response:
    """The whole page, or for htmx the part that changes while a lesson is under way."""
    city = request.app[CITY]
    found = await models.model_page(city.understander.model_version, city.pack.timezone)
    points = _points(found.weeks)
    context = {
        "page": found,
        "points": points,
        "lines": _lines(points),
        "grid": [(share, _y(share)) for share in (0.0, 0.5, 1.0)],
        "drawing": (WIDTH, HEIGHT, LEFT),
        "few": FEW,
        "enough": ENOUGH,
        "administrator": request[USER].staff.role is Role.ADMINISTRATOR,
    }
    if pages.by_htmx(request):
        return pages.fragment(request, "parts/model.html", context)
    return await pages.page(request, "model.html", context)


@routes.route("GET", "/admin/model/confusion", roles=WATCH)
async def confusion(request: web.Request) -> web.Response:
    """The appeals of one confusion; what the catalogue doesn't know has none."""
    guess, category = (request.query.get(name, "").replace("\x00", "") for name in ("guess", "category"))
    found = await models.confused(guess, category)
    return await pages.page(
        request, "confusion.html", {"guess": guess, "category": category, "appeals": found}
    )


@routes.route("POST", "/admin/model/retrain", roles=ADMINISTRATORS)
async def retrain(_request: web.Request) -> web.Response:
    await retraining.ask()
    return pages.see_other("/admin/model")


@routes.route("POST", "/admin/model/back", roles=ADMINISTRATORS)
async def go_back(request: web.Request) -> web.Response:
    version = (await forms.read(request)).text("version")
    await versions.go_back(request.app[CITY], request[USER].actor, version)
    return pages.see_other("/admin/model")


def _y(share: float) -> float:
    return BOTTOM - share * (BOTTOM - TOP)


def _points(weeks: tuple[Week, ...]) -> list[Point | None]:
    """One for each week; None where nobody said anything."""
    step = (WIDTH - LEFT) / len(weeks)
    return [
        Point(round(LEFT + (at + 0.5) * step, 1), round(_y(week.right / week.told), 1), week)
        if week.told
        else None
        for at, week in enumerate(weeks)
    ]


def _lines(points: list[Point | None]) -> list[str]:
    """Through points that follow each other; a silent week breaks the line."""
    lines: list[list[str]] = [[]]
    for point in points:
        if point is None:
            lines.append([])
        else:
            lines[-1].append(f"{point.x},{point.y}")
    return [" ".join(line) for line in lines if len(line) > 1]
