"""Viber, by viberbot's messages and parsing; nothing outside this package imports viberbot."""

from bot.viber.channel import Viber
from bot.viber.updates import PRESS, SERIES, parse, received_body, signed

__all__ = ["PRESS", "SERIES", "Viber", "parse", "received_body", "signed"]
