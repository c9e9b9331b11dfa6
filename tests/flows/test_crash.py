"""Killed at any instant, the city loses nothing, does nothing twice, and answers everybody."""

import asyncio
import re
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from bot.simulator import Phone, Simulator
from core import db
from core.models import Account, Appeal, Channel, Inbox, InboxState, Outbox, OutboxState
from core.outbox import WAITING
from tests.flows.conftest import SIMULATED
from tests.flows.crash_city import PATIENCE, complain, kill_again_and_again, server, write_config

KILLS = 32
COMPLAINTS = 300
NUMBER = re.compile(r"\d{2}-\d{6}")


@pytest.mark.crash
async def test_three_hundred_complaints_survive_thirty_kills(
    database_url: str, folder: Path, free_port: int, tmp_path: Path
) -> None:
    sqlite = database_url.startswith("sqlite")
    rng = Random(sqlite)
    async with Simulator(SIMULATED) as sim:
        for faults in (sim.faults.telegram, sim.faults.viber):
            faults.duplicate()
            faults.reorder(seed=1)
        phones: list[Phone] = [
            (sim.telegram, sim.viber)[number % 2].resident(f"Мешканець {number}")
            for number in range(COMPLAINTS)
        ]
        texts = {phone.key: f"прорвало трубу на Соборності 12, скарга {n}" for n, phone in enumerate(phones)}
        log = tmp_path / "stderr.log"
        base = f"http://127.0.0.1:{free_port}"
        config = write_config(
            tmp_path / "crash.toml",
            sim,
            port=free_port,
            folder=folder,
            database=database_url,
            mode="polling" if sqlite else "webhook",
        )
        async with server(config, base, log) as city:

            async def resident(number: int, phone: Phone) -> None:
                await city.opened.wait()
                await city.killed(number * KILLS // COMPLAINTS)
                await asyncio.sleep(rng.uniform(0.0, 0.6))
                await complain(phone, texts[phone.key], press=number % 4 < 2)

            async with asyncio.TaskGroup() as group:
                group.create_task(kill_again_and_again(city, sim, KILLS, rng))
                for number, phone in enumerate(phones):
                    group.create_task(resident(number, phone))
            await _nothing_pending(database_url)
            failures = [line for line in log.read_text("utf-8").splitlines() if "[error" in line]
            await city.stop()
        assert city.kills == KILLS

    async with db.connect(database_url):
        appeals = await Appeal.all()
        assert Counter(appeal.text for appeal in appeals) == Counter(texts.values())
        accounts = {account.id: (account.channel, account.external_id) for account in await Account.all()}
        filed = {accounts[appeal.account_id or 0]: appeal for appeal in appeals}
        assert len({appeal.number for appeal in appeals}) == COMPLAINTS
        for number, phone in enumerate(phones):
            appeal = filed[(Channel.TELEGRAM, Channel.VIBER)[number % 2], phone.address]
            assert appeal.text == texts[phone.key]
            told = {found for bubble in phone.messages for found in NUMBER.findall(bubble.text)}
            assert told == {appeal.number}
        assert await Inbox.exclude(state=InboxState.DONE).count() == 0
        assert await Outbox.filter(state__in=[*WAITING, OutboxState.FAILED]).count() == 0
        await _only_what_was_lost_is_repeated(sim, phones)
    assert not failures, failures[:5]


async def _nothing_pending(url: str) -> None:
    async with asyncio.timeout(PATIENCE), db.connect(url):
        while await _waiting():  # noqa: ASYNC110 - another process works on it
            await asyncio.sleep(0.2)


async def _waiting() -> bool:
    letters = Outbox.filter(state__in=WAITING)
    return await letters.exists() or await Inbox.filter(state=InboxState.PENDING).exists()


async def _only_what_was_lost_is_repeated(sim: Simulator, phones: list[Phone]) -> None:
    """A message seen twice is one whose kill fell between sending and recording, and its row says so."""
    seen = Counter((sent.to, sent.text) for sent in (*sim.telegram.sent, *sim.viber.sent))
    rows = await Outbox.filter(repeated=True).prefetch_related("account")
    repeated = Counter(row.account.external_id for row in rows)
    keys = {phone.key: phone.address for phone in phones}
    twice = Counter({keys[key]: 1 for (key, _), times in seen.items() if times > 1})
    copies = sum(seen.values()) - len(seen)
    print(f"\n{KILLS} kills: {copies} messages were seen again, {len(rows)} rows say they may have been")  # noqa: T201
    assert all(times <= repeated[address] for address, times in twice.items())
