"""Makers of rows for tests: each gives a whole, valid thing and lets a test say only what matters to it."""

from copy import copy
from datetime import timedelta
from itertools import count
from typing import Any

from core import clock
from core.actions.submit import Place, Submission, submit
from core.city import City
from core.models import Account, Appeal, Attachment, Channel, Resident, Staff
from core.outbox import Letter
from core.workflow import Role

_numbers = count(1)


async def make_account(channel: Channel = Channel.TELEGRAM, **more: Any) -> Account:
    now = clock.now()
    resident = await Resident.create(created_at=now)
    values: dict[str, Any] = {
        "external_id": str(next(_numbers) + 1000),
        "language": "uk",
        "created_at": now,
        "seen_at": now,
    }
    return await Account.create(resident_id=resident.id, channel=channel, **(values | more))


async def make_appeal(city: City, account: Account | None = None, **more: Any) -> Appeal:
    """An appeal filed as a resident would: a burst pipe in Sobornosti street, unless said otherwise."""
    values: dict[str, Any] = {
        "text": "прорвало трубу, вода на дорозі",
        "category": "water.leak",
        "place": Place(address="вул. Соборності, 12", district="metalurhiinyi"),
    }
    return await submit(city, account or await make_account(), Submission(**(values | more)))


async def make_staff(role: Role = Role.OPERATOR, executor: str | None = None, **more: Any) -> Staff:
    values: dict[str, Any] = {
        "login": f"staff{next(_numbers)}",
        "name": "Олена Коваль",
        "password_hash": "not a hash: nobody signs in",
        "created_at": clock.now(),
    }
    return await Staff.create(role=role, executor_id=executor, **(values | more))


async def make_photo(account: Account, draft: str = "d1", **more: Any) -> Attachment:
    """A photo that a resident sent to a draft, still to be fetched."""
    now = clock.now()
    values: dict[str, Any] = {"source": "file-id", "created_at": now, "due_at": now}
    return await Attachment.create(
        account_id=account.id, draft=draft, role=Role.RESIDENT, channel=account.channel, **(values | more)
    )


def make_letter(kind: str = "reply", **more: Any) -> Letter:
    """A claimed message, with a day left to send it."""
    values: dict[str, Any] = {
        "id": 1,
        "account_id": 1,
        "to": "1",
        "language": "uk",
        "body": {},
        "replaces": None,
        "attempts": 0,
        "trace": "",
        "billable": False,
        "leased_until": clock.now() + timedelta(days=1),
    }
    return Letter(kind=kind, **(values | more))


def with_policy(city: City, category: str, **policy: Any) -> None:
    """Another policy for a category's reports, in this test alone: cities share what they loaded."""
    row = copy(city.categories[category])
    row.update_from_dict(policy)
    city.categories = {**city.categories, category: row}
