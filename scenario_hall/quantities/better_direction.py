"""Which way a measure is good: of an error less is better, of an endurance more."""

from __future__ import annotations

import re

from scenario_hall.language.folding import fold
from scenario_hall.taxonomy.metrics import find_metric, kind_of_unit

_SMALLER_IS_BETTER = frozenset(
    {
        "position-accuracy",
        "measuring-accuracy",
        "temperature-accuracy",
        "false-alarm",
        "response-time",
        "one-way-time",
        "charging-time",
        "noise",
        "price",
        "resolution-ground",
        "revisit",
        "weight",
        "takeoff-weight",
    }
)
_SMALLER_NAMES = re.compile(
    r"精度|误[差码判识]|丢包|虚警|差错|错误率|故障率|失效率|缺陷率|不良率|偏差|分辨|识别|延迟|延遲|时延|時延|误报|漏检|漏报|漏识|能耗|噪声|成本|节拍|周期|间隔|更新|单价|售价|重量|自重|下限|检出限|波动|漂移"
    r"|漏率|漏电|耗[电时水]|功耗|畸变|损耗|泄漏|抖动|响应|启动时间"
    r"|latency|delay|error|accuracy|precision|repeatab|resolution|price|cost|weight|noise|jitter|drift|distortion"
    r"|leak|deviation|revisit|response|detection limit|limit of detection"
)


_ERRORS = re.compile(r"精度|准确度|误差|偏差|分辨|解像|accuracy|precision|error|resolution")
_STRAYS = re.compile(r"误差|偏差|重复性|repeatab|deviation")
_OF_A_MEASURE = frozenset(("length", "angle", "temperature", "time", "mass", "volume"))


def is_error(metric: str, unit: str) -> bool:
    """Is this how far a value may be off, in the unit of what is measured (裂缝识别精度 0.3 毫米), or a deviation in
    parts of it?"""
    folded, kind = fold(metric), kind_of_unit(unit)
    return (kind in _OF_A_MEASURE and _ERRORS.search(folded) is not None) or (
        kind == "share" and _STRAYS.search(folded) is not None
    )


def is_smaller_better(metric: str, unit: str) -> bool:
    """Is less of this measure better, as far as its name tells? A share that is named after an error or a precision
    (识别精度 95 %) is a rate."""
    if re.match(r"lp/|线对|ppi|dpi|.*像素", unit.casefold()):
        return False  # the more lines or points, the finer
    if is_error(metric, unit):
        return True
    if kind_of_unit(unit) == "power-level" and re.search(r"灵敏|sensib|sensitiv", fold(metric)):
        return True
    known, is_share = find_metric(metric), kind_of_unit(unit) == "share"
    if known is not None:
        return known.slug in _SMALLER_IS_BETTER and not (is_share and known.slug.endswith("accuracy"))
    return _SMALLER_NAMES.search(fold(metric)) is not None and not is_share
