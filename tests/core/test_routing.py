"""Routes by ordered rules: what wins, what is refused, and what a change would mean."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.deadlines import Hours
from core.errors import Invalid
from core.pack import RuleSpec, load_pack
from core.routing import Case, Change, Known, Table, applied, check, differences, key, route, shadowed
from core.workflow import BY_NAME, Kind

PACK = load_pack()
GROUPS = {"waste.dump": "waste", "waste.bins": "waste", "water.leak": "water"}
DISTRICTS, EXECUTORS = ("north", "south"), ("council", "sanitation", "water_utility", "centre")
KNOWN = Known(GROUPS, frozenset(DISTRICTS), frozenset(EXECUTORS))
TABLE = (
    RuleSpec(1, "waste.dump", None, "north", "council", co_executors=("sanitation",)),
    RuleSpec(2, None, "waste", None, "centre", hours=Hours.OFF),
    RuleSpec(3, "waste.dump", None, None, "sanitation"),
    RuleSpec(4, None, None, None, "centre", kind=Kind.COMPLAINT),
    RuleSpec(5, None, "water", None, "water_utility", urgent=True),
    RuleSpec(6, None, None, None, "centre"),
)


def numbered(rules: list[RuleSpec]) -> Table:
    return tuple(replace(rule, position=position) for position, rule in enumerate(rules, start=1))


@st.composite
def rules(draw: st.DrawFn) -> RuleSpec:
    topic = draw(st.sampled_from([(None, None), *((slug, None) for slug in GROUPS), (None, "waste")]))
    executor, *others = draw(st.permutations(EXECUTORS))
    return RuleSpec(
        0,
        *topic,
        district=draw(st.sampled_from([None, *DISTRICTS])),
        executor=executor,
        kind=draw(st.sampled_from([None, None, Kind.REQUEST, Kind.COMPLAINT])),
        urgent=draw(st.sampled_from([None, None, True, False])),
        hours=draw(st.sampled_from([None, None, *Hours])),
        co_executors=tuple(draw(st.sets(st.sampled_from(others), max_size=2))),
    )


cases = st.sampled_from(list(GROUPS)).flatmap(
    lambda category: st.builds(
        Case,
        st.just(category),
        st.just(GROUPS[category]),
        st.sampled_from([None, *DISTRICTS]),
        st.sampled_from([Kind.REQUEST, Kind.COMPLAINT]),
        st.booleans(),
        st.sampled_from(list(Hours)),
    )
)
tables = st.lists(rules(), max_size=8).map(
    lambda found: numbered([*found, RuleSpec(0, None, None, None, "centre")])
)


def holds(rule: RuleSpec, case: Case) -> bool:
    """What a rule means, condition by condition."""
    return (
        rule.category in (None, case.category)
        and rule.group in (None, case.group)
        and rule.district in (None, case.district)
        and (rule.kind is case.kind or (rule.kind is None and case.kind not in BY_NAME))
        and (rule.urgent is None or rule.urgent == case.urgent)
        and rule.hours in (None, case.hours)
    )


@pytest.mark.parametrize(
    ("case", "executor", "rule", "why"),
    [
        (Case("waste.dump", "waste", "north"), "council", 1, {"category": "waste.dump", "district": "north"}),
        (Case("waste.dump", "waste", "south"), "sanitation", 3, {"category": "waste.dump"}),
        (Case("waste.dump", "waste"), "sanitation", 3, {"category": "waste.dump"}),
        (Case("waste.dump", "waste", hours=Hours.OFF), "centre", 2, {"group": "waste", "hours": "off"}),
        (Case("water.leak", "water", kind=Kind.COMPLAINT), "centre", 4, {"kind": "complaint"}),
        (Case("water.leak", "water", urgent=True), "water_utility", 5, {"group": "water", "urgent": True}),
        (Case("water.leak", "water"), "centre", 6, {}),
    ],
)
def test_the_first_rule_that_fits_wins(
    case: Case, executor: str, rule: int, why: dict[str, str | bool]
) -> None:
    found = route(TABLE, case)
    assert found is not None
    assert (found.executor, found.rule, found.why) == (executor, rule, why)
    assert found.co_executors == TABLE[rule - 1].co_executors


@given(tables, cases)
def test_all_above_the_rule_that_decides_do_not_fit_and_it_does(table: Table, case: Case) -> None:
    found = route(table, case)
    if found is None:
        assert case.kind in BY_NAME, "there is a last resort"
        return
    decided = table[found.rule - 1]
    assert (found.executor, found.co_executors) == (decided.executor, decided.co_executors)
    assert holds(decided, case)
    assert not any(holds(rule, case) for rule in table[: found.rule - 1])
    assert found.why == decided.conditions


@given(tables, cases)
def test_without_a_last_resort_there_is_a_route_only_where_a_rule_fits(table: Table, case: Case) -> None:
    found = route(table[:-1], case)
    assert (found is None) == (not any(holds(rule, case) for rule in table[:-1]))


@pytest.mark.parametrize("kind", sorted(BY_NAME))
def test_what_is_official_or_asked_goes_by_no_other_rule(kind: Kind) -> None:
    case = Case("water.leak", "water", kind=kind)
    rest = tuple(rule for rule in TABLE if rule.kind is None)
    assert route(rest, case) is None
    named = RuleSpec(7, None, None, None, "centre", kind=kind)
    found = route((*rest, named), case)
    assert found is not None
    assert found.rule == named.position
    assert shadowed((*rest, named), GROUPS) == []


def test_the_order_matters() -> None:
    case = Case("waste.dump", "waste", "north")
    wide_first = numbered([TABLE[2], *TABLE[:2], *TABLE[3:]])
    assert [found.executor for table in (TABLE, wide_first) if (found := route(table, case))] == [
        "council",
        "sanitation",
    ]


@given(tables, cases)
def test_what_is_out_of_reach_is_never_reached(table: Table, case: Case) -> None:
    found = route(table, case)
    assert found is None or found.rule not in {rule.position for rule, _ in shadowed(table, GROUPS)}
    for rule, above in shadowed(table, GROUPS):
        assert above.position < rule.position
        assert holds(above, case) or not holds(rule, case)


@given(tables, tables, st.lists(cases, max_size=30))
def test_a_dry_run_counts_as_routing_each_anew_would(before: Table, after: Table, some: list[Case]) -> None:
    def whom(table: Table, case: Case) -> tuple[str, set[str]] | None:
        rule = next((rule for rule in table if holds(rule, case)), None)
        return (rule.executor, set(rule.co_executors)) if rule else None

    found = differences(before, after, some)
    moved = [at for at, case in enumerate(some) if whom(before, case) != whom(after, case)]
    assert [each.index for each in found] == moved
    for each in found:
        assert (each.before, each.after) == (route(before, some[each.index]), route(after, some[each.index]))


# one change at a time


def test_changes_add_replace_move_and_take_away() -> None:
    added = applied(TABLE, Change(None, RuleSpec(2, "waste.bins", None, None, "council")))
    assert [rule.position for rule in added] == list(range(1, 8))
    assert added[1].category == "waste.bins"
    edited = applied(TABLE, Change(key(TABLE[2]), replace(TABLE[2], executor="council")))
    assert [rule.executor for rule in edited] == [
        "council",
        "centre",
        "council",
        "centre",
        "water_utility",
        "centre",
    ]
    moved = applied(TABLE, Change(key(TABLE[0]), replace(TABLE[0], position=3)))
    assert [key(rule) for rule in moved] == [key(TABLE[at]) for at in (1, 2, 0, 3, 4, 5)]
    gone = applied(TABLE, Change(key(TABLE[3]), None))
    assert [key(rule) for rule in gone] == [key(TABLE[at]) for at in (0, 1, 2, 4, 5)]
    with pytest.raises(Invalid, match=r"rule\.gone"):
        applied(gone, Change(key(TABLE[3]), None))


@given(tables)
def test_a_rule_taken_away_and_put_back_leaves_the_table_as_it_was(table: Table) -> None:
    for rule in table:
        if [key(one) for one in table].count(key(rule)) == 1:
            assert applied(applied(table, Change(key(rule), None)), Change(None, rule)) == table


# what is refused


def test_a_sound_table_is_taken() -> None:
    check(TABLE, KNOWN)
    groups = {spec.slug: spec.group for spec in PACK.categories}
    districts, executors = (frozenset(one.slug for one in each) for each in (PACK.districts, PACK.executors))
    check(PACK.rules, Known(groups, districts, executors))


ANY = RuleSpec(1, None, None, None, "centre")
LEAK = replace(ANY, category="water.leak")


@pytest.mark.parametrize(
    ("broken", "told", "facts"),
    [
        ([], "rule.no_last_resort", {}),
        ([LEAK], "rule.no_last_resort", {}),
        ([LEAK, ANY, replace(ANY, district="north")], "rule.no_last_resort", {}),
        ([replace(LEAK, executor="nobody"), ANY], "rule.executor", {"rule": 1}),
        ([LEAK, replace(ANY, executor="retired")], "rule.executor", {"rule": 2}),
        ([replace(ANY, category="no.such"), ANY], "rule.category", {"rule": 1}),
        ([replace(ANY, group="no_such"), ANY], "rule.group", {"rule": 1}),
        ([replace(ANY, district="west"), ANY], "rule.district", {"rule": 1}),
        ([replace(LEAK, group="water"), ANY], "rule.category_or_group", {"rule": 1}),
        ([replace(LEAK, co_executors=("nobody",)), ANY], "rule.co_executor", {"rule": 1}),
        ([replace(LEAK, co_executors=("centre",)), ANY], "rule.co_executor_twice", {"rule": 1}),
        ([replace(LEAK, co_executors=("council", "council")), ANY], "rule.co_executor_twice", {"rule": 1}),
        ([LEAK, LEAK, ANY], "rule.shadowed", {"rule": 2, "above": 1}),
        ([LEAK, replace(LEAK, district="north"), ANY], "rule.shadowed", {"rule": 2, "above": 1}),
        ([replace(ANY, group="water"), LEAK, ANY], "rule.shadowed", {"rule": 2, "above": 1}),
        ([ANY, ANY], "rule.shadowed", {"rule": 2, "above": 1}),
    ],
)
def test_a_broken_table_is_refused_with_its_place(
    broken: list[RuleSpec], told: str, facts: dict[str, int]
) -> None:
    with pytest.raises(Invalid) as caught:
        check(numbered(broken), KNOWN)
    assert (caught.value.key, caught.value.params) == (told, facts)


def test_what_was_out_of_reach_before_forbids_nothing_else() -> None:
    table = numbered([replace(ANY, group="water"), LEAK, ANY])
    check(table, KNOWN, tolerated=[key(LEAK)])
    with pytest.raises(Invalid, match=r"rule\.shadowed"):
        check(numbered([ANY, *table]), KNOWN, tolerated=[key(LEAK)])


# the default pack


@given(
    st.sampled_from(PACK.categories),
    st.sampled_from([None, *(district.slug for district in PACK.districts)]),
)
def test_the_default_pack_routes_everything(category: object, district: str | None) -> None:
    slug, group = category.slug, category.group  # type: ignore[attr-defined]
    found = route(PACK.rules, Case(slug, group, district))
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
    found = route(PACK.rules, Case(category, group, district))
    assert found is not None
    assert found.executor == executor
