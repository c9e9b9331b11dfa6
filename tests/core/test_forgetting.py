"""«Забути мене»: afterwards nothing of the person is found anywhere, and what the city must do goes on."""

import asyncio
import json
from pathlib import Path
from typing import Any

import obstore
import pytest
from tortoise import Tortoise

from core import clock, db, forgotten, inbox, outbox
from core.actions import desk, forgetting, notify, poll, submit
from core.actions.actor import Actor
from core.actions.forgetting import Stake, forget, stake
from core.actions.join import join, merge
from core.actions.linking import link, link_code
from core.actions.person import introduce
from core.actions.resident import answer
from core.actions.said import held
from core.actions.withdraw import withdraw
from core.city import City
from core.config import Media, Schedule
from core.errors import Invalid
from core.forgotten import end_forgotten
from core.inbox import Received
from core.jobs import Desk, announce_results
from core.media import MediaStore
from core.media_fetch import fetch_due
from core.models import (
    Account,
    Appeal,
    Attachment,
    Channel,
    Conversation,
    Correction,
    Event,
    Inbox,
    InboxState,
    LinkCode,
    Outbox,
    OutboxState,
    Resident,
    Supporter,
    Survey,
)
from core.models.appeals import AttachmentState
from core.outbox import Message
from core.workflow import Kind, Role, Status, Verb
from tests.builders import make_account, make_appeal, make_photo, make_staff
from tests.core.conftest import Cast, Time
from tests.core.pictures import picture

NAME, PHONE, TELEGRAM, VIBER = "Людмила Стеценко", "+380671234567", "7700112233", "w4Z/+aa09Bv8F3=="
WORDS = "мене звати Людмила Стеценко, тел. 067 123-45-67, кв. 45, тече труба"
SECRETS = ("Людмил", "Стеценк", "1234567", "123-45-67", TELEGRAM, VIBER, "кв. 45", "кухня.jpg")


@pytest.fixture
def sweeps(city: City, tmp_path: Path) -> Desk:
    return Desk(city, Schedule(), MediaStore(Media(url=f"file://{tmp_path}/media")), {})


async def everything() -> str:
    """Every value of every row of every table."""
    found: list[Any] = []
    for model in Tortoise.apps["core"].values():
        found += await model.all().values()
    return json.dumps(found, default=str, ensure_ascii=False)


async def told(account: Account) -> list[str]:
    """Tell a last word, and deliver all that waits; the kinds of what arrived, in order."""
    await outbox.queue(Message(account, "reply", {"lines": [["bot.ready", {}, None]]}))
    kinds: list[str] = []
    while letters := await outbox.claim(account.channel, 10):
        kinds += [letter.kind for letter in letters if letter.account_id == account.id]
        await outbox.record([outbox.Outcome(letter, provider_id=f"p{letter.id}") for letter in letters])
    return kinds


async def heard(account: Account, external_id: str, *, sender: str | None = None) -> None:
    payload = json.dumps({"user_id": account.external_id, "text": WORDS})
    whose = account.external_id if sender is None else sender
    await inbox.receive([Received(account.channel, external_id, whose, payload)])
    await Inbox.filter(external_id=external_id).update(state=InboxState.DONE, done_at=clock.now())


@pytest.fixture
async def person(city: City, sweeps: Desk) -> Account:
    """Somebody who left traces wherever one can."""
    account = await make_account(external_id=TELEGRAM)
    viber = await make_account(Channel.VIBER, external_id=VIBER)
    await link(viber, await link_code(account))
    actor = Actor.resident(account.resident_id)
    await introduce(actor, name=NAME, address="вул. Соборності, 12, кв. 45")
    await Resident.filter(id=account.resident_id).update(phone=PHONE)
    await link_code(account)
    for each in (account, viber):
        now = clock.now()
        await Conversation.create(
            account_id=each.id, data={"draft": {"texts": [["1", WORDS]]}}, updated_at=now
        )
        await heard(each, f"u{each.id}")
        await heard(each, f"delivered:{each.id}", sender="")
        await make_photo(each, draft="unsent", name="кухня.jpg")
        await outbox.queue(Message(each, "reply", {"lines": [["words", {"text": WORDS}, None]]}))
        stored = await sweeps.media.put(
            picture(),
        )
        photo = await make_photo(each, draft="d7", name="кухня.jpg")
        await Attachment.filter(id=photo.id).update(state=AttachmentState.STORED, key=stored.key, source="")
        await make_appeal(
            city,
            each,
            text=WORDS,
            draft="d7",
            chosen=True,
            place=submit.Place(address="вул. Соборності, 12, кв. 45", district="metalurhiinyi"),
        )
    return account


