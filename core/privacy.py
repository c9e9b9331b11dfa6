"""Taking out of words what tells who wrote them: phones, e-mails, handles, cards, flats, names. Pure.

What a person erases is scrubbed by it, and what the city publishes. It would rather take a number too many
than leave a phone; houses, dates, times, registration numbers and emergency numbers stay.
"""

import re
from collections.abc import Collection, Iterable

GONE = "•••"

_EMAIL = r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+"
_HANDLE = r"(?<![\w@])@[A-Za-z]\w{2,}|\b(?:t\.me|telegram\.me|wa\.me|viber://)[^\s,;]*"
_BETWEEN = r"[\s().\u2010-\u2015-]{0,3}"  # what people write between the digits of one number
_IBAN = r"\bUA\d{2}(?:\s?\d){25}(?!\d)"
_CARD = rf"(?<!\d)\d{{4}}(?:{_BETWEEN}\d{{4}}){{3}}(?!\d)"
_ABROAD = rf"\+{_BETWEEN}\d(?:{_BETWEEN}\d){{7,14}}"
_PHONE = rf"(?<!\d)(?:\+?3?8{_BETWEEN})?\(?0(?:{_BETWEEN}\d){{9}}(?!\d)"
_LOCAL = r"(?<![\d-])\d{2,3}-\d{2}-\d{2}(?![\d-])"  # a city's own number
_LONG = r"\d{9,}"  # of a taxpayer, an account, a card that was run together
_NUMBERS = re.compile(
    f"{_EMAIL}|{_HANDLE}|{_IBAN}|{_CARD}|{_ABROAD}|{_PHONE}|{_LOCAL}|{_LONG}", re.IGNORECASE
)

_FLAT = re.compile(
    r"(?P<before>\b(?:кв(?:артир\w*|-р\w*)?|помешкан\w*|apt|apartment|flat)\.?\s{0,3}(?:№|#|n[o.])?\s{0,3})"
    r"\d{1,4}(?:-?[а-яіїєґa-z])?\b"
    r"|\b\d{1,4}(?:-?[а-яіїєґ]{1,2})?(?P<after>\s{1,3}(?:квартир\w*|помешкан\w*))",
    re.IGNORECASE,
)

_CAPITAL, _SMALL = "[A-ZА-ЯІЇЄҐ]", r"[a-zа-яіїєґ'’ʼ-]"
_NAMES = rf"{_CAPITAL}{_SMALL}+(?:\s{_CAPITAL}{_SMALL}+){{0,2}}"
_INTRODUCED = re.compile(
    r"(?P<before>\b(?i:мене звати|мене звуть|моє ім['’ʼ]я|моє прізвище|меня зовут|моя фамилия|мо[её] имя|"
    rf"my name is|з повагою|с уважением|regards|піб|фио)[\s,:—–-]{{1,3}}){_NAMES}"
)
_PATRONYMIC = re.compile(
    rf"(?<![\w.])(?:{_CAPITAL}{_SMALL}+\s){{1,2}}"
    rf"{_CAPITAL}{_SMALL}+(?:ович|йович|евич|івн|ївн|овн|евн)(?:а|у|ові|ем|ом|и|і|ы|е|ою|ой)?\b"
    rf"(?:\s{_CAPITAL}{_SMALL}+)?"
)
_INITIALS = re.compile(
    rf"(?<![\w.]){_CAPITAL}{_SMALL}{{2,}}\s{_CAPITAL}\.\s?{_CAPITAL}\.|"
    rf"(?<![\w.]){_CAPITAL}\.\s?{_CAPITAL}\.\s?{_CAPITAL}{_SMALL}{{2,}}"
)
# A street named after somebody is a place, not a person.
_STREET = re.compile(
    r"(?:вул|вулиц\w+|ул|улиц\w+|просп|проспект\w*|пр|пров|провул\w+|пер|переул\w+|бульвар\w*|бул|площ\w+|пл|"
    r"імені|ім|им|имени)\.?\s{0,3}$",
    re.IGNORECASE,
)
_ENDINGS = (
    "а|у|е|о|я|ю|є|и|і|ї|ь|й|ы|ом|ем|єм|ом|ою|ею|єю|ой|ей|ові|еві|єві|ої|ого|ому|их|им|ими|ій|ія|ію|ії|ією|"
    "иной|ым|ых|ую|ая|ам|ами|ах|'s|’s"
)
_SOFTENED = {"г": "з", "к": "ц", "х": "с"}  # Ольга, Ользі
_DIGITS = 7  # of a number that is somebody's
_MOST_TIMES = 20  # that a text is looked through; one that is not hostile needs two


def scrub(text: str, names: Collection[str] = ()) -> str:
    """The text without what tells who wrote it; `names`: theirs, taken out in whatever case they stand.

    Applied to its own result it changes nothing more; what is taken out may bring together what then looks
    like a contact itself.
    """
    for _ in range(_MOST_TIMES):
        before, text = text, _scrubbed(text, names)
        if text == before:
            break
    return text


def _scrubbed(text: str, names: Collection[str]) -> str:
    text = _FLAT.sub(
        lambda found: f"{found['before'] or ''}{GONE}{found['after'] or ''}", _NUMBERS.sub(GONE, text)
    )
    text = _INTRODUCED.sub(lambda found: found["before"] + GONE, text)
    for pattern in (_PATRONYMIC, _INITIALS):
        text = pattern.sub(_unless_street, text)
    return without(text, names)


def without(text: str, known: Iterable[str], *, whole: bool = False) -> str:
    """The text without these names and numbers, but with all else: for what others wrote of somebody.

    `whole`: of a name only two words together. Else who is called «Вода Труба» could blot those out anywhere.
    """
    parts = sorted({part for each in known for part in _parts(each)}, key=len, reverse=True)
    numbers, names = (
        [_any_case(each) for each in parts if each.isdigit() is digits] for digits in (True, False)
    )
    if whole and names:
        name = "|".join(names)
        names = [rf"(?:{name})(?:\s(?:{name}))+"]
    for pattern in (*numbers, *names):
        text = re.sub(pattern, GONE, text, flags=re.IGNORECASE)
    return text


def _unless_street(found: re.Match[str]) -> str:
    return found[0] if _STREET.search(found.string[: found.start()]) else GONE


def _parts(known: str) -> list[str]:
    """A number as its digits; a name as its words, but for initials."""
    digits = re.sub(r"\D", "", known)
    if len(digits) >= _DIGITS:
        return [digits]
    return [word for word in re.findall(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*", known) if len(word) > 1]


def _any_case(word: str) -> str:
    """A pattern for a number however it is written, or for a name in any of its cases."""
    if word.isdigit():
        national = word[-9:]  # the same phone with its country and without
        return r"\+?(?:\d[\s().-]{0,3}){0,4}" + r"[\s().-]{0,3}".join(national) + r"(?!\d)"
    quotes = "['’ʼ]"
    lowered = re.sub(quotes, "'", word.casefold())
    stem = lowered.rstrip("аеиоуяюєіїьйы") if len(lowered) > 3 else lowered  # noqa: PLR2004 - «Юля», but «Ян»
    stem = stem if len(stem) > 1 else lowered
    last = stem[-1]
    body = re.escape(stem[:-1]) + (f"[{last}{_SOFTENED[last]}]" if last in _SOFTENED else re.escape(last))
    return rf"(?<!\w){body.replace(chr(39), quotes)}(?:{_ENDINGS})?(?!\w)"
