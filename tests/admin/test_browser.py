"""What only a browser shows: keys, live parts, the map, and that nothing typed is lost."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Dialog, Page, Route, expect

from core import auth, clock
from core.actions import desk
from core.actions.actor import Actor
from core.actions.submit import Place
from core.models import Appeal, Attachment, Channel, Inbox, InboxState, Session
from core.workflow import Role, Status
from tests import browsing
from tests.admin.conftest import Panel, jpeg
from tests.builders import make_appeal, make_staff

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


@pytest.fixture
async def chromium() -> AsyncIterator[Any]:
    async with browsing.chromium() as browser:
        yield browser


@pytest.fixture
async def tab(panel: Panel, chromium: Any) -> AsyncIterator[Page]:
    """An operator's tab; what its console or the network complains of fails the test."""
    page = await open_tab(panel, chromium)
    wrong = browsing.complaints(page)
    yield page
    # The browser reports our own refusals, too, and htmx a request that a new page broke off.
    assert [line for line in wrong if not line.startswith(("Failed to load resource", "htmx:"))] == []


async def open_tab(panel: Panel, chromium: Any, staff: Any = None, **more: Any) -> Page:
    staff = staff or await make_staff(Role.OPERATOR)
    home = str(panel.server.make_url("/"))
    context = await chromium.new_context(
        base_url=home, viewport={"width": 1280, "height": 800}, locale="uk-UA", **more
    )
    token = await auth._open_session(staff, "", "", 12)
    await context.add_cookies([{"name": "zvernys", "value": token, "url": home}])
    page: Page = await context.new_page()
    return page


async def poll(page: Page) -> None:
    """As the page does every five seconds by itself; what came is in its place."""
    await page.evaluate(
        """() => new Promise((settled) => {
            const { body } = document;
            body.addEventListener("htmx:afterRequest", () => setTimeout(settled, 50), { once: true });
            body.dispatchEvent(new Event("panel:poll"));
        })"""
    )


async def test_the_queue_is_walked_by_keys_and_renews_itself_under_the_fingers(
    panel: Panel, tab: Page
) -> None:
    first, second = [await make_appeal(panel.city, category="roads.pothole") for _ in range(2)]
    await tab.goto("/admin/")
    await tab.keyboard.press("j")
    await tab.keyboard.press("j")
    await expect(tab.locator(f"#open-{first.id}")).to_be_focused()
    await tab.keyboard.press("k")
    await expect(tab.locator(f"#open-{second.id}")).to_be_focused()
    urgent = await make_appeal(panel.city)
    await poll(tab)
    await expect(tab.locator(f"#row-{urgent.id}")).to_be_visible()
    await expect(tab.locator(f"#open-{second.id}")).to_be_focused()
    async with tab.expect_navigation():  # with its scripts: before, keys do nothing
        await tab.keyboard.press("Enter")
    await expect(tab.locator("h1")).to_have_text(second.number)
    async with tab.expect_navigation():
        await tab.keyboard.press("g")
    await tab.keyboard.press("/")
    await expect(tab.locator("#q")).to_be_focused()
    await tab.keyboard.type(second.number)
    await expect(tab.locator("#queue tbody tr")).to_have_count(1)
    await expect(tab).to_have_url(f"/admin/?q={second.number}")
    await poll(tab)
    await expect(tab.locator("#q")).to_have_value(second.number)
    await tab.keyboard.press("Escape")
    await tab.keyboard.press("?")
    await expect(tab.locator("#help")).to_be_visible()


async def test_a_key_pressed_before_the_script_has_come_is_not_lost(panel: Panel, tab: Page) -> None:
    appeal, pressed = await make_appeal(panel.city), asyncio.Event()

    async def late(script: Route) -> None:
        await pressed.wait()
        await script.continue_()

    await tab.route("**/panel.js*", late)
    await tab.goto("/admin/", wait_until="commit")
    await expect(tab.locator(f"#open-{appeal.id}")).to_be_visible()
    await tab.keyboard.press("j")
    pressed.set()
    await expect(tab.locator(f"#open-{appeal.id}")).to_be_focused()


