"""What the platforms call: verify the sender, store the body, and only then say 200.

A failure to store is a 5xx, so that the platform tries again: never a false "accepted".
"""

import hmac

from aiohttp import web
from tortoise.exceptions import BaseORMException

from bot import telegram, viber
from core import db, inbox, log
from core.config import Settings
from core.inbox import Received

TELEGRAM_PATH = "/webhooks/telegram"
VIBER_PATH = "/webhooks/viber"
LARGEST = 1_000_000  # bytes; updates carry no files
_log = log.get(__name__)


class Webhooks:
    """The two handlers. A channel that does not receive this way has no secret, and takes from nobody."""

    def __init__(
        self,
        settings: Settings,
        telegram_channel: "telegram.Telegram | None",
        viber_channel: "viber.Viber | None",
    ) -> None:
        by_webhook = settings.telegram.enabled and settings.telegram.mode == "webhook"
        self._telegram_secret = settings.telegram.webhook_secret.get_secret_value() if by_webhook else ""
        self._viber_token = settings.viber.token.get_secret_value() if settings.viber.enabled else ""
        self._telegram = telegram_channel
        self._viber = viber_channel

    async def telegram(self, request: web.Request) -> web.Response:
        given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        if not self._telegram_secret or not _same(given, self._telegram_secret):
            return web.Response(status=401)
        update = telegram.received_body(await _body(request))
        await _store(update)
        if self._telegram is not None:
            self._telegram.typing.show([update])
        return web.Response()

    async def viber(self, request: web.Request) -> web.Response:
        body = await _body(request)
        signature = request.headers.get("X-Viber-Content-Signature", "")
        if not self._viber_token or not viber.signed(body, signature, self._viber_token):
            return web.Response(status=403)
        await _store(viber.received_body(body))
        welcome = self._viber.welcome(body) if self._viber else None
        return web.json_response(welcome) if welcome else web.Response()


def _same(given: str, secret: str) -> bool:
    """In constant time; as bytes, since a header that is not ASCII must be refused, not raise."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), secret.encode())


async def _body(request: web.Request) -> bytes:
    body = bytearray()
    async for chunk in request.content.iter_chunked(65536):
        body += chunk
        if len(body) > LARGEST:
            raise web.HTTPRequestEntityTooLarge(max_size=LARGEST, actual_size=len(body))
    return bytes(body)


async def _store(update: Received) -> None:
    try:
        await inbox.receive([update])
    except (BaseORMException, *db.OUTAGES) as error:
        _log.error("webhook.not_stored", channel=update.channel, error=type(error).__name__)
        raise web.HTTPServiceUnavailable(headers={"Retry-After": "5"}) from error
