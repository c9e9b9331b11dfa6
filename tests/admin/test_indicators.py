"""The pages of figures: who sees what, that they say what the sums say, whatever they are asked."""

import re
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlencode

import pytest

from core import clock
from core.actions import desk, poll
from core.actions.actor import Actor
from core.actions.resident import reopen
from core.actions.submit import Place
from core.figures.counting import count_figures
from core.jobs import Desk, announce_results
from core.models import Appeal
from core.pieces import More
from core.workflow import Kind, Role
from tests.admin.conftest import Browser, Panel, counted
from tests.builders import make_account, make_appeal, make_staff

WATER, GAS = "kryvbasvodokanal", "gas_networks"
PAGES = ("/admin/indicators", "/admin/satisfaction")
TODAY = {"since": str(clock.now().date()), "until": str(clock.now().date())}


async def count(panel: Panel) -> None:
    work = Desk(panel.city, panel.city.schedule, panel.media, {})
    await announce_results(work)
    while isinstance(await count_figures(work), More):
        pass


async def solved(panel: Panel, words: str = "", **more: object) -> Appeal:
    """An answered appeal; with `words` the resident says that it isn't so."""
    account = await make_account()
    appeal = await make_appeal(panel.city, account, **more)
    operator = Actor.staff(await make_staff(Role.OPERATOR))
    appeal = await desk.resolve(panel.city, appeal.id, operator, expected=0, answer="Зроблено")
    await count(panel)
    resident = Actor.resident(account.resident_id)
    if words:
        return await reopen(panel.city, appeal.id, resident, text=words)
    await poll.confirm(panel.city, appeal.id, resident)
    return await poll.rate(panel.city, appeal.id, resident, stars=5)


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


def rows(html: str) -> dict[str, list[str]]:
    """The table: by the name of each row, the words of its cells."""
    body = html[html.index("<tbody>") : html.index("</tbody>")]
    found = {}
    for row in re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL):
        name, *cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        found[text_of(name).strip()] = [text_of(cell).strip() for cell in cells]
    return found


async def test_the_table_says_what_happened(panel: Panel, operator: Browser) -> None:
    for _ in range(5):
        await solved(panel)
    await make_appeal(panel.city)
    await solved(panel, "Знову тече")
    await count(panel)
    html = await operator.text(f"/admin/indicators?{urlencode(TODAY)}")
    name = panel.city.executors[WATER].short_uk
    assert rows(html)[name][:4] == ["7", "6", "0", "100%"]
    assert "Відповіді" in html
    html = await operator.text(f"/admin/indicators?{urlencode({**TODAY, 'by': 'category'})}")
    assert list(rows(html)) == [panel.city.categories["water.leak"].uk]
    html = await operator.text(f"/admin/satisfaction?{urlencode(TODAY)}")
    assert rows(html)[name][:2] == ["6", "6"]
    assert "83%" in rows(html)[name][3]
    assert rows(html)[name][5].startswith("від 44")
    assert "Знову тече" in html


async def test_few_answers_are_called_few(panel: Panel, operator: Browser) -> None:
    await solved(panel)
    await count(panel)
    html = await operator.text(f"/admin/satisfaction?{urlencode(TODAY)}")
    assert "1 відповідь: замало, щоб судити" in text_of(html)
    assert 'class="is-few"' in await operator.text(f"/admin/indicators?{urlencode(TODAY)}")


async def test_words_are_without_names_and_come_in_pages(panel: Panel, operator: Browser) -> None:
    for number in range(23):
        await solved(panel, f"Не зроблено {number}, дзвоніть 067 123 45 67")
    await count(panel)
    html = await operator.text(f"/admin/satisfaction?{urlencode(TODAY)}")
    assert html.count("<q>") == 20
    assert "067 123" not in html
    assert "Не зроблено 22, дзвоніть •••" in html
    older = re.search(r'href="([^"]*before=[^"]*)"', html)
    assert older
    html = await operator.text(older[1].replace("&amp;", "&").partition("#")[0])
    assert re.findall(r"Не зроблено (\d+)", html) == ["2", "1", "0"]


