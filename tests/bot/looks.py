"""How a message looks, whatever it says: it fits both platforms, in both languages."""

from bot.messages import Reply
from bot.render import WIDTH, render_reply
from core.city import City
from core.i18n import LANGUAGES

TEXT, LABEL, DATA = 4096, 60, 64  # characters, characters, bytes


def check_look(reply: Reply, city: City) -> None:
    for language in LANGUAGES:
        rendered = render_reply(reply, language, city)
        assert 0 < len(rendered.text.strip()) <= TEXT
        for row in rendered.buttons:
            assert all(0 < len(button.label.strip()) <= LABEL for button in row)
            assert len(row) == 1 or all(len(button.label) <= WIDTH // len(row) for button in row)
            assert all(0 < len(button.data.encode()) <= DATA for button in row)
