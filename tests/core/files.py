"""Small files of every kind that is taken, and of those that are not."""

import io
import zipfile

from bot.simulator.sounds import silence
from tests.core.pictures import EXECUTABLE, picture

_TYPES = "[Content_Types].xml"
ODT_TYPE = b"application/vnd.oasis.opendocument.text"


def packed(**parts: bytes) -> bytes:
    """An archive; the names of its parts with __ for /, and TYPES for what OOXML begins with."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(_TYPES if name == "TYPES" else name.replace("__", "/"), content)
    return out.getvalue()


def packed_type(method: int, gap: int = 0) -> bytes:
    """An ODT that packs even what names its type, with so many zeros behind it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", ODT_TYPE + bytes(gap), method)
    return out.getvalue()


def brand(major: bytes, *compatible: bytes) -> bytes:
    """The beginning of a file of the MP4 family."""
    box = b"ftyp" + major + bytes(4) + b"".join(compatible)
    return (len(box) + 4).to_bytes(4) + box + (16).to_bytes(4) + b"mdat" + bytes(600)


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
DOCX = packed(TYPES=b"<Types/>", **{"word__document.xml": b"<w:document/>"})
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\x82\x84webm" + bytes(100)
WAV = (
    b"RIFF\x2c\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data\x08\0\0\0"
    + bytes(8)
)

KEPT: dict[str, tuple[bytes, str]] = {
    "mp4": (brand(b"isom", b"isom", b"iso2", b"mp41"), "mp4"),
    "mp4 of a phone": (brand(b"mp42", b"isom", b"mp42"), "mp4"),
    "mov": (brand(b"qt  ", b"qt  "), "mov"),
    "3gp": (brand(b"3gp4", b"isom", b"3gp4"), "3gp"),
    "webm": (WEBM, "webm"),
    "ogg": (silence(5), "ogg"),
    "mp3": (b"ID3\x04\0\0\0\0\0\0" + b"\xff\xfb\x90\x64" * 50, "mp3"),
    "mp3 without tags": (b"\xff\xfb\x90\x64" * 50, "mp3"),
    "m4a": (brand(b"M4A ", b"M4A ", b"mp42"), "m4a"),
    "aac": (b"\xff\xf1\x50\x80" + bytes(100), "aac"),
    "wav": (WAV, "wav"),
    "pdf": (PDF, "pdf"),
    "docx": (DOCX, "docx"),
    "xlsx": (packed(TYPES=b"<Types/>", **{"xl__workbook.xml": b"<workbook/>"}), "xlsx"),
    "odt": (packed(mimetype=ODT_TYPE, **{"content.xml": b"<office/>"}), "odt"),
    "txt": ("У дворі третій день тече.\r\n\tДопоможіть!".encode(), "txt"),
    "txt of Windows": ("У дворі третій день тече".encode("cp1251"), "txt"),
    "txt with a mark": ("тече".encode("utf-8-sig"), "txt"),
    "jpeg": (picture(), "jpg"),
    "png": (picture("PNG"), "png"),
}
REFUSED: dict[str, bytes] = {
    "exe": EXECUTABLE,
    "exe with a mark of mp4": b"MZ\x90\0ftypisom" + bytes(400) + b"isom" * 20,
    "elf": b"\x7fELF\x02\x01\x01" + bytes(200),
    "zip": packed(**{"readme.txt": b"hello"}),
    "apk": packed(**{"AndroidManifest.xml": b"\x03\0\x08\0", "classes.dex": b"dex\n"}),
    "docm": packed(TYPES=b"<Types/>", **{"word__document.xml": b"<w/>", "word__vbaProject.bin": b"\xd0\xcf"}),
    "odt with macros": packed(mimetype=ODT_TYPE, **{"Basic__Standard__m.xml": b"<x/>"}),
    "odt with scripts": packed(mimetype=ODT_TYPE, **{"Scripts__python__m.py": b"import os"}),
    "odt that packs its type": packed_type(zipfile.ZIP_BZIP2),
    "pptx": packed(TYPES=b"<Types/>", **{"ppt__presentation.xml": b"<p/>"}),
    "a broken archive": DOCX[:60],
    "an archive of too many parts": DOCX + b"PK\x01\x02" * 6000,
    "rar": b"Rar!\x1a\x07\x01\0" + bytes(100),
    "html": b"<!doctype html><script>alert(1)</script>",
    "html after a gap": b"\xef\xbb\xbf \n\t<HTML onload=x>",
    "svg": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>',
    "a script": b"#!/bin/sh\nrm -rf /\n",
    "doc with macros or not": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "gif": b"GIF89a\x01\0\x01\0\x80\0\0" + bytes(30),
    "heic": brand(b"heic", b"mif1", b"heic"),
    "avif": brand(b"avif", b"avif", b"mif1", b"miaf"),
    "an unknown brand": brand(b"wild"),
    "half a brand": b"\0\0\0\x20ftyp",
    "mkv": b"\x1a\x45\xdf\xa3\x93\x42\x82\x88matroska" + bytes(100),
    "nothing": b"",
    "blank": b" \r\n\t ",
    "noise": bytes(range(256)) * 4,
    "NULs": bytes(500),
}
