"""Outlines as open maps give them: districts with names, and no slug of ours."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from core.pack import DistrictSpec
from core.understanding.transliteration import to_latin

NAMES = ("name:uk", "name")
OLD_NAMES = ("old_name:uk", "old_name")
COMMON = "район"


def adopted(text: str, standing: Iterable[DistrictSpec]) -> str:
    """The file with slugs: of a district that stands, where the name is one of its, else made of the name.

    A file whose features have slugs is left as it is, and so is one that makes no sense: reading it says why.
    """
    try:
        file = json.loads(text)
        features = [feature["properties"] for feature in file["features"]]
        if not all(_name(each) and "slug" not in each for each in features):
            return text
    except (ValueError, RecursionError, LookupError, TypeError):
        return text
    known = {_key(name): spec for spec in standing for name in (*spec.old_names, spec.uk)}
    for feature in file["features"]:
        feature["properties"] = _ours(feature["properties"], known)
    return json.dumps(file, ensure_ascii=False)


def _ours(given: Mapping[str, Any], known: Mapping[str, DistrictSpec]) -> dict[str, object]:
    uk, old = _name(given), [given[key] for key in OLD_NAMES if given.get(key)][:1]
    spec = known.get(_key(uk))
    if spec:
        old = [*spec.old_names, *(name for name in old if name not in spec.old_names)]
    latin = to_latin(_key(uk))
    return {
        "slug": spec.slug if spec else latin.replace(" ", "_").replace("-", "_"),
        "uk": uk,
        "en": given.get("name:en") or (spec.en if spec else f"{latin.title()} District"),
        "old_names": old,
        "approximate": False,
    }


def _name(given: Mapping[str, Any]) -> str:
    return next((str(given[key]) for key in NAMES if given.get(key)), "")


def _key(name: str) -> str:
    return name.casefold().replace(COMMON, "").strip()
