"""Telephone numbers as people say and type them, in the one form by which they are compared. Pure."""

import re

from core.errors import Invalid

_MARKS = re.compile(r"[\s().\u2010-\u2015/-]+")
_HOME = "380"
_HOME_DIGITS = 12
# How a Ukrainian number is typed: its digits, and what makes them whole.
_FORMS = (
    (re.compile(r"380[1-9]\d{8}"), ""),
    (re.compile(r"80[1-9]\d{8}"), "3"),
    (re.compile(r"0[1-9]\d{8}"), "38"),
    (re.compile(r"[1-9]\d{8}"), _HOME),
)
_ABROAD = re.compile(r"[1-9]\d{7,14}")  # E.164, with the country


def normalised(text: str) -> str:
    """+380671234567 of whatever way it was typed; a foreign number needs its + or 00.

    Raises Invalid where it is no number that could be rung up.
    """
    bare = _MARKS.sub("", text.replace("\x00", ""))
    abroad = bare.startswith(("+", "00"))
    digits = bare.removeprefix("+") if bare.startswith("+") else bare[2:] if abroad else bare
    for form, before in _FORMS[:1] if abroad else _FORMS:
        if form.fullmatch(digits):
            return f"+{before}{digits}"
    if abroad and not digits.startswith(_HOME) and _ABROAD.fullmatch(digits):
        return f"+{digits}"
    raise Invalid("phone.wrong")


def spaced(number: str) -> str:
    """To be read out and dialled: +380 67 123 45 67; a foreign one as it is."""
    if not number.startswith(f"+{_HOME}") or len(number) != _HOME_DIGITS + 1:
        return number
    return " ".join((number[:4], number[4:6], number[6:9], number[9:11], number[11:]))
