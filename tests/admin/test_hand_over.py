"""What the channels could not hand over is seen and tried again by the desk."""

from typing import Any

from core import clock
from core.models import Channel, Inbox, InboxState, Outbox, OutboxState
from tests.admin.conftest import HTMX, Browser, Panel
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
