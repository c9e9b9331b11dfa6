import json
import random
import shutil
from datetime import date
from pathlib import Path

import pytest
from shapely import MultiPolygon, Point, Polygon
from shapely.geometry import shape

from core.pack import DEFAULT_PACK, DistrictSpec, PackError, load_pack

PACK = load_pack()
REAL_DISTRICTS = Path(__file__).parents[3] / "shared" / "data" / "kryvyi_rih_districts.geojson"


def outline(district: DistrictSpec) -> MultiPolygon:
    return MultiPolygon([Polygon(ring) for ring in district.outline])


def test_the_default_pack_is_the_city_we_mean() -> None:
    assert (PACK.slug, PACK.timezone, len(PACK.districts)) == ("kryvyi_rih", "Europe/Kyiv", 7)
    assert {"101", "102", "103", "104", "112", "1520"} <= {number.number for number in PACK.emergency}
    assert len(PACK.categories) == 42
    assert sum(bool(street.districts) for street in PACK.streets) >= 200
    assert len(PACK.landmarks) >= 40
    assert not PACK.calendar.days_off, "martial law suspends public holidays"


def test_every_category_has_its_group_and_every_group_its_categories() -> None:
    assert {category.group for category in PACK.categories} == {group.slug for group in PACK.groups}


def test_every_council_serves_one_district_and_each_district_has_its_council() -> None:
    councils = [executor.district for executor in PACK.executors if executor.kind == "district_council"]
    assert sorted(map(str, councils)) == sorted(district.slug for district in PACK.districts)


def test_outlines_are_sound_lie_in_the_bounds_and_do_not_overlap() -> None:
    south, west, north, east = PACK.bounds
    shapes = [outline(district) for district in PACK.districts]
    assert all(each.is_valid for each in shapes)
    for each in shapes:
        min_lon, min_lat, max_lon, max_lat = each.bounds
        assert west <= min_lon < max_lon <= east
        assert south <= min_lat < max_lat <= north
    for at, each in enumerate(shapes):
        assert all(each.intersection(other).area < 1e-9 for other in shapes[at + 1 :])


def test_streets_and_landmarks_with_a_position_and_one_district_lie_in_it() -> None:
    shapes = {district.slug: outline(district) for district in PACK.districts}
    for street in PACK.streets:
        if street.lat is not None and street.lon is not None and len(street.districts) == 1:
            assert shapes[street.districts[0]].distance(Point(street.lon, street.lat)) < 0.01, street.name
    for place in PACK.landmarks:
        if place.lat is not None and place.lon is not None and place.district:
            assert shapes[place.district].distance(Point(place.lon, place.lat)) < 0.01, place.name


@pytest.mark.skipif(not REAL_DISTRICTS.exists(), reason="the real outlines are not at hand")
def test_the_coarse_outlines_agree_with_the_real_ones() -> None:
    """At least nine points in ten of each real district lie in ours."""
    coarse = {district.uk: outline(district) for district in PACK.districts}
    chance = random.Random(1520)
    for feature in json.loads(REAL_DISTRICTS.read_text("utf-8"))["features"]:
        real, name = shape(feature["geometry"]), feature["properties"]["name:uk"]
        west, south, east, north = real.bounds
        points: list[Point] = []
        while len(points) < 500:
            point = Point(chance.uniform(west, east), chance.uniform(south, north))
            points += [point] if real.contains(point) else []
        share = sum(coarse[name].contains(point) for point in points) / len(points)
        assert share >= 0.9, f"{name}: {share:.0%}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEFAULT_PACK, tmp_path / "pack"))


def test_a_city_may_bring_its_own_catalogue(folder: Path) -> None:
    (folder / "taxonomy.toml").write_text(
        '[[group]]\nslug = "water"\nuk = "Вода"\nen = "Water"\n'
        '[[group]]\nslug = "heat"\nuk = "Тепло"\nen = "Heat"\n'
        '[[category]]\nslug = "water.leak"\ngroup = "water"\nuk = "Витік"\nen = "Leak"\nhours = 2\n'
        'executor = "water_utility"\n'
        '[[category]]\nslug = "heat.none"\ngroup = "heat"\nuk = "Холод"\nen = "Cold"\nhours = 2\n'
        'executor = "heat_utility"\n',
        "utf-8",
    )
    assert [category.slug for category in load_pack(folder).categories] == ["water.leak", "heat.none"]


def test_public_holidays_become_days_off_when_they_return(folder: Path) -> None:
    file = folder / "city.toml"
    file.write_text(
        file.read_text("utf-8").replace("public_holidays = false", "public_holidays = true"), "utf-8"
    )
    days_off = load_pack(folder).calendar.days_off
    assert date(2027, 8, 24) in days_off
    assert date(2027, 8, 25) not in days_off


