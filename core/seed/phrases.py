"""The words of a city that never was: what residents write, and what they are answered."""

import re
import tomllib
from dataclasses import dataclass, field
from random import Random
from typing import Any

from core.city import City
from core.models import Category
from core.pack import DATA
from core.understanding.examples import read_examples

TEXTS = 40  # of each category
SHORTEST, LONGEST = 12, 700
_CYRILLIC = re.compile(r"[а-яіїєґ]", re.IGNORECASE)
_LATIN = re.compile(r"[a-z]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Phrases:
    """`texts` are residents' own, by category; the others are written in core/data/seed.toml."""

    city: City
    texts: dict[str, list[str]]
    weights: dict[str, float]
    reports: dict[str, list[str]]
    explanations: dict[str, list[str]]
    words: dict[str, list[str]]
    people: dict[str, list[str]]
    _placeless: dict[str, bool] = field(default_factory=dict)

    def complaint(self, topic: Category, rng: Random) -> str:
        """One that names no street, since an appeal gets an address of its own."""
        for _ in self.texts[topic.slug]:
            text = rng.choice(self.texts[topic.slug])
            if text not in self._placeless:
                self._placeless[text] = not self.city.understander.understand(text).places
            if self._placeless[text]:
                return text
        return topic.uk

    def report(self, topic: Category, rng: Random) -> str:
        return rng.choice(_of(topic, self.reports))

    def explanation(self, topic: Category, rng: Random) -> str:
        return rng.choice(_of(topic, self.explanations))

    def pick(self, what: str, rng: Random) -> str:
        return rng.choice(self.words[what])

    def name(self, rng: Random) -> str:
        return f"{rng.choice(self.people['first'])} {rng.choice(self.people['last'])}"


def load_phrases(city: City, rng: Random) -> Phrases:
    table: dict[str, Any] = tomllib.loads((DATA / "seed.toml").read_text("utf-8"))
    offered = [slug for slug, category in city.categories.items() if category.active]
    texts: dict[str, list[str]] = {slug: [] for slug in offered}
    for example in read_examples():
        if example.slug in texts and _readable(example.text):
            texts[example.slug].append(example.text)
    for found in texts.values():
        rng.shuffle(found)
        del found[TEXTS:]
    return Phrases(
        city=city,
        texts=texts,
        weights={slug: float(table["weights"].get(slug, 1)) for slug in offered},
        reports=table["reports"],
        explanations=table["explanations"],
        words=table["words"],
        people=table["people"],
    )


def _of(topic: Category, table: dict[str, list[str]]) -> list[str]:
    return table.get(topic.slug) or table.get(topic.group) or table[""]


def _readable(text: str) -> bool:
    fits = SHORTEST <= len(text) <= LONGEST
    return fits and len(_CYRILLIC.findall(text)) > 4 * len(_LATIN.findall(text))
