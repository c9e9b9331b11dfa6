import pytest

from core.understanding.transliteration import to_cyrillic, to_latin


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("Віталія Матусевича", "Vitaliia Matusevycha"),
        ("Єнакієве", "Yenakiieve"),
        ("Згурський", "Zghurskyi"),
        ("Щасливцеве", "Shchaslyvtseve"),
        ("Знам'янка", "Znamianka"),
        ("Їжакевич Юрій", "Yizhakevych Yurii"),
        ("Героїв АТО", "Heroiv ATO"),
    ],
)
def test_names_are_written_as_the_state_does(name: str, latin: str) -> None:
    assert to_latin(name) == latin


@pytest.mark.parametrize(
    ("word", "cyrillic"),
    [
        ("4omu", "чому"),
        ("14a", "14а"),
        ("44", "44"),
        ("shcho", "що"),
        ("pid'izd", "підьізд"),
        ("vulytsya", "вулиця"),
    ],
)
def test_what_people_type_is_read(word: str, cyrillic: str) -> None:
    assert to_cyrillic(word) == cyrillic
