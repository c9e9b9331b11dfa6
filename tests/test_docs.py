"""What is written down agrees with what is there."""

import os
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest
from pydantic import BaseModel, SecretStr

from core.config import ENV_PREFIX, Settings, load
from core.pack import load_pack

HOME = Path(__file__).parents[1]
EXAMPLE = HOME / "config.example.toml"
README = (HOME / "README.md").read_text("utf-8")
CHANGELOG = (HOME / "CHANGELOG.md").read_text("utf-8")
MAKEFILE = (HOME / "Makefile").read_text("utf-8")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.upper().startswith(ENV_PREFIX):
            monkeypatch.delenv(name)


def sections() -> dict[str, type[BaseModel]]:
    return {name: field.annotation for name, field in Settings.model_fields.items()}  # type: ignore[misc]


def defaults() -> dict[str, dict[str, object]]:
    found = {}
    for section, model in sections().items():
        values = dict(model())
        found[section] = {
            key: value.get_secret_value() if isinstance(value, SecretStr) else value
            for key, value in values.items()
        }
    return found


def test_the_example_names_every_setting_with_its_default() -> None:
    written = tomllib.loads(EXAMPLE.read_text("utf-8"))
    expected = defaults()
    expected["city"]["timezone"] = load_pack().timezone  # the default is the pack's own, which is shown
    assert written == expected


def test_the_example_keeps_the_order_of_the_settings() -> None:
    written = tomllib.loads(EXAMPLE.read_text("utf-8"))
    assert [(section, list(keys)) for section, keys in written.items()] == [
        (section, list(model.model_fields)) for section, model in sections().items()
    ]


def test_the_example_loads() -> None:
    assert load(EXAMPLE).model_dump() | {"city": ""} == load().model_dump() | {"city": ""}


SELF_EXPLAINING = {
    "server.port",
    "media.max_pixels",
    "telegram.enabled",
    "viber.enabled",
    "viber.api_base",
    "viber.per_second",
    "viber.chat_pause",
    "city.timezone",
}


def test_every_key_that_needs_it_has_a_comment() -> None:
    section, bare = "", set()
    for line in EXAMPLE.read_text("utf-8").splitlines():
        if found := re.match(r"\[(\w+)\]", line):
            section = found[1]
        elif (found := re.match(r"(\w+) = ", line)) and not re.search(r"\s#\s*\S", line):
            bare.add(f"{section}.{found[1]}")
    assert bare <= SELF_EXPLAINING


@cache
def targets() -> set[str]:
    return set(re.findall(r"^([a-z][\w-]*):", MAKEFILE, re.MULTILINE))


@cache
def help_of(*command: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", "zvernys", *command, "--help"],
        cwd=HOME,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def documents() -> list[Path]:
    return [
        HOME / "README.md",
        HOME / "CHANGELOG.md",
        HOME / ".ci" / "run",
        *sorted(HOME.glob("docs/**/*.md")),
    ]


@pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(HOME)))
def test_only_make_targets_that_exist_are_mentioned(document: Path) -> None:
    text = document.read_text("utf-8")
    mentioned = set(re.findall(r"(?:^|`|\$ )make ([a-z]+)\b", text, re.MULTILINE))
    assert mentioned <= targets()


@pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(HOME)))
def test_only_commands_and_options_that_exist_are_mentioned(document: Path) -> None:
    text = document.read_text("utf-8")
    mentioned = re.findall(r"(?:^|`|\$ |bin/)zvernys ([a-z][\w-]*)([^`\n#|]*)", text, re.MULTILINE)
    known = set(re.findall(r"^    ([a-z][\w-]*)", help_of(), re.MULTILINE))
    for command, rest in mentioned:
        assert command in known, f"zvernys {command}"
        for option in re.findall(r"--[a-z-]+", rest):
            assert option in help_of(command), f"zvernys {command} {option}"


def test_make_runs_only_commands_that_exist() -> None:
    known = set(re.findall(r"^    ([a-z][\w-]*)", help_of(), re.MULTILINE))
    assert set(re.findall(r"\$\(BIN\)/zvernys ([\w-]+)", MAKEFILE)) <= known
    phony = re.search(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)
    assert phony is not None
    assert set(phony[1].split()) <= targets()
    assert {"setup", "demo", "run", "test", "lint", "fmt", "bench"} <= targets()


def test_the_readme_links_only_to_what_is_there() -> None:
    links = re.findall(r"\]\((?!https?://|#|mailto:)([^)\s#]+)", README)
    images = re.findall(r"<img[^>]+src=\"(?!https?://)([^\"]+)\"", README)
    assert [link for link in (*links, *images) if not (HOME / link).exists()] == []


def test_the_changelog_keeps_its_form() -> None:
    assert CHANGELOG.startswith("# Changelog\n")
    versions = re.findall(r"^## \[(.+?)\]", CHANGELOG, re.MULTILINE)
    assert versions[0] == "Unreleased"
    kinds = set(re.findall(r"^### (.+)$", CHANGELOG, re.MULTILINE))
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_the_project_speaks_of_nobodys_machine() -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=HOME,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\n")
    suffixes = {".py", ".md", ".toml", ".html", ".po", ".js", ".css", ".yml", ".yaml", ""}
    texts = [
        HOME / name for name in tracked if name and Path(name).suffix in suffixes and (HOME / name).is_file()
    ]
    pattern = re.compile(r"\.\./shared|/" + "work/|/" + "root/")
    assert [
        str(path.relative_to(HOME)) for path in texts if pattern.search(path.read_text("utf-8", "replace"))
    ] == []
