"""Metrics and units that two sides call differently and mean alike."""

from __future__ import annotations

import pytest

from scenario_hall.taxonomy.metrics import convert, find_metric, kind_of_unit, metrics


def test_every_metrics_usual_unit_is_known() -> None:
    assert [metric.slug for metric in metrics() if metric.unit and kind_of_unit(metric.unit) is None] == []


def test_a_name_of_a_metric_leads_to_it() -> None:
    for metric in metrics():
        assert {find_metric(name) for name in metric.names} == {metric}, metric.slug


def test_a_longer_name_holds_the_metric_inside_it() -> None:
    assert find_metric("满载续航时间") == find_metric("續航時間") is not None


@pytest.mark.parametrize(
    ("value", "source", "target", "expected"),
    [
        (1.5, "h", "min", 90),
        (1500, "g", "kg", 1.5),
        (2, "cm", "mm", 20),
        (3, "公里", "km", 3),
        (1, "kN", "N", 1000),
        (145.0377, "psi", "MPa", 1),
        (2, "g/cm³", "kg/m3", 2000),
        (300, "Wh/kg", "kWh/kg", 0.3),
    ],
)
def test_a_value_is_converted_within_its_dimension(value: float, source: str, target: str, expected: float) -> None:
    assert convert(value, source, target) == pytest.approx(expected)


def test_a_time_is_never_converted_to_a_mass() -> None:
    assert convert(1, "h", "kg") is None


def test_an_unknown_unit_is_converted_to_itself_only() -> None:
    assert convert(3, "箱", "箱") == 3
    assert convert(3, "箱", "kg") is None
