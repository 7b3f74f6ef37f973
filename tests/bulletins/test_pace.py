"""Ahead or behind: the share of the target less the share of the year."""

from __future__ import annotations

from datetime import date

import pytest

from scenario_hall.bulletins.figures import Figures
from scenario_hall.bulletins.pace import pace_of


def figures(firsts: int, target: int) -> Figures:
    return Figures(
        month="2026-06",
        target=target,
        firsts=firsts,
        running=0,
        on_notice=0,
        flows={},
        regions={},
        domains={},
        issued=[],
        revoked=[],
    )


@pytest.mark.parametrize(
    ("firsts", "target", "day", "reached", "elapsed", "points"),
    [
        (12, 100, date(2026, 11, 30), 12.0, 91.5, -79.5),  # day 334 of 365
        (60, 100, date(2026, 6, 30), 60.0, 49.6, 10.4),
        (100, 100, date(2026, 12, 31), 100.0, 100.0, 0.0),
        (1, 3, date(2028, 2, 29), 33.3, 16.4, 16.9),  # a leap year: day 60 of 366
    ],
)
def test_points_are_the_two_shares_apart(
    firsts: int, target: int, day: date, reached: float, elapsed: float, points: float
) -> None:
    pace = pace_of(figures(firsts, target), day)
    assert (pace.reached, pace.elapsed, pace.points) == (reached, elapsed, points)
