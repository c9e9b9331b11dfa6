"""What residents think of the result: reasons and words beside the stars, and until when all of it holds."""

from dataclasses import replace

import pytest

from core import db
from core.actions import desk, poll, resident
from core.actions.actor import Actor
from core.actions.join import join
from core.city import City
from core.errors import Conflict, Invalid, NotFound
from core.models import Appeal, Event, Supporter, Survey
from core.workflow import Status, Verb
from tests.builders import make_account, make_appeal, make_photo
from tests.core.conftest import Cast, Time


@pytest.fixture
async def resolved(city: City, cast: Cast) -> Appeal:
    """Resolved, and the resident asked."""
    appeal = await make_appeal(city, cast.account)
    appeal = await desk.resolve(city, appeal.id, cast.operator, expected=0, answer="Замінено трубу")
    await Survey.create(appeal_id=appeal.id, round=0, sent_at=appeal.updated_at)
    return appeal


async def rates(appeal: Appeal) -> list[Event]:
    return await Event.filter(appeal_id=appeal.id, verb=Verb.RATE).order_by("id")


async def test_several_reasons_each_count_once(city: City, cast: Cast, resolved: Appeal) -> None:
    await poll.rate(city, resolved.id, cast.resident, stars=2)
    for reason, given in (("rude", ("rude",)), ("slow", ("slow", "rude")), ("slow", ("slow", "rude"))):
        _, said = await poll.give_reason(city, resolved.id, cast.resident, reason=reason)
        assert said == given
    survey = await Survey.get()
    assert (survey.stars, survey.reasons) == (2, ["slow", "rude"])
    assert [event.data for event in await rates(resolved)] == [
        {"stars": 2},
        {"reasons": ["rude"]},
        {"reasons": ["slow", "rude"]},
    ]
    with pytest.raises(Invalid, match=r"reason\.unknown"):
        await poll.give_reason(city, resolved.id, cast.resident, reason="weather")


async def test_good_stars_take_back_what_was_wrong(city: City, cast: Cast, resolved: Appeal) -> None:
    await poll.rate(city, resolved.id, cast.resident, stars=1)
    await poll.give_reason(city, resolved.id, cast.resident, reason="slow")
    await poll.rate(city, resolved.id, cast.resident, stars=3)
    assert (await Survey.get()).reasons == ["slow"]
    await poll.rate(city, resolved.id, cast.resident, stars=5)
    survey = await Survey.get()
    assert (survey.stars, survey.reasons) == (5, None)


async def test_words_and_photos_of_the_result_are_kept(
    city: City, cast: Cast, resolved: Appeal, time: Time
) -> None:
    photo = await make_photo(cast.account, draft="x")
    await poll.confirm(city, resolved.id, cast.resident)
    await poll.comment(city, resolved.id, cast.resident, text="дякую бригаді\x00", draft="x")
    await poll.comment(city, resolved.id, cast.resident, text="і диспетчеру")
    survey = await Survey.get()
    assert (survey.solved, survey.words, survey.answered_at) == (True, "і диспетчеру", time.now)
    first, second = await rates(resolved)
    assert (first.text, second.text, first.from_status) == ("дякую бригаді", "і диспетчеру", Status.CLOSED)
    await photo.refresh_from_db()
    assert (photo.appeal_id, photo.event_id) == (resolved.id, first.id)
    with pytest.raises(Invalid, match=r"words\.needed"):
        await poll.comment(city, resolved.id, cast.resident, text=" ")


async def test_all_of_it_can_be_changed_for_as_long_as_it_can_be_reopened(
    city: City, cast: Cast, resolved: Appeal, time: Time
) -> None:
    city = replace(city, schedule=city.schedule.model_copy(update={"reopen_days": 30}))
    neighbour = await make_account()
    await Supporter.create(
        appeal_id=resolved.id, resident_id=neighbour.resident_id, account_id=neighbour.id, joined_at=time.now
    )
    async with db.transaction():
        await poll.close_silent([resolved])
    time.passes(days=30)
    await poll.confirm(city, resolved.id, cast.resident)
    await poll.rate(city, resolved.id, cast.resident, stars=4)
    assert ((await Survey.get()).solved, (await Survey.get()).stars) == (True, 4)
    time.passes(seconds=1)
    too_late = (
        poll.rate(city, resolved.id, cast.resident, stars=1),
        poll.give_reason(city, resolved.id, cast.resident, reason="slow"),
        poll.comment(city, resolved.id, cast.resident, text="ні"),
        poll.rate(city, resolved.id, Actor.resident(neighbour.resident_id), stars=1),
    )
    for each in too_late:
        with pytest.raises(Invalid, match=r"poll\.too_late"):
            await each
    assert (await Survey.get()).stars == 4


async def test_a_yes_before_the_question_was_sent_is_kept(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account)
    await desk.resolve(city, appeal.id, cast.operator, expected=0, answer="Зроблено")
    await poll.confirm(city, appeal.id, cast.resident)
    survey = await Survey.get()
    assert (survey.appeal_id, survey.round, survey.solved) == (appeal.id, 0, True)


async def test_stars_before_the_question_was_sent_do_not_silence_it(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account)
    await desk.resolve(city, appeal.id, cast.operator, expected=0, answer="Зроблено")
    await poll.rate(city, appeal.id, cast.resident, stars=3)
    assert not await Survey.exists(), "the sweep tells the result where there is no survey"


async def test_supporters_words_are_theirs_and_not_the_surveys(city: City, cast: Cast) -> None:
    appeal, neighbour = await make_appeal(city, cast.account), await make_account()
    await join(city, neighbour, appeal.id)
    await desk.resolve(city, appeal.id, cast.operator, expected=1, answer="Зроблено")
    await Survey.create(appeal_id=appeal.id, round=0, sent_at=appeal.updated_at)
    who = Actor.resident(neighbour.resident_id)
    await poll.rate(city, appeal.id, who, stars=2)
    await poll.give_reason(city, appeal.id, who, reason="slow")
    _, given = await poll.give_reason(city, appeal.id, who, reason="rude")
    assert given == ("slow", "rude")
    await poll.comment(city, appeal.id, who, text="у нас досі мокро")
    survey = await Survey.get()
    assert (survey.stars, survey.reasons, survey.words) == (None, None, "")
    assert all(event.data["supporter"] == neighbour.resident_id for event in await rates(appeal))
    again = await resident.reopen(city, appeal.id, who, text="тече")
    await desk.resolve(city, appeal.id, cast.operator, expected=again.version, answer="Тепер справді")
    _, given = await poll.give_reason(city, appeal.id, who, reason="other")
    assert given == ("other",), "what was said of the result before is not said of this one"


async def test_an_open_or_a_strangers_appeal_is_not_commented(
    city: City, cast: Cast, resolved: Appeal
) -> None:
    for action in (
        poll.comment(city, resolved.id, cast.stranger, text="ні"),
        poll.give_reason(city, resolved.id, cast.stranger, reason="slow"),
    ):
        with pytest.raises(NotFound):
            await action
    appeal = await make_appeal(city, cast.account)
    with pytest.raises(Conflict):
        await poll.comment(city, appeal.id, cast.resident, text="ні")
    with pytest.raises(Conflict):
        await poll.give_reason(city, appeal.id, cast.resident, reason="slow")
