"""A notice as a chat will show it, for the panel to show before it is sent."""

from typing import Any

from bot import notices
from bot.render import render_reply
from bot.text import LETTER, shorten
from core.city import City
from core.models import Channel
from core.preview import Preview, Show


def show(city: City) -> Show:
    """By the same way on which letters go out: see render.py."""

    def shown(channel: Channel, kind: str, facts: dict[str, Any], language: str) -> Preview:
        rendered = render_reply(notices.compose(kind, facts), language, city)
        return Preview(
            text=shorten(rendered.text, LETTER.get(channel, max(LETTER.values()))),
            buttons=tuple(tuple(button.label for button in row) for row in rendered.buttons),
            photos=len(rendered.photos),
        )

    return shown
