"""A resident's Viber."""

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from bot.simulator.bubbles import Bubble, Button, JsonObject, Place
from bot.simulator.chatlog import ChatLog
from bot.simulator.phone import Phone, Resident
from bot.simulator.sounds import silence

if TYPE_CHECKING:
    from bot.simulator.viber.sim import ViberSim

_API_VERSION = 10


class ViberPhone(Phone):
    """`auto_read=False` leaves messages unseen until `read()`."""

    def __init__(self, sim: "ViberSim", resident: Resident, log: ChatLog, user_id: str) -> None:
        super().__init__(resident, log, sim.home)
        self.user_id = user_id
        self.subscribed = False
        self.auto_read = True
        self.tracking_data = ""
        self.unread: list[int] = []
        self.session_until = 0.0
        self.unanswered: list[float] = []
        self._sim = sim
        self.profile: JsonObject = {
            "id": user_id,
            "name": resident.name,
            "avatar": f"https://media-direct.cdn.viber.com/download_photo?dlid={quote(user_id, safe='')}",
            "language": resident.language,
            "country": "UA",
            "api_version": _API_VERSION,
        }

    @property
    def address(self) -> str:
        return self.user_id

    async def start(self, payload: str | None = None) -> None:
        self.log.read_up()
        self._sim.open_conversation(self, payload)

    async def text(self, text: str, *, reply_to: int | None = None) -> Bubble:  # noqa: ARG002
        return await self._say("text", {"text": text, "type": "text"}, text=text)

    async def photo(self, *images: bytes, caption: str | None = None) -> Bubble:
        bubbles = []
        for number, image in enumerate(images):
            url = self._sim.media.store(image, "image.jpg", "image/jpeg")
            words = caption if caption and number == 0 else ""
            content = {
                "type": "picture",
                "media": url,
                "thumbnail": url,
                "file_name": "image.jpg",
                "size": len(image),
            }
            if words:
                content["text"] = words
            bubbles.append(await self._say("photo", content, text=words, photo=image))
        return bubbles[0]

    async def location(self, lat: float, lon: float) -> Bubble:
        content = {"type": "location", "location": {"lat": lat, "lon": lon}}
        return await self._say("location", content, place=(lat, lon))

    async def venue(self, lat: float, lon: float, title: str, address: str) -> Bubble:
        place = {"lat": lat, "lon": lon, "address": ", ".join(filter(None, (title, address)))}
        return await self._say(
            "venue", {"type": "location", "location": place}, text=f"{title}\n{address}", place=(lat, lon)
        )

    async def live_location(self, lat: float, lon: float, *, period: int = 900) -> Bubble:  # noqa: ARG002
        """Viber has none: the place is sent once."""
        return await self.location(lat, lon)

    async def move(self, message_id: int, lat: float, lon: float) -> None:
        """Nothing reaches the bot."""

    async def contact(self, phone: str | None = None, *, own: bool = True) -> Bubble:
        number = (phone or self.resident.phone).lstrip("+")
        name = self.name if own else "Сусід"
        content = {"type": "contact", "contact": {"name": name, "phone_number": number}}
        return await self._say("contact", content, text=f"{name}, {number}")

    async def sticker(self) -> Bubble:
        media = self._sim.media.store(b"\x89PNG\r\n", "40126.png", "image/png")
        content = {"type": "sticker", "media": media, "sticker_id": 40126}
        return await self._say("sticker", content, text="👍")

    async def voice(self, data: bytes = silence()) -> Bubble:
        return await self._file("voice", "audio", data, "voice.ogg", "audio/ogg")

    async def video(
        self, data: bytes = b"\0\0\0\x18ftypmp42" + bytes(4000), *, caption: str | None = None
    ) -> Bubble:
        return await self._file("video", "video", data, "video.mp4", "video/mp4", caption or "")

    async def document(
        self,
        data: bytes,
        name: str = "document.pdf",
        mime: str = "application/pdf",
        *,
        caption: str | None = None,  # noqa: ARG002 - as the platform, which has no place for it
    ) -> Bubble:
        return await self._file("document", "file", data, name, mime)

    async def edit(self, message_id: int, text: str) -> Bubble:
        """Seen on the phone only: Viber tells bots nothing of edits."""
        return self.rewrite_own(message_id, text)

    async def raw(self, update: JsonObject) -> None:
        self.subscribed = self.subscribed or update.get("event", "message") == "message"
        self._sim.tell(self, str(update.get("event", "message")), update)

    async def block(self) -> None:
        if not self.blocked:
            self.blocked = True
            self.subscribed = False
            self._sim.tell(self, "unsubscribed", {"user_id": self.user_id})

    async def unblock(self) -> None:
        if self.blocked:
            self.blocked = False
            self.subscribed = True
            self._sim.tell(self, "subscribed", {"user": self.profile})

    async def read(self) -> None:
        """See everything that has come."""
        unread, self.unread = self.unread, []
        for token in unread:
            self._sim.receipt(self, "seen", token)

    async def fail(self, message_id: int, desc: str | None = None) -> None:
        """The client could not show this message of the bot."""
        self._sim.receipt(self, "failed", message_id, desc)

    async def push(self, button: Button, bubble: Bubble | None, place: Place | None) -> Bubble | None:  # noqa: ARG002
        self.log.read_up()
        if button.kind == "location":
            return await self.location(*(place or self.home))
        if button.kind == "contact":
            return await self.contact()
        if button.kind == "none":
            return None
        if button.url:
            self.opened.append(button.url)
        content = {"text": button.data, "type": "text"}
        return await self._say("text", content, text=button.data, silent=button.silent)

    async def _file(self, kind: str, type_: str, data: bytes, name: str, mime: str, text: str = "") -> Bubble:
        url = self._sim.media.store(data, quote(name), mime)
        content: JsonObject = {"type": type_, "media": url, "file_name": name, "size": len(data)}
        if type_ in {"video", "audio"}:
            content["duration"] = 3
        if text:
            content["text"] = text
        return await self._say(kind, content, text=text, file_name=name)

    async def _say(
        self,
        kind: str,
        content: JsonObject,
        *,
        text: str = "",
        photo: bytes | None = None,
        place: Place | None = None,
        file_name: str = "",
        silent: bool = False,
    ) -> Bubble:
        """A silent press is not shown in the chat. Any message subscribes, without an event of its own."""
        self.blocked = False
        self.subscribed = True
        bubble = Bubble(
            self._sim.next_token(),
            "resident",
            text,
            self._sim.now(),
            kind=kind,
            photo=photo,
            place=place,
            file_name=file_name,
        )
        if silent:
            bubble = replace(bubble, status="delivered")
        else:
            self.add_own(bubble)
        if self.tracking_data:
            content = content | {"tracking_data": self.tracking_data}
        self._sim.hear(self, bubble.id, {"sender": self.profile, "message": content, "silent": silent})
        return bubble
