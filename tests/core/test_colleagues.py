"""Inviting, letting back in and dismissing: by an administrator, never to oneself, never the last one."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from core import auth, colleagues, second_step, tokens
from core.auth import Browser
from core.errors import Invalid, NotFound
from core.models import LinkToken, Session, Staff
from core.models.staff import Purpose
from core.workflow import Role
from tests.builders import make_account, make_staff
from tests.core.conftest import Time

OLD, NEW = "correct horse battery", "another fine password"
HERE = Browser("10.0.0.1")


@pytest.fixture
async def galyna(database: str, cheap_hashing: None) -> Staff:
    del database, cheap_hashing
    return await auth.create_staff("galyna", "Галина", Role.ADMINISTRATOR, OLD)


async def olena() -> Staff:
    return await auth.create_staff("olena", "Олена", Role.OPERATOR, OLD)


async def test_who_is_invited_sets_the_password_and_comes_in(galyna: Staff) -> None:
    with capture_logs() as said:
        staff, token = await colleagues.invite(galyna, " Petro ", "Петро", Role.OPERATOR, None)
    (line,) = said
    assert (line["event"], line["staff"], line["by"]) == ("staff.invited", staff.id, galyna.id)
    with pytest.raises(Invalid):
        await auth.sign_in("petro", "", HERE, hours=1)
    await colleagues.use_reset(token, NEW)
    assert (await auth.sign_in("petro", NEW, HERE, hours=1)).session


async def test_a_reset_link_works_once_and_ends_what_was_open(galyna: Staff) -> None:
    staff = await olena()
    entry = await auth.sign_in("olena", OLD, HERE, hours=1)
    _, token = await colleagues.reset_link(galyna, staff.id)
    assert await auth.session(entry.session, hours=1), "until it is used, all stays"
    assert not await LinkToken.exists(token_hash=token), "only its hash is kept"
    assert (await colleagues.owner_of(token)).id == staff.id, "looking uses nothing up"
    with pytest.raises(Invalid, match="password"):
        await colleagues.use_reset(token, "short")
    with pytest.raises(Invalid, match="password"):
        await colleagues.use_reset(token, "x" * 201)
    await colleagues.use_reset(token, NEW)
    assert await auth.session(entry.session, hours=1) is None
    with pytest.raises(NotFound):
        await colleagues.use_reset(token, "yet another password")
    assert (await auth.sign_in("olena", NEW, HERE, hours=1)).session
    with pytest.raises(Invalid):
        await auth.sign_in("olena", OLD, HERE, hours=1)


async def test_of_two_who_use_a_link_at_once_one_does(galyna: Staff) -> None:
    _, token = await colleagues.reset_link(galyna, (await olena()).id)
    told = await asyncio.gather(
        *(colleagues.use_reset(token, f"{NEW} {n}") for n in range(3)), return_exceptions=True
    )
    assert [type(one) for one in told].count(NotFound) == 2, told


async def test_a_reset_link_dies_of_age_of_a_newer_one_and_with_the_account(
    galyna: Staff, time: Time
) -> None:
    staff = await olena()
    first = (await colleagues.reset_link(galyna, staff.id))[1]
    second = (await colleagues.reset_link(galyna, staff.id))[1]
    with pytest.raises(NotFound):
        await colleagues.use_reset(first, NEW)
    time.passes(hours=24, seconds=1)
    with pytest.raises(NotFound):
        await colleagues.use_reset(second, NEW)
    third = (await colleagues.reset_link(galyna, staff.id))[1]
    await colleagues.deactivate(galyna, staff.id)
    await colleagues.activate(galyna, staff.id)
    with pytest.raises(NotFound):
        await colleagues.use_reset(third, NEW)


async def test_tokens_of_one_purpose_serve_no_other(galyna: Staff) -> None:
    staff = await olena()
    for purpose in set(Purpose) - {Purpose.RESET}:
        token = await tokens.make(staff.id, purpose)
        with pytest.raises(NotFound):
            await colleagues.use_reset(token, NEW)
    reset = (await colleagues.reset_link(galyna, staff.id))[1]
    for purpose in set(Purpose) - {Purpose.RESET}:
        assert await tokens.find(reset, purpose) is None


async def test_a_changed_password_ends_links_to_set_one(galyna: Staff) -> None:
    staff = await olena()
    _, token = await colleagues.reset_link(galyna, staff.id)
    await auth.change_password(staff, OLD, NEW, keep=0)
    with pytest.raises(NotFound):
        await colleagues.use_reset(token, "yet another password")


async def test_a_reset_link_is_no_way_around_the_second_step(galyna: Staff) -> None:
    staff = await olena()
    await Staff.filter(id=staff.id).update(totp_secret="S" * 32, totp_since=staff.created_at)
    await colleagues.use_reset((await colleagues.reset_link(galyna, staff.id))[1], NEW)
    entry = await auth.sign_in("olena", NEW, HERE, hours=1)
    assert entry.step
    assert not entry.session


async def test_the_dismissed_are_out_until_they_are_back(galyna: Staff) -> None:
    staff = await olena()
    await auth.sign_in("olena", OLD, HERE, hours=1)
    await Staff.filter(id=staff.id).update(account_id=(await make_account()).id)
    await colleagues.deactivate(galyna, staff.id)
    assert not await Session.filter(staff_id=staff.id).exists()
    assert (await Staff.get(id=staff.id)).account_id is None
    with pytest.raises(Invalid, match=r"sign_in\.wrong"):
        await auth.sign_in("olena", OLD, HERE, hours=1)
    with pytest.raises(Invalid, match=r"staff\.inactive"):
        await colleagues.reset_link(galyna, staff.id)
    await colleagues.activate(galyna, staff.id)
    assert (await auth.sign_in("olena", OLD, HERE, hours=1)).session


async def test_a_lifted_second_step_lets_in_by_password(galyna: Staff) -> None:
    staff = await olena()
    entry = await auth.sign_in("olena", OLD, HERE, hours=1)
    chat = await make_account()
    await Staff.filter(id=staff.id).update(
        totp_secret="S" * 32, totp_since=staff.created_at, account_id=chat.id
    )
    await colleagues.lift_second_step(galyna, staff.id)
    assert (await Staff.get(id=staff.id)).account_id is None, "and so is its chat"
    assert await auth.session(entry.session, hours=1) is None, "whoever holds the phone is out"
    assert not second_step.is_on(await Staff.get(id=staff.id))
    assert (await auth.sign_in("olena", OLD, HERE, hours=1)).session


@pytest.mark.parametrize(
    "deed",
    [colleagues.reset_link, colleagues.deactivate, colleagues.activate, colleagues.lift_second_step],
    ids=lambda deed: deed.__name__,
)
async def test_not_to_oneself_and_not_to_nobody(galyna: Staff, deed: Callable[..., Any]) -> None:
    await make_staff(Role.ADMINISTRATOR)
    with pytest.raises(Invalid, match=r"staff\.oneself"):
        await deed(galyna, galyna.id)
    with pytest.raises(NotFound):
        await deed(galyna, 999_999_999)
    assert (await Staff.get(id=galyna.id)).active


async def test_of_two_administrators_who_dismiss_each_other_one_stays(galyna: Staff) -> None:
    other = await make_staff(Role.ADMINISTRATOR)
    await asyncio.gather(
        colleagues.deactivate(galyna, other.id),
        colleagues.deactivate(other, galyna.id),
        return_exceptions=True,
    )
    assert await Staff.filter(role=Role.ADMINISTRATOR, active=True).count() == 1


async def test_who_was_dismissed_meanwhile_dismisses_nobody(galyna: Staff) -> None:
    other = await make_staff(Role.ADMINISTRATOR)
    await Staff.filter(id=other.id).update(active=False)
    with pytest.raises(Invalid, match=r"staff\.last_administrator"):
        await colleagues.deactivate(other, galyna.id)
    assert (await Staff.get(id=galyna.id)).active


async def test_nothing_secret_is_logged(galyna: Staff) -> None:
    staff = await olena()
    with capture_logs() as said:
        _, token = await colleagues.reset_link(galyna, staff.id)
        await colleagues.use_reset(token, NEW)
        await colleagues.lift_second_step(None, staff.id)
        await colleagues.deactivate(galyna, staff.id)
        await colleagues.activate(galyna, staff.id)
    assert [line["event"] for line in said] == [
        "staff.reset_link",
        "staff.reset_used",
        "staff.second_step_lifted",
        "staff.deactivated",
        "staff.activated",
    ]
    assert token not in str(said)
    assert NEW not in str(said)
