"""Contacts are covered until asked for; each look is told on the card and to administrators."""

import re
from datetime import timedelta

import pytest

from core import clock
from core.actions.actor import Actor
from core.actions.executor import report
from core.actions.looks import look
from core.models import Account, Appeal, Channel, Look, Resident
from core.queries.panel import looks
from core.queries.panel.contacts import masked_phone
from core.workflow import Role
from tests.admin.conftest import HTMX, Browser, Panel
from tests.builders import make_account, make_appeal, make_staff

NAME, PHONE, ADDRESS = "Марія Іваненко", "+380671234512", "вул. Бузкова, 3"


async def known(panel: Panel, channel: Channel = Channel.TELEGRAM) -> Appeal:
    account = await make_account(channel)
    await Resident.filter(id=account.resident_id).update(name=NAME, phone=PHONE, address=ADDRESS)
    return await make_appeal(panel.city, account)


def acting(browser: Browser) -> Actor:
    assert browser.staff
    return Actor.staff(browser.staff)


async def test_what_is_asked_for_is_shown_and_the_look_kept(panel: Panel, operator: Browser) -> None:
    appeal = await known(panel)
    account = await Account.get(id=appeal.account_id)
    page = await operator.text(f"/admin/appeals/{appeal.id}")
    assert "М••• І•••" in page
    assert "+380 •• ••• •• 12" in page
    for secret in (NAME, PHONE, ADDRESS, account.external_id):
        assert secret not in re.sub(r"\?v=\w+", "", page.replace(appeal.number, ""))
    response = await operator.post(f"/admin/appeals/{appeal.id}/contacts", headers=HTMX)
    part = await response.text()
    assert "<html" not in part
    for words in (NAME, f"tel:{PHONE}", ADDRESS, f"tg://user?id={account.external_id}", "Контакти дивилися:"):
        assert words in part, words
    assert operator.staff
    assert [each.staff_id for each in await Look.all()] == [operator.staff.id]
    stranger = await panel.browser(await make_staff(name="Ганна Швець"))
    page = await stranger.text(f"/admin/appeals/{appeal.id}")
    assert PHONE not in page
    assert "Олена Коваль, " in page[page.index("Контакти дивилися:") :]


async def test_without_scripts_it_is_the_page_again_and_ten_minutes_later_covered(
    panel: Panel, operator: Browser
) -> None:
    appeal = await known(panel)
    response = await operator.post(f"/admin/appeals/{appeal.id}/contacts")
    assert (response.status, response.headers["Location"]) == (303, f"/admin/appeals/{appeal.id}#contacts")
    assert PHONE in await operator.text(f"/admin/appeals/{appeal.id}")
    await Look.all().update(at=clock.now() - timedelta(minutes=11))
    assert PHONE not in await operator.text(f"/admin/appeals/{appeal.id}")


async def test_an_officer_asks_only_while_the_work_is_theirs(panel: Panel, officer: Browser) -> None:
    appeal = await known(panel)
    address = f"/admin/appeals/{appeal.id}"
    assert "Показати контакти" in await officer.text(address)
    assert (await officer.post(f"{address}/contacts")).status == 303
    assert PHONE in await officer.text(address)
    await report(panel.city, appeal.id, acting(officer), expected=0, text="зроблено")
    page = await officer.text(address)
    assert PHONE not in page
    assert "Показати контакти" not in page
    assert (await officer.post(f"{address}/contacts")).status == 403


@pytest.mark.parametrize(
    ("phone", "shown"),
    [("+380671234512", "+380 •• ••• •• 12"), ("0671234512", "••• 12"), ("—", ""), ("", "")],
)
def test_a_phone_is_covered_but_for_its_end(phone: str, shown: str) -> None:
    assert masked_phone(phone) == shown


async def test_administrators_read_who_looked_page_by_page(
    panel: Panel, operator: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looks, "PAGE", 2)
    administrator = await panel.browser(await make_staff(Role.ADMINISTRATOR))
    assert "Контактів ще не відкривали" in await administrator.text("/admin/looks")
    appeals = [await known(panel) for _ in range(3)]
    for appeal in appeals:
        await look(appeal.id, acting(operator))
    first = await administrator.text("/admin/looks")
    assert [appeal.number in first for appeal in appeals] == [False, True, True]
    assert first.index(appeals[2].number) < first.index(appeals[1].number)
    before = (await Look.all().order_by("-id"))[1].id
    assert f"/admin/looks?before={before}" in first
    second = await administrator.text(f"/admin/looks?before={before}")
    assert [appeal.number in second for appeal in appeals] == [True, False, False]
    assert "?before=" not in second
    assert (await operator.get("/admin/looks")).status == 403
