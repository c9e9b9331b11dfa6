"""Making a category model. The only file of the core that imports scikit-learn; takes some seconds.

Settings were chosen by cross-validation over the examples. Many of those are hard on purpose (they never name
the thing, or name another category's), so what cross-validation says is what to expect of the worst days.
"""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from core.understanding.category import CategoryModel
from core.understanding.examples import Example, read_dangers
from core.understanding.features import LITTLE, grams
from core.understanding.urgency import urgency_of

FOLDS = 4
STRENGTH = 1.0  # inverse regularisation
SEED = 1520
PLAINER = 1.1  # what residents write is easier than the examples, whose scores would claim too little
PRECISION = 0.85  # what is asked of guesses that no person looks at, among examples as hard as ours
SCALES = np.geomspace(0.5, 16, 61)
THRESHOLDS = np.arange(0.3, 0.96, 0.01)

DANGER_STRENGTH = 0.2  # inverse regularisation
LOOKED_AT = 8.0  # the weight of a text a person looked at, beside one whose danger the words alone tell

Sparse = Any  # a matrix of scipy's, which has no type information
Matrix = NDArray[np.float64]
Indices = NDArray[np.intp]


def train(rows: Sequence[Example], version: str) -> CategoryModel:
    """The model of these examples; the same examples give the same model.

    A margin is no probability, so margins are scaled by what makes guesses on examples left out of the
    training (cross-validation) as often right as they claim; then a little more, for plainer texts.
    """
    slugs = tuple(dict.fromkeys(row.slug for row in rows))
    texts = [tuple(grams(row.text)) for row in rows]
    wanted = np.array([slugs.index(row.slug) for row in rows])
    weights = np.array([row.weight for row in rows])
    left_out = _left_out(texts, wanted, weights, len(slugs))
    scale = PLAINER * min(SCALES, key=lambda scale: _surprise(left_out * scale, wanted))
    vectorizer, classifier = _fit(texts, wanted, weights)
    danger = _danger(rows, vectorizer)
    return CategoryModel(
        version=version,
        slugs=slugs,
        vocabulary={gram: row for row, gram in enumerate(vectorizer.get_feature_names_out())},
        idf=vectorizer.idf_.astype(np.float32),
        weights=np.ascontiguousarray(np.vstack([classifier.coef_ * scale, danger.coef_]).T, np.float32),
        bias=np.append(classifier.intercept_ * scale, danger.intercept_).astype(np.float32),
        confident=_threshold(left_out * scale, wanted),
    )


def _danger(rows: Sequence[Example], vectorizer: TfidfVectorizer) -> LinearSVC:
    """What tells texts of danger from all others.

    The few texts a person looked at are not enough to learn from, so the words' verdict on all others is
    taken for the truth, though often wrong: what is learned finds much that the table of words does not hold.
    """
    known = read_dangers()
    texts = [text for row in rows if (text := row.text) not in known]
    told = [*known.values(), *(urgency_of(text).urgent for text in texts)]
    weights = [LOOKED_AT] * len(known) + [1.0] * len(texts)
    vectors = _shortened(vectorizer.transform([tuple(grams(text)) for text in (*known, *texts)]))
    classifier = LinearSVC(C=DANGER_STRENGTH, class_weight="balanced", random_state=SEED)
    return classifier.fit(vectors, told, sample_weight=weights)


def _fit(
    texts: Sequence[tuple[str, ...]], wanted: Indices, weights: Matrix
) -> tuple[TfidfVectorizer, LinearSVC]:
    vectorizer = TfidfVectorizer(analyzer=tuple, sublinear_tf=True, norm=None)
    classifier = LinearSVC(C=STRENGTH, random_state=SEED)
    classifier.fit(_shortened(vectorizer.fit_transform(texts)), wanted, sample_weight=weights)
    return vectorizer, classifier


def _shortened(vectors: Sparse) -> Sparse:
    """The vectors brought to a length of nearly 1, as `CategoryModel.scores` does."""
    squares = np.asarray(vectors.multiply(vectors).sum(axis=1)).ravel()
    return vectors.multiply(1 / np.sqrt(squares + LITTLE)[:, None]).tocsr()


def _left_out(texts: Sequence[tuple[str, ...]], wanted: Indices, weights: Matrix, categories: int) -> Matrix:
    """The margins of each text by a model that has not seen it."""
    margins = np.zeros((len(texts), categories))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a category may have fewer examples than folds
        splits = list(folds.split(wanted, wanted))
    for known, unseen in splits:
        vectorizer, classifier = _fit([texts[at] for at in known], wanted[known], weights[known])
        found = classifier.decision_function(_shortened(vectorizer.transform([texts[at] for at in unseen])))
        margins[unseen] = found.min(axis=1, keepdims=True)  # for categories this fold knows nothing of
        margins[np.ix_(unseen, classifier.classes_)] = found
    return margins


def _probabilities(logits: Matrix) -> Matrix:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    found: Matrix = powers / powers.sum(axis=1, keepdims=True)
    return found


def _surprise(logits: Matrix, wanted: Indices) -> float:
    """The mean negative log-likelihood of what is right."""
    right = _probabilities(logits)[np.arange(len(wanted)), wanted]
    return float(-np.log(np.maximum(right, 1e-12)).mean())


def _threshold(logits: Matrix, wanted: Indices) -> float:
    """The lowest score of the best guess from which on guesses are right as often as PRECISION asks."""
    scores, right = _probabilities(logits).max(axis=1), logits.argmax(axis=1) == wanted
    for threshold in THRESHOLDS:
        sure = scores >= threshold
        if sure.any() and right[sure].mean() >= PRECISION:
            return float(threshold)
    return float(THRESHOLDS[-1])
