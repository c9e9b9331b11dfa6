"""Co-executors: who sees an appeal beside its executor, and what they may do to it."""

import pytest

from core.actions import desk, executor, helping
from core.actions.move import look_up
from core.city import City
from core.errors import Forbidden, Invalid, NotFound
from core.models import Appeal, CoExecutor, Event
from core.queries.panel import card as cards
from core.queries.panel import counters, queue
from core.queries.panel.filters import Filters, View
from core.workflow import Verb
from tests.builders import make_appeal
from tests.core.conftest import GAS, WATER, Cast, noticed, queued

HEAT = "teplotsentral"
WORDS = "Перекрийте газ на час ремонту"


async def helped(city: City, cast: Cast) -> Appeal:
    appeal = await make_appeal(city, cast.account)
    return await helping.set_co_executors(
        city, appeal.id, cast.operator, expected=0, executors=[GAS], text=WORDS
    )


async def test_who_is_asked_to_help_is_told_and_the_resident_is_not(city: City, cast: Cast) -> None:
    appeal = await helped(city, cast)
    assert await noticed(cast.gas) == ["helping"]
    event = await Event.get(appeal_id=appeal.id, verb=Verb.HELP)
    assert (event.text, event.data) == (WORDS, {"co_executors": [GAS], "was": []})
    assert (appeal.version, appeal.executor_id) == (1, WATER)
    assert await queued(appeal.id) == []


async def test_who_helps_sees_the_appeal_and_may_note_but_not_report(city: City, cast: Cast) -> None:
    other = await make_appeal(city, cast.account)
    appeal = await helped(city, cast)
    assert (await look_up(appeal.id, cast.other_officer)).id == appeal.id
    assert (await cards.card(cast.other_officer, appeal.id)).co_executors == (GAS,)
    await desk.note(city, appeal.id, cast.other_officer, expected=1, text="перекрито")
    with pytest.raises(Forbidden):
        await executor.start(city, appeal.id, cast.other_officer, expected=2)
    with pytest.raises(Forbidden):
        await executor.report(city, appeal.id, cast.other_officer, expected=2, text="готово")
    with pytest.raises(NotFound):
        await look_up(other.id, cast.other_officer)
    with pytest.raises(NotFound):
        await cards.card(cast.other_officer, other.id)


async def test_the_queue_shows_what_is_theirs_and_what_they_help_with_once(city: City, cast: Cast) -> None:
    appeal = await helped(city, cast)
    urgent = await make_appeal(city, cast.account, category="gas.leak")
    await make_appeal(city, cast.account)
    page = await queue.page(cast.other_officer, Filters())
    assert [row.id for row in page.rows] == [urgent.id, appeal.id]
    assert (await counters.counters(cast.other_officer))[View.OPEN] == 2
    rest = await queue.page(cast.other_officer, Filters(after=page.after))
    assert rest.rows == page.rows, "there is no second page to ask for"
    assert [row.id for row in (await queue.page(cast.officer, Filters())).rows].count(appeal.id) == 1


async def test_pages_go_on_where_the_last_one_ended_within_each_part(
    city: City, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "PAGE", 2)
    mixed = [await helped(city, cast) for _ in range(3)]
    mixed += [await make_appeal(city, cast.account, category="gas.leak") for _ in range(2)]
    seen: list[int] = []
    filters = Filters()
    for _ in range(5):
        page = await queue.page(cast.other_officer, filters)
        seen += [row.id for row in page.rows]
        if page.after is None:
            break
        filters = Filters(after=page.after)
    assert seen == sorted((appeal.id for appeal in mixed), reverse=True)


async def test_who_is_released_sees_it_no_more(city: City, cast: Cast) -> None:
    appeal = await helped(city, cast)
    after = await helping.set_co_executors(
        city, appeal.id, cast.operator, expected=1, executors=[HEAT], text="вже не треба"
    )
    assert after.version == 2
    assert await helping.co_executors_of(appeal.id) == (HEAT,)
    with pytest.raises(NotFound):
        await look_up(appeal.id, cast.other_officer)


async def test_who_is_given_the_appeal_helps_no_longer(city: City, cast: Cast) -> None:
    appeal = await helped(city, cast)
    await desk.reassign(city, appeal.id, cast.operator, expected=1, executor=GAS, reason="це газ")
    assert not await CoExecutor.exists()
    await executor.start(city, appeal.id, cast.other_officer, expected=2)
    with pytest.raises(NotFound):
        await look_up(appeal.id, cast.officer)


@pytest.mark.parametrize(
    ("executors", "text", "told"),
    [
        ([GAS], " ", "help.needed"),
        (["nobody"], WORDS, "co_executors.unknown"),
        ([GAS, WATER], WORDS, "co_executors.answers"),
        ([], WORDS, "co_executors.same"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    city: City, cast: Cast, executors: list[str], text: str, told: str
) -> None:
    appeal = await make_appeal(city, cast.account)
    with pytest.raises(Invalid) as caught:
        await helping.set_co_executors(
            city, appeal.id, cast.operator, expected=0, executors=executors, text=text
        )
    assert caught.value.key == told
    assert (await Appeal.get(id=appeal.id)).version == 0
    assert not await CoExecutor.exists()
