"""What a soak says: a bound that is broken is told as one, and nothing else is."""

from __future__ import annotations

from itertools import chain

import pytest

from tests.soak.figures import Figure, as_rows, table
from tests.soak.watch import Watched


@pytest.mark.parametrize(
    ("figure", "is_kept"),
    [
        (Figure("load", "x", 1.5, most=1.5), True),
        (Figure("load", "x", 1.51, most=1.5), False),
        (Figure("load", "x", 2000, least=2000), True),
        (Figure("load", "x", 1999, least=2000), False),
        (Figure("load", "x", 1e9), True),
    ],
)
def test_a_figure_that_breaks_its_bound_is_told_as_broken(figure: Figure, is_kept: bool) -> None:
    assert figure.is_kept is is_kept
    assert ("BROKEN" in table([figure])) is not is_kept
    assert as_rows([figure])[0]["is_kept"] is is_kept


def looks(*quarters: dict[int, float]) -> Watched:
    """Four looks in each quarter of the time."""
    return Watched(memory=list(chain.from_iterable([each] * 4 for each in quarters)))


def test_memory_that_fills_at_first_and_then_stays_has_not_grown() -> None:
    assert looks({1: 50, 2: 10}, {1: 100, 2: 10}, {1: 100, 2: 10}, {1: 100, 2: 10}).growth() == 1.0


def test_of_several_processes_the_one_that_grew_most_is_told() -> None:
    assert looks({1: 100, 2: 10}, {1: 100, 2: 10}, {1: 90, 2: 12}, {1: 80, 2: 15}).growth() == 1.5


def test_a_process_that_ended_has_not_grown() -> None:
    assert looks({1: 100, 2: 10}, {1: 100, 2: 10}, {1: 100}, {1: 100}).growth() == 1.0