def test_a_rule_may_look_at_kind_urgency_and_hours_and_name_who_helps(folder: Path) -> None:
    (folder / "rules.toml").write_text(
        '[[rule]]\nappeal_kind = "complaint"\nurgent = false\nhours = "off"\nexecutor = "police"\n'
        'co_executors = ["dtek", "teplotsentral"]\n',
        "utf-8",
    )
    first = load_pack(folder).rules[0]
    assert first.conditions == {"kind": "complaint", "urgent": False, "hours": "off"}
    assert (first.executor, first.co_executors) == ("police", ("dtek", "teplotsentral"))


def test_what_the_catalogue_says_stands_only_where_no_written_rule_said_it_before() -> None:
    heat = [rule for rule in PACK.rules if (rule.category or rule.group or "").startswith("heat")]
    assert [rule.conditions for rule in heat] == [{"group": "heat"}]


def test_a_rule_for_a_kind_becomes_one_for_each_executor_of_it(folder: Path) -> None:
    (folder / "rules.toml").write_text('[[rule]]\ngroup = "house"\nkind = "district_council"\n', "utf-8")
    rules = [rule for rule in load_pack(folder).rules if rule.group == "house"]
    assert len(rules) == 7
    assert all(rule.executor == f"council_{rule.district}" for rule in rules)


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("city.toml", 'slug = "kryvyi_rih"', "", "`slug` must be a text"),
        ("city.toml", "Europe/Kyiv", "Europe/Kyjiw", "such as Europe/Kyiv"),
        ("city.toml", "[47.91, 33.39]", "[33.39, 47.91]", "within `bounds`"),
        ("city.toml", "[47.91, 33.39]", "[47.91]", "list of 2 numbers"),
        ("city.toml", '"08:00-17:00"', '"8-17"', "like 08:00-17:00"),
        ("city.toml", "days_off = []", 'days_off = ["1.1.2026"]', "like 2026-01-31"),
        ("city.toml", "days_off", "daysoff", "nothing is called daysoff"),
        ("city.toml", "[calendar]", "[calendar", "must be TOML"),
        ("executors.toml", 'kind = "police"', 'kind = "militia"', "missing: police"),
        ("executors.toml", 'slug = "police"', 'slug = "dtek"', "'dtek' stands twice"),
        ("executors.toml", 'district = "ternivskyi"', 'district = "terny"', "'terny' is unknown"),
        ("rules.toml", 'group = "heat"', 'group = "warmth"', "'warmth' is unknown"),
        ("rules.toml", 'executor = "teplotsentral"', "", "either an `executor` or a `kind`"),
        (
            "rules.toml",
            'group = "heat"',
            'group = "heat"\ncategory = "gas.leak"',
            "a `category` or a `group`",
        ),
        ("rules.toml", 'group = "heat"', 'appeal_kind = "petition"', "'petition' is unknown"),
        ("rules.toml", 'group = "heat"', 'hours = "night"', "'night' is unknown"),
        ("rules.toml", 'group = "heat"', 'urgent = "yes"', "true or false"),
        ("rules.toml", 'group = "heat"', 'co_executors = ["militia"]', "unknown in `co_executors`: militia"),
        ("rules.toml", 'group = "heat"', 'co_executors = ["teplotsentral"]', "others than the executor"),
        ("rules.toml", "[[rule]]", '[[rule]]\nexecutor = "dtek"\n[[rule]]', "the rules above take all"),
        ("districts.geojson", "MultiPolygon", "Point", "'Point' is unknown"),
        ("districts.geojson", "33.37", '"33.37?"', "closed rings"),
        ("districts.geojson", "47.98", "147.98", "closed rings"),
        ("streets.csv", ",street,", ",strasse,", "'strasse' is unknown"),
        ("streets.csv", "Мусоргського,street", "Соборності,street", "'street Соборності' stands twice"),
        ("streets.csv", "saksahanskyi", "saks", "unknown in `districts`: saks"),
        ("streets.csv", "Костенка,street,,,", "Костенка,street,,", "as many cells"),
        ("streets.csv", ",47.91,33.39", ",47.91,", "stand together"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    folder: Path, file: str, old: str, new: str, words: str
) -> None:
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), "utf-8")
    with pytest.raises(PackError) as caught:
        load_pack(folder)
    assert caught.value.file == file
    assert words in str(caught.value)
    assert caught.value.text("uk") != str(caught.value)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "streets.csv").unlink()
    with pytest.raises(PackError, match=r"streets\.csv: file: must be readable"):
        load_pack(folder)