async def test_officers_see_their_executor_alone(panel: Panel, officer: Browser) -> None:
    await solved(panel, "Погано зробили воду")
    gas = await make_appeal(panel.city, category="gas.leak", text="запах газу")
    assert gas.executor_id == GAS
    assert officer.staff
    other = await make_staff(Role.OPERATOR)
    await desk.resolve(panel.city, gas.id, Actor.staff(other), expected=0, answer="Так")
    await count(panel)
    name = panel.city.executors[GAS].short_uk
    for path in PAGES:
        for asked in ({}, {"executor": GAS}, {"by": "executor"}, {"by": "executor", "executor": GAS}):
            html = await officer.text(f"{path}?{urlencode({**TODAY, **asked})}")
            assert name not in html
            assert panel.city.categories["gas.leak"].uk not in str(rows(html))
    html = await officer.text(f"/admin/indicators?{urlencode({**TODAY, 'by': 'executor'})}")
    assert list(rows(html)) == [panel.city.executors[WATER].short_uk]
    assert "Погано зробили воду" in await officer.text(f"/admin/satisfaction?{urlencode(TODAY)}")
    stranger = await panel.browser(await make_staff(Role.EXECUTOR, GAS))
    assert "Погано зробили воду" not in await stranger.text(f"/admin/satisfaction?{urlencode(TODAY)}")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    "query",
    [
        "",
        "since=x&until=y",
        "since=2026-02-01&until=2026-01-01",
        "by=<script>&executor=%00&category=none&district=%F0%9F%98%80&sort=-drop&before=x",
        "by=district&executor=kryvbasvodokanal&category=water.leak&district=pokrovskyi",
        "by=executor&category=water.leak&district=pokrovskyi",
        "by=time&district=pokrovskyi&sort=name",
        "by=month&executor=kryvbasvodokanal",
        "by=channel&executor=kryvbasvodokanal",
        "by=channel&category=water.leak",
        "by=time&executor=-&district=-",
        "since=2024-06-15&until=2026-01-10&by=category&sort=-on_time",
        "since=2024-06-15&until=2026-01-10&by=executor&sort=overdue",
    ],
)
async def test_whatever_is_asked_gets_a_page(panel: Panel, operator: Browser, path: str, query: str) -> None:
    await solved(panel)
    await count(panel)
    response = await operator.get(f"{path}?{query}")
    assert response.status == (422 if "since=x" in query or "2026-02-01" in query else 200)
    assert "</html>" in await response.text()


async def test_nothing_counted_is_said(operator: Browser) -> None:
    assert "За ці дні звернень немає" in await operator.text("/admin/indicators")
    assert "За ці дні мешканців не запитували" in await operator.text("/admin/satisfaction")


async def test_the_overdue_figure_is_what_its_link_shows(panel: Panel, operator: Browser) -> None:
    for _ in range(3):
        await make_appeal(panel.city)
    late = await make_appeal(panel.city)
    await Appeal.filter(id=late.id).update(due_at=date(2026, 1, 1))
    await count(panel)
    html = await operator.text(f"/admin/indicators?{urlencode(TODAY)}")
    links = [each.replace("&amp;", "&") for each in re.findall(r'<a href="(/admin/\?[^"]*)">1</a>', html)]
    link = next(each for each in links if "overdue=1" in each and WATER in each)
    listed = await operator.text(link)
    assert set(re.findall(r"/admin/appeals/(\d+)", listed)) == {str(late.id)}


async def test_what_is_overdue_with_nobody_is_counted_without_a_link(panel: Panel, operator: Browser) -> None:
    appeal = await make_appeal(panel.city, category="other")
    await Appeal.filter(id=appeal.id).update(executor_id=None, due_at=clock.now() - timedelta(hours=1))
    await count(panel)
    html = await operator.text(f"/admin/indicators?{urlencode(TODAY)}")
    assert sorted(cells[2] for cells in rows(html).values()) == ["0", "1"]
    assert "&overdue=1" not in html[html.index("<tbody>") : html.index("</tbody>")]


