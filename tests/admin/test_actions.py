"""What is done to an appeal through the panel: each verb, each refusal, and what is never lost."""

import re
from typing import Any

import pytest
from aiohttp import FormData

from core.actions import desk
from core.actions import executor as officers
from core.actions.actor import Actor
from core.models import Appeal, Attachment, Event, Outbox
from core.models.appeals import AttachmentState
from core.workflow import Role, Status, Verb
from tests.admin.conftest import HTMX, Browser, Maker, Panel, jpeg
from tests.builders import make_appeal, make_staff


async def boss() -> Actor:
    return Actor.staff(await make_staff(Role.OPERATOR, name="Інший Оператор"))


async def act(browser: Browser, appeal: Appeal, verb: str, **values: Any) -> Any:
    await appeal.refresh_from_db()
    form = {"expected": str(appeal.version)} | values
    return await browser.post(f"/admin/appeals/{appeal.id}/{verb}", form)


# verb, what is typed, statuses on the way to it, what it leads to
DESK_WAYS: list[tuple[str, dict[str, str], list[str], Status]] = [
    ("categorise", {"category": "roads.pothole"}, [], Status.ASSIGNED),
    ("reassign", {"executor": "teplotsentral", "text": "не їхнє"}, [], Status.ASSIGNED),
    ("ask", {"text": "з якого боку?"}, [], Status.NEEDS_INFO),
    ("tell", {"text": "бригада виїхала"}, [], Status.ASSIGNED),
    ("note", {"text": "дзвонили двічі"}, [], Status.ASSIGNED),
    ("start", {}, [], Status.IN_PROGRESS),
    ("report", {"text": "полагоджено"}, [], Status.REPORTED),
    ("resolve", {"text": ""}, ["report"], Status.RESOLVED),
    ("resolve", {"text": "полагоджено, перевірено"}, [], Status.RESOLVED),
    ("rework", {"text": "немає фото"}, ["report"], Status.REWORK),
    ("explain", {"text": "це приватна мережа"}, [], Status.EXPLAINED),
    ("reject", {"text": "це реклама"}, [], Status.REJECTED),
]


@pytest.mark.parametrize(("verb", "typed", "before", "after"), DESK_WAYS)
async def test_an_operators_actions_do_what_they_say_without_scripts(
    panel: Panel, operator: Browser, verb: str, typed: dict[str, str], before: list[str], after: Status
) -> None:
    appeal = await make_appeal(panel.city)
    colleague = await panel.browser(await make_staff(Role.OPERATOR))  # nobody confirms their own report
    for earlier in before:
        await act(colleague, appeal, earlier, text="полагоджено")
    response = await act(operator, appeal, verb, **typed)
    assert (response.status, response.headers.get("Location")) == (303, f"/admin/appeals/{appeal.id}")
    await appeal.refresh_from_db()
    event = await Event.filter(appeal_id=appeal.id).order_by("-id").first()
    assert (appeal.status, event and event.verb, event and event.role) == (after, verb, Role.OPERATOR)
    html = await operator.text(f"/admin/appeals/{appeal.id}")
    assert typed.get("text", "") in html


async def test_an_unsure_appeal_is_routed_by_one_click_on_a_guess(panel: Panel, operator: Browser) -> None:
    guesses = (("water.leak", 0.48), ("water.sewer_street", 0.31), ("gone.from_catalogue", 0.1))
    appeal = await make_appeal(panel.city, sure=False, guesses=guesses)
    html = await operator.text(f"/admin/appeals/{appeal.id}")
    assert "48 %" in html
    assert "gone.from_catalogue" not in html
    assert html.index('id="do-categorise"') < html.index('id="do-assign"')
    response = await act(operator, appeal, "categorise", category="water.leak")
    assert response.status == 303
    await appeal.refresh_from_db()
    assert (appeal.executor_id, appeal.status) == ("kryvbasvodokanal", Status.ASSIGNED)


