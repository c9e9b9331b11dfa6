"""The whole way of a complaint as people walk it: two phones, an operator and an officer, in Chromium."""

import pytest
from playwright.async_api import Browser, FilePayload, Locator, Page, expect

from core.models import Appeal, Channel, Survey
from core.workflow import Status
from tests import browsing
from tests.core.pictures import picture
from tests.flows.conftest import PASSWORD, Town

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]

SCREEN = {"width": 1440, "height": 900}


async def test_two_residents_an_operator_and_an_officer(town: Town) -> None:
    async with browsing.chromium() as browser:
        pages = [await _window(browser) for _ in range(3)]
        complaints = [(browsing.complaints(page), browsing.failures(page)) for page in pages]
        phones, operator, officer = pages

        await phones.goto(town.sim.base)
        telegram, viber = phones.locator("#phone-telegram"), phones.locator("#phone-viber")
        await operator.goto(town.base)
        await _sign_in(operator, "operator")
        await expect(operator.locator("#queue tbody tr")).to_have_count(0)

        await _report_with_photo(phones, telegram)
        await _report_with_place(phones, viber)
        rows = operator.locator("#queue tbody tr")
        await expect(rows).to_have_count(2)  # by itself: nobody reloads the page
        burst = await Appeal.get(channel=Channel.TELEGRAM)
        other = await Appeal.get(channel=Channel.VIBER)
        assert other.district_id is not None

        await _reassign(operator, burst)
        await expect(telegram.get_by_text("передано: Криворізька теплоцентраль")).to_be_visible()
        await officer.goto(f"{town.base}/admin/")
        await _sign_in(officer, "heat")
        await officer.goto(f"{town.base}/admin/")
        await expect(officer.locator("#queue tbody tr")).to_have_count(1)
        await _work(officer, burst)
        await expect(telegram.get_by_text("взяли в роботу")).to_be_visible()
        await _confirm(operator, burst)

        await _say_it_is_true(telegram)
        await operator.goto(f"{town.base}/admin/appeals/{burst.id}")
        await expect(operator.locator(".verdict")).to_contain_text("вирішено")
        await expect(_state(operator)).to_have_text("закрито")

        await _resolve_at_the_desk(operator, other, town.base)
        await _say_it_is_not(viber)
        await expect(operator.locator(".meanwhile")).to_contain_text("у дворі далі тече")
        await browsing.follow(operator, operator.get_by_role("link", name="Показати теперішній стан"))
        await expect(_state(operator)).to_have_text("повторне")
        await operator.goto(f"{town.base}/admin/?view=reopened")
        await expect(operator.locator(f"#row-{other.id}")).to_be_visible()

        await phones.wait_for_timeout(200)  # what was still under way may complain, too
        assert complaints == [([], [])] * len(pages)
    survey = await Survey.get(appeal_id=burst.id)
    assert (survey.solved, survey.stars) == (True, 5)
    assert (await Appeal.get(id=other.id)).status is Status.REOPENED


async def _window(browser: Browser) -> Page:
    """A page in a window of its own: one behind another is drawn once a second, and clicks wait for that."""
    context = await browser.new_context(viewport=SCREEN, locale="uk-UA", timezone_id="Europe/Kyiv")  # type: ignore[arg-type]
    context.set_default_timeout(browsing.PATIENCE)
    return await context.new_page()


async def _sign_in(page: Page, login: str) -> None:
    await page.get_by_label("Логін").fill(login)
    await page.get_by_label("Пароль").fill(PASSWORD)
    await browsing.follow(page, page.get_by_role("button", name="Увійти"))
    await expect(page.locator("#queue, #mine")).to_be_visible()


async def _write(screen: Locator, text: str) -> None:
    await screen.get_by_role("textbox").fill(text)
    await screen.get_by_role("textbox").press("Enter")


def _button(screen: Locator, name: str) -> Locator:
    """A button the bot gave, and not the sending arrow of the line one writes in."""
    return screen.locator(".inline-button, .key").get_by_text(name, exact=True).last


def _state(page: Page) -> Locator:
    return page.locator(".case-title .state")


async def _report_with_photo(phones: Page, telegram: Locator) -> None:
    await telegram.get_by_role("button", name="Почати", exact=True).click()
    await expect(telegram.get_by_text("напишіть, що сталося")).to_be_visible()
    await _write(telegram, "прорвало трубу на вул. Соборності 12")
    await expect(telegram.get_by_text("Ось як я зрозумів")).to_be_visible()
    await telegram.get_by_role("button", name="Додати", exact=True).click()
    await telegram.get_by_role("button", name="Прорив труби").click()
    await phones.get_by_role("dialog").get_by_role("button", name="Надіслати").click()
    await expect(telegram.get_by_text("1 фото")).to_be_visible()
    await _button(telegram, "Надіслати").click()
    await expect(telegram.get_by_text("у роботі")).to_be_visible()


