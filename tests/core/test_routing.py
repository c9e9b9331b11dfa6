import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.pack import RuleSpec, load_pack
from core.routing import route

PACK = load_pack()
TABLE = (
    RuleSpec(1, "waste.dump", None, "north", "northern_council"),
    RuleSpec(2, "waste.dump", None, None, "sanitation"),
    RuleSpec(3, None, "water", None, "water_utility"),
    RuleSpec(4, None, None, None, "contact_centre"),
)


@pytest.mark.parametrize(
    ("category", "group", "district", "executor", "rule", "why"),
    [
        (
            "waste.dump",
            "sanitation",
            "north",
            "northern_council",
            1,
            "category = waste.dump, district = north",
        ),
        ("waste.dump", "sanitation", "south", "sanitation", 2, "category = waste.dump"),
        ("waste.dump", "sanitation", None, "sanitation", 2, "category = waste.dump"),
        ("water.leak", "water", "north", "water_utility", 3, "group = water"),
        ("thanks", "services", None, "contact_centre", 4, "any appeal"),
    ],
)
def test_the_first_rule_that_fits_wins(
    category: str, group: str, district: str | None, executor: str, rule: int, why: str
) -> None:
    found = route(TABLE, category=category, group=group, district=district)
    assert found is not None
    assert (found.executor, found.rule, found.why) == (executor, rule, why)


def test_positions_count_not_the_order_in_which_rules_are_given() -> None:
    assert route(reversed(TABLE), category="water.leak", group="water", district=None) == route(
        TABLE, category="water.leak", group="water", district=None
    )


def test_without_a_last_resort_there_may_be_no_route() -> None:
    assert route(TABLE[:3], category="thanks", group="services", district=None) is None


@given(
    st.sampled_from(PACK.categories),
    st.sampled_from([None, *(district.slug for district in PACK.districts)]),
)
def test_the_default_pack_routes_everything(category: object, district: str | None) -> None:
    slug, group = category.slug, category.group  # type: ignore[attr-defined]
    found = route(PACK.rules, category=slug, group=group, district=district)
    assert found is not None
    assert found.executor in {executor.slug for executor in PACK.executors}


@pytest.mark.parametrize(
    ("category", "district", "executor"),
    [
        ("water.leak", None, "kryvbasvodokanal"),
        ("gas.leak", "inhuletskyi", "gas_networks"),
        ("waste.dump", "inhuletskyi", "council_inhuletskyi"),
        ("yard.amenities", "ternivskyi", "council_ternivskyi"),
        ("yard.amenities", None, "contact_centre"),
        ("heat.no_heating", "pokrovskyi", "teplotsentral"),
    ],
)
def test_the_default_pack_routes_to_whom_it_should(
    category: str, district: str | None, executor: str
) -> None:
    group = next(spec.group for spec in PACK.categories if spec.slug == category)
    found = route(PACK.rules, category=category, group=group, district=district)
    assert found is not None
    assert found.executor == executor
