import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from core.pack import DEFAULT_PACK, HouseRange, PackError, load_pack

STREETS = "name,type,old_names,also,districts,lat,lon,ranges\n"
LANDMARKS = "name,kind,also,district,lat,lon\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEFAULT_PACK, tmp_path / "pack"))


def line(coordinates: object, name: str = "Миру", kind: str = "LineString") -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"name": name, "type": "avenue"},
                "geometry": {"type": kind, "coordinates": coordinates},
            }
        ],
    }


def test_ranges_of_houses_tell_the_district(folder: Path) -> None:
    row = "Довга,street,,,metalurhiinyi;saksahanskyi,,,metalurhiinyi:1-45;saksahanskyi:2-44 even\n"
    (folder / "streets.csv").write_text(STREETS + row, "utf-8")
    (street,) = load_pack(folder).streets
    assert street.ranges == (HouseRange("metalurhiinyi", 1, 45), HouseRange("saksahanskyi", 2, 44, "even"))


def test_a_pack_needs_neither_landmarks_nor_lines(folder: Path) -> None:
    (folder / "landmarks.csv").unlink()
    pack = load_pack(folder)
    assert (pack.landmarks, pack.street_lines) == ((), ())


def test_lines_belong_to_streets_of_the_gazetteer(folder: Path) -> None:
    lines = [[[33.38, 47.90], [33.39, 47.91]], [[33.40, 47.92], [33.41, 47.93]]]
    (folder / "streets.geojson").write_text(json.dumps(line(lines, kind="MultiLineString")), "utf-8")
    pack = load_pack(folder)
    assert {each.street.name for each in pack.street_lines} == {"Миру"}
    assert [each.points[0] for each in pack.street_lines] == [(33.38, 47.90), (33.40, 47.92)]


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("streets.csv", STREETS + "Довга,street,,,metalurhiinyi,,,metalurhiinyi 1-45\n", "written like"),
        ("streets.csv", STREETS + "Довга,street,,,metalurhiinyi,,,metalurhiinyi:45-1\n", "written like"),
        ("streets.csv", STREETS + "Довга,street,,,metalurhiinyi,,,ternivskyi:1-45\n", "not in `districts`"),
        ("landmarks.csv", LANDMARKS + "ЦУМ,shop,,,,\n", "'shop' is unknown"),
        ("landmarks.csv", LANDMARKS + "ЦУМ,mall,,downtown,,\n", "'downtown' is unknown"),
        ("landmarks.csv", LANDMARKS + "ЦУМ,mall,,,47.9,\n", "stand together"),
        ("landmarks.csv", LANDMARKS + "ЦУМ,mall,,,,\n" * 2, "'ЦУМ' stands twice"),
        ("streets.geojson", json.dumps(line([[33.4, 47.9], [33.5, 47.9]], "Безіменний")), "no avenue called"),
        ("streets.geojson", json.dumps(line([[33.4, 47.9]])), "two points at least"),
        ("streets.geojson", json.dumps(line([[33.4, 147.9], [33.5, 47.9]])), "two points at least"),
        ("streets.geojson", json.dumps(line(7, kind="MultiLineString")), "two points at least"),
        ("streets.geojson", json.dumps(line([], kind="Point")), "'Point' is unknown"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(folder: Path, file: str, text: str, words: str) -> None:
    (folder / file).write_text(text, "utf-8")
    with pytest.raises(PackError) as caught:
        load_pack(folder)
    assert caught.value.file == file
    assert words in str(caught.value)
    assert caught.value.text("uk") != str(caught.value)
