"""The files of a pack as they are written for a catalogue that was changed in the panel."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from core.pack.specs import CategorySpec, DistrictSpec, ExecutorSpec, GroupSpec, TemplateSpec


def taxonomy_text(groups: Iterable[GroupSpec], categories: Iterable[CategorySpec]) -> str:
    return toml_text(
        {
            "group": [{"slug": each.slug, "uk": each.uk, "en": each.en} for each in groups],
            "category": [
                {
                    "slug": each.slug,
                    "group": each.group,
                    "uk": each.uk,
                    "en": each.en,
                    "hours": each.hours,
                    "urgent": each.urgent,
                    "executor": each.executor_kind,
                    "place": each.needs_place,
                    "photo": each.needs_photo,
                    "checked": each.checked,
                    "check_share": each.check_share,
                    "pre_alarm_share": "" if each.pre_alarm_share is None else each.pre_alarm_share,
                }
                for each in categories
            ],
        }
    )


def executors_text(executors: Iterable[ExecutorSpec]) -> str:
    return toml_text(
        {
            "executor": [
                {
                    "slug": each.slug,
                    "kind": each.kind,
                    "uk": each.uk,
                    "en": each.en,
                    "short_uk": each.short_uk,
                    "short_en": each.short_en,
                    "district": each.district or "",
                    "phone": each.phone or "",
                    "portfolio": each.portfolio,
                    "head": each.head,
                    **({"calendar": each.calendar.values} if each.calendar else {}),
                }
                for each in executors
            ]
        }
    )


def templates_text(templates: Iterable[TemplateSpec]) -> str:
    return toml_text({"template": [asdict(each) for each in templates]})


def districts_text(text: str, districts: Iterable[DistrictSpec]) -> str:
    """The file with those districts alone, in their order and under their names; outlines stay as drawn."""
    file = json.loads(text)
    drawn = {feature["properties"]["slug"]: feature for feature in file["features"]}
    features = [
        feature | {"properties": feature["properties"] | {"uk": each.uk, "en": each.en}}
        for each in districts
        if (feature := drawn.get(each.slug))
    ]
    return json.dumps(file | {"features": features}, ensure_ascii=False) + "\n"


def toml_text(values: Mapping[str, Any]) -> str:
    """Texts, numbers, flags and lists of them; tables; lists of tables. Empty texts are left out."""
    return "\n".join(_table("", values)).lstrip("\n") + "\n"


def _table(name: str, values: Mapping[str, Any]) -> Iterator[str]:
    """What is plain comes first: a line after a heading would belong to that."""
    inner = {key: value for key, value in values.items() if isinstance(value, dict) or _tables(value)}
    for key, value in values.items():
        if key not in inner and value != "":
            yield f"{key} = {_plain(value)}"
    for key, value in inner.items():
        path = f"{name}{key}"
        for each in [value] if isinstance(value, dict) else value:
            yield f"\n[{path}]" if isinstance(value, dict) else f"\n[[{path}]]"
            yield from _table(f"{path}.", each)


def _tables(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(each, dict) for each in value)


def _plain(value: object) -> str:
    """JSON writes these as TOML does; only DEL must be escaped, which JSON leaves."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
