"""Each message type that the platforms document, over the webhook: none is lost."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.messages import Act, Incoming
from bot.simulator import Phone, Simulator
from core import db
from core.models import Inbox, InboxState, Outbox, OutboxState
from tests.bot import telegram_samples, viber_samples
from tests.flows.conftest import SIMULATED, Town, http_client, running, settings_for, until

SILENT = {Act.MOVED, Act.LEFT, Act.CAME_BACK}
SAMPLES: dict[str, list[tuple[str, dict[str, Any], Incoming | None]]] = {
    "telegram": telegram_samples.CONTENTS,
    "viber": [*viber_samples.CONTENTS],
}


@pytest.fixture
async def hooked(database_url: str, folder: Path, free_port: int) -> AsyncIterator[Town]:
    """A town that Telegram calls, as Viber always does."""
    async with Simulator(SIMULATED) as sim:
        base = f"http://127.0.0.1:{free_port}"
        settings = settings_for(
            sim,
            database_url,
            folder,
            server={"port": free_port, "public_url": base},
            telegram={"mode": "webhook", "webhook_secret": "samples"},
        )
        async with running(settings, sim), db.connect(database_url), http_client() as http:
            yield Town(sim, settings, base, http)


def _of(phone: Phone, raw: dict[str, Any], number: int) -> dict[str, Any]:
    """The sample as if this resident had sent it."""
    text = json.dumps(raw)
    if "telegram" in type(phone).__module__:
        update: dict[str, Any] = json.loads(text.replace('"id": 77', f'"id": {phone.address}'))
        return update
    return {
        **json.loads(text.replace('"id01=="', json.dumps(phone.address))),
        "message_token": 5_000 + number,
    }


@pytest.mark.parametrize("messenger", ["telegram", "viber"])
async def test_every_sample_is_stored_and_answered(hooked: Town, messenger: str) -> None:
    phones: list[tuple[str, Phone, Incoming | None]] = []
    for number, (name, raw, expected) in enumerate(SAMPLES[messenger]):
        phone = getattr(hooked.sim, messenger).resident("Марія", key=f"{messenger}-{number}")
        await phone.raw(_of(phone, raw, number))
        phones.append((name, phone, expected))
    for name, phone, expected in phones:
        if expected is None or expected.act in SILENT:
            continue
        try:
            assert (await phone.wait(timeout=20)).text.strip(), name
        except TimeoutError:
            pytest.fail(f"silence after {name}")
    rows = Inbox.filter(channel=messenger, state=InboxState.DONE)
    # Of a stranger who only leaves or comes back, nothing is kept.
    kept = [each for _, _, each in phones if each is None or each.act not in {Act.LEFT, Act.CAME_BACK}]

    async def all_taken() -> bool:
        return await rows.filter(sender__not="").count() >= len(kept)

    await until(all_taken)
    lost = (
        await Inbox.filter(sender__not="").exclude(state=InboxState.DONE).values("payload", "state", "error")
    )
    assert not lost
    for name, phone, expected in phones:
        if expected is None or expected.act in SILENT:
            assert not phone.messages, name
        else:
            replies = Outbox.filter(account__external_id=phone.address, kind="reply")
            assert await replies.exclude(state=OutboxState.DROPPED).count() == 1, name
