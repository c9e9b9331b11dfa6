"""The durable way in: once, in order for each sender, each with its own fate."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from tortoise.exceptions import DBConnectionError, OperationalError

from core import clock, db, inbox, signals
from core.inbox import ATTEMPTS, Received, Taken
from core.models import Account, Channel, Inbox, InboxState, Resident
from tests.core.conftest import Time

NOW = "2026-03-02T08:00:00+00:00"


def update(number: int, sender: str = "7", **more: Any) -> Received:
    values: dict[str, Any] = {"channel": Channel.TELEGRAM, "external_id": str(number), "payload": "{}"}
    return Received(sender=sender, **(values | more))


class Clerk:
    """A handler that writes what it saw, in the open transaction, and fails where it is told to."""

    def __init__(self, *, poison: str = "", error: Exception | None = None) -> None:
        self.seen: list[list[str]] = []
        self.poison = poison
        self.error = error or ZeroDivisionError("посеред роботи")

    async def __call__(self, rows: Sequence[Taken]) -> None:
        self.seen.append([row.external_id for row in rows])
        for row in rows:
            await Resident.create(name=row.external_id, created_at=clock.now())
            if row.external_id == self.poison:
                raise self.error


async def done() -> list[str]:
    """What has taken effect, in the order in which it did."""
    return [row.name for row in await Resident.all().order_by("id")]


@pytest.mark.usefixtures("database")
class TestReceiving:
    async def test_a_repeat_is_stored_once(self) -> None:
        await inbox.receive([update(1), update(2), update(1, payload="another body")])
        await inbox.receive([update(2), update(3)])
        assert await Inbox.all().order_by("id").values_list("external_id", "payload") == [
            ("1", "{}"),
            ("2", "{}"),
            ("3", "{}"),
        ]
        await inbox.receive([])

    async def test_the_channels_dont_share_ids(self) -> None:
        await inbox.receive([update(1), update(1, channel=Channel.VIBER)])
        assert await Inbox.all().count() == 2

    async def test_a_repeat_of_what_is_done_is_not_done_again(self) -> None:
        await inbox.receive([update(1)])
        clerk = Clerk()
        assert await inbox.work_off(clerk) == 1
        await inbox.receive([update(1)])
        assert await inbox.work_off(clerk) == 0
        assert await done() == ["1"]

    async def test_it_wakes_the_worker(self) -> None:
        await signals.inbox.wait(0)
        await inbox.receive([update(1)])
        assert await signals.inbox.wait(0)

    async def test_the_unreadable_is_kept_whole_and_parked(self) -> None:
        body = b"\xff\x00{not json"
        await inbox.receive(
            [Received.unreadable(Channel.VIBER, body, "no callback"), update(1)],
        )
        await inbox.receive([Received.unreadable(Channel.VIBER, body, "no callback")])
        parked = await Inbox.get(state=InboxState.PARKED)
        assert (parked.payload, parked.error, parked.sender) == ("\\xff\\x00{not json", "no callback", "")
        assert parked.external_id.startswith("sha256:")
        clerk = Clerk()
        assert await inbox.work_off(clerk) == 1
        assert clerk.seen == [["1"]]

    @pytest.mark.parametrize("nasty", ["\x00", "\ud800", "я" * 5000])
    async def test_whatever_stands_in_it_it_can_be_stored(self, nasty: str) -> None:
        await inbox.receive([update(1, sender=nasty, external_id=nasty, payload=nasty, error=nasty)])
        assert await Inbox.all().count() == 1


@pytest.mark.usefixtures("database")
class TestWorkingOff:
    async def test_each_senders_updates_in_order_and_senders_side_by_side(self) -> None:
        await inbox.receive(
            [update(1, "a"), update(2, "b"), update(3, "a"), update(4, "a"), update(5, "b"), update(6, "c")]
        )
        clerk = Clerk()
        assert [await inbox.work_off(clerk) for _ in range(4)] == [3, 2, 1, 0]
        assert clerk.seen == [["1", "2", "6"], ["3", "5"], ["4"]]
        assert await Inbox.filter(state=InboxState.DONE, done_at__isnull=False).count() == 6

    async def test_it_wakes_the_worker_again_where_more_is_known_of(self) -> None:
        await inbox.receive([update(1, "a"), update(2, "a"), update(3, "b")])
        woken = []
        for _ in range(3):
            await signals.inbox.wait(0)
            await inbox.work_off(Clerk())
            woken.append(await signals.inbox.wait(0))
        assert woken == [True, False, False]

    async def test_whose_sender_is_unknown_waits_for_nobody(self) -> None:
        await inbox.receive([update(1, ""), update(2, ""), update(3, "")])
        clerk = Clerk()
        assert await inbox.work_off(clerk) == 3

    async def test_one_senders_namesake_in_the_other_channel_is_somebody_else(self) -> None:
        await inbox.receive([update(1, "a"), update(2, "a", channel=Channel.VIBER)])
        assert await inbox.work_off(Clerk()) == 2

    async def test_a_failure_undoes_its_own_row_only(self) -> None:
        await inbox.receive([update(1, "a"), update(2, "b"), update(3, "c")])
        await inbox.work_off(Clerk(poison="2"))
        assert await done() == ["1", "3"]
        failed = await Inbox.get(external_id="2")
        assert (failed.state, failed.attempts) == (InboxState.PENDING, 1)
        assert failed.error == "ZeroDivisionError: посеред роботи"
        assert await Inbox.filter(state=InboxState.DONE).count() == 2

    async def test_it_is_tried_again_with_growing_pauses_then_parked(self, time: Time) -> None:
        await inbox.receive([update(1, "a"), update(2, "a"), update(3, "b")])
        clerk = Clerk(poison="1")
        pauses = []
        for _ in range(ATTEMPTS - 1):
            await inbox.work_off(clerk)
            row = await Inbox.get(external_id="1")
            pauses.append((row.due_at - time.now).total_seconds())
            assert row.state is InboxState.PENDING
            assert await done() == ["3"], "the next of the same sender waits"
            time.now = row.due_at - timedelta(seconds=1)
            assert await inbox.work_off(clerk) == 0, "not before it is due"
            time.now = row.due_at
        await inbox.work_off(clerk)
        row = await Inbox.get(external_id="1")
        assert (row.state, row.attempts) == (InboxState.PARKED, ATTEMPTS)
        assert pauses == [2, 4, 8, 16]
        await inbox.work_off(clerk)
        assert await done() == ["3", "2"], "what was behind it goes on"

    async def test_a_parked_one_can_be_taken_once_more(self, time: Time) -> None:
        await inbox.receive([update(1)])
        clerk = Clerk(poison="1")
        for _ in range(ATTEMPTS):
            await inbox.work_off(clerk)
            time.passes(minutes=1)
        row = await Inbox.get()
        assert row.state is InboxState.PARKED
        assert await inbox.replay(row.id)
        assert not await inbox.replay(row.id), "it isn't parked any longer"
        clerk.poison = ""
        await inbox.work_off(clerk)
        row = await Inbox.get()
        assert (row.state, row.attempts, row.error) == (InboxState.DONE, 0, "")
        assert not await inbox.replay(row.id)

    async def test_what_the_handler_parks_stays_parked(self) -> None:
        await inbox.receive([update(1, "a"), update(2, "b")])

        async def park(rows: Sequence[Taken]) -> None:
            await Inbox.filter(id=rows[0].id).update(state=InboxState.PARKED, error="unreadable")

        await inbox.work_off(park)
        assert await Inbox.all().order_by("id").values_list("state", "error") == [
            (InboxState.PARKED, "unreadable"),
            (InboxState.DONE, ""),
        ]

    @pytest.mark.parametrize("outage", [OperationalError("database is locked"), DBConnectionError("gone")])
    async def test_an_outage_is_not_the_updates_fault(self, outage: Exception) -> None:
        await inbox.receive([update(1, "a"), update(2, "b")])
        with pytest.raises(type(outage)):
            await inbox.work_off(Clerk(poison="2", error=outage))
        assert await done() == []
        assert await Inbox.filter(state=InboxState.PENDING, attempts=0).count() == 2
        await inbox.work_off(Clerk())
        assert await done() == ["1", "2"]

    @pytest.mark.parametrize(
        "asks",
        [
            lambda: Resident.get_or_none(id=10**30),
            lambda: Resident.get(id=12345),
            lambda: Account.create(
                resident_id=12345, channel=Channel.VIBER, external_id="x", created_at=NOW, seen_at=NOW
            ),
        ],
        ids=["no such number", "no such row", "no such parent"],
    )
    async def test_what_the_database_refuses_is_the_updates_fault(
        self, time: Time, asks: Callable[[], Awaitable[Any]]
    ) -> None:
        """Else one resident's crafted press would hold up the whole city for ever."""
        await inbox.receive([update(1, "a"), update(2, "b")])

        async def ask_for_nonsense(rows: Sequence[Taken]) -> None:
            for row in rows:
                if row.external_id == "1":
                    await asks()
                await Resident.create(name=row.external_id, created_at=clock.now())

        for _ in range(ATTEMPTS):
            await inbox.work_off(ask_for_nonsense)
            time.passes(minutes=1)
        assert await done() == ["2"]
        assert (await Inbox.get(external_id="1")).state is InboxState.PARKED

    async def test_an_error_of_unprintable_words_is_recorded(self) -> None:
        await inbox.receive([update(1)])
        await inbox.work_off(Clerk(poison="1", error=ValueError("\x00\ud800")))
        row = await Inbox.get()
        assert row.attempts == 1
        assert row.error.startswith("ValueError")

    async def test_nothing_is_lost_when_a_worker_is_cancelled(self) -> None:
        await inbox.receive([update(1)])
        begun = asyncio.Event()

        async def hang(_rows: Sequence[Taken]) -> None:
            await Resident.create(name="half", created_at=clock.now())
            begun.set()
            await asyncio.sleep(60)

        worker = asyncio.create_task(inbox.work_off(hang))
        await begun.wait()
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
        assert await done() == []
        await inbox.work_off(Clerk())
        assert await done() == ["1"]


