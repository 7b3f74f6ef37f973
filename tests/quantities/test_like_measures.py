"""Measures are compared with their like: what shares only its head is a question, and neither met nor unmet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.core.values import Comparison, Requirement, Specification
from scenario_hall.quantities.like_measures import same_metric
from scenario_hall.quantities.verdicts import Verdict, judge_closely, prepare_requirement

ALIKE = """
识别准确率|识别率|%
识别率|跌倒识别率|%
跌倒检测准确率|跌倒识别率|%
老人跌倒检出率|跌倒识别率|%
人脸识别率|face recognition accuracy|%
跌倒识别率|fall detection rate|%
裂缝识别率|crack detection rate|%
烟雾识别率|smoke detection rate|%
fall detection rate|rate of fall detection|%
smoke false alarm rate|average false alarm rate|%
平均响应时间|响应时间|s
单次打磨时间|打磨时间|s
采摘成功率|单次采摘成功率|%
COD去除率|COD 平均去除率|%
续航时间|无人机续航时间|min
满载续航|续航时间|min
endurance|续航时间|min
定位精度|水平定位精度|cm
电池容量|储能容量|kWh
工作温度|环境温度|℃
harvest time|average harvest time per unit|s
taxa de deteção de quedas|taxa média de deteção de quedas|%
tempo de carga|tempo máximo de carga|min
"""
UNLIKE = """
跌倒识别率|驾驶员识别率|%
跌倒检测准确率|人脸识别准确率|%
疲劳驾驶识别率|驾驶员识别率|%
跌倒识别率|driver recognition rate|%
fall detection rate|driver recognition rate|%
fall detection accuracy|driver recognition accuracy|%
sorting accuracy|weighing accuracy|%
烟雾误报率|入侵误报率|%
smoke false alarm rate|intrusion false alarm rate|%
漏报率|误报率|%
COD去除率|氨氮去除率|%
采摘成功率|抓取成功率|%
电机效率|充电效率|%
油水分离效率|传动效率|%
充电时间|响应时间|min
报警响应时间|制动响应时间|s
爬坡角度|扫描角度|°
料仓容积|水箱容积|L
水平定位精度|垂直定位精度|cm
叶片长度|管道长度|m
rotor diameter|pipe diameter|mm
taxa de deteção de quedas|taxa de reconhecimento de condutores|%
taxa de erro de leitura|taxa de erro de triagem|%
tempo de carga|tempo de resposta|min
tempo de montagem|tempo de limpeza|min
"""


def rows(table: str) -> list[tuple[str, str, str]]:
    return [(one, other, unit) for one, other, unit in (line.split("|") for line in table.split("\n") if line)]


def verdict(wanted: str, offered: str, unit: str, *, stated: float) -> tuple[Verdict, bool]:
    """Of a line that wants 100 at least, and whether it is a question."""
    requirement = Requirement(metric=wanted, comparison=Comparison.AT_LEAST, value=100, unit=unit)
    specification = Specification(metric=offered, value=stated, unit=unit)
    judged, is_question = judge_closely([prepare_requirement(requirement)], [specification])[0]
    return judged.verdict, is_question


@pytest.mark.parametrize(("one", "other", "unit"), rows(ALIKE))
def test_names_of_one_measure_are_held_against_each_other(one: str, other: str, unit: str) -> None:
    for wanted, offered in ((one, other), (other, one)):
        assert verdict(wanted, offered, unit, stated=120)[0] is Verdict.MET
        assert verdict(wanted, offered, unit, stated=20)[0] is Verdict.UNMET


@pytest.mark.parametrize(("one", "other", "unit"), rows(UNLIKE))
def test_what_shares_only_its_head_is_a_question(one: str, other: str, unit: str) -> None:
    for wanted, offered in ((one, other), (other, one)):
        assert verdict(wanted, offered, unit, stated=120) == (Verdict.UNKNOWN, True)
        # What would not answer it anyhow is not even a question, and speaks against nobody.
        assert verdict(wanted, offered, unit, stated=2) == (Verdict.UNKNOWN, False)


OBJECTS = {
    "zh": ("跌倒", "驾驶员", "烟火", "裂缝", "车牌", "异物", "人脸", "安全帽"),
    "en": ("fall", "driver", "smoke", "crack", "plate", "debris", "face", "helmet"),
    "pt": ("quedas", "condutores", "fumo", "fissuras", "matrículas", "detritos", "rostos", "capacetes"),
}
SHAPES = {
    "zh": ("{}识别率", "{}检测准确率", "{}误报率", "{}响应时间", "{}处理时间"),
    "en": ("{} recognition rate", "{} false alarm rate", "{} response time", "{} processing time"),
    "pt": ("taxa de reconhecimento de {}", "taxa de erro de {}", "tempo de tratamento de {}"),
}
NAMED = [(language, shape) for language, shapes in SHAPES.items() for shape in shapes]


@given(st.sampled_from(NAMED), st.integers(0, 7), st.integers(0, 7))
def test_what_a_rate_is_the_rate_of_tells(named: tuple[str, str], first: int, second: int) -> None:
    language, shape = named
    one, other = (shape.format(OBJECTS[language][place]) for place in (first, second))
    unit = "s" if "时间" in shape or "time" in shape or "tempo" in shape else "%"
    assert same_metric(one, unit, other, unit) == (first == second)
