"""Methods by which the bot changes or removes what it wrote, and answers presses."""

from dataclasses import replace

from bot.simulator.bubbles import Bubble, JsonObject
from bot.simulator.forms import Parameters
from bot.simulator.telegram.errors import ApiError, bad_request
from bot.simulator.telegram.markup import read_markup
from bot.simulator.telegram.phone import TelegramPhone
from bot.simulator.telegram.sending import entities_json, read_caption, read_text
from bot.simulator.telegram.sim import Answer, TelegramSim

_LONGEST_ANSWER = 200
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


async def edit_message_text(sim: TelegramSim, p: Parameters) -> JsonObject:
    phone, bubble, message = _editable(sim, p)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    text, spans = read_text(p)
    edited = {key: value for key, value in message.items() if key not in {"entities", "reply_markup"}}
    edited["text"] = text
    if spans:
        edited["entities"] = entities_json(spans)
    return _finish(sim, phone, p, edited, replace(bubble, text=text, spans=spans))


async def edit_message_caption(sim: TelegramSim, p: Parameters) -> JsonObject:
    phone, bubble, message = _editable(sim, p)
    if "photo" not in message:
        raise bad_request("there is no caption in the message to edit")
    text, spans = read_caption(p.values, p.json("caption_entities"))
    dropped = {"caption", "caption_entities", "reply_markup"}
    edited = {key: value for key, value in message.items() if key not in dropped}
    if text:
        edited["caption"] = text
    if spans:
        edited["caption_entities"] = entities_json(spans)
    return _finish(sim, phone, p, edited, replace(bubble, text=text, spans=spans))


async def edit_message_reply_markup(sim: TelegramSim, p: Parameters) -> JsonObject:
    phone, bubble, message = _editable(sim, p)
    edited = {key: value for key, value in message.items() if key != "reply_markup"}
    return _finish(sim, phone, p, edited, bubble)


async def delete_message(sim: TelegramSim, p: Parameters) -> bool:
    phone = sim.reachable(p.text("chat_id"))
    bubble = phone.log.get(p.integer("message_id"))
    if bubble is None or bubble.deleted:
        raise bad_request("message to delete not found")
    phone.log.change(replace(bubble, deleted=True, buttons=()))
    sim.messages.pop(bubble.id, None)
    return True


async def answer_callback_query(sim: TelegramSim, p: Parameters) -> bool:
    text = p.text("text")
    if len(text) > _LONGEST_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    phone = sim.take_query(p.text("callback_query_id"))
    if phone is None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    alert = p.flag("show_alert")
    sim.answers.append(Answer(phone.key, text, alert))
    sim.note(phone, "answer", lambda: {"text": text, "alert": alert})
    return True


def _editable(sim: TelegramSim, p: Parameters) -> tuple[TelegramPhone, Bubble, JsonObject]:
    phone = sim.reachable(p.text("chat_id"))
    bubble = phone.log.get(p.integer("message_id"))
    if bubble is None or bubble.deleted:
        raise _missing()
    if bubble.side != "bot":
        raise bad_request("message can't be edited")
    return phone, bubble, sim.messages[bubble.id]


def _finish(
    sim: TelegramSim, phone: TelegramPhone, p: Parameters, edited: JsonObject, bubble: Bubble
) -> JsonObject:
    """An edit without a markup takes the buttons away; one that changes nothing is refused."""
    markup = read_markup(p.json("reply_markup"))
    if markup.inline:
        edited["reply_markup"] = markup.inline
    before = sim.messages[bubble.id]
    edited.pop("edit_date", None)
    if edited == {key: value for key, value in before.items() if key != "edit_date"}:
        raise bad_request(_NOT_MODIFIED)
    edited["edit_date"] = int(sim.now())
    sim.messages[bubble.id] = edited
    phone.log.change(replace(bubble, buttons=markup.buttons, edited=bubble.edited + 1), news=True)
    return edited


def _missing() -> ApiError:
    return bad_request("message to edit not found")
