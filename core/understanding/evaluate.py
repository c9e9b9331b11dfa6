"""How well texts nobody trained on are understood: category, danger, address, and how fast."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from core.understanding import Understander, Understanding
from core.understanding.normalise import normalise

BINS = 10  # of scores, for the calibration error
WORST = 15  # confusions that are shown
COLUMNS = frozenset(("id", "text", "category", "urgent", "address", "lang"))
YES, NO = {"1", "yes", "true", "так"}, {"0", "no", "false", "ні", ""}


@dataclass(frozen=True, slots=True)
class Row:
    """A text and what is true of it; None for what the file does not tell. `address`: verbatim in `text`."""

    text: str
    category: str | None = None
    urgent: bool | None = None
    address: str | None = None
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares, 0 to 1; None where the rows don't tell what is true.

    `macro_f1`: the mean over the categories that occur. `ece`: expected calibration error, the mean gap
    between what a score claims and how often it is right. `urgent_*`: of danger heard in the text. To count
    a category that the catalogue calls urgent as well found nothing more on a set written by others, and
    cost 4 points of precision: many a leak is small.
    `address_found`: of the texts with an address, how often the words of the first place hold all of it.
    """

    n: int
    top1: float | None
    top3: float | None
    macro_f1: float | None
    ece: float | None
    urgent_recall: float | None
    urgent_precision: float | None
    address_found: float | None


@dataclass(frozen=True, slots=True)
class OfCategory:
    n: int
    recall: float
    precision: float
    f1: float


@dataclass(frozen=True, slots=True)
class Report:
    """`confusions`: (true, guessed, times), most frequent first."""

    whole: Figures
    texts_per_second: float
    per_category: dict[str, OfCategory]
    confusions: tuple[tuple[str, str, int], ...]
    per_language: dict[str, Figures]

    def as_object(self) -> dict[str, Any]:
        """One flat JSON object."""
        found = asdict(self)
        return {**found.pop("whole"), **found}


@dataclass(frozen=True, slots=True)
class _Seen:
    row: Row
    found: Understanding

    @property
    def marked(self) -> bool:
        return self.found.urgency.urgent

    @property
    def guess(self) -> str:
        return self.found.categories[0].slug if self.found.categories else ""

    @property
    def score(self) -> float:
        return self.found.categories[0].score if self.found.categories else 0.0

    @property
    def among_guesses(self) -> bool:
        return self.row.category in {guess.slug for guess in self.found.categories}


def read_rows(path: Path) -> tuple[Row, ...]:
    """Rows of a file whose heading names its columns in any order; `text` must be among them.

    Raises OSError, and ValueError with the line that can't be read.
    """
    with path.open(encoding="utf-8-sig") as file:
        lines = [line.rstrip("\n").split("\t") for line in file]
    heading = [name.strip() for name in lines[0]] if lines else []
    if "text" not in heading or len(set(heading)) < len(heading) or not COLUMNS.issuperset(heading):
        raise ValueError(
            f"{path.name}, line 1: must name the columns, text and some of {', '.join(sorted(COLUMNS))}"
        )
    rows = []
    for number, cells in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(heading):
            raise ValueError(f"{path.name}, line {number}: has more columns than the heading")
        named = dict.fromkeys(heading, "") | dict(zip(heading, cells, strict=False))
        urgent = named.get("urgent", "").strip().casefold()
        if urgent not in YES | NO:
            raise ValueError(f"{path.name}, line {number}: urgent must be 1 or 0, not {urgent!r}")
        rows.append(
            Row(
                text=named["text"],
                category=named.get("category", "").strip() or None,
                urgent=urgent in YES if "urgent" in named else None,
                address=named.get("address", "").strip() or None,
                lang=named.get("lang", "").strip() or None,
            )
        )
    return tuple(rows)


