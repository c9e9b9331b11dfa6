"""Every text there must be is there, in both languages, and none that nobody shows."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from bot.conversation.card import ADVISED
from bot.conversation.table import OF_DRAFT
from bot.telegram import WORK_COMMANDS
from core.actions.changes import SUBJECTS
from core.actions.notify import STAFF_KINDS
from core.deadlines import Hours
from core.i18n import LANGUAGES, LOCALES
from core.importing.compare import SIGNS
from core.models import Channel
from core.models.appeals import AttachmentKind
from core.scheduler import SWEEPS
from core.workflow import STATUTORY, Kind, Role, Status, Verb

HOME = Path(__file__).parents[1]
FORMS = {"uk": 3, "en": 2}
KEY = re.compile(r"[a-z_]+(\.[a-z0-9_]+)+|words")


@dataclass(frozen=True)
class Text:
    forms: tuple[str, ...]
    plural: bool
    file: str

    @property
    def placeholders(self) -> set[str]:
        return {name for form in self.forms for _, name, _, _ in Formatter().parse(form) if name is not None}


@cache
def texts(language: str) -> dict[str, Text]:
    found: dict[str, Text] = {}
    for path in sorted((LOCALES / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language, abort_invalid=True):
                if not message.id:
                    continue
                plural = not isinstance(message.id, str)
                key = message.id[0] if plural else message.id
                forms = message.string if isinstance(message.string, tuple) else (str(message.string),)
                assert key not in found, f"{key} stands twice, in {found[key].file} and {path.name}"
                found[str(key)] = Text(tuple(map(str, forms)), plural, path.name)
    return found


KEYS = sorted(texts("uk"))


# what the catalogues hold


def test_both_languages_have_the_same_texts() -> None:
    assert set(texts("uk")) == set(texts("en"))
    assert len(KEYS) > 100
    assert [key for key in KEYS if texts("uk")[key].file != texts("en")[key].file] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_says_something_calmly(language: str) -> None:
    for key, text in texts(language).items():
        assert all(form.strip() for form in text.forms), key
        assert not any("!!" in form or "  " in form or form != form.strip() for form in text.forms), key
        assert len(text.forms) == (FORMS[language] if text.plural else 1), key
        assert not (text.plural and len(text.forms) != FORMS[language]), key


def test_ukrainian_is_ukrainian_and_english_is_english() -> None:
    assert [
        key for key, text in texts("uk").items() if re.search(r"[ыэъё]", "".join(text.forms).lower())
    ] == []
    spoken = {key: re.sub(r"[«\"][^»\"]+[»\"]", "", "".join(text.forms)) for key, text in texts("en").items()}
    names = {
        "button.other_language",
        "panel.language.uk",
        "bot.help",
    }  # a language has its own name for itself
    assert {key for key, text in spoken.items() if re.search(r"[а-яіїєґ]", text.lower())} <= names


def test_both_languages_ask_for_the_same_facts() -> None:
    for key in KEYS:
        uk, en = texts("uk")[key], texts("en")[key]
        assert uk.placeholders == en.placeholders, key
        assert uk.plural == en.plural, key
        assert all(re.fullmatch(r"[a-z_]+", name) for name in uk.placeholders), key


# what the code shows


def sources(suffix: str) -> Iterator[Path]:
    for package in ("core", "bot", "admin"):
        for path in sorted((HOME / package).rglob(f"*{suffix}")):
            if not {"simulator", "vendor"} & set(path.parts):
                yield path
    if suffix == ".py":
        yield HOME / "zvernys.py"


ERRORS = {"ZvernysError", "Invalid", "NotFound", "Forbidden", "Conflict", "TooMany", "ConfigError"}
SAYS = {"t", "line", "Line", "say", "_told", "_line", "bound", "phrase", "Phrase", "wrong"} | ERRORS
# Keywords of these calls that are no facts of the text.
MANNERS = {"buttons", "ask_location", "slot", "delay", "appeal", "language"}
# What the callers below give on top of what stands in the call.
GIVEN = {"_told": {"number", "category", "executor"}, "_line": {"number", "category", "executor"}}


@dataclass(frozen=True)
class Use:
    key: str
    given: frozenset[str] | None  # None where it can't be told
    where: str


def _python_uses(path: Path) -> Iterator[Use]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        where = f"{path.relative_to(HOME)}:{node.lineno}"
        for keyword in node.keywords:
            if keyword.arg == "key":
                yield from (Use(key, None, where) for key in _constants(keyword.value) if KEY.fullmatch(key))
        if name not in SAYS:
            continue
        given = {keyword.arg for keyword in node.keywords if keyword.arg}
        open_ended = any(keyword.arg is None for keyword in node.keywords) or name in ("Line", "Phrase")
        for argument in node.args:
            for part in _constants(argument):
                if KEY.fullmatch(part):
                    facts = frozenset(given - MANNERS | GIVEN.get(name, set()))
                    yield Use(part, None if open_ended else facts, where)


def _constants(node: ast.expr) -> Iterator[str]:
    """A key written out, or either of two; what is within a further call is that call's."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _constants(node.body)
        yield from _constants(node.orelse)


