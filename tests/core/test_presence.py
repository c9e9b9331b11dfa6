"""Two in one appeal see each other, wherever their pages were served from."""

from core.actions import presence
from core.actions.presence import be_there
from core.city import City
from core.models import Presence
from tests.builders import make_appeal, make_staff
from tests.core.conftest import Cast, Time


async def test_who_is_there_is_seen_by_the_others_until_they_go(city: City, cast: Cast, time: Time) -> None:
    appeal, other = await make_appeal(city, cast.account), await make_appeal(city, cast.account)
    olena, hanna = await make_staff(name="Олена"), await make_staff(name="Ганна")
    assert await be_there(appeal.id, olena.id) == ()
    assert await be_there(appeal.id, hanna.id) == ("Олена",)
    assert await be_there(other.id, hanna.id) == ()
    assert await be_there(appeal.id, olena.id) == ("Ганна",)
    time.passes(seconds=44)
    assert await be_there(appeal.id, hanna.id) == ("Олена",)
    time.passes(seconds=1)
    assert await be_there(appeal.id, hanna.id) == ()


async def test_not_each_asking_is_written(city: City, cast: Cast, time: Time) -> None:
    appeal = await make_appeal(city, cast.account)
    began = time.now
    await be_there(appeal.id, cast.desk.id)
    time.passes(seconds=19)
    await be_there(appeal.id, cast.desk.id)
    assert (await Presence.get()).at == began
    time.passes(seconds=1)
    await be_there(appeal.id, cast.desk.id)
    assert (await Presence.get()).at == time.now


async def test_the_gone_are_swept_away(city: City, cast: Cast, time: Time) -> None:
    appeal = await make_appeal(city, cast.account)
    await be_there(appeal.id, cast.desk.id)
    time.passes(seconds=30)
    await be_there(appeal.id, cast.water.id)
    time.passes(seconds=30)
    assert await presence.sweep() == 1
    assert [each.staff_id for each in await Presence.all()] == [cast.water.id]
