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
    LATER = "later"
    SO_SO = "so_so"
    NEW = "new"
    JOIN = "join"
    APART = "apart"
    ME = "me"
    DATA = "data"
    LINK = "link"
    FORGET = "forget"
    OFFICIAL = "official"
    ORDINARY = "ordinary"
    MISTAKE = "mistake"
    OTHER_PLACE = "other_place"
    OTHER_TOPIC = "other_topic"
    HUMAN = "human"
    # Of officers of the city, right after we wrote to them of an appeal; WORK at any time.
    WORK = "work"
    TAKE = "take"
    DONE = "done"
    MORE_TIME = "more_time"
    NOT_OURS = "not_ours"
    TASK = "task"


_WORDS: dict[Word, str] = {
    Word.YES: (
        "так|да|ага|угу|yes|ok|ок|окей|добре|правильно|вірно|надіслати|відправити|отправить|відправляй|send|"
        "надсилай|надсилайте|отправляй|отправляйте|так, надсилай|так, надсилайте|да, отправляй|yes, send it"
    ),
    Word.NO: "ні|нет|нє|no|неправильно",
    Word.CANCEL: (
        "скасувати|скасуй|скасуйте|ні, скасуйте|отмена|отмените|відміна|відмінити|відмініть|cancel|/cancel|"
        "не треба|не надо|передумав|передумала|передумал"
    ),
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
    Word.LATER: (
        "не знаю|ще не знаю|не знаю ще|пізніше|потом|позже|later|i don't know|not sure|"
        "не знаю, вирішіть ви|вирішіть ви|решайте сами|not sure, you decide|you decide"
    ),
    Word.SO_SO: (
        "так собі|ну так собі|так себе|не дуже|не очень|не зовсім|не совсем|частково|частично|наполовину|"
        "so-so|not quite|not really|partly"
    ),
    Word.NEW: (
        "нова заявка|нове звернення|новая заявка|new|/new|повідомити|нова|новая|це нова заявка|"
        "до нової заявки|до нової|к новой|it is a new appeal|to the new appeal"
    ),
    Word.JOIN: "приєднатися|приєднатись|приєднуюсь|присоединиться|присоединяюсь|join|це воно|те саме",
    Word.APART: "у мене інше|в мене інше|це інше|інше|у меня другое|другое|mine is different|different",
    Word.ME: "про мене|обо мне|хто я|about me|/me",
    Word.DATA: "мої дані|мои данные|що ви про мене знаєте|что вы обо мне знаете|my data|/data",
    Word.LINK: (
        "зв'язати|зв'язати месенджери|зв'язати viber|зв'язати telegram|зв'язати вайбер|зв'язати телеграм|"
        "прив'язати|прив'язати viber|прив'язати telegram|прив'язати вайбер|прив'язати телеграм|"
        "связать|связать viber|связать telegram|привязать|привязать viber|привязать telegram|"
        "link|link viber|link telegram|link messengers|/link"
    ),
    Word.FORGET: (
        "забути мене|забудь мене|забудьте мене|видалити мої дані|видаліть мої дані|стерти мої дані|"
        "прошу видалити мої дані|прошу стерти мої дані|"
        "забудь меня|забудьте меня|забыть меня|удалить мои данные|удалите мои данные|"
        "forget me|delete my data|erase my data|/forget"
    ),
    Word.OFFICIAL: (
        "офіційна|офіційна скарга|офіційну|официальная|официальная жалоба|official|official complaint"
    ),
    Word.MISTAKE: "помилка|це помилка|помилився|помилилась|ошибка|это ошибка|mistake|it is a mistake",
    Word.OTHER_PLACE: "інше місце|не тут|другое место|не здесь|change place|not here",
    Word.HUMAN: (
        "оператор|покличте оператора|з'єднайте з оператором|хочу поговорити з людиною|"
        "хочу говорити з людиною|"
        "потрібна людина|жива людина|дайте номер телефону|дайте телефон|оператора|позовите оператора|"
        "соедините с оператором|хочу поговорить с человеком|живой человек|дайте телефон оператора|"
        "operator|human|talk to a human|i want to talk to a person"
    ),
    Word.OTHER_TOPIC: "інша тема|не те|не про те|другая тема|не то|change topic",
    Word.WORK: "робота|моя робота|работа|моя работа|work|my work|/work",
    Word.TAKE: "взяти в роботу|беру|беру в роботу|взяв|взяла|взяв в роботу|взять в работу|take|take it on",
    Word.DONE: "готово|зроблено|виконано|сделано|выполнено|done|it is done",
    Word.MORE_TIME: "потрібен час|потрібно більше часу|не встигаємо|нужно время|need time|more time",
    Word.NOT_OURS: "не наше|це не наше|не наша|не моє|не наше это|not ours",
    Word.TASK: "показати|покажи|деталі|показать|show|details",
    Word.ORDINARY: "звичайна|звичайна заявка|звичайну|обычная|обычная заявка|ordinary|ordinary request",
}
_MEANING = {text: word for word, texts in _WORDS.items() for text in texts.split("|")}
_LONGEST = 100  # characters of a text that may be one of them, with what stands around it
_APOSTROPHES = str.maketrans("’ʼ`", "'''")
_EDGES = re.compile(r"^[\s!.,?…)(👍🙏❤️]+|[\s!.,?…)(👍🙏❤️]+$")
# But «так само», «так собі», «так сталося», «так не можна» agree to nothing.
_YES_AND = re.compile(
    r"^(?:так|да|yes|ок|ok)\b(?!\s+(?:само|собі|себе|сталос|вийшло|не можна|нельзя|жити|ж))[\s,.!:;-]*(?=\w)",
    re.IGNORECASE,
)
_NO_AND = re.compile(r"^(?:ні|нет|нє|no)\b[\s,.!:;-]*(?=\w)", re.IGNORECASE)
_NUMBER = re.compile(r"\b(\d{2})\s?[-–—]\s?(\d{6})\b")
_OF_APPEAL = re.compile(
    r"\b(?:заявк|зверненн|обращени|appeal|request)\w*\s*(?:№|#|номер\w*|number|no\.?)?\s*(\d{1,6})\b",
    re.IGNORECASE,
)
_ALONE = re.compile(r"\W*(?:№|#|номер\w*|number|no\b\.?)?\s*(\d{1,6})\W*$", re.IGNORECASE)
_DIGITS = re.compile(r"\b(\d{1,6})\b")
# Of a result: it is not so, it is, nobody has looked. What is denied goes first: «так, але досі тече».
_NOT_SO = re.compile(
    r"\b(?:досі|все ще|всё ещё|все еще|до сих пор|далі (?:тече|так)|знову|снова|опять|нічого|ничего)\b"
    r"|\bне\s?(?:вирішен|зроб|полагод|відремонт|відновил|прибра|вивез|працю|допомог)"
    r"|\bне\s?(?:сделан|решен|исправ|убра|почин|работа)|\b(?:still|again|nothing)\b"
    r"|\b(?:not (?:solved|fixed|done|working)|isn't|hasn't)"
)
_NOT_YET = re.compile(
    r"\b(?:(?:ще|еще|ещё)? ?не (?:бачи|видел|дивив|дивил|перевір|вдома)|подивлюс|посмотрю|перевірю|проверю"
    r"|haven't (?:seen|looked)|will (?:look|check))"
)
_DONE = re.compile(
    r"\b(?:вирішен|зроблен|зробил|полагод|відремонт|прибрал|вивезл|відновил|сделал|решен|исправил|починил|убрали"
    r"|все (?:добре|гаразд|ок)|дяку|спасибі|спасибо|thank|fixed|solved|done)"
)
_LETTER = re.compile(r"[^\W\d_]")


