"""Sparse rows by term: products are those of plain dictionaries, while rows come, change and go."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.matching.engine import vectors
from scenario_hall.matching.engine.vectors import TermMatrix, Terms, best_places

ROW = st.dictionaries(st.sampled_from("abcdefgh"), st.floats(-2, 2, width=32), max_size=6)


@given(
    steps=st.lists(st.tuples(st.integers(0, 9), st.one_of(st.none(), ROW)), max_size=40),
    asked=ROW,
    least=st.sampled_from([1, 3, 256]),
)
def test_products_are_those_of_dictionaries(
    steps: list[tuple[int, dict[str, float] | None]], asked: dict[str, float], least: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vectors, "REBUILD_MIN_ROWS", least)
        matrix, rows = TermMatrix(Terms()), {}
        for slot, row in steps:
            if row is None:
                matrix.drop(slot)
                rows.pop(slot, None)
            else:
                matrix.put(slot, row)
                rows[slot] = row
        found = matrix.product(matrix.query(asked), 10)
        for slot in range(10):
            expected = sum(weight * rows.get(slot, {}).get(term, 0.0) for term, weight in asked.items())
            assert found[slot] == pytest.approx(expected, abs=1e-4)
        for slot, row in rows.items():
            assert matrix.row(slot) == pytest.approx(row)


def test_the_best_are_the_highest_that_are_allowed() -> None:
    scores = np.array([0.5, 0.9, 0.0, 0.7, 0.9])
    allowed = np.array([True, True, True, True, False])
    assert best_places(scores, allowed, 2).tolist() == [1, 3]
    assert best_places(scores, allowed, None).tolist() == [1, 3, 0]