async def test_going_back_shows_the_queue_as_it_was_filtered(panel: Panel, tab: Page) -> None:
    await make_appeal(panel.city)
    pothole = await make_appeal(panel.city, category="roads.pothole")
    await tab.goto("/admin/")
    await tab.click(".more-filters summary")
    await tab.select_option("#f-category", "roads.pothole")
    await expect(tab.locator("#queue tbody tr")).to_have_count(1)
    await browsing.follow(tab, tab.locator(f"#open-{pothole.id}"))
    await expect(tab.locator("h1")).to_have_text(pothole.number)
    await tab.go_back()
    await expect(tab.locator("#queue tbody tr")).to_have_count(1)
    await expect(tab.locator("#f-category")).to_have_value("roads.pothole")


async def test_a_guess_is_accepted_by_one_click(panel: Panel, tab: Page) -> None:
    appeal = await make_appeal(panel.city, sure=False, guesses=(("roads.pothole", 0.4), ("water.leak", 0.3)))
    await tab.goto(f"/admin/appeals/{appeal.id}")
    await tab.click("button.guess >> nth=1")
    await expect(tab.locator(".state").first).to_have_text("призначено")
    assert (await Appeal.get(id=appeal.id)).executor_id == "kryvbasvodokanal"


async def test_the_same_is_merged_by_one_click_once_one_is_sure(panel: Panel, tab: Page) -> None:
    place = Place("біля школи", lat=47.9105, lon=33.3918)
    there = await make_appeal(panel.city, place=place)
    appeal = await make_appeal(panel.city, place=place)
    await tab.goto(f"/admin/appeals/{appeal.id}")
    likely = tab.locator(f"#alike-{there.id}")
    await expect(likely).to_contain_text(there.number)
    asked: list[str] = []

    async def answer(dialog: Dialog) -> None:
        asked.append(dialog.message)
        await (dialog.accept() if len(asked) > 1 else dialog.dismiss())

    tab.on("dialog", answer)
    for sure in (False, True):
        await likely.get_by_role("button").click()
        await expect(tab.locator(".case-title .state")).to_have_text("дублікат" if sure else "призначено")
        assert len(asked) == 1 + sure
    assert all(there.number in question for question in asked)
    await expect(tab.get_by_role("link", name=f"Об'єднано з № {there.number}")).to_be_visible()


async def test_an_appeal_is_reassigned_in_place(panel: Panel, tab: Page) -> None:
    appeal = await make_appeal(panel.city)
    await tab.goto(f"/admin/appeals/{appeal.id}")
    await tab.select_option("#do-reassign-executor", "teplotsentral")
    await tab.fill("#do-reassign-text", "не водогін, а теплотраса")
    await tab.click("#do-reassign form:last-of-type button")
    await expect(tab.locator(".past")).to_contain_text("не водогін, а теплотраса")
    await expect(tab.locator("#do-reassign-text")).to_have_value("")
    assert (await Appeal.get(id=appeal.id)).executor_id == "teplotsentral"


async def test_who_lost_the_race_keeps_the_words_and_repeats(panel: Panel, tab: Page) -> None:
    appeal = await make_appeal(panel.city)
    await tab.goto(f"/admin/appeals/{appeal.id}")
    await tab.click("#do-tell summary")
    await tab.fill("#do-tell-text", "бригада буде о 18:00")
    other = Actor.staff(await make_staff(Role.OPERATOR, name="Ганна Швець"))
    await desk.note(panel.city, appeal.id, other, expected=0, text="дзвонила майстру")
    await poll(tab)
    await expect(tab.locator(".meanwhile")).to_contain_text("Ганна Швець")
    await expect(tab.locator("#do-tell-text")).to_have_value("бригада буде о 18:00")
    await tab.click("#do-tell button[type=submit]")
    await expect(tab.locator(".conflict")).to_contain_text("дзвонила майстру")
    await expect(tab.locator("#do-tell-text")).to_have_value("бригада буде о 18:00")
    await tab.click("#do-tell button[type=submit]")
    await expect(tab.locator(".talk")).to_contain_text("бригада буде о 18:00")
    await expect(tab.locator(".conflict")).to_have_count(0)


async def test_the_map_is_drawn_and_survives_what_is_done(panel: Panel, tab: Page) -> None:
    place = Place(address="вул. Соборності, 12", lat=47.909, lon=33.392, district="metalurhiinyi")
    appeal = await make_appeal(panel.city, place=place)
    await tab.goto(f"/admin/appeals/{appeal.id}")
    await expect(tab.locator("#map .map-pin")).to_be_visible()
    await expect(tab.locator("#map path.district")).to_have_count(len(panel.city.districts))
    await tab.keyboard.press("n")
    await expect(tab.locator("#do-note-text")).to_be_focused()
    await tab.keyboard.type("нотатка")
    await tab.click("#do-note button")
    await expect(tab.locator(".past")).to_contain_text("нотатка")
    await expect(tab.locator("#map path.district")).to_have_count(len(panel.city.districts))