def meaning(text: str) -> Word | None:
    """What the whole text means, if it is one of the words."""
    if len(text) > _LONGEST:
        return None
    return _MEANING.get(_EDGES.sub("", clean(text)).casefold().translate(_APOSTROPHES))


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


def named_appeal(text: str, *, asks: bool) -> str | None:
    """The number by which the text names an appeal: in full, or the digits of «заявка 1234», «№ 1234».

    A text that `asks` after an appeal may have the number bare.
    """
    if full := appeal_number(text):
        return full
    found = _OF_APPEAL.search(text) or _ALONE.match(text) or (_DIGITS.search(text) if asks else None)
    return found[1] if found else None


def verdict(text: str) -> Word | None:
    """YES, NO or SO_SO to «is it solved?», LATER where they don't know yet; None for anything else."""
    word = meaning(text)
    if word in {Word.YES, Word.NO, Word.LATER, Word.SO_SO}:
        return word
    said = clean(text).casefold().replace("’", "'")
    if _NOT_YET.search(said):
        return Word.LATER
    if after_no(text) is not None or _NOT_SO.search(said):
        return Word.NO
    return Word.YES if after_yes(text) is not None or _DONE.search(said) else None


def says_something(text: str) -> bool:
    """Whether there is a letter at all: one emoji or a row of dots is no complaint."""
    return _LETTER.search(text) is not None
