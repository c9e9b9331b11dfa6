"""The dialogue's tables against its source: every step is reached and left, every button is known."""

import pytest

from bot.conversation import belonging, following, person
from bot.conversation.asking import ASKS
from bot.conversation.state import ABOUT, WORK, Lack, State, Step, Unsorted, Work, new_draft
from bot.conversation.steps import ACTS
from bot.conversation.table import (
    ANYWHERE,
    ELSEWHERE,
    EVERYWHERE,
    LACKS,
    OF_DRAFT,
    STATIONS,
    DraftPress,
    Press,
)
from bot.conversation.vocabulary import Word
from bot.messages import Act
from core.models import Appeal, Channel
from core.workflow import Role
from tests.bot.chatting import Chat, Did
from tests.bot.reading import Source, keys, read
from tests.builders import make_appeal, make_staff

RESTING = {Step.IDLE, Step.DRAFT}
PRESSES: dict[str, Press | DraftPress] = {
    **OF_DRAFT,
    **ANYWHERE,
    **{f"«{word}»": press for word, press in EVERYWHERE.items()},
}


@pytest.fixture(scope="module")
def source() -> Source:
    return read()


def test_every_step_has_a_station_and_every_act_a_handler() -> None:
    assert set(STATIONS) == set(Step)
    assert set(ACTS) == set(Act)


def test_every_step_is_reached_from_nothing() -> None:
    """Buttons and words for everywhere are open at any step; so is what belongs elsewhere."""
    always = ELSEWHERE.union(*(press.leads for press in PRESSES.values())) | RESTING
    reached, todo = set[Step](), [Step.IDLE]
    while todo:
        step = todo.pop()
        if step not in reached:
            reached.add(step)
            todo += STATIONS[step].leads | always
    assert reached == set(Step)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("word", ["скасувати", "назад", "меню", "мої заявки"])
async def test_every_step_is_left_by_words(chat: Chat, step: Step, word: str) -> None:
    await chat.begin(Channel.VIBER, [])
    appeal = await make_appeal(chat.city, chat.account)
    chat.state = State(step=step, about=appeal.id if step in ABOUT else None)
    if step is Step.DRAFT:
        chat.state.draft = new_draft()
    if step is Step.WHICH:
        chat.state.unsorted = Unsorted("з двору", "1", "q1", {appeal.number: appeal.id})
    if step in WORK:
        await make_staff(Role.EXECUTOR, appeal.executor_id, account_id=chat.account.id)
        chat.state.work = Work(step.value, appeal.id, appeal.number, "w1", [["1", "Замінено"]])
    assert await chat.does(Did(Act.TEXT, text=word))
    for _ in range(2):
        await chat.does(Did(Act.TEXT, text="скасувати"))
    assert (chat.state.step, chat.state.draft, chat.state.unsorted) == (Step.IDLE, None, None)
    assert chat.state.work is None


@pytest.mark.parametrize("step", Step)
def test_a_station_leads_where_it_says(source: Source, step: Step) -> None:
    station = STATIONS[step]
    found = source.steps(station.words) | source.steps(station.files)
    _agree(found, station.leads, step)


@pytest.mark.parametrize("press", PRESSES)
def test_a_press_leads_where_it_says(source: Source, press: str) -> None:
    _agree(source.steps(PRESSES[press].do), PRESSES[press].leads, None)


def _agree(found: set[str], leads: frozenset[Step], here: Step | None) -> None:
    """Whatever shows the draft may find it dangerous and file it, so LOCATE needs not be said.

    WHICH is a kind of rest, to which everything goes back while words wait to be sorted.
    """
    steps = {Step[name] for name in found}
    assert leads - RESTING <= steps, "said, but nothing does it"
    assert steps - RESTING - {Step.WHICH, Step.LOCATE, here} <= leads, "done, but not said"


def test_what_belongs_elsewhere_leads_where_it_says(source: Source) -> None:
    """Words that answer something said before, and a code, which is known by its form."""
    names = source.steps(belonging.belongs_elsewhere) | source.steps(person.take_code)
    assert {Step[name] for name in names} - RESTING == ELSEWHERE


def test_every_button_offered_is_known_and_every_one_known_is_offered(source: Source) -> None:
    """Two makers of buttons are given their action: of_draft, and the one of a card's choices."""
    made = {"? f'{action}:{draft.token}'", "? f'{press}:{appeal.id}'"}
    assert {each for each in source.offers if each.startswith("?")} == made
    appeal = Appeal(id=1)
    choices = {following._button(key, appeal).data.partition(":")[0] for key in keys(following) - {"button."}}
    assert (source.offers - made) | choices == OF_DRAFT.keys() | ANYWHERE.keys()
    assert not OF_DRAFT.keys() & ANYWHERE.keys()


def test_every_lack_is_asked_for_and_answered() -> None:
    assert set(ASKS) == set(Lack)
    assert set(LACKS) == {None, *Lack}


def test_cancel_leads_nowhere_else() -> None:
    assert EVERYWHERE[Word.CANCEL].leads == frozenset()