async def test_nothing_is_found_anywhere(city: City, cast: Cast, sweeps: Desk, person: Account) -> None:
    own = await Appeal.filter(account_id=person.id).get()
    others = await make_appeal(city)
    actor = Actor.resident(person.resident_id)
    await join(city, person, others.id, WORDS)
    await answer(city, others.id, actor, text=f"ще раз: {PHONE}")
    await desk.tell(city, own.id, cast.operator, expected=0, text="Пані Людмило, 0671234567 не відповідає")
    await desk.note(city, own.id, cast.operator, expected=1, text="дзвонила Стеценко")
    await notify.desk(own, "urgent", occasion="test", **notify.danger_of(own))
    await desk.resolve(city, own.id, cast.operator, expected=2, answer="Зроблено, передайте Людмилі")
    await announce_results(sweeps)
    await poll.comment(city, own.id, actor, text=f"дякую, {NAME}")
    before = await everything()
    assert all(secret in before for secret in SECRETS)
    assert await stake(person.resident_id) == Stake(anonymous=1, withdrawn=0)

    assert await forget(city, person) == Stake(anonymous=1, withdrawn=0)
    assert person.forget_at is not None
    await told(person)
    await told(await Account.get(external_id=VIBER))
    await end_forgotten(sweeps)

    left = await everything()
    assert [secret for secret in SECRETS if secret in left] == []
    assert not await Account.filter(external_id__in=[TELEGRAM, VIBER]).exists()
    assert not await Conversation.exists()
    assert not await LinkCode.exists()
    assert await Inbox.all().count() == 0
    assert {row.resident_id for row in await Correction.all()} == {None}
    assert (await Survey.get()).words.startswith("дякую")
    words = await Event.filter(appeal_id=others.id, verb=Verb.JOIN).get()
    assert words.data == {"supporter": None}
    assert "тече труба" in words.text


async def test_appeals_stay_in_work_without_a_name(city: City, person: Account) -> None:
    appeal = await Appeal.filter(account_id=person.id).get()
    await forget(city, person)
    now = await Appeal.get(id=appeal.id)
    assert (now.open, now.status, now.executor_id) == (True, Status.ASSIGNED, "kryvbasvodokanal")
    assert (now.resident_id, now.account_id, now.due_at) == (None, None, appeal.due_at)
    assert now.address == "вул. Соборності, 12, кв. •••"
    assert "тече труба" in now.text
    event = await Event.filter(appeal_id=appeal.id).order_by("-id").first()
    assert event is not None
    assert (event.verb, event.role, event.staff_id, event.data) == (
        Verb.NOTE,
        Role.RESIDENT,
        None,
        {"forgotten": True},
    )
    assert await Attachment.filter(appeal_id=appeal.id, account_id=None, name="").count() == 1


async def test_official_ones_are_withdrawn(city: City, cast: Cast) -> None:
    appeal, request = await make_appeal(city, cast.account), await make_appeal(city, cast.account)
    await Appeal.filter(id=appeal.id).update(kind=Kind.COMPLAINT)
    assert await forget(city, cast.account) == Stake(anonymous=1, withdrawn=1)
    now = await Appeal.get(id=appeal.id)
    assert (now.status, now.open, now.resident_id) == (Status.WITHDRAWN, False, None)
    assert (await Appeal.get(id=request.id)).open
    event = await Event.filter(appeal_id=appeal.id).order_by("-id").first()
    assert event is not None
    assert (event.verb, event.role, event.staff_id) == (Verb.WITHDRAW, Role.RESIDENT, None)


async def test_a_question_that_nobody_will_answer_stops_nothing(city: City, cast: Cast, time: Time) -> None:
    appeal = await make_appeal(city, cast.account)
    await desk.ask(city, appeal.id, cast.operator, expected=0, question="Який під'їзд?")
    time.passes(hours=1)
    await forget(city, cast.account)
    now = await Appeal.get(id=appeal.id)
    assert now.status is Status.ASSIGNED
    assert now.due_at is not None


async def test_who_joined_goes_and_the_appeal_goes_on(city: City, cast: Cast) -> None:
    neighbour = await make_account()
    appeal, merged = await make_appeal(city), await make_appeal(city, cast.account)
    for each in (cast.account, neighbour):
        await join(city, each, appeal.id)
    await merge(city, merged.id, cast.operator, expected=0, into=appeal.id)
    await forget(city, cast.account)
    now = await Appeal.get(id=appeal.id)
    assert (now.supporters, now.resident_id) == (1, appeal.resident_id)
    assert [row.account_id for row in await Supporter.filter(appeal_id=appeal.id)] == [neighbour.id]


