"""What the city promises, checked from what the quarter has left behind."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from core.models import (
    Account,
    Alarm,
    AlarmCall,
    AlarmState,
    Channel,
    Event,
    Job,
    Notice,
    Outbox,
    Post,
    Staff,
    Survey,
    Task,
)
from core.workflow import Role, Status, Verb
from tests.quarter.expected import LEVELS, Rules, Told, was_told
from tests.quarter.past import Past

_REMINDED, _SILENT = timedelta(days=2), timedelta(days=7)


async def steps_were_told_once(of: Past) -> int:
    """Each step that was due, exactly once, to exactly those whose it was; how many."""
    first, last = of.rounds[0].date() - timedelta(days=3), of.rounds[-1].date() + timedelta(days=200)
    rules = Rules(of.town.city, of.people, first, last)
    notices: Counter[tuple[str, int, datetime, int]] = Counter()
    total = 0
    for one, appeal in of.appeals.items():
        should, did = rules.told(appeal, of.events[one], of.rounds), was_told(of.events[one])
        assert did == should, f"{appeal.number}: {_difference(should, did)}"
        total += len(did)
        for told in should:
            stood = of.stood(one, told.at)
            assert stood is not None
            people = {person for whom in told.heard for person in _people(of, whom, stood.executor)}
            notices.update([(told.step, one, told.at, person) for person in people])
    kinds = ("half", "pre_alarm", "due", "overdue", "escalated")
    written: Counter[tuple[str, int, datetime, int]] = Counter()
    for notice in await Notice.filter(kind__in=kinds):
        step = notice.dedupe.split(":")[0]
        assert (step in LEVELS) == (notice.kind == "escalated"), notice.dedupe
        written[step, notice.appeal_id or 0, notice.at, notice.staff_id] += 1
    assert written == notices
    return total


async def results_were_told_and_asked_once(of: Past) -> int:
    """One question for each answer of the city that stood at a look; one reminder of those not answered."""
    surveys = {(row.appeal_id, row.round): row for row in await Survey.all()}
    messages = Counter([row.dedupe for row in await Outbox.filter(dedupe__startswith="resolved:")])
    reminders = {row.dedupe for row in await Outbox.filter(kind="poll_reminder")}
    told_in_calls = {row.appeal_id for row in await Task.filter(kind="call")}
    phones = {row.id for row in await Account.filter(channel=Channel.PHONE)}
    expected: dict[tuple[int, int], datetime] = {}
    for one, events in of.events.items():
        turn = 0
        for event, following in zip(events, [*events[1:], None], strict=True):
            turn += event.verb is Verb.REOPEN
            if event.to_status is Status.RESOLVED and event.from_status is not Status.RESOLVED:
                looked = of.first_round(event.at)
                if looked and (following is None or looked <= following.at):
                    expected[one, turn] = looked
    early = {key for key in surveys if key not in expected and surveys[key].answered_at is not None}
    assert set(surveys) - early == set(expected)
    asked_to_remind = set()
    for (one, turn), sent_at in expected.items():
        survey, name = surveys[one, turn], f"resolved:{one}:{turn}"
        assert survey.sent_at == sent_at
        assert (one in told_in_calls) if of.appeals[one].account_id in phones else messages[name] == 1, name
        due = of.first_round(sent_at + _REMINDED)
        said = next((event for event in of.events[one] if event.at > sent_at and _says(event)), None)
        if due is not None and (said is None or said.at > due):
            assert survey.reminded_at == due, name
            if of.appeals[one].account_id not in phones:
                asked_to_remind.add(f"poll_reminder:{one}:{turn}")
        else:
            assert survey.reminded_at is None or survey.reminded_at == due, name
    assert reminders == asked_to_remind
    return len(expected)


async def silence_closed_what_was_answered(of: Past) -> int:
    """At the first look after a week of it, and nothing else was closed by itself."""
    to_be_called = {row.appeal_id for row in await Task.filter(kind="call", done_at=None)}
    closed = 0
    for one, events in of.events.items():
        should = []
        for event, following in zip(events, [*events[1:], None], strict=True):
            answers = event.verb in (Verb.RESOLVE, Verb.EXPLAIN)
            if not answers or one in to_be_called:
                continue
            due = of.first_round(event.at + _SILENT)
            if due and (following is None or following.role is Role.SYSTEM or following.at > due):
                should.append(due)
        did = [event.at for event in events if event.verb is Verb.CLOSE and event.role is Role.SYSTEM]
        assert did == should, of.appeals[one].number
        closed += len(did)
    return closed


async def alarms_were_heard_or_passed_on(of: Past) -> int:
    """Of each urgent appeal; who is called next is called when those before had their time, and no sooner."""
    patience = timedelta(minutes=of.town.city.settings.control.acknowledge_minutes)
    alarms = await Alarm.filter(incident_id=None)
    urgent = {one for one, appeal in of.appeals.items() if appeal.urgent}
    assert urgent <= {alarm.appeal_id for alarm in alarms}
    calls: dict[int, list[AlarmCall]] = {}
    for call in await AlarmCall.filter(called_at__not_isnull=True).order_by("alarm_id", "position"):
        calls.setdefault(call.alarm_id, []).append(call)
    passed_on = {row.appeal_id for row in await Notice.filter(kind="alarm_unanswered")}
    for alarm in alarms:
        called = [call.called_at for call in calls.get(alarm.id, []) if call.called_at]
        assert called, alarm.dedupe
        assert called[0] == alarm.began_at
        for before, then in pairwise(called):
            assert then == of.first_round(before + patience), alarm.dedupe
        if alarm.state is AlarmState.RINGING:
            assert of.first_round(called[-1] + patience) is None, "the quarter ended before its turn"
        if alarm.state is AlarmState.UNANSWERED:
            assert len(called) == len(of.town.duty)
            assert alarm.appeal_id in passed_on
        if alarm.acknowledged_at is not None:
            last = of.first_round(called[-1] + patience)
            waited = len(called) == len(of.town.duty) or last is None or alarm.acknowledged_at <= last
            assert waited, alarm.dedupe
    return len(alarms)


async def no_job_failed() -> None:
    assert await Job.filter(failures__gt=0).count() == 0
    assert await Job.filter(failed_at__not_isnull=True).count() == 0


def _difference(should: Sequence[Told], did: Sequence[Told]) -> str:
    missing = [told for told in should if told not in did]
    more = [told for told in did if told not in should]
    return f"not told {missing}, told beside {more}"


def _people(of: Past, whom: str, executor: str | None) -> set[int]:
    portfolio = of.town.city.executors[executor].portfolio if executor else ""
    tests: dict[str, Callable[[Staff], bool]] = {
        "officers": lambda one: one.executor_id == executor and one.post is not Post.HEAD,
        "head": lambda one: one.executor_id == executor and one.post is Post.HEAD,
        "deputy": lambda one: one.post is Post.DEPUTY and one.portfolio == portfolio,
        "mayor": lambda one: one.post is Post.MAYOR,
        "desk": lambda one: one.role is Role.OPERATOR,
        "managers": lambda one: one.role is Role.MANAGER and one.post is Post.NONE,
    }
    return {one.id for one in of.people if tests[whom](one)}


def _says(event: Event) -> bool:
    """Whether by it the resident says what they think of the result."""
    return event.role is Role.RESIDENT and event.verb in (Verb.CLOSE, Verb.REOPEN, Verb.RATE)
