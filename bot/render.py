"""From a message as queued (keys and facts) to words in the resident's language."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import notices
from bot.messages import Line, Reply
from core import i18n, report_words, shipped
from core.city import City
from core.outbox import REPLIES, Letter

WIDTH = 36  # characters that a row of buttons shows on a narrow phone


@dataclass(frozen=True, slots=True)
class RenderedButton:
    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """What an adapter sends: plain text without markup."""

    text: str
    buttons: tuple[tuple[RenderedButton, ...], ...]
    photos: tuple[int, ...]
    point: tuple[float, float] | None
    ask_location: bool
    menu: bool
    callback: str


def render(letter: Letter, city: City) -> Rendered:
    """Words for a queued letter; names are taken from the catalogue as it stands now."""
    said = letter.kind in REPLIES
    reply = Reply.from_body(letter.body) if said else notices.compose(letter.kind, letter.body)
    return render_reply(reply, letter.language, city)


def render_reply(reply: Reply, language: str, city: City) -> Rendered:
    return Rendered(
        text="\n".join(words(each, language, city) for each in reply.lines),
        buttons=tuple(
            fitting
            for row in reply.buttons
            for fitting in _fitting(
                tuple(RenderedButton(words(button.label, language, city), button.data) for button in row)
            )
        ),
        photos=reply.photos,
        point=reply.point,
        ask_location=reply.ask_location,
        menu=reply.menu,
        callback=reply.callback,
    )


def _fitting(row: tuple[RenderedButton, ...]) -> tuple[tuple[RenderedButton, ...], ...]:
    """The row, or each button in a row of its own where a label has no room beside the others."""
    if all(len(button.label) <= WIDTH // len(row) for button in row):
        return (row,)
    return tuple((button,) for button in row)


def words(each: Line, language: str, city: City) -> str:
    if not each.key:
        return ""
    params = {name: _in_words(name, value, language, city) for name, value in each.params.items()}
    return i18n.t(each.key, language, n=each.n, **params)


def _in_words(name: str, value: Any, language: str, city: City) -> str:  # noqa: ANN401 - a JSON value
    """A fact by its name: slugs become names, instants become days people say."""
    say = FACTS.get(name)
    return say(value, language, city) if say is not None and value else str(value)


def _category(value: str, language: str, city: City) -> str:
    return _named(city.categories.get(value), value, language)


def _group(value: str, language: str, city: City) -> str:
    return _named(next((each for each in city.pack.groups if each.slug == value), None), value, language)


def _district(value: str, language: str, city: City) -> str:
    return _named(city.districts.get(value), value, language)


def _executor(value: str, language: str, city: City) -> str:
    executor = city.executors.get(value)
    if executor is None:
        return value
    return executor.short_en if language == "en" else executor.short_uk


def _emergency(value: str, language: str, city: City) -> str:
    service = next((each for each in city.pack.emergency if each.number == value), None)
    if service is None:
        return value
    return i18n.t("name.emergency", language, number=value, service=_named(service, value, language))


def _answer(value: str, language: str, city: City) -> str:
    answer = next((each for each in city.pack.answers if each.slug == value), None)
    return value if answer is None else answer.en if language == "en" else answer.uk


def _due(value: str, language: str, city: City) -> str:
    return i18n.until(datetime.fromisoformat(value), language, city.pack.timezone)


def _at(value: str, language: str, city: City) -> str:
    return i18n.at(datetime.fromisoformat(value), language, city.pack.timezone)


def _since(value: str, language: str, city: City) -> str:
    return i18n.since(datetime.fromisoformat(value), language, city.pack.timezone)


def _left(value: str, language: str, _city: City) -> str:
    return i18n.left(datetime.fromisoformat(value), language)


def _body(value: str, language: str, _city: City) -> str:
    return shipped.body_in(value, language)


def _status(value: str, language: str, _city: City) -> str:
    return i18n.t(f"status.{value}", language)


def _stage(value: str, language: str, _city: City) -> str:
    """A status as colleagues call it among themselves."""
    return i18n.t(f"panel.status.{value}", language)


def _named(thing: Any, slug: str, language: str) -> str:  # noqa: ANN401 - anything with names in both languages
    """A thing no longer in the catalogue goes by its slug."""
    if thing is None:
        return slug
    return str(thing.en if language == "en" else thing.uk)


FACTS: dict[str, Callable[[str, str, City], str]] = {
    "at": _at,
    "body": _body,
    "answer": _answer,
    "category": _category,
    "group": _group,
    "district": _district,
    "executor": _executor,
    "emergency": _emergency,
    "due": _due,
    "left": _left,
    "since": _since,
    "status": _status,
    **report_words.FACTS,
    "stage": _stage,
}
