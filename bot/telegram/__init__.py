"""Telegram, by aiogram's types and client; nothing outside this package imports aiogram's."""

from bot.telegram.channel import COMMANDS, WORK_COMMANDS, Telegram
from bot.telegram.updates import parse, received, received_body

__all__ = ["COMMANDS", "WORK_COMMANDS", "Telegram", "parse", "received", "received_body"]
