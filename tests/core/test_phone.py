"""Who rings: filed by an operator, told in a messenger where there is one, rung up where there is none."""

import asyncio
from typing import Any

import pytest

from bot.notices import NOTICES
from core import jobs
from core.actions import calling, calls, desk, executor, forgetting, phone, poll
from core.actions.actor import Actor
from core.actions.calling import Said
from core.actions.phone import Caller
from core.actions.submit import Place, Submission
from core.city import City
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.i18n import LANGUAGES, catalogue
from core.jobs import Desk
from core.models import (
    Account,
    Appeal,
    Channel,
    Correction,
    Event,
    Outbox,
    Resident,
    Supporter,
    Survey,
    Task,
)
from core.phones import normalised, spaced
from core.workflow import Kind, Role, Status, Verb
from tests.builders import make_account, make_appeal
from tests.core.conftest import WATER, Cast, Time, noticed

NUMBER = "+380671234567"
LYUDMYLA = Caller("067 123-45-67", "Людмила Бойко")


def told(**more: Any) -> Submission:
    values: dict[str, Any] = {
        "text": "прорвало трубу, вода на дорозі",
        "category": "water.leak",
        "place": Place(address="вул. Соборності, 12", district="metalurhiinyi"),
        "chosen": True,
        "form": "one",
    }
    return Submission(**(values | more))


async def rings(city: City, cast: Cast, caller: Caller = LYUDMYLA, **more: Any) -> Appeal:
    return await phone.submit(city, cast.operator, caller, told(**more))


async def resolved(city: City, cast: Cast, sweeps: Desk, **more: Any) -> Appeal:
    """An appeal by phone that is done, and of which the caller is to be told."""
    appeal = await rings(city, cast, **more)
    appeal = await executor.report(
        city, appeal.id, cast.officer, expected=appeal.version, text="Трубу замінено"
    )
    appeal = await desk.resolve(city, appeal.id, cast.operator, expected=appeal.version)
    await jobs.announce_results(sweeps)
    return appeal


async def to_call() -> Task:
    return await Task.get(done_at=None)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("067 123-45-67", NUMBER),
        ("+38 (067) 123 45 67", NUMBER),
        ("8 067 123 45 67", NUMBER),
        ("380671234567", NUMBER),
        ("671234567", NUMBER),
        ("0048 601 234 567", "+48601234567"),
        ("+1 212 555 01 23", "+12125550123"),
    ],
)
def test_a_number_has_one_form(typed: str, number: str) -> None:
    assert normalised(typed) == number


@pytest.mark.parametrize(
    "typed", ["", "112", "067 123 45 6", "+380 0671 234567", "телефон", "+38067123456789"]
)
def test_what_cannot_be_rung_up_is_refused(typed: str) -> None:
    with pytest.raises(Invalid, match=r"phone\.wrong"):
        normalised(typed)


def test_a_number_is_shown_as_it_is_read_out() -> None:
    assert spaced(NUMBER) == "+380 67 123 45 67"
    assert spaced("+48601234567") == "+48601234567"


async def test_a_call_is_filed_as_any_appeal_with_who_typed_it(city: City, cast: Cast, time: Time) -> None:
    appeal = await rings(city, cast)
    other = await make_appeal(city, cast.account)
    assert (appeal.channel, appeal.status, appeal.executor_id) == (Channel.PHONE, Status.ASSIGNED, WATER)
    assert (appeal.due_at, appeal.urgent) == (other.due_at, other.urgent), "as one that came by a messenger"
    account = await Account.get(id=appeal.account_id).select_related("resident")
    assert (account.channel, account.external_id) == (Channel.PHONE, NUMBER)
    assert (account.resident.phone, account.resident.name) == (NUMBER, "Людмила Бойко")
    filed = await Event.get(appeal_id=appeal.id, verb=Verb.SUBMIT)
    assert (filed.role, filed.staff_id, filed.at) == (Role.RESIDENT, cast.operator.staff_id, time.now)
    word = await Correction.get(appeal_id=appeal.id)
    assert (word.role, word.staff_id) == (Role.OPERATOR, cast.operator.staff_id), "who chose the category"
    assert "urgent" in await noticed(cast.water)


async def test_a_form_sent_twice_makes_one_appeal(city: City, cast: Cast) -> None:
    first, second = await asyncio.gather(rings(city, cast), rings(city, cast))
    assert first.id == second.id
    assert await Appeal.all().count() == 1
    again = await rings(city, cast, form="two")
    assert again.id != first.id, "another call is another appeal"
    assert again.resident_id == first.resident_id, "of the same caller"
    assert await Resident.filter(phone=NUMBER).count() == 1