async def test_an_officer_reports_with_photos_that_open_large(panel: Panel, chromium: Any, tab: Page) -> None:
    appeal = await make_appeal(panel.city)
    staff = await make_staff(Role.EXECUTOR, "kryvbasvodokanal")
    phone = await open_tab(panel, chromium, staff, is_mobile=True, has_touch=True)
    await phone.set_viewport_size({"width": 390, "height": 844})
    await phone.goto(f"/admin/appeals/{appeal.id}")
    await phone.click("#do-start button")
    await expect(phone.locator(".state").first).to_have_text("у роботі")
    await phone.fill("#do-report-text", "замінено 4 м труби")
    photos: list[Any] = [
        {"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": jpeg(f"#{n}{n}5566")} for n in range(2)
    ]
    await phone.set_input_files("#do-report-photos", photos)
    await phone.click("#do-report button")
    await expect(phone.locator(".state").first).to_have_text("є звіт")
    assert await phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert await Attachment.filter(appeal_id=appeal.id).count() == 2
    await tab.goto(f"/admin/appeals/{appeal.id}")
    await tab.click(".round [data-photo] >> nth=0")
    await expect(tab.locator("#lightbox img")).to_be_visible()
    before = await tab.get_attribute("#lightbox img", "src")
    await tab.keyboard.press("ArrowRight")
    await expect(tab.locator("#lightbox img")).not_to_have_attribute("src", str(before))
    await tab.keyboard.press("Escape")
    await expect(tab.locator("#lightbox")).to_be_hidden()


async def test_what_is_unfolded_stays_so_while_the_list_renews_itself(panel: Panel, tab: Page) -> None:
    del panel
    update, now = Inbox(channel=Channel.VIBER, sender="", payload="{}", trace="a", attempts=5), clock.now()
    update.update_from_dict(
        {"external_id": "1", "state": InboxState.PARKED, "received_at": now, "due_at": now}
    )
    await update.save()
    await tab.goto("/admin/hand-over")
    await tab.click(".item summary")
    await expect(tab.locator(".payload")).to_be_visible()
    await poll(tab)
    await expect(tab.locator(".payload")).to_be_visible()
    await tab.click(".item form button")
    await expect(tab.locator(".item")).to_have_count(0)


async def test_an_ended_session_leaves_typed_words_on_the_page(panel: Panel, tab: Page) -> None:
    appeal = await make_appeal(panel.city)
    await tab.goto(f"/admin/appeals/{appeal.id}")
    await tab.fill("#do-reassign-text", "довге пояснення")
    await tab.select_option("#do-reassign-executor", "teplotsentral")
    await Session.all().delete()
    await tab.click("#do-reassign form:last-of-type button")
    await expect(tab.locator("#toasts")).to_contain_text("Сеанс завершено")
    await expect(tab.locator("#do-reassign-text")).to_have_value("довге пояснення")


async def test_everything_needed_works_with_scripts_off(panel: Panel, chromium: Any) -> None:
    await auth.create_staff("olena", "Олена", Role.OPERATOR, "correct horse battery")
    appeal = await make_appeal(panel.city, sure=False, guesses=(("water.leak", 0.5),))
    context = await chromium.new_context(
        base_url=str(panel.server.make_url("/")), java_script_enabled=False, locale="uk-UA"
    )
    page = await context.new_page()
    await page.goto("/")
    await page.fill("#login", "olena")
    await page.fill("#password", "correct horse battery")
    await page.click("button[type=submit]")
    await page.fill("#q", "трубу")
    await page.click("#filters button[type=submit]")
    await page.click(f"#open-{appeal.id}")
    await page.click("button.guess")
    await expect(page.locator(".state").first).to_have_text("призначено")
    await page.click("#do-reject summary")
    await page.fill("#do-reject-text", "  ")
    await page.click("#do-reject button[type=submit]")
    await expect(page.locator("#do-reject .invalid-feedback")).to_be_visible()
    await page.click("#do-resolve summary")
    await page.fill("#do-resolve-text", "полагоджено")
    await page.click("#do-resolve button[type=submit]")
    await expect(page.locator(".state").first).to_have_text("виконано")
    assert (await Appeal.get(id=appeal.id)).status is Status.RESOLVED
