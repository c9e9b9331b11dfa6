"""A folder's files, laid over those that stand; and the way back, for who wants something to begin from."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from core.pack import COMMON, FILES, Pack, PackError, Texts, read_pack, texts_of
from core.pack.files import FILE
from core.phrases import phrase

LARGEST = 32_000_000  # bytes of one file: a city of millions, drawn exactly, stays far below
SUFFIXES = {Path(name).suffix for name in FILES}


def read_folder(folder: Path) -> dict[str, str]:
    """The files of a pack that the folder has, by name. Raises PackError; ValueError where it has none."""
    if not folder.is_dir():
        raise ValueError(f"{folder} is no folder")
    for name in FILES:
        path = folder / name
        if path.is_file() and path.stat().st_size > LARGEST:
            raise PackError(name, FILE, phrase("pack.largest", most=LARGEST // 1_000_000))
    if not (found := texts_of(folder, FILES)):
        raise ValueError(f"{folder} has no file of a city pack; they are {', '.join(FILES)}")
    return found


def left_aside(folder: Path) -> list[str]:
    """Files that look as if they were meant, but no file of a pack is called so."""
    return sorted(
        path.name for path in folder.iterdir() if path.suffix in SUFFIXES and path.name not in FILES
    )


def laid_over(standing: Texts, brought: Texts) -> Pack:
    """The pack that comes of the brought files over those that stand. Raises PackError."""
    try:
        pack = read_pack({**standing, **brought})
    except PackError as error:
        if error.file in brought:
            raise
        right = phrase("pack.kept", right=error.right, file=error.file)
        raise PackError(error.file, error.place, right) from error
    if pack.slug != (was := read_pack(standing).slug) and (left := _missing(standing, brought)):
        raise PackError(left[0], FILE, phrase("pack.other_city", was=was))
    return pack


def write_folder(texts: Mapping[str, str], folder: Path) -> None:
    """Write the files; what is there already is not written over."""
    if there := [name for name in texts if (folder / name).exists()]:
        raise ValueError(f"{folder} already has {', '.join(there)}; name a folder without")
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")


def _missing(standing: Texts, brought: Texts) -> list[str]:
    """What another city must bring; what any city has may be as it stands."""
    needed: Iterable[str] = set(standing) - set(COMMON)
    return [name for name in FILES if name in needed and name not in brought]