async def test_an_officer_takes_and_reports_and_notes_and_nothing_else(
    panel: Panel, officer: Browser
) -> None:
    appeal = await make_appeal(panel.city)
    html = await officer.text(f"/admin/appeals/{appeal.id}")
    assert re.findall(r'id="do-(\w+)" name="action"', html) == [
        *("start", "report", "need_time", "decline", "note")
    ]
    assert (await act(officer, appeal, "start")).status == 303
    html = await officer.text(f"/admin/appeals/{appeal.id}")
    assert re.findall(r'id="do-(\w+)" name="action"', html) == [*("report", "need_time", "decline", "note")]
    assert (await act(officer, appeal, "report", text="замінено трубу")).status == 303
    assert (await act(officer, appeal, "resolve", text="сам собі підтвердив")).status == 403
    await appeal.refresh_from_db()
    assert appeal.status is Status.REPORTED


async def test_under_htmx_the_appeal_comes_back_as_it_now_is(panel: Panel, operator: Browser) -> None:
    appeal = await make_appeal(panel.city)
    form = {"expected": "0", "text": "бригада виїхала"}
    response = await operator.post(f"/admin/appeals/{appeal.id}/tell", form, headers=HTMX)
    html = await response.text()
    assert response.status == 200
    assert html.lstrip().startswith('<div id="card"')
    assert "бригада виїхала" in html
    assert 'data-version="1"' in html


async def test_missing_words_are_asked_for_at_their_field_and_the_rest_is_kept(
    panel: Panel, operator: Browser
) -> None:
    appeal = await make_appeal(panel.city)
    response = await act(operator, appeal, "reassign", executor="teplotsentral", text="  ")
    html = await response.text()
    assert response.status == 422
    assert "<html" in html
    assert "Напишіть причину" in html
    assert re.search(r'<textarea class="form-control is-invalid" id="do-reassign-text"', html)
    assert '<option value="teplotsentral" selected>' in html
    assert (await Appeal.get(id=appeal.id)).version == 0


@pytest.mark.parametrize(
    ("verb", "typed", "field"),
    [
        ("categorise", {"category": "no.such"}, "do-categorise-category"),
        ("reassign", {"executor": "nobody", "text": "чому"}, "do-reassign-executor"),
        ("reassign", {"executor": "kryvbasvodokanal", "text": "чому"}, "do-reassign-executor"),
        ("tell", {"text": "я" * 4001}, "do-tell-text"),
    ],
)
async def test_what_does_not_fit_is_told_at_its_field(
    panel: Panel, operator: Browser, verb: str, typed: dict[str, str], field: str
) -> None:
    appeal = await make_appeal(panel.city)
    response = await act(operator, appeal, verb, **typed)
    html = await response.text()
    assert response.status == 422
    assert re.search(rf'is-invalid" id="{field}"', html)
    assert typed.get("text", "")[:50] in html


async def test_who_lost_the_race_sees_what_the_other_did_and_repeats_with_one_click(
    panel: Panel, operator: Browser
) -> None:
    appeal = await make_appeal(panel.city)
    other = await boss()
    await desk.note(panel.city, appeal.id, other, expected=0, text="бачила бригаду на місці")
    response = await operator.post(
        f"/admin/appeals/{appeal.id}/tell", {"expected": "0", "text": "довгий текст до мешканця"}
    )
    html = await response.text()
    assert response.status == 409
    conflict = html[html.index('class="alert alert-warning conflict"') : html.index('id="do-tell"')]
    assert "Інший Оператор" in conflict
    assert "бачила бригаду на місці" in conflict
    assert ">довгий текст до мешканця</textarea>" in html
    assert (await Appeal.get(id=appeal.id)).version == 1
    expected = re.search(r'name="expected" value="(\d+)"', html)
    assert expected
    again = await operator.post(
        f"/admin/appeals/{appeal.id}/tell", {"expected": expected[1], "text": "довгий текст до мешканця"}
    )
    assert again.status == 303


