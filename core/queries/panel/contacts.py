"""How to reach who filed an appeal: covered, until somebody who may says that they need it."""

import re
from dataclasses import dataclass
from urllib.parse import quote

from core.actions.actor import Actor
from core.actions.looks import may_look, uncovered
from core.models import Account, Appeal, Channel, Look

_HIDDEN = "•••"


@dataclass(frozen=True, slots=True)
class Contacts:
    """Nothing here says more than this person may see now: what is covered is covered already."""

    name: str
    phone: str
    address: str
    link: str  # opens the chat in the messenger's own application; "" where there is none, or covered
    covered: bool
    may_look: bool
    looks: tuple[Look, ...]  # the latest first


def contacts(appeal: Appeal, account: Account | None, actor: Actor, looks: tuple[Look, ...]) -> Contacts:
    """`account` with its `resident`; without one nobody is left to reach."""
    may = may_look(appeal, actor)
    if account is None:
        return Contacts("", "", "", "", covered=False, may_look=False, looks=looks)
    resident, link = account.resident, _link(account)
    if may and uncovered(looks, actor.staff_id):
        return Contacts(
            resident.name, resident.phone, resident.address, link, covered=False, may_look=True, looks=looks
        )
    return Contacts(
        name=masked(resident.name),
        phone=masked_phone(resident.phone) if may else "",
        address=_HIDDEN if may and resident.address else "",
        link="",
        covered=any((resident.name, resident.phone, resident.address, link)),
        may_look=may,
        looks=looks,
    )


def masked(name: str) -> str:
    """Enough to speak of somebody, too little to look them up."""
    return " ".join(word[0] + _HIDDEN for word in name.split()[:3])


def masked_phone(phone: str) -> str:
    digits = _digits(phone)
    if not digits:
        return ""
    return f"+380 •• ••• •• {digits[-2:]}" if digits.startswith("380") else f"{_HIDDEN} {digits[-2:]}"


def _digits(phone: str) -> str:
    return re.sub(r"\D", "", phone)


def _link(account: Account) -> str:
    if account.channel is Channel.TELEGRAM:
        return f"tg://user?id={quote(account.external_id, safe='')}"
    if account.channel is Channel.VIBER and account.resident.phone:
        return f"viber://chat?number=%2B{_digits(account.resident.phone)}"
    return ""
