"""Templates, previews and the newer actions over HTTP: what is shown is what will be sent."""

import html
import re
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiohttp import FormData

from bot.render import render
from core import catalogue, clock, shipped
from core.actions.extend import latest
from core.models import Appeal, Channel, Follow, Outbox, Task, Template
from core.workflow import Kind, Role, Status
from tests.admin.conftest import HTMX, Browser, Panel, jpeg
from tests.admin.test_actions import act
from tests.builders import make_account, make_appeal, make_letter, make_staff

BODY = "Національна поліція України"


async def preview(browser: Browser, appeal: Appeal, verb: str, **typed: str) -> str:
    response = await browser.post(f"/admin/appeals/{appeal.id}/preview?verb={verb}", typed, headers=HTMX)
    assert response.status == 200
    found = re.search(r'phone-text">(.*?)</p>', await response.text(), re.DOTALL)
    return html.unescape(found[1]) if found else ""


@pytest.mark.parametrize("channel", [Channel.TELEGRAM, Channel.VIBER])
@pytest.mark.parametrize("language", ["uk", "en"])
@pytest.mark.parametrize("verb", ["ask", "tell", "explain", "reject", "forward", "extend"])
@pytest.mark.parametrize("kind", [Kind.REQUEST, Kind.STATEMENT])
async def test_the_preview_is_what_is_sent(
    panel: Panel, operator: Browser, verb: str, language: str, channel: Channel, kind: Kind
) -> None:
    appeal = await make_appeal(
        panel.city, await make_account(channel, language=language), category="roads.pothole", kind=kind
    )
    day = latest(panel.city, appeal, Role.OPERATOR)
    typed = {"text": "Слова {category} <b>", "body": BODY, "day": str(day)}
    shown = await preview(operator, appeal, verb, **typed)
    assert "Слова {category} <b>" in shown
    assert (await act(operator, appeal, verb, **typed)).status == 303
    row = await Outbox.filter(appeal_id=appeal.id).order_by("-id").first()
    assert row is not None
    assert shown == render(make_letter(row.kind, body=row.body, language=language), panel.city).text


async def test_a_preview_changes_nothing_and_works_as_a_page(panel: Panel, operator: Browser) -> None:
    appeal = await make_appeal(panel.city)
    response = await operator.post(
        f"/admin/appeals/{appeal.id}/preview?verb=tell", {"text": "бригада їде", "expected": "0"}
    )
    page = await response.text()
    assert response.status == 200
    assert "<html" in page
    assert re.search(r'id="do-tell" name="action" open', page)
    assert ">бригада їде</textarea>" in page
    assert page.count('class="phone ') == 1
    assert await Outbox.filter(appeal_id=appeal.id, kind="message").count() == 0
    assert (await Appeal.get(id=appeal.id)).version == 0


@pytest.mark.parametrize("verb", ["", "note_", "start", "submit"])
async def test_what_has_no_words_has_no_preview(panel: Panel, operator: Browser, verb: str) -> None:
    appeal = await make_appeal(panel.city)
    assert (await operator.post(f"/admin/appeals/{appeal.id}/preview?verb={verb}")).status == 400


@pytest.mark.parametrize("scripts", [True, False])
async def test_a_template_is_filled_in_the_residents_language_below_what_was_typed(
    panel: Panel, operator: Browser, *, scripts: bool
) -> None:
    account = await make_account(language="en")
    appeal = await make_appeal(panel.city, account)
    template = await Template.get(title_uk="Бригада виїхала")
    assert f'value="{template.id}">Бригада виїхала' in await operator.text(f"/admin/appeals/{appeal.id}")
    response = await operator.post(
        f"/admin/appeals/{appeal.id}/template?verb=tell",
        {"text": "Hello.", "template": str(template.id)},
        headers=HTMX if scripts else {},
    )
    page = html.unescape(await response.text())
    assert ("<html" in page) is not scripts
    filled = "The crew is on its way to вул. Соборності, 12: Kryvbasvodokanal."
    assert f">Hello.\n\n{filled}" in page
    assert page.count(filled) == 2, "in the field and in the preview"