async def test_whoever_gave_the_number_in_a_messenger_is_recognised(city: City, cast: Cast) -> None:
    await Resident.filter(id=cast.account.resident_id).update(phone=NUMBER, name="Людмила")
    appeal = await rings(city, cast, Caller("0671234567"))
    assert appeal.resident_id == cast.account.resident_id
    assert (await Resident.get(id=appeal.resident_id)).name == "Людмила", "an empty field changes nothing"


async def test_what_is_official_needs_a_whole_name_and_an_address(city: City, cast: Cast) -> None:
    with pytest.raises(Invalid, match=r"name\.both"):
        await rings(city, cast, Caller("0671234567", "Людмила"), kind=Kind.COMPLAINT)
    with pytest.raises(Invalid, match=r"address\.needed"):
        await rings(city, cast, LYUDMYLA, kind=Kind.COMPLAINT)
    assert await Account.filter(channel=Channel.PHONE).count() == 0, "nothing is left of what was refused"
    whole = Caller("0671234567", "Людмила Бойко", "вул. Соборності, 12, кв. 4")
    assert (await rings(city, cast, whole, kind=Kind.COMPLAINT)).kind is Kind.COMPLAINT


async def test_a_caller_joins_what_is_known_already(city: City, cast: Cast) -> None:
    first = await make_appeal(city, cast.account)
    for _ in range(2):
        joined = await phone.join(city, cast.operator, LYUDMYLA, first.id, "і в нас те саме")
        assert (joined.id, joined.supporters) == (first.id, 1)
    said = await Event.get(appeal_id=first.id, verb=Verb.JOIN)
    assert said.staff_id == cast.operator.staff_id
    assert (await Supporter.get()).account_id == (await Account.get(channel=Channel.PHONE)).id


async def test_a_question_answered_on_the_line_is_kept_and_over(city: City, cast: Cast, sweeps: Desk) -> None:
    for _ in range(2):
        appeal = await phone.consult(
            city, cast.operator, LYUDMYLA, told(text="Як сплатити?", category="other"), "У застосунку."
        )
    assert (appeal.kind, appeal.answer) == (Kind.CONSULTATION, "У застосунку.")
    assert (await Appeal.get()).status is Status.CLOSED
    assert await noticed(cast.desk) == [], "nothing waits for the desk"
    await jobs.announce_results(sweeps)
    assert await Task.all().count() == 0, "and nobody is told twice"
    assert (await Survey.get()).solved is True


async def test_who_has_a_messenger_is_told_there(city: City, cast: Cast, sweeps: Desk) -> None:
    await Resident.filter(id=cast.account.resident_id).update(phone=NUMBER)
    await resolved(city, cast, sweeps)
    assert await Task.all().count() == 0
    assert [row.account_id for row in await Outbox.filter(kind="resolved")] == [cast.account.id]


async def test_who_cannot_be_reached_there_is_rung_up(city: City, cast: Cast, sweeps: Desk) -> None:
    await Resident.filter(id=cast.account.resident_id).update(phone=NUMBER)
    await Account.filter(id=cast.account.id).update(reachable=False)
    await resolved(city, cast, sweeps)
    assert await Outbox.filter(kind="resolved").count() == 0
    assert "Трубу замінено" in (await to_call()).words


async def test_steps_on_the_way_are_no_reason_to_ring(city: City, cast: Cast) -> None:
    appeal = await rings(city, cast, sure=False)
    appeal = await desk.categorise(
        city, appeal.id, cast.operator, expected=appeal.version, category="water.leak"
    )
    await executor.start(city, appeal.id, cast.officer, expected=appeal.version)
    assert await Task.all().count() == 0
    assert await Outbox.filter(channel=Channel.PHONE).count() == 0


async def test_several_notices_are_one_call_with_the_latest_words(
    city: City, cast: Cast, sweeps: Desk
) -> None:
    appeal = await rings(city, cast, category="roads.pothole", text="яма на дорозі")
    for words in ("Бригада буде завтра.", "Бригада буде у п'ятницю."):
        appeal = await desk.tell(city, appeal.id, cast.operator, expected=appeal.version, text=words)
    call = await to_call()
    assert call.words.index("завтра") < call.words.index("п'ятницю"), "what was said stays"
    await desk.resolve(city, appeal.id, cast.operator, expected=appeal.version, answer="Яму закрито.")
    await jobs.announce_results(sweeps)
    await jobs.announce_results(sweeps)
    assert (await to_call()).id == call.id
    assert "Яму закрито." in (await to_call()).words
    assert "завтра" not in (await to_call()).words, "the result makes it needless"


