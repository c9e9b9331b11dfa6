"""The routing table as it is kept: checked on saving, one editor at a time, and followed by what is filed."""

from dataclasses import replace

import pytest
import structlog

from core.actions import desk, helping, rules
from core.actions.actor import Actor
from core.city import City
from core.deadlines import Hours
from core.errors import Conflict, Forbidden, Invalid
from core.models import Event, Executor
from core.pack import RuleSpec
from core.routing import Change, key
from core.workflow import Role, Verb
from tests.builders import make_appeal, make_staff
from tests.core.conftest import GAS, WATER, Cast, Time, noticed

ODD = RuleSpec(1, "water.leak", None, "metalurhiinyi", GAS, co_executors=(WATER,))


@pytest.fixture
async def administrator(city: City) -> Actor:
    del city
    return Actor.staff(await make_staff(Role.ADMINISTRATOR))


async def test_what_is_saved_counts_for_what_is_filed_next(
    city: City, cast: Cast, administrator: Actor
) -> None:
    before = await make_appeal(city, cast.account)
    standing = await rules.standing()
    assert standing.table == city.rules
    with structlog.testing.capture_logs() as logs:
        await rules.save(city, administrator, Change(None, ODD), expected=standing.version)
    after = await make_appeal(city, cast.account)
    assert (before.executor_id, after.executor_id) == (WATER, GAS)
    assert await rules.standing() == rules.Standing(standing.version + 1, city.rules)
    [said] = [line for line in logs if line["event"] == "rules.changed"]
    assert (said["by"], said["before"]) == (administrator.staff_id, None)
    assert said["after"]["executor"] == GAS


async def test_history_tells_which_rule_and_why_and_who_helps(
    city: City, cast: Cast, administrator: Actor
) -> None:
    await rules.save(city, administrator, Change(None, ODD), expected=0)
    appeal = await make_appeal(city, cast.account)
    event = await Event.get(appeal_id=appeal.id, verb=Verb.ASSIGN)
    assert event.data == {
        "executor": GAS,
        "rule": 1,
        "why": {"category": "water.leak", "district": "metalurhiinyi"},
        "co_executors": [WATER],
    }
    assert await helping.co_executors_of(appeal.id) == (WATER,)
    assert await noticed(cast.water) == ["helping"]


async def test_a_category_decided_later_is_routed_by_the_same_rules(
    city: City, cast: Cast, administrator: Actor
) -> None:
    await rules.save(city, administrator, Change(None, ODD), expected=0)
    appeal = await make_appeal(city, cast.account, sure=False, category="roads.pothole")
    moved = await desk.categorise(city, appeal.id, cast.operator, expected=0, category="water.leak")
    assert moved.executor_id == GAS
    assert (await Event.get(appeal_id=appeal.id, verb=Verb.ASSIGN)).data["rule"] == 1
    assert await noticed(cast.water) == ["helping"]


async def test_hours_and_urgency_decide(city: City, cast: Cast, administrator: Actor, time: Time) -> None:
    night = RuleSpec(1, None, None, None, GAS, urgent=True, hours=Hours.OFF)
    await rules.save(city, administrator, Change(None, night), expected=0)
    assert (await make_appeal(city, cast.account)).executor_id == WATER, "Monday, ten in the morning"
    time.passes(hours=12)
    assert (await make_appeal(city, cast.account)).executor_id == GAS
    assert (await make_appeal(city, cast.account, category="roads.pothole")).executor_id != GAS


async def test_who_comes_second_must_look_again(city: City, administrator: Actor) -> None:
    await rules.save(city, administrator, Change(None, ODD), expected=0)
    table = (await rules.standing()).table
    with pytest.raises(Conflict):
        await rules.save(city, administrator, Change(key(ODD), None), expected=0)
    assert await rules.standing() == rules.Standing(1, table)
    await rules.save(city, administrator, Change(key(ODD), None), expected=1)
    assert (
        (await rules.standing()).table
        == city.rules
        == tuple(replace(rule, position=rule.position - 1) for rule in table[1:])
    )


async def test_what_is_broken_is_refused_and_changes_nothing(city: City, administrator: Actor) -> None:
    standing = await rules.standing()
    last = standing.table[-1]
    broken = {
        "rule.shadowed": Change(None, replace(last, position=1)),
        "rule.no_last_resort": Change(key(last), None),
        "rule.executor": Change(None, replace(ODD, executor="nobody")),
        "rule.gone": Change(key(ODD), None),
    }
    for told, change in broken.items():
        with pytest.raises(Invalid) as caught:
            await rules.save(city, administrator, change, expected=standing.version)
        assert caught.value.key == told
    assert await rules.standing() == standing


async def test_no_rule_may_name_who_no_longer_works(city: City, administrator: Actor) -> None:
    await Executor.filter(slug="teplomerezha").update(active=False)
    retired = replace(ODD, executor="teplomerezha")
    with pytest.raises(Invalid, match=r"rule\.executor"):
        await rules.save(city, administrator, Change(None, retired), expected=0)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.EXECUTOR])
async def test_others_change_no_rules(city: City, role: Role) -> None:
    staff = await make_staff(role, WATER if role is Role.EXECUTOR else None)
    with pytest.raises(Forbidden):
        await rules.save(city, Actor.staff(staff), Change(None, ODD), expected=0)
    assert (await rules.standing()).version == 0
