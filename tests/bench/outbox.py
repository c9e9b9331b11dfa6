"""Messages a second from the outbox to a chat: claimed, rendered, sent over HTTP, recorded.

Beside them a bare aiohttp client with as many requests at once, posting the same messages to the same
server, which is the simulator in a process of its own.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from bot.messages import Reply, line
from bot.photos import Photos
from bot.render import render
from bot.telegram import Telegram
from core import city as cities
from core import clock, config, db, log, outbox
from core.city import City
from core.config import Settings
from core.courier import Courier
from core.media import Links, MediaStore
from core.models import Account, Channel, Outbox, OutboxState, Resident
from core.outbox import Letter, Message
from tests.bench.side_by_side import rates, shown

RESIDENTS = 200
ROUNDS = 5
AT_ONCE = 32
ROOT = Path(__file__).parents[2]
REPLY = Reply(lines=(line("filed.executor", number="26-000001", executor="kryvbasvodokanal", due=""),))


def run(options: argparse.Namespace) -> str:
    log.configure(style="readable", level="warning")
    data = str(Path("var").absolute())
    with tempfile.TemporaryDirectory() as folder:
        settings = config.load(
            server={"data": data},
            database={"url": f"sqlite://{folder}/bench.db"},
            media={"url": f"file://{folder}/media"},
        )
        return asyncio.run(_run(settings, options.updates, as_json=options.json))


async def _run(settings: Settings, messages: int, *, as_json: bool) -> str:
    each = max(messages // ROUNDS, 1)
    ours, beside = [], []
    await db.migrate(settings.database.url)
    async with _phones(min(RESIDENTS, each)) as server, db.connect(settings.database.url):
        city = await cities.load(settings)
        accounts = await _accounts(server["chats"])
        reached = config.Telegram(enabled=True, token=server["token"], api_base=server["api_base"])
        telegram = Telegram(reached, city, Photos(MediaStore(settings.media), Links("bench")))
        text = _text(city)
        try:
            async with aiohttp.ClientSession() as http:
                url = f"{server['api_base']}/bot{server['token']}/sendMessage"
                await _bare(http, url, server["chats"], text, each)  # both connections are warm then
                for _ in range(ROUNDS):
                    beside.append(each / await _bare(http, url, server["chats"], text, each))
                    ours.append(each / await _ours(telegram, accounts, each))
        finally:
            await telegram.close()
        assert await Outbox.filter(state=OutboxState.SENT).count() == each * ROUNDS
    found = rates(ours, beside)
    peer = f"a bare aiohttp client, {AT_ONCE} at once"
    return shown("outbox", found, unit="messages/s", beside=peer, as_json=as_json, messages=each * ROUNDS)


@asynccontextmanager
async def _phones(residents: int) -> AsyncIterator[dict[str, Any]]:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.phones", str(residents), cwd=ROOT, stdin=pipe, stdout=pipe
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield json.loads(await process.stdout.readline())
    finally:
        process.stdin.close()
        await process.wait()


async def _accounts(chats: list[str]) -> list[Account]:
    now = clock.now()
    resident = await Resident.create(created_at=now)
    rows = [
        Account(
            resident_id=resident.id,
            channel=Channel.TELEGRAM,
            external_id=chat,
            created_at=now,
            seen_at=now,
        )
        for chat in chats
    ]
    await Account.bulk_create(rows)
    return await Account.all().order_by("id")


def _text(city: City) -> str:
    """What the reply says, so that the peer sends the same."""
    letter = Letter(
        id=0,
        account_id=0,
        to="",
        language="uk",
        kind="reply",
        body=REPLY.to_body(),
        replaces=None,
        attempts=0,
        trace="",
        billable=False,
        leased_until=clock.now(),
    )
    return render(letter, city).text


async def _ours(telegram: Telegram, accounts: list[Account], count: int) -> float:
    """Seconds from the first claim until the last message is recorded."""
    queued = [Message(accounts[number % len(accounts)], "reply", REPLY.to_body()) for number in range(count)]
    async with db.transaction():
        await outbox.queue_all(queued)
    courier = Courier(telegram, per_second=1_000_000, chat_pause=0, at_once=AT_ONCE)
    stopping = asyncio.Event()
    began = time.perf_counter()
    running = asyncio.create_task(courier.run(stopping))
    while courier.sent < count:  # noqa: ASYNC110 - the courier has no event for it, and needs none
        await asyncio.sleep(0.002)
    stopping.set()
    await running  # records what it holds
    return time.perf_counter() - began


async def _bare(http: aiohttp.ClientSession, url: str, chats: list[str], text: str, count: int) -> float:
    waiting = iter(range(count))

    async def hand() -> None:
        for number in waiting:
            body = {"chat_id": chats[number % len(chats)], "text": text}
            async with http.post(url, data=body) as response:
                assert (await response.json())["ok"]

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(hand())
    return time.perf_counter() - began
