"""The model's page: what it shows, by how many queries, and what administrators do there."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from core import clock
from core.actions import desk
from core.actions.actor import Actor
from core.city import City
from core.learning.retraining import Progress, progress
from core.models import Correction, ModelState, ModelVersion
from core.queries.panel.model import WEEKS, model_page
from core.workflow import Role
from tests.admin.conftest import HTMX, Browser, Panel, counted
from tests.builders import make_account, make_appeal, make_staff

HOLE, LEAK = "roads.pothole", "water.leak"


async def named(city: City, said: Sequence[tuple[str, str, int]]) -> None:
    """Appeals of which the machine guessed the one and people said the other, so many weeks ago."""
    account, operator = await make_account(), Actor.staff(await make_staff())
    for guess, category, weeks in said:
        appeal = await make_appeal(city, account, sure=False, guesses=((guess, 0.6), ("other", 0.2)))
        await desk.categorise(city, appeal.id, operator, expected=0, category=category)
        at = clock.now() - timedelta(weeks=weeks)
        await Correction.filter(appeal_id=appeal.id).update(at=at)


async def version(name: str, state: ModelState, **more: Any) -> ModelVersion:
    values: dict[str, Any] = {
        "made_at": clock.now(),
        "examples": 6143,
        "corrections": 40,
        "kept_aside": 12,
    } | more
    return await ModelVersion.create(version=name, state=state, **values)


@pytest.fixture
async def chief(panel: Panel) -> Browser:
    return await panel.browser(await make_staff(Role.ADMINISTRATOR, name="Марія Шевчук"))


@pytest.fixture
async def base(panel: Panel) -> str:
    """The version that reads, written down as on a start."""
    name = panel.city.understander.model_version
    if not await ModelVersion.filter(version=name).exists():
        await version(name, ModelState.ACTIVE, activated_at=clock.now(), corrections=0, kept_aside=0)
    return name


async def test_weeks_count_what_people_said_of_the_first_guess(panel: Panel) -> None:
    await named(
        panel.city, [(LEAK, LEAK, 0), (LEAK, LEAK, 0), (HOLE, LEAK, 0), (LEAK, LEAK, 2), (HOLE, LEAK, 14)]
    )
    found = await model_page("x", "Europe/Kyiv")
    assert len(found.weeks) == WEEKS
    assert (found.weeks[-1].told, found.weeks[-1].right) == (3, 2)
    assert (found.weeks[-3].told, found.weeks[-3].right) == (1, 1)
    assert sum(week.told for week in found.weeks) == 4
    assert found.weeks[-1].start.weekday() == 0
    assert [(row.guess, row.category, row.times) for row in found.confusions] == [(HOLE, LEAK, 1)]


async def test_the_least_sure_come_first_and_what_people_named_not_at_all(panel: Panel) -> None:
    await named(panel.city, [(HOLE, LEAK, 0)])
    scores = (0.5, 0.2, 0.9)
    appeals = [await make_appeal(panel.city, guesses=((LEAK, score),)) for score in scores]
    await make_appeal(panel.city)  # nothing was guessed
    found = await model_page("x", "Europe/Kyiv")
    assert [row.id for row in found.doubtful] == [appeals[at].id for at in (1, 0, 2)]
    assert [row.score for row in found.doubtful] == [0.2, 0.5, 0.9]


async def test_the_page_says_it_all_in_few_queries(panel: Panel, operator: Browser, base: str) -> None:
    await named(panel.city, [(HOLE, LEAK, at % 3) for at in range(12)])
    await make_appeal(panel.city, guesses=((HOLE, 0.31),), text="щось <b>дивне</b>")
    await version(f"{base}-00000001", ModelState.REFUSED, confusions=[[HOLE, LEAK, 7]])
    with counted() as queries:
        html = await operator.text("/admin/model")
    assert len(queries) <= 14
    assert f"<code>{base}</code>" in html
    assert 'class="chart"' in html
    assert html.count('class="chart-dot is-few"') == 3
    assert f"/admin/model/confusion?guess={HOLE}&amp;category={LEAK}" in html
    assert "щось &lt;b&gt;дивне" in html
    assert "31\u00a0%" in html
    assert "суперечать прикладам" in html
    assert 'action="/admin/model/' not in html  # an operator only reads


async def test_an_empty_city_says_so(panel: Panel, operator: Browser) -> None:
    del panel
    html = await operator.text("/admin/model")
    assert "Люди ще не назвали теми жодного звернення." in html
    assert "<svg" in html  # icons
    assert 'class="chart"' not in html


async def test_a_confusion_lists_its_appeals(panel: Panel, operator: Browser) -> None:
    await named(panel.city, [(HOLE, LEAK, 0), (HOLE, HOLE, 0), (HOLE, LEAK, 20)])
    html = await operator.text(f"/admin/model/confusion?guess={HOLE}&category={LEAK}")
    assert len(re.findall(r"/admin/appeals/\d+", html)) == 1
    unknown = await operator.text("/admin/model/confusion?guess=%00<i>&category=none")
    assert "Таких немає." in unknown
    assert "&lt;i&gt;" in unknown


async def test_an_administrator_teaches_where_there_is_something_new(panel: Panel, chief: Browser) -> None:
    await named(panel.city, [(HOLE, LEAK, 0)])
    assert "щонайменше 20" in await chief.text("/admin/model")
    await named(panel.city, [(HOLE, LEAK, 0)] * 20)
    assert 'action="/admin/model/retrain"' in await chief.text("/admin/model")
    response = await chief.post("/admin/model/retrain")
    assert (response.status, response.headers["Location"]) == (303, "/admin/model")
    assert await progress() is Progress.ASKED
    html = await chief.text("/admin/model")
    assert "Навчання скоро почнеться." in html
    assert 'hx-get="/admin/model"' in html
    part = await chief.text("/admin/model", headers=HTMX)
    assert part.lstrip().startswith('<div id="model"')


async def test_nothing_new_to_teach_is_said_instead_of_offered(
    panel: Panel, chief: Browser, base: str
) -> None:
    await named(panel.city, [(HOLE, LEAK, 0)] * 20)
    await version(f"{base}-00000001", ModelState.REFUSED)
    html = await chief.text("/admin/model")
    assert "нічого нового не сказано" in html
    assert "Не певно, що краща" in html
    assert 'action="/admin/model/retrain"' not in html


async def test_an_administrator_goes_back_after_saying_so_twice(
    panel: Panel, chief: Browser, base: str
) -> None:
    taught = await version(f"{base}-00000001", ModelState.ACTIVE, activated_at=clock.now())
    await ModelVersion.filter(version=base).update(state=ModelState.RETIRED)
    html = await chief.text("/admin/model")
    assert html.count('action="/admin/model/back"') == 1
    assert "<details" in html.split('action="/admin/model/back"')[0][-200:]
    assert f"Файл версії {taught.version} утрачено" in html  # there are no arrays of it in this test
    response = await chief.post("/admin/model/back", {"version": base})
    assert (response.status, response.headers["Location"]) == (303, "/admin/model")
    assert (await ModelVersion.get(state=ModelState.ACTIVE)).version == base
    again = await chief.post("/admin/model/back", {"version": taught.version}, headers=HTMX)
    assert again.status == 409
    assert "Файл цієї версії втрачено" in await again.text()
    assert (await chief.post("/admin/model/back", {"version": "none"})).status == 404
    assert panel.city.understander.model_version == base


async def test_a_version_of_other_examples_is_no_way_back(panel: Panel, chief: Browser, base: str) -> None:
    del panel, base
    await version("ffffffffffff", ModelState.RETIRED)
    assert 'action="/admin/model/back"' not in await chief.text("/admin/model")
    assert (await chief.post("/admin/model/back", {"version": "ffffffffffff"})).status == 409
