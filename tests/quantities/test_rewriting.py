"""Ways of writing a quantity that are read as the usual one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.quantities.quantities import Quantity, read_quantities


def only(text: str) -> Quantity:
    (found,) = read_quantities(text)
    return found


@pytest.mark.parametrize(
    ("text", "metric", "comparison", "low", "high", "unit"),
    [
        ("error rate < 1e-6", "error rate", "at_most", 1e-6, None, ""),
        ("误码率优于10^-6", "误码率", "at_most", 1e-6, None, ""),
        ("误码率不大于10⁻⁶", "误码率", "at_most", 1e-6, None, ""),
        ("流量1.2×10^6 m3/h", "流量", None, 1.2e6, None, "m3/h"),
        ("续航时间1小时30分", "续航时间", None, 90, None, "分钟"),
        ("飞行时间≥1h30min", "飞行时间", "at_least", 90, None, "min"),
        ("endurance of at least 1 h 30 min", "endurance", "at_least", 90, None, "min"),
        ("响应时间不超过1分30秒", "响应时间", "at_most", 90, None, "秒"),
        ("寿命≥2天12小时", "寿命", "at_least", 60, None, "小时"),
        ("5kg≤载重≤10kg", "载重", "between", 5, 10, "kg"),
        ("5≤載重≤10kg", "載重", "between", 5, 10, "kg"),
        ("10kg≥载重≥5kg", "载重", "between", 5, 10, "kg"),
        ("0.5MPa<压力<1.0MPa", "压力", "between", 0.5, 1.0, "MPa"),
        ("电压AC220V±10%", "电压", None, 220, None, "V"),
        ("输出电压(220±10)V", "输出电压", None, 220, None, "V"),
        ("距离不小于三点五公里", "距离", "at_least", 3.5, None, "公里"),
        ("续航两个半小时以上", "续航", "at_least", 2.5, None, "小时"),
        ("充电时间不超过半小时", "充电时间", "at_most", 0.5, None, "小时"),
        ("抗拉强度不低于五百兆帕", "抗拉强度", "at_least", 500, None, "兆帕"),
        ("零下20度至60度", "温度", "between", -20, 60, "°C"),
        ("工作温度零下20℃～零上50℃", "工作温度", "between", -20, 50, "°C"),
        ("载荷⩾5kg", "载荷", "at_least", 5, None, "kg"),
        ("压力⩽1.6MPa", "压力", "at_most", 1.6, None, "MPa"),
        ("扭矩≥50 N*m", "扭矩", "at_least", 50, None, "N·m"),
        ("峰值功率 ≥ 3 kWp", "峰值功率", "at_least", 3, None, "kWp"),
        ("测量范围：(0~10)MPa", "测量范围", "between", 0, 10, "MPa"),
        ("误报率低于万分之一", "误报率", "at_most", 0.01, None, "%"),
        ("准确率不低于百分之九十五", "准确率", "at_least", 95, None, "%"),
        ("充电30分钟续航增加200公里", "续航", None, 200, None, "公里"),
        ("快充15分钟可行驶200公里", "行驶", None, 200, None, "公里"),
        ("充电时间30分钟", "充电时间", None, 30, None, "分钟"),
    ],
)
def test_it_is_read_as_the_usual_way(
    text: str, metric: str, comparison: str | None, low: float, high: float | None, unit: str
) -> None:
    found = only(text)
    assert (found.metric, found.comparison, found.high, found.unit) == (metric, comparison, high, unit)
    assert found.low == pytest.approx(low)


@given(
    st.integers(1, 23), st.integers(1, 59), st.sampled_from(["{}小时{}分", "{}小时{}分钟", "{}h{}min", "{} h {} min"])
)
def test_hours_and_minutes_are_one_time(hours: int, minutes: int, form: str) -> None:
    assert only(f"续航时间不少于{form.format(hours, minutes)}").low == 60 * hours + minutes


@given(st.integers(1, 9), st.integers(1, 9))
def test_a_numeral_with_decimals_is_a_number(whole: int, tenth: int) -> None:
    digits = "零一二三四五六七八九"
    assert only(f"距离不小于{digits[whole]}点{digits[tenth]}公里").low == float(f"{whole}.{tenth}")


def test_a_time_of_day_is_no_duration() -> None:
    assert read_quantities("投标截止时间为2024年6月18日9时30分") == []
