"""The nightly work on a database: corrections in, a better model out, everywhere; and back again."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from core import clock, model_store
from core.actions.actor import Actor
from core.city import City
from core.errors import Conflict, Forbidden, NotFound
from core.learning import retraining, versions
from core.learning.judging import Verdict
from core.learning.lessons import Lesson
from core.learning.retraining import Progress, ask, progress, retrain, retrain_if_asked
from core.learning.teaching import path_of
from core.model_store import ModelStore
from core.models import Appeal, Channel, Correction, ModelState, ModelVersion
from core.workflow import Kind, Role, Status
from tests.builders import make_account, make_staff
from tests.core.learning.conftest import BASE, SAID, TARADAIKA, Town, at_once, words

TRAMS, ROADS, WATER = "transport.service", "roads.pothole", "water.leak"
ASKED = "тарадайка стоїть, колеса об яму, Гданцівка"


async def said(phrase: str, slug: str, number: int = 50, people: int = 1) -> None:
    """So many appeals, each corrected by one of so many operators."""
    account, desk = await make_account(), [await make_staff() for _ in range(people)]
    told = words(phrase, slug, number, people)
    first = await Appeal.all().count()
    now = clock.now()
    await Appeal.bulk_create(
        [
            Appeal(
                id=first + at + 1,
                number=f"26-{first + at + 1:06d}",
                kind=Kind.REQUEST,
                status=Status.REGISTERED,
                category_id=slug,
                account_id=account.id,
                resident_id=account.resident_id,
                channel=Channel.TELEGRAM,
                text=word.text,
                created_at=now,
                updated_at=now,
            )
            for at, word in enumerate(told)
        ]
    )
    await Correction.bulk_create(
        [
            Correction(
                appeal_id=first + at + 1,
                category_id=slug,
                guess=ROADS,
                role=Role.OPERATOR,
                staff_id=desk[word.person or 0].id,
                at=word.at,
            )
            for at, word in enumerate(told)
        ]
    )


def guess(city: City) -> str:
    return city.understander.understand(ASKED).categories[0].slug


async def states() -> dict[str, ModelState]:
    return {row.version: row.state for row in await ModelVersion.all()}


async def written(version: str, state: ModelState, made_at: datetime) -> ModelVersion:
    return await ModelVersion.create(
        version=version, state=state, made_at=made_at, examples=1, corrections=1, kept_aside=1
    )


@pytest.fixture
async def chief(town: Town) -> Actor:
    del town
    return Actor.staff(await make_staff(Role.ADMINISTRATOR))


async def test_fifty_corrections_change_what_every_process_guesses(town: Town) -> None:
    other = await town.open("second")
    assert (guess(town.city), guess(other)) == (ROADS, ROADS)
    await said(TARADAIKA, TRAMS)
    row = await retrain(town.city, at_once)
    assert row is not None
    assert (row.state, row.corrections + row.kept_aside) == (ModelState.ACTIVE, 50)
    assert row.accuracy is not None
    assert row.accuracy > (row.accuracy_before or 0)
    assert await states() == {BASE: ModelState.RETIRED, row.version: ModelState.ACTIVE}
    assert guess(town.city) == TRAMS
    model_store._read.cache_clear()
    assert await other.refresh()
    assert (guess(other), other.understander.model_version) == (TRAMS, row.version)
    assert town.city.understander.understand(ASKED).model_version == row.version


async def test_a_bad_batch_changes_nothing_but_is_written_down(town: Town) -> None:
    await said(SAID[ROADS], WATER, people=10)
    row = await retrain(town.city, at_once)
    assert row is not None
    assert row.state is ModelState.REFUSED
    assert row.confusions[0][:2] == [ROADS, WATER]
    assert (await states())[BASE] is ModelState.ACTIVE
    assert town.city.understander.model_version == BASE


async def test_nothing_new_or_too_little_is_no_lesson(town: Town) -> None:
    await said(TARADAIKA, TRAMS, number=19)
    assert await retrain(town.city, at_once) is None
    await said(SAID[ROADS], TRAMS, number=10)
    assert await retrain(town.city, at_once) is not None
    before = await states()
    assert await retrain(town.city, at_once) is None
    assert await states() == before


async def test_appeals_without_words_teach_nothing(town: Town) -> None:
    await said(TARADAIKA, TRAMS)
    await Appeal.all().update(text="")
    assert await retrain(town.city, at_once) is None


async def test_two_processes_at_once_do_it_once(town: Town) -> None:
    other = await town.open("second")
    await said(TARADAIKA, TRAMS)
    lessons = []

    async def watched(task: Lesson, folder: Path, active: str) -> Verdict:
        lessons.append(task.version)
        await asyncio.sleep(0.05)
        assert await progress() is Progress.UNDER_WAY
        return await at_once(task, folder, active)

    await ask()
    await ask()
    assert await progress() is Progress.ASKED
    done = await asyncio.gather(*(retrain_if_asked(each, watched) for each in (town.city, other)))
    assert sorted(done) == [False, True]
    assert len(lessons) == 1
    assert await progress() is Progress.IDLE
    assert not await retrain_if_asked(other, watched)


async def test_two_that_teach_the_same_all_the_same_write_it_once(town: Town) -> None:
    """One took so long that its claim ran out."""
    other = await town.open("second")
    await said(TARADAIKA, TRAMS)
    rows = await asyncio.gather(retrain(town.city, at_once), retrain(other, at_once))
    assert sum(row is not None for row in rows) == 1
    assert sorted((await states()).values()) == [ModelState.ACTIVE, ModelState.RETIRED]
    assert guess(town.city) == TRAMS


async def test_killed_midway_it_is_done_by_whoever_looks_when_its_time_is_over(town: Town) -> None:
    await said(TARADAIKA, TRAMS)
    await ask()
    assert await retraining._take()  # and nothing more is heard of it
    assert not await retrain_if_asked(town.city, at_once)
    now = clock.now()
    with clock.use(lambda: now + timedelta(minutes=retraining.LEASE + 1)):
        assert await progress() is Progress.ASKED
        assert await retrain_if_asked(town.city, at_once)
    assert guess(town.city) == TRAMS


async def test_a_failure_is_told_and_can_be_tried_again(town: Town) -> None:
    async def broken(_task: Lesson, _folder: Path, _active: str) -> Verdict:
        raise MemoryError

    await said(TARADAIKA, TRAMS)
    await ask()
    with pytest.raises(MemoryError):
        await retrain_if_asked(town.city, broken)
    assert await progress() is Progress.FAILED
    assert await states() == {BASE: ModelState.ACTIVE}
    await ask()
    assert await retrain_if_asked(town.city, at_once)
    assert await progress() is Progress.IDLE


async def test_an_administrator_goes_back_and_it_stays_so(town: Town, chief: Actor) -> None:
    await said(TARADAIKA, TRAMS)
    row = await retrain(town.city, at_once)
    assert row is not None
    await versions.go_back(town.city, chief, BASE)
    assert await states() == {BASE: ModelState.ACTIVE, row.version: ModelState.RETIRED}
    assert guess(town.city) == ROADS
    assert await retrain(town.city, at_once) is None  # the same corrections have been decided on
    assert guess(await town.open("second")) == ROADS
    await versions.go_back(town.city, chief, row.version)
    assert guess(town.city) == TRAMS


async def test_only_administrators_and_only_to_what_can_read(town: Town, chief: Actor) -> None:
    await said(SAID[ROADS], WATER, people=10)
    refused = await retrain(town.city, at_once)
    assert refused is not None
    with pytest.raises(Forbidden):
        await versions.go_back(town.city, Actor.staff(await make_staff(Role.OPERATOR)), BASE)
    with pytest.raises(NotFound):
        await versions.go_back(town.city, chief, "no such version")
    for version in (refused.version, BASE):  # was never written; reads already
        with pytest.raises(Conflict):
            await versions.go_back(town.city, chief, version)
    other = await written("ffffffffffff", ModelState.RETIRED, clock.now())
    with pytest.raises(Conflict):  # of other examples
        await versions.go_back(town.city, chief, other.version)
    assert (await states())[BASE] is ModelState.ACTIVE


async def test_what_one_went_back_from_meanwhile_does_not_return(town: Town, chief: Actor) -> None:
    """People went back while the next model was being taught: it was judged against the wrong one."""
    await said(TARADAIKA, TRAMS)
    first = await retrain(town.city, at_once)
    assert first is not None
    await said(SAID[WATER].replace("тече", "цебенить"), WATER, number=10)

    async def slow(task: Lesson, folder: Path, active: str) -> Verdict:
        verdict = await at_once(task, folder, BASE)
        assert (verdict.accepted, active) == (True, first.version)
        await versions.go_back(town.city, chief, BASE)
        return verdict

    assert await retrain(town.city, slow) is None
    assert (await states()) == {BASE: ModelState.ACTIVE, first.version: ModelState.RETIRED}


async def test_lost_arrays_leave_the_shipped_model_reading(town: Town, chief: Actor) -> None:
    await said(TARADAIKA, TRAMS)
    row = await retrain(town.city, at_once)
    assert row is not None
    store = ModelStore(town.city.settings)
    await store.keep_only(set())
    other = await town.open("second")
    assert (guess(other), other.understander.model_version) == (ROADS, BASE)
    await versions.go_back(other, chief, BASE)
    with pytest.raises(Conflict):
        await versions.go_back(other, chief, row.version)


async def test_broken_arrays_are_fetched_anew(town: Town) -> None:
    await said(TARADAIKA, TRAMS)
    row = await retrain(town.city, at_once)
    assert row is not None
    path_of(ModelStore(town.city.settings).folder, row.version).write_bytes(b"PK\x03\x04 half a file")
    assert guess(await town.open("first")) == TRAMS


async def test_the_last_few_are_kept_and_older_ones_forgotten(town: Town) -> None:
    await said(TARADAIKA, TRAMS)
    active = await retrain(town.city, at_once)
    assert active is not None
    store = ModelStore(town.city.settings)
    content = path_of(store.folder, active.version).read_bytes()
    old = [f"{BASE}-{number:08d}" for number in range(versions.KEPT)]
    for number, version in enumerate(old):
        path_of(store.folder, version).write_bytes(content)
        await store.share(version)
        made_at = clock.now() + timedelta(days=number + 1)  # the one that reads is the oldest of all
        await written(version, ModelState.RETIRED, made_at)
    await versions.tidy(store)
    found = await states()
    assert [found[version] for version in old] == [ModelState.FORGOTTEN] + [ModelState.RETIRED] * 4
    assert (found[active.version], found[BASE]) == (ModelState.ACTIVE, ModelState.RETIRED)
    kept = {f"category-{version}.npz" for version in (*old[1:], active.version, BASE)}
    assert kept <= {path.name for path in store.folder.glob("*.npz")}
    assert not path_of(store.folder, old[0]).exists()


async def test_the_shipped_model_is_written_down_once(town: Town) -> None:
    for name in ("first", "second", "third"):
        await town.open(name)
    row = await ModelVersion.get()
    assert (row.version, row.state, row.examples) == (BASE, ModelState.ACTIVE, 200)
    assert row.activated_at is not None


async def test_a_model_of_other_examples_makes_way_for_the_shipped_one(town: Town) -> None:
    await ModelVersion.all().update(state=ModelState.RETIRED)
    older = await written("ffffffffffff-00000001", ModelState.ACTIVE, clock.now())
    await town.city.refresh()  # a process that runs on decides nothing
    assert (await states())[older.version] is ModelState.ACTIVE
    assert town.city.understander.model_version == BASE
    await town.open("second")
    assert await states() == {BASE: ModelState.ACTIVE, older.version: ModelState.RETIRED}
