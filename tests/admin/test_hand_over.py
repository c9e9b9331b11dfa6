"""What the channels could not hand over is seen and tried again by the desk."""

from datetime import timedelta
from typing import Any

import pytest

from core import clock
from core.models import Appeal, Channel, Inbox, InboxState, Outbox, OutboxState
from core.releasing import NEEDLESS, TOGETHER
from tests.admin.conftest import HTMX, Browser, Panel, counted
from tests.builders import make_account, make_appeal

TOKEN = "123456789:AAE-abcdefghijklmnopqrstuvwxyz"


async def parked(**more: Any) -> Inbox:
    now = clock.now()
    values: dict[str, Any] = {
        "channel": Channel.VIBER,
        "external_id": f"x{now.timestamp()}",
        "sender": "",
        "payload": f'{{"text": "<script>alert(1)</script>", "url": "https://x/file/bot{TOKEN}/a"}}',
        "state": InboxState.PARKED,
        "attempts": 5,
        "error": f"KeyError: no <sender> at https://api/bot{TOKEN}",
        "received_at": now,
        "due_at": now,
        "trace": "abcdef012345",
    }
    return await Inbox.create(**(values | more))


async def failed() -> Outbox:
    now = clock.now()
    account = await make_account()
    return await Outbox.create(
        account_id=account.id,
        channel=account.channel,
        kind="message",
        body={"text": "<b>бригада</b> виїхала"},
        state=OutboxState.FAILED,
        attempts=3,
        error="Forbidden",
        created_at=now,
        due_at=now,
    )


async def test_what_came_in_is_shown_as_text_without_tokens(panel: Panel, operator: Browser) -> None:
    del panel
    await parked()
    await failed()
    html = await operator.text("/admin/hand-over")
    assert "&lt;script&gt;alert(1)" in html
    assert "&lt;sender&gt;" in html
    assert "&lt;b&gt;бригада" in html
    assert "<script>alert" not in html
    assert TOKEN not in html
    assert "abcdef012345" in html


async def test_a_parked_update_is_handled_again(panel: Panel, operator: Browser) -> None:
    del panel
    update = await parked()
    response = await operator.post(f"/admin/hand-over/inbox/{update.id}/replay")
    assert (response.status, response.headers["Location"]) == (303, "/admin/hand-over")
    await update.refresh_from_db()
    assert (update.state, update.attempts) == (InboxState.PENDING, 0)
    again = await operator.post(f"/admin/hand-over/inbox/{update.id}/replay", headers=HTMX)
    assert again.status == 409
    assert "опрацьовує хтось інший" in await again.text()


async def test_an_undelivered_message_is_sent_again(panel: Panel, operator: Browser) -> None:
    del panel
    letter = await failed()
    response = await operator.post(f"/admin/hand-over/outbox/{letter.id}/retry", headers=HTMX)
    html = await response.text()
    assert response.status == 200
    assert html.lstrip().startswith('<div id="hand-over"')
    assert "бригада" not in html
    await letter.refresh_from_db()
    assert (letter.state, letter.attempts) == (OutboxState.PENDING, 0)


async def test_the_heading_counts_both(panel: Panel, operator: Browser) -> None:
    await make_appeal(panel.city)
    await parked()
    await failed()
    assert '<b class="count is-bad">2</b>' in await operator.text("/admin/account")


async def test_nothing_wrong_says_so(panel: Panel, operator: Browser) -> None:
    del panel
    html = await operator.text("/admin/hand-over")
    assert "Усі повідомлення доставлено або в дорозі." in html


async def held(panel: Panel, why: str, **more: Any) -> Outbox:
    now = clock.now()
    appeal = await make_appeal(panel.city)
    account = await make_account(Channel.VIBER)
    await Appeal.filter(id=appeal.id).update(account_id=account.id)
    return await Outbox.create(
        account_id=account.id, appeal_id=appeal.id, channel=Channel.VIBER, kind="message",
        body={"text": "Бригада в дорозі"}, state=OutboxState.HELD, held_for=why,
        created_at=now, due_at=now + timedelta(days=3), **more,
    )  # fmt: skip


async def test_what_waits_for_money_is_seen_with_what_was_spent(panel: Panel, operator: Browser) -> None:
    letter = await held(panel, "budget")
    await held(panel, "together")
    for billable, at in ((True, clock.now()), (True, clock.now() - timedelta(days=40)), (False, clock.now())):
        await Outbox.filter(id=(await failed()).id).update(
            state=OutboxState.SENT, billable=billable, sent_at=at
        )
    html = await operator.text("/admin/hand-over")
    assert html.count("Бригада в дорозі") == 1, "what waits for a minute is none of their concern"
    assert "платні повідомлення Viber на місяць вичерпано" in html
    assert f'id="held-{letter.id}"' in html
    assert "цього місяця: 1 з 1000" in html
    assert 'Viber вичерпано">1</b></a>' in html, "in the heading"


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("quiet", "тихі години, надішлемо"),
        ("session", "поки мешканець напише у Viber"),
        ("budget", "платні повідомлення Viber"),
        ("together", "збираємо в одне повідомлення"),
        ("", "зараз буде в черзі"),
    ],
)
async def test_the_appeal_says_why_a_message_waits(
    panel: Panel, operator: Browser, why: str, words: str
) -> None:
    letter = await held(panel, why)
    html = await operator.text(f"/admin/appeals/{letter.appeal_id}")
    assert 'class="delivery is-held"' in html
    assert words in html


@pytest.mark.parametrize(
    ("error", "words"), [(TOGETHER, "надіслано разом"), (NEEDLESS, "уже не актуально"), ("newer", "новішим")]
)
async def test_and_why_one_was_never_sent(panel: Panel, operator: Browser, error: str, words: str) -> None:
    letter = await held(panel, "")
    await Outbox.filter(id=letter.id).update(state=OutboxState.DROPPED, error=error)
    assert words in await operator.text(f"/admin/appeals/{letter.appeal_id}")


async def test_however_much_waits_the_page_asks_as_often(panel: Panel, operator: Browser) -> None:
    asked = []
    for _ in range(2):
        for why in ("quiet", "budget", "session"):
            await held(panel, why)
        with counted() as queries:
            await operator.text("/admin/hand-over")
        asked.append(len(queries))
    assert asked[0] == asked[1]
