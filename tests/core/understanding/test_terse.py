"""Few words are asked about where many things are said with them, and taken where only one is."""

import pytest

from core.understanding import Understander


@pytest.mark.parametrize("text", ["тече вода", "вода тече", "нема світла", "Прорвало трубу!", "тече труба"])
def test_what_may_be_many_things_is_asked_about(understander: Understander, text: str) -> None:
    seen = understander.understand(text)
    assert not seen.confident
    assert len(seen.categories) > 1
    assert len({guess.slug for guess in seen.categories}) == len(seen.categories)


@pytest.mark.parametrize(
    ("text", "slug"),
    [("пахне газом", "gas.leak"), ("холодні батареї", "heat.no_heating"), ("ліфт застряг", "house.lift")],
)
def test_what_is_one_thing_is_taken(understander: Understander, text: str, slug: str) -> None:
    seen = understander.understand(text)
    assert (seen.confident, seen.categories[0].slug) == (True, slug)


def test_more_words_decide(understander: Understander) -> None:
    assert understander.understand("тече вода з труби на дорозі").confident


@pytest.mark.parametrize("text", ["", "👍", "щщщ", "1520"])
def test_nothing_to_read_is_no_reading(understander: Understander, text: str) -> None:
    understander.understand(text)
