"""Typical answers of a pack: questions people ask all day, and what is answered to them."""

import re

from core.pack.files import Section
from core.pack.specs import AnswerSpec


def read_answers(file: Section) -> tuple[AnswerSpec, ...]:
    """The answers in the file's order. Raises PackError."""
    found: dict[str, AnswerSpec] = {}
    for section in file.sections("answer"):
        spec = AnswerSpec(
            slug=section.text("slug"),
            questions=section.texts("questions"),
            uk=section.text("uk"),
            en=section.text("en"),
            words=section.texts("words"),
            category=section.optional("category"),
            report=section.optional("report"),
        )
        section.done()
        if spec.slug in found:
            raise section.wrong("pack.twice", name=spec.slug)
        if not spec.questions:
            raise section.wrong("pack.questions")
        for words in spec.words:
            _check(section, words)
        found[spec.slug] = spec
    file.done()
    return tuple(found.values())


def _check(section: Section, words: str) -> None:
    try:
        re.compile(words)
    except re.error as error:
        raise section.wrong("pack.words", words=words) from error