async def test_a_name_that_is_covered_stays_covered(panel: Panel, operator: Browser) -> None:
    account = await make_account()
    await account.fetch_related("resident")
    account.resident.name = "Марія Іваненко"
    await account.resident.save()
    appeal = await make_appeal(panel.city, account)
    template = await Template.get(title_uk="Уточнити адресу")
    path = f"/admin/appeals/{appeal.id}/template?verb=ask"
    page = await (await operator.post(path, {"template": str(template.id)}, headers=HTMX)).text()
    assert "Добрий день. Ми вже" in page
    assert "Іваненко" not in page


async def test_only_templates_of_the_action_are_offered(panel: Panel, operator: Browser) -> None:
    appeal = await make_appeal(panel.city)
    forbidden = await Template.get(title_uk="Це не звернення")
    off = await Template.create(
        position=99, title_uk="Вимкнений", title_en="Off", uk="x", en="x", active=False
    )
    page = await operator.text(f"/admin/appeals/{appeal.id}")
    tell = page[page.index('id="do-tell-template"') : page.index('id="do-tell-text"')]
    assert "Бригада виїхала" in tell
    assert forbidden.title_uk not in tell
    assert "Вимкнений" not in page
    for template in (forbidden, off):
        path = f"/admin/appeals/{appeal.id}/template?verb=tell"
        response = await operator.post(path, {"text": "т", "template": str(template.id)}, headers=HTMX)
        assert ">т</textarea>" in await response.text()


async def test_forwarding_asks_for_body_and_reason_and_keeps_both(panel: Panel, operator: Browser) -> None:
    appeal = await make_appeal(panel.city)
    page = html.unescape(await operator.text(f"/admin/appeals/{appeal.id}"))
    assert all(f'<option value="{body.uk}">' in page for body in shipped.bodies())
    refused = await act(operator, appeal, "forward", body=" ", text="це справа поліції")
    told = await refused.text()
    assert refused.status == 422
    assert re.search(r'is-invalid" id="do-forward-body"', told)
    assert ">це справа поліції</textarea>" in told
    assert (await act(operator, appeal, "forward", body=BODY, text="це справа поліції")).status == 303
    await appeal.refresh_from_db()
    assert (appeal.status, appeal.forwarded_to) == (Status.FORWARDED, BODY)
    page = await operator.text(f"/admin/appeals/{appeal.id}")
    assert f"Передано за належністю: {BODY}" in page
    assert "Повідомлено, кому передано" in page


async def test_a_deadline_is_moved_once_by_an_operator_and_again_by_an_administrator(
    panel: Panel, operator: Browser
) -> None:
    appeal = await make_appeal(panel.city, category="roads.pothole")
    most = latest(panel.city, appeal, Role.OPERATOR)
    assert most is not None
    page = await operator.text(f"/admin/appeals/{appeal.id}")
    assert f'max="{most}"' in page
    refused = await act(operator, appeal, "extend", day=str(most + timedelta(days=1)), text="погода")
    told = await refused.text()
    assert refused.status == 422
    assert re.search(r'is-invalid" id="do-extend-day"', told)
    assert ">погода</textarea>" in told
    assert (await act(operator, appeal, "extend", day=str(most), text="погода")).status == 303
    page = await operator.text(f"/admin/appeals/{appeal.id}")
    assert 'id="do-extend"' not in page
    assert "Строк перенесено на" in page
    boss = await panel.browser(await make_staff(Role.ADMINISTRATOR))
    further = most + timedelta(days=30)
    assert (await act(boss, appeal, "extend", day=str(further), text="погода")).status == 303
    await appeal.refresh_from_db()
    assert appeal.due_at is not None
    assert appeal.due_at.astimezone(ZoneInfo(panel.city.pack.timezone)).date() == further


