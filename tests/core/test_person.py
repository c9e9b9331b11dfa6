"""Name and address are taken where they can be right, and two messengers become one person's."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.actions import linking, poll
from core.actions.actor import Actor
from core.actions.desk import resolve
from core.actions.join import join, merge, unmerge
from core.actions.linking import as_code, link, link_code
from core.actions.person import checked_address, checked_name, introduce
from core.actions.resident import answer
from core.actions.withdraw import withdraw
from core.city import City
from core.errors import Invalid
from core.models import Account, Appeal, Channel, Correction, Event, LinkCode, Resident, Supporter
from core.queries import mine
from core.workflow import Role
from tests.builders import make_account, make_appeal, make_staff
from tests.core.conftest import Cast, Time

# who they are


@pytest.mark.parametrize(
    "name",
    [
        "Марія Коваленко",
        "О'Коннор Джон",
        "Нечуй-Левицький Іван Семенович",
        "Anna  Maria Li",
        "Дарʼя Лук’янова",
    ],
)
def test_a_name_has_two_words(name: str) -> None:
    assert checked_name(f" {name} ") == " ".join(name.split())


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "name.needed"),
        ("Марія 2", "name.needed"),
        ("так!", "name.needed"),
        ("Марія", "name.both"),
        ("Коваленко М.", "name.both"),
        ("дуже " * 60, "name.needed"),
    ],
)
def test_what_is_no_name_is_refused_in_words(name: str, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        checked_name(name)


@pytest.mark.parametrize("address", ["", "12", "вдома", "!!!", "вул. Соборності 1" + "2" * 300])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(Invalid, match=r"address\.needed"):
        checked_address(address)


async def test_who_is_introduced_is_known(database: str) -> None:
    del database
    account = await make_account()
    actor = Actor.resident(account.resident_id)
    await introduce(actor, name="Марія Коваленко")
    await introduce(actor, address="вул. Соборності,\n12, кв. 45")
    with pytest.raises(Invalid):
        await introduce(actor, name="Ганна Біла", address="?")
    known = await Resident.get(id=account.resident_id)
    assert (known.name, known.address) == ("Марія Коваленко", "вул. Соборності, 12, кв. 45")


# codes


@given(st.text(max_size=12))
def test_what_is_no_code_is_none(text: str) -> None:
    code = as_code(text)
    assert code is None or len(code) == 9


def test_words_are_no_codes() -> None:
    for words in ("тема 2345", "26-001234", "067-1234", "хата мене", "кран АВСЕ-КРАН", "1520", "2345-6792"):
        assert as_code(words) is None


async def test_a_code_may_be_typed_on_any_keyboard(database: str) -> None:
    del database
    code = await link_code(await make_account())
    cyrillic = code.translate(str.maketrans("ABCEHKMPTX", "АВСЕНКМРТХ")).lower()
    for typed in (code, code.lower(), cyrillic, f" {code.replace('-', ' ')} ", code.replace("-", "")):
        assert as_code(typed) == code


async def test_one_code_at_a_time_and_only_its_hash_is_kept(database: str) -> None:
    del database
    account, other = await make_account(), await make_account(Channel.VIBER)
    first, second = await link_code(account), await link_code(account)
    assert [first.replace("-", "") in row.code_hash for row in await LinkCode.all()] == [False]
    with pytest.raises(Invalid, match=r"link\.wrong"):
        await link(other, first)
    await link(other, second)
    assert other.resident_id == account.resident_id


async def test_two_codes_at_once_leave_one(database: str) -> None:
    del database
    account = await make_account()
    await asyncio.gather(*(link_code(account) for _ in range(4)))
    assert await LinkCode.all().count() == 1


async def test_what_is_no_good_is_said(database: str, time: Time) -> None:
    del database
    account, other, third = await make_account(), await make_account(Channel.VIBER), await make_account()
    code = await link_code(account)
    with pytest.raises(Invalid, match=r"link\.same"):
        await link(account, code)
    time.passes(minutes=16)
    with pytest.raises(Invalid, match=r"link\.expired"):
        await link(other, code)
    code = await link_code(account)
    await link(other, code)
    for late in (other, third):
        with pytest.raises(Invalid, match=r"link\.wrong"):
            await link(late, code)
    with pytest.raises(Invalid, match=r"link\.already"):
        await link(other, await link_code(account))
    assert third.resident_id != account.resident_id


# becoming one


async def becomes_one(first: Account, second: Account) -> Actor:
    await link(second, await link_code(first))
    assert await Resident.filter(accounts__id__in=[first.id, second.id]).distinct().count() == 1
    return Actor.resident(second.resident_id)


async def test_everything_of_both_is_ones(city: City, cast: Cast) -> None:
    viber = await make_account(Channel.VIBER)
    gone = viber.resident_id
    await Resident.filter(id=gone).update(name="Людмила Біла", phone="+380671112233")
    await Resident.filter(id=cast.account.resident_id).update(phone="+380501112233")
    filed = await make_appeal(city, cast.account)
    chosen = await make_appeal(city, viber, chosen=True)
    others = await make_appeal(city)
    await join(city, viber, others.id, "і в мене")
    person = await becomes_one(cast.account, viber)

    assert [each.id for each in (await mine.page(person)).appeals] == [others.id, chosen.id, filed.id]
    assert {row.account_id for row in await Appeal.filter(resident_id=person.resident_id)} == {
        cast.account.id,
        viber.id,
    }
    assert (await Correction.get(appeal_id=chosen.id)).resident_id == person.resident_id
    known = await Resident.get(id=person.resident_id)
    assert (known.name, known.phone) == ("Людмила Біла", "+380501112233")
    assert not await Resident.exists(id=gone)
    said = await Event.get(appeal_id=others.id, text="і в мене")
    assert said.data["supporter"] == person.resident_id


async def test_nobody_follows_an_appeal_twice(city: City, cast: Cast) -> None:
    viber, neighbour = await make_account(Channel.VIBER), await make_account()
    filed, others = await make_appeal(city, cast.account), await make_appeal(city, neighbour)
    for each in (viber, neighbour):
        await join(city, each, filed.id)
    for each in (cast.account, viber):
        await join(city, each, others.id)
    await becomes_one(cast.account, viber)
    for appeal, followers in ((filed, 1), (others, 1)):
        assert (await Appeal.get(id=appeal.id)).supporters == followers
        assert await Supporter.filter(appeal_id=appeal.id).count() == followers


async def test_what_either_said_of_the_result_stays(city: City, cast: Cast) -> None:
    viber = await make_account(Channel.VIBER)
    others = await make_appeal(city)
    for each in (cast.account, viber):
        await join(city, each, others.id)
    appeal = await Appeal.get(id=others.id)
    await resolve(city, appeal.id, cast.operator, expected=appeal.version, answer="Полагоджено")
    await poll.rate(city, appeal.id, Actor.resident(viber.resident_id), stars=2)
    await becomes_one(cast.account, viber)
    assert (await Supporter.get()).stars == 2


async def test_a_merge_can_still_be_undone(city: City, cast: Cast) -> None:
    viber = await make_account(Channel.VIBER)
    target, merged = await make_appeal(city, cast.account), await make_appeal(city, viber)
    await merge(city, merged.id, cast.operator, expected=0, into=target.id)
    person = await becomes_one(cast.account, viber)
    assert (await Appeal.get(id=target.id)).supporters == 0
    await answer(city, merged.id, person, text="вода вже у підвалі")
    await unmerge(city, merged.id, cast.operator, expected=1)
    assert (await Appeal.get(id=target.id)).supporters == 0
    assert (await Appeal.get(id=merged.id)).open


async def test_who_took_theirs_back_and_joined_it_elsewhere_follows_it(city: City, cast: Cast) -> None:
    viber, neighbour = await make_account(Channel.VIBER), await make_account()
    filed = await make_appeal(city, cast.account)
    await join(city, neighbour, filed.id)
    await withdraw(city, filed.id, cast.resident)
    await join(city, viber, filed.id)
    await becomes_one(cast.account, viber)
    appeal = await Appeal.get(id=filed.id)
    assert (appeal.account_id, appeal.supporters) == (viber.id, 1)


async def test_a_colleagues_link_stays(city: City, cast: Cast) -> None:
    del city
    viber = await make_account(Channel.VIBER)
    staff = await make_staff(Role.OPERATOR, account_id=viber.id)
    await becomes_one(cast.account, viber)
    await staff.refresh_from_db()
    assert staff.account_id == viber.id


async def test_a_code_used_by_two_at_once_links_one(city: City, cast: Cast) -> None:
    del city
    others = [await make_account(Channel.VIBER) for _ in range(3)]
    code = await link_code(cast.account)
    done = await asyncio.gather(*(link(other, code) for other in others), return_exceptions=True)
    assert sorted(type(each).__name__ for each in done) == ["Account", "Invalid", "Invalid"]
    assert await Account.filter(resident_id=cast.account.resident_id).count() == 2


async def test_both_linking_each_other_at_once_are_one(city: City, cast: Cast) -> None:
    viber = await make_account(Channel.VIBER)
    filed, other = await make_appeal(city, cast.account), await make_appeal(city, viber)
    codes = [await link_code(cast.account), await link_code(viber)]
    done = await asyncio.gather(link(viber, codes[0]), link(cast.account, codes[1]), return_exceptions=True)
    assert sum(isinstance(each, Account) for each in done) == 1
    assert len({(await Appeal.get(id=each.id)).resident_id for each in (filed, other)}) == 1


async def test_what_is_filed_while_linking_is_not_lost(city: City, cast: Cast) -> None:
    """Whoever is slower: the appeal is theirs, or it was refused and is filed anew by the inbox."""
    viber = await make_account(Channel.VIBER)
    code = await link_code(cast.account)
    stale = await Account.get(id=viber.id)
    done = await asyncio.gather(link(viber, code), make_appeal(city, stale), return_exceptions=True)
    assert isinstance(done[0], Account)
    owners = [each.resident_id for each in await Appeal.all()]
    assert owners == ([] if isinstance(done[1], Exception) else [cast.account.resident_id])


async def test_nothing_happens_when_it_fails_half_way(
    city: City, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    viber = await make_account(Channel.VIBER)
    filed = await make_appeal(city, viber)
    code = await link_code(cast.account)

    async def fail(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(linking, "_unite_supporters", fail)
    with pytest.raises(OSError):  # noqa: PT011 - raised above
        await link(viber, code)
    monkeypatch.undo()
    assert (await Appeal.get(id=filed.id)).resident_id == viber.resident_id
    await link(viber, code)
    assert (await Appeal.get(id=filed.id)).resident_id == cast.account.resident_id
