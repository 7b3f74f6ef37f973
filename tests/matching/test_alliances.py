"""Suppliers together: the smallest sets, none where one product is enough."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.matching.alliances import Candidate, is_cross_border, smallest_sets

MUSTS = frozenset({0, 1, 2})


def test_two_that_meet_all_between_them() -> None:
    one, two = Candidate("P-1", frozenset({0, 1}), 50), Candidate("P-2", frozenset({2}), 40)
    assert smallest_sets([one, two, Candidate("P-3", frozenset({1}), 90)], MUSTS) == [("P-1", "P-2")]


def test_none_where_one_meets_all_or_nothing_is_asked() -> None:
    assert smallest_sets([Candidate("P-1", MUSTS, 50), Candidate("P-2", frozenset({2}), 40)], MUSTS) == []
    assert smallest_sets([Candidate("P-1", frozenset(), 50)], frozenset()) == []


@given(st.lists(st.frozensets(st.integers(0, 3), max_size=3), max_size=8))
def test_sets_are_smallest_and_whole(offered: list[frozenset[int]]) -> None:
    musts = frozenset(range(4))
    candidates = [Candidate(f"P-{n}", meets, float(n)) for n, meets in enumerate(offered)]
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
