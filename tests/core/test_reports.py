"""Reports against what is counted by hand: sums, what was overdue at an end, the digest, the sentences."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from core import config, report_words
from core.actions import desk as work
from core.actions.submit import Place
from core.city import City
from core.figures.counting import begin_anew
from core.jobs import Desk
from core.media import MediaStore
from core.models import Appeal, Event, Fact, Resident, Supporter, Survey
from core.models.control import FactKind
from core.periods import Period, Span, last
from core.queries.reports.digest import ENOUGH, digest, slowest
from core.queries.reports.report import Report, report
from core.queries.reports.sums import Row, Rows, Sums
from core.seed import seed
from core.workflow import Kind, Verb
from tests.builders import make_account, make_appeal
from tests.core.conftest import WATER, Cast, Time
from tests.core.figures.conftest import count
from tests.core.sweeping import counted

NOW = datetime(2026, 3, 17, 9, 30, tzinfo=UTC)
PERIODS = (
    last(Span.WEEK, NOW.date()),
    last(Span.MONTH, NOW.date()),
    last(Span.QUARTER, NOW.date()),
    Period(date(2026, 1, 19), date(2026, 3, 5)),
)


@pytest.fixture
async def past(city: City, time: Time, sweeps: Desk, tmp_path: Path) -> City:
    time.now = NOW
    await seed(city, MediaStore(config.Media(url=f"file://{tmp_path}/media")), 150, until=NOW)
    await Appeal.filter(id__lt=8).update(kind=Kind.CONSULTATION)
    await begin_anew()
    await count(sweeps)
    return city


async def facts(kind: FactKind, period: Period) -> list[Fact]:
    rows = Fact.filter(kind=kind, day__gte=period.since, day__lte=period.until)
    return await rows.exclude(of_kind__in=[Kind.THANKS, Kind.CONSULTATION])


def came(rows: Rows) -> dict[str, int]:
    return {row.key: row.now.came for row in rows if row.now.came}


async def test_sums_are_those_of_the_facts_in_the_same_few_queries(past: City) -> None:
    spent, spent_on_field = set(), set()
    for period in PERIODS:
        with counted() as queries:
            found = await report(past, period)
            await digest(past, period)
        spent.add(len(queries))
        with counted() as queries:
            of_field = await report(past, period, "housing")
        spent_on_field.add(len(queries))
        await is_of_the_city(found, past, period)
        await is_of_housing(of_field, past, period)
    assert (spent, spent_on_field) == ({5}, {3})
    nobodys = await report(past, PERIODS[2], "no_such_field")
    assert nobodys.total == Row("")
    assert nobodys.topics == nobodys.executors == nobodys.problems == ()


async def is_of_the_city(found: Report, city: City, period: Period) -> None:
    received = await facts(FactKind.RECEIVED, period)
    before = await facts(FactKind.RECEIVED, period.before)
    answered = await facts(FactKind.ANSWERED, period)
    assert (found.total.now.came, found.total.before.came) == (len(received), len(before))
    assert found.total.now.answered == len(answered)
    assert found.total.now.on_time == sum(bool(fact.good) for fact in answered)
    assert came(found.topics) == Counter(fact.category for fact in received)
    assert came(found.districts) == Counter(fact.district for fact in received)
    assert came(found.channels) == Counter(fact.channel.value for fact in received)
    assert came(found.groups) == Counter(city.categories[fact.category].group for fact in received)
    assert came(found.executors) == Counter(fact.executor for fact in await facts(FactKind.HANDED, period))
    assert came(found.problems) == Counter(f"{fact.category}+{fact.district}" for fact in received)
    kinds = Fact.filter(kind=FactKind.RECEIVED, day__gte=period.since, day__lte=period.until)
    assert came(found.kinds) == Counter([fact.of_kind.value for fact in await kinds])


async def is_of_housing(found: Report, city: City, period: Period) -> None:
    """What its executors got; of thanks and consultations nothing."""
    housing = {slug for slug, one in city.executors.items() if one.portfolio == "housing"}
    handed = [fact for fact in await facts(FactKind.HANDED, period) if fact.executor in housing]
    assert found.total.now.came == len(handed)
    assert came(found.executors) == Counter(fact.executor for fact in handed)
    assert came(found.topics) == Counter(fact.category for fact in handed)
    assert came(found.districts) == Counter(fact.district for fact in handed)
    assert came(found.problems) == Counter(f"{fact.category}+{fact.district}" for fact in handed)
    assert found.kinds == ()


@pytest.fixture
async def week(city: City, cast: Cast, time: Time, sweeps: Desk) -> City:
    """Five burst pipes of the week from Monday, 2 March, whose 4 hours pass at once."""
    del sweeps
    for _ in range(5):
        await make_appeal(city, cast.account)
    time.passes(days=1)
    return city


async def late(city: City, sweeps: Desk, period: Period) -> tuple[int, int]:
    await count(sweeps)
    found = await report(city, period)
    assert sum(row.now.overdue for row in found.executors) == found.total.now.overdue
    assert sum(row.now.overdue for row in found.topics) == found.total.now.overdue
    assert sum(row.now.overdue for row in found.districts) == found.total.now.overdue
    return found.total.now.overdue, found.total.before.overdue


async def test_overdue_at_the_end_is_what_was_overdue_then(
    week: City, cast: Cast, time: Time, sweeps: Desk
) -> None:
    first, second, *_ = await Appeal.all().order_by("id")
    monday = Period(date(2026, 3, 2), date(2026, 3, 2))
    tuesday = Period(date(2026, 3, 3), date(2026, 3, 3))
    await work.resolve(week, first.id, cast.operator, expected=first.version, answer="Полагоджено")
    assert await late(week, sweeps, tuesday) == (4, 5), "one of the five was answered in the day"
    time.passes(days=1)
    await work.resolve(week, second.id, cast.operator, expected=second.version, answer="Полагоджено")
    assert await late(week, sweeps, tuesday) == (4, 5), "what was answered afterwards was overdue then"
    assert await late(week, sweeps, Period(date(2026, 3, 4), date(2026, 3, 4))) == (3, 4)
    assert await late(week, sweeps, monday) == (5, 0)
    assert await late(week, sweeps, Period(date(2026, 2, 23), date(2026, 3, 1))) == (0, 0)


async def test_a_report_of_a_field_knows_only_its_own_overdue(week: City, sweeps: Desk) -> None:
    await count(sweeps)
    monday = Period(date(2026, 3, 2), date(2026, 3, 2))
    assert (await report(week, monday, "housing")).total.now.overdue == 5
    assert (await report(week, monday, "order")).total.now.overdue == 0


async def test_the_digest_names_the_loudest_and_the_oldest(week: City, cast: Cast, time: Time) -> None:
    del cast
    quiet, *_, loud = await Appeal.all().order_by("id")
    neighbour = await make_account()
    await Supporter.create(
        appeal_id=loud.id, account_id=neighbour.id, resident_id=neighbour.resident_id, joined_at=time.now
    )
    await Appeal.filter(id=loud.id).update(supporters=1)
    await Appeal.filter(id=quiet.id).update(due_at=time.now - timedelta(days=40))
    found = await digest(week, last(Span.WEEK, time.now.date()))
    assert [(one.id, one.supporters) for one in found.supported] == [(loud.id, 1)]
    assert found.overdue[0].id == quiet.id
    assert len(found.overdue) == 5
    assert (await digest(week, last(Span.WEEK, time.now.date()), "order")).overdue == ()


async def test_the_words_of_the_dissatisfied_tell_nobody_who_they_are(
    week: City, cast: Cast, time: Time, sweeps: Desk
) -> None:
    first = await Appeal.all().order_by("id").first()
    assert first
    await work.resolve(week, first.id, cast.operator, expected=first.version, answer="Полагоджено")
    await Survey.create(
        appeal_id=first.id,
        round=0,
        sent_at=time.now,
        solved=False,
        words="Тече й досі. Дзвоніть 067 123-45-67, Марія Іванівна Коваленко. Коваль Оля писала тричі",
        answered_at=time.now,
    )
    await Event.create(
        appeal_id=first.id, at=time.now, verb=Verb.NOTE, role="system", to_status=first.status, text=""
    )
    await Resident.filter(id=first.resident_id).update(name="Ольга Коваль")
    await count(sweeps)
    day = Period(time.now.date(), time.now.date())
    (said,) = (await digest(week, day)).said
    assert said.words.startswith("Тече й досі.")
    assert "067" not in said.words
    assert "Коваленко" not in said.words
    assert "Коваль" not in said.words
    assert (await digest(week, day, "order")).said == ()
    assert (await digest(week, day.before)).said == ()


def test_the_slowest_are_of_those_who_answered_enough_to_say_so() -> None:
    rows = (
        Row("always", Sums(answered=50, on_time=50)),
        Row("few", Sums(answered=ENOUGH - 1, on_time=0)),
        Row("half", Sums(answered=10, on_time=5)),
        Row("worst", Sums(answered=ENOUGH, on_time=1)),
        Row("", Sums(answered=90, on_time=0)),
    )
    assert [row.key for row in slowest(rows)] == ["worst", "half"]


def told(now: Sums, before: Sums, *, field: str = "", topics: Rows = ()) -> Report:
    period = Period(date(2026, 11, 2), date(2026, 11, 8))
    return Report(period, field, Row("", now, before), (), (), topics, (), (), (), ())


@pytest.mark.parametrize(
    ("came_in", "before", "rest"),
    [
        (
            182,
            170,
            "надійшло 182 звернення, на 12 більше, ніж за 26 жовтня – 1 листопада 2026.",
        ),
        (
            1,
            6,
            "надійшло 1 звернення, на 5 менше, ніж за 26 жовтня – 1 листопада 2026.",
        ),
        (5, 5, "надійшло 5 звернень, стільки ж, як за 26 жовтня – 1 листопада 2026."),
        (0, 5, "звернень не надходило."),
    ],
)
async def test_a_report_begins_with_a_sentence(city: City, came_in: int, before: int, rest: str) -> None:
    found = report_words.sentences(told(Sums(came=came_in), Sums(came=before)))
    assert report_words.said(found[0], "uk", city) == f"За 2–8 листопада 2026 {rest}"


async def test_every_sentence_is_said_in_both_languages(city: City, time: Time) -> None:
    time.now = datetime(2026, 11, 9, 8, 0, tzinfo=UTC)
    grown = (Row("water.leak", Sums(came=9), Sums(came=2)),)
    for field in ("", "housing"):
        for before in (0, 3, 4):
            now = Sums(came=3, answered=2, on_time=1, overdue=3, judged=2, confirmed=1)
            found = told(now, Sums(came=before, overdue=before), field=field, topics=grown)
            for language in ("uk", "en"):
                words = [report_words.said(one, language, city) for one in report_words.sentences(found)]
                assert len(words) == 5
                assert not any("{" in each for each in words)
    assert words[0].startswith("Last week, the executors of this field got 3 appeals, 1 fewer")


@pytest.mark.parametrize(
    ("since", "until", "uk", "en"),
    [
        (date(2026, 11, 9), date(2026, 11, 15), "9–15 листопада 2026", "9–15 November 2026"),
        (date(2026, 9, 28), date(2026, 10, 4), "28 вересня – 4 жовтня 2026", "28 September – 4 October 2026"),
        (
            date(2025, 12, 29),
            date(2026, 1, 4),
            "29 грудня 2025 – 4 січня 2026",
            "29 December 2025 – 4 January 2026",
        ),
        (date(2026, 11, 1), date(2026, 11, 30), "листопад 2026", "November 2026"),
        (date(2026, 7, 1), date(2026, 9, 30), "III квартал 2026", "quarter III of 2026"),
        (date(2026, 1, 1), date(2026, 12, 31), "2026 рік", "2026"),
        (date(2026, 11, 9), date(2026, 11, 9), "9 листопада 2026", "9 November 2026"),
    ],
)
def test_periods_are_called_as_people_call_them(since: date, until: date, uk: str, en: str) -> None:
    period = Period(since, until)
    assert (report_words.name(period, "uk"), report_words.name(period, "en")) == (uk, en)
    assert report_words.period_of(report_words.spelt(period)) == period


async def test_who_has_it_and_where_it_lies_stays_with_its_own(week: City, time: Time, sweeps: Desk) -> None:
    await make_appeal(week, category="other", text="щось дивне", place=Place())
    await count(sweeps)
    found = await report(week, Period(time.now.date(), time.now.date()))
    assert came(found.districts) == {"": 1}
    assert came((await report(week, Period(date(2026, 3, 2), date(2026, 3, 2)))).executors) == {WATER: 5}