async def test_the_last_word_arrives_before_the_account_goes(
    city: City, cast: Cast, sweeps: Desk, time: Time
) -> None:
    await forget(city, cast.account)
    await outbox.queue(Message(cast.account, "reply", {"lines": []}))
    assert await end_forgotten(sweeps) == 0
    assert await Account.exists(id=cast.account.id)
    time.passes(minutes=61)  # a platform that is down for an hour keeps nobody's name here
    assert await end_forgotten(sweeps) == 1
    assert not await Account.exists(id=cast.account.id)
    assert not await Resident.exists(id=cast.account.resident_id)
    assert not await Outbox.filter(account_id=cast.account.id).exists()


async def test_who_writes_again_is_a_newcomer_and_stays(city: City, cast: Cast, sweeps: Desk) -> None:
    old = cast.account.resident_id
    await forget(city, cast.account)
    assert cast.account.resident_id != old
    await inbox.receive([Received(Channel.TELEGRAM, "again", cast.account.external_id, "{}")])
    assert await end_forgotten(sweeps) == 0
    await Inbox.filter(external_id="again").update(state=InboxState.DONE)
    await Account.filter(id=cast.account.id).update(forget_at=None)  # as the dialogue does
    assert await end_forgotten(sweeps) == 0
    assert await Account.exists(id=cast.account.id)


async def test_a_colleagues_chat_is_unlinked(city: City, cast: Cast, sweeps: Desk) -> None:
    """It is not the city's any more: nothing of work is told there, or done from there."""
    await cast.desk.filter(id=cast.desk.id).update(account_id=cast.account.id)
    await make_appeal(city, text="Пробило трубу", urgent=True)
    await make_appeal(city, cast.account)
    await forget(city, cast.account)
    await cast.desk.refresh_from_db()
    assert cast.desk.account_id is None
    assert not await Outbox.filter(account_id=cast.account.id, kind__startswith="staff.").exists()
    assert "commands" in await told(cast.account), "its list of commands is a resident's again"
    await heard(cast.account, "u1")
    await end_forgotten(sweeps)
    assert not await Account.exists(id=cast.account.id)
    assert not await Inbox.exists()


async def test_files_go_but_for_those_of_appeals_and_of_others(
    city: City, sweeps: Desk, person: Account
) -> None:
    theirs = await sweeps.media.put(picture(size=(50, 40)))
    shared = (await Attachment.filter(account_id=person.id, draft="").get()).key
    for key in (theirs.key, shared):
        photo = await make_photo(person, draft="unsent2")
        await Attachment.filter(id=photo.id).update(state=AttachmentState.STORED, key=key)
    await forget(city, person)
    assert await end_forgotten(sweeps) > 0
    assert await sweeps.media.get(shared, "full")
    with pytest.raises(FileNotFoundError):
        await sweeps.media.get(theirs.key, "full")
    assert await Attachment.filter(appeal_id=None).count() == 0
    assert await Attachment.all().count() == 2


async def test_a_file_that_is_just_fetched_leaves_nothing(city: City, cast: Cast, sweeps: Desk) -> None:
    await make_photo(cast.account)
    content = picture()

    async def slow(_source: str) -> Any:
        await forget(city, cast.account)
        yield content

    await fetch_due(sweeps.media, {Channel.TELEGRAM: slow})
    await end_forgotten(sweeps)
    assert not await Attachment.exists()
    left = [each async for batch in obstore.list(sweeps.media._store) for each in batch]
    assert left == []


async def test_a_file_of_an_appeal_is_still_fetched(city: City, cast: Cast, sweeps: Desk) -> None:
    await make_photo(cast.account, draft="d1")
    appeal = await make_appeal(city, cast.account, draft="d1")
    await forget(city, cast.account)

    async def fetch(source: str) -> Any:
        assert source == "file-id"
        yield picture()

    await fetch_due(sweeps.media, {Channel.TELEGRAM: fetch})
    photo = await Attachment.get(appeal_id=appeal.id)
    assert (photo.state, photo.source, photo.account_id) == (AttachmentState.STORED, "", None)


async def test_twice_at_once_is_once(city: City, cast: Cast, sweeps: Desk) -> None:
    appeal = await make_appeal(city, cast.account)
    copies = [await Account.get(id=cast.account.id) for _ in range(3)]
    done = await asyncio.gather(*(forget(city, each) for each in copies), return_exceptions=True)
    assert sum(each == Stake(1, 0) for each in done) == 1
    assert await Event.filter(appeal_id=appeal.id, verb=Verb.NOTE).count() == 1
    ended = await asyncio.gather(*(end_forgotten(sweeps) for _ in range(3)))
    assert sum(ended) == 1
    assert not await Account.exists(id=cast.account.id)