async def test_words_survive_even_where_the_action_is_no_longer_possible(
    panel: Panel, operator: Browser
) -> None:
    appeal = await make_appeal(panel.city)
    await desk.reject(panel.city, appeal.id, await boss(), expected=0, reason="це реклама")
    form = {"expected": "0", "text": "моє довге пояснення"}
    response = await operator.post(f"/admin/appeals/{appeal.id}/explain", form, headers=HTMX)
    html = await response.text()
    assert response.status == 409
    assert "це реклама" in html
    assert re.search(r"<textarea[^>]*readonly[^>]*>моє довге пояснення</textarea>", html)
    assert 'id="do-explain"' not in html


async def test_two_at_once_are_one_change(panel: Panel, operator: Browser) -> None:
    appeal = await make_appeal(panel.city)
    form = {"expected": "0", "text": "раз"}
    first = await operator.post(f"/admin/appeals/{appeal.id}/ask", form)
    second = await operator.post(f"/admin/appeals/{appeal.id}/ask", form)
    assert (first.status, second.status) == (303, 409)
    assert await Event.filter(appeal_id=appeal.id, verb=Verb.ASK).count() == 1
    assert await Outbox.filter(appeal_id=appeal.id, kind="question").count() == 1


@pytest.mark.parametrize("expected", ["", "-1", "zero", "9" * 30, "0x1"])
async def test_a_form_without_a_version_is_refused(panel: Panel, operator: Browser, expected: str) -> None:
    appeal = await make_appeal(panel.city)
    response = await operator.post(f"/admin/appeals/{appeal.id}/tell", {"expected": expected, "text": "а"})
    assert response.status == 400
    assert (await Appeal.get(id=appeal.id)).version == 0


def report_form(version: int, *files: tuple[str, bytes], **more: str) -> FormData:
    form = FormData({"expected": str(version), "text": "замінено 4 м труби"} | more)
    for name, content in files:
        form.add_field("photos", content, filename=name, content_type="image/jpeg")
    return form


async def test_a_report_brings_its_photos(panel: Panel, officer: Browser) -> None:
    appeal = await make_appeal(panel.city)
    form = report_form(0, ("a.jpg", jpeg()), ("b.jpg", jpeg("#aa3311")))
    form.add_field("photos", b"", filename="", content_type="application/octet-stream")  # an empty field
    response = await officer.post(f"/admin/appeals/{appeal.id}/report", form)
    assert response.status == 303, await response.text()
    photos = await Attachment.filter(appeal_id=appeal.id).order_by("id")
    event = await Event.get(appeal_id=appeal.id, verb=Verb.REPORT)
    assert [(one.role, one.state, one.event_id) for one in photos] == [
        (Role.EXECUTOR, AttachmentState.STORED, event.id)
    ] * 2
    html = await officer.text(f"/admin/appeals/{appeal.id}")
    link = re.search(rf"/media/{photos[0].id}/thumb\.jpg\?until=\d+&amp;sign=\w+", html)
    assert link
    image = await officer.get(link[0].replace("&amp;", "&"))
    assert (image.status, image.content_type) == (200, "image/jpeg")


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("photo.jpg", b"MZ\x90\x00 an executable named .jpg", "Це не фото"),
        ("photo.jpg", b"", "Це не фото"),
        ("photo.jpg", jpeg()[:200], "Це не фото"),
        ("photo.jpg", b"\xff\xd8" + b"\x00" * 300_000, "завеликий"),
    ],
)
async def test_what_is_no_photo_is_refused_and_the_words_and_good_photos_kept(
    make_panel: Maker, name: str, content: bytes, why: str
) -> None:
    panel = await make_panel(media={"max_bytes": 200_000})
    officer = await panel.browser(await make_staff(Role.EXECUTOR, "kryvbasvodokanal"))
    appeal = await make_appeal(panel.city)
    form = report_form(0, ("good.jpg", jpeg()), (name, content))
    response = await officer.post(f"/admin/appeals/{appeal.id}/report", form)
    html = await response.text()
    assert response.status == 422
    assert why in html
    assert ">замінено 4 м труби</textarea>" in html
    kept = re.search(r'name="kept" value="(\d+)"', html)
    assert kept
    assert (await Appeal.get(id=appeal.id)).version == 0
    again = await officer.post(f"/admin/appeals/{appeal.id}/report", report_form(0, kept=kept[1]))
    assert again.status == 303
    assert await Attachment.filter(appeal_id=appeal.id).count() == 1


