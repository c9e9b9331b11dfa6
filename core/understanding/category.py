"""What a text is about: a linear model over `features`, read from arrays, without scikit-learn at run time.

A model is one `.npz` file (numpy arrays, and JSON for what is not a number; never pickles), kept in a cache
folder under the hash of everything it was made from. It is made when it is not there.
"""

import hashlib
import json
import os
import tempfile
import zipfile
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from string import punctuation

import numpy as np
from numpy.typing import NDArray

from core.pack import CategorySpec
from core.understanding.examples import DANGERS, EXAMPLES, Example, read_examples
from core.understanding.features import LITTLE, grams_of, pairs_of, words_of
from core.understanding.normalise import MAX_CHARACTERS, visible
from core.understanding.urgency import TABLE as URGENCY

TOP = 3
DECIDING = 4  # words, at most, that are named as deciding
TOLD = 0.1  # of log-odds: a word that moves them less decides nothing
REMEMBERED = 10_000  # words whose grams need not be looked up again
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Guess:
    """`score` is a calibrated probability: of guesses with 0.8, four in five are right."""

    slug: str
    score: float


@dataclass(frozen=True, slots=True)
class CategoryModel:
    """`weights` has a row for each gram of `vocabulary`, a column for each slug, and a last one for danger.

    `confident` is the score of the best guess from which on a person need not decide.
    """

    version: str
    slugs: tuple[str, ...]
    vocabulary: dict[str, int] = field(repr=False)
    idf: Floats = field(repr=False)
    weights: Floats = field(repr=False)
    bias: Floats = field(repr=False)
    confident: float
    remembered: dict[str, tuple[int, ...]] = field(default_factory=dict, repr=False, compare=False)

    def scores(self, text: str) -> Floats:
        """A probability for each of `slugs`; the prior alone when no gram is known."""
        return _probabilities(self._margins(text)[:-1])

    def guess(self, text: str, top: int = TOP) -> tuple[Guess, ...]:
        """The best guesses, best first; none for a blank text."""
        return self.read(text, top)[0]

    def read(self, text: str, top: int = TOP) -> tuple[tuple[Guess, ...], float]:
        """The best guesses, and how much the text sounds like danger: above 0 it is likelier than not."""
        if not visible(text).strip():
            return (), -np.inf
        margins = self._margins(text)
        scores = _probabilities(margins[:-1])
        guesses = tuple(Guess(self.slugs[at], float(scores[at])) for at in np.argsort(-scores)[:top])
        return guesses, float(margins[-1])

    def deciding(self, text: str, slug: str, most: int = DECIDING) -> tuple[str, ...]:
        """The words without which `slug` would be less likely, as written, the weightiest first.

        Reads the text once for each of its words: for people who ask why, not for every appeal.
        """
        words, column = visible(text[:MAX_CHARACTERS]).split(), self.slugs.index(slug)
        lead = _lead(self._margins(text), column)
        without = (self._margins(" ".join([*words[:at], *words[at + 1 :]])) for at in range(len(words)))
        lost = np.array([lead - _lead(margins, column) for margins in without])
        return tuple(words[at].strip(punctuation) for at in np.argsort(-lost)[:most] if lost[at] > TOLD)

    def alarming(self, text: str, most: int = DECIDING) -> tuple[str, ...]:
        """The words that sound most like danger, in their order in the text."""
        words = visible(text[:MAX_CHARACTERS]).split()
        rows = [[row for each in words_of(word) for row in self._rows(each)] for word in words]
        sound = [float(self.weights[at, -1] @ self.idf[at]) for at in rows]
        chosen = sorted(range(len(words)), key=lambda at: -sound[at])[:most]
        return tuple(words[at].strip(punctuation) or words[at] for at in sorted(chosen) if sound[at] > 0)

    def vector(self, text: str) -> dict[int, float]:
        """The known grams by row, by how much each tells, of length 1 together; none, where none is known.

        Of two texts alike, the sum of products is near 1.
        """
        rows, values = self._values(text)
        if not len(rows):
            return {}
        return dict(zip(rows.tolist(), (values / np.sqrt(values @ values)).tolist(), strict=True))

    def _margins(self, text: str) -> Floats:
        """What speaks for each slug, and for danger; the text is shortened to a length of nearly 1."""
        rows, values = self._values(text)
        found: Floats = (values / np.sqrt(values @ values + LITTLE)) @ self.weights[rows] + self.bias
        return found

    def _values(self, text: str) -> tuple[NDArray[np.intp], Floats]:
        """The rows of the known grams, each once, and what each weighs."""
        words = words_of(text)
        counts = Counter(row for word in words for row in self._rows(word))
        counts.update(row for pair in pairs_of(words) if (row := self.vocabulary.get(pair)) is not None)
        rows = np.fromiter(counts.keys(), np.intp, len(counts))
        times = np.fromiter(counts.values(), np.float32, len(counts))
        return rows, (1 + np.log(times)) * self.idf[rows]

    def _rows(self, word: str) -> tuple[int, ...]:
        """The rows of a word's grams. Few words make most of what people write, so they are remembered."""
        if (found := self.remembered.get(word)) is None:
            found = tuple(row for gram in grams_of(word) if (row := self.vocabulary.get(gram)) is not None)
            if len(self.remembered) < REMEMBERED:
                self.remembered[word] = found
        return found