def _template_uses(path: Path) -> Iterator[Use]:
    for found in re.finditer(
        r"\bt\(\s*\"([\w.]+)\"\s*(,[^()]*(?:\([^()]*\)[^()]*)*)?\)", path.read_text("utf-8")
    ):
        given = frozenset(re.findall(r"(\w+)\s*=(?!=)", found[2] or ""))
        yield Use(found[1], given, str(path.relative_to(HOME)))


@cache
def uses() -> tuple[Use, ...]:
    python = [use for path in sources(".py") for use in _python_uses(path)]
    return (*python, *(use for path in sources(".html") for use in _template_uses(path)))


def test_every_text_that_is_named_exists() -> None:
    assert len(uses()) > 150
    missing = {f"{use.key} ({use.where})" for use in uses() if use.key not in texts("uk")}
    assert missing == set()


def test_every_text_is_given_the_facts_it_asks_for() -> None:
    lacking = {
        f"{use.key} ({use.where}): {sorted(texts('uk')[use.key].placeholders - use.given)}"
        for use in uses()
        if use.given is not None and texts("uk")[use.key].placeholders - use.given
    }
    assert lacking == set()


def test_plurals_are_asked_for_by_number_and_nothing_else_is() -> None:
    wrong = {
        f"{use.key} ({use.where})"
        for use in uses()
        if use.given is not None and ("n" in use.given) != texts("uk")[use.key].plural
    }
    assert wrong == set()


# Buttons of a draft that bear a name, or something of their own.
OTHERWISE_CALLED = {"group", "cat", "spot", "district", "join", "apart", "kind"}
FAMILIES: dict[str, list[str]] = {
    "import.{}": list(SIGNS),
    "import.subject.{}": list(SUBJECTS),
    "status.{}": list(Status),
    "panel.status.{}": list(Status),
    "panel.role.{}": list(Role),
    "panel.channel.{}": list(Channel),
    "panel.language.{}": list(LANGUAGES),
    "panel.said.{}": [Verb.SUBMIT, Verb.ANSWER, Verb.ADD, Verb.REOPEN, Verb.RATE, Verb.LOCATE],
    "notice.staff.{}": list(STAFF_KINDS),
    "panel.notice.{}": [*STAFF_KINDS, "substitute", "followed", "other"],
    "panel.kind.{}": list(Kind),
    "panel.rule.hours.{}": list(Hours),
    "panel.absences.{}": ["staff", "substitute", "first_day", "last_day"],
    "command.{}": list(WORK_COMMANDS),
    "core.until_weekday.{}": [str(number) for number in range(7)],
    "button.{}": [action for action in OF_DRAFT if action not in OTHERWISE_CALLED] + ["back"],
    "button.kind_{}": sorted(STATUTORY),
    "official.ask_{}": sorted(STATUTORY),
    "official.card_{}": sorted(STATUTORY),
    "filed.{}": sorted(STATUTORY),
    "card.danger_{}": sorted(ADVISED),
    "card.{}s": list(AttachmentKind),
    "ask.text_{}": list(AttachmentKind),
    "notice.{}_refused": ["photo", "file"],
    "job.{}": list(SWEEPS),
    "work.why_{}": [Status.REWORK, Status.REOPENED],
    "work.row_{}": ["urgent", "due", "late", "urgent_due", "urgent_late"],
    "card.{}": ["address", "point", "address_in", "point_in"],
}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_member_of_a_family_has_its_text(family: str) -> None:
    assert [value for value in FAMILIES[family] if family.format(value) not in texts("uk")] == []


NO_TEXTS = {"staff.{}"}  # kinds of messages to the staff; their texts are notice.staff.{}


@cache
def patterns() -> tuple[re.Pattern[str], ...]:
    """Keys put together while running: f"status.{value}" in Python, "panel.do." ~ verb in a template."""
    found = set()
    for path in sources(".py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = [part.value if isinstance(part, ast.Constant) else "{}" for part in node.values]
                found.add("".join(map(str, parts)))
    for path in sources(".html"):
        for beginning in re.findall(r"\"([a-z_]+\.[a-z_.]*)\"\s*~", path.read_text("utf-8")):
            found.add(beginning + "{}")
    dynamic = {each for each in found if re.match(r"[a-z_]+\.[a-z_.{}]*\{\}", each)} - NO_TEXTS
    exact = {family.format(value) for family in dynamic & set(FAMILIES) for value in FAMILIES[family]}
    loose = {re.escape(each).replace(r"\{\}", r"[\w.]+") for each in dynamic - set(FAMILIES)}
    return tuple(re.compile(pattern) for pattern in sorted(map(re.escape, exact)) + sorted(loose))


def test_no_text_is_left_that_nobody_shows() -> None:
    everything = "\n".join(path.read_text("utf-8") for path in (*sources(".py"), *sources(".html")))
    named = set(re.findall(r"[\"']([a-z_]+(?:\.[a-z0-9_]+)*)[\"']", everything))
    unused = [key for key in KEYS if key not in named and not any(each.fullmatch(key) for each in patterns())]
    assert unused == []
