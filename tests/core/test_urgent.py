"""What is urgent is heard of at once, by the operators and by the officers of whoever has it."""

from core.actions import desk
from core.city import City
from core.models import Notice, Outbox
from core.workflow import Role
from tests.builders import make_account, make_appeal, make_staff
from tests.core.conftest import GAS, Cast, noticed


async def test_an_urgent_one_alarms_the_desk_and_its_officers(city: City, cast: Cast) -> None:
    linked = await make_staff(Role.OPERATOR, account_id=(await make_account()).id)
    appeal = await make_appeal(city, category="roads.pothole", urgent=True, danger_words=("провалля",))
    assert appeal.urgent
    assert await noticed(cast.desk) == await noticed(linked) == ["urgent"]
    officers = await Notice.filter(kind="urgent", staff_id__not_in=[cast.desk.id, linked.id])
    assert not await Notice.filter(kind="assigned").exists()
    assert {row.appeal_id for row in officers} <= {appeal.id}
    (message,) = await Outbox.filter(kind="staff.alarm")
    assert message.account_id == linked.account_id
    assert message.body["danger"] == ["провалля"]
    assert (message.body["address"], message.body["district"]) == ("вул. Соборності, 12", "metalurhiinyi")


async def test_an_unsure_one_alarms_the_desk_and_then_who_gets_it(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, sure=False, urgent=True, danger_words=("іскрить",))
    assert await noticed(cast.desk) == ["urgent"]
    assert await noticed(cast.gas) == []
    await desk.assign(city, appeal.id, cast.operator, expected=0, executor=GAS)
    assert await noticed(cast.gas) == ["urgent"]
    assert await noticed(cast.desk) == ["urgent"], "the desk has heard"


async def test_what_becomes_urgent_alarms_once(city: City, cast: Cast) -> None:
    unsure = await make_appeal(city, category="yard.amenities", sure=False)
    assert await noticed(cast.desk) == ["triage"]
    await desk.categorise(city, unsure.id, cast.operator, expected=0, category="water.leak")
    assert await noticed(cast.desk) == ["triage", "urgent"]
    assert await noticed(cast.water) == ["urgent"]
    await desk.categorise(city, unsure.id, cast.operator, expected=2, category="water.leak")
    assert await noticed(cast.desk) == ["triage", "urgent"]
    theirs = await make_appeal(city, category="water.no_water")
    await desk.reassign(city, theirs.id, cast.operator, expected=0, executor=GAS, reason="газ")
    await desk.categorise(city, theirs.id, cast.operator, expected=1, category="gas.leak")
    assert (await noticed(cast.gas))[-1] == "urgent", "who has it already hears as well"


async def test_what_is_not_urgent_alarms_nobody(city: City, cast: Cast) -> None:
    await make_appeal(city, category="water.no_water")
    assert await noticed(cast.desk) == []
    assert await noticed(cast.water) == ["assigned"]
    assert not await Notice.filter(kind="urgent").exists()
