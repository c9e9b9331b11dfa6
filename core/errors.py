"""The few ways in which something asked of the core is refused.

Each is mapped once per side: the panel to an HTTP status, the bots to a reply. `key` names the text in
locales/ that tells the person what is wrong and what would be right; `params` fill it.
"""

from typing import Any

from core.phrases import phrase, said


class ZvernysError(Exception):
    """Anything the core refuses on purpose."""

    def __init__(self, key: str, **params: Any) -> None:  # noqa: ANN401 - whatever the text shows
        self.key = key
        self.params = params
        super().__init__(f"{key} {params}" if params else key)

    def text(self, language: str) -> str:
        """What is wrong and what would be right, as the person is told."""
        return said(phrase(self.key, **self.params), language)


class Invalid(ZvernysError):
    """What was given can't be used; nothing was changed."""


class NotFound(ZvernysError):
    """There is no such thing, or not for this person: the two are never told apart."""


class Forbidden(ZvernysError):
    """The person is known, but this is not theirs to do."""


class Conflict(ZvernysError):
    """Somebody else was faster, or the status no longer allows it; nothing was changed."""


class TooMany(ZvernysError):
    """Tried too often; `minutes` in params is how long to wait."""


class ConfigError(ZvernysError):
    """The configuration can't be used; the message names each wrong key."""