def _probabilities(margins: Floats) -> Floats:
    powers = np.exp(margins - margins.max())
    found: Floats = powers / powers.sum()
    return found


def _lead(margins: Floats, column: int) -> float:
    """By how much one category is likelier than the next; the last column is none."""
    return float(margins[column] - np.delete(margins[:-1], column).max())


def load_model(
    cache: Path, categories: Sequence[CategorySpec] | None = None, examples: Path = EXAMPLES
) -> CategoryModel:
    """The model for these categories (None: the default catalogue's) and examples.

    It is trained, for some seconds, when `cache` does not hold it or holds it damaged.
    """
    return model_of(read_examples(examples, categories), cache)


def model_of(
    rows: Sequence[Example], cache: Path, kept_aside: Collection[Example] = frozenset()
) -> CategoryModel:
    """The model of these examples without those kept aside to measure it on, made where `cache` lacks it."""
    rows = [row for row in rows if row not in kept_aside]
    path = cache / f"category-{(version := version_of(rows))}.npz"
    try:
        return read_model(path)
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile):
        from core.understanding.training import train  # noqa: PLC0415 - scikit-learn takes seconds to import

        model = train(rows, version)
        write_model(model, path)
        return model


def version_of(rows: Sequence[Example]) -> str:
    """A short hash of all a model is made from: the examples, and the code that reads them."""
    digest = hashlib.sha256()
    code = ("transliteration.py", "normalise.py", "features.py", "urgency.py", "training.py")
    for path in (*(Path(__file__).with_name(name) for name in code), URGENCY, DANGERS):
        digest.update(path.read_bytes())
    for row in rows:
        digest.update(f"{row.slug}\t{row.weight}\t{row.text}\n".encode())
    return digest.hexdigest()[:12]


def read_model(path: Path) -> CategoryModel:
    """Raises OSError, EOFError, KeyError, ValueError or BadZipFile when there is no file or it is broken."""
    with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        meta = json.loads(arrays["meta"].tobytes())
        vocabulary = arrays["vocabulary"].tobytes().decode().split("\n")
        model = CategoryModel(
            version=meta["version"],
            slugs=tuple(meta["slugs"]),
            vocabulary={gram: row for row, gram in enumerate(vocabulary)},
            idf=arrays["idf"],
            weights=arrays["weights"],
            bias=arrays["bias"],
            confident=meta["confident"],
        )
    if model.weights.shape != (len(vocabulary), len(model.slugs) + 1):
        raise ValueError(f"{path} holds arrays that do not fit each other")
    return model


def write_model(model: CategoryModel, path: Path) -> None:
    """Write the file at once or not at all: other processes may be reading it."""
    meta = {"version": model.version, "slugs": model.slugs, "confident": model.confident}
    arrays: dict[str, NDArray[np.generic]] = {
        "meta": np.frombuffer(json.dumps(meta).encode(), np.uint8),
        "vocabulary": np.frombuffer("\n".join(model.vocabulary).encode(), np.uint8),
        "idf": model.idf,
        "weights": model.weights,
        "bias": model.bias,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, allow_pickle=False, **arrays)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
