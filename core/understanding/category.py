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
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.pack import CategorySpec
from core.understanding import normalise
from core.understanding.examples import EXAMPLES, Example, read_examples
from core.understanding.features import grams

TOP = 3
LITTLE = 1000.0  # added to the squared length of a text, some ten grams' worth: one word decides nothing
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Guess:
    """`score` is a calibrated probability: of guesses with 0.8, four in five are right."""

    slug: str
    score: float


@dataclass(frozen=True, slots=True)
class CategoryModel:
    """`weights` has a row for each gram of `vocabulary` and a column for each slug.

    `confident` is the score of the best guess from which on a person need not decide.
    """

    version: str
    slugs: tuple[str, ...]
    vocabulary: dict[str, int] = field(repr=False)
    idf: Floats = field(repr=False)
    weights: Floats = field(repr=False)
    bias: Floats = field(repr=False)
    confident: float

    def scores(self, text: str) -> Floats:
        """A probability for each of `slugs`; the prior alone when no gram is known."""
        counts = Counter(self.vocabulary[gram] for gram in grams(text) if gram in self.vocabulary)
        rows = np.fromiter(counts.keys(), np.intp, len(counts))
        times = np.fromiter(counts.values(), np.float32, len(counts))
        values = (1 + np.log(times)) * self.idf[rows]
        logits = (values / np.sqrt(values @ values + LITTLE)) @ self.weights[rows] + self.bias
        powers = np.exp(logits - logits.max())
        found: Floats = powers / powers.sum()
        return found

    def guess(self, text: str, top: int = TOP) -> tuple[Guess, ...]:
        """The best guesses, best first; none for a blank text."""
        if not normalise.normalise(text):
            return ()
        scores = self.scores(text)
        return tuple(Guess(self.slugs[at], float(scores[at])) for at in np.argsort(-scores)[:top])


def load_model(
    cache: Path, categories: Sequence[CategorySpec] | None = None, examples: Path = EXAMPLES
) -> CategoryModel:
    """The model for these categories (None: the default catalogue's) and examples.

    It is trained, for some seconds, when `cache` does not hold it or holds it damaged.
    """
    rows = read_examples(examples, categories)
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
    folder = Path(__file__).parent
    for name in ("normalise.py", "features.py", "training.py"):
        digest.update((folder / name).read_bytes())
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
    if model.weights.shape != (len(vocabulary), len(model.slugs)):
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
