"""Methods by which the bot writes: checked, put on the phone, answered with the message."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from yarl import URL

from bot.simulator.bubbles import Bubble, JsonObject, Place, Span
from bot.simulator.config import is_loopback
from bot.simulator.forms import Parameters, Upload
from bot.simulator.pictures import measure
from bot.simulator.telegram.entities import Formatted, parse
from bot.simulator.telegram.errors import bad_request
from bot.simulator.telegram.markup import Markup, read_markup
from bot.simulator.telegram.phone import TelegramPhone
from bot.simulator.telegram.sim import TelegramSim

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
_LARGEST_ALBUM = 10
_ADDRESS = ("http://", "https://")


async def send_message(sim: TelegramSim, p: Parameters) -> JsonObject:
    phone = sim.reachable(p.text("chat_id"))
    text, spans = read_text(p)
    markup = read_markup(p.json("reply_markup"))
    content: JsonObject = {"text": text}
    if spans:
        content["entities"] = entities_json(spans)
    return _put(sim, phone, "sendMessage", p, content, Seen("text", text, spans, markup))


async def send_photo(sim: TelegramSim, p: Parameters) -> JsonObject:
    phone = sim.reachable(p.text("chat_id"))
    text, spans = read_caption(p.values, p.json("caption_entities"))
    markup = read_markup(p.json("reply_markup"))
    data = await _picture(sim, p.text("photo"), p.files, "photo")
    return _put(
        sim,
        phone,
        "sendPhoto",
        p,
        _photo_content(sim, data, text, spans),
        Seen("photo", text, spans, markup, data),
    )


async def send_media_group(sim: TelegramSim, p: Parameters) -> list[JsonObject]:
    phone = sim.reachable(p.text("chat_id"))
    media = p.json("media")
    if not isinstance(media, list) or not media:
        raise bad_request("there are no messages to send")
    if len(media) > _LARGEST_ALBUM:
        raise bad_request("too many messages to send as an album")
    ready = []
    for item in media:
        if not isinstance(item, dict) or item.get("type") != "photo":
            raise bad_request("can't parse InputMedia: media type is invalid")
        text, spans = read_caption(item, item.get("caption_entities"))
        data = await _picture(sim, str(item.get("media", "")), p.files, "")
        ready.append((data, text, spans))
    group = sim.next_query_id()
    sent = []
    for data, text, spans in ready:
        content = _photo_content(sim, data, text, spans) | {"media_group_id": group}
        seen = Seen("photo", text, spans, Markup(), data, group)
        sent.append(_put(sim, phone, "sendMediaGroup", p, content, seen))
    return sent


async def send_location(sim: TelegramSim, p: Parameters) -> JsonObject:
    phone = sim.reachable(p.text("chat_id"))
    try:
        place = float(p.text("latitude")), float(p.text("longitude"))
    except ValueError:
        raise bad_request("bad location") from None
    markup = read_markup(p.json("reply_markup"))
    content = {"location": {"latitude": place[0], "longitude": place[1]}}
    return _put(sim, phone, "sendLocation", p, content, Seen("location", "", (), markup, place=place))


async def send_chat_action(sim: TelegramSim, p: Parameters) -> bool:
    phone = sim.reachable(p.text("chat_id"))
    sim.note(phone, "typing", lambda: {"action": p.text("action", "typing")})
    return True


@dataclass(frozen=True, slots=True)
class Seen:
    """How a message will look on the phone."""

    kind: str
    text: str
    spans: tuple[Span, ...]
    markup: Markup
    photo: bytes | None = None
    group: str | None = None
    place: Place | None = None


def read_text(p: Parameters) -> Formatted:
    raw = p.text("text")
    text, spans = parse(raw, p.text("parse_mode"), p.json("entities"))
    if not text:
        raise bad_request("message text is empty")
    if len(text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    return text, spans


def read_caption(values: Mapping[str, Any], entities: object) -> Formatted:
    text, spans = parse(str(values.get("caption") or ""), str(values.get("parse_mode") or ""), entities)
    if len(text) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    return text, spans


def entities_json(spans: tuple[Span, ...]) -> list[JsonObject]:
    return [
        {"type": span.kind, "offset": span.offset, "length": span.length}
        | ({"url": span.url} if span.url else {})
        for span in spans
    ]


def _put(
    sim: TelegramSim, phone: TelegramPhone, method: str, p: Parameters, content: JsonObject, seen: Seen
) -> JsonObject:
    reply_to = _replied_to(phone, p)
    now = sim.now()
    message_id = sim.next_message_id()
    message: JsonObject = {
        "message_id": message_id,
        "from": sim.me,
        "chat": phone.chat,
        "date": int(now),
        **content,
    }
    if reply_to is not None:
        replied = dict(sim.messages[reply_to])
        replied.pop("reply_to_message", None)
        message["reply_to_message"] = replied
    if seen.markup.inline:
        message["reply_markup"] = seen.markup.inline
    sim.messages[message_id] = message
    if seen.markup.keyboard or seen.markup.removed:
        phone.log.keyboard = seen.markup.keyboard
    bubble = Bubble(
        message_id,
        "bot",
        seen.text,
        now,
        kind=seen.kind,
        photo=seen.photo,
        spans=seen.spans,
        buttons=seen.markup.buttons,
        keyboard=seen.markup.keyboard,
        keyboard_removed=seen.markup.removed,
        place=seen.place,
        group=seen.group,
        reply_to=reply_to,
        status="delivered",
    )
    phone.log.add(bubble)
    sim.record(method, phone, bubble, dict(p.values))
    return message


def _replied_to(phone: TelegramPhone, p: Parameters) -> int | None:
    given = p.json("reply_parameters") or {}
    message_id = given.get("message_id") or p.integer("reply_to_message_id")
    if not message_id:
        return None
    if phone.log.get(int(message_id)) is None:
        if given.get("allow_sending_without_reply") or p.flag("allow_sending_without_reply"):
            return None
        raise bad_request("message to be replied not found")
    return int(message_id)


def _photo_content(sim: TelegramSim, data: bytes, text: str, spans: tuple[Span, ...]) -> JsonObject:
    content: JsonObject = {"photo": sim.files.photo(data)}
    if text:
        content["caption"] = text
    if spans:
        content["caption_entities"] = entities_json(spans)
    return content


async def _picture(sim: TelegramSim, value: str, files: Mapping[str, Upload], field: str) -> bytes:
    upload = files.get(value.removeprefix("attach://") if value.startswith("attach://") else field)
    if upload is not None:
        data = upload.data
    elif value.startswith(_ADDRESS):
        data = await _fetch(sim, value)
    elif value:
        return sim.files.find(value).data
    else:
        raise bad_request("there is no photo in the request")
    if measure(data) is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    return data


async def _fetch(sim: TelegramSim, url: str) -> bytes:
    if sim.session is None or not (url.startswith("https://") or is_loopback(URL(url).host or "")):
        raise bad_request("wrong file identifier/HTTP URL specified")
    try:
        async with sim.session.get(url, raise_for_status=True) as answer:
            return await answer.read()
    except (aiohttp.ClientError, TimeoutError):
        raise bad_request("failed to get HTTP URL content") from None
