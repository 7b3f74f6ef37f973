"""Do two names mean one measure? A rate of falls seen is no rate of drivers seen, though both are rates.

A name is a head (rate, accuracy, time) and what it is the head of. Two names are of one measure when their heads go
together and what they say beside it does not differ. Where each says something else, the one may still answer the
other, but only who makes the product knows: that is a question, and no verdict.
"""

from __future__ import annotations

import json
from functools import cache, lru_cache
from pathlib import Path

from scenario_hall.language.folding import fold
from scenario_hall.language.glossary import glosses
from scenario_hall.language.text import is_cjk, words
from scenario_hall.taxonomy.metrics import Metric, find_metric, kind_of_unit

# Share of pairs of characters that two names of one measure have in common.
ALIKE = 0.4
# A product has one storage capacity, one protection class, one data rate: there the unit tells what is meant.
TELLING_DIMENSIONS = frozenset({"energy", "protection", "data-rate", "angle", "noise", "light"})
# Heads that many measures share, so that they make no two of them one: 单箱配料时间 is no 续航时间.
_COMMON_HEADS = frozenset(
    "时间 距离 高度 长度 宽度 深度 厚度 速度 温度 湿度 重量 质量 容量 数量 次数 面积 体积 精度 误差 能力 范围 周期 "
    "间隔 功率 压力 强度 效率 比例 寿命 直径 半径 角度 流量 频率 电压 电流 等级 指标 要求 性能 参数".split()
)
_TABLES = json.loads((Path(__file__).parent / "data" / "measure_words.json").read_text(encoding="utf-8"))
# Measures that a product has as a whole: 无人机续航 and 整机续航 are one.
_OF_THE_WHOLE = frozenset(_TABLES["whole"])


@lru_cache(maxsize=65536)
def same_metric(wanted: str, wanted_unit: str, offered: str, offered_unit: str) -> bool:
    """The same name; or the same canonical metric; or, in units of one dimension, names of which one holds the other,
    that share their head (the last two characters, unless many measures have it) or most of their characters. Never,
    where each name says something that the other does not."""
    one, other = fold(wanted), fold(offered)
    if one == other:
        return True
    known, stated = _canonical(one, wanted_unit), _canonical(other, offered_unit)
    if known is not None and stated is not None:
        if known != stated:
            return False
        return known.slug in _OF_THE_WHOLE or may_say_the_same(one, other, known)
    dimension = kind_of_unit(wanted_unit)
    if dimension is None or dimension != kind_of_unit(offered_unit):
        return False
    return _have_one_head(one, other, dimension) and may_say_the_same(one, other)


def may_say_the_same(one: str, other: str, known: Metric | None = None) -> bool:
    """Beside head and filling words, does one of two folded names say nothing that the other does not? In two
    languages a dictionary tells; what it does not join is not the same."""
    first, second = _said(one, known), _said(other, known)
    if not first or not second:
        return True
    if is_cjk(one) != is_cjk(other):
        chinese, latin = (first, second) if is_cjk(one) else (second, first)
        # What the dictionary has not is what its last character is: 人脸 is a face.
        return any(stem in latin for word in chinese for stem, _ in glosses(word) or glosses(word[-1]))
    return first <= second or second <= first


def _canonical(name: str, unit: str) -> Metric | None:
    """The known metric of a name; none where only the end of the name is alike and a share of a hundred is stated of
    what is no share: 采摘成功率 in per cent is no 功率."""
    found = find_metric(name)
    if found is None or kind_of_unit(unit) != kind_of_unit("%") or kind_of_unit(found.unit) == kind_of_unit("%"):
        return found
    return None


def _have_one_head(one: str, other: str, dimension: str) -> bool:
    if dimension in TELLING_DIMENSIONS:
        return True
    if min(len(one), len(other)) < 2:
        return False
    if one in other or other in one:
        return one not in _COMMON_HEADS and other not in _COMMON_HEADS
    if is_cjk(one) and one[-2:] == other[-2:] and one[-2:] not in _COMMON_HEADS:
        return True
    pairs, others = _pairs(one), _pairs(other)
    return 2 * len(pairs & others) >= ALIKE * (len(pairs) + len(others))


def _pairs(name: str) -> set[str]:
    if not is_cjk(name):
        return set(words(name))
    return {name[place : place + 2] for place in range(len(name) - 1)}


@lru_cache(maxsize=65536)
def _said(name: str, known: Metric | None) -> frozenset[str]:
    """The words of a name beside the known metric's own name, heads and filling words."""
    rest = name
    if known is not None:
        own = max((fold(each) for each in known.names if fold(each) in name), key=len, default="")
        rest = name.replace(own, " ", 1) if own else name
    return frozenset(word for word in words(rest) if word not in _without_meaning() and not word[0].isdigit())


@cache
def _without_meaning() -> frozenset[str]:
    texts = [*_TABLES["heads"], *_TABLES["fillers"]]
    portuguese = [f"para que não seja {text}" for text in texts if not is_cjk(text)]
    return frozenset(word for text in (*texts, *portuguese) for word in (fold(text), *words(text)))
