"""What goes to Viber: rendered messages as REST calls; pictures, set-up, the welcome.

viberbot's message classes and constants are used; its `Api` is not, because it blocks the event loop, has no
time-out and prints the token on errors.
"""

import json
from collections.abc import AsyncIterator
from typing import Any, Final

import aiohttp
from viberbot.api.consts import BOT_API_ENDPOINT, VIBER_BOT_USER_AGENT
from viberbot.api.event_type import EventType
from viberbot.api.messages import LocationMessage, PictureMessage, TextMessage
from viberbot.api.messages.data_types.location import Location

from bot.photos import Photos
from bot.render import Rendered, RenderedButton, render, render_reply
from bot.text import LETTER, shorten
from bot.viber.updates import EVENTS, PRESS, person_of
from core.city import City
from core.config import Viber as ViberSettings
from core.courier import Refused, TryAgain
from core.holding import SESSION
from core.i18n import LANGUAGES, t
from core.models import Channel
from core.outbox import Letter

TEXT = LETTER[Channel.VIBER]
MIN_API = 3  # from which on location-picker buttons work
DOWNLOAD = aiohttp.ClientTimeout(total=60, connect=5)  # seconds; a video takes longer than an answer
COLUMNS = 6
LABEL = 60  # characters that a button of full width shows
# https://developers.viber.com/docs/api/rest-bot-api/#error-codes
OK, BAD_TOKEN, NOT_REGISTERED, NOT_SUBSCRIBED, BLOCKED, NOT_PUBLIC, TOO_MANY = 0, 2, 5, 6, 7, 8, 12
BILLING = (23, 24)


class Viber:
    """The channel: sends letters, fetches pictures, sets the webhook up."""

    channel: Final = Channel.VIBER
    free_session: Final = SESSION

    def __init__(self, settings: ViberSettings, city: City, photos: Photos) -> None:
        self._settings = settings
        self._city = city
        self._photos = photos
        self._token = settings.token.get_secret_value()
        self._http: aiohttp.ClientSession | None = None

    @property
    def http(self) -> aiohttp.ClientSession:
        if self._http is None:
            self._http = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=12, connect=5),
                headers={"User-Agent": VIBER_BOT_USER_AGENT},
                json_serialize=lambda value: json.dumps(value, ensure_ascii=False),
            )
        return self._http

    async def set_up(self, webhook_url: str) -> None:
        """Register the webhook; the platform calls it before it answers, so it must already be served."""
        await self._post(BOT_API_ENDPOINT.SET_WEBHOOK, {"url": webhook_url, "event_types": EVENTS})

    def welcome(self, body: bytes) -> dict[str, Any] | None:
        """The answer to a conversation just opened: the one message that may be sent before theirs."""
        try:
            raw = json.loads(body)
        except (ValueError, RecursionError):
            return None
        if (
            not isinstance(raw, dict)
            or raw.get("event") != EventType.CONVERSATION_STARTED
            or raw.get("subscribed")
        ):
            return None
        from bot.conversation.buttons import greeting  # noqa: PLC0415 - one message of the dialogue, not more

        spoken = str(person_of(raw).get("language") or "")[:2]
        language = spoken if spoken in LANGUAGES else "uk"
        rendered = render_reply(greeting(), language, self._city)
        return self._message(rendered, language) | {"sender": self._sender()}

    async def send(self, letter: Letter) -> str:
        """Send; the message token. Viber can't edit, so a newer version is a new message."""
        rendered = render(letter, self._city)
        for photo, thumbnail in await self._photos.urls(rendered.photos):
            picture = PictureMessage(text="", media=photo, thumbnail=thumbnail)
            await self._deliver(letter, picture.to_dict())
        if rendered.point:
            place = LocationMessage(location=Location(*rendered.point))
            await self._deliver(letter, place.to_dict())
        return await self._deliver(letter, self._message(rendered, letter.language))

    async def _deliver(self, letter: Letter, message: dict[str, Any]) -> str:
        """With our own id, which comes back with what the resident says next: that was what they had read."""
        ours = {"receiver": letter.to, "sender": self._sender(), "tracking_data": str(letter.id)}
        answer = await self._post(BOT_API_ENDPOINT.SEND_MESSAGE, message | ours)
        return str(answer.get("message_token", ""))

    def _message(self, rendered: Rendered, language: str) -> dict[str, Any]:
        keyboard = _keyboard(rendered, language)
        message = TextMessage(
            text=shorten(rendered.text, TEXT),
            keyboard=keyboard,
            min_api_version=MIN_API if keyboard else None,
        )
        found: dict[str, Any] = message.to_dict()
        return found

    def _sender(self) -> dict[str, str]:
        sender = {"name": self._settings.name}
        if self._settings.avatar:
            sender["avatar"] = self._settings.avatar
        return sender

    async def _post(self, endpoint: str, payload: dict[str, Any]) -> dict[str, Any]:
        try:
            async with self.http.post(
                f"{self._settings.api_base}/{endpoint}",
                json=payload,
                headers={"X-Viber-Auth-Token": self._token},
            ) as response:
                if response.status >= 400:  # noqa: PLR2004 - HTTP's own line
                    raise TryAgain(f"HTTP {response.status}", everyone=True)
                answer = await response.json(content_type=None)
        except aiohttp.ClientConnectorError as error:
            raise TryAgain(type(error).__name__, everyone=True) from error
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise TryAgain(type(error).__name__, everyone=True, ambiguous=True) from error
        if not isinstance(answer, dict):
            raise TryAgain("an answer that is no object", everyone=True)
        _check(answer.get("status"), str(answer.get("status_message", "")))
        return answer

    async def fetch(self, source: str) -> AsyncIterator[bytes]:
        """The file, in chunks. Its address expires within the hour."""
        try:
            async with self.http.get(source, timeout=DOWNLOAD) as response:
                if response.status in {400, 403, 404, 410}:
                    raise Refused(f"HTTP {response.status}")
                if response.status >= 400:  # noqa: PLR2004 - HTTP's own line
                    raise TryAgain(f"HTTP {response.status}")
                async for chunk in response.content.iter_chunked(65536):
                    yield chunk
        except (aiohttp.ClientError, TimeoutError) as error:
            raise TryAgain(type(error).__name__) from error

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()


