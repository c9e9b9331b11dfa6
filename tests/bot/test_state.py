"""The state of a conversation as a row keeps it."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.conversation.state import ABOUT, WORK, Draft, Spot, State, Step, Work
from core.models.appeals import AttachmentKind

spots = st.builds(
    Spot,
    address=st.text(max_size=20),
    lat=st.none() | st.floats(-90, 90),
    lon=st.none() | st.floats(-180, 180),
    district=st.none() | st.just("metalurhiinyi"),
)
drafts = st.builds(
    Draft,
    token=st.just("a1b2c3d4"),
    texts=st.lists(st.tuples(st.text(max_size=5), st.text(max_size=20)).map(list), max_size=3),
    category=st.none() | st.just("water.leak"),
    chosen=st.booleans(),
    sure=st.booleans(),
    guesses=st.lists(st.tuples(st.just("water.leak"), st.floats(0, 1)).map(list), max_size=2),
    urgent=st.booleans(),
    danger_words=st.lists(st.text(max_size=5), max_size=2),
    emergency=st.none() | st.just("104"),
    spot=st.none() | spots,
    spots=st.lists(spots, max_size=3),
    files=st.dictionaries(st.sampled_from(AttachmentKind).map(str), st.integers(1, 10)),
)


states = st.builds(
    State,
    step=...,
    draft=st.none() | drafts,
    about=st.none() | st.integers(1, 9),
    album=...,
    filed=...,
    later=st.lists(drafts, max_size=2),
    unsorted=...,
    work=st.none()
    | st.builds(
        Work,
        step=st.sampled_from(sorted(WORK)).map(str),
        texts=st.lists(st.tuples(st.text(max_size=5), st.text(max_size=20)).map(list), max_size=2),
    ),
    pace=...,
)


def stands(state: State) -> bool:
    """Whether it has what its step speaks of, as every turn leaves it."""
    return (
        (state.step in ABOUT) == (state.about is not None)
        and (state.step is not Step.DRAFT or state.draft is not None)
        and (state.step is not Step.WHICH or state.unsorted is not None)
        and (state.step not in WORK or (state.work is not None and state.work.step == state.step))
    )


@settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.filter_too_much])
@given(states.filter(stands))
def test_a_restart_changes_nothing(state: State) -> None:
    row = json.loads(json.dumps(state.to_row()))
    assert State.from_row(state.step.value, row) == state


def test_an_empty_state_keeps_nothing() -> None:
    assert State().to_row() == {}


@pytest.mark.parametrize(
    ("step", "data"), [("renamed", {}), ("draft", {"draft": {"gone": 1}}), ("idle", {"album": {}})]
)
def test_a_state_of_another_version_begins_anew(step: str, data: dict[str, Any]) -> None:
    """A resident must never be stuck because an upgrade renamed a step."""
    assert State.from_row(step, data) == State()
