"""A headless Chromium for the tests that need one, and what its pages complain of."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Page, Request, Response, async_playwright

EXECUTABLE = "/usr/bin/chromium"  # Debian's: playwright's own download is not available everywhere
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
LEFT = "net::ERR_ABORTED"  # a page that was left while it still asked for something


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=EXECUTABLE, args=list(QUIET))
        yield browser
        await browser.close()


def complaints(page: Page) -> list[str]:
    """What goes wrong in the page's scripts and console from now on."""
    heard: list[str] = []
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("console", lambda line: heard.append(line.text) if line.type == "error" else None)
    return heard


def failures(page: Page) -> list[str]:
    """Requests that get no answer or a refusal from now on."""
    heard: list[str] = []

    def unanswered(request: Request) -> None:
        if request.failure != LEFT:
            heard.append(f"{request.method} {request.url}: {request.failure}")

    def answered(response: Response) -> None:
        if response.status >= 400:
            heard.append(f"{response.request.method} {response.url}: {response.status}")

    page.on("requestfailed", unanswered)
    page.on("response", answered)
    return heard