async def test_sorting_is_by_address_and_said(panel: Panel, operator: Browser) -> None:
    for category in ("water.leak", "roads.pothole", "roads.pothole"):
        await solved(panel, category=category)
    await count(panel)
    pothole, leak = (panel.city.categories[slug].uk for slug in ("roads.pothole", "water.leak"))
    down = await operator.text(
        f"/admin/indicators?{urlencode({**TODAY, 'by': 'category', 'sort': '-received'})}"
    )
    assert list(rows(down)) == [pothole, leak]
    assert 'aria-sort="descending"' in down
    up = await operator.text(
        f"/admin/indicators?{urlencode({**TODAY, 'by': 'category', 'sort': 'received'})}"
    )
    assert list(rows(up)) == [leak, pothole]


async def test_a_page_costs_as_much_however_many_rows(panel: Panel, operator: Browser) -> None:
    async def queries() -> int:
        with counted() as sent:
            await operator.text(f"/admin/indicators?{urlencode({**TODAY, 'by': 'category'})}")
        return len(sent)

    await solved(panel)
    await count(panel)
    few = await queries()
    for category in ("roads.pothole", "lighting.street", "heating.none", "trash.pickup"):
        if category in panel.city.categories:
            await solved(panel, category=category)
    await count(panel)
    assert await queries() == few <= 12


def links(html: str) -> list[str]:
    """To the appeals behind a figure, wherever they stand on the page."""
    found = re.findall(r'href="(/admin/indicators/appeals\?[^"]*)"', html)
    return sorted({each.replace("&amp;", "&") for each in found})


def listed(html: str) -> list[str]:
    """The numbers of the appeals in the list."""
    body = html[html.index("<tbody>") : html.index("</tbody>")]
    return re.findall(r"\d\d-\d{6}", body)


async def test_every_figure_leads_to_the_appeals_it_counts(panel: Panel, operator: Browser) -> None:
    good = [await solved(panel) for _ in range(3)]
    bad = await solved(panel, "Знову тече")
    roads = await make_appeal(panel.city, category="roads.pothole", text="яма")
    await count(panel)
    html = await operator.text(f"/admin/indicators?{urlencode(TODAY)}")
    behind: dict[str, list[list[str]]] = {}
    for link in links(html):
        found = listed(await operator.text(link))
        behind.setdefault(dict(parse_qsl(link.partition("?")[2]))["of"], []).append(found)
    numbers = sorted((each.number for each in good), reverse=True)
    everyone = sorted([*numbers, bad.number], reverse=True)
    assert sorted([roads.number, *everyone], reverse=True) in behind["received"]
    assert everyone in behind["handed"]
    assert [roads.number] in behind["handed"]
    for name in ("answered", "on_time"):
        assert set(map(tuple, behind[name])) == {tuple(everyone)}
    assert set(map(tuple, behind["reopened"])) == {(bad.number,)}
    assert set(map(tuple, behind["confirmed"])) == {tuple(numbers)}
    for by_what in ("category", "district", "time"):
        html = await operator.text(f"/admin/indicators?{urlencode({**TODAY, 'by': by_what})}")
        assert links(html)
        for link in links(html):
            assert listed(await operator.text(link)), link
    for by_what in ("executor", "channel", "month"):
        html = await operator.text(f"/admin/satisfaction?{urlencode({**TODAY, 'by': by_what})}")
        assert links(html)
        for link in links(html):
            assert listed(await operator.text(link)), link
    html = await operator.text(f"/admin/indicators/appeals?{urlencode({**TODAY, 'of': 'judged'})}")
    assert {"Мешканець підтвердив: 3", "Мешканець заперечив: 1"} <= {
        text_of(each).strip() for each in re.findall(r'<a class="view"[^>]*>(.*?)</a>', html)
    }
    assert "5 зірок" in html


