"""What the page can do with a phone, by name, each from one JSON object."""

from collections.abc import Awaitable, Callable

from bot.simulator.bubbles import Bubble, JsonObject
from bot.simulator.phone import Phone

Action = Callable[[Phone, JsonObject], Awaitable[Bubble | None]]


async def start(phone: Phone, body: JsonObject) -> None:
    payload = body.get("payload")
    await phone.start(str(payload) if payload else None)


async def restart(phone: Phone, body: JsonObject) -> None:
    """An emptied screen and a start; the bot remembers what it remembers."""
    phone.log.clear()
    await start(phone, body)


async def text(phone: Phone, body: JsonObject) -> Bubble:
    words = str(body["text"])
    if not words.strip():
        raise ValueError("an empty message")
    return await phone.text(words)


async def location(phone: Phone, body: JsonObject) -> Bubble:
    return await phone.location(float(body["lat"]), float(body["lon"]))


async def contact(phone: Phone, _: JsonObject) -> Bubble:
    return await phone.contact()


async def sticker(phone: Phone, _: JsonObject) -> Bubble:
    return await phone.sticker()


async def voice(phone: Phone, _: JsonObject) -> Bubble:
    return await phone.voice()


async def video(phone: Phone, _: JsonObject) -> Bubble:
    return await phone.video()


async def document(phone: Phone, _: JsonObject) -> Bubble:
    return await phone.document(b"%PDF-1.4\n", "документ.pdf")


async def edit(phone: Phone, body: JsonObject) -> Bubble:
    return await phone.edit(int(body["id"]), str(body["text"]))


async def block(phone: Phone, _: JsonObject) -> None:
    await phone.block()


async def unblock(phone: Phone, _: JsonObject) -> None:
    await phone.unblock()


async def press(phone: Phone, body: JsonObject) -> Bubble | None:
    """A button by its place: on message `id`, or on the keyboard when there is no `id`."""
    bubble = phone.log.get(int(body["id"])) if body.get("id") else None
    rows = bubble.buttons if bubble else (phone.keyboard.rows if phone.keyboard else ())
    button = rows[int(body["row"])][int(body["column"])]
    place = (float(body["lat"]), float(body["lon"])) if "lat" in body else None
    return await phone.push(button, bubble, place)


ACTIONS: dict[str, Action] = {
    action.__name__: action
    for action in (
        start,
        restart,
        text,
        location,
        contact,
        sticker,
        voice,
        video,
        document,
        edit,
        block,
        unblock,
        press,
    )
}
