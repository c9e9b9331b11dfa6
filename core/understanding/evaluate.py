"""How well a model guesses texts it was not trained on."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from core.understanding.category import CategoryModel, Guess

BINS = 10  # of confidence, for the calibration error


@dataclass(frozen=True, slots=True)
class Row:
    slug: str
    lang: str
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """`ece`: expected calibration error, the mean gap between what a score claims and how often it is right.

    `confident`: the share of texts no person would look at, and how often those are right. `languages`: top1
    by language. `confusions`: (wanted, guessed, times), most frequent first.
    """

    n: int
    top1: float
    top3: float
    macro_f1: float
    ece: float
    confident: tuple[float, float]
    languages: dict[str, float]
    confusions: tuple[tuple[str, str, int], ...]


def read_rows(path: Path) -> tuple[Row, ...]:
    """Rows of slug<TAB>lang<TAB>text; a heading that says so is skipped. Raises OSError, ValueError."""
    rows = []
    for number, line in enumerate(path.read_text("utf-8-sig").splitlines(), start=1):
        cells = line.split("\t")
        if not line.strip() or cells[0] == "slug":
            continue
        if len(cells) != 3:  # noqa: PLR2004 - slug, lang, text
            raise ValueError(
                f"{path.name}, line {number}: must be slug, language and text, with tabs between"
            )
        rows.append(Row(*cells))
    return tuple(rows)


def evaluate(model: CategoryModel, rows: Iterable[Row]) -> Report:
    """Raises ValueError when there are no rows."""
    guessed = [(row, model.guess(row.text)) for row in rows]
    if not guessed:
        raise ValueError("there is nothing to evaluate on")
    right = [_place(row, guesses) == 0 for row, guesses in guessed]
    scores = [guesses[0].score if guesses else 0.0 for _, guesses in guessed]
    sure = [hit for hit, score in zip(right, scores, strict=True) if score >= model.confident]
    by_language = defaultdict(list)
    for (row, _), hit in zip(guessed, right, strict=True):
        by_language[row.lang].append(hit)
    pairs = Counter((row.slug, guesses[0].slug if guesses else "") for row, guesses in guessed)
    return Report(
        n=len(guessed),
        top1=_share(right),
        top3=_share([_place(row, guesses) is not None for row, guesses in guessed]),
        macro_f1=_macro_f1(pairs),
        ece=_calibration_error(right, scores),
        confident=(len(sure) / len(guessed), _share(sure)),
        languages={lang: _share(hits) for lang, hits in sorted(by_language.items())},
        confusions=tuple((*pair, times) for pair, times in pairs.most_common() if pair[0] != pair[1]),
    )


def _place(row: Row, guesses: tuple[Guess, ...]) -> int | None:
    """At which place the right category stands among the guesses."""
    return next((place for place, guess in enumerate(guesses) if guess.slug == row.slug), None)


def _share(hits: list[bool]) -> float:
    return sum(hits) / len(hits) if hits else 0.0


def _macro_f1(pairs: Counter[tuple[str, str]]) -> float:
    """The mean F1 of the categories that occur among the rows."""
    wanted, found = Counter[str](), Counter[str]()
    for (slug, guess), times in pairs.items():
        wanted[slug] += times
        found[guess] += times
    return sum(2 * pairs[slug, slug] / (wanted[slug] + found[slug]) for slug in wanted) / len(wanted)


def _calibration_error(right: list[bool], scores: list[float]) -> float:
    bins = defaultdict(list)
    for hit, score in zip(right, scores, strict=True):
        bins[min(int(score * BINS), BINS - 1)].append((hit, score))
    gaps = (abs(sum(hit - score for hit, score in members)) for members in bins.values())
    return sum(gaps) / len(right)
