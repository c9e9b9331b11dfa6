"""Structured logs, readable or JSON, with the id that follows an update through inbox, action and outbox.

Nothing personal and no token is ever logged: events carry ids and counts, not words. What libraries log
passes through the same scrubber, because some of them put URLs with tokens in their messages.
"""

import logging
import re
import secrets
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

import structlog

_TOKEN = re.compile(r"(?<!\d)\d{5,}:[A-Za-z0-9_-]{8,}|\b[0-9a-f]{16}-[0-9a-f]{16}-[0-9a-f]{16}\b")

get = structlog.stdlib.get_logger


def new_trace() -> str:
    return secrets.token_hex(6)


@contextmanager
def trace(identifier: str) -> Iterator[None]:
    """Every line logged and every message queued within carries `identifier`."""
    with structlog.contextvars.bound_contextvars(trace=identifier):
        yield


def current_trace() -> str:
    """The id bound by the innermost `trace`, or an empty string."""
    return str(structlog.contextvars.get_contextvars().get("trace", ""))


def scrub(text: str) -> str:
    """`text` without the platforms' tokens, for whoever shows it."""
    return _TOKEN.sub("[token]", text)


def _scrub(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = scrub(value)
    return event


def _without_content(record: logging.LogRecord) -> bool:
    """Keep what was broken in a request and leave out its bytes: cookies, one-time links, whatever else."""
    error = record.exc_info[1] if record.exc_info else None
    if error is not None and type(error).__module__ == "aiohttp.http_exceptions":
        record.msg, record.args = f"{record.getMessage()}: {type(error).__name__}", ()
        record.exc_info = record.exc_text = None
        record.levelno, record.levelname = logging.WARNING, "WARNING"
    return True


def configure(*, style: str, level: str) -> None:
    """Send everything, ours and the libraries', to standard error in one form."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.StackInfoRenderer(),
    ]
    if style == "json":
        last: list[Any] = [
            structlog.processors.format_exc_info,
            _scrub,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    else:
        last = [
            structlog.processors.format_exc_info,
            _scrub,
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    logging.getLogger("aiohttp.server").addFilter(_without_content)
    for noisy in ("aiohttp.access", "aiosqlite", "tortoise", "asyncio", "aiogram", "viber"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a sweep that is still running is no news
