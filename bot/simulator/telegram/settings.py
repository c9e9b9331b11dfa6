"""Methods about the bot itself: who it is, how it gets its updates, its menu, and files."""

import re
from urllib.parse import urlsplit

from bot.simulator.bubbles import JsonObject
from bot.simulator.config import is_loopback
from bot.simulator.forms import Parameters
from bot.simulator.telegram.errors import bad_request, conflict
from bot.simulator.telegram.sim import TelegramSim
from bot.simulator.telegram.webhook import DEFAULT_CONNECTIONS, describe

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_LARGEST_BATCH = 100
_LONGEST_POLL = 50
_COMMAND = re.compile(r"/?[a-z0-9_]{1,32}")


async def get_me(sim: TelegramSim, _: Parameters) -> JsonObject:
    return sim.me | {
        "can_join_groups": False,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
    }


async def get_updates(sim: TelegramSim, p: Parameters) -> list[JsonObject]:
    if sim.webhook is not None:
        raise conflict(
            "can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first"
        )
    _allow(sim, p)
    limit = p.integer("limit", _LARGEST_BATCH)
    limit = limit if 0 < limit <= _LARGEST_BATCH else _LARGEST_BATCH
    seconds = min(max(p.integer("timeout"), 0), _LONGEST_POLL)
    return await sim.updates.take(p.integer("offset"), limit, seconds)


async def set_webhook(sim: TelegramSim, p: Parameters) -> bool:
    url = p.text("url")
    if not url:
        return await delete_webhook(sim, p)
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = p.text("secret_token")
    if secret and not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    _allow(sim, p)
    if p.flag("drop_pending_updates"):
        sim.updates.drop()
    connections = p.integer("max_connections", DEFAULT_CONNECTIONS)
    await sim.set_webhook(url, secret, min(max(connections, 1), 100))
    return True


async def delete_webhook(sim: TelegramSim, p: Parameters) -> bool:
    await sim.delete_webhook()
    if p.flag("drop_pending_updates"):
        sim.updates.drop()
    return True


async def get_webhook_info(sim: TelegramSim, _: Parameters) -> JsonObject:
    return describe(sim.webhook, len(sim.updates), sim.updates.allowed)


async def get_file(sim: TelegramSim, p: Parameters) -> JsonObject:
    return sim.files.get_file(p.text("file_id"))


async def set_my_commands(sim: TelegramSim, p: Parameters) -> bool:
    commands = p.json("commands")
    if not isinstance(commands, list):
        raise bad_request("can't parse commands: expected an Array")
    for command in commands:
        if not isinstance(command, dict) or not _COMMAND.fullmatch(str(command.get("command", ""))):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 0 < len(str(command.get("description", ""))) <= 256:  # noqa: PLR2004 - the Bot API's limit
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    sim.commands[_chat(sim, p), p.text("language_code")] = commands
    return True


async def get_my_commands(sim: TelegramSim, p: Parameters) -> list[JsonObject]:
    return sim.commands.get((_chat(sim, p), p.text("language_code")), [])


async def delete_my_commands(sim: TelegramSim, p: Parameters) -> bool:
    sim.commands.pop((_chat(sim, p), p.text("language_code")), None)
    return True


def _chat(sim: TelegramSim, p: Parameters) -> str:
    """Whose commands: of one chat, or everybody's. Of Telegram's scopes the bot needs no others."""
    scope = p.json("scope") or {"type": "default"}
    if not isinstance(scope, dict) or scope.get("type") not in {"default", "chat"}:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    return "" if scope["type"] == "default" else sim.reachable(str(scope.get("chat_id", ""))).address


async def set_my_description(sim: TelegramSim, p: Parameters) -> bool:
    return _describe_bot(sim, p, "description", 512)


async def set_my_short_description(sim: TelegramSim, p: Parameters) -> bool:
    return _describe_bot(sim, p, "short_description", 120)


async def set_my_name(sim: TelegramSim, p: Parameters) -> bool:
    return _describe_bot(sim, p, "name", 64)


async def set_chat_menu_button(sim: TelegramSim, p: Parameters) -> bool:
    button = p.json("menu_button")
    if button is not None and not isinstance(button, dict):
        raise bad_request("MenuButton must be an Object")
    sim.menu_button = button or {"type": "default"}
    return True


def _describe_bot(sim: TelegramSim, p: Parameters, field: str, longest: int) -> bool:
    value = p.text(field)
    if len(value) > longest:
        raise bad_request(f"{field} is too long")
    language = p.text("language_code")
    sim.profile[f"{field}:{language}" if language else field] = value
    return True


def _allow(sim: TelegramSim, p: Parameters) -> None:
    """An empty list brings the default back; leaving it out keeps what was set."""
    allowed = p.json("allowed_updates")
    if isinstance(allowed, list):
        sim.updates.allowed = frozenset(map(str, allowed))
