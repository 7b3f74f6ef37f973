"""Metrics and units that two sides call differently and mean alike."""

from __future__ import annotations

import pytest

from scenario_hall.taxonomy.metrics import (
    convert,
    dimension_of,
    find_metric,
    kind_of_unit,
    metric_name,
    metric_slug,
    metrics,
)


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


@pytest.mark.parametrize(
    ("unit", "same"),
    [
        ("立方米每小时", "m3/h"),
        ("升/分钟", "liters per minute"),
        ("件/小时", "次/小时"),
        ("km/s", "m/s"),
        ("吨/天", "t/d"),
    ],
)
def test_a_unit_by_another_is_one_dimension_however_it_is_written(unit: str, same: str) -> None:
    assert dimension_of(unit)[0] == dimension_of(same)[0]
    assert not dimension_of(unit)[0].startswith("?")


def test_a_change_over_a_length_counts_the_length() -> None:
    assert convert(3, "℃/100米", "℃/米") == pytest.approx(0.03)


def test_a_metric_is_named_in_the_readers_language() -> None:
    assert metric_slug("Endurance") == metric_slug("续航能力") == "endurance"
    assert [metric_name("endurance", locale) for locale in ("zh_Hans", "zh_Hant", "en", "pt")] == [
        "续航时间",
        "續航時間",
        "endurance",
        "autonomia",
    ]
    assert metric_name("打磨后毛刺高度", "en") == "打磨后毛刺高度"
