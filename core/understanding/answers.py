"""Which typical answers fit a question. A wrong one is worse than none, so key words must be there, too."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.pack import AnswerSpec
from core.understanding.category import CategoryModel
from core.understanding.normalise import MAX_CHARACTERS, tokens
from core.understanding.speech import Speech, pattern, speech_of

ENOUGH = 0.15  # likeness to one of an answer's questions from which on it is given to a question
ENOUGH_ELSE = 0.33  # the same where the text doesn't sound like one
Vector = dict[int, float]


@dataclass(frozen=True, slots=True)
class AnswerMatch:
    """`score` is how alike the text is to a question of the answer's, 0 to 1."""

    answer: AnswerSpec
    score: float


class Answers:
    """A pack's typical answers, their questions read by a model. Immutable; safe to share between threads."""

    def __init__(self, specs: Sequence[AnswerSpec], model: CategoryModel) -> None:
        self._model = model
        self._known = tuple(
            (
                spec,
                tuple(map(pattern, spec.words)),
                tuple(model.vector(question) for question in spec.questions),
            )
            for spec in specs
        )

    def read_by(self, model: CategoryModel) -> "Answers":
        """The same answers, their questions read by another model."""
        return Answers([spec for spec, _, _ in self._known], model)

    def matches(self, text: str) -> tuple[AnswerMatch, ...]:
        """Those good enough to be given, best first."""
        forms = [token.folded for token in tokens(text[:MAX_CHARACTERS])]
        fitting = [
            (spec, questions)
            for spec, words, questions in self._known
            if all(any(part.match(form) for form in forms) for part in words)
        ]
        if not fitting:
            return ()
        enough = ENOUGH if speech_of(text) is Speech.QUESTION else ENOUGH_ELSE
        seen = self._model.vector(text)
        found = [
            AnswerMatch(spec, max(_alike(seen, each) for each in questions)) for spec, questions in fitting
        ]
        return tuple(sorted((each for each in found if each.score >= enough), key=lambda each: -each.score))


def _alike(one: Vector, other: Vector) -> float:
    return min(1.0, sum(value * other.get(row, 0.0) for row, value in one.items()))
