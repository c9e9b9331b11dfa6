"""The residents the page offers from the start."""

from bot.simulator.phone import Messenger

_TELEGRAM = (
    ("Оксана Бондар", "uk"),
    ("Іван Ткаченко", "uk"),
    ("Alex Morgan", "en"),
    ("Сергей Мороз", "ru"),
)
_VIBER = (
    ("Марія Коваль", "uk"),
    ("Петро Лисенко", "uk"),
    ("Emma Clark", "en"),
    ("Людмила Орлова", "ru"),
)


def assemble(telegram: Messenger, viber: Messenger) -> None:
    for messenger, people in ((telegram, _TELEGRAM), (viber, _VIBER)):
        for name, language in people:
            messenger.resident(name, language=language)
