"""A city pack: everything that differs from one city to the next, read from a folder of plain files.

    city.toml           names, place, calendar, emergency numbers
    taxonomy.toml       groups and categories; where it is absent, the default catalogue of core/data
    executors.toml      who answers
    rules.toml          exceptions to "a category is answered by its kind of executor"; first match wins
    districts.geojson   outlines (WGS 84)
    streets.csv         the gazetteer

What is wrong in a file is a PackError that names the file, the place in it and what would be right.
"""

from core.pack.files import PackError
from core.pack.load import DATA, DEFAULT_PACK, load_pack
from core.pack.specs import (
    CategorySpec,
    DistrictSpec,
    EmergencySpec,
    ExecutorSpec,
    GroupSpec,
    Pack,
    RuleSpec,
    StreetSpec,
)

__all__ = [
    "DATA",
    "DEFAULT_PACK",
    "CategorySpec",
    "DistrictSpec",
    "EmergencySpec",
    "ExecutorSpec",
    "GroupSpec",
    "Pack",
    "PackError",
    "RuleSpec",
    "StreetSpec",
    "load_pack",
]
