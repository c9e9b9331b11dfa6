import re
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.pack import DATA, Pack
from core.understanding.urgency import Urgency, known_numbers, urgency_of


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("сильно пахне газом у підвалі Гагаріна 5", "104"),
        ("В подъезде запах газа", "104"),
        ("pahne gazom v pidizdi", "104"),
        ("ПАХНЕ ГАЗОМ!!! НЕМАЄ СИЛ", "104"),
        ("витік газу біля школи", "104"),
        ("обірвало дріт, іскрить на тротуарі", "101"),
        ("провод лежит на земле после ветра", "101"),
        ("б'є струмом від перил", "101"),
        ("щиток у під'їзді відкритий, діти лазять", "101"),
        ("люк без кришки на тротуарі", None),
        ("кришки на люку немає", None),
        ("кришки колодязя нема", None),
        ("підвальну квартиру топить, дід лежачий", None),
        ("дерево нахилилось і от-от впаде", "101"),
        ("застрягли в ліфті з дитиною", "101"),
        ("застряли в лифте, ребенок плачет", "101"),
        ("прорвало трубу, заливає підвал", None),
        ("горить квартира на п'ятому поверсі", "101"),
        ("на городі лежить нерозірваний снаряд", "101"),
        ("балкон тримається на чесному слові, падає цегла", "101"),
        ("чоловік з ножем напав на сусіда", "102"),
        ("людина лежить непритомна на зупинці", "103"),
    ],
)
def test_danger_is_heard(text: str, number: str | None) -> None:
    found = urgency_of(text)
    assert found.urgent
    assert found.number == number
    assert all(word in text for word in found.words)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "не пахне газом",
        "запаху газу немає, перевірили",
        "газонокосарка будить о сьомій",
        "не горить ліхтар біля будинку",
        "не працює ліфт, а бабуся на дев'ятому",
        "напруга низька, лампочки тьмяні",
        "дякую, приїхали за тридцять років уперше",
        "у квартирі холодно, батареї ледь теплі",
        "коли відремонтують фонтан у парку",
        "приберіть сніг на Лермонтова",
        "пожежна драбина іржава, пофарбуйте",
        "погано топлять, у квартирі холод",
    ],
)
def test_what_is_no_danger_is_left_alone(text: str) -> None:
    assert urgency_of(text) == Urgency(urgent=False)


def test_it_says_which_words_decided() -> None:
    assert urgency_of("Добрий день! Дуже ПАХНЕ в нас газом.").words == ("ПАХНЕ", "газом")


def test_the_pack_knows_every_number_that_may_be_given(pack: Pack) -> None:
    assert known_numbers() <= {number.number for number in pack.emergency}


def test_the_words_are_written_in_cyrillic_alone() -> None:
    """A Latin letter that looks like a Cyrillic one would never match."""
    for table in ("urgency.toml", "street_types.toml"):
        for entries in tomllib.loads((DATA / table).read_text("utf-8")).values():
            for entry in entries:
                words = [*entry["words"], entry.get("unless", "")]
                assert not re.search("[A-Za-z]", "".join(words)), entry


@pytest.mark.parametrize(
    ("calm", "alarming"),
    [
        ("люк накритий, просіла кришка", "люк накритий, просіла кришка, діти ледь не впали!!"),
        ("торік балкон упав, потрібен акт", "балкон упав"),
        ("дякую, дерево, що впало, прибрали", "дерево впало, прибирайте терміново"),
        ("чоловік не впав у яму", "чоловік ледь не впав у яму"),
    ],
)
def test_signs_speak_for_and_against(calm: str, alarming: str) -> None:
    assert not urgency_of(calm).urgent
    assert urgency_of(alarming).urgent


def test_a_single_exclamation_mark_after_a_greeting_says_nothing() -> None:
    assert not urgency_of("Добрий день! шафа впаде").urgent
    assert urgency_of("Добрий день! шафа впаде, рятуйте!").urgent
    assert urgency_of("шафа впаде!!").urgent


@given(st.text())
def test_any_text_can_be_looked_at(text: str) -> None:
    found = urgency_of(text)
    assert found.urgent == bool(found.words)