async def test_more_than_ten_photos_are_refused(panel: Panel, officer: Browser) -> None:
    appeal = await make_appeal(panel.city)
    files = [(f"{n}.jpg", jpeg(f"#0000{n:02d}")) for n in range(11)]
    response = await officer.post(f"/admin/appeals/{appeal.id}/report", report_form(0, *files))
    assert response.status == 422
    assert "Забагато фото" in await response.text()


async def test_nobody_reports_with_anothers_photos(panel: Panel, officer: Browser) -> None:
    appeal = await make_appeal(panel.city)
    thief = await panel.browser(await make_staff(Role.EXECUTOR, "kryvbasvodokanal"))
    form = report_form(0, ("good.jpg", jpeg()), text="")
    await officer.post(f"/admin/appeals/{appeal.id}/report", form)
    photo = await Attachment.get()
    response = await thief.post(f"/admin/appeals/{appeal.id}/report", report_form(0, kept=str(photo.id)))
    assert response.status == 303
    assert (await Attachment.get()).appeal_id is None


async def test_photos_survive_a_lost_race(panel: Panel, officer: Browser) -> None:
    appeal = await make_appeal(panel.city)
    await officers.start(panel.city, appeal.id, await boss(), expected=0)
    response = await officer.post(f"/admin/appeals/{appeal.id}/report", report_form(0, ("a.jpg", jpeg())))
    html = await response.text()
    assert response.status == 409
    assert re.search(r'name="kept" value="\d+"', html)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data; boundary=x", b""),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("multipart/form-data", b"--x--"),
        ("application/x-www-form-urlencoded", b"text=\xff\xfe&expected=0"),
        ("application/x-www-form-urlencoded; charset=nonsense", b"text=x&expected=0"),
        ("text/plain", b"expected=0"),
    ],
)
async def test_a_broken_form_is_a_bad_request(panel: Panel, officer: Browser, kind: str, body: bytes) -> None:
    appeal = await make_appeal(panel.city)
    headers = {"Content-Type": kind}
    response = await officer.post(f"/admin/appeals/{appeal.id}/report", body, headers=headers)
    assert response.status == 400


async def test_words_of_any_kind_go_in_as_they_are(panel: Panel, operator: Browser) -> None:
    appeal = await make_appeal(panel.city)
    words = "<b>{{7*7}}</b> {0} %s \u202eзворот\u202c 'лапки' \\n"
    assert (await act(operator, appeal, "tell", text="\x00" + words)).status == 303
    event = await Event.get(appeal_id=appeal.id, verb=Verb.TELL)
    assert event.text == words
    assert "&lt;b&gt;{{7*7}}&lt;/b&gt; {0} %s" in await operator.text(f"/admin/appeals/{appeal.id}")


async def test_without_a_chat_the_resident_cant_be_asked(panel: Panel, operator: Browser) -> None:
    appeal = await make_appeal(panel.city)
    await Appeal.filter(id=appeal.id).update(account_id=None, resident_id=None)
    response = await act(operator, appeal, "ask", text="де?")
    html = await response.text()
    assert response.status == 422
    assert "чат не підключено" in html
    assert ">де?</textarea>" in html