def _check(status: object, message: str) -> None:
    """Turn Viber's status codes into what the courier must do."""
    if status == OK:
        return
    if status in {NOT_REGISTERED, NOT_SUBSCRIBED}:
        raise Refused(message, unreachable=True)
    if status == TOO_MANY:
        raise TryAgain(message)
    if status in {BAD_TOKEN, BLOCKED, NOT_PUBLIC, *BILLING}:  # ours to mend; nobody's letter is lost by it
        raise TryAgain(f"status {status}: {message}", after=60.0, everyone=True)
    raise Refused(f"status {status}: {message}")


def _keyboard(rendered: Rendered, language: str) -> dict[str, Any] | None:
    """Rows of the message's buttons; typing stays possible, since a keyboard hides nothing on a desktop."""
    buttons: list[dict[str, Any]] = []
    if rendered.ask_location:
        buttons.append(
            {
                "Columns": COLUMNS,
                "Rows": 1,
                "ActionType": "location-picker",
                "ActionBody": PRESS + "place",
                "Text": t("button.send_place", language),
            }
        )
    for row in rendered.buttons:
        buttons += [_button(button, COLUMNS // len(row)) for button in row]
    if not buttons:
        return None
    return {"Type": "keyboard", "DefaultHeight": False, "InputFieldState": "regular", "Buttons": buttons}


def _button(button: RenderedButton, columns: int) -> dict[str, Any]:
    return {
        "Columns": columns,
        "Rows": 1,
        "ActionType": "reply",
        "ActionBody": PRESS + button.data,
        "Text": shorten(button.label, LABEL),
        "TextSize": "regular",
        "Silent": True,
    }