async def test_an_action_on_their_appeal_and_it_do_not_wait_for_each_other(city: City, cast: Cast) -> None:
    """The operator holds the appeal and is about to write to the person, who is just being forgotten."""
    appeal = await make_appeal(city, cast.account)
    begun = asyncio.Event()

    async def act() -> None:
        async with db.transaction():
            before = await held(appeal.id)
            begun.set()
            await asyncio.sleep(0.3)
            await notify.resident(before, "message", text="Майстри вже в дорозі")

    async def forgets() -> None:
        await begun.wait()
        await forget(city, cast.account)

    await asyncio.gather(act(), forgets())  # or one of them is told of a deadlock
    assert (await Appeal.get(id=appeal.id)).resident_id is None


async def test_nothing_happens_when_it_fails_half_way(
    city: City, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    appeal = await make_appeal(city, cast.account)

    async def fail(_account: Account) -> None:
        raise OSError

    monkeypatch.setattr(forgetting, "_empty", fail)
    with pytest.raises(OSError):  # noqa: PT011 - raised above
        await forget(city, cast.account)
    now = await Appeal.get(id=appeal.id)
    assert (now.resident_id, now.version) == (cast.account.resident_id, 0)


async def test_what_comes_while_the_account_goes_is_heard(city: City, cast: Cast) -> None:
    await forget(city, cast.account)
    await heard(cast.account, "old")
    payload = json.dumps({"text": "тече труба"})
    await inbox.receive([Received(cast.account.channel, "new", cast.account.external_id, payload)])
    await forgotten._end([cast.account])
    assert [row.external_id for row in await Inbox.all()] == ["new"]


async def test_a_receipt_of_somebody_alike_stays(city: City, cast: Cast, sweeps: Desk) -> None:
    await Account.filter(id=cast.account.id).update(external_id="100200")
    other = await make_account(external_id="1002003")
    await heard(other, "delivered:1", sender="")
    await forget(city, await Account.get(id=cast.account.id))
    await end_forgotten(sweeps)
    assert await Inbox.all().count() == 1


async def test_an_account_out_of_reach_goes_as_well(city: City, cast: Cast, sweeps: Desk) -> None:
    await forget(city, cast.account)
    await outbox.queue(Message(cast.account, "reply", {"lines": []}))
    await outbox.mark_unreachable(cast.account.id, "left the chat")
    assert [row.state for row in await Outbox.all()] == [OutboxState.FAILED]
    assert await end_forgotten(sweeps) == 1


async def test_staff_see_that_nobody_is_left_to_ask(city: City, cast: Cast) -> None:
    appeal = await make_appeal(city, cast.account)
    await forget(city, cast.account)
    staff = Actor.staff(await make_staff(Role.OPERATOR))
    with pytest.raises(Invalid, match="no_chat"):
        await desk.tell(city, appeal.id, staff, expected=1, text="Бригада їде")


async def test_what_they_said_before_they_were_linked_and_left_goes_too(city: City, cast: Cast) -> None:
    viber = await make_account(Channel.VIBER)
    others = await make_appeal(city)
    await join(city, viber, others.id, WORDS)
    await outbox.queue(Message(viber, "reply", {"lines": []}, appeal_id=others.id))  # «вас двоє»
    await withdraw(city, others.id, Actor.resident(viber.resident_id))
    await link(viber, await link_code(cast.account))
    await forget(city, viber)
    assert "123-45-67" not in await everything()
    said = await Event.filter(appeal_id=others.id, verb=Verb.JOIN).get()
    assert said.data["supporter"] is None


async def test_a_name_made_of_common_words_blots_out_nothing_of_others(city: City, cast: Cast) -> None:
    await introduce(cast.resident, name="Вода Труба", address="вул. Соборності, 12")
    others = await make_appeal(city, text="вода на дорозі, прорвало трубу")
    await join(city, cast.account, others.id, "у мене теж вода")
    await desk.tell(city, others.id, cast.operator, expected=1, text="Вода буде о 18:00. Дякуємо, Вода Труба")
    await desk.resolve(city, others.id, cast.operator, expected=2, answer="Трубу замінено, вода є")
    await forget(city, cast.account)
    texts = [event.text for event in await Event.filter(appeal_id=others.id).order_by("id")]
    assert "вода на дорозі, прорвало трубу" in texts
    assert "у мене теж •••" in texts
    assert "Вода буде о 18:00. Дякуємо, •••" in texts
    assert (await Appeal.get(id=others.id)).answer == "Трубу замінено, вода є"
