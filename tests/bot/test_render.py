"""From what was queued to words: every notice the core can queue, in both languages."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.messages import Button, Line, Reply, line
from bot.notices import NOTICES, compose
from bot.render import FACTS, Rendered, render, render_reply
from core import clock, db, following_calendars, jobs, media_fetch
from core.actions import (
    desk,
    executor,
    extend,
    forward,
    incident,
    incident_answers,
    notify,
    resident,
    split,
)
from core.actions.join import merge, unmerge
from core.actions.seen import see
from core.calendars import Calendars
from core.city import City
from core.config import Media, Schedule
from core.following import remind_of_deadlines
from core.jobs import Desk
from core.media import MediaStore
from core.models import Appeal, Attachment, Channel, Conversation, Outbox, Staff
from core.models.appeals import AttachmentState
from core.outbox import Letter
from core.reminding import remind_of_drafts
from core.workflow import Kind, Role, Status
from tests.builders import make_account, make_appeal, make_letter, make_photo, make_staff
from tests.core.conftest import GAS, WATER, Cast
from tests.core.pictures import EXECUTABLE
from tests.core.sweeping import calendars_followed

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HOME = Path(__file__).parents[2]
MERGES = {"merged", "unmerged"}  # have a test of their own


def letter(kind: str, body: dict[str, Any], language: str = "uk") -> Letter:
    return make_letter(kind, body=json.loads(json.dumps(body)), language=language)


def test_every_kind_the_core_queues_is_written(database_url: str) -> None:
    sources = "\n".join(path.read_text("utf-8") for path in (HOME / "core").rglob("*.py"))
    told = set(re.findall(r"notify\.residents?\(\s*\w+,\s*\"(\w+)\"", sources))
    told |= set(re.findall(r"Message\(\w+, \"(\w+)\"", sources))
    staff = set(re.findall(r"notify\.(?:officers|desk|staff)\(\s*\w+,\s*\"(\w+)\"", sources))
    assert {"assigned", "resolved", "question", "photo_refused"} <= told
    assert told <= set(NOTICES)
    assert staff | {"pre_alarm", "overdue"} <= set(notify.STAFF_KINDS)
    assert {f"staff.{kind}" for kind in notify.STAFF_KINDS} <= set(NOTICES)
    assert database_url


def test_an_unknown_kind_is_a_defect(database_url: str) -> None:
    with pytest.raises(KeyError):
        compose("nothing_of_ours", {})
    assert database_url


async def _an_incident(city: City, cast: Cast, **words: str) -> Appeal:
    """Of two appeals; the one that is urgent."""
    first, second = await make_appeal(city, cast.account), await make_appeal(city, danger_words=("іскрить",))
    opened = await incident.group(city, first.id, cast.operator, expected=0)
    await incident.add(city, opened.id, cast.operator, expected=0, number=second.number)
    await incident_answers.assign(city, opened.id, cast.operator, expected=1, executor=GAS, **words)
    await notify.desk(first, "surge", occasion="test", n=9)
    return second


async def _elsewhere_and_later(city: City, cast: Cast, **words: str) -> None:
    """One sent on to another body, one put off and taken apart, with a note that calls a colleague."""
    sent_on = await make_appeal(city, cast.account)
    await forward.forward(city, sent_on.id, cast.operator, expected=0, body="Укрпошта", **words)
    two = await make_appeal(city, cast.account, kind=Kind.STATEMENT)
    later = extend.latest(city, two, Role.OPERATOR)
    await extend.extend(city, two.id, cast.operator, expected=0, until=later, **words)
    await split.split(city, two.id, cast.operator, expected=1, text="і яма", category="roads.pothole")
    called = f"@{(await Staff.get(account_id__not_isnull=True, role=Role.OPERATOR)).login}"
    await desk.note(city, two.id, cast.operator, expected=2, text=called)


async def _closed(city: City, cast: Cast) -> None:
    """For a fortnight nobody works: what waits is put off."""
    await make_appeal(city, cast.account, category="water.no_water")
    common, today = city.calendar(None), clock.now().date()
    off = frozenset(today + timedelta(days=day) for day in range(15))
    async with db.transaction():
        after = Calendars(replace(common, days_off=off), {})
        await following_calendars.note(city.calendars, after, revision=city.revision + 1, by=None)
    await calendars_followed(city)


async def _reminded(sweeps: Desk, appeal: int) -> None:
    soon = (await Appeal.get(id=appeal)).remind_at
    with clock.use(lambda: soon or clock.now()):
        assert await remind_of_deadlines(sweeps)


async def test_whatever_happens_to_an_appeal_can_be_told_in_both_languages(
    city: City, cast: Cast, tmp_path: Path
) -> None:
    """Everything that core queues for a whole life of appeals, rendered as the adapters would."""
    store = MediaStore(Media(url=f"file://{tmp_path}/media"))
    sweeps = Desk(city, Schedule(), store, {})
    for role, slug in ((Role.EXECUTOR, WATER), (Role.EXECUTOR, GAS), (Role.OPERATOR, None)):
        await make_staff(role, slug, account_id=(await make_account()).id)
    words = {"reason": "Ремонт {восени} <b>"}
    appeal = await make_appeal(city, cast.account, sure=False)
    await desk.assign(city, appeal.id, cast.operator, expected=0, executor=GAS)
    await desk.reassign(city, appeal.id, cast.operator, expected=1, executor=WATER, **words)
    await executor.start(city, appeal.id, cast.officer, expected=2)
    await desk.ask(city, appeal.id, cast.operator, expected=3, question="Який під'їзд?")
    await desk.tell(city, appeal.id, cast.operator, expected=4, text="Бригада в дорозі")
    explained = await make_appeal(city, cast.account)
    await desk.explain(city, explained.id, cast.operator, expected=0, **words)
    await resident.reopen(city, explained.id, cast.resident, text="досі яма")
    await see(city, await Appeal.get(id=explained.id), cast.operator)
    rejected = await make_appeal(city, cast.account)
    await desk.reject(city, rejected.id, cast.operator, expected=0, **words)
    reworked = await make_appeal(city, cast.account)
    await executor.report(city, reworked.id, cast.officer, expected=0, text="Зроблено")
    await desk.rework(city, reworked.id, cast.operator, expected=1, **words)
    await _elsewhere_and_later(city, cast, **words)
    photo = await make_photo(cast.account, source="x")

    async def executable(_source: str) -> Any:
        yield EXECUTABLE

    await media_fetch.fetch_due(store, {Channel.TELEGRAM: executable})
    assert (await Attachment.get(id=photo.id)).state is AttachmentState.REFUSED
    done = await make_appeal(city, cast.account)
    await desk.resolve(city, done.id, cast.operator, expected=0, answer="Замінено {трубу}")
    await jobs.announce_results(sweeps)
    urgent = await _an_incident(city, cast, **words)
    later = clock.now() + timedelta(days=3)
    with clock.use(lambda: later):
        await jobs.remind_of_polls(sweeps)
        await Conversation.create(account_id=cast.account.id, updated_at=later, remind_at=later)
        await remind_of_drafts(sweeps)
    await _closed(city, cast)
    await _reminded(sweeps, reworked.id)

    rows = await Outbox.all()
    kinds = {row.kind for row in rows}
    assert {kind for kind in NOTICES if not kind.startswith("staff.")} - MERGES <= kinds
    assert {"staff.assigned", "staff.triage", "staff.reported", "staff.rework", "staff.half"} <= kinds
    assert {"staff.alarm", "staff.reckoned", "staff.surge", "staff.assigned_many", "staff.mentioned"} <= kinds
    for row in rows:
        for language in ("uk", "en"):
            rendered = render(letter(row.kind, row.body, language), city)
            assert rendered.text.strip()
            assert not re.search(r"\{\w*\}(?<!восени\})(?<!трубу\})|None|water\.leak", rendered.text), (
                rendered.text
            )
            assert all(len(button.data.encode()) <= 64 for line_ in rendered.buttons for button in line_)
    told = {row.kind: render(letter(row.kind, row.body), city) for row in rows}
    words_of_residents(told, appeal, done, explained)
    assert told["staff.alarm"].text.splitlines()[:4] == [
        f"🔥 Вас викликано як чергового: № {urgent.number}, {city.categories['water.leak'].uk}.",
        "Слова про небезпеку: іскрить.",
        "📍 вул. Соборності, 12",
        "Металургійний район",
    ]
    assert (await Appeal.get(id=done.id)).status is Status.RESOLVED


def words_of_residents(told: dict[str, Rendered], asked: Appeal, done: Appeal, explained: Appeal) -> None:
    """What residents read, word for word, and the buttons beneath."""
    assert "Замінено {трубу}" in told["resolved"].text
    assert "Кривбасводоканал" in told["resolved"].text
    assert [button.data for button in told["resolved"].buttons[0]] == [f"yes:{done.id}", f"no:{done.id}"]
    assert [button.data for button in told["question"].buttons[0]] == [f"answer:{asked.id}"]
    assert [button.data for button in told["explained"].buttons[0]] == [f"no:{explained.id}"]
    assert "Ремонт {восени} <b>" in told["rejected"].text
    assert told["rejected"].buttons == ()
    assert "повідомили вже 2 людини, це одна подія" in told["incident"].text


async def test_a_merge_and_its_undoing_are_told_in_both_languages(city: City, cast: Cast) -> None:
    appeal, there = await make_appeal(city, cast.account), await make_appeal(city)
    await merge(city, appeal.id, cast.operator, expected=0, into=there.id)
    await unmerge(city, appeal.id, cast.operator, expected=1)
    for kind, uk, en in (("merged", "об'єднано з", "merged with"), ("unmerged", "окремо від", "apart from")):
        row = await Outbox.get(kind=kind)
        for language, words, sign in (("uk", uk, "№"), ("en", en, "No.")):
            said = render(letter(kind, row.body, language), city)
            assert f"{sign} {appeal.number}" in said.text
            assert f"{words} {sign} {there.number}" in said.text
    merged = await Outbox.get(kind="merged")
    (buttons,) = render(letter("merged", merged.body), city).buttons
    assert [button.data for button in buttons] == [f"appeal:{there.id}"]


def test_a_reply_survives_its_queue(city: City) -> None:
    reply = Reply(
        lines=(line("card.title"), line("card.photos", n=2), line("words", text="{x}")),
        buttons=((Button(line("name.category", category="water.leak"), "cat:a:water.leak"),),),
        photos=(1, 2),
        ask_location=True,
        callback="cb",
    )
    back = Reply.from_body(json.loads(json.dumps(reply.to_body())))
    assert back == reply
    rendered = render(letter("reply", reply.to_body(), "en"), city)
    assert rendered.text.splitlines()[1:] == ["📷 2 photos", "{x}"]
    assert rendered.buttons[0][0].label == city.categories["water.leak"].en
    assert (rendered.photos, rendered.ask_location, rendered.callback) == ((1, 2), True, "cb")


@pytest.mark.parametrize(
    ("fact", "value", "uk", "en"),
    [
        ("category", "water.leak", "водогону", "main"),
        ("district", "metalurhiinyi", "Металургійний", "Metalurhiinyi"),
        ("executor", "kryvbasvodokanal", "Кривбасводоканал", ""),
        ("status", "resolved", "виконано", "resolved"),
        ("group", "water", "ода", ""),
    ],
)
def test_facts_are_named_in_the_residents_language(
    city: City, fact: str, value: str, uk: str, en: str
) -> None:
    assert uk in FACTS[fact](value, "uk", city)
    said = FACTS[fact](value, "en", city)
    assert en.lower() in said.lower()
    assert not re.search(r"[а-яіїєґ]", said.lower())


@pytest.mark.parametrize("fact", ["category", "group", "district", "executor"])
def test_what_left_the_catalogue_goes_by_its_slug(city: City, fact: str) -> None:
    assert FACTS[fact]("no.longer", "uk", city) == "no.longer"


def test_every_name_of_the_catalogue_fits_a_button(city: City) -> None:
    names = [(row.uk, row.en) for row in city.categories.values()]
    names += [(group.uk, group.en) for group in city.pack.groups]
    assert [name for both in names for name in both if len(name) > 60] == []


def test_braces_in_what_was_typed_stay_braces(city: City) -> None:
    hostile = "{category} {0} {text.__class__}"
    reply = Reply(lines=(Line("card.address", {"address": hostile}),))
    assert hostile in render_reply(reply, "uk", city).text


async def test_who_has_the_call_is_said_with_nothing_to_press(city: City) -> None:
    appeal = await make_appeal(city)
    body = notify.facts(appeal, by="Роман <b>", incident=None) | {"appeal": None}
    said = render(letter("staff.alarm_taken", body), city)
    assert said.text.startswith(f"Виклик прийнято: Роман <b>. № {appeal.number}")
    assert said.buttons == ()
    surge = render(letter("staff.alarm_taken", body | {"incident": 5}, "en"), city)
    assert surge.text.startswith("The call is taken: Роман <b>. Many report the same")
