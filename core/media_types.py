"""What a file is, told by its content alone, whatever it calls itself.

Only what an operator can look at without harm is known here: a program, an archive, a page or a drawing that
can carry scripts, a document with macros, and what nobody recognises, all come to nothing.
"""

import io
import re
import struct
import zipfile
from dataclasses import dataclass

import filetype

from core.models.appeals import AttachmentKind


@dataclass(frozen=True, slots=True)
class FileType:
    extension: str
    mime: str
    kind: AttachmentKind


_PHOTO, _VIDEO = AttachmentKind.PHOTO, AttachmentKind.VIDEO
_VOICE, _DOCUMENT = AttachmentKind.VOICE, AttachmentKind.DOCUMENT
_OFFICE = "application/vnd.openxmlformats-officedocument"
_ODT = "application/vnd.oasis.opendocument.text"
TYPES = {
    known.extension: known
    for known in (
        FileType("jpg", "image/jpeg", _PHOTO),
        FileType("png", "image/png", _PHOTO),
        FileType("webp", "image/webp", _PHOTO),
        FileType("mp4", "video/mp4", _VIDEO),
        FileType("mov", "video/quicktime", _VIDEO),
        FileType("webm", "video/webm", _VIDEO),
        FileType("3gp", "video/3gpp", _VIDEO),
        FileType("ogg", "audio/ogg", _VOICE),
        FileType("mp3", "audio/mpeg", _VOICE),
        FileType("m4a", "audio/mp4", _VOICE),
        FileType("aac", "audio/aac", _VOICE),
        FileType("wav", "audio/wav", _VOICE),
        FileType("pdf", "application/pdf", _DOCUMENT),
        FileType("docx", f"{_OFFICE}.wordprocessingml.document", _DOCUMENT),
        FileType("xlsx", f"{_OFFICE}.spreadsheetml.sheet", _DOCUMENT),
        FileType("odt", _ODT, _DOCUMENT),
        FileType("txt", "text/plain", _DOCUMENT),
    )
}
_BOX = 1024  # bytes; the box that begins a video is a few dozen
_PARTS = 5000  # files within a document
_MP4 = {b"isom", b"mp41", b"mp42", b"avc1", b"MSNV", b"M4V ", b"dash"} | {b"iso%d" % n for n in range(2, 10)}
_STILLS = {b"heic", b"heix", b"mif1", b"msf1", b"avif", b"avis", b"crx "}
_MACROS = ("Basic/", "Scripts/")  # of OpenDocument
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_BROKEN = (zipfile.BadZipFile, EOFError, RuntimeError, OSError, ValueError, KeyError, struct.error)


def recognise(content: bytes) -> FileType | None:
    """What this is; None for what is not to be kept."""
    if content[4:8] == b"ftyp":
        found = _of_mp4_family(content)
    elif content.startswith(b"PK\x03\x04"):
        found = _of_office(content)
    elif (guess := filetype.guess_extension(content)) is not None:
        found = guess
    else:
        found = "txt" if _is_text(content) else None
    return TYPES.get(found or "")


def _of_mp4_family(content: bytes) -> str | None:
    """By the brands of the first box; its length keeps out a program that has the mark in its header."""
    length = int.from_bytes(content[:4])
    if not 16 <= length <= min(len(content), _BOX):  # noqa: PLR2004 - the least that has a brand
        return None
    brand = content[8:12]
    brands = {brand, *(content[at : at + 4] for at in range(16, length, 4))}
    if brand in {b"M4A ", b"M4B "}:
        return "m4a"
    if brand == b"qt  ":
        return "mov"
    if brand.startswith((b"3gp", b"3g2")):
        return "3gp"
    return "mp4" if brands & _MP4 and brand not in _STILLS else None


def _of_office(content: bytes) -> str | None:
    """A document is an archive of known parts; nothing is unpacked but the few bytes that name its type."""
    if content.count(b"PK\x01\x02") > _PARTS:
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = set(packed.namelist())
            if any(part.endswith("vbaProject.bin") or part.startswith(_MACROS) for part in parts):
                return None
            if "[Content_Types].xml" in parts:
                return _office_by_parts(parts)
            if packed.getinfo("mimetype").compress_type != zipfile.ZIP_STORED:
                return None  # never so in a document, and of a few packed bytes gigabytes may come
            with packed.open("mimetype") as named:
                return "odt" if named.read(100) == _ODT.encode() else None
    except _BROKEN:
        return None


def _office_by_parts(parts: set[str]) -> str | None:
    if "word/document.xml" in parts:
        return "docx"
    return "xlsx" if "xl/workbook.xml" in parts else None


def _is_text(content: bytes) -> bool:
    """Words in an encoding that is used here; neither markup nor a script, which begin with a mark."""
    for encoding in ("utf-8-sig", "cp1251"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not _CONTROL.search(text) and bool(text.strip()) and not text.lstrip().startswith(("<", "#!"))
    return False
