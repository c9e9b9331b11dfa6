"""What the application and each request carry, typed."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import jinja2
from aiohttp import web

from core.actions.actor import Actor
from core.city import City
from core.config import Settings
from core.media import Links, MediaStore
from core.models import Session, Staff
from core.preview import Show
from core.workflow import Role


@dataclass(frozen=True)
class Probes:
    """What must answer besides the database for this process to be of use, by name."""

    checks: Mapping[str, Callable[[], Awaitable[bool]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class User:
    """Who is signed in, and by which session."""

    staff: Staff
    session: Session
    actor: Actor
    needs_second_step: bool = False  # before anything else

    @property
    def desk(self) -> bool:
        """Sees the whole city."""
        return self.staff.role is not Role.EXECUTOR

    @property
    def triages(self) -> bool:
        """Does the desk's daily work."""
        return self.staff.role in (Role.OPERATOR, Role.ADMINISTRATOR)


SETTINGS: Final = web.AppKey("settings", Settings)
CITY: Final = web.AppKey("city", City)
MEDIA: Final = web.AppKey("media", MediaStore)
LINKS: Final = web.AppKey("links", Links)
PROBES: Final = web.AppKey("probes", Probes)
TEMPLATES: Final = web.AppKey("templates", jinja2.Environment)
# Of the Telegram bot; empty while it is not known.
BOT_NAME: Final[web.AppKey[Callable[[], str]]] = web.AppKey("bot_name")

# How the bots would show a letter; absent where no bots run along.
SHOW: Final[web.AppKey[Show]] = web.AppKey("show")

USER: Final = web.RequestKey("user", User)
LANGUAGE: Final = web.RequestKey("language", str)
