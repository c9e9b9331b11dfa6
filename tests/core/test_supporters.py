"""All who reported the same hear the same, each once and in their own chat; each has a word on the result."""

from dataclasses import replace
from pathlib import Path

import pytest

from core import jobs
from core.actions import desk, executor, poll, resident
from core.actions.actor import Actor
from core.actions.join import join, merge
from core.city import City
from core.config import Media
from core.errors import Conflict, Invalid
from core.jobs import Desk
from core.media import MediaStore
from core.models import Account, Appeal, Channel, Event, Outbox, Resident, Supporter, Survey
from core.workflow import Status, Verb
from tests.builders import make_account, make_appeal
from tests.core.conftest import Cast, Time, noticed


@pytest.fixture
def sweeps(city: City, tmp_path: Path) -> Desk:
    schedule = city.schedule.model_copy(update={"close_after_days": 7, "poll_reminder_days": 2})
    return Desk(
        city=replace(city, schedule=schedule),
        schedule=schedule,
        media=MediaStore(Media(url=f"file://{tmp_path}/media")),
        fetchers={},
    )


async def shared(city: City, cast: Cast, *others: Account) -> Appeal:
    appeal = await make_appeal(city, cast.account)
    for other in others:
        await join(city, other, appeal.id)
    return await Appeal.get(id=appeal.id)


async def resolved(city: City, cast: Cast, *others: Account) -> Appeal:
    appeal = await shared(city, cast, *others)
    return await desk.resolve(
        city, appeal.id, cast.operator, expected=appeal.version, answer="Замінено трубу"
    )


def acting(account: Account) -> Actor:
    return Actor.resident(account.resident_id)


async def heard(kind: str) -> list[int]:
    """Accounts that were told, in order."""
    return [row.account_id for row in await Outbox.filter(kind=kind).order_by("account_id")]


async def word(account: Account) -> tuple[bool | None, int | None]:
    row = await Supporter.get(account_id=account.id)
    return row.solved, row.stars


async def test_everybody_hears_everything_in_their_own_chat(city: City, cast: Cast, sweeps: Desk) -> None:
    viber = await make_account(Channel.VIBER, language="en")
    merged = await make_appeal(city)
    appeal = await shared(city, cast, viber)
    await merge(city, merged.id, cast.operator, expected=0, into=appeal.id)
    everyone = sorted(each for each in (cast.account.id, viber.id, merged.account_id) if each is not None)
    await executor.start(city, appeal.id, cast.officer, expected=2)
    await desk.tell(city, appeal.id, cast.operator, expected=3, text="бригада їде")
    await desk.ask(city, appeal.id, cast.operator, expected=4, question="Де саме?")
    await resident.answer(city, appeal.id, acting(viber), text="біля третього під'їзду")
    await desk.resolve(city, appeal.id, cast.operator, expected=6, answer="Замінено трубу")
    await jobs.announce_results(sweeps)
    for kind in ("started", "message", "question", "resolved"):
        rows = await Outbox.filter(kind=kind).order_by("account_id")
        assert [row.account_id for row in rows] == everyone, kind
        assert {row.appeal_id for row in rows} == {appeal.id}
        assert all(row.body == rows[0].body for row in rows)
    assert (await Outbox.get(kind="started", account_id=viber.id)).channel is Channel.VIBER


@pytest.mark.parametrize("action", ["explain", "reject", "reassign"])
async def test_whatever_is_decided_is_told_to_all(city: City, cast: Cast, action: str) -> None:
    neighbour = await make_account()
    appeal = await shared(city, cast, neighbour)
    told = {"explain": "explained", "reject": "rejected", "reassign": "assigned"}[action]
    if action == "reassign":
        await desk.reassign(city, appeal.id, cast.operator, expected=1, executor="gas_networks", reason="газ")
    else:
        await getattr(desk, action)(city, appeal.id, cast.operator, expected=1, reason="бо так")
    assert await heard(told) == [cast.account.id, neighbour.id]


async def test_results_announced_twice_at_once_are_heard_once(city: City, cast: Cast, sweeps: Desk) -> None:
    neighbour = await make_account()
    await resolved(city, cast, neighbour)
    await jobs.announce_results(sweeps)
    await Survey.all().delete()  # as if two processes had come to the same moment
    await jobs.announce_results(sweeps)
    assert await heard("resolved") == [cast.account.id, neighbour.id]


async def test_a_supporters_answer_is_the_answer(city: City, cast: Cast, time: Time) -> None:
    neighbour = await make_account()
    appeal = await shared(city, cast, neighbour)
    await desk.ask(city, appeal.id, cast.operator, expected=1, question="Де?")
    time.passes(hours=1)
    answered = await resident.answer(city, appeal.id, acting(neighbour), text="у дворі")
    assert answered.status is Status.ASSIGNED
    event = await Event.get(verb=Verb.ANSWER)
    assert (event.text, event.data["supporter"]) == ("у дворі", neighbour.resident_id)
    late = await resident.answer(city, appeal.id, cast.resident, text="біля воріт")
    assert late.status is Status.ASSIGNED
    assert (await Event.get(verb=Verb.ADD)).data == {}
    assert (await noticed(cast.desk)).count("answered") == 2


