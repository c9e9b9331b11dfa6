"""Who a resident says they are. Asked for only where the law wants it (Law 393/96, art. 5)."""

import re

from core.actions.actor import Actor
from core.errors import Invalid
from core.models import Resident

NAME, ADDRESS = 200, 300  # characters
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ`.-][^\W\d_]+)*\.?")
_LETTERS = 3  # of an address: less names no place


async def introduce(actor: Actor, *, name: str | None = None, address: str | None = None) -> None:
    """Keep the resident's name and address; None leaves what is known. Invalid where they can't be right."""
    known = {
        **({"name": checked_name(name)} if name is not None else {}),
        **({"address": checked_address(address)} if address is not None else {}),
    }
    if known:
        await Resident.filter(id=actor.resident_id).update(**known)


def checked_name(text: str) -> str:
    """First name and surname, as they were written; Invalid for what is no name of a person."""
    words = text.replace("\x00", "").split()
    if not words or not all(_WORD.fullmatch(word) for word in words):
        raise Invalid("name.needed")
    if len([word for word in words if len(word.strip(".")) > 1]) < 2:  # noqa: PLR2004 - both, by law
        raise Invalid("name.both")
    name = " ".join(words)
    if len(name) > NAME:
        raise Invalid("name.needed")
    return name


def checked_address(text: str) -> str:
    """Where they live, in one line; Invalid for what names no place."""
    address = " ".join(text.replace("\x00", "").split()).strip(" ,;")
    if sum(letter.isalpha() for letter in address) < _LETTERS or not any(
        letter.isdigit() for letter in address
    ):
        raise Invalid("address.needed")
    if len(address) > ADDRESS:
        raise Invalid("address.needed")
    return address
