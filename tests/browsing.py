"""A headless Chromium for the tests that need one, and what its pages complain of."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import (
    Browser,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Response,
    async_playwright,
    expect,
)

# Debian's, or what the machine has: playwright's own download is not available everywhere.
EXECUTABLE = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PATIENCE = 30_000  # milliseconds: a busy machine is slow, and only what fails waits so long
LEFT = "net::ERR_ABORTED"  # a page that was left while it still asked for something
_LEFT_BY_HTMX = ("htmx:sendAbort", "htmx:afterRequest")  # and what htmx says to that


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser; where the machine has none the test is skipped, but never in CI, which installs one."""
    if EXECUTABLE is None and not os.environ.get("CI"):
        pytest.skip("no chromium on this machine")
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=EXECUTABLE, args=list(QUIET))
        expect.set_options(timeout=PATIENCE)
        yield browser
        await browser.close()


async def follow(page: Page, link: Locator) -> None:
    """Click, and wait for the new page with all its scripts: before, keys and htmx do nothing there."""
    async with page.expect_navigation(timeout=PATIENCE):
        await link.click()


def complaints(page: Page) -> list[str]:
    """What goes wrong in the page's scripts and console from now on."""
    heard: list[str] = []
    page.on("pageerror", lambda error: heard.append(str(error)))

    def said(line: ConsoleMessage) -> None:
        if line.type == "error" and not line.text.startswith(_LEFT_BY_HTMX):
            heard.append(line.text)

    page.on("console", said)
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
