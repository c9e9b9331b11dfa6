"""What people say of an appeal's topic is kept with what they did, and the latest word stands."""

import pytest

from core.actions import desk
from core.city import City
from core.errors import Conflict, Invalid
from core.models import Correction
from core.workflow import Role
from tests.builders import make_appeal, make_photo
from tests.core.conftest import Cast, Time

GUESSED = (("roads.pothole", 0.6), ("water.leak", 0.3))


async def said() -> list[tuple[str, str, Role]]:
    return [(row.guess, row.category_id, row.role) for row in await Correction.all().order_by("id")]


@pytest.mark.parametrize("category", ["roads.pothole", "water.leak"])
async def test_the_resident_who_names_the_topic_confirms_or_corrects(
    city: City, cast: Cast, category: str
) -> None:
    await make_appeal(city, cast.account, category=category, guesses=GUESSED, chosen=True)
    assert await said() == [("roads.pothole", category, Role.RESIDENT)]
    row = await Correction.get()
    assert (row.resident_id, row.staff_id) == (cast.account.resident_id, None)


async def test_a_card_sent_as_the_machine_filled_it_says_nothing(city: City, cast: Cast) -> None:
    await make_appeal(city, cast.account, guesses=GUESSED)
    assert await said() == []


async def test_the_operators_word_comes_last_and_stands(city: City, cast: Cast, time: Time) -> None:
    appeal = await make_appeal(city, cast.account, guesses=GUESSED, chosen=True)
    time.passes(hours=1)
    appeal = await desk.categorise(city, appeal.id, cast.operator, expected=0, category="sewer.blocked")
    assert await said() == [("roads.pothole", "sewer.blocked", Role.OPERATOR)]
    row = await Correction.get()
    assert (row.staff_id, row.resident_id, row.at) == (cast.operator.staff_id, None, time.now)
    await desk.categorise(city, appeal.id, cast.operator, expected=appeal.version, category="roads.pothole")
    assert await said() == [("roads.pothole", "roads.pothole", Role.OPERATOR)]


async def test_what_was_refused_was_not_said(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account, guesses=GUESSED)
    with pytest.raises(Conflict):
        await desk.categorise(city, appeal.id, cast.operator, expected=7, category="sewer.blocked")
    with pytest.raises(Invalid):
        await desk.categorise(city, appeal.id, cast.operator, expected=0, category="no.such")
    assert await said() == []


async def test_a_photo_without_words_teaches_nothing(city: City, cast: Cast) -> None:
    await make_photo(cast.account)
    appeal = await make_appeal(city, cast.account, text=" ", draft="d1", sure=False, chosen=True)
    await desk.categorise(city, appeal.id, cast.operator, expected=0, category="sewer.blocked")
    assert await said() == []


async def test_words_the_machine_made_nothing_of_still_teach(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account, sure=False)
    await desk.categorise(city, appeal.id, cast.operator, expected=0, category="sewer.blocked")
    assert await said() == [("", "sewer.blocked", Role.OPERATOR)]
