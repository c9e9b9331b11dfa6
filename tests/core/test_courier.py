"""One channel's delivery loop, with a platform that does what it is told to."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Final

import pytest
from tortoise.exceptions import OperationalError

from core import clock, courier, outbox
from core.courier import Courier, Refused, TryAgain
from core.models import Account, Channel, Outbox, OutboxState
from core.outbox import Letter, Message
from tests.builders import make_account, make_letter

pytestmark = pytest.mark.usefixtures("database")


class Platform:
    """A fake Sender: fates by text, the rest arrives; remembers what it took, when, and how many at once."""

    channel: Final = Channel.TELEGRAM
    free_session: timedelta | None = None

    def __init__(self, **fates: list[Any]) -> None:
        self.fates = fates
        self.took: list[tuple[str, float]] = []
        self.tried: list[tuple[str, float]] = []
        self.seconds = 0.0
        self.at_once = 0
        self.most_at_once = 0
        self.knocked = asyncio.Event()

    async def send(self, letter: Letter) -> str:
        text = letter.body["text"]
        self.tried.append((text, time.monotonic()))
        self.knocked.set()
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(self.seconds)
            if waiting := self.fates.get(text):
                raise waiting.pop(0)
        finally:
            self.at_once -= 1
        self.took.append((text, time.monotonic()))
        return str(len(self.took))

    @property
    def texts(self) -> list[str]:
        return [text for text, _ in self.took]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fall-back's look at the table every few milliseconds, not every second."""
    monkeypatch.setattr(courier, "POLL", 0.02)


async def say(account: Account, *texts: str) -> None:
    await outbox.queue_all([Message(account, "reply", {"text": text}) for text in texts])


@asynccontextmanager
async def delivering(
    platform: Platform, *, per_second: float = 1000, chat_pause: float = 0, at_once: int = 8
) -> AsyncIterator[Courier]:
    """A courier at work until the block ends; then what it holds is finished."""
    stopping = asyncio.Event()
    working = Courier(platform, per_second=per_second, chat_pause=chat_pause, at_once=at_once)
    task = asyncio.create_task(working.run(stopping))
    try:
        yield working
    finally:
        stopping.set()
        async with asyncio.timeout(10):
            await task


