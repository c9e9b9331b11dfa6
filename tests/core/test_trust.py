"""How much of an executor's work is checked: never less than its category's share, fair to small numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import clock, trust
from core.actions import desk, executor, resident
from core.actions.actor import Actor
from core.actions.poll import confirm
from core.city import City
from core.models import Appeal, Survey
from core.queries.judged import record
from core.trust import Record
from tests.builders import make_account, make_appeal
from tests.core.conftest import GAS, WATER, WORDS, Cast, Time

RECORDS = st.integers(0, 500).flatmap(
    lambda n: st.builds(Record, judged=st.just(n), denied=st.integers(0, n))
)


@given(policy=st.floats(0, 1), known=RECORDS)
def test_distrust_only_adds_and_never_beyond_all(policy: float, known: Record) -> None:
    share = trust.share(policy, known)
    assert policy <= share <= 1
    assert (share > policy) == (known.denied > 0 and policy < 1) or share == pytest.approx(policy)


@given(policy=st.floats(0, 0.9), known=RECORDS)
def test_one_more_denial_never_lowers_it_and_one_more_thank_you_never_raises_it(
    policy: float, known: Record
) -> None:
    share = trust.share(policy, known)
    assert trust.share(policy, Record(known.judged + 1, known.denied + 1)) > share
    assert trust.share(policy, Record(known.judged + 1, known.denied)) <= share


@pytest.mark.parametrize(
    ("policy", "judged", "denied", "share"),
    [
        (0.0, 0, 0, 0.0),
        (0.1, 0, 0, 0.1),
        (0.1, 20, 0, 0.1),
        (0.0, 1, 1, 1 / 11),  # one of one is no proof
        (0.0, 20, 1, 1 / 30),
        (0.0, 20, 10, 1 / 3),
        (0.0, 20, 20, 2 / 3),
        (0.1, 20, 10, 0.4),
        (1.0, 20, 20, 1.0),
    ],
)
def test_shares(policy: float, judged: int, denied: int, share: float) -> None:
    assert trust.share(policy, Record(judged, denied)) == pytest.approx(share)


async def judged(city: City, cast: Cast, *, solved: bool) -> Appeal:
    """An appeal that the water utility reported, and the resident judged."""
    account = await make_account()
    who = Actor.resident(account.resident_id)
    appeal = await make_appeal(city, account)
    await executor.report(city, appeal.id, cast.officer, expected=0, text=WORDS)
    await desk.resolve(city, appeal.id, cast.operator, expected=1)
    await Survey.create(appeal_id=appeal.id, round=0, sent_at=clock.now())
    if solved:
        return await confirm(city, appeal.id, who)
    return await resident.reopen(city, appeal.id, who, text="тече далі")


async def test_the_record_is_of_what_was_reported_and_judged_and_of_the_latest(
    city: City, cast: Cast, time: Time
) -> None:
    assert await record(WATER, 20) == Record()
    for solved in (False, False, True, True, True):
        time.passes(minutes=5)
        await judged(city, cast, solved=solved)
    assert await record(WATER, 20) == Record(judged=5, denied=2)
    assert await record(WATER, 3) == Record(judged=3, denied=0), "only the latest count"
    assert await record(GAS, 20) == Record(), "another's"


async def test_nobody_answers_for_what_another_reported(city: City, cast: Cast, time: Time) -> None:
    appeal = await judged(city, cast, solved=False)
    assert await record(WATER, 20) == Record(judged=1, denied=1)
    time.passes(minutes=1)
    await desk.reassign(city, appeal.id, cast.operator, expected=appeal.version, executor=GAS, reason="їхнє")
    assert (await record(WATER, 20), await record(GAS, 20)) == (Record(), Record())


async def test_what_the_desk_resolved_without_a_report_is_nobodys_claim(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account)
    await desk.resolve(city, appeal.id, cast.operator, expected=0, answer=WORDS)
    await Survey.create(appeal_id=appeal.id, round=0, sent_at=clock.now())
    await resident.reopen(city, appeal.id, cast.resident, text="тече далі")
    assert await record(WATER, 20) == Record()