async def test_one_can_be_asked_while_anybody_has_a_chat(city: City, cast: Cast) -> None:
    neighbour = await make_account()
    appeal = await shared(city, cast, neighbour)
    await Resident.filter(id=cast.account.resident_id).delete()
    await desk.tell(city, appeal.id, cast.operator, expected=1, text="бригада їде")
    assert await heard("message") == [neighbour.id]
    alone = await make_appeal(city)
    await Resident.filter(id=alone.resident_id).delete()
    with pytest.raises(Invalid, match=r"resident\.no_chat"):
        await desk.tell(city, alone.id, cast.operator, expected=0, text="бригада їде")


async def test_a_supporters_yes_is_kept_and_closes_nothing(city: City, cast: Cast, time: Time) -> None:
    neighbour = await make_account()
    appeal = await resolved(city, cast, neighbour)
    await Survey.create(appeal_id=appeal.id, round=0, sent_at=time.now)
    said = await poll.confirm(city, appeal.id, acting(neighbour))
    assert (said.id, said.status, said.version) == (appeal.id, Status.RESOLVED, appeal.version)
    await poll.rate(city, appeal.id, acting(neighbour), stars=2)
    await poll.rate(city, appeal.id, acting(neighbour), stars=4)
    assert await word(neighbour) == (True, 4)
    assert (await Supporter.get()).answered_at == time.now
    survey = await Survey.get()
    assert (survey.solved, survey.stars) == (None, None)
    assert not await Event.filter(verb__in=[Verb.CLOSE, Verb.RATE]).exists()
    closed = await poll.confirm(city, appeal.id, cast.resident)
    assert closed.status is Status.CLOSED


async def test_a_supporter_has_a_word_after_it_closed_and_none_before_it_is_done(
    city: City, cast: Cast
) -> None:
    neighbour = await make_account()
    appeal = await shared(city, cast, neighbour)
    with pytest.raises(Conflict):
        await poll.confirm(city, appeal.id, acting(neighbour))
    with pytest.raises(Conflict):
        await poll.rate(city, appeal.id, acting(neighbour), stars=5)
    with pytest.raises(Invalid):
        await poll.rate(city, appeal.id, acting(neighbour), stars=6)
    await desk.resolve(city, appeal.id, cast.operator, expected=1, answer="Зроблено")
    await poll.confirm(city, appeal.id, cast.resident)
    await poll.confirm(city, appeal.id, acting(neighbour))
    assert await word(neighbour) == (True, None)


async def test_a_supporters_no_reopens_it_for_all(city: City, cast: Cast, time: Time) -> None:
    neighbour, content = await make_account(), await make_account()
    appeal = await resolved(city, cast, neighbour, content)
    await Survey.create(appeal_id=appeal.id, round=0, sent_at=time.now)
    await poll.confirm(city, appeal.id, acting(content))
    again = await resident.reopen(city, appeal.id, acting(neighbour), text="у нас далі тече")
    assert (again.status, again.reopen_count) == (Status.REOPENED, 1)
    survey = await Survey.get()
    assert (survey.solved, survey.words) == (False, "у нас далі тече")
    assert (await Event.get(verb=Verb.REOPEN)).data == {"supporter": neighbour.resident_id}
    assert await word(content) == (None, None), "what they said was of the result before"


async def test_only_who_is_silent_is_reminded_of_the_poll(
    city: City, cast: Cast, sweeps: Desk, time: Time
) -> None:
    silent, spoken = await make_account(), await make_account()
    appeal = await resolved(city, cast, silent, spoken)
    await jobs.announce_results(sweeps)
    assert await heard("resolved") == [cast.account.id, silent.id, spoken.id]
    await poll.confirm(city, appeal.id, acting(spoken))
    time.passes(days=3)
    for _ in range(2):
        await jobs.remind_of_polls(sweeps)
    assert await heard("poll_reminder") == [cast.account.id, silent.id]


async def test_reopened_and_resolved_again_all_are_asked_again(city: City, cast: Cast, sweeps: Desk) -> None:
    neighbour = await make_account()
    appeal = await resolved(city, cast, neighbour)
    await jobs.announce_results(sweeps)
    again = await resident.reopen(city, appeal.id, acting(neighbour), text="далі тече")
    await desk.resolve(city, appeal.id, cast.operator, expected=again.version, answer="Тепер справді")
    await jobs.announce_results(sweeps)
    assert await heard("resolved") == [cast.account.id, cast.account.id, neighbour.id, neighbour.id]
