"""What goes to Telegram: rendered messages as Bot API calls; files, long polling, set-up."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import EditMessageText, GetUpdates, Response, SendMessage
from aiogram.types import (
    BotCommand,
    BotCommandScopeChat,
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    KeyboardButton,
    LinkPreviewOptions,
    MenuButtonCommands,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from bot.photos import Photos
from bot.render import Rendered, render
from bot.telegram.typing import Typing
from bot.text import LETTER, shorten
from core import log, work_chats
from core.city import City
from core.config import Telegram as TelegramSettings
from core.courier import Refused, TryAgain
from core.i18n import LANGUAGES, t
from core.models import Channel
from core.outbox import Letter

ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member"]
Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove
TEXT = LETTER[Channel.TELEGRAM]
CAPTION = 1024
LONG_POLL = 25  # seconds
COMMANDS = ("start", "my", "help", "data", "link", "forget")
WORK_COMMANDS = ("work", *COMMANDS)  # in the chats of colleagues
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)  # nobody else fetches what a link of ours opens
_log = log.get(__name__)
_NOT_MODIFIED = "message is not modified"
_NOBODY = ("chat not found", "user is deactivated", "bot can't initiate conversation", "PEER_ID_INVALID")


class SendText(SendMessage):
    """sendMessage whose answer is read for its id alone: aiogram takes long to build a Message."""

    __returning__ = dict[str, Any]


class EditText(EditMessageText):
    """editMessageText whose answer nobody reads."""

    __returning__ = dict[str, Any] | bool


class GetRawUpdates(GetUpdates):
    """getUpdates without parsing: one update that aiogram can't read must not hold up all the others."""

    __returning__ = list[dict[str, Any]]


# aiogram asks pydantic for these with each answer; pydantic makes a class anew when nobody kept the last.
_ANSWERS: Final = (Response[dict[str, Any]], Response[dict[str, Any] | bool], Response[bool])


