"""Pictures for tests, and what pretends to be one."""

import io
import struct
import zlib

from PIL import Image, ImageDraw

EXECUTABLE = b"MZ\x90\x00\x03\x00\x00\x00" + b"This program cannot be run in DOS mode." * 40
PLACE, CAMERA = 0x8825, 0x010F


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (320, 240), *, turned: bool = False, mode: str = "RGB"
) -> bytes:
    """A picture with EXIF that says where and by what it was taken."""
    image = Image.new(mode, size)
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2, size[1] // 2), fill=1)
    exif = Image.Exif()
    exif[CAMERA] = "Secret Camera"
    exif.get_ifd(PLACE)[1] = "N"
    if turned:
        exif[0x0112] = 6
    out = io.BytesIO()
    image.save(out, kind, exif=exif)
    return out.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that claims to be enormous."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\x00" * 10_000))
        + chunk(b"IEND", b"")
    )
