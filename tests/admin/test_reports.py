"""Reports in the panel: the page, the files, the map, and who gets them on schedule."""

import csv
import io
import re
from collections.abc import Iterator
from copy import copy
from datetime import UTC, datetime
from zipfile import ZipFile

import pytest

from core import clock
from core.actions.submit import Place
from core.figures.counting import count_figures
from core.jobs import Desk
from core.models import Notice, Staff, Subscription
from core.models.staff import Post
from core.pieces import More
from core.workflow import Role
from tests.admin.conftest import Browser, Panel, counted
from tests.builders import make_appeal, make_staff

WEEK = "since=2026-03-02&until=2026-03-08"


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    """Ten in the morning after the week from 2 to 8 March."""
    with clock.use(lambda: datetime(2026, 3, 9, 8, 0, tzinfo=UTC)):
        yield


@pytest.fixture
async def manager(panel: Panel) -> Browser:
    return await panel.browser(await make_staff(Role.MANAGER, name="Оксана Вишня"))


async def count(panel: Panel) -> None:
    desk = Desk(city=panel.city, schedule=panel.city.schedule, media=panel.media, fetchers={})
    while isinstance(await count_figures(desk), More):
        pass


@pytest.fixture
async def week(panel: Panel) -> Panel:
    """Three burst pipes and one pothole of last week."""
    place = Place(
        "вул. Соборності, 12, кв. 5", 47.906, 33.39, "metalurhiinyi", street="вул. Соборності", house="12"
    )
    with clock.use(lambda: datetime(2026, 3, 4, 9, 0, tzinfo=UTC)):
        for _ in range(3):
            await make_appeal(panel.city, place=place, text="прорвало трубу")
        await make_appeal(panel.city, category="roads.pothole", text="яма")
    await count(panel)
    return panel


def call_leaks(panel: Panel, name: str) -> None:
    """In this city alone: what is loaded is shared between tests."""
    leaks = copy(panel.city.categories["water.leak"])
    leaks.uk = name
    panel.city.categories = {**panel.city.categories, leaks.slug: leaks}


def row(html: str, name: str) -> list[str]:
    """The cells of the first table line that is about something."""
    found = re.search(rf"<tr[^>]*><th>(?:<a[^>]*>)?{re.escape(name)}.*?</tr>", html, re.DOTALL)
    assert found, name
    return [re.sub("<[^>]*>", "", cell) for cell in re.findall(r'<td class="n">(.*?)</td>', found[0])]


async def test_a_report_says_it_in_words_and_then_in_tables(week: Panel, manager: Browser) -> None:
    html = await manager.text("/admin/reports")
    assert "Звіт за 2–8 березня 2026" in html
    assert "Минулого тижня надійшло 4 звернення, на 4 більше, ніж за 23 лютого – 1 березня 2026." in html
    assert "На кінець періоду прострочено 3 звернення, на 3 більше, ніж на початку." in html
    water = html[html.index('id="h-topics"') :]
    assert row(water, "Прорив або витік водогону на вулиці") == ["3", "3 з 4", "0", "+3", "0", "—", "3"]
    assert row(water, "Разом")[0] == "4"
    asked = f"{WEEK}&of=received&category=water.leak".replace("&", "&amp;")
    assert f"/admin/indicators/appeals?{asked}" in html
    for table in ("groups", "topics", "districts", "executors", "channels", "kinds"):
        assert f'id="h-{table}"' in html
    assert 'id="h-results"' not in html, "nothing was answered"
    assert week.city.executors["kryvbasvodokanal"].short_uk in html


