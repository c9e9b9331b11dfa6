"""Guessing is slowed down, wherever it comes from, and nobody is locked out by strangers."""

import asyncio
from datetime import timedelta
from itertools import count

import pytest

from core import auth, clock, throttle
from core.auth import Browser
from core.errors import Invalid, TooMany
from core.models import SignInFailure
from core.throttle import BY_LOGIN, BY_LOGIN_AND_PLACE, BY_PLACE, WINDOW, Brake, Place
from core.workflow import Role
from tests.core.conftest import Time

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
async def _olena(database: str, cheap_hashing: None, time: Time) -> None:
    del database, cheap_hashing, time
    await auth.create_staff("olena", "Олена", Role.OPERATOR, PASSWORD)


async def tried(password: str, address: str = "10.0.0.1", mark: str = "", login: str = "olena") -> auth.Entry:
    return await auth.sign_in(login, password, Browser(address, "Test", mark), hours=1)


async def failures(number: int, **more: str) -> None:
    values = {"login": "olena", "address": "10.0.0.1"} | more
    await SignInFailure.bulk_create(
        [
            SignInFailure(
                login=values["login"], address=values["address"].replace("*", str(n)), at=clock.now()
            )
            for n in range(number)
        ]
    )


def test_the_wait_doubles_from_a_second_and_ends_growing() -> None:
    brake = Brake(3, 60)
    assert [brake.wait(n) for n in range(12)] == [0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert brake.wait(100_000) == 60


async def test_each_wrong_try_makes_the_next_wait_longer(time: Time) -> None:
    for _ in range(BY_LOGIN_AND_PLACE.free):
        with pytest.raises(Invalid):
            await tried("wrong")
    for wait in (1, 2, 4):
        with pytest.raises(TooMany) as refused:
            await tried(PASSWORD)
        assert refused.value.params == {"n": wait}
        time.passes(seconds=wait)
        with pytest.raises(Invalid):
            await tried("wrong")
    time.passes(seconds=8)
    assert (await tried(PASSWORD)).session
    assert not await SignInFailure.exists(), "a right one forgives those before"


async def test_a_refused_try_does_not_prolong_the_wait(time: Time) -> None:
    await failures(BY_LOGIN_AND_PLACE.free + 3)
    for _ in range(7):
        with pytest.raises(TooMany):
            await tried(PASSWORD)
        time.passes(seconds=1)
    time.passes(seconds=1)
    assert (await tried(PASSWORD)).session


async def test_a_long_wait_is_told_in_minutes() -> None:
    await failures(BY_LOGIN_AND_PLACE.free + 8)
    with pytest.raises(TooMany) as refused:
        await tried(PASSWORD)
    assert refused.value.params == {"minutes": 5}


async def test_a_stranger_slows_down_nobody_elsewhere() -> None:
    await failures(15)
    with pytest.raises(TooMany):
        await tried(PASSWORD)
    assert (await tried(PASSWORD, "10.0.0.2")).session


async def test_many_addresses_guess_slowly_and_the_owner_still_gets_in(time: Time) -> None:
    mark = (await tried(PASSWORD, "10.9.9.9")).mark
    await failures(90, address="10.1.0.*")
    with pytest.raises(TooMany) as refused:
        await tried(PASSWORD, "10.2.0.1")
    assert refused.value.params == {"n": BY_LOGIN.longest}
    assert (await tried(PASSWORD, "10.2.0.1", mark)).session, "where they have been before"
    time.passes(seconds=BY_LOGIN.longest)
    assert (await tried(PASSWORD, "10.2.0.1")).session, "and elsewhere after a minute at most"


async def test_a_known_browser_is_braked_for_itself_and_for_its_owner_alone() -> None:
    mark = (await tried(PASSWORD)).mark
    await auth.create_staff("petro", "Петро", Role.OPERATOR, PASSWORD)
    await failures(BY_PLACE.free + 1, login="anybody")
    with pytest.raises(TooMany):
        await tried(PASSWORD, mark=mark, login="petro")
    for _ in range(BY_LOGIN_AND_PLACE.free):
        with pytest.raises(Invalid):
            await tried("wrong", mark=mark)
    with pytest.raises(TooMany):
        await tried(PASSWORD, mark=mark)


async def test_one_address_that_tries_many_logins_is_braked() -> None:
    await failures(BY_PLACE.free + 4, login="somebody")
    with pytest.raises(TooMany) as refused:
        await tried(PASSWORD)
    assert refused.value.params == {"n": 16}
    assert (await tried(PASSWORD, "10.0.0.2")).session


async def test_logins_that_do_not_exist_are_braked_alike() -> None:
    for _ in range(BY_LOGIN_AND_PLACE.free):
        with pytest.raises(Invalid):
            await tried("wrong", login="nobody")
    with pytest.raises(TooMany):
        await tried("wrong", login="nobody")


async def test_many_at_once_are_counted_too() -> None:
    tries = [throttle.attempt("olena", Place("10.0.0.1")) for _ in range(40)]
    told = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(each, SignInFailure) for each in told) <= BY_LOGIN_AND_PLACE.free
    assert all(isinstance(each, (SignInFailure, TooMany)) for each in told)


async def test_a_whole_office_that_signs_in_at_once_waits_for_nobody() -> None:
    ticks, start = count(), clock.now()
    with clock.use(lambda: start + timedelta(microseconds=next(ticks))):
        tries = [throttle.attempt(f"login{n}", Place("10.0.0.1")) for n in range(BY_PLACE.free)]
        assert all(isinstance(each, SignInFailure) for each in await asyncio.gather(*tries))


async def test_what_is_older_than_the_window_is_forgiven(time: Time) -> None:
    await failures(40)
    time.passes(seconds=(WINDOW + timedelta(seconds=1)).total_seconds())
    assert (await tried(PASSWORD)).session