class Telegram:
    """The channel: sends letters, fetches files, receives by long polling or sets the webhook up."""

    channel: Final = Channel.TELEGRAM
    free_session: Final = None

    def __init__(self, settings: TelegramSettings, city: City, photos: Photos) -> None:
        self._settings = settings
        self._city = city
        self._photos = photos
        session = AiohttpSession(api=TelegramAPIServer.from_base(settings.api_base))
        self.bot = Bot(settings.token.get_secret_value(), session=session)
        self.typing = Typing(self.bot)

    async def set_up(self, webhook_url: str) -> None:
        """Tell the platform how we receive, and the menu with its commands. Nothing pending is dropped."""
        with _as_try_again():
            await self._set_up(webhook_url)

    async def _set_up(self, webhook_url: str) -> None:
        if self._settings.mode == "webhook":
            await self.bot.set_webhook(
                webhook_url,
                secret_token=self._settings.webhook_secret.get_secret_value(),
                allowed_updates=ALLOWED,
                drop_pending_updates=False,
            )
        else:
            await self.bot.delete_webhook(drop_pending_updates=False)
        for language in LANGUAGES:
            await self.bot.set_my_commands(_worded(COMMANDS, language), language_code=_code(language))
        await self.bot.set_chat_menu_button(menu_button=MenuButtonCommands())

    async def username(self) -> str:
        with _as_try_again():
            return (await self.bot.me()).username or ""

    async def updates(self, offset: int | None) -> list[dict[str, Any]]:
        """One long poll; updates below `offset` are forgotten by the platform."""
        ask: Any = GetRawUpdates(offset=offset, timeout=LONG_POLL, allowed_updates=ALLOWED)
        with _as_try_again():
            found: list[dict[str, Any]] = await self.bot(ask, request_timeout=LONG_POLL + 10)
        return found

    async def send(self, letter: Letter) -> str:
        """Send, or edit the earlier version of the same message; the message's id."""
        if letter.kind == work_chats.COMMANDS:
            return await self._list_commands(letter)
        rendered = render(letter, self._city)
        try:
            if rendered.callback:
                with suppress(TelegramBadRequest):  # too old: the press is answered by the message itself
                    await self.bot.answer_callback_query(rendered.callback)
            return await self._send(letter, rendered)
        except TelegramRetryAfter as error:
            raise TryAgain(error.message, after=error.retry_after, everyone=True) from error
        except TelegramForbiddenError as error:
            raise Refused(error.message, unreachable=True) from error
        except TelegramBadRequest as error:
            raise Refused(error.message, unreachable=any(why in error.message for why in _NOBODY)) from error
        except TelegramEntityTooLarge as error:
            raise Refused(error.message) from error
        except (
            TelegramUnauthorizedError,
            TelegramNotFound,
        ) as error:  # our token is wrong: nobody's letter is
            raise TryAgain(error.message, after=60.0, everyone=True) from error
        except (TelegramServerError, ClientDecodeError) as error:
            raise TryAgain(f"{type(error).__name__}", everyone=True) from error
        except TelegramNetworkError as error:
            raise TryAgain(type(error).__name__, everyone=True, ambiguous=True) from error

    async def _list_commands(self, letter: Letter) -> str:
        """Those of that chat alone. A convenience: what fails is not tried again and holds nothing up."""
        scope = BotCommandScopeChat(chat_id=letter.to)
        try:
            for language in LANGUAGES:
                if letter.body["work"]:
                    commands = _worded(WORK_COMMANDS, language)
                    await self.bot.set_my_commands(commands, scope=scope, language_code=_code(language))
                else:
                    await self.bot.delete_my_commands(scope=scope, language_code=_code(language))
        except (AiogramError, OSError, TimeoutError) as error:
            _log.warning("commands.failed", outbox=letter.id, error=type(error).__name__)
        return ""

    async def _send(self, letter: Letter, rendered: Rendered) -> str:
        text = shorten(rendered.text, TEXT)
        aside = rendered.photos or rendered.point  # what no message can be edited into
        editable = letter.replaces and not rendered.ask_location and not aside
        if letter.replaces and editable and await self._edited(letter, text, rendered):
            return letter.replaces
        markup = self._markup(letter.language, rendered)
        if rendered.point:
            await self.bot.send_location(letter.to, *rendered.point)
        if not rendered.photos:
            return await self._say(letter.to, text, markup)
        photos = [
            BufferedInputFile(content, f"{index}.jpg")
            for index, content in enumerate(await self._photos.contents(rendered.photos))
        ]
        if len(photos) == 1 and len(text) <= CAPTION:
            sent = await self.bot.send_photo(letter.to, photos[0], caption=text, reply_markup=markup)
            return str(sent.message_id)
        if len(photos) == 1:
            await self.bot.send_photo(letter.to, photos[0])
        elif photos:
            await self.bot.send_media_group(letter.to, [InputMediaPhoto(media=photo) for photo in photos])
        return await self._say(letter.to, text, markup)

    async def _say(self, to: str, text: str, markup: Markup) -> str:
        send: Any = SendText(chat_id=to, text=text, reply_markup=markup, link_preview_options=_NO_PREVIEW)
        return str((await self.bot(send))["message_id"])

    async def _edited(self, letter: Letter, text: str, rendered: Rendered) -> bool:
        try:
            await self.bot(
                EditText(
                    text=text,
                    chat_id=letter.to,
                    message_id=int(letter.replaces or 0),
                    reply_markup=self._inline(rendered),
                )
            )
        except TelegramBadRequest as error:
            return _NOT_MODIFIED in error.message
        return True

    def _markup(self, language: str, rendered: Rendered) -> Markup:
        """Only a reply keyboard can ask for a place; its other buttons come back as their words.

        It stays when the place is typed instead, so a message without buttons takes it away, and one whose
        buttons are only the menu: Telegram has its own beside the field.
        """
        if not rendered.ask_location:
            inline = None if rendered.menu else self._inline(rendered)
            return inline or ReplyKeyboardRemove(remove_keyboard=True)
        place = KeyboardButton(text=t("button.send_place", language), request_location=True)
        others = [[KeyboardButton(text=button.label) for button in row] for row in rendered.buttons]
        return ReplyKeyboardMarkup(keyboard=[[place], *others], resize_keyboard=True, one_time_keyboard=True)

    @staticmethod
    def _inline(rendered: Rendered) -> InlineKeyboardMarkup | None:
        rows = [
            [InlineKeyboardButton(text=button.label, callback_data=button.data) for button in row]
            for row in rendered.buttons
        ]
        return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None

    async def fetch(self, source: str) -> AsyncIterator[bytes]:
        """The file, in chunks. Refused where it is gone; TryAgain where the platform can't say now."""
        try:
            file = await self.bot.get_file(source)
            url = self.bot.session.api.file_url(self.bot.token, file.file_path or "")
            async for chunk in self.bot.session.stream_content(url, timeout=60):
                yield chunk
        except (TelegramBadRequest, TelegramNotFound) as error:
            raise Refused(error.message) from error
        except (AiogramError, OSError, TimeoutError) as error:
            raise TryAgain(type(error).__name__) from error

    async def close(self) -> None:
        await self.typing.close()
        await self.bot.session.close()


def _worded(names: tuple[str, ...], language: str) -> list[BotCommand]:
    return [BotCommand(command=name, description=t(f"command.{name}", language)) for name in names]


def _code(language: str) -> str | None:
    """Ukrainian is for whoever speaks no language of ours, too."""
    return None if language == "uk" else language


@contextmanager
def _as_try_again() -> Iterator[None]:
    """Whatever fails outside a letter is asked again later; only its kind is told: it may hold a token."""
    try:
        yield
    except (AiogramError, OSError, TimeoutError) as error:
        raise TryAgain(type(error).__name__) from error
