"""`zvernys city` as one types it: what it says, when it asks, and what counts as a yes."""

import argparse
import asyncio
import io
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import pytest

from core import commands, db
from core.config import load
from core.models import District, PackFile
from zvernys import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[IO[str]]:
    """A keyboard: what is written to it is typed at the command's standard input."""
    keyboard, end = os.openpty()
    with os.fdopen(keyboard, "w") as typed, os.fdopen(end) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        yield typed


@pytest.mark.parametrize(
    ("typed", "agreed"), [("y\n", True), ("Yes\n", True), ("n\n", False), ("\n", False), ("\x04", False)]
)
def test_only_a_yes_is_a_yes(terminal: IO[str], typed: str, *, agreed: bool) -> None:
    terminal.write(typed)
    terminal.flush()
    if agreed:
        commands._agree(argparse.Namespace(yes=False))
    else:
        with pytest.raises(ValueError, match="nothing was changed"):
            commands._agree(argparse.Namespace(yes=False))


@pytest.fixture
def url(migrated_sqlite: Path, tmp_path: Path) -> str:
    shutil.copy(migrated_sqlite, tmp_path / "zvernys.db")
    return f"sqlite://{tmp_path}/zvernys.db"


@pytest.fixture
def run(url: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`zvernys city` with nobody there to ask: its exit code, and what it said."""
    settings = load(server={"data": str(folder)}, database={"url": url})
    monkeypatch.setattr(commands, "settings_of", lambda _options: settings)
    monkeypatch.setattr(sys, "stdin", io.StringIO())

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["city", *arguments])
        return code, *capsys.readouterr()

    return run


def test_a_pack_is_written_shown_and_taken_over(run: Run, url: str, tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    assert run("export", str(folder)) == (0, f"Wrote the city's pack into {folder}.\n", "")
    assert run("export", str(folder))[0] == 1
    assert run("import", str(folder)) == (0, "Nothing would change.\n", "")

    outlines = (folder / "districts.geojson").read_text("utf-8")
    (folder / "districts.geojson").write_text(outlines.replace("Тернівський", "Північний"), "utf-8-sig")
    said = "Districts: 1 changed\n  ~ Північний район (ternivskyi): uk Тернівський район → Північний район\n"
    refused = "zvernys: nothing was changed: with nobody to ask, city import needs --yes\n"
    assert run("import", str(folder)) == (1, said, refused)
    assert run("import", str(folder), "--yes", "--dry-run") == (
        0,
        f"{said}A dry run: nothing was changed.\n",
        "",
    )
    assert asyncio.run(state(url)) == ("Тернівський район", 0)
    applied = f"{said}Applied. What runs follows within seconds.\n"
    assert run("import", str(folder), "--yes") == (0, applied, "")
    assert asyncio.run(state(url)) == ("Північний район", 1)

    (folder / "streets.csv").write_text("name,type\nНова,strasse\n", "utf-8")
    code, out, error = run("import", str(folder), "--yes")
    assert (code, out) == (1, "")
    assert error.startswith("streets.csv: line 2: `type` = 'strasse' is unknown; known: street, ")
    assert error.count("\n") == 1


async def state(url: str) -> tuple[str, int]:
    """The name of a district, and how many files are kept."""
    async with db.connect(url):
        return (await District.get(slug="ternivskyi")).uk, await PackFile.all().count()