async def _report_with_place(phones: Page, viber: Locator) -> None:
    await viber.get_by_role("button", name="Почати", exact=True).click()
    await expect(viber.get_by_text("напишіть, що сталося")).to_be_visible()
    await _write(viber, "прорвало трубу, заливає дорогу")
    await _button(viber, "📍 Надіслати місце").click()
    await phones.locator(".map .pin").scroll_into_view_if_needed()  # waits until it stands still
    pin = await phones.locator(".map .pin").bounding_box()
    assert pin is not None
    await phones.mouse.click(pin["x"] + pin["width"] / 2, pin["y"] + pin["height"] + 8)
    await phones.get_by_role("button", name="Надіслати це місце").click()
    await expect(viber.get_by_text("Ось як я зрозумів")).to_be_visible()
    await _button(viber, "Надіслати").click()
    await expect(viber.get_by_text("у роботі")).to_be_visible()


async def _reassign(operator: Page, appeal: Appeal) -> None:
    """From the queue, in place."""
    await browsing.follow(operator, operator.locator(f"#open-{appeal.id}"))
    await expect(operator.locator("h1")).to_have_text(appeal.number)
    await expect(operator.locator(".case-what .photos img")).to_be_visible()
    await operator.locator("#do-reassign-executor").select_option("teplotsentral")
    await operator.locator("#do-reassign-text").fill("не водогін, а теплотраса")
    await operator.get_by_role("button", name="Передати", exact=True).click()
    await expect(operator.locator(".past")).to_contain_text("не водогін, а теплотраса")


async def _work(officer: Page, appeal: Appeal) -> None:
    await browsing.follow(officer, officer.locator(f"#open-{appeal.id}"))
    await officer.locator("#do-start button").click()
    state = officer.locator(".officer-marks .state")
    await expect(state).to_have_text("у роботі")
    await officer.locator("#do-report-text").fill("Замінено 4 м труби, тепло подано")
    photo: FilePayload = {"name": "done.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    await officer.locator("#do-report-photos").set_input_files(photo)
    await officer.get_by_role("button", name="Надіслати звіт").click()
    await expect(state).to_have_text("є звіт")


async def _confirm(operator: Page, appeal: Appeal) -> None:
    """The open page tells of the report by itself; the answer proposed is the officer's."""
    await expect(operator.locator(".meanwhile")).to_contain_text("Замінено 4 м труби")
    await browsing.follow(operator, operator.get_by_role("link", name="Показати теперішній стан"))
    await expect(_state(operator)).to_have_text("є звіт")
    await expect(operator.locator("#do-resolve-text")).to_have_value("Замінено 4 м труби, тепло подано")
    await operator.locator("#do-resolve button").click()
    await expect(_state(operator)).to_have_text("виконано")
    assert appeal.number in await operator.title()


async def _say_it_is_true(telegram: Locator) -> None:
    told = telegram.locator(".from-bot").filter(has_text="справді вирішено")
    await expect(told).to_contain_text("Замінено 4 м труби")
    await expect(telegram.locator(".from-bot .photo img")).to_be_visible()
    await _button(telegram, "Так").click()
    await expect(telegram.get_by_text("Як оцінюєте")).to_be_visible()
    await _button(telegram, "5 ★").click()
    await expect(telegram.get_by_text("Записав: 5 ★")).to_be_visible()


async def _resolve_at_the_desk(operator: Page, appeal: Appeal, base: str) -> None:
    await operator.goto(f"{base}/admin/appeals/{appeal.id}")
    await expect(operator.locator("#map .map-pin")).to_be_visible()
    await operator.locator("#do-resolve summary").click()
    await operator.locator("#do-resolve-text").fill("Воду перекрито, трубу замінено")
    await operator.locator("#do-resolve button").click()
    await expect(_state(operator)).to_have_text("виконано")


async def _say_it_is_not(viber: Locator) -> None:
    await expect(viber.get_by_text("справді вирішено")).to_be_visible()
    await _button(viber, "Ні").click()
    await expect(viber.get_by_text("Що не так")).to_be_visible()
    await _write(viber, "у дворі далі тече")
    await expect(viber.get_by_text("повертаю заявку")).to_be_visible()
