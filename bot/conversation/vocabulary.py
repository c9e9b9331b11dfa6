"""Words that are taken as a press of a button, so that nobody needs one: Ukrainian, Russian, English."""

import re
from enum import StrEnum

from bot.text import clean


class Word(StrEnum):
    YES = "yes"
    NO = "no"
    CANCEL = "cancel"
    BACK = "back"
    MINE = "mine"
    HELP = "help"
    ENGLISH = "english"
    UKRAINIAN = "ukrainian"
    GREETING = "greeting"
    THANKS = "thanks"
    NEW = "new"
    JOIN = "join"
    APART = "apart"


_WORDS: dict[Word, str] = {
    Word.YES: (
        "так|да|ага|угу|yes|ok|ок|окей|добре|правильно|вірно|надіслати|відправити|отправить|відправляй|send"
    ),
    Word.NO: "ні|нет|нє|no|неправильно",
    Word.CANCEL: "скасувати|скасуй|отмена|відміна|відмінити|cancel|/cancel|не треба|не надо",
    Word.BACK: "назад|back",
    Word.MINE: "мої заявки|мої звернення|мої скарги|мои заявки|мои обращения|my appeals|my requests|/my",
    Word.HELP: "допомога|помощь|help|/help|як це працює|меню|menu|/menu",
    Word.ENGLISH: "english|англійською|/en",
    Word.UKRAINIAN: "українська|українською|ukrainian|/uk",
    Word.GREETING: (
        "привіт|вітаю|добрий день|доброго дня|добрий вечір|доброго вечора|добрий ранок|доброго ранку|"
        "здравствуйте|добрый день|добрый вечер|привет|hello|hi|good morning|good evening|слава україні"
    ),
    Word.THANKS: "дякую|дуже дякую|спасибі|спасибо|дяка|thanks|thank you",
    Word.NEW: "нова заявка|нове звернення|новая заявка|new|/new|повідомити",
    Word.JOIN: "приєднатися|приєднатись|приєднуюсь|присоединиться|присоединяюсь|join|це воно|те саме",
    Word.APART: "у мене інше|в мене інше|це інше|інше|у меня другое|другое|mine is different|different",
}
_MEANING = {text: word for word, texts in _WORDS.items() for text in texts.split("|")}
_EDGES = re.compile(r"^[\s!.,?…)(👍🙏❤️]+|[\s!.,?…)(👍🙏❤️]+$")
_YES_AND = re.compile(r"^(?:так|да|yes|ок|ok)\b[\s,.!:;-]*(?=\w)", re.IGNORECASE)
_NO_AND = re.compile(r"^(?:ні|нет|нє|no)\b[\s,.!:;-]*(?=\w)", re.IGNORECASE)
_NUMBER = re.compile(r"\b(\d{2})\s?[-–—]\s?(\d{6})\b")
_LETTER = re.compile(r"[^\W\d_]")


def meaning(text: str) -> Word | None:
    """What the whole text means, if it is one of the words."""
    return _MEANING.get(_EDGES.sub("", clean(text)).casefold().replace("’", "'"))


def after_yes(text: str) -> str | None:
    """What follows a «так» that begins the text: «так але біля школи» → «але біля школи»."""
    return _rest(_YES_AND, text)


def after_no(text: str) -> str | None:
    """What follows a «ні» that begins the text."""
    return _rest(_NO_AND, text)


def _rest(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.match(text)
    return text[found.end() :] if found else None


def appeal_number(text: str) -> str | None:
    """The registration number that the text names, such as 26-001234."""
    found = _NUMBER.search(text)
    return f"{found[1]}-{found[2]}" if found else None


def says_something(text: str) -> bool:
    """Whether there is a letter at all: one emoji or a row of dots is no complaint."""
    return _LETTER.search(text) is not None