async def test_a_check_goes_from_the_appeal_to_the_list_and_back(panel: Panel, operator: Browser) -> None:
    appeal = await make_appeal(panel.city)
    assert operator.staff is not None
    today = clock.now().date()
    refused = await act(operator, appeal, "check", text="x", day=str(today - timedelta(days=3)))
    assert re.search(r'is-invalid" id="do-check-day"', await refused.text())
    asked = {"text": "чи є яма", "assignee": str(operator.staff.id), "day": str(today + timedelta(days=2))}
    assert (await act(operator, appeal, "check", **asked)).status == 303
    task = await Task.get(appeal_id=appeal.id)
    assert f'href="/admin/tasks/{task.id}"' in await operator.text(f"/admin/appeals/{appeal.id}")
    listed = await operator.text("/admin/tasks")
    assert "чи є яма" in listed
    assert '</span><b class="count">1</b>' in listed
    other = await panel.browser(await make_staff(Role.OPERATOR))
    assert "чи є яма" not in await other.text("/admin/tasks")
    assert "чи є яма" in await other.text("/admin/tasks?show=open")
    refused = await done(operator, task, finding="", outcome="confirmed")
    assert refused.status == 422
    kept = re.search(r'name="kept" value="(\d+)"', await refused.text())
    assert kept
    sent = {"outcome": "confirmed", "finding": "яма на місці", "kept": kept[1]}
    response = await operator.post(f"/admin/tasks/{task.id}/done", sent)
    assert (response.status, response.headers["Location"]) == (303, f"/admin/appeals/{appeal.id}")
    page = await operator.text(f"/admin/appeals/{appeal.id}")
    assert "Перевірено на місці: підтверджено" in page
    assert f"/media/{kept[1]}/" in page
    assert "яма на місці" in await operator.text("/admin/tasks?show=done")
    assert "чи є яма" not in await operator.text("/admin/tasks?show=open")
    again = await operator.post(f"/admin/tasks/{task.id}/done", sent | {"finding": "моє довге"})
    assert again.status == 409
    assert ">моє довге</textarea>" in await again.text()


async def done(browser: Browser, task: Task, **fields: str) -> Any:
    form = FormData()
    for name, value in fields.items():
        form.add_field(name, value)
    form.add_field("photos", jpeg(), filename="a.jpg", content_type="image/jpeg")
    return await browser.post(f"/admin/tasks/{task.id}/done", form)


async def test_splitting_keeps_what_was_typed_and_files_a_second(panel: Panel, operator: Browser) -> None:
    appeal = await make_appeal(panel.city)
    refused = await act(operator, appeal, "split", text="і ліхтар не світить", category="no.such")
    told = await refused.text()
    assert refused.status == 422
    assert re.search(r'is-invalid" id="do-split-category"', told)
    assert ">і ліхтар не світить</textarea>" in told
    right = {"text": "і ліхтар не світить", "category": "lighting.street"}
    assert (await act(operator, appeal, "split", **right)).status == 303
    second = await Appeal.get(category_id="lighting.street")
    assert f"Другу справу виділено: № {second.number}" in await operator.text(f"/admin/appeals/{appeal.id}")
    page = await operator.text(f"/admin/appeals/{second.id}")
    assert f"Виділено зі звернення № {appeal.number}" in page


async def test_following_is_a_button_for_whoever_sees_it(panel: Panel, officer: Browser) -> None:
    appeal = await make_appeal(panel.city)
    assert officer.staff is not None
    assert (await officer.post(f"/admin/appeals/{appeal.id}/follow")).status == 303
    assert await Follow.filter(staff_id=officer.staff.id, appeal_id=appeal.id).exists()
    assert f"/admin/appeals/{appeal.id}/unfollow" in await officer.text(f"/admin/appeals/{appeal.id}")
    assert (await officer.post(f"/admin/appeals/{appeal.id}/unfollow")).status == 303
    assert not await Follow.all().exists()
    alien = await make_appeal(panel.city, category="roads.pothole")
    assert (await officer.post(f"/admin/appeals/{alien.id}/follow")).status == 404


async def test_templates_are_written_once(panel: Panel) -> None:
    assert await Template.all().count() == len(panel.city.pack.templates)
    await Template.all().delete()
    await catalogue.fill(panel.city.pack)
    assert await Template.all().count() == 0, "what the city deleted stays away"
