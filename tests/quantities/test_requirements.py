"""Requirements and specifications read from prose."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.quantities.requirements import (
    read_requirements,
    read_specifications,
    requirements_wanted,
    suggested_requirements,
)


@pytest.mark.parametrize(
    ("text", "metric", "comparison", "value", "high", "unit"),
    [
        ("续航时间不少于60分钟", "续航时间", "at_least", 60, None, "分钟"),
        ("载重≥5kg", "载重", "at_least", 5, None, "kg"),
        ("抗风能力6级以上", "抗风能力", "at_least", 6, None, "级"),
        ("定位精度优于±2cm", "定位精度", "at_most", 2, None, "cm"),
        ("工作温度-20℃~50℃", "工作温度", "between", -20, 50, "℃"),
        ("响应时间在200ms以内", "响应时间", "at_most", 200, None, "ms"),
        ("单日配送不低于300架次", "单日配送", "at_least", 300, None, "架次/日"),
        ("payload of at least 5 kg", "payload", "at_least", 5, None, "kg"),
        ("飞行高度三千米以上", "飞行高度", "at_least", 3000, None, "米"),
        ("防护等级IP67", "防护等级", "at_least", 67, None, "IP"),
        ("測距誤差不超過10厘米", "測距誤差", "at_most", 10, None, "厘米"),
    ],
)
def test_quantities_are_read_from_prose(
    text: str, metric: str, comparison: str, value: float, high: float | None, unit: str
) -> None:
    (line,) = read_requirements(text)
    assert (line.metric, line.comparison, line.value, line.value_high, line.unit) == (
        metric,
        comparison,
        value,
        high,
        unit,
    )


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    read_requirements(text)
    read_specifications(text)


def test_how_things_are_now_is_not_wanted() -> None:
    found = requirements_wanted("续航不少于60分钟,载重5公斤以上。", "Crews take 3 days; 一趟4小时。")
    assert [line.metric for line in found] == ["续航", "载重"]
    also = requirements_wanted("续航不少于60分钟。", "一趟4小时。希望抗风能力6级以上。")
    assert [line.metric for line in also] == ["续航", "抗风能力"]


def test_a_suggestion_names_the_words_that_it_was_read_from() -> None:
    found = suggested_requirements("需昼夜值守。单架次续航不少于40分钟,夜间噪声低于65分贝。", "")
    assert found.is_whole
    assert [(line.metric, part) for line, part in found.lines.items()] == [
        ("单架次续航", "单架次续航不少于40分钟"),
        ("夜间噪声", "夜间噪声低于65分贝"),
    ]


def test_what_is_not_read_in_time_is_not_suggested() -> None:
    text = "。".join(f"第{number}台无人机单架次续航不少于{number}分钟" for number in range(1, 200))
    none = suggested_requirements(text, "", seconds=-1)
    assert (none.lines, none.is_whole) == ({}, False)
    assert suggested_requirements(text, "").is_whole
