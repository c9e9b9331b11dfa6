"""The two phones in a real browser, with the echo bot behind them."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Locator, Page, expect

from bot.simulator import Simulator
from tests import browsing
from tests.simulator.echo import EchoBot

pytestmark = pytest.mark.browser


@pytest.fixture
async def page(sim: Simulator) -> AsyncIterator[Page]:
    """Fails the test when the page itself complains."""
    async with EchoBot(sim.base, sim.config), browsing.chromium() as browser:
        opened = await browser.new_page(viewport={"width": 1440, "height": 900}, locale="uk-UA")
        complaints = browsing.complaints(opened)
        await opened.goto(sim.base)
        yield opened
    assert complaints == []


def phone(page: Page, messenger: str) -> Locator:
    return page.locator(f"#phone-{messenger}")


async def start(page: Page, messenger: str) -> Locator:
    screen = phone(page, messenger)
    await screen.get_by_role("button", name="Почати", exact=True).click()
    await expect(screen.get_by_text("Вітаю")).to_be_visible()
    return screen


async def test_a_conversation_in_telegram(page: Page, sim: Simulator) -> None:
    screen = await start(page, "telegram")
    await screen.get_by_role("textbox").fill("прорвало <b>трубу</b>")
    await page.keyboard.press("Enter")
    await expect(screen.get_by_text("Ви написали: прорвало <b>трубу</b>")).to_be_visible()
    await expect(screen.get_by_label("бот отримав")).to_have_count(2)
    await screen.get_by_role("button", name="Надіслати", exact=True).first.click()
    await expect(screen.get_by_text("Ви натиснули: Надіслати")).to_be_visible()
    await expect(screen.get_by_text("Прийнято")).to_be_visible()

    await screen.get_by_text("прорвало <b>трубу</b>", exact=True).dblclick()
    await screen.get_by_role("textbox").fill("виправлено")
    await page.keyboard.press("Enter")
    await expect(screen.get_by_text("виправлено")).to_be_visible()
    await expect(screen.get_by_text("змінено")).to_be_visible()
    assert sim.telegram.resident("Оксана Бондар").messages[2].text == "виправлено"


async def test_photos(page: Page, sim: Simulator, jpeg: bytes) -> None:
    screen = await start(page, "telegram")
    await screen.get_by_role("button", name="Додати", exact=True).click()
    await screen.get_by_role("button", name="Яма на дорозі").click()
    await page.get_by_placeholder("Підпис до фото").fill("ось")
    await page.get_by_role("dialog").get_by_role("button", name="Надіслати").click()
    await expect(screen.get_by_text("1 фото")).to_be_visible()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    files = [{"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": jpeg} for n in range(2)]
    await screen.locator("input[type=file]").set_input_files(files)  # type: ignore[arg-type]
    await page.get_by_role("dialog").get_by_role("button", name="Надіслати").click()
    await expect(screen.get_by_text("3 фото")).to_be_visible()
    await screen.get_by_role("button", name="Збільшити фото").first.click()
    await expect(page.get_by_role("dialog").get_by_role("img")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert [bubble.photo is not None for bubble in sim.telegram.phones[0].messages].count(True) == 3
    mixed = [*files[:1], {"name": "Заява.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"}]
    await screen.locator("input[type=file]").set_input_files(mixed)  # type: ignore[arg-type]
    await page.get_by_role("dialog").get_by_role("button", name="Надіслати").click()
    await expect(screen.get_by_text("Заява.pdf")).to_be_visible()
    assert sim.telegram.phones[0].messages[-1].kind in {"document", "text"}


async def test_viber_keys_and_the_map(page: Page, sim: Simulator) -> None:
    screen = await start(page, "viber")
    await screen.get_by_role("button", name="Як це працює").click()
    await expect(screen.get_by_text("Ви написали: Як це працює")).to_be_visible()
    wide = await screen.get_by_role("button", name="Надіслати", exact=True).last.bounding_box()
    half = await screen.get_by_role("button", name="Скасувати").bounding_box()
    assert wide is not None
    assert half is not None
    assert wide["width"] > 1.9 * half["width"]
    await screen.get_by_role("button", name="Надіслати місце").click()
    await page.locator(".map .leaflet-marker-pane .pin").wait_for()
    await page.locator(".map").click(position={"x": 200, "y": 120})
    await page.get_by_role("button", name="Надіслати це місце").click()
    await expect(screen.get_by_text("Ви написали: location")).to_be_visible()
    place = next(bubble.place for bubble in sim.viber.phones[0].messages if bubble.place)
    assert place != sim.viber.home
    assert place[0] == pytest.approx(sim.viber.home[0], abs=0.5)


async def test_other_residents_blocking_and_starting_again(page: Page, sim: Simulator) -> None:
    screen = await start(page, "telegram")
    await screen.get_by_role("button", name="Іван").click()
    await expect(screen.get_by_role("button", name="Почати", exact=True)).to_be_visible()
    await sim.telegram.resident("Оксана Бондар").text("пише з коду")
    await expect(screen.locator(".unread")).to_have_text("1")
    await screen.get_by_role("button", name="Оксана").click()
    await expect(screen.get_by_text("Ви написали: пише з коду")).to_be_visible()
    await expect(screen.locator(".unread")).to_have_count(0)

    await screen.get_by_role("button", name="Ще", exact=True).click()
    await screen.get_by_role("menuitem", name="Заблокувати бота").click()
    await expect(screen.get_by_text("бота заблоковано")).to_be_visible()
    await screen.get_by_role("button", name="Ще", exact=True).click()
    await screen.get_by_role("menuitem", name="Почати чат знову").click()
    await expect(screen.get_by_text("/start")).to_have_count(1)
    await screen.get_by_role("button", name="Додати мешканця").click()
    await page.get_by_label("Ім'я").fill("Ганна Нова")
    await page.get_by_role("dialog").get_by_role("button", name="Додати").click()
    await expect(screen.get_by_role("button", name="Ганна")).to_have_attribute("aria-pressed", "true")


async def test_faults_and_languages(page: Page, sim: Simulator) -> None:
    await page.get_by_role("button", name="Негаразди").click()
    drawer = page.get_by_role("dialog")
    await drawer.get_by_role("button", name="Губить відповіді: 5 разів").first.click()
    await expect(drawer.get_by_text("лишилося: 5")).to_be_visible()
    assert sim.faults.telegram.describe()["lose_answers"]["times"] == 5
    await drawer.get_by_role("button", name="Усе полагодити").click()
    await expect(drawer.get_by_text("лишилося")).to_have_count(0)
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Switch to English").click()
    await expect(page.get_by_role("heading", name="Two phones")).to_be_visible()
    await expect(page.get_by_role("button", name="Start", exact=True)).to_have_count(2)
    await page.reload()
    await expect(page.get_by_role("heading", name="Two phones")).to_be_visible()


async def test_a_narrow_screen_shows_one_phone(page: Page) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})
    await expect(phone(page, "telegram")).to_be_visible()
    await expect(phone(page, "viber")).to_be_hidden()
    await page.get_by_role("tab", name="Viber").click()
    await expect(phone(page, "viber")).to_be_visible()
    await start(page, "viber")
    assert await page.evaluate("document.documentElement.scrollWidth") == 390


async def test_the_keyboard_is_enough(page: Page) -> None:
    screen = phone(page, "telegram")
    await screen.get_by_role("button", name="Почати", exact=True).focus()
    await page.keyboard.press("Enter")
    await expect(screen.get_by_text("Вітаю")).to_be_visible()
    await screen.get_by_role("button", name="Додати", exact=True).focus()
    await page.keyboard.press("Enter")
    await expect(screen.get_by_role("button", name="Прорив труби")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(screen.get_by_role("button", name="Додати", exact=True)).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.type("вода")
    await page.keyboard.press("Enter")
    await expect(screen.get_by_text("Ви написали: вода")).to_be_visible()
