"""The examples a model is trained on, as residents write: one file a category, one example a line.

Beside them texts of which a person said whether they tell of a danger that can't wait.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.pack import DATA, CategorySpec, load_pack

EXAMPLES = DATA / "examples"
DANGERS = DATA / "danger.tsv"


@dataclass(frozen=True, slots=True)
class Example:
    """`weight` is how much it counts: 1 for an example of ours; corrections may count more or less."""

    slug: str
    text: str
    weight: float = 1.0


def read_examples(
    folder: Path = EXAMPLES, categories: Sequence[CategorySpec] | None = None
) -> tuple[Example, ...]:
    """The examples of the categories (None: the default catalogue's), in the catalogue's order.

    A category's two names count as examples too, so that one nobody has written examples for is possible.
    """
    specs = load_pack().categories if categories is None else categories
    return tuple(
        Example(spec.slug, text)
        for spec in specs
        for text in dict.fromkeys((spec.uk, spec.en, *_lines(folder / f"{spec.slug}.txt")))
    )


def read_dangers(path: Path = DANGERS) -> dict[str, bool]:
    """Texts, and whether each tells of a danger: rows of 1 or 0, a tab and the text, under a heading."""
    rows = (line.split("\t") for line in path.read_text("utf-8").splitlines()[1:])
    return {text: told == "1" for told, text in rows}


def _lines(path: Path) -> Iterator[str]:
    """The lines that are not blank and no comment (#)."""
    if path.exists():
        for line in path.read_text("utf-8-sig").splitlines():
            if (text := line.strip()) and not text.startswith("#"):
                yield text
