"""A city pack: everything that differs from one city to the next, read from a folder of plain files.

    city.toml           names, place, emergency numbers; [calendar]: hours by day of the week, `days_off`,
                        `special` dates with hours of their own, whether `public_holidays` are days off
    taxonomy.toml       groups and categories; where it is absent, the default catalogue of core/data. One of
                        them is `other`, where what nobody could name goes
    executors.toml      who answers; an [executor.calendar] says of its hours what differs from the city's
    rules.toml          exceptions to "a category is answered by its kind of executor"; first match wins
    districts.geojson   outlines (WGS 84), holes and all; `slug`, `uk` and `en` of each district. An import
                        takes an open map's as well, whose districts have a `name:uk` or `name` and no slug
    streets.csv         the gazetteer; `ranges` such as "north:1-45;south:2-44 even" tell houses' districts
    landmarks.csv       parks, stations, hospitals ... by which people say where; may be absent
    streets.geojson     lines of streets, for the nearest one to a point; may be absent
    answers.toml        typical questions and their answers; may be absent
    templates.toml      replies that the desk begins from: `title_uk`, `title_en`, `uk`, `en`, and `verb`, the
                        action they are for, or none for all; where it is absent, those of core/data. A
                        template is known by its verb and its `title_uk`

They are UTF-8. In a CSV file a list within a cell has semicolons between; a spreadsheet may part the cells
by semicolons as well, and write numbers with a comma. What is wrong in a file is a PackError that names the
file, the place in it and what would be right. `zvernys city import` lays files of a folder over those that
stand.
"""

from core.pack.files import PackError, Texts, decoded, texts_of
from core.pack.load import COMMON, DATA, DEFAULT_PACK, FILES, TEMPLATES, load_pack, pack_texts, read_pack
from core.pack.rules import completed, rules_text, written_of
from core.pack.specs import (
    AnswerSpec,
    CategorySpec,
    DistrictSpec,
    EmergencySpec,
    ExecutorSpec,
    GroupSpec,
    HouseRange,
    LandmarkSpec,
    Pack,
    PortfolioSpec,
    RuleSpec,
    StreetLine,
    StreetSpec,
    TemplateSpec,
)
from core.pack.writing import districts_text, executors_text, taxonomy_text, templates_text, toml_text

__all__ = [
    "COMMON",
    "DATA",
    "DEFAULT_PACK",
    "FILES",
    "TEMPLATES",
    "AnswerSpec",
    "CategorySpec",
    "DistrictSpec",
    "EmergencySpec",
    "ExecutorSpec",
    "GroupSpec",
    "HouseRange",
    "LandmarkSpec",
    "Pack",
    "PackError",
    "PortfolioSpec",
    "RuleSpec",
    "StreetLine",
    "StreetSpec",
    "TemplateSpec",
    "Texts",
    "completed",
    "decoded",
    "districts_text",
    "executors_text",
    "load_pack",
    "pack_texts",
    "read_pack",
    "rules_text",
    "taxonomy_text",
    "templates_text",
    "texts_of",
    "toml_text",
    "written_of",
]
