"""Measuring and shrinking photos as a messenger does, and the samples offered on the page."""

import io
import math
from collections.abc import Callable
from functools import cache

from PIL import Image, ImageDraw, UnidentifiedImageError

Image.preinit()  # its plugins are imported here and not at the first photo, inside the event loop

_SIZE = (960, 720)


def measure(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels; None when it is no picture."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            return image.size
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def shrink(data: bytes, side: int) -> bytes:
    """A JPEG whose longer side is `side` pixels at most; what is no picture comes back as it is."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.thumbnail((side, side))
            return _jpeg(image.convert("RGB"))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return data


@cache
def samples() -> dict[str, bytes]:
    """Three drawn street problems, as JPEG, by name."""
    return {name: _draw(paint) for name, paint in _PAINTERS.items()}


def _draw(paint: Callable[[ImageDraw.ImageDraw], None]) -> bytes:
    image = Image.new("RGB", _SIZE, "#aebfcb")
    paint(ImageDraw.Draw(image))
    return _jpeg(image)


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


def _street(draw: ImageDraw.ImageDraw, sky: str, ground: str) -> None:
    draw.rectangle((0, 0, 960, 400), fill=sky)
    for left, top, colour in ((40, 120, "#b98d6f"), (330, 60, "#c9a98a"), (650, 150, "#a98f86")):
        draw.rectangle((left, top, left + 260, 400), fill=colour)
        for x in range(left + 30, left + 230, 70):
            for y in range(top + 30, 370, 80):
                draw.rectangle((x, y, x + 36, y + 46), fill="#e9edf0", outline="#7d6a5d", width=3)
    draw.rectangle((0, 400, 960, 450), fill="#9aa09f")
    draw.rectangle((0, 450, 960, 720), fill=ground)


def _puddle(draw: ImageDraw.ImageDraw) -> None:
    _street(draw, "#b7c9d6", "#6f7377")
    draw.ellipse((180, 500, 800, 690), fill="#5d89a8", outline="#4a7492", width=6)
    draw.ellipse((260, 530, 620, 630), fill="#7fa9c5")
    for drop in range(7):
        angle = math.pi * (0.15 + drop * 0.117)
        x, y = 490 + 150 * math.cos(angle), 520 - 130 * math.sin(angle)
        draw.line((490, 545, x, y), fill="#d7ecf9", width=9)
        draw.ellipse((x - 10, y - 10, x + 10, y + 10), fill="#d7ecf9")


def _pothole(draw: ImageDraw.ImageDraw) -> None:
    _street(draw, "#c8d8e0", "#5f6266")
    for left in range(20, 960, 190):
        draw.rectangle((left, 468, left + 110, 480), fill="#e8e4d5")
    edge = [(260, 600), (330, 545), (440, 560), (520, 530), (650, 560), (700, 620), (610, 680), (400, 690)]
    draw.polygon(edge, fill="#2f2b28")
    draw.line([*edge, edge[0]], fill="#8b8782", width=8)
    for start, end in (((260, 600), (150, 570)), ((700, 620), (830, 650)), ((520, 530), (540, 480))):
        draw.line((*start, *end), fill="#3a3835", width=6)


def _lamp(draw: ImageDraw.ImageDraw) -> None:
    _street(draw, "#22304a", "#31363d")
    draw.rectangle((0, 0, 960, 450), fill="#22304a")
    for left, top in ((60, 190), (380, 130), (690, 210)):
        draw.rectangle((left, top, left + 220, 450), fill="#161f31")
        draw.rectangle((left + 40, top + 50, left + 70, top + 90), fill="#d8b65a")
    draw.rectangle((470, 110, 490, 640), fill="#59616b")
    draw.line((480, 118, 640, 96), fill="#59616b", width=16)
    draw.polygon(((600, 90), (690, 82), (708, 122), (610, 126)), fill="#3f464e")
    draw.ellipse((626, 112, 690, 142), fill="#12161d", outline="#59616b", width=4)


_PAINTERS = {"puddle": _puddle, "pothole": _pothole, "lamp": _lamp}
