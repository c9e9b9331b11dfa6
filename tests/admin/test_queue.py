"""The queue: what is in it, in which order, for whom, and at what price."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest

from core import clock, search
from core.actions import desk
from core.actions import executor as officers
from core.actions.actor import Actor
from core.actions.helping import join
from core.actions.submit import Place
from core.city import City
from core.models import Appeal, Attachment, Category, Channel, Follow, Incident, Resident
from core.models.appeals import AttachmentState
from core.queries.panel import counters as module
from core.queries.panel import queue
from core.queries.panel.counters import counters
from core.queries.panel.filters import Cursor, Filters, View, today
from core.workflow import Kind, Role, Status
from tests.admin.conftest import HTMX, Browser, Panel, counted
from tests.builders import make_appeal, make_staff

MINUTE = timedelta(minutes=1)


def shown(html: str) -> list[str]:
    return re.findall(r'class="open" href="[^"]+">([\d-]+)</a>', html)


async def test_urgent_before_the_rest_and_new_before_old(panel: Panel, operator: Browser) -> None:
    plain = [await make_appeal(panel.city, category="roads.pothole", text=f"яма {n}") for n in range(3)]
    urgent = await make_appeal(panel.city, category="roads.pothole", urgent=True)
    plain.append(await make_appeal(panel.city, category="roads.pothole"))
    numbers = shown(await operator.text("/admin/"))
    assert numbers == [urgent.number, *(one.number for one in reversed(plain))]


async def test_every_page_of_a_long_queue_holds_the_next_fifty_once(panel: Panel, operator: Browser) -> None:
    for n in range(queue.PAGE + 7):
        await make_appeal(panel.city, category="roads.pothole", urgent=n % 9 == 0)
    first = await operator.text("/admin/?view=all")
    after = re.search(r'rel="next" href="([^"]+)"', first)
    assert after
    second = await operator.text(after[1].replace("&amp;", "&"))
    assert len(shown(first)) == queue.PAGE
    assert len(set(shown(first) + shown(second))) == queue.PAGE + 7
    assert 'rel="next"' not in second


async def test_pages_follow_one_another_through_every_group(database: str, city: City) -> None:
    """Open and ended, urgent and not, in all mixtures: nothing is left out, nothing comes twice."""
    del database
    for n in range(24):
        appeal = await make_appeal(city, category="roads.pothole", urgent=n % 2 == 0)
        if n % 3 == 0:
            await Appeal.filter(id=appeal.id).update(open=False, status=Status.CLOSED)
    who = Actor.staff(await make_staff())
    for filters in (Filters(view=View.ALL), Filters(), Filters(view=View.ALL, category="roads.pothole")):
        whole = [row.id for row in (await queue.page(who, filters)).rows]
        assert whole == [
            row.id for row in await Appeal.filter(id__in=whole).order_by("-open", "-urgent", "-id")
        ]
        for at, row in enumerate((await queue.page(who, filters)).rows):
            after = replace(filters, after=Cursor(row.open, row.urgent, row.id))
            assert [one.id for one in (await queue.page(who, after)).rows] == whole[at + 1 :]


@pytest.mark.parametrize("text", ["", "1.1", "1.1.x", "2.1.5", "1.1.99999999999999", "'; DROP TABLE appeal"])
def test_a_cursor_that_was_tampered_with_is_none(text: str) -> None:
    assert Cursor.parse(text) is None


async def test_each_view_holds_what_its_name_says(panel: Panel, operator: Browser) -> None:
    city, who = panel.city, Actor.staff(await make_staff(Role.OPERATOR))
    by_name = {
        View.TRIAGE: await make_appeal(city, sure=False, category="roads.pothole"),
        View.VERIFY: await make_appeal(city, category="roads.snow"),
        View.WAITING: await make_appeal(city, category="roads.pothole"),
        View.OVERDUE: await make_appeal(city, category="roads.pothole"),
        View.URGENT: await make_appeal(city, category="roads.pothole", urgent=True),
        View.REOPENED: await make_appeal(city, category="roads.pothole"),
    }
    await officers.report(city, by_name[View.VERIFY].id, who, expected=0, text="зроблено")
    await desk.ask(city, by_name[View.WAITING].id, who, expected=0, question="де саме?")
    await Appeal.filter(id=by_name[View.OVERDUE].id).update(due_at=clock.now() - timedelta(hours=1))
    await Appeal.filter(id=by_name[View.REOPENED].id).update(status=Status.REOPENED)
    await desk.reject(
        city, (await make_appeal(city, category="roads.pothole")).id, who, expected=0, reason="ні"
    )
    for view, appeal in by_name.items():
        assert shown(await operator.text(f"/admin/?view={view}")) == [appeal.number], view
    assert len(shown(await operator.text("/admin/?view=executors"))) == 3
    assert len(shown(await operator.text("/admin/"))) == 6
    assert len(shown(await operator.text("/admin/?view=all"))) == 7
    found = await counters(who)
    none = dict.fromkeys((View.MINE, View.TODAY, View.CONSULTATIONS), 0)
    assert found == dict.fromkeys(by_name, 1) | none | {View.EXECUTORS: 3, View.OPEN: 6}


async def test_mine_is_what_one_follows_and_for_an_officer_what_they_answer_for(
    panel: Panel, operator: Browser, officer: Browser
) -> None:
    followed, other = await make_appeal(panel.city), await make_appeal(panel.city, category="roads.pothole")
    assert operator.staff
    assert officer.staff
    await Follow.create(staff_id=operator.staff.id, appeal_id=followed.id, created_at=clock.now())
    await join(other, ["kryvbasvodokanal"], occasion="test")
    assert shown(await operator.text("/admin/?view=mine")) == [followed.number]
    assert shown(await officer.text("/admin/?view=mine")) == [followed.number]
    assert len(shown(await officer.text("/admin/"))) == 2
    for staff in (operator.staff, officer.staff):
        assert (await counters(Actor.staff(staff)))[View.MINE] == 1


async def test_due_today_ends_with_the_citys_day_and_questions_have_a_view(
    panel: Panel, operator: Browser
) -> None:
    zone = panel.city.pack.timezone
    now, midnight = today(zone)
    late, soon, tomorrow, asked = [await make_appeal(panel.city) for _ in range(4)]
    dues = {late: now - MINUTE, soon: midnight - MINUTE, tomorrow: midnight, asked: None}
    for appeal, due in dues.items():
        await Appeal.filter(id=appeal.id).update(due_at=due)
    await Appeal.filter(id=asked.id).update(kind=Kind.CONSULTATION)
    assert shown(await operator.text("/admin/?view=today")) == [soon.number]
    html = await operator.text("/admin/?view=consultations")
    assert shown(html) == [asked.number]
    assert "is-kind is-consultation" in html
    assert operator.staff
    found = await counters(Actor.staff(operator.staff), zone)
    assert (found[View.TODAY], found[View.OVERDUE], found[View.CONSULTATIONS]) == (1, 1, 1)


async def test_the_citys_counters_are_kept_for_a_while_only_where_much_is_open(
    panel: Panel, operator: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "HUGE", 1)
    monkeypatch.setattr(module, "_kept", module._Kept([], 0.0))
    assert operator.staff
    who = Actor.staff(operator.staff)
    for open_by_then in (0, 1, 2, 2):  # the third is past HUGE and kept
        assert (await counters(who))[View.OPEN] == open_by_then
        followed = await make_appeal(panel.city)
    await Follow.create(staff_id=operator.staff.id, appeal_id=followed.id, created_at=clock.now())
    assert (await counters(who))[View.MINE] == 1, "one's own are never kept"


async def test_filters_narrow_and_each_state_is_an_address(panel: Panel, operator: Browser) -> None:
    pothole = await make_appeal(panel.city, category="roads.pothole", place=Place(district="inhuletskyi"))
    leak = await make_appeal(panel.city, place=Place(district="inhuletskyi"))
    await make_appeal(panel.city)
    assert shown(await operator.text("/admin/?category=roads.pothole")) == [pothole.number]
    assert shown(await operator.text("/admin/?executor=kryvbasvodokanal&district=inhuletskyi")) == [
        leak.number
    ]
    assert shown(await operator.text("/admin/?status=assigned&category=roads.pothole")) == [pothole.number]
    assert shown(await operator.text("/admin/?status=closed")) == []
    assert shown(await operator.text("/admin/?overdue=1")) == []
    html = await operator.text("/admin/?category=roads.pothole")
    assert '<option value="roads.pothole" selected>' in html
    assert 'hx-get="/admin/?category=roads.pothole"' in html


async def test_each_filter_leaves_what_it_names(panel: Panel, operator: Browser) -> None:
    """Of two appeals that differ in one thing each filter shows the one."""
    await Incident.create(
        id=7, key="k", category_id="water.leak", began_at=clock.now(), proposed_at=clock.now()
    )
    differs: dict[str, dict[str, Any]] = {
        "group=roads": {"category_id": "roads.pothole"},
        "kind=complaint": {"kind": Kind.COMPLAINT},
        "channel=viber": {"channel": Channel.VIBER},
        "urgent=1": {"urgent": True},
        "photos=1": {"photos": 1},
        "supporters=1": {"supporters": 2},
        "incident=any": {"incident_id": 7},
        "incident=7": {"incident_id": 7},
        "reopened=1": {"reopen_count": 1},
        "reworked=1": {"rework_count": 1},
        "due=2030-05-01": {"due_at": datetime(2030, 5, 1, 20, 59, tzinfo=UTC)},  # 23:59 in Kyiv
        "until=2020-05-01": {"created_at": datetime(2020, 5, 1, 20, 59, tzinfo=UTC)},
    }
    await make_appeal(panel.city)
    plain = await make_appeal(panel.city)
    after = datetime(2030, 5, 1, 21, 0, tzinfo=UTC)
    await Appeal.all().update(due_at=after, urgent=False, created_at=after)
    oldest = await Appeal.all().order_by("id").first()
    assert oldest
    for query, values in differs.items():
        names = list(values)
        before = {name: getattr(oldest, name) for name in names}
        await Appeal.filter(id=oldest.id).update(**values)
        for view in ("", "&view=all"):
            assert shown(await operator.text(f"/admin/?{query}{view}")) == [oldest.number], query
        await Appeal.filter(id=oldest.id).update(**before)
    assert shown(await operator.text("/admin/?urgent=0&since=2030-05-02&until=2030-05-02")) == [
        plain.number,
        oldest.number,
    ]
    assert shown(await operator.text("/admin/?since=2030-05-03")) == []


async def test_what_is_chosen_can_be_taken_off_one_by_one(panel: Panel, operator: Browser) -> None:
    await make_appeal(panel.city)
    html = await operator.text("/admin/?view=all&group=water&photos=1&urgent=0&since=2026-02-03&q=вода")
    off = [unescape(link) for link in re.findall(r'class="chip" href="([^"]+)"', html)]
    assert len(off) == 5
    for name in ("group", "photos", "urgent", "since", "q"):
        (link,) = [link for link in off if f"{name}=" not in link]
        assert link.count("=") == 5
    assert "Подано від 3 лютого 2026" in html


async def test_pages_of_a_period_and_of_a_group_follow_one_another(database: str, city: City) -> None:
    del database
    for n in range(12):
        appeal = await make_appeal(city, category=("roads.pothole", "water.leak")[n % 2], urgent=n % 4 == 0)
        if n % 3 == 0:
            await Appeal.filter(id=appeal.id).update(open=False, status=Status.CLOSED)
    who = Actor.staff(await make_staff())
    now = clock.now()
    slugs = ("roads.pothole", "water.leak")
    for filters in (
        Filters(view=View.ALL, since=now.date() - timedelta(days=1)),
        Filters(view=View.ALL, group="x", slugs=slugs),
        Filters(view=View.ALL, urgent=False),
        Filters(view=View.ALL, status=Status.CLOSED),
    ):
        whole = (await queue.page(who, filters)).rows
        ids = [row.id for row in whole]
        assert ids == [row.id for row in await Appeal.filter(id__in=ids).order_by("-open", "-urgent", "-id")]
        assert len(whole) > 2
        for at, row in enumerate(whole):
            after = replace(filters, after=Cursor(row.open, row.urgent, row.id))
            assert [one.id for one in (await queue.page(who, after)).rows] == ids[at + 1 :]


async def test_unknown_values_in_the_address_are_as_if_they_were_not(panel: Panel, operator: Browser) -> None:
    await make_appeal(panel.city)
    html = await operator.text("/admin/?view=nonsense&status=x&category=%00&district=%27&after=zzz&q=%00")
    assert len(shown(html)) == 1


async def test_search_finds_by_number_and_by_words(panel: Panel, operator: Browser) -> None:
    leak = await make_appeal(panel.city, text="прорвало трубу біля школи")
    lamp = await make_appeal(panel.city, category="lighting.street", text="Не горять ліхтарі")
    for query in (leak.number, f"№ {leak.number}", leak.number.replace("-", " - "), "труб школ", "ТРУБУ"):
        assert shown(await operator.text(f"/admin/?q={query}")) == [leak.number], query
    assert lamp.number in shown(await operator.text(f"/admin/?q={int(lamp.number[3:])}"))
    assert set(shown(await operator.text("/admin/?q=Соборності 12"))) == {lamp.number, leak.number}
    assert shown(await operator.text("/admin/?q=автобус")) == []


async def test_results_say_why_they_match(panel: Panel, operator: Browser) -> None:
    leak = await make_appeal(panel.city, text="прорвало трубу біля школи")
    await Resident.filter(id=leak.resident_id).update(name="Марія Ткач", phone="+380671234567")
    assert "<mark>трубу</mark>" in await operator.text("/admin/?q=труба")
    by_address = await operator.text("/admin/?q=соборність")
    assert "<mark>Соборності</mark>" in by_address
    for query, why in {
        leak.number: "номером",
        "067 123 45 67": "телефоном",
        "ткач": "ім&#39;ям",
        "соборності": "адресою",
    }.items():
        html = await operator.text(f"/admin/?q={query}")
        assert shown(html) == [leak.number], query
        assert f"Знайдено за {why}" in html, query


async def test_an_officer_finds_nobody_by_name_or_telephone(panel: Panel, officer: Browser) -> None:
    leak = await make_appeal(panel.city)
    await Resident.filter(id=leak.resident_id).update(name="Марія Ткач", phone="+380671234567")
    for query in ("ткач", "067 123 45 67"):
        assert shown(await officer.text(f"/admin/?q={query}")) == []
    assert shown(await officer.text("/admin/?q=труба")) == [leak.number]


async def test_a_slip_is_put_right_and_said(panel: Panel, operator: Browser) -> None:
    await make_appeal(panel.city, text="прорвало каналізацію")
    html = await operator.text("/admin/?q=каналізвція")
    assert len(shown(html)) == 1
    assert "За словами «каналізвція» нічого не знайдено. Показано «каналізація»." in html
    assert "нічого не знайдено. Показано" not in await operator.text("/admin/?q=каналізація")
    assert shown(await operator.text("/admin/?q=щщщщщ")) == []


async def test_of_a_frequent_word_the_newest_are_looked_at_and_that_is_said(
    panel: Panel, operator: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "NEWEST", 2)
    made = [await make_appeal(panel.city, text="яма") for _ in range(3)]
    html = await operator.text("/admin/?q=яма")
    assert shown(html) == [made[2].number, made[1].number]
    assert "переглянуто останні 2" in html


@pytest.mark.parametrize("query", ['"', "' OR 1=1 --", "%", "* NEAR(", "()", "a:b & !c |", "{{7*7}}", "\\"])
async def test_search_takes_any_characters_as_words(panel: Panel, operator: Browser, query: str) -> None:
    await make_appeal(panel.city)
    response = await operator.client.get("/admin/", params={"q": query})
    assert response.status == 200


async def test_an_officer_sees_their_executors_appeals_alone(panel: Panel, officer: Browser) -> None:
    theirs = await make_appeal(panel.city)
    await make_appeal(panel.city, category="roads.pothole")
    assert shown(await officer.text("/admin/?view=all")) == [theirs.number]
    assert shown(await officer.text("/admin/?view=all&executor=zhytlo")) == [theirs.number]
    assert officer.staff
    assert (await counters(Actor.staff(officer.staff)))[View.OPEN] == 1


async def test_what_a_resident_wrote_is_text_and_never_markup(panel: Panel, operator: Browser) -> None:
    await make_appeal(
        panel.city, text="<script>alert(1)</script>{{7*7}}\u202e", place=Place(address='"><img>')
    )
    html = await operator.text("/admin/")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in html
    assert "<img>" not in html


async def test_htmx_gets_the_living_part_alone_and_history_the_whole(panel: Panel, operator: Browser) -> None:
    await make_appeal(panel.city)
    part = await operator.text("/admin/", headers=HTMX)
    assert part.lstrip().startswith('<div id="queue"')
    whole = await operator.text("/admin/", headers=HTMX | {"HX-History-Restore-Request": "true"})
    assert "<html" in whole


async def test_a_filter_chosen_by_htmx_becomes_a_clean_address(panel: Panel, operator: Browser) -> None:
    del panel
    asked = "/admin/?status=&category=roads.pothole&q="
    response = await operator.get(asked, headers=HTMX | {"HX-Trigger": "filters"})
    assert response.headers["HX-Push-Url"] == "/admin/?category=roads.pothole"
    polled = await operator.get(asked, headers=HTMX | {"HX-Trigger": "queue"})
    assert "HX-Push-Url" not in polled.headers


async def test_empty_views_say_what_they_are_for(panel: Panel, operator: Browser) -> None:
    del panel
    assert "Усе розібрано" in await operator.text("/admin/?view=triage")
    assert "Скинути фільтри" in await operator.text("/admin/?q=нічого")


@pytest.mark.parametrize("address", ["/admin/", "/admin/?view=all", "/admin/?view=overdue", "/admin/?q=вода"])
async def test_a_page_costs_at_most_eight_queries_however_long(
    panel: Panel, operator: Browser, address: str
) -> None:
    async def price() -> int:
        with counted() as queries:
            await operator.text(address)
        return len(queries)

    for n in range(3):
        await _with_photo(await make_appeal(panel.city, text=f"вода {n}"))
    await Appeal.all().update(due_at=clock.now() - timedelta(hours=1))
    few = await price()
    for n in range(60):
        await _with_photo(await make_appeal(panel.city, text=f"вода {n}"))
    await Appeal.all().update(due_at=clock.now() - timedelta(hours=1))
    assert await price() == few <= 8


async def test_the_first_stored_photo_is_the_thumbnail(panel: Panel, operator: Browser) -> None:
    appeal = await make_appeal(panel.city)
    await _with_photo(appeal, AttachmentState.WAITING)
    assert "/thumb.jpg" not in await operator.text("/admin/")
    photo = await _with_photo(appeal)
    assert f"/media/{photo.id}/thumb.jpg" in await operator.text("/admin/")


async def test_a_category_that_left_the_catalogue_shows_by_its_slug(panel: Panel, operator: Browser) -> None:
    appeal = await make_appeal(panel.city)
    await Category.create(
        slug="old.one", group="water", position=999, uk="x", en="x", hours=1, executor_kind="x"
    )
    await Appeal.filter(id=appeal.id).update(category_id="old.one")
    assert "old.one" in await operator.text("/admin/")


async def test_filters_of_the_read_model_know_when_they_narrow() -> None:
    assert not Filters().narrowed
    assert Filters(words="x").narrowed


async def _with_photo(appeal: Appeal, state: AttachmentState = AttachmentState.STORED) -> Attachment:
    now = clock.now()
    await Appeal.filter(id=appeal.id).update(photos=1)
    return await Attachment.create(
        appeal_id=appeal.id, role=Role.RESIDENT, state=state, key="aa/aa", due_at=now, created_at=now
    )
