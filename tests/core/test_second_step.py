"""The code of an app: RFC 6238's own numbers, once each, for who gave the password and nobody else."""

import asyncio
import re
from datetime import UTC, datetime

import pyotp
import pytest

from core import auth, second_step, throttle, tokens
from core.auth import Browser
from core.errors import Conflict, Invalid, TooMany
from core.models import LinkToken, RecoveryCode, Session, SignInFailure, Staff
from core.models.staff import Purpose
from core.workflow import Role
from tests.core.conftest import Time

PASSWORD = "correct horse battery"
HERE = Browser("10.0.0.1", "Test")


@pytest.fixture
async def olena(database: str, cheap_hashing: None, time: Time) -> Staff:
    del database, cheap_hashing, time
    return await auth.create_staff("olena", "Олена", Role.OPERATOR, PASSWORD)


def code_of(staff: Staff, time: Time, *, later: int = 0) -> str:
    return pyotp.TOTP(staff.totp_secret).at(int(time.now.timestamp()) + later)


async def enrolled(staff: Staff, time: Time) -> tuple[str, ...]:
    await second_step.begin(staff)
    await staff.refresh_from_db()
    codes = await second_step.confirm(staff, code_of(staff, time))
    await staff.refresh_from_db()
    time.passes(seconds=second_step.PERIOD)
    return codes


async def half(browser: Browser = HERE) -> str:
    entry = await auth.sign_in("olena", PASSWORD, browser, hours=12)
    assert entry.step
    assert not entry.session
    return entry.step