async def test_the_page_is_the_same_few_queries_however_long_the_period(
    week: Panel, manager: Browser
) -> None:
    del week
    spent = set()
    for days in (WEEK, "since=2025-01-01&until=2025-12-31", "since=2024-03-09&until=2026-03-09"):
        with counted() as queries:
            await manager.text(f"/admin/reports?{days}")
        spent.add(len(queries))
    assert len(spent) == 1
    assert spent.pop() <= 12


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ("since=2026-03-08&until=2026-03-02", "Перший день має бути не пізніше за останній."),
        ("since=2026-03-02&until=2026-03-20", "Цих днів ще не було."),
        ("since=2020-01-01&until=2026-03-08", "щонайбільше три роки"),
        ("since=x&until=2026-03-08", "Вкажіть обидва дні"),
        ("since=0001-01-01&until=2026-03-08", "Оберіть пізніший перший день"),
    ],
)
async def test_days_that_make_no_period_are_refused_where_they_were_typed(
    manager: Browser, days: str, said: str
) -> None:
    for page in ("/admin/reports", "/admin/heat"):
        response = await manager.get(f"{page}?{days}")
        html = await response.text()
        assert response.status == 422
        assert said in html
        assert f'value="{days[6:].partition("&")[0]}"' in html
        assert "Звіт за" not in html
    for ending in ("csv", "xlsx"):
        assert (await manager.get(f"/admin/reports/{ending}?{days}")).status == 422


async def test_a_deputy_mayor_sees_the_own_field_first(week: Panel) -> None:
    deputy = await make_staff(Role.MANAGER, post=Post.DEPUTY, portfolio="housing")
    browser = await week.browser(deputy)
    html = await browser.text("/admin/reports")
    assert "Минулого тижня виконавці напряму отримали 4 звернення" in html
    assert "Напрям: Житлово-комунальне господарство" in html
    assert '<option value="housing" selected>' in html
    assert 'id="h-kinds"' not in html
    assert "напряму звернень не отримували" in await browser.text("/admin/reports?portfolio=order")
    assert "надійшло 4 звернення" in await browser.text("/admin/reports?portfolio=")
    assert "надійшло 4 звернення" in await browser.text("/admin/reports?portfolio=no_such")


async def test_an_empty_period_says_so(panel: Panel, manager: Browser) -> None:
    await count(panel)
    html = await manager.text("/admin/reports")
    assert "Минулого тижня звернень не надходило." in html
    assert "За ці дні ще нічого немає" in html


async def test_officers_are_refused(officer: Browser) -> None:
    for page in ("reports", "reports/csv", "reports/xlsx", "reports/subscriptions", "heat"):
        assert (await officer.get(f"/admin/{page}")).status == 403


async def test_the_csv_has_every_table_and_no_formula(week: Panel, manager: Browser) -> None:
    call_leaks(week, "=cmd|' /C calc'!A0")
    response = await manager.get(f"/admin/reports/csv?{WEEK}")
    assert response.headers["Content-Disposition"] == (
        'attachment; filename="zvernys-report-2026-03-02-2026-03-08.csv"'
    )
    rows = list(csv.reader(io.StringIO((await response.text()).lstrip("\ufeff")), delimiter=";"))
    assert rows[0] == [
        *("Таблиця", "Назва", "Кількість", "Перед тим", "Відповіли", "Відповіли в строк", "Прострочено")
    ]
    assert ["За темами", "'=cmd|' /C calc'!A0", "3", "0", "0", "0", "3"] in rows
    assert {cells[0] for cells in rows[1:]} == {
        *("За темами", "За групами тем", "За районами", "За виконавцями", "За каналами", "За видами звернень")
    }
    for cells in rows:
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


async def test_the_workbook_has_a_sheet_a_table_with_live_sums(week: Panel, manager: Browser) -> None:
    call_leaks(week, "=1+1")
    response = await manager.get(f"/admin/reports/xlsx?{WEEK}")
    assert response.headers["Content-Disposition"].endswith('report-2026-03-02-2026-03-08.xlsx"')
    with ZipFile(io.BytesIO(await response.read())) as book:
        parts = {name: book.read(name).decode() for name in book.namelist() if name.endswith(".xml")}
    names = re.findall(r'<sheet name="([^"]+)"', parts["xl/workbook.xml"])
    assert names[:3] == ["Коротко", "За групами тем", "За темами"]
    assert "За виконавцями" in names
    strings = parts["xl/sharedStrings.xml"]
    assert "Минулого тижня надійшло 4 звернення" in strings
    assert ">=1+1<" in strings, "what looks like a formula is text"
    topics = parts["xl/worksheets/sheet3.xml"]
    formulas = dict(re.findall(r'<c r="(\w+)"[^>]*><f>([^<]+)</f>', topics))
    assert formulas["B6"] == "SUM(B4:B5)"
    assert formulas["C4"] == "B4/B$6"
    assert formulas["E4"] == "B4-D4"
    assert "<f>1+1</f>" not in topics
    assert re.search(r'<c r="B6"[^>]*><f>[^<]*</f><v>4</v>', topics)
    assert 'state="frozen"' in topics
    assert re.search(r'<col min="1" max="1" width="\d', topics)


