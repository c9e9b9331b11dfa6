"""The language in which conversations are written down for tests: see scripts/README.md. A strict parser."""

import re
from dataclasses import dataclass, field, replace
from pathlib import Path


class ScriptError(Exception):
    """A line that can't be read; its message begins with `file:line:`."""


@dataclass(frozen=True, slots=True)
class Did:
    """What a resident does: `what` of DOINGS, `argument` behind it in the brackets, `words` after them."""

    what: str
    argument: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """`did` for what residents do; otherwise `text` as it stands. `viber` is said there instead."""

    at: str
    mark: str
    text: str
    did: Did | None = None
    viber: "Line | None" = None


@dataclass(frozen=True, slots=True)
class Script:
    """`same`: pairs of what Telegram and what Viber says where they differ by their nature."""

    at: str
    title: str
    lines: tuple[Line, ...]
    same: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        return f"{self.at.partition(':')[0]}: {self.title}"


# What stands in round brackets, and whether it has an argument: none, optional, or required.
DOINGS = {
    "photo": "none",
    "album": "required",
    "video": "none",
    "voice": "none",
    "document": "optional",
    "location": "optional",
    "venue": "required",
    "live": "none",
    "moves": "none",
    "sticker": "none",
    "contact": "optional",
    "start": "optional",
    "edit": "required",
    "reply to": "required",
    "press again": "required",
    "times": "required",
}
VIBER = "  Viber: "
RESIDENTS = ("R", "R2", "RO", "RW")
BOTS = ("B", "B2", "BO", "BW")
NOT_SAID = ("B-", "B2-", "BO-", "BW-")
KEYS = ("K", "K2", "KO", "KW")
STAFF = ("O", "E")
EVENTS = {"restart", "twice", "block", "unblock", "link", "unlink"}
_MARKED = re.compile(r"^(?:([A-Z][A-Z0-9]?-?):|(=2?)) (.+)$")
_BRACKETS = re.compile(r"^\((?P<inside>[^()]*)\)\s*(?P<words>.*)$")
_TIME = re.compile(r"^(\+\d+ (minute|hour|day)s?|\d\d:\d\d)$")
_VERB = re.compile(r"^[a-z_]+( №\d+)?( .*)?$")


def read(path: Path) -> list[Script]:
    """All scripts of a file; ScriptError where one is not as it should be, or two have one title."""
    reading = _Reading(path.name)
    for number, raw in enumerate(path.read_text("utf-8").splitlines(), 1):
        text = raw.rstrip()
        if text and not text.startswith("# "):
            reading.take(f"{path.name}:{number}", text)
    reading.end()
    titles = [script.title for script in reading.scripts]
    for script in reading.scripts:
        if titles.count(script.title) > 1:
            raise ScriptError(f"{script.at}: two scripts are called «{script.title}»")
    return reading.scripts


@dataclass
class _Reading:
    """A file half read. `same` of the file, which stands above its first title, holds for all its scripts."""

    name: str
    scripts: list[Script] = field(default_factory=list)
    same: list[tuple[str, str]] = field(default_factory=list)
    at: str = ""
    title: str = ""
    lines: list[Line] = field(default_factory=list)
    pairs: list[tuple[str, str]] = field(default_factory=list)

    def take(self, at: str, text: str) -> None:
        if text.startswith("## "):
            self.end()
            self.at, self.title, self.lines, self.pairs = at, text.removeprefix("## ").strip(), [], []
        elif text.startswith("~ "):
            (self.pairs if self.title else self.same).append(_pair(at, text))
        elif not self.title:
            raise ScriptError(f"{at}: a script begins with «## Title»")
        elif text.startswith(VIBER):
            self._viber(at, text.removeprefix(VIBER))
        else:
            self.lines.append(_line(at, text))

    def _viber(self, at: str, said: str) -> None:
        if not self.lines or self.lines[-1].viber is not None:
            raise ScriptError(f"{at}: there is no line above that Viber could have its own of")
        last = self.lines[-1]
        colon = "" if last.mark.startswith("=") else ":"
        self.lines[-1] = replace(last, viber=_line(at, f"{last.mark}{colon} {said}"))

    def end(self) -> None:
        if self.title:
            self.scripts.append(_whole(self.at, self.title, self.lines, self.same + self.pairs))


def _whole(at: str, title: str, lines: list[Line], same: list[tuple[str, str]]) -> Script:
    if not any(line.mark in RESIDENTS for line in lines):
        raise ScriptError(f"{at}: nobody does anything in «{title}»")
    if not any(line.mark in {"B", "=", "=2"} for line in lines):
        raise ScriptError(f"{at}: nothing is checked in «{title}»")
    return Script(at, title, tuple(lines), tuple(same))


def _pair(at: str, text: str) -> tuple[str, str]:
    found = re.match(r"^~ Telegram: (.*) / Viber: ?(.*)$", text)
    if found is None:
        raise ScriptError(f"{at}: a difference is written «~ Telegram: … / Viber: …»")
    return found[1], found[2]


def _line(at: str, text: str) -> Line:
    found = _MARKED.match(text)
    if found is None:
        raise ScriptError(f"{at}: no line of a script: «{text}»")
    mark, said = found[1] or found[2], found[3].strip()
    if mark in RESIDENTS:
        return Line(at, mark, said, _did(at, said))
    known = {*BOTS, *NOT_SAID, *KEYS, "=", "=2"}
    good = (
        mark in known
        or (mark in STAFF and _VERB.match(said))
        or (mark == "T" and _TIME.match(said))
        or (mark == "X" and said in EVENTS)
    )
    if not good:
        raise ScriptError(f"{at}: nobody knows «{mark}: {said}»")
    return Line(at, mark, said)


def _did(at: str, said: str) -> Did:
    if said.startswith("[") and said.endswith("]"):
        return Did("press", said[1:-1])
    found = _BRACKETS.match(said)
    if found is None:
        return Did("words", words=said)
    inside = found["inside"].strip()
    for what, needs in DOINGS.items():
        if inside != what and not inside.startswith(f"{what} "):
            continue
        argument = inside.removeprefix(what).strip().strip('"')
        if (needs == "required" and not argument) or (needs == "none" and argument):
            raise ScriptError(f"{at}: «({what})» takes {needs if needs == 'none' else 'something'} behind it")
        return Did(what, argument, found["words"])
    raise ScriptError(f"{at}: nobody can do «({inside})»; there are {', '.join(DOINGS)}")