async def test_what_is_urgent_is_due_first(city: City, cast: Cast, time: Time) -> None:
    calm = await rings(city, cast, category="roads.pothole", text="яма", form="1")
    urgent = await rings(city, cast, Caller("0500000001"), form="2", urgent=True)
    for appeal in (calm, urgent):
        await desk.tell(city, appeal.id, cast.operator, expected=appeal.version, text="Працюємо.")
    due = await Task.all().order_by("due_at")
    assert [task.appeal_id for task in due] == [urgent.id, calm.id]
    assert due[0].due_at == time.now


async def test_words_are_in_the_callers_language(city: City, cast: Cast) -> None:
    appeal = await rings(city, cast, Caller("0671234567", language="en"))
    await desk.ask(city, appeal.id, cast.operator, expected=appeal.version, question="Which floor?")
    assert (await to_call()).words == f"There is a question about your request {appeal.number}: Which floor?"


async def test_told_and_solved_closes_it_with_stars(city: City, cast: Cast, sweeps: Desk) -> None:
    appeal = await resolved(city, cast, sweeps)
    call = await to_call()
    said = Said(solved=True, stars=5, words="Дякую")
    await calling.told(city, call.id, cast.operator, said, seen=calling.mark(call))
    assert (await Appeal.get(id=appeal.id)).status is Status.CLOSED
    survey = await Survey.get(appeal_id=appeal.id)
    assert (survey.solved, survey.stars, survey.words) == (True, 5, "Дякую")
    closed = await Event.get(appeal_id=appeal.id, verb=Verb.CLOSE)
    assert (closed.role, closed.staff_id) == (Role.RESIDENT, cast.operator.staff_id)
    note = await Event.get(appeal_id=appeal.id, verb=Verb.NOTE)
    assert (note.role, note.data["outcome"]) == (Role.OPERATOR, "told")
    assert "Трубу замінено" in note.text
    call = await Task.get(id=call.id)
    assert (call.outcome, call.done_by_id, call.dedupe) == ("told", cast.operator.staff_id, None)
    with pytest.raises(Conflict, match=r"call\.done"):
        await calling.told(city, call.id, cast.operator, Said(), seen=calling.mark(call))


async def test_not_solved_goes_back_to_work_and_needs_words(city: City, cast: Cast, sweeps: Desk) -> None:
    appeal = await resolved(city, cast, sweeps)
    call = await to_call()
    with pytest.raises(Invalid, match=r"words\.needed"):
        await calling.told(city, call.id, cast.operator, Said(solved=False), seen=calling.mark(call))
    assert (await Task.get(id=call.id)).done_at is None, "nothing of it was done"
    said = Said(solved=False, words="Знову тече")
    await calling.told(city, call.id, cast.operator, said, seen=calling.mark(call))
    back = await Appeal.get(id=appeal.id)
    assert (back.status, back.executor_id, back.reopen_count) == (Status.REOPENED, WATER, 1)
    assert (await Survey.get(appeal_id=appeal.id)).solved is False
    assert "reopened" in await noticed(cast.water)


async def test_an_answer_on_the_phone_lets_the_clock_run(city: City, cast: Cast) -> None:
    appeal = await rings(city, cast)
    await desk.ask(city, appeal.id, cast.operator, expected=appeal.version, question="Який поверх?")
    call = await to_call()
    await calling.told(city, call.id, cast.operator, Said(words="Третій"), seen=calling.mark(call))
    back = await Appeal.get(id=appeal.id)
    assert (back.status, back.time_left) == (Status.ASSIGNED, None)
    assert (await Event.get(appeal_id=appeal.id, verb=Verb.ANSWER)).text == "Третій"


async def test_newer_words_are_not_taken_for_told(city: City, cast: Cast) -> None:
    appeal = await rings(city, cast)
    appeal = await desk.tell(city, appeal.id, cast.operator, expected=appeal.version, text="Раз")
    call = await to_call()
    seen = calling.mark(call)
    await desk.tell(city, appeal.id, cast.operator, expected=appeal.version, text="Два")
    with pytest.raises(Conflict, match=r"call\.changed"):
        await calling.told(city, call.id, cast.operator, Said(), seen=seen)


