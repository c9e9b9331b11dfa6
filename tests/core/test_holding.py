"""Which notices wait, for what and until when: in every hour of the year, whatever the settings."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core import holding
from core.config import Schedule, Viber
from core.holding import Manners, Why
from core.workflow import Status

KYIV = ZoneInfo("Europe/Kyiv")
KINDS = ("assigned", "started", "question", "message", "resolved", "poll_reminder", "staff.overdue")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
times = st.times().map(lambda at: f"{at:%H:%M}")


def manners(**more: Any) -> Manners:
    """As shipped: quiet from nine in the evening till eight, a minute, twelve hours, a thousand a month."""
    viber = {name: more.pop(name) for name in ("session_wait_hours", "paid_a_month") if name in more}
    return Manners.of(Schedule(**more), Viber(**viber), "Europe/Kyiv")


def kyiv(day: str, at: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(f"{day}T{at}").replace(tzinfo=KYIV, fold=fold).astimezone(UTC)


def waits(
    kind: str,
    now: datetime,
    how: Manners,
    *,
    since: datetime | None = None,
    paid: bool = False,
    left: int = 1,
) -> tuple[Why, datetime] | None:
    found = how.wait(kind, {}, since or now - HOUR, now, paid=paid, left=left)
    return (found.why, found.until) if found else None


@given(now=instants, begins=times, ends=times, kind=st.sampled_from(KINDS), paid=st.booleans())
@example(now=kyiv("2026-03-29", "02:50"), begins="21:00", ends="03:30", kind="started", paid=False)
@example(now=kyiv("2026-10-25", "03:10", fold=1), begins="21:00", ends="03:30", kind="started", paid=False)
def test_nothing_goes_in_quiet_hours_and_whatever_waits_is_looked_at_later(
    now: datetime, begins: str, ends: str, kind: str, *, paid: bool
) -> None:
    if begins == ends:
        return
    how = manners(quiet_from=begins, quiet_to=ends)
    found = how.wait(kind, {}, now - HOUR, now, paid=paid, left=0)
    if how.is_quiet(now):
        assert found is not None
        assert found.why is Why.QUIET
    if found is not None:
        assert found.until > now
    if found is not None and found.why is Why.QUIET:
        assert found.until - now <= timedelta(hours=25)
    assert how.wait(kind, {"urgent": True}, now, now, paid=paid, left=0) is None or kind in holding.REMINDERS


@given(now=instants)
def test_the_morning_is_the_morning_on_both_sides_of_midnight_and_of_a_change_of_clocks(
    now: datetime,
) -> None:
    how = manners()
    if not how.is_quiet(now):
        return
    morning = how.morning(now).astimezone(KYIV)
    assert (morning.hour, morning.minute) == (8, 0)
    assert not how.is_quiet(morning)
    assert all(how.is_quiet(now + step * HOUR) for step in range(int((morning - now) / HOUR)))


@pytest.mark.parametrize(
    ("now", "quiet"),
    [
        (kyiv("2026-03-02", "20:59"), False),
        (kyiv("2026-03-02", "21:00"), True),
        (kyiv("2026-03-03", "00:00"), True),
        (kyiv("2026-03-03", "07:59"), True),
        (kyiv("2026-03-03", "08:00"), False),
        (kyiv("2026-07-03", "07:59"), True),
    ],
)
def test_quiet_by_the_citys_clock(now: datetime, quiet: bool) -> None:  # noqa: FBT001 - a column
    assert manners().is_quiet(now) is quiet
    assert not manners(quiet_from="", quiet_to="").is_quiet(now)
    assert manners(quiet_from="13:00", quiet_to="14:30").is_quiet(kyiv("2026-03-02", "14:00"))
    assert not manners(quiet_from="13:00", quiet_to="14:30").is_quiet(now)


NOON = kyiv("2026-03-02", "12:00")


def test_a_minute_for_others_but_not_for_an_operators_own_words() -> None:
    how = manners()
    assert waits("started", NOON, how, since=NOON) == (Why.TOGETHER, NOON + MINUTE)
    assert waits("started", NOON + MINUTE, how, since=NOON) is None
    assert waits("question", NOON, how, since=NOON) is None
    assert waits("message", NOON, how, since=NOON) is None
    assert waits("started", NOON, manners(together_seconds=0), since=NOON) is None


def test_polls_and_reminders_wait_for_the_resident_to_write_but_not_for_ever() -> None:
    how = manners()
    for kind in ("resolved", "poll_reminder", "draft_reminder"):
        assert waits(kind, NOON, how, paid=True) == (Why.SESSION, NOON + 11 * HOUR)
        assert waits(kind, NOON, how, since=NOON - 12 * HOUR, paid=True) is None
        assert waits(kind, NOON, how, paid=False) is None
        assert waits(kind, NOON, manners(session_wait_hours=0), paid=True) is None
    assert waits("started", NOON, how, paid=True) is None, "news is news"


def test_without_money_it_waits_for_the_next_month_of_the_city() -> None:
    how = manners()
    april = kyiv("2026-04-01", "00:00")
    assert waits("started", NOON, how, paid=True, left=0) == (Why.BUDGET, april)
    assert waits("message", NOON, how, paid=True, left=-3) == (Why.BUDGET, april)
    assert waits("started", NOON, how, paid=False, left=0) is None
    december = kyiv("2026-12-31", "12:00")
    assert waits("started", december, how, paid=True, left=0) == (Why.BUDGET, kyiv("2027-01-01", "00:00"))


@given(now=instants)
def test_each_instant_is_in_its_month(now: datetime) -> None:
    begins, ends = manners().month(now)
    assert begins <= now < ends
    assert [each.astimezone(KYIV).strftime("%d %H:%M") for each in (begins, ends)] == ["01 00:00"] * 2


def test_what_is_urgent_waits_for_nothing() -> None:
    night, how = kyiv("2026-03-02", "02:00"), manners()
    at_once: tuple[tuple[str, dict[str, bool]], ...] = (
        ("staff.urgent", {}),
        ("staff.surge", {}),
        ("staff.alarm", {}),
        ("started", {"urgent": True}),
    )
    for kind, body in at_once:
        assert how.wait(kind, body, night, night, paid=True, left=0) is None
    reminded = how.wait("poll_reminder", {"urgent": True}, night, night, paid=False, left=9)
    assert reminded
    assert reminded.why is Why.QUIET, "a question may be asked again in the morning"


# what becomes one, and what becomes needless


@dataclass
class Row:
    id: int
    kind: str
    body: dict[str, Any] = field(default_factory=dict)
    created_at: datetime = NOON


def rows(*kinds: str) -> list[Row]:
    return [Row(number, kind, {"n": number}) for number, kind in enumerate(kinds)]


@pytest.mark.parametrize(
    ("kinds", "needless"),
    [
        (("assigned", "started"), set()),
        (("assigned", "assigned"), {0}),
        (("assigned", "started", "assigned"), {0, 1}),
        (("assigned", "started", "resolved"), {0, 1}),
        (("assigned", "message", "question", "explained"), {0}),
        (("resolved", "poll_reminder"), set()),
        (("resolved", "message", "resolved"), {0}),
        (("poll_reminder", "rejected"), {0}),
        (("assigned", "merged"), {0}),
        (("resolved", "assigned"), set()),
        (("staff.pre_alarm", "staff.overdue"), {0}),
    ],
)
def test_what_a_later_one_makes_needless(kinds: tuple[str, ...], needless: set[int]) -> None:
    assert holding.needless(rows(*kinds)) == needless


@given(st.lists(st.sampled_from(KINDS), min_size=1, max_size=8))
def test_the_last_is_never_needless_and_no_operators_words_are(kinds: list[str]) -> None:
    found = rows(*kinds)
    needless = holding.needless(found)
    assert found[-1].id not in needless
    assert not {row.id for row in found if row.kind in holding.TALK} & needless


@given(st.lists(st.sampled_from(KINDS), min_size=1, max_size=8))
def test_together_all_are_told_in_their_order_under_the_last_that_asks(kinds: list[str]) -> None:
    found = rows(*kinds)
    known, body = holding.together(found)
    told = [*body.get("before", ()), [known.kind, known.body], *body.get("after", ())]
    assert told == [[row.kind, row.body] for row in found]
    asking = [row for row in found if row.kind in holding.ASKS]
    assert known is (asking or found)[-1]


def test_a_change_of_what_is_told_reaches_all_that_is_told() -> None:
    known, body = holding.together(rows("assigned", "question", "message"))
    changed = holding.each(body, lambda facts: facts | {"n": facts["n"] + 10})
    assert (known.kind, changed["n"]) == ("question", 11)
    assert (changed["before"], changed["after"]) == ([["assigned", {"n": 10}]], [["message", {"n": 12}]])
    assert holding.each({"n": 1}, dict) == {"n": 1}


def test_what_is_too_long_for_one_message_is_several() -> None:
    long = [Row(number, "message", {"text": "я" * 1000}) for number in range(6)]
    assert [[row.id for row in bundle] for bundle in holding.bundles(long)] == [[0, 1], [2, 3], [4, 5]]
    shown = [Row(number, "resolved", {"photos": list(range(7))}) for number in range(2)]
    assert [len(bundle) for bundle in holding.bundles(shown)] == [1, 1]
    assert [len(bundle) for bundle in holding.bundles(rows("assigned", "started"))] == [2]


@pytest.mark.parametrize(
    ("kind", "status", "over"),
    [
        ("resolved", Status.RESOLVED, False),
        ("resolved", Status.CLOSED, False),
        ("resolved", Status.REOPENED, True),
        ("poll_reminder", Status.RESOLVED, False),
        ("poll_reminder", Status.CLOSED, True),
        ("message", Status.CLOSED, False),
        ("message", None, False),
    ],
)
def test_what_has_passed_while_it_waited(kind: str, status: Status | None, over: bool) -> None:  # noqa: FBT001 - a column
    assert holding.is_over(Row(1, kind), status, NOON) is over


def test_nobody_is_reminded_of_a_draft_they_went_on_with() -> None:
    assert not holding.is_over(Row(1, "draft_reminder"), None, NOON - HOUR)
    assert holding.is_over(Row(1, "draft_reminder"), None, NOON + MINUTE)
