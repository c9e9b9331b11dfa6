from core.errors import Invalid
from core.phrases import joined, phrase, said


def test_words_within_words_are_said_in_one_language() -> None:
    right = phrase("pack.kept", right=phrase("pack.numbers", name="centre", n=2), file="city.toml")
    broken = Invalid("pack.broken", file="city.toml", place=phrase("pack.top"), right=right)
    assert broken.text("en").startswith(
        "city.toml: top: `centre` must be a list of 2 numbers; the city.toml "
    )
    assert broken.text("uk").startswith("city.toml: верхній рівень: `centre` має бути списком із 2 чисел; ")


def test_only_what_says_something_is_joined() -> None:
    assert said(joined(", ", "a", "", phrase("import.officers", n=2)), "uk") == "a, 2 працівники"
    assert joined(", ", "", "a") == "a"
    assert joined(", ", "", joined(", ")) == ""