@pytest.mark.parametrize(("at", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")])
def test_the_codes_are_those_of_the_standard(at: int, code: str, time: Time) -> None:
    """RFC 6238, appendix B; the last six of its eight digits."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    time.now = datetime.fromtimestamp(at, UTC)
    assert second_step._step(secret, code) == at // 30
    assert second_step._step(secret, f" {code[:3]} {code[3:]} ") == at // 30
    time.passes(seconds=30)
    assert second_step._step(secret, code) == at // 30, "a phone's clock may be off"
    time.passes(seconds=30)
    assert second_step._step(secret, code) is None


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "²³¹²³¹", "١٢٣٤٥٦", "\x00"])
def test_what_is_no_code_is_wrong(code: str, time: Time) -> None:
    del time
    assert second_step._step("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", code) is None
    assert second_step._step("", "000000") is None


async def test_it_counts_only_once_a_code_was_shown(olena: Staff, time: Time) -> None:
    await second_step.begin(olena)
    await olena.refresh_from_db()
    assert not second_step.is_on(olena)
    assert (await auth.sign_in("olena", PASSWORD, HERE, hours=12)).session
    with pytest.raises(Invalid, match=r"totp\.wrong"):
        await second_step.confirm(olena, "000000")
    assert not await RecoveryCode.exists()
    codes = await second_step.confirm(olena, code_of(olena, time))
    assert len(set(codes)) == 8
    assert all(re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", code) for code in codes)
    kept = {row.code_hash for row in await RecoveryCode.all()}
    assert len(kept) == 8
    assert not any(code in "".join(kept) for code in codes)
    with pytest.raises(Conflict):
        await second_step.confirm(olena, code_of(olena, time))
    with pytest.raises(Conflict):
        await second_step.begin(olena)


async def test_a_secret_begun_anew_takes_no_code_of_the_one_before(olena: Staff, time: Time) -> None:
    await second_step.begin(olena)
    seen = await Staff.get(id=olena.id)
    await second_step.begin(olena)
    with pytest.raises(Conflict):
        await second_step.confirm(seen, code_of(seen, time))
    assert not second_step.is_on(await Staff.get(id=olena.id))


async def test_the_password_alone_opens_nothing(olena: Staff, time: Time) -> None:
    await enrolled(olena, time)
    step = await half()
    assert not await Session.exists()
    assert await auth.session(step, hours=12) is None
    assert await auth.claim_link_token(step, None) is None  # type: ignore[arg-type]  # it gets no further
    entry = await auth.second(step, code_of(olena, time), HERE, hours=12)
    found = await auth.session(entry.session, hours=12)
    assert found
    assert found.staff.id == olena.id


async def test_a_code_works_once(olena: Staff, time: Time) -> None:
    await enrolled(olena, time)
    code = code_of(olena, time)
    first, other = await half(), await half()
    assert (await auth.second(first, code, HERE, hours=12)).session
    with pytest.raises(Invalid, match=r"totp\.wrong"):
        await auth.second(other, code, HERE, hours=12)
    with pytest.raises(Invalid, match=r"totp\.wrong"):
        await auth.second(other, code_of(olena, time, later=-30), HERE, hours=12)
    time.passes(seconds=30)
    with pytest.raises(Invalid, match=r"sign_in\.expired"):
        await auth.second(first, code_of(olena, time), HERE, hours=12)
    assert (await auth.second(other, code_of(olena, time), HERE, hours=12)).session


async def test_the_code_of_the_set_up_is_used_up_too(olena: Staff, time: Time) -> None:
    await second_step.begin(olena)
    await olena.refresh_from_db()
    code = code_of(olena, time)
    await second_step.confirm(olena, code)
    with pytest.raises(Invalid, match=r"totp\.wrong"):
        await auth.second(await half(), code, HERE, hours=12)


async def test_of_two_with_one_code_at_once_one_gets_in(olena: Staff, time: Time) -> None:
    recovery = (await enrolled(olena, time))[0]
    for code in (code_of(olena, time), recovery):
        steps = [await half() for _ in range(3)]
        tries = [auth.second(step, code, HERE, hours=12) for step in steps]
        told = await asyncio.gather(*tries, return_exceptions=True)
        assert sum(isinstance(one, auth.Entry) for one in told) == 1, told
        await SignInFailure.all().delete()


async def test_a_recovery_code_stands_in_once_however_it_is_typed(olena: Staff, time: Time) -> None:
    codes = await enrolled(olena, time)
    assert (await auth.second(await half(), f" {codes[3].upper()} ", HERE, hours=12)).session
    with pytest.raises(Invalid):
        await auth.second(await half(), codes[3], HERE, hours=12)
    assert (await auth.second(await half(), codes[4].replace("-", ""), HERE, hours=12)).session
    assert await second_step.codes_left(olena) == 6
    other = await auth.create_staff("petro", "Петро", Role.OPERATOR, PASSWORD)
    await enrolled(other, time)
    step = (await auth.sign_in("petro", PASSWORD, HERE, hours=12)).step
    with pytest.raises(Invalid):
        await auth.second(step, codes[5], HERE, hours=12)


async def test_half_a_sign_in_is_short_lived_and_ends_with_the_account(olena: Staff, time: Time) -> None:
    await enrolled(olena, time)
    old, dismissed = await half(), await half()
    time.passes(minutes=5, seconds=1)
    for step in (old, "", "no such"):
        with pytest.raises(Invalid, match=r"sign_in\.expired"):
            await auth.second(step, code_of(olena, time), HERE, hours=12)
    dismissed = await half()
    await Staff.filter(id=olena.id).update(active=False)
    with pytest.raises(Invalid, match=r"sign_in\.expired"):
        await auth.second(dismissed, code_of(olena, time), HERE, hours=12)


async def test_codes_are_guessed_at_as_slowly_as_passwords(olena: Staff, time: Time) -> None:
    await enrolled(olena, time)
    for _ in range(throttle.BY_LOGIN_AND_PLACE.free):
        with pytest.raises(Invalid, match=r"totp\.wrong"):
            await auth.second(await half(), "000000", HERE, hours=12)  # a right password forgives nothing
    with pytest.raises(TooMany):
        await auth.second(await half(), code_of(olena, time), HERE, hours=12)
    far = Browser("10.0.0.2")
    with pytest.raises(TooMany):  # from elsewhere as well: who guesses codes has the password
        await auth.second(await half(far), code_of(olena, time), far, hours=12)
    time.passes(seconds=30)
    assert (await auth.second(await half(), code_of(olena, time), HERE, hours=12)).session
    assert not await SignInFailure.filter(address=HERE.address).exists()


async def test_turning_it_off_takes_password_and_code(olena: Staff, time: Time) -> None:
    await enrolled(olena, time)
    for password, code, why in (
        ("wrong", code_of(olena, time), "password.wrong"),
        (PASSWORD, "000000", "totp.wrong"),
    ):
        with pytest.raises(Invalid, match=why.replace(".", r"\.")):
            await second_step.disable(olena, password, code)
    waiting = await half()
    await second_step.disable(olena, PASSWORD, code_of(olena, time))
    await olena.refresh_from_db()
    assert (second_step.is_on(olena), olena.totp_secret) == (False, "")
    assert not await RecoveryCode.exists()
    assert await tokens.find(waiting, Purpose.CODE) is None
    assert (await auth.sign_in("olena", PASSWORD, HERE, hours=12)).session
    assert not await LinkToken.filter(purpose=Purpose.CODE).exists()


async def test_it_cant_be_turned_off_by_guessing(olena: Staff, time: Time) -> None:
    await enrolled(olena, time)
    for _ in range(throttle.BY_LOGIN_AND_PLACE.free):
        with pytest.raises(Invalid):
            await second_step.disable(olena, PASSWORD, "000000")
    with pytest.raises(TooMany):
        await second_step.disable(olena, PASSWORD, code_of(olena, time))


async def test_the_app_reads_who_and_where(olena: Staff) -> None:
    await second_step.begin(olena)
    await olena.refresh_from_db()
    read = pyotp.parse_uri(second_step.address(olena, "Звернись: Кривий Ріг"))
    assert isinstance(read, pyotp.TOTP)
    assert (read.name, read.issuer, read.secret) == ("olena", "Звернись: Кривий Ріг", olena.totp_secret)
    assert len(olena.totp_secret) >= 32, "160 bits, as RFC 4226 asks for"