async def until(met: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(10):
        while not await met():  # noqa: ASYNC110 - what is waited for happens in the database
            await asyncio.sleep(0.01)


async def settled() -> None:
    """Until nothing is pending."""

    async def nothing_waits() -> bool:
        return not await Outbox.filter(state=OutboxState.PENDING).exists()

    await until(nothing_waits)


async def tried_once() -> None:
    await until(Outbox.filter(attempts=1).exists)


async def states() -> list[str]:
    return [row.state.value for row in await Outbox.all().order_by("id")]


async def test_each_chat_in_order_and_everything_recorded() -> None:
    chats = [await make_account() for _ in range(4)]
    platform = Platform()
    platform.seconds = 0.005
    async with delivering(platform) as working:
        for number in range(5):
            for chat in chats:
                await say(chat, f"{chat.id}:{number}")
        await settled()
    assert working.sent == 20
    for chat in chats:
        mine = [text for text in platform.texts if text.startswith(f"{chat.id}:")]
        assert mine == [f"{chat.id}:{number}" for number in range(5)]
    rows = await Outbox.all()
    assert all(row.provider_id and row.sent_at and row.attempts == 1 and not row.repeated for row in rows)
    assert platform.most_at_once > 1, "chats don't wait for each other"


async def test_a_stumble_is_tried_again_before_what_comes_after() -> None:
    chat, other = await make_account(), await make_account()
    platform = Platform(a=[TryAgain("later", after=0.05), TryAgain("later", after=0.05)])
    async with delivering(platform):
        await say(chat, "a", "b")
        await say(other, "c")
        await settled()
    assert platform.texts == ["c", "a", "b"]
    row = await Outbox.filter(account_id=chat.id).order_by("id").first()
    assert row is not None
    assert (row.attempts, row.error) == (3, "")


async def test_retry_after_is_honoured() -> None:
    chat = await make_account()
    platform = Platform(a=[TryAgain("Too Many Requests", after=0.3)])
    async with delivering(platform):
        await say(chat, "a")
        await settled()
    (_, first), (_, second) = platform.tried
    assert 0.3 <= second - first < 1.5


async def test_without_a_word_how_long_it_backs_off_further_each_time() -> None:
    chat = await make_account()
    platform = Platform(a=[TryAgain("502")])
    async with delivering(platform):
        await say(chat, "a")
        await tried_once()
    working = Courier(platform, per_second=1, chat_pause=0)
    pauses = [
        working._later(make_letter(attempts=attempts), TryAgain("502")).retry_in
        for attempts in (0, 1, 2, 5, 9, 50)
    ]
    assert all(pause is not None for pause in pauses)
    expected = [1, 2, 4, 32, 60, 60]
    assert all(low <= (pause or 0) <= low * 1.1 for pause, low in zip(pauses, expected, strict=True))


async def test_what_another_may_claim_meanwhile_is_given_back() -> None:
    working = Courier(Platform(), per_second=1, chat_pause=0)
    assert working._not_now(make_letter()) is None
    late = working._not_now(make_letter(leased_until=clock.now() + timedelta(seconds=courier.TIMEOUT - 1)))
    assert late is not None
    assert (late.retry_in, late.ambiguous) == (0, False)


async def test_when_the_channel_is_down_nobody_knocks_until_it_may_be_up() -> None:
    chats = [await make_account() for _ in range(12)]
    platform = Platform(**{"0": [TryAgain("flood", after=0.4, everyone=True)]})
    platform.seconds = 0.01
    for number, chat in enumerate(chats):
        await say(chat, str(number))
    async with delivering(platform, at_once=1):
        await settled()
    (_, down), *rest = platform.tried
    assert all(at >= down + 0.4 for _, at in rest)
    assert sorted(platform.texts, key=int) == [str(number) for number in range(12)]


async def test_who_waited_their_turn_when_it_went_down_dont_knock_either() -> None:
    platform = Platform(**{"0": [TryAgain("flood", after=0.8, everyone=True)]})
    for number in range(8):
        await say(await make_account(), str(number))
    async with delivering(platform, per_second=5):
        await settled()
    down = platform.tried[0][1]
    assert [text for text, at in platform.tried if down + 0.1 < at < down + 0.8] == []


async def test_who_blocked_us_hears_no_more_and_the_others_do() -> None:
    gone, here = await make_account(), await make_account()
    platform = Platform(a=[Refused("Forbidden: bot was blocked by the user", unreachable=True)])
    await say(gone, "a", "b", "c")
    await say(here, "d")
    async with delivering(platform):
        await settled()
    assert platform.texts == ["d"]
    assert await states() == ["failed", "failed", "failed", "sent"]
    assert not (await Account.get(id=gone.id)).reachable
    assert (await Account.get(id=here.id)).reachable


@pytest.mark.parametrize("fate", [Refused("message is too long"), KeyError("no such text")])
async def test_one_that_cannot_be_sent_stops_nothing(fate: Exception) -> None:
    chat = await make_account()
    platform = Platform(a=[fate])
    async with delivering(platform):
        await say(chat, "a", "b")
        await settled()
    assert platform.texts == ["b"]
    failed = await Outbox.get(state=OutboxState.FAILED)
    assert str(fate).strip("'") in failed.error
    assert (await Account.get(id=chat.id)).reachable


async def test_no_answer_in_time_is_tried_again_and_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courier, "TIMEOUT", 0.05)
    chat = await make_account()
    platform = Platform()
    platform.seconds = 0.2
    async with delivering(platform):
        await say(chat, "a")
        await tried_once()
    row = await Outbox.get()
    assert (row.repeated, row.error, row.state) == (True, "no answer in time", OutboxState.PENDING)


async def test_stopping_finishes_what_is_held() -> None:
    chats = [await make_account() for _ in range(10)]
    platform = Platform()
    platform.seconds = 0.05
    for chat in chats:
        await say(chat, "a")
    async with delivering(platform, at_once=2):
        await platform.knocked.wait()
    assert len(platform.took) == 10, "claimed is claimed"
    assert await states() == ["sent"] * 10


async def test_two_couriers_send_nothing_twice() -> None:
    chats = [await make_account() for _ in range(8)]
    first, second = Platform(), Platform()
    first.seconds = second.seconds = 0.003
    async with delivering(first), delivering(second):
        for number in range(6):
            for chat in chats:
                await say(chat, f"{chat.id}:{number}")
        await settled()
    assert len(first.texts + second.texts) == 48
    assert len(set(first.texts + second.texts)) == 48


async def test_what_was_sent_is_recorded_when_the_database_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    chat = await make_account()
    platform = Platform()
    record, refusals = outbox.record, iter([OperationalError("database is locked"), ConnectionError("gone")])

    async def refuse_at_first(outcomes: list[outbox.Outcome]) -> None:
        if (error := next(refusals, None)) is not None:
            raise error
        await record(outcomes)

    monkeypatch.setattr(outbox, "record", refuse_at_first)
    async with delivering(platform):
        await say(chat, "a", "b")
        await settled()
    assert platform.texts == ["a", "b"], "not sent again"
    assert await states() == ["sent", "sent"]


async def test_a_claim_that_fails_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    chat = await make_account()
    platform = Platform()
    claim, refusals = outbox.claim, iter([OperationalError("database is locked")] * 3)

    async def refuse_at_first(channel: Channel, limit: int, *, session: timedelta | None) -> list[Letter]:
        if (error := next(refusals, None)) is not None:
            raise error
        return await claim(channel, limit, session=session)

    monkeypatch.setattr(outbox, "claim", refuse_at_first)
    async with delivering(platform):
        await say(chat, "a")
        await settled()
    assert platform.texts == ["a"]
