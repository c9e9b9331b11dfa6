"""The examples a model is trained on: one file a category, one example a line, as residents write."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.pack import DATA, CategorySpec, load_pack

EXAMPLES = DATA / "examples"


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


def _lines(path: Path) -> Iterator[str]:
    """The lines that are not blank and no comment (#)."""
    if path.exists():
        for line in path.read_text("utf-8-sig").splitlines():
            if (text := line.strip()) and not text.startswith("#"):
                yield text
