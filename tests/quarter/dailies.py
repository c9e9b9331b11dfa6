"""The daily list: who got one on which day, at which look, and its numbers, counted from history."""

from collections.abc import Set as AbstractSet
from datetime import date, datetime, time, timedelta

from core.models import Notice, Outbox, Post, Staff
from core.workflow import OPEN, Role, Status
from tests.quarter.life import KYIV
from tests.quarter.past import Past, Standing

Numbers = dict[str, int]


async def daily_lists_were_true(of: Past) -> dict[str, int]:
    """One a day, at the first look after its time, to whom there is something to say; how many of which."""
    at = time.fromisoformat(of.town.city.settings.control.daily_at)
    should: dict[tuple[int, str], tuple[datetime, Numbers]] = {}
    silent = 0
    day, last = of.rounds[0].astimezone(KYIV).date(), of.rounds[-1].astimezone(KYIV).date()
    while day < last:
        moment = of.first_round(datetime.combine(day, at, KYIV))
        assert moment is not None
        standing = [each for one in of.events if (each := of.stood(one, moment)) and each.status in OPEN]
        for person in of.people:
            if _hears(of, person, day):
                numbers = _numbers(of, standing, _scope(of, person), moment)
                silent += not any(numbers.values())
                if any(numbers.values()):
                    should[person.id, str(day)] = moment, numbers
        day += timedelta(days=1)
    notices = await Notice.filter(kind="daily")
    came = {(row.staff_id, row.dedupe.split(":")[1]): row.at for row in notices}
    assert len(came) == len(notices)
    assert came == {key: moment for key, (moment, _) in should.items()}
    accounts = {person.id: person.account_id for person in of.people}
    rows = {row.dedupe: row for row in await Outbox.filter(kind="staff.daily")}
    told = {
        f"daily:{on}:account:{accounts[one]}": (moment, numbers)
        for (one, on), (moment, numbers) in should.items()
        if accounts[one] is not None
    }
    assert {name: (row.created_at, row.body["counts"]) for name, row in rows.items()} == told
    for name, row in rows.items():
        assert row.sent_at is not None, name
        assert of.is_day(row.sent_at), name
    posts = {person.id: person for person in of.people}
    got = [posts[one] for one, _ in should]
    return {
        "lists": len(should),
        "of officers": sum(one.role is Role.EXECUTOR and one.post is not Post.HEAD for one in got),
        "of heads": sum(one.post is Post.HEAD for one in got),
        "of deputies": sum(one.post is Post.DEPUTY for one in got),
        "nothing to say": silent,
    }


def _hears(of: Past, person: Staff, day: date) -> bool:
    hears = person.role in (Role.OPERATOR, Role.EXECUTOR) or person.post is Post.DEPUTY
    return hears and bool(of.town.city.calendar(person.executor_id).shifts(day))


def _scope(of: Past, person: Staff) -> AbstractSet[str | None] | None:
    """Whose appeals; None for all, those too that nobody has."""
    if person.role is Role.EXECUTOR:
        return {person.executor_id}
    if person.post is Post.DEPUTY:
        executors = of.town.city.executors
        return {slug for slug, row in executors.items() if row.portfolio == person.portfolio}
    return None


def _numbers(
    of: Past, standing: list[Standing], scope: AbstractSet[str | None] | None, moment: datetime
) -> Numbers:
    following = moment.astimezone(KYIV).date() + timedelta(days=1)
    midnight = datetime.combine(following, time(), KYIV)
    long_ago = moment - timedelta(days=of.town.city.settings.control.idle_days)
    own = [each for each in standing if scope is None or each.executor in scope]
    return {
        "overdue": sum(each.due is not None and each.due < moment for each in own),
        "today": sum(each.due is not None and moment <= each.due < midnight for each in own),
        "reopened": sum(each.status is Status.REOPENED for each in own),
        "idle": sum(each.moved_at < long_ago for each in own),
    }
