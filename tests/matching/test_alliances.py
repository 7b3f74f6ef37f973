"""Suppliers together: the smallest sets, none where one product is enough."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.matching.alliances import Candidate, is_cross_border, may_join, smallest_sets
from scenario_hall.matching.engine.explanation import Reasons, fit_of
from scenario_hall.quantities.verdicts import Verdict

MUSTS = frozenset({0, 1, 2})


def test_two_that_meet_all_between_them() -> None:
    one, two = Candidate("P-1", frozenset({0, 1}), 50, 1), Candidate("P-2", frozenset({2}), 40, 2)
    assert smallest_sets([one, two, Candidate("P-3", frozenset({1}), 90, 3)], MUSTS) == [("P-1", "P-2")]


def test_none_where_one_meets_all_or_nothing_is_asked() -> None:
    assert smallest_sets([Candidate("P-1", MUSTS, 50, 1), Candidate("P-2", frozenset({2}), 40, 2)], MUSTS) == []
    assert smallest_sets([Candidate("P-1", frozenset(), 50, 1)], frozenset()) == []


def test_none_where_one_misses_them_by_a_little_or_where_both_are_of_one_supplier() -> None:
    one, two = Candidate("P-1", frozenset({0, 1}), 50, 1), Candidate("P-2", frozenset({2}), 40, 1)
    assert smallest_sets([one, two], MUSTS) == []
    nearly = Candidate("P-3", frozenset({0}), 30, 3, nearly=MUSTS)
    assert smallest_sets([one, replace(two, supplier=2), nearly], MUSTS) == []


def test_a_partner_is_about_the_scenario_and_to_be_had_there() -> None:
    far = Reasons(fits=(fit_of("region", Verdict.UNMET),))
    assert may_join(Reasons(), 40) and may_join(Reasons(shared_tags=("uav",)), 25)
    assert not may_join(Reasons(), 25) and not may_join(Reasons(shared_tags=("uav",)), 10) and not may_join(far, 80)


@given(st.lists(st.frozensets(st.integers(0, 3), max_size=3), max_size=8))
def test_sets_are_smallest_and_whole(offered: list[frozenset[int]]) -> None:
    musts = frozenset(range(4))
    candidates = [Candidate(f"P-{n}", meets, float(n), n) for n, meets in enumerate(offered)]
    meets = {each.code: each.meets for each in candidates}
    found = smallest_sets(candidates, musts, most=1000)
    for group in found:
        assert frozenset().union(*(meets[code] for code in group)) >= musts
    smallest = next(
        (size for size in (2, 3) for group in combinations(offered, size) if frozenset().union(*group) >= musts), None
    )
    assert {len(group) for group in found} == ({smallest} if smallest else set())


def test_cross_border() -> None:
    regions = {"P-1": "440300", "P-2": "810000", "P-3": "440100"}
    assert is_cross_border(regions, ("P-1", "P-2"))
    assert not is_cross_border(regions, ("P-1", "P-3"))
