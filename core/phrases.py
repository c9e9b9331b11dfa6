"""What is put together before anybody's language is known, and said later in that of whoever reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Union

from core.i18n import t


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text by its key; what in its `params` is words itself is said in the same language."""

    key: str
    params: Mapping[str, object] = field(default_factory=dict)
    n: int | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """Words one after another."""

    between: str
    parts: tuple["Words", ...]


Words = Union[str, Phrase, Joined]  # noqa: UP007 - its own parts refer to it


def phrase(key: str, *, n: int | None = None, **params: object) -> Phrase:
    return Phrase(key, params, n)


def joined(between: str, *parts: Words) -> Words:
    """Those that say anything."""
    found = tuple(each for each in parts if each)
    return found[0] if len(found) == 1 else Joined(between, found) if found else ""


def said(words: Words, language: str) -> str:
    if isinstance(words, Phrase):
        params = {name: _said(value, language) for name, value in words.params.items()}
        return t(words.key, language, n=words.n, **params)
    if isinstance(words, Joined):
        return words.between.join(said(each, language) for each in words.parts)
    return words


def _said(value: object, language: str) -> object:
    return said(value, language) if isinstance(value, (Phrase, Joined)) else value