async def test_two_workers_never_take_the_same_row(database: str) -> None:
    """On PostgreSQL the second passes over what the first has locked; on SQLite it waits for its end."""
    await inbox.receive([update(number, f"sender {number % 40}") for number in range(120)])
    together = asyncio.Event()

    class Slow(Clerk):
        async def __call__(self, rows: Sequence[Taken]) -> None:
            if not database.startswith("sqlite"):
                if self.seen == [] and not together.is_set():
                    together.set()
                await together.wait()
            await super().__call__(rows)
            await asyncio.sleep(0.005)

    async def work(clerk: Clerk) -> None:
        while await Inbox.filter(state=InboxState.PENDING).exists():
            await inbox.work_off(clerk)

    clerks = [Slow(), Slow(), Slow()]
    await asyncio.gather(*(work(clerk) for clerk in clerks))
    handled = [number for clerk in clerks for batch in clerk.seen for number in batch]
    assert sorted(map(int, handled)) == list(range(120))
    effects = await done()
    for sender in range(40):
        assert [name for name in effects if int(name) % 40 == sender] == [
            str(number) for number in range(120) if number % 40 == sender
        ]


async def test_what_one_holds_the_other_passes_over(database: str) -> None:
    if database.startswith("sqlite"):
        pytest.skip("on SQLite the transaction holds the only write lock")
    await inbox.receive([update(1, "a"), update(2, "a"), update(3, "b")])
    holding, release = asyncio.Event(), asyncio.Event()
    second = Clerk()

    async def hold(rows: Sequence[Taken]) -> None:
        assert [row.external_id for row in rows] == ["1", "3"]
        holding.set()
        await release.wait()

    first = asyncio.create_task(inbox.work_off(hold))
    await holding.wait()
    assert await inbox.work_off(second) == 0, "neither what is held nor what stands behind it"
    await inbox.receive([update(4, "c")])
    assert await inbox.work_off(second) == 1
    release.set()
    await first
    assert await inbox.work_off(second) == 1
    assert second.seen == [["4"], ["2"]]
    assert db.skip_locked()
