"""The files of a pack as one zip, out and in; what comes in is from outside and is trusted in nothing."""

import io
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from core.errors import Invalid
from core.importing.reading import LARGEST
from core.pack import FILES, decoded

MOST_ENTRIES = 50
MOST = 64_000_000  # bytes of all files together, unpacked
_DATE = (1980, 1, 1, 0, 0, 0)  # so that the same files are the same zip
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)


def packed(texts: Mapping[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in FILES:
            if name in texts:
                entry = zipfile.ZipInfo(name, _DATE)
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, texts[name])
    return out.getvalue()


def unpacked(files: Sequence[tuple[str, bytes]]) -> tuple[dict[str, str], list[str]]:
    """The pack's files among those that were sent, zips opened, and the names of what was left aside.

    Raises PackError for a file that is no text; Invalid for what no honest archive holds: ways out of its
    folder, a name twice, more than fits.
    """
    found: dict[str, bytes] = {}
    aside: list[str] = []
    for name, content in files:
        entries = _entries(name, content) if content[:2] == b"PK" else [(_plain(name), content)]
        for inner, data in entries:
            if inner not in FILES:
                aside.append(inner)
            elif inner in found:
                raise Invalid("import.twice", name=inner)
            else:
                found[inner] = data
        if sum(map(len, found.values())) > MOST:
            raise Invalid("import.too_large", most=MOST // 1_000_000)
    if not found:
        raise Invalid("import.nothing", names=", ".join(FILES))
    return {name: decoded(name, data) for name, data in found.items()}, aside


def _entries(name: str, content: bytes) -> list[tuple[str, bytes]]:
    """What a zip holds, each read no further than it may be long, whatever its heading says."""
    entries, total = [], 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            if len(infos) > MOST_ENTRIES:
                raise Invalid("import.too_many", most=MOST_ENTRIES)
            for info in infos:
                inner = _plain(info.filename)
                if inner not in FILES:
                    entries.append((inner, b""))
                    continue
                with archive.open(info) as file:
                    data = file.read(LARGEST + 1)
                total += len(data)
                if len(data) > LARGEST or total > MOST:
                    raise Invalid("import.too_large", most=LARGEST // 1_000_000)
                entries.append((inner, data))
    except _BROKEN as error:
        raise Invalid("import.no_zip", name=name[:100]) from error
    return entries


def _plain(name: str) -> str:
    """The name without the one folder it may lie in. Raises Invalid for a way out of it."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or not path.name:
        raise Invalid("import.way_out", name=name[:100])
    return path.name if len(path.parts) <= 2 else name[:100]  # noqa: PLR2004 - the folder and the file
