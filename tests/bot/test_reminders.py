"""How reminders of deadlines read in a chat, in both languages."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.render import Rendered, render
from core import clock
from core.city import City
from core.control import STEPS, kind_of
from core.i18n import LANGUAGES
from tests.builders import make_letter

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
FACTS: dict[str, Any] = {
    "appeal": 7,
    "number": "26-000007",
    "category": "water.leak",
    "kind": "request",
    "executor": "kryvbasvodokanal",
    "due": (NOW - timedelta(hours=3)).isoformat(),
    "urgent": False,
    "address": "вул. Соборності, 12",
    "status": "assigned",
    "step": "due",
    "officer": True,
}
COUNTS = {"overdue": 3, "today": 0, "reopened": 1, "idle": 2}

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def shown(city: City, kind: str, body: dict[str, Any], language: str = "uk") -> Rendered:
    with clock.use(lambda: NOW):
        return render(make_letter(kind, body=body, language=language), city)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_step_reads_whole(city: City, language: str) -> None:
    bodies = {f"staff.{kind_of(step)}": FACTS | {"step": step.value} for step in STEPS}
    bodies["staff.digest"] = {"n": 9, "counts": [[kind, 2] for kind in bodies], "few": [FACTS]}
    bodies["staff.daily"] = {"counts": COUNTS, "officer": True}
    nowhere = FACTS | {"address": "", "executor": None, "officer": False}
    for kind, body in [*bodies.items(), *((f"staff.{kind_of(step)}", nowhere) for step in STEPS)]:
        text = shown(city, kind, body, language).text
        assert not re.search(r"\{\w*\}|None|water\.leak|\w+_\w+", text), text


async def test_one_says_what_where_and_how_late(city: City) -> None:
    lines = shown(city, "staff.due", FACTS).text.splitlines()
    assert lines == [
        f"Термін минув: № 26-000007, {city.categories['water.leak'].uk}.",
        "📍 вул. Соборності, 12",
        "Термін: до 07:00 сьогодні, прострочено на 3 години.",
    ]


async def test_what_is_passed_up_says_who_has_it(city: City) -> None:
    lines = shown(city, "staff.escalated", FACTS | {"step": "mayor", "officer": False}).text.splitlines()
    assert lines[0].startswith("Прострочено, потрібне ваше втручання: № 26-000007")
    assert lines[1] == "Виконавець: Кривбасводоканал."


async def test_an_officer_can_go_on_from_a_digest_and_a_leader_reads(city: City) -> None:
    digest = {"n": 2, "counts": [["staff.due", 2]], "few": [FACTS, FACTS]}
    assert [[button.data for button in row] for row in shown(city, "staff.digest", digest).buttons] == [
        ["work"]
    ]
    others = digest | {"few": [FACTS | {"officer": False}] * 2}
    assert shown(city, "staff.digest", others).buttons == ()


async def test_the_list_of_the_day_leaves_out_what_is_not(city: City) -> None:
    lines = shown(city, "staff.daily", {"counts": COUNTS, "officer": False}).text.splitlines()
    assert lines[1:4] == ["Прострочено: 3", "Повернуто мешканцями: 1", "Без руху: 2"]
