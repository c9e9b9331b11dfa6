"""What holds for every street of the pack and for any text at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.pack import StreetSpec, load_pack
from core.understanding.gazetteer import Gazetteer
from core.understanding.place import parse_address
from core.understanding.street_types import AREAS

PACK = load_pack()
TYPES = {
    "street": ["вул.", "вулиця", "ул.", "вул", "на вулиці"],
    "avenue": ["просп.", "пр-т", "пр.", "проспект", "на проспекті"],
    "boulevard": ["бульв.", "б-р", "бульвар"],
    "lane": ["пров.", "провулок", "пер."],
    "square": ["пл.", "площа", "на площі"],
    "highway": ["шосе", "на шосе"],
    "quarter": ["квартал", "кв-л"],
    "microdistrict": ["мкр", "мкр.", "мікрорайон", "мкр-н"],
    "settlement": ["селище", "пос.", "на", "у"],
}
HOUSES = [
    ("12", "12"),
    (", 12", "12"),
    (", буд. 12", "12"),
    (" буд 12", "12"),
    (", д. 12", "12"),
    (" дом 12", "12"),
    (" 12а", "12а"),
    (" 12-А", "12а"),
    (", 12 Б", "12б"),
    (" 12/3", "12/3"),
    (" 12а/3", "12а/3"),
    (", 12, кв. 15", "12"),
    (" 12 кв 15", "12"),
    (" буд. 12, під'їзд 3, поверх 5", "12"),
    (", 12, 3 під'їзд", "12"),
    (" 12 подъезд 3", "12"),
    (" біля будинку 12", "12"),
    (" в доме 12", "12"),
]


@st.composite
def addresses(draw: st.DrawFn) -> tuple[StreetSpec, str, str]:
    """A street of the pack, an address as somebody may write it, and its house as it is to be read."""
    street = draw(st.sampled_from(PACK.streets))
    name = draw(st.sampled_from([street.name, *street.old_names, *street.also]))
    written, house = draw(st.sampled_from(HOUSES))
    kind = draw(st.sampled_from(TYPES[street.type]))
    text = f"{kind} {name} {written.lstrip()}" if written[0] not in ", " else f"{kind} {name}{written}"
    return street, draw(st.sampled_from([text, text.lower(), f"Немає води, {text}"])), house


@given(addresses())
def test_every_street_is_found_in_every_form(gazetteer: Gazetteer, case: tuple[StreetSpec, str, str]) -> None:
    street, text, house = case
    found = parse_address(text, gazetteer)
    assert (street.name, house) in {(each.street, each.house) for each in found}, text


PIECES = [
    *(
        "вул.",
        "на",
        "Соборності",
        "95",
        "12/3",
        "квартал",
        "-",
        "під'їзд",
        "3",
        "і",
        "Миру",
        ",",
        "А",
        "ріг",
        "/",
    ),
    *(
        "школа",
        "№35",
        "парк",
        "Героїв",
        "кв",
        "біля",
        "Інгулець",
        "30-річчя",
        "Перемоги",
        "буд.",
        "2 поверх",
        ".\n",
    ),
]


@given(
    st.text()
    | st.lists(st.sampled_from(PIECES)).map(" ".join)
    | st.lists(st.sampled_from(PIECES)).map("".join)
)
def test_any_text_gives_at_most_three_readings_of_its_own_words(gazetteer: Gazetteer, text: str) -> None:
    found = parse_address(text, gazetteer)
    assert len(found) <= 3
    assert all(candidate.span in text and 0 < candidate.score <= 1.0001 for candidate in found)
    assert list(found) == sorted(found, key=lambda candidate: -candidate.score)
    assert len({(candidate.uk, candidate.house) for candidate in found}) == len(found)


def test_each_type_of_street_in_the_pack_is_tried() -> None:
    assert {street.type for street in PACK.streets} <= set(TYPES)
    assert set(TYPES) >= AREAS


@pytest.mark.parametrize("text", ["\x00", "№", "д", "//", "ріг", "школа", "ріг і", "біля", "м. ", "1" * 1600])
def test_scraps_of_addresses_are_none(gazetteer: Gazetteer, text: str) -> None:
    assert parse_address(text, gazetteer) == ()
