"""Which way a measure is good."""

from __future__ import annotations

import pytest

from scenario_hall.quantities.better_direction import is_smaller_better


@pytest.mark.parametrize(
    ("metric", "unit"),
    [("定位精度", "cm"), ("vertical precision", "mm"), ("颗粒检测下限", "纳米"), ("谐波畸变率偏差", "V")],
)
def test_of_an_error_less_is_better(metric: str, unit: str) -> None:
    assert is_smaller_better(metric, unit)


@pytest.mark.parametrize(
    ("metric", "unit"),
    [("续航时间", "分钟"), ("accuracy", "%"), ("识别精度", "%"), ("空间分辨率", "LP/cm"), ("载重", "kg")],
)
def test_of_an_endurance_a_rate_or_a_number_of_lines_more_is_better(metric: str, unit: str) -> None:
    assert not is_smaller_better(metric, unit)
