"""A folder of pack files, read and checked before anything is changed."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.importing import reading
from core.importing.checks import check
from core.importing.compare import Item, compared
from core.importing.outlines import adopted
from core.importing.reading import laid_over, left_aside, read_folder, write_folder
from core.pack import FILES, Pack, PackError, load_pack, pack_texts, read_pack, rules_text, written_of
from core.phrases import said
from core.understanding.area import Area

SHIPPED = pack_texts()
REAL = Path(__file__).parents[3] / "shared" / "data" / "kryvyi_rih_districts.geojson"


def brought(folder: Path, **files: str | bytes) -> Pack:
    """The pack that comes of these files, dots of whose names are written as two underlines."""
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / name.replace("__", ".")).write_bytes(data)
    pack = laid_over(SHIPPED, read_folder(folder))
    check(pack)
    return pack


def square(slug: str, west: float, south: float, size: float = 0.1, **more: Any) -> dict[str, Any]:
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    properties = {"slug": slug, "uk": slug, "en": slug} | more
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def outlines(*features: dict[str, Any], **more: Any) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features} | more)


def shipped_outlines(change: Callable[[list[Any]], None]) -> str:
    """Those of the shipped city after a change to the points of the second, a simple polygon."""
    file = json.loads(SHIPPED["districts.geojson"])
    change(file["features"][1]["geometry"]["coordinates"][0])
    return json.dumps(file, ensure_ascii=False)


def cross(ring: list[Any]) -> None:
    ring[2], ring[5] = ring[5], ring[2]


HEAD = "name,type,old_names,also,districts,lat,lon"
NO_OTHER = SHIPPED["taxonomy.toml"].replace('slug = "other"', 'slug = "another"')
LONG = "ж" * 201


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("streets.csv", "Вулиця;так\n".encode("cp1251"), "must be in UTF-8"),
        ("streets.csv", (HEAD + "\n").encode("utf-16"), "must be in UTF-8"),
        ("streets.csv", b"", "must be a heading"),
        ("streets.csv", f"{HEAD}\nА\x00,street,,,,,", "holds NUL"),
        ("streets.csv", f'{HEAD}\n"Нова,street,,,,,', "must be CSV"),
        ("streets.csv", f"{HEAD}\nНова,street,,,,47.9", "line 2: must have as many cells as the heading: 7"),
        ("streets.csv", f"{HEAD},name\nНова,street,,,,,,", "each heading stands once"),
        ("streets.csv", f"{HEAD},x\nНова,street,,,,,,", "nothing is called x"),
        ("streets.csv", f"{HEAD}\n\nНова,street,,,terny,,", "line 3: unknown in `districts`: terny"),
        ("streets.csv", f"{HEAD}\nНова,street,,,,,\nНова,street,,,,,", "'street Нова' stands twice"),
        ("streets.csv", f"{HEAD}\nНова,street,,,,33.39,47.91", "within `bounds`"),
        ("landmarks.csv", "name,kind,also,district,lat,lon\nПарк,park,,,4.79,33.4", "within `bounds`"),
        ("districts.geojson", "{", "must be JSON"),
        ("districts.geojson", "[" * 100_000, "must be JSON"),
        ("districts.geojson", "[]", "must be an object"),
        ("districts.geojson", shipped_outlines(cross), "must not cross or cover itself"),
        ("districts.geojson", shipped_outlines(lambda ring: ring.pop()), "closed rings"),
        ("districts.geojson", SHIPPED["districts.geojson"].replace("33.", "30."), "outside `bounds`"),
        (
            "districts.geojson",
            SHIPPED["districts.geojson"].replace('"note"', '"crs": {"name": "EPSG:3857"}, "note"'),
            "degrees in WGS 84",
        ),
        (
            "districts.geojson",
            SHIPPED["districts.geojson"].replace("Тернівський район", "Терни\\ud800"),
            "must be a text of one line",
        ),
        (
            "districts.geojson",
            SHIPPED["districts.geojson"].replace("Тернівський район", LONG),
            "ternivskyi: `uk` must be of at most 200",
        ),
        ("taxonomy.toml", NO_OTHER, "one of them `other`"),
        ("taxonomy.toml", SHIPPED["taxonomy.toml"].replace('"thanks"', '"дяка"'), "Latin letters"),
        ("taxonomy.toml", SHIPPED["taxonomy.toml"].replace('"thanks"', f'"{"t" * 51}"'), "at most 50"),
        ("executors.toml", '[[executor]]\nslug = "a"\n', "`kind` must be a text"),
        ("rules.toml", '[[rule]]\nexecutor = "nobody"\n', "'nobody' is unknown"),
        ("city.toml", SHIPPED["city.toml"].replace('"kryvyi_rih"', '"lviv"'), "must come along"),
        (
            "streets.geojson",
            outlines(
                {
                    "type": "Feature",
                    "properties": {"name": "Соборності", "type": "street"},
                    "geometry": {"type": "LineString", "coordinates": [[47.9, 33.4], [47.91, 33.4]]},
                }
            ),
            "is longitude first?",
        ),
    ],
)
def test_what_is_broken_is_refused_with_its_place(
    tmp_path: Path, file: str, content: str | bytes, words: str
) -> None:
    with pytest.raises(PackError) as caught:
        brought(tmp_path, **{file.replace(".", "__"): content})
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.text("uk") != str(caught.value)


def test_a_file_that_stands_and_no_longer_fits_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(PackError) as caught:
        brought(tmp_path, districts__geojson=outlines(square("north", 33.3, 47.8)))
    assert caught.value.file in ("streets.csv", "executors.toml")
    assert "bring one that fits" in str(caught.value)


def test_a_folder_without_any_file_and_one_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="no folder"):
        read_folder(tmp_path / "none")
    (tmp_path / "street.csv").write_text("x")
    with pytest.raises(ValueError, match="no file of a city pack"):
        read_folder(tmp_path)
    assert left_aside(tmp_path) == ["street.csv"]
    (tmp_path / "streets.csv").write_text(HEAD)
    monkeypatch.setattr(reading, "LARGEST", 10)
    with pytest.raises(PackError, match="at most"):
        read_folder(tmp_path)


def test_files_as_spreadsheets_write_them_are_read(tmp_path: Path) -> None:
    text = (
        f"{HEAD.replace(',', ';')}\r\n"
        'Нова;street;Стара;;"saksahanskyi;metalurhiinyi";47,91;33,39\r\n'
        'Інша;lane;;;"";;\r\n'
    )
    streets = brought(tmp_path, streets__csv=text.encode("utf-8-sig")).streets
    assert [(street.name, street.type) for street in streets] == [("Нова", "street"), ("Інша", "lane")]
    assert (streets[0].lat, streets[0].lon) == (47.91, 33.39)
    assert streets[0].districts == ("saksahanskyi", "metalurhiinyi")


def test_outlines_as_map_editors_write_them_are_read(tmp_path: Path) -> None:
    file = json.loads(SHIPPED["districts.geojson"])
    file |= {"name": "districts", "bbox": [33, 47, 34, 48], "crs": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    for at, feature in enumerate(file["features"]):
        feature["id"] = at
        geometry = feature["geometry"]
        if geometry["type"] == "Polygon":
            geometry["coordinates"] = [[[*point, 84.0] for point in geometry["coordinates"][0]]]
    assert brought(tmp_path, districts__geojson=json.dumps(file)).districts == load_pack().districts


def test_outlines_of_an_open_map_get_the_slugs_of_the_districts_they_name(tmp_path: Path) -> None:
    file = json.loads(SHIPPED["districts.geojson"])
    for feature in file["features"]:
        feature["properties"] = {"name": "?", "name:uk": feature["properties"]["uk"], "place": "borough"}
    file["features"][0]["properties"]["old_name:uk"] = "Північний район"
    old = load_pack().districts
    new = brought(tmp_path, districts__geojson=adopted(json.dumps(file), old)).districts
    assert new[0] == replace(old[0], old_names=("Північний район",), approximate=False)
    assert [replace(each, approximate=True) for each in new[1:]] == list(old[1:])
    file["features"][0]["properties"]["name:uk"] = "Верхньо-Дніпровський район"
    added = json.loads(adopted(json.dumps(file), old))["features"][0]["properties"]
    assert (added["slug"], added["en"]) == ("verkhno_dniprovskyi", "Verkhno-Dniprovskyi District")
    for unreadable in ("{", "[]", SHIPPED["districts.geojson"]):
        assert adopted(unreadable, old) == unreadable


@pytest.mark.skipif(not REAL.exists(), reason="the real outlines are not at hand")
def test_the_real_outlines_are_taken_with_their_holes(tmp_path: Path) -> None:
    pack = brought(tmp_path, districts__geojson=adopted(REAL.read_text("utf-8"), load_pack().districts))
    assert {each.slug for each in pack.districts} == {each.slug for each in load_pack().districts}
    area = Area(pack.districts)
    assert area.district_at(47.9, 33.4) == "metalurhiinyi"
    assert area.district_at(47.9781, 33.4738) is None, "a village within the city is another community"


def test_overlaps_gaps_and_what_reaches_out_are_told() -> None:
    ring = [("a", 33.3, 47.8), ("b", 33.4, 47.8), ("c", 33.5, 47.8), ("d", 33.3, 47.9), ("e", 33.5, 47.9)]
    ring += [("f", 33.3, 48.0), ("g", 33.4, 48.0), ("h", 33.5, 48.0)]
    features = [square(*each, size=0.1) for each in ring]  # with nothing in the middle
    features += [square("i", 33.55, 48.0)]  # half of it in h, a part of it beyond the bounds
    texts = SHIPPED | {
        "districts.geojson": outlines(*features),
        "streets.csv": HEAD,
        "landmarks.csv": "name,kind,also,district,lat,lon",
        "executors.toml": SHIPPED["executors.toml"].replace("district = ", "phone = "),
    }
    out, overlap, gap = (said(each, "en") for each in check(read_pack(texts)))
    assert "`bounds` of city.toml: i;" in out
    assert "h and i overlap by 50%" in overlap
    assert "around 47.9500, 33.4500" in gap
    assert check(load_pack()) == []
    with pytest.raises(PackError, match="must be a district"):
        check(replace(load_pack(), districts=()))


def test_what_is_written_out_reads_as_it_was_and_never_overwrites(tmp_path: Path) -> None:
    write_folder(SHIPPED, tmp_path / "new" / "pack")
    assert read_folder(tmp_path / "new" / "pack") == SHIPPED
    assert set(SHIPPED) <= set(FILES)
    with pytest.raises(ValueError, match=r"already has .*city\.toml"):
        write_folder(SHIPPED, tmp_path / "new" / "pack")


def test_a_table_of_rules_is_written_as_few_rules_from_which_it_follows() -> None:
    pack = load_pack()
    written = written_of(pack.rules, pack.categories, pack.executors)
    assert len(written) == 1
    again = read_pack(SHIPPED | {"rules.toml": rules_text(written)})
    assert again.rules == pack.rules
    shuffled = tuple(reversed(pack.rules[:-1]))
    text = rules_text(written_of((*shuffled, pack.rules[-1]), pack.categories, pack.executors))
    table = read_pack(SHIPPED | {"rules.toml": text}).rules
    assert [rule.conditions for rule in table[:5]] == [rule.conditions for rule in shuffled[:5]]


def test_lists_name_twenty_and_count_the_rest() -> None:
    before = {str(n): Item(f"street {n}", {"lat": n}) for n in range(40)}
    after = {"new": Item("new"), "50": Item("street 50", {"lat": 0})}
    after |= {"39": Item("street 39", {"lat": None, "open": True}), "38": before["38"]}
    found = compared("street", before, after, former={"50": "3"})
    assert found is not None
    lines = found.lines("en")
    assert lines[0] == "Streets: 1 new, 37 gone, 1 renamed, 1 changed"
    assert lines[1:4] == ["  + new", "  - street 0", "  - street 1"]
    assert lines[22:] == [
        "  - and 17 more",
        "  = street 3 → street 50",
        "  ~ street 39: lat 39 → none, open none → yes",
        "  ~ their order",
    ]
    assert compared("street", before, before) is None
