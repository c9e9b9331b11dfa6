"""A resident's Telegram."""

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.simulator.bubbles import Bubble, Button, JsonObject, Place
from bot.simulator.chatlog import ChatLog
from bot.simulator.phone import Phone, Resident
from bot.simulator.sounds import silence

if TYPE_CHECKING:
    from bot.simulator.telegram.sim import TelegramSim

_KEYS = {"text", "location", "contact"}  # of a reply keyboard: a one-time one goes away with the press


class TelegramPhone(Phone):
    def __init__(self, sim: "TelegramSim", resident: Resident, log: ChatLog, chat_id: int) -> None:
        super().__init__(resident, log, sim.home)
        self.chat_id = chat_id
        self.started = False
        self._sim = sim
        first, _, last = resident.name.partition(" ")
        person: JsonObject = {"id": chat_id, "first_name": first}
        if last:
            person["last_name"] = last
        self.chat: JsonObject = {**person, "type": "private"}
        self.user: JsonObject = {**person, "is_bot": False, "language_code": resident.language}

    @property
    def address(self) -> str:
        return str(self.chat_id)

    async def start(self, payload: str | None = None) -> None:
        await self.text("/start" if payload is None else f"/start {payload}")

    async def text(self, text: str, *, reply_to: int | None = None) -> Bubble:
        content: JsonObject = {"text": text}
        if reply_to is not None:
            content["reply_to_message"] = self._sim.messages[reply_to]
        if text.startswith("/"):
            length = len(text.split(maxsplit=1)[0])
            content["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        return await self._say("text", content, text=text)

    async def photo(self, *images: bytes, caption: str | None = None) -> Bubble:
        group = self._sim.next_query_id() if len(images) > 1 else None
        bubbles = []
        for number, image in enumerate(images):
            content: JsonObject = {"photo": self._sim.files.photo(image)}
            words = caption if caption and number == 0 else ""
            if words:
                content["caption"] = words
            if group:
                content["media_group_id"] = group
            bubbles.append(await self._say("photo", content, text=words, photo=image, group=group))
        return bubbles[0]

    async def location(self, lat: float, lon: float) -> Bubble:
        content = {"location": {"latitude": lat, "longitude": lon}}
        return await self._say("location", content, place=(lat, lon))

    async def venue(self, lat: float, lon: float, title: str, address: str) -> Bubble:
        place = {"latitude": lat, "longitude": lon}
        venue = {"location": place, "title": title, "address": address}
        return await self._say(
            "venue", {"venue": venue, "location": place}, text=f"{title}\n{address}", place=(lat, lon)
        )

    async def live_location(self, lat: float, lon: float, *, period: int = 900) -> Bubble:
        content = {"location": _live(lat, lon, period)}
        return await self._say("live_location", content, place=(lat, lon))

    async def move(self, message_id: int, lat: float, lon: float) -> None:
        message = self._own(message_id)
        message["location"] = _live(lat, lon, message["location"]["live_period"])
        message["edit_date"] = int(self._sim.now())
        bubble = self.log.get(message_id)
        if bubble is not None:
            self.log.change(replace(bubble, place=(lat, lon)))
        self._sim.tell(self, "edited_message", dict(message))

    async def contact(self, phone: str | None = None, *, own: bool = True) -> Bubble:
        number = phone or self.resident.phone
        contact = {"phone_number": number, "first_name": self.chat["first_name"]}
        if own:
            contact["user_id"] = self.chat_id
        return await self._say("contact", {"contact": contact}, text=f"{self.name}, {number}")

    async def sticker(self) -> Bubble:
        stored = self._sim.files.store(b"RIFF\0\0\0\0WEBPVP8 ", "stickers", ".webp", "image/webp")
        sticker = stored.describe() | {
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
            "emoji": "👍",
            "set_name": "Simulated",
        }
        return await self._say("sticker", {"sticker": sticker}, text="👍")

    async def voice(self, data: bytes = silence()) -> Bubble:
        stored = self._sim.files.store(data, "voice", ".oga", "audio/ogg")
        voice = stored.describe() | {"duration": 3, "mime_type": stored.mime}
        return await self._say("voice", {"voice": voice})

    async def video(
        self,
        data: bytes = b"\0\0\0\x18ftypmp42" + bytes(4000),
        *,
        caption: str | None = None,
        size: int | None = None,
    ) -> Bubble:
        """`size` claims a size, to try the download limit without the bytes."""
        stored = self._sim.files.store(data, "videos", ".mp4", "video/mp4", size=size)
        video = stored.describe() | {"duration": 4, "width": 640, "height": 360, "mime_type": stored.mime}
        content: JsonObject = {"video": video}
        if caption:
            content["caption"] = caption
        return await self._say("video", content, text=caption or "")

    async def document(
        self,
        data: bytes,
        name: str = "document.pdf",
        mime: str = "application/pdf",
        *,
        caption: str | None = None,
    ) -> Bubble:
        extension = f".{name.rpartition('.')[2]}" if "." in name else ""
        stored = self._sim.files.store(data, "documents", extension, mime)
        document = stored.describe() | {"file_name": name, "mime_type": mime}
        content: JsonObject = {"document": document}
        if caption:
            content["caption"] = caption
        return await self._say("document", content, text=caption or "", file_name=name)

    async def edit(self, message_id: int, text: str) -> Bubble:
        message = self._own(message_id)
        message["caption" if "text" not in message else "text"] = text
        message["edit_date"] = int(self._sim.now())
        bubble = self.rewrite_own(message_id, text)
        self._sim.tell(self, "edited_message", dict(message))
        return bubble

    async def raw(self, update: JsonObject) -> None:
        self.started = True
        self._sim.tell_raw(self, update)

    async def block(self) -> None:
        if not self.blocked:
            self.blocked = True
            self._membership("member", "kicked")

    async def unblock(self) -> None:
        if self.blocked:
            self.blocked = False
            self._membership("kicked", "member")

    async def push(self, button: Button, bubble: Bubble | None, place: Place | None) -> Bubble | None:
        self.log.read_up()
        if button.kind in _KEYS and self.log.keyboard and self.log.keyboard.one_time:
            self.log.keyboard = None
        if button.kind == "callback" and bubble is not None:
            await self._press(button, bubble)
        elif button.kind == "url" and button.url:
            self.opened.append(button.url)
        elif button.kind == "location":
            return await self.location(*(place or self.home))
        elif button.kind == "contact":
            return await self.contact()
        elif button.kind == "text":
            return await self.text(button.label)
        return None

    async def _press(self, button: Button, bubble: Bubble) -> None:
        await self.unblock()
        query_id = self._sim.next_query_id()
        self._sim.remember_query(query_id, self)
        query = {
            "id": query_id,
            "from": self.user,
            "message": self._pressed_message(bubble.id),
            "chat_instance": str(-self.chat_id * 31),
            "data": button.data,
        }
        self._sim.tell(self, "callback_query", query)

    def _pressed_message(self, message_id: int) -> JsonObject:
        """A deleted message is told of as inaccessible: its date is 0."""
        message = self._sim.messages.get(message_id)
        return dict(message or {"chat": self.chat, "message_id": message_id, "date": 0})

    async def _say(
        self,
        kind: str,
        content: JsonObject,
        *,
        text: str = "",
        photo: bytes | None = None,
        place: Place | None = None,
        group: str | None = None,
        file_name: str = "",
    ) -> Bubble:
        await self.unblock()
        self.started = True
        now = self._sim.now()
        message_id = self._sim.next_message_id()
        message = {
            "message_id": message_id,
            "from": self.user,
            "chat": self.chat,
            "date": int(now),
            **content,
        }
        self._sim.messages[message_id] = message
        bubble = self.add_own(
            Bubble(
                message_id,
                "resident",
                text,
                now,
                kind=kind,
                photo=photo,
                place=place,
                group=group,
                file_name=file_name,
            )
        )
        self._sim.tell(self, "message", dict(message), message_id)
        return bubble

    def _own(self, message_id: int) -> JsonObject:
        message = self._sim.messages.get(message_id)
        if message is None or message["from"]["id"] != self.chat_id:
            raise LookupError(f"{self.name} wrote no message {message_id}")
        return message

    def _membership(self, before: str, after: str) -> None:
        change = {
            "chat": self.chat,
            "from": self.user,
            "date": int(self._sim.now()),
            "old_chat_member": _member(self._sim.me, before),
            "new_chat_member": _member(self._sim.me, after),
        }
        self._sim.tell(self, "my_chat_member", change)


def _member(user: JsonObject, status: str) -> JsonObject:
    return {"user": user, "status": status} | ({"until_date": 0} if status == "kicked" else {})


def _live(lat: float, lon: float, period: int) -> JsonObject:
    return {"latitude": lat, "longitude": lon, "live_period": period, "horizontal_accuracy": 15.0}
