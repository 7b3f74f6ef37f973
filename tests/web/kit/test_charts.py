"""Charts: lengths and places follow the values, whatever these are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.web.kit import charts

COUNTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=40)


@given(COUNTS)
def test_a_bar_is_as_long_as_its_share_of_the_longest(values: list[int]) -> None:
    made = charts.bars((str(number), f"row {number}", value, "") for number, value in enumerate(values))
    assert [bar.value for bar in made] == values
    for bar in made:
        assert 0 <= bar.share <= 100
        assert abs(bar.share * max(values) - 100 * bar.value) <= max(values) * 0.05 + 1e-6


@given(st.lists(st.integers(0, 10**6), min_size=12, max_size=12), st.integers(0, 10**6))
def test_months_stand_on_one_line_inside_the_chart(values: list[int], target: int) -> None:
    made = charts.months(values, target)
    assert [column.value for column in made.columns] == values
    for column in made.columns:
        assert abs(column.y + column.height - made.base) < 0.02
        assert column.x >= 0 and column.x + column.width <= made.width and column.y >= 0
    assert (made.pace_y is None) == (target == 0)
    if made.pace_y is not None:
        # A month above the pace reaches above its line.
        for column in made.columns:
            assert (column.y < made.pace_y + 0.02) or column.value <= target / 12


@given(st.floats(-1, 2, allow_nan=False))
def test_a_ring_is_closed(share: float) -> None:
    made = charts.ring(share)
    around = charts.ring(1).drawn
    assert made.drawn >= 0 and made.left >= 0
    assert abs(made.drawn + made.left - around) < 0.02
    if 0 <= share <= 1:
        assert abs(made.drawn - share * around) < 0.02


@given(st.lists(st.integers(-(10**6), 10**6), max_size=60))
def test_a_spark_line_stays_in_its_box_and_goes_through_every_value(values: list[int]) -> None:
    points = [tuple(map(float, point.split(","))) for point in charts.spark(values).split()]
    assert len(points) == (len(values) if len(values) > 1 else 0)
    assert all(0 <= x <= 96 and 0 <= y <= 24 for x, y in points)
    if points:
        lowest = values.index(min(values))
        assert points[lowest][1] == max(y for _, y in points)


def test_more_open_scenarios_are_a_darker_tile() -> None:
    assert [charts.heat_of(count) for count in (0, 1, 2, 3, 5, 6, 1000)] == [0, 1, 1, 2, 2, 3, 3]
