"""What is logged says what happened, with the id that follows an update, and nothing secret."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from contextlib import redirect_stderr

import pytest
import structlog
from aiohttp import web

from core import log

TELEGRAM = "123456789:AAF-abcdefghijklmnopqrstuvwxyz012345"
VIBER = "4453b6ac12345678-e02c5f1217480594-daec9cbb5448c51f"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What a log writes that `configured` has sent here; the configuration of the tests is put back."""
    before, handlers, level = (
        structlog.get_config(),
        logging.getLogger().handlers[:],
        logging.getLogger().level,
    )
    yield io.StringIO()
    structlog.configure(**before)
    logging.getLogger().handlers, logging.getLogger().level = handlers, level


def configured(written: io.StringIO, style: str, level: str) -> None:
    with redirect_stderr(written):
        log.configure(style=style, level=level)


@pytest.mark.parametrize("style", ["json", "readable"])
def test_tokens_are_never_written(written: io.StringIO, style: str) -> None:
    configured(written, style, "debug")
    ours, theirs = log.get("ours"), logging.getLogger("theirs")
    ours.info("sent", url=f"https://api.telegram.org/file/bot{TELEGRAM}/photos/1.jpg")
    ours.warning("refused", why=f"token {VIBER} is wrong")
    theirs.error("POST https://api.telegram.org/bot%s/sendMessage", TELEGRAM)
    ours.error("broken", exc_info=ValueError(f"no route to {TELEGRAM}"))
    assert written.getvalue().count("[token]") >= 4
    assert TELEGRAM not in written.getvalue()
    assert VIBER not in written.getvalue()


def test_each_line_is_json_with_the_trace(written: io.StringIO) -> None:
    configured(written, "json", "info")
    with log.trace("abc123"):
        log.get("ours").info("inbox.answered", inbox=5)
        assert log.current_trace() == "abc123"
    log.get("ours").debug("too quiet")
    (line,) = written.getvalue().splitlines()
    said = json.loads(line)
    assert (said["event"], said["trace"], said["inbox"], said["level"]) == (
        "inbox.answered",
        "abc123",
        5,
        "info",
    )
    assert log.current_trace() == ""


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        (f"bot{TELEGRAM}/x", "bot[token]/x"),
        (VIBER, "[token]"),
        ("at 12:30:45", "at 12:30:45"),
        ("appeal 26-001234", "appeal 26-001234"),
    ],
)
def test_scrub(text: str, scrubbed: str) -> None:
    assert log.scrub(text) == scrubbed


def test_traces_differ() -> None:
    assert len({log.new_trace() for _ in range(100)}) == 100


BROKEN = {
    "a line that is too long": b"GET /admin/reset/s3cr3t" + b"x" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "a header that is too long": b"GET / HTTP/1.1\r\nHost: x\r\nCookie: s3cr3t" + b"x" * 9000 + b"\r\n\r\n",
    "a path that is none": b"GET /s3cr3t\x01 HTTP/1.1\r\nHost: x\r\n\r\n",
}


@pytest.mark.parametrize("raw", BROKEN.values(), ids=BROKEN)
async def test_the_bytes_of_a_broken_request_are_not_written(written: io.StringIO, raw: bytes) -> None:
    configured(written, "readable", "info")
    runner = web.AppRunner(web.Application(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    reader, writer = await asyncio.open_connection("127.0.0.1", runner.addresses[0][1])
    writer.write(raw)
    assert b"400 Bad Request" in await reader.readline()
    writer.close()
    await runner.cleanup()
    assert "Error handling request from 127.0.0.1: " in written.getvalue(), "that it came is known"
    assert "s3cr3t" not in written.getvalue()