async def test_the_map_and_its_table_say_the_same_and_no_address(week: Panel, manager: Browser) -> None:
    del week
    html = await manager.text(f"/admin/heat?{WEEK}")
    assert "<strong>4 звернення</strong>" in html
    assert "у 1 немає точки на карті" in html
    (cell, count) = re.findall(r"\[&#34;(\d+)&#34;, (\d+), ", html)[0]
    table = re.search(rf'<tr data-cell="{cell}">.*?</tr>', html, re.DOTALL)
    assert table
    assert f'<td class="n">{count}</td>' in table[0]
    assert "вул. Соборності" in table[0]
    assert "кв. 5" not in html
    assert "Соборності, 12" not in html
    roads = await manager.text(f"/admin/heat?{WEEK}&topic=roads.pothole&executor=no_such")
    assert "<strong>1 звернення</strong>" in roads
    assert "Показувати нічого" in roads
    group = await manager.text(f"/admin/heat?{WEEK}&topic=water")
    assert "<strong>3 звернення</strong>" in group


async def test_everybody_orders_reports_for_themselves(panel: Panel, manager: Browser) -> None:
    path = "/admin/reports/subscriptions"
    assert "Ви поки що не отримуєте звітів" in await manager.text(path)
    sent = await manager.post(path, {"every": "week", "portfolio": "housing"})
    assert (sent.status, sent.headers["Location"]) == (303, path)
    row = await Subscription.get()
    assert manager.staff is not None
    assert (row.staff_id, row.every, row.portfolio) == (manager.staff.id, "week", "housing")
    page = await manager.text(path)
    assert "чат не прив&#39;язано, тож лише в панелі" in page
    other = await make_staff(Role.OPERATOR)
    assert (await manager.post(path, {"every": "week", "staff": str(other.id)})).status == 403
    refused = await manager.post(path, {"every": "day"})
    assert (refused.status, "Оберіть, звіт за тиждень чи за місяць." in await refused.text()) == (422, True)
    stranger = await panel.browser(other)
    assert (await stranger.post(f"{path}/{row.id}/end")).status == 404
    assert (await manager.post(f"{path}/{row.id}/end")).status == 303
    assert await Subscription.all().count() == 0


async def test_an_administrator_orders_them_for_anybody_who_may_read_them(panel: Panel) -> None:
    boss = await panel.browser(await make_staff(Role.ADMINISTRATOR))
    mayor = await make_staff(Role.MANAGER, name="Міський голова")
    officer = await make_staff(Role.EXECUTOR, "kryvbasvodokanal", name="Петро Майстер")
    page = await boss.text("/admin/reports/subscriptions")
    assert "Міський голова" in page
    assert "Петро Майстер" not in page
    path = "/admin/reports/subscriptions"
    assert (await boss.post(path, {"every": "month", "staff": str(mayor.id)})).status == 303
    refused = await boss.post(path, {"every": "month", "staff": str(officer.id)})
    assert refused.status == 422
    assert "відповідальним його не надсилають" in await refused.text()
    assert "Міський голова, " in await boss.text(path)


async def test_a_notice_opens_the_very_report(week: Panel, manager: Browser) -> None:
    del week
    assert isinstance(manager.staff, Staff)
    notice = await Notice.create(
        staff_id=manager.staff.id,
        kind="report",
        dedupe=f"report:2026-03-02/2026-03-08:housing:{manager.staff.id}",
        at=clock.now(),
    )
    assert "Готовий звіт за період" in await manager.text("/admin/notices")
    opened = await manager.post(f"/admin/notices/{notice.id}/open")
    assert opened.headers["Location"] == f"/admin/reports?{WEEK}&portfolio=housing"
    assert "Звіт за 2–8 березня 2026" in await manager.text(opened.headers["Location"])
