"""Drawn photos of a city's troubles; they look like nothing that a camera took, and are meant to."""

import io
from collections.abc import Callable
from random import Random

from PIL import Image, ImageDraw

SIZE = (960, 720)
GROUND = 430
Painter = Callable[[ImageDraw.ImageDraw, Random], None]


def draw(name: str) -> bytes:
    """The photo of this name, as JPEG; the same each time."""
    rng = Random(name)  # noqa: S311 - a drawing, no secret
    image = Image.new("RGB", SIZE, "#b9cbd8")
    canvas = ImageDraw.Draw(image)
    _houses(canvas, rng)
    PAINTERS[name](canvas, rng)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def _houses(canvas: ImageDraw.ImageDraw, rng: Random) -> None:
    left = -30
    while left < SIZE[0]:
        width, top = rng.randint(150, 260), rng.randint(70, 220)
        canvas.rectangle(
            (left, top, left + width, GROUND), fill=rng.choice(("#c7a98c", "#b08f7c", "#cdbfae"))
        )
        for x in range(left + 24, left + width - 40, 62):
            for y in range(top + 26, GROUND - 50, 74):
                canvas.rectangle((x, y, x + 32, y + 42), fill=rng.choice(("#e7edf1", "#8fa2ae", "#f6dd9a")))
        left += width + rng.randint(4, 40)
    canvas.rectangle((0, GROUND, *SIZE), fill="#6f7478")
    canvas.rectangle((0, GROUND, SIZE[0], GROUND + 34), fill="#a5a8a6")


def _water(canvas: ImageDraw.ImageDraw, rng: Random) -> None:
    canvas.ellipse((170, 500, 820, 700), fill="#7fa9c4")
    canvas.ellipse((260, 530, 700, 670), fill="#9cc3da")
    for _ in range(40):
        x, height = rng.gauss(480, 26), rng.randint(60, 260)
        canvas.line((480, 590, x, 590 - height), fill="#dcebf4", width=5)


def _pothole(canvas: ImageDraw.ImageDraw, rng: Random) -> None:
    for x, y, size in ((250, 520, 150), (560, 560, 210), (480, 480, 70)):
        canvas.ellipse((x, y, x + size, y + size * 0.45), fill="#3d3f42", outline="#85898c", width=6)
    for _ in range(70):
        x, y = rng.randint(100, 860), rng.randint(480, 700)
        canvas.rectangle((x, y, x + 5, y + 3), fill="#8d9194")


def _manhole(canvas: ImageDraw.ImageDraw, _rng: Random) -> None:
    canvas.ellipse((330, 540, 610, 650), fill="#121314", outline="#9a8f80", width=14)
    canvas.ellipse((600, 600, 850, 690), fill="#57514a", outline="#3a352f", width=10)


def _rubbish(canvas: ImageDraw.ImageDraw, rng: Random) -> None:
    canvas.rectangle((330, 380, 640, 590), fill="#4f7a4a", outline="#36552f", width=8)
    for _ in range(60):
        x, y = rng.gauss(480, 190), rng.randint(540, 680)
        colour = rng.choice(("#1f2326", "#e8e4da", "#3f6ea5", "#b7503f", "#d9b24c"))
        canvas.ellipse((x - 34, y - 24, x + 34, y + 24), fill=colour)


def _tree(canvas: ImageDraw.ImageDraw, rng: Random) -> None:
    canvas.line((180, 660, 720, 520), fill="#5d4630", width=44)
    for _ in range(90):
        x, y = rng.gauss(740, 100), rng.gauss(470, 70)
        canvas.ellipse((x - 26, y - 20, x + 26, y + 20), fill=rng.choice(("#4d7c3a", "#6a9a4d", "#3b6230")))


def _lamp(canvas: ImageDraw.ImageDraw, _rng: Random) -> None:
    canvas.rectangle((0, 0, SIZE[0], GROUND), fill="#1d2533")
    canvas.rectangle((0, GROUND, *SIZE), fill="#20242a")
    canvas.line((470, 700, 470, 150, 600, 130), fill="#5a6470", width=16)
    canvas.ellipse((585, 118, 680, 160), fill="#39424e")
    canvas.ellipse((860, 180, 890, 200), fill="#f3d98b")


def _stairs(canvas: ImageDraw.ImageDraw, rng: Random) -> None:
    canvas.rectangle((0, 0, *SIZE), fill="#b7b29b")
    for step in range(9):
        canvas.rectangle(
            (120 + step * 45, 640 - step * 55, 840, 695 - step * 55), fill="#8d897b", outline="#6a675c"
        )
    for _ in range(30):
        x, y = rng.randint(0, 900), rng.randint(0, 400)
        canvas.line((x, y, x + rng.randint(-40, 40), y + rng.randint(20, 70)), fill="#857f69", width=3)


def _done(canvas: ImageDraw.ImageDraw, _rng: Random) -> None:
    canvas.polygon(((240, 520), (720, 500), (800, 690), (180, 700)), fill="#2f3235")
    for x in (150, 830):
        canvas.polygon(((x, 690), (x + 30, 590), (x + 60, 690)), fill="#e8702a")
        canvas.rectangle((x + 16, 630, x + 44, 645), fill="#f4f1ea")


PAINTERS: dict[str, Painter] = {
    "water": _water,
    "roads": _pothole,
    "manhole": _manhole,
    "sanitation": _rubbish,
    "tree": _tree,
    "energy": _lamp,
    "house": _stairs,
    "done": _done,
}
# What a resident's photo shows, by topic or else by group of topics; who is in neither sends none.
OF_TOPIC = {"roads.manhole": "manhole", "green.tree": "tree", "lighting.street": "energy"}
OF_GROUP = {name: name for name in ("water", "roads", "sanitation", "energy", "house")}


def of_topic(category: str, group: str) -> str | None:
    return OF_TOPIC.get(category) or OF_GROUP.get(group)