def evaluate(
    understander: Understander,
    rows: Sequence[Row],
    progress: Callable[[int], None] = lambda _done: None,
) -> Report:
    """What comes of reading `rows`.

    Raises ValueError when there are no rows, or when one has a category that can't be guessed.
    """
    if not rows:
        raise ValueError("there is nothing to evaluate on")
    if unknown := {row.category for row in rows if row.category} - set(understander.slugs):
        raise ValueError(f"the catalogue has no category {', '.join(sorted(unknown))}")
    seen = []
    began = perf_counter()
    for done, row in enumerate(rows, start=1):
        seen.append(_Seen(row, understander.understand(row.text)))
        progress(done)
    seconds = perf_counter() - began
    languages = defaultdict(list)
    for each in seen:
        if each.row.lang:
            languages[each.row.lang].append(each)
    pairs = _pairs(seen)
    return Report(
        whole=_figures(seen),
        texts_per_second=len(seen) / seconds,
        per_category=_per_category(pairs),
        confusions=tuple((*pair, times) for pair, times in pairs.most_common() if pair[0] != pair[1])[:WORST],
        per_language={lang: _figures(members) for lang, members in sorted(languages.items())},
    )


def shown(report: Report) -> Iterator[str]:
    """The report in lines for people."""
    yield f"{'n':18}{report.whole.n}"
    for name, share in _told(report.whole):
        yield f"{name:18}{share:.3f}"
    yield f"{'texts_per_second':18}{report.texts_per_second:,.0f}"
    for lang, of_language in report.per_language.items():
        shares = (f"{name} {share:.3f}" for name, share in _told(of_language))
        yield f"{lang}: n {of_language.n}, {', '.join(shares)}"
    if report.per_category:
        yield f"\n{'category':22}{'n':>5}{'recall':>10}{'precision':>11}{'f1':>7}"
    for slug, found in report.per_category.items():
        yield f"{slug:22}{found.n:5}{found.recall:10.3f}{found.precision:11.3f}{found.f1:7.3f}"
    if report.confusions:
        yield "\nworst confusions"
    for true, guess, times in report.confusions:
        yield f"{times:5}  {true} taken for {guess or 'nothing'}"


def _told(figures: Figures) -> Iterator[tuple[str, float]]:
    return ((name, share) for name, share in asdict(figures).items() if name != "n" and share is not None)


def _figures(seen: Sequence[_Seen]) -> Figures:
    told = [each for each in seen if each.row.category]
    right = [each.guess == each.row.category for each in told]
    marked = [each for each in seen if each.marked]
    by_category = _per_category(_pairs(told))
    return Figures(
        n=len(seen),
        top1=_share(right),
        top3=_share([each.among_guesses for each in told]),
        macro_f1=sum(each.f1 for each in by_category.values()) / len(by_category) if by_category else None,
        ece=_calibration_error(right, [each.score for each in told]),
        urgent_recall=_share([each.marked for each in seen if each.row.urgent]),
        urgent_precision=_share([each.row.urgent for each in marked if each.row.urgent is not None]),
        address_found=_share([_holds_address(each) for each in seen if each.row.address]),
    )


def _share(hits: Sequence[bool]) -> float | None:
    return sum(hits) / len(hits) if hits else None


def _holds_address(seen: _Seen) -> bool:
    first = seen.found.places[0].span if seen.found.places else ""
    return normalise(seen.row.address or "") in normalise(first)


def _pairs(seen: Iterable[_Seen]) -> Counter[tuple[str, str]]:
    return Counter((each.row.category, each.guess) for each in seen if each.row.category)


def _per_category(pairs: Counter[tuple[str, str]]) -> dict[str, OfCategory]:
    """Of the categories that occur among the rows."""
    true, found = Counter[str](), Counter[str]()
    for (slug, guess), times in pairs.items():
        true[slug] += times
        found[guess] += times
    return {
        slug: OfCategory(
            n=true[slug],
            recall=pairs[slug, slug] / true[slug],
            precision=pairs[slug, slug] / found[slug] if found[slug] else 0.0,
            f1=2 * pairs[slug, slug] / (true[slug] + found[slug]),
        )
        for slug in sorted(true)
    }


def _calibration_error(right: Sequence[bool], scores: Sequence[float]) -> float | None:
    if not right:
        return None
    bins = defaultdict(list)
    for hit, score in zip(right, scores, strict=True):
        bins[min(int(score * BINS), BINS - 1)].append(hit - score)
    return sum(abs(sum(gaps)) for gaps in bins.values()) / len(right)