async def test_nobody_answers_three_times(city: City, cast: Cast, time: Time) -> None:
    appeal = await rings(city, cast)
    await desk.tell(city, appeal.id, cast.operator, expected=appeal.version, text="Працюємо.")
    call = await to_call()
    assert await calling.unanswered(city, call.id, cast.operator) == 2
    assert (await to_call()).due_at == time.now + calling.AGAIN
    assert await calling.unanswered(city, call.id, cast.operator) == 1
    assert await calling.unanswered(city, call.id, cast.operator) == 0
    ended = await Task.get(id=call.id)
    assert (ended.outcome, ended.done_by_id) == ("unanswered", cast.operator.staff_id)
    notes = await Event.filter(appeal_id=appeal.id, verb=Verb.NOTE).order_by("id")
    assert [note.data["try"] for note in notes] == [1, 2, 3]
    with pytest.raises(Conflict):
        await calling.unanswered(city, call.id, cast.operator)


async def test_only_the_desk_calls(city: City, cast: Cast) -> None:
    appeal = await rings(city, cast)
    await desk.tell(city, appeal.id, cast.operator, expected=appeal.version, text="Працюємо.")
    call = await to_call()
    with pytest.raises(Forbidden):
        await calling.told(city, call.id, cast.officer, Said(), seen=calling.mark(call))
    with pytest.raises(Forbidden):
        await calling.unanswered(city, call.id, cast.officer)
    with pytest.raises(NotFound):
        await calling.unanswered(city, 10**9, cast.operator)


async def test_whoever_is_still_to_be_called_is_not_silent(
    city: City, cast: Cast, sweeps: Desk, time: Time
) -> None:
    appeal = await resolved(city, cast, sweeps)
    time.passes(days=8)
    assert await jobs.close_unanswered(sweeps) == 0
    call = await to_call()
    await calling.told(city, call.id, cast.operator, Said(), seen=calling.mark(call))
    assert await jobs.close_unanswered(sweeps) == 1
    assert (await Appeal.get(id=appeal.id)).status is Status.CLOSED


async def test_a_caller_is_forgotten_with_the_calls_to_them(city: City, cast: Cast, sweeps: Desk) -> None:
    appeal = await resolved(city, cast, sweeps)
    await phone.forget(city, NUMBER)
    assert await Task.all().count() == 0
    assert await Resident.filter(phone=NUMBER).count() == 0
    assert (await Appeal.get(id=appeal.id)).resident_id is None
    assert await phone.known(NUMBER) is None
    with pytest.raises(NotFound):
        await phone.forget(city, NUMBER)
    again = await rings(city, cast, form="later")
    assert (await Account.get(id=again.account_id)).forget_at is None, (
        "who rings again is a newcomer, and stays"
    )


async def test_forgotten_in_a_messenger_is_forgotten_on_the_phone(city: City, cast: Cast) -> None:
    await Resident.filter(id=cast.account.resident_id).update(phone=NUMBER)
    await rings(city, cast)
    await forgetting.forget(city, cast.account)
    assert await phone.known(NUMBER) is None


async def test_a_supporter_by_phone_says_what_they_think_of_it(city: City, cast: Cast, sweeps: Desk) -> None:
    appeal = await make_appeal(city, cast.account)
    appeal = await phone.join(city, cast.operator, LYUDMYLA, appeal.id, "і в нас")
    await desk.resolve(city, appeal.id, cast.operator, expected=appeal.version, answer="Готово")
    await jobs.announce_results(sweeps)
    call = await to_call()
    await calling.told(city, call.id, cast.operator, Said(solved=True, stars=4), seen=calling.mark(call))
    assert (await Appeal.get(id=appeal.id)).status is Status.RESOLVED, "the first reporter's word closes it"
    supporter = await Supporter.get()
    assert (supporter.solved, supporter.stars) == (True, 4)
    await poll.confirm(city, appeal.id, Actor.resident(cast.account.resident_id))


async def test_the_number_of_a_messenger_account_is_its_own(city: City, cast: Cast) -> None:
    await make_account(external_id=NUMBER)
    assert await phone.known(NUMBER) is None, "an id at Telegram that looks like a number is none"
    assert (await rings(city, cast)).channel is Channel.PHONE


def test_every_notice_to_a_resident_can_be_said() -> None:
    apart = {"draft_reminder", "photo_refused"}  # of what is sent in a chat alone
    kinds = {kind for kind in NOTICES if not kind.startswith("staff.")} - calls.UNSPOKEN - apart
    for language in LANGUAGES:
        for kind in (*kinds, "answered", "resolved_desk"):
            key = f"call.{kind}"
            plural = key == "call.incident"
            texts = catalogue(language)
            assert (texts.ngettext(key, key, 2) if plural else texts.gettext(key)) != key, key
