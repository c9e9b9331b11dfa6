"""Telegram updates of a busy day, in rounds: everybody does one thing, then the next."""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Update = dict[str, Any]
ACTS = 7  # what each resident does, one after another
AT = 1_770_000_000
COMPLAINTS = (
    "прорвало трубу на Соборності {house}, вода тече по дорозі",
    "нема води на проспекті Металургів {house} з самого ранку",
    "яма на дорозі, вул. Вадима Гурова {house}",
    "не вивозять сміття, Святогеоргіївська {house}, смердить на весь двір",
    "не горять ліхтарі біля будинку Героїв АТО {house}",
    "забилась каналізація у дворі, Костенка {house}",
)
CAPTIONS = (
    "звалище, приберіть будь ласка",
    "впало дерево на дорогу",
    "люк без кришки",
    "розбита лавка у дворі",
)


@dataclass(frozen=True, slots=True)
class Sender:
    number: int

    @property
    def chat(self) -> int:
        return 5_000_000_000 + self.number

    @property
    def person(self) -> dict[str, Any]:
        return {
            "id": self.chat,
            "is_bot": False,
            "first_name": f"Мешканець {self.number}",
            "language_code": "uk",
        }


class Day:
    """`tokens` says which draft a chat has open, once it has one: what its buttons carry."""

    def __init__(self, first: int = 700_000_000) -> None:
        self._numbers = itertools.count(first)
        self._messages = itertools.count(1)

    def round(self, position: int, senders: list[Sender], tokens: Mapping[int, str]) -> list[Update]:
        acts: tuple[Callable[[Sender], Update], ...] = (
            lambda sender: self.text(sender, "/start"),
            lambda sender: self.text(sender, self._complaint(sender, position)),
            lambda sender: self.press(sender, f"send:{tokens.get(sender.chat, '')}"),
            lambda sender: self.text(sender, "мої заявки"),
            lambda sender: self.photo(sender, CAPTIONS[(sender.number + position) % len(CAPTIONS)]),
            self.location,
            lambda sender: self.press(sender, f"send:{tokens.get(sender.chat, '')}"),
        )
        return [acts[position](sender) for sender in senders]

    def text(self, sender: Sender, text: str) -> Update:
        return self._message(sender, {"text": text})

    def photo(self, sender: Sender, caption: str) -> Update:
        sizes = [
            {
                "file_id": f"AgACAgIAAxkBAA{next(self._messages)}",
                "file_unique_id": f"AQAD{width}",
                "width": width,
                "height": width * 3 // 4,
                "file_size": width * 90,
            }
            for width in (90, 320, 800, 1280)
        ]
        return self._message(sender, {"photo": sizes, "caption": caption})

    def location(self, sender: Sender) -> Update:
        place = {"latitude": 47.9 + sender.number % 50 / 5000, "longitude": 33.39 + sender.number % 40 / 5000}
        return self._message(sender, {"location": place})

    def press(self, sender: Sender, data: str) -> Update:
        message = self._content(sender, {"text": "Ось як я зрозумів"})
        query = {
            "id": str(next(self._numbers)),
            "from": sender.person,
            "message": message,
            "chat_instance": "1",
            "data": data,
        }
        return {"update_id": next(self._numbers), "callback_query": query}

    def _complaint(self, sender: Sender, position: int) -> str:
        return COMPLAINTS[(sender.number + position) % len(COMPLAINTS)].format(house=sender.number % 90 + 1)

    def _message(self, sender: Sender, content: dict[str, Any]) -> Update:
        return {"update_id": next(self._numbers), "message": self._content(sender, content)}

    def _content(self, sender: Sender, content: dict[str, Any]) -> dict[str, Any]:
        return {
            "message_id": next(self._messages),
            "from": sender.person,
            "chat": {"id": sender.chat, "type": "private", "first_name": f"Мешканець {sender.number}"},
            "date": AT,
            **content,
        }
