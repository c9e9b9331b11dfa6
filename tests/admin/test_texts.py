"""Every text that the panel may show exists, in both languages, with the forms its language has."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from babel.messages.pofile import read_po

from admin.app import VIEWS
from admin.asked_figures import quick
from admin.catalogue import FIELDS
from admin.choices import ACTIONS
from admin.pages import ABOUT
from admin.periods import QUICK
from admin.reporting import TABLES
from admin.story import LETTERS
from admin.views import indicators, satisfaction
from admin.views.bulk import VERBS
from admin.views.export import COLUMNS
from admin.views.incidents import ANSWERS
from admin.views.notices import KINDS
from admin.views.queue import End
from admin.views.report_files import COLUMNS as REPORT_COLUMNS
from admin.views.roles import areas
from core.actions.changes import SUBJECTS
from core.actions.hearing import Whom
from core.actions.poll import REASONS
from core.actions.subscriptions import EVERY
from core.actions.tasks import OUTCOMES
from core.control import Step
from core.deadlines import Hours
from core.holding import Why
from core.i18n import LANGUAGES, LOCALES
from core.learning.retraining import Progress
from core.models import AlarmState, Channel, IncidentState, ModelState, OutboxState, TaskKind
from core.models.staff import Post
from core.pack.streets import STREET_TYPES
from core.queries.day import Part
from core.queries.figures.behind import COUNTED
from core.queries.panel.filters import View
from core.queries.panel.tasks import Shown
from core.queries.reports.sums import RESULTS
from core.replies import VARIABLES
from core.workflow import Kind, Role, Status, Verb

ADMIN = Path(__file__).parents[2] / "admin"
app = web.Application()
for view in VIEWS:
    view.routes.add_to(app)
PAGES = set(areas(app))  # whose names the matrix of roles shows
FAMILIES: dict[str, set[str]] = {
    "panel.view.": set(View),
    "panel.empty.": set(View) | {f"{view}_hint" for view in View},
    "panel.steps.": set(End),
    "panel.status.": set(Status),
    "panel.chip.": {
        *("since", "until", "due", "urgent", "not_urgent"),
        *("photos", "supporters", "incident", "incident_one", "reopened", "reworked", "idle"),
    },
    "panel.found.": {"number", "phone", "name", "address"},
    "panel.saved.sure": {"", "_shared"},
    "panel.role.": set(Role),
    "panel.post.": {post.value for post in Post if post},
    "panel.step.": set(Step),
    "panel.control.": set(Part),
    "panel.whom.": {*Whom, "nobody"},
    "panel.channel.": set(Channel),
    "panel.delivery.": set(OutboxState) | {f"held.{why}" for why in Why} | {"together", "needless"},
    "panel.notice.": set(KINDS) | {"other"},
    "panel.event.": set(Verb)
    | {
        "accepted",
        "comment",
        "prioritise_calm",
        "alarm_unanswered",
        "acknowledge_phone",
        "call_told",
        "call_unanswered",
        "withdraw_goes_on",
    },
    "panel.do.": {f"{verb}{part}" for verb in ACTIONS for part in ("", ".hint", ".go")}
    | {f"{verb}.words" for verb, action in ACTIONS.items() if action.words},
    "panel.moved.": {"none", "status", "category", "executor", "co_executors", "deadline"},
    "panel.language.": set(LANGUAGES),
    "panel.kind.": set(Kind),
    "panel.reason.": set(REASONS),
    "panel.rule.hours.": set(Hours),
    "panel.absences.": {"staff", "substitute", "first_day", "last_day"},
    "panel.model.state.": set(ModelState),
    "panel.model.progress.": {each.value for each in Progress if each is not Progress.IDLE},
    "panel.incidents.": {"proposed", "open", "past"},
    "panel.incident.state.": set(IncidentState),
    "panel.incident.do.": {f"{answer}{part}" for answer in ANSWERS for part in ("", ".hint")},
    "panel.roles.verb.": {verb.value for verb in Verb if verb not in ACTIONS},
    "panel.nav.": PAGES,
    "panel.about.": set(ABOUT),
    "panel.staff.": {
        f"{what}{part}"
        for what in ("reset", "second_step", "deactivate", "activate")
        for part in ("", "_sure", "_go")
    },
    "panel.task.": {f"{kind}{part}" for kind in TaskKind for part in ("", ".go")}
    | {f"outcome.{outcome}" for outcome in (*OUTCOMES, "told", "unanswered")},
    "panel.tasks.": set(Shown),
    "panel.figures.column.": {*indicators.COLUMNS, *satisfaction.COLUMNS, "name", "overdue"},
    "panel.figures.what.": {*indicators.COLUMNS, *satisfaction.COLUMNS, "name", "overdue"},
    "panel.figures.by.": {*indicators.WAYS, *satisfaction.WAYS},
    "panel.figures.any.": {"executor", "category", "district"},
    "panel.behind.of.": set(COUNTED),
    "panel.behind.column.": {"day", "number", "category", "district", "executor", "took", "said", "status"},
    "panel.behind.good.": {"yes", "no"},
    "panel.behind.solved.": {"yes", "no"},
    "panel.figures.quick.": set(quick(date(2026, 3, 2))),
    "panel.indicators.chart.": {"amounts", "on_time", "length"},
    "panel.change.": {"better", "worse", "points", "same"},
    "panel.length.": {"minutes", "hours", "days"},
    "panel.catalogue.field.": set(FIELDS),
    "panel.catalogue.subject.": set(SUBJECTS),
    "panel.catalogue.street.": set(STREET_TYPES),
    "panel.catalogue.variable.": set(VARIABLES),
    "panel.catalogue.was.": {"new", "gone", "changed", "retired", "restored", "many"},
    "panel.catalogue.what.": {
        *("categories", "deadlines", "executors", "districts", "streets", "templates", "city")
    },
    "panel.letter.": set(LETTERS) | {"other"},
    "panel.call.solved_": {"yes", "no", "unsaid"},
    "panel.bulk.do.": {f"{do}{part}" for do in VERBS for part in ("", ".hint")} | {"undo"},
    "panel.bulk.done.": {*VERBS, "undo"},
    "panel.export.column.": set(COLUMNS),
    "panel.alarm.means.": {"chat", "panel", "phone"},
    "panel.alarm.outcome.": {"acknowledged", "unanswered"},
    "panel.alarm.state.": {state.value for state in AlarmState if state is not AlarmState.ACKNOWLEDGED},
    "panel.duty.weekday.": {str(at) for at in range(7)},
    "panel.report.side.": {"indicators", "satisfaction", "reports", "heat", "subscriptions"},
    "panel.report.quick.": set(QUICK),
    "panel.report.table.": {*TABLES, "problems"},
    "panel.report.column.": {
        *REPORT_COLUMNS,
        "came",
        "handed",
        "reopened",
        "answers",
        "share",
        "change",
        "on_time",
    },
    "panel.report.result.": set(RESULTS),
    "panel.report.note.": {"counts", "handed", "in_time", "overdue", "few"},
    "panel.subscriptions.": {*EVERY, "mine", "all", "none", "none_mine"},
    "panel.mine.": {"overdue", "today", "later", "elsewhere", "helping"},
}


def catalogue(language: str) -> dict[str, Any]:
    with (LOCALES / language / "panel.po").open("rb") as file:
        return {
            message.id if isinstance(message.id, str) else message.id[0]: message
            for message in read_po(file, locale=language)
            if message.id
        }


def sources() -> list[str]:
    files = [*ADMIN.rglob("*.py"), *(ADMIN / "templates").rglob("*.html")]
    return [path.read_text("utf-8") for path in files]


def test_both_languages_have_the_same_texts_with_the_same_gaps() -> None:
    uk, en = catalogue("uk"), catalogue("en")
    assert set(uk) == set(en)
    for key in uk:
        gaps = {
            language: {
                gap
                for text in ([found.string] if isinstance(found.string, str) else found.string)
                for gap in re.findall(r"\{(\w*)\}", text)
            }
            for language, found in (("uk", uk[key]), ("en", en[key]))
        }
        assert gaps["uk"] == gaps["en"], key


@pytest.mark.parametrize(("language", "forms"), [("uk", 3), ("en", 2)])
def test_no_text_is_empty_and_plurals_are_whole(language: str, forms: int) -> None:
    for key, message in catalogue(language).items():
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        assert all(strings), key
        if not isinstance(message.id, str):
            assert message.id[0] == message.id[1] == key
            assert len(strings) == forms, key


def test_every_key_that_is_asked_for_exists() -> None:
    known = catalogue("uk")
    asked = {key for text in sources() for key in re.findall(r'["\'](panel\.[a-z_.]*[a-z])["\']', text)}
    asked -= {"panel.database", "panel.broken", "panel.replayed", "panel.retried", "panel.css", "panel.js"}
    assert asked - set(known) == set()
    for family, members in FAMILIES.items():
        assert {f"{family}{member}" for member in members} - set(known) == set(), family


def test_every_page_says_what_it_is_for() -> None:
    assert set(ABOUT) == PAGES - {"export"}


def test_no_text_is_left_over() -> None:
    asked = " ".join(sources())
    spoken = ("error", "ago", "late", "rest", "help", "said")
    built = (*FAMILIES, *(f"panel.{family}." for family in spoken), "panel.account.password_")
    for key in catalogue("uk"):
        assert key.startswith(built) or f'"{key}"' in asked, key


def test_no_words_for_people_stand_in_code_or_templates() -> None:
    for path in [*ADMIN.rglob("*.html"), *ADMIN.rglob("*.py"), *ADMIN.glob("static/*.js")]:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            comment = '"""' in line or line.lstrip().startswith(("#", "//")) or "«" in line
            assert comment or not re.search("[а-яіїєґ]", line, re.IGNORECASE), f"{path.name}:{number}"