async def test_a_report_leads_to_the_same(panel: Panel, operator: Browser) -> None:
    await solved(panel)
    await solved(panel, "Знову тече")
    await make_appeal(panel.city, kind=Kind.THANKS)
    await count(panel)
    for field in ("", panel.city.executors[WATER].portfolio):
        html = await operator.text(f"/admin/reports?{urlencode({**TODAY, 'portfolio': field})}")
        assert links(html)
        for link in links(html):
            asked = dict(parse_qsl(link.partition("?")[2]))
            cells = re.search(rf'<a href="{re.escape(link).replace("&", "&amp;")}">([^<]*)</a>', html)
            assert cells, link
            number = len(listed(await operator.text(link)))
            assert cells[1].split(" ")[0] == str(number) != "0", (asked, cells[1])  # of few shares, «2 з 2»


@pytest.mark.parametrize(
    "query",
    [
        "",
        "of=none&least=x&after=x&channel=pigeon&kind=&group=%00&portfolio=none",
        "of=late&least=999999999&after=2026-99-99.1.1",
        "of=answered&after=2026-01-01.1.1&executor=-&district=-&category=water.leak",
        "of=received&executor=kryvbasvodokanal&channel=viber&kind=thanks&group=water&portfolio=%F0%9F%98%80",
        "of=begun&group=water&channel=phone&district=pokrovskyi",
        "since=x&until=y&of=begun",
    ],
)
async def test_whatever_is_asked_for_gets_a_list(panel: Panel, operator: Browser, query: str) -> None:
    await solved(panel)
    await count(panel)
    response = await operator.get(f"/admin/indicators/appeals?{query}")
    assert response.status == (422 if "since=x" in query else 200)
    assert "</html>" in await response.text()


async def test_officers_get_the_list_of_their_executor_alone(panel: Panel, officer: Browser) -> None:
    mine = await solved(panel)
    gas = await make_appeal(panel.city, category="gas.leak", text="запах газу")
    moved = await make_appeal(panel.city)
    desk_of_city = Actor.staff(await make_staff(Role.OPERATOR))
    await desk.reassign(panel.city, moved.id, desk_of_city, expected=0, executor=GAS, reason="не ваше")
    await count(panel)
    for asked in (
        {},
        {"executor": GAS},
        {"executor": "-"},
        {"portfolio": panel.city.executors[GAS].portfolio},
    ):
        html = await officer.text(f"/admin/indicators/appeals?{urlencode({**TODAY, **asked})}")
        assert listed(html) == sorted([mine.number, moved.number], reverse=True)
        assert gas.number not in html
        assert f'href="/admin/appeals/{mine.id}"' in html
        assert f'href="/admin/appeals/{moved.id}"' not in html, "another's now"


async def test_a_long_list_comes_in_pages_of_the_same_few_queries(panel: Panel, operator: Browser) -> None:
    for _ in range(53):
        await make_appeal(panel.city)
    await count(panel)
    first = f"/admin/indicators/appeals?{urlencode(TODAY)}"
    html = await operator.text(first)
    assert len(listed(html)) == 50
    following = re.search(r'rel="next" href="([^"]*)"', html)
    assert following
    again = await operator.text(following[1].replace("&amp;", "&"))
    assert len({*listed(html), *listed(again)}) == 53
    assert "На початок" in again
    with counted() as many:
        await operator.text(first)
    with counted() as few:
        await operator.text(following[1].replace("&amp;", "&"))
    assert len(few) == len(many) <= 9


async def test_what_lies_nowhere_is_counted_and_leads_to_no_list_that_cannot_show_it(
    panel: Panel, operator: Browser
) -> None:
    appeal = await make_appeal(panel.city)
    nowhere = await make_appeal(panel.city, place=Place(address="десь"))
    assert (appeal.district_id, nowhere.district_id) == ("metalurhiinyi", None)
    await Appeal.all().update(due_at=clock.now() - timedelta(hours=1))
    await count(panel)
    html = await operator.text(f"/admin/indicators?{urlencode({**TODAY, 'district': '-'})}")
    assert "<strong>1</strong>" in html, "overdue, without a link"
    assert 'href=""' not in html
    assert listed(await operator.text(next(each for each in links(html) if "of=handed" in each))) == [
        nowhere.number
    ]
