"""Requirements held against specifications, and quantities read from prose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from scenario_hall.core.values import Comparison, Necessity, Requirement, Specification
from scenario_hall.search.text import fold
from scenario_hall.taxonomy.metrics import convert, find_metric, kind_of_unit, metric_names, unit_names

# How far a value may miss its threshold and still count as near: a tenth of the threshold.
NEAR_MARGIN = 0.10


class Verdict(StrEnum):
    MET = "met"
    NEAR = "near"
    UNMET = "unmet"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class JudgedRequirement:
    """A requirement with its verdict, and what the product states, in the requirement's unit (low, high)."""

    requirement: Requirement
    verdict: Verdict
    specification: Specification | None = None
    offered: tuple[float, float] | None = None


def judge(requirement: Requirement, specifications: Sequence[Specification]) -> JudgedRequirement:
    """Hold one requirement against what the product states; what it does not state is unknown, never met.

    With several statements of one metric the most favourable counts.
    """
    judged = [
        _judge_one(requirement, specification)
        for specification in specifications
        if _same_metric(requirement, specification)
    ]
    ranking = (Verdict.MET, Verdict.NEAR, Verdict.UNMET, Verdict.UNKNOWN)
    return min(
        judged, key=lambda each: ranking.index(each.verdict), default=JudgedRequirement(requirement, Verdict.UNKNOWN)
    )


def _same_metric(requirement: Requirement, specification: Specification) -> bool:
    if fold(requirement.metric) == fold(specification.metric):
        return True
    wanted, offered = find_metric(requirement.metric), find_metric(specification.metric)
    return wanted is not None and wanted == offered


def _judge_one(requirement: Requirement, specification: Specification) -> JudgedRequirement:
    if requirement.comparison is Comparison.HAS:
        return JudgedRequirement(requirement, Verdict.MET, specification)
    if specification.value is None or requirement.value is None:
        return JudgedRequirement(requirement, Verdict.UNKNOWN, specification)
    low = _in_unit(specification.value, specification.unit, requirement)
    top = specification.value_high if specification.value_high is not None else specification.value
    high = _in_unit(top, specification.unit, requirement)
    if low is None or high is None:
        return JudgedRequirement(requirement, Verdict.UNKNOWN, specification)
    shortfall = _shortfall(requirement, low, high)
    scale = max(abs(requirement.value), abs(requirement.value_high or 0.0)) or 1.0
    verdict = Verdict.MET if shortfall <= 0 else Verdict.NEAR if shortfall <= NEAR_MARGIN * scale else Verdict.UNMET
    return JudgedRequirement(requirement, verdict, specification, (low, high))


def _in_unit(value: float, unit: str, requirement: Requirement) -> float | None:
    if requirement.unit and unit:
        return convert(value, unit, requirement.unit)
    metric = find_metric(requirement.metric)
    usual = metric.unit if metric is not None else ""
    source, target = unit or usual, requirement.unit or usual
    return value if source == target else convert(value, source, target)


def _shortfall(requirement: Requirement, low: float, high: float) -> float:
    """By how much the best that the product states misses; 0 or less when it does not."""
    value = requirement.value or 0.0
    match requirement.comparison:
        case Comparison.AT_LEAST:
            return value - high
        case Comparison.AT_MOST:
            return low - value
        case Comparison.EQUAL_TO:
            return max(low - value, value - high, 0.0)
        case _:
            upper = requirement.value_high if requirement.value_high is not None else value
            # A wanted range is a span that the product has to cover: working temperature −20 to 50 ℃.
            if high > low:
                return max(low - value, upper - high)
            return max(value - low, low - upper)


_NUMBER = r"[-+]?\d+(?:\.\d+)?"
_CHINESE_DIGITS = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_CHINESE_POWERS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_AT_LEAST = (
    r"不少于|不低于|不小于|不短于|大于等于|大于或等于|至少|超过|高于|大于|达到|达|≥|>=|>"
    r"|at least|no less than|not less than|more than|over|minimum of|min\.?"
)
_AT_MOST = (
    r"不超过|不大于|不高于|不多于|不长于|小于等于|小于或等于|至多|最多|低于|小于|少于|优于|控制在|≤|<=|<"
    r"|at most|no more than|not more than|less than|within|under|up to|better than|below"
)
_AFTER_LEAST = r"以上|及以上|或以上|起|or more|and above|or above|or better"
_AFTER_MOST = r"以内|以下|之内|及以下|or less|or below"


@cache
def _quantity() -> re.Pattern[str]:
    units = "|".join(
        re.escape(unit) for unit in unit_names() if unit not in ("x", "c", "a", "d", "点", "里", "方", "兆")
    )
    return re.compile(
        rf"(?P<before>{_AT_LEAST}|{_AT_MOST})?\s*(?:为|是|在|约)?\s*(?P<plusminus>±)?\s*"
        rf"(?P<low>{_NUMBER})\s*(?P<unit1>{units})?\s*(?:(?:~|-{{1,3}}|至|到|—|–|to)\s*(?P<high>{_NUMBER}))?\s*"
        rf"(?P<unit>{units})?(?P<perday>/日|/天|每日|每天| per day|/day)?\s*(?P<after>{_AFTER_LEAST}|{_AFTER_MOST})?"
    )


@cache
def _ingress() -> re.Pattern[str]:
    return re.compile(r"(?<![a-z0-9])ip\s?x?(\d{2})(?!\d)")


@cache
def _named() -> re.Pattern[str]:
    latin = [rf"(?<![a-z]){re.escape(name)}(?![a-z])" for name in metric_names() if name.isascii() and len(name) > 2]
    chinese = [re.escape(name) for name in metric_names() if not name.isascii()]
    return re.compile("|".join([*chinese, *latin]))


@dataclass(frozen=True)
class _Reading:
    metric: str
    low: float
    high: float | None
    unit: str
    comparison: Comparison | None
    is_tolerance: bool


def read_requirements(text: str) -> list[Requirement]:
    """The measurable lines in ``text``, each metric once, as suggestions for the author. Those without a comparison
    word are read as “at least”, or “at most” for what is better small."""
    found: dict[str, Requirement] = {}
    for reading in _readings(text):
        comparison = reading.comparison or _usual_comparison(reading)
        value, high = (reading.low, reading.high) if comparison is Comparison.BETWEEN else (reading.low, None)
        if comparison is Comparison.BETWEEN and (high is None or high < value):
            continue
        found.setdefault(
            reading.metric,
            Requirement(
                metric=reading.metric,
                comparison=comparison,
                value=value,
                value_high=high,
                unit=reading.unit,
                necessity=Necessity.MUST,
            ),
        )
    return list(found.values())


def read_specifications(text: str) -> list[Specification]:
    """The measured lines that a product's text states, each metric once."""
    found: dict[str, Specification] = {}
    for reading in _readings(text):
        high = reading.high if reading.high is not None and reading.high > reading.low else None
        found.setdefault(
            reading.metric, Specification(metric=reading.metric, value=reading.low, value_high=high, unit=reading.unit)
        )
    return list(found.values())


def _readings(text: str) -> list[_Reading]:
    found: list[_Reading] = []
    for sentence in re.split(r"[。;；\n!?！？]|(?<!\d)[,，、](?!\d)|[,，、](?!\d)", text):
        clause = _with_digits(fold(sentence))
        clause = re.sub(r"(?<=\d),(?=\d{3})", "", clause).replace("−", "-").replace("～", "~")
        ingress = _ingress().search(clause)
        if ingress:
            found.append(_Reading("防护等级", float(ingress[1]), None, "IP", None, is_tolerance=False))
            clause = clause.replace(ingress[0], " ")
        for match in _quantity().finditer(clause):
            reading = _reading(clause, match)
            if reading is not None:
                found.append(reading)
    return found


def _reading(clause: str, match: re.Match[str]) -> _Reading | None:
    unit = (match["unit"] or match["unit1"] or "") + ("/日" if match["perday"] else "")
    names = [name for name in _named().finditer(clause) if name.end() <= match.start() or name.start() >= match.end()]
    before = [name for name in names if name.end() <= match.start()]
    nearest = before[-1] if before else (names[0] if names else None)
    if nearest is None or not unit:
        return None
    metric = find_metric(nearest.group())
    if metric is None:
        return None
    if kind_of_unit(metric.unit) == "daily-count" and kind_of_unit(unit) == "count":
        unit = f"{unit}/日"
    if kind_of_unit(unit) != kind_of_unit(metric.unit):
        fitting = [name for name in names if _fits(name.group(), unit)]
        if not fitting:
            return None
        nearest = min(fitting, key=lambda name: abs(name.end() - match.start()))
    low = float(match["low"])
    high = float(match["high"]) if match["high"] else None
    comparison = _comparison(match, high)
    return _Reading(nearest.group(), low, high, unit, comparison, is_tolerance=bool(match["plusminus"]))


def _fits(name: str, unit: str) -> bool:
    metric = find_metric(name)
    return metric is not None and kind_of_unit(metric.unit) == kind_of_unit(unit)


def _comparison(match: re.Match[str], high: float | None) -> Comparison | None:
    if match["plusminus"]:
        return Comparison.AT_MOST
    if high is not None:
        return Comparison.BETWEEN
    if match["after"]:
        return Comparison.AT_LEAST if re.fullmatch(_AFTER_LEAST, match["after"]) else Comparison.AT_MOST
    if match["before"]:
        return Comparison.AT_LEAST if re.fullmatch(_AT_LEAST, match["before"]) else Comparison.AT_MOST
    return None


# Metrics of which less is better, for texts that give a number without a comparison.
_SMALLER_IS_BETTER = frozenset(
    {
        "position-accuracy", "measuring-accuracy", "temperature-accuracy", "false-alarm", "response-time",
        "one-way-time", "charging-time", "noise", "price", "resolution-ground", "revisit", "weight", "takeoff-weight",
    }
)  # fmt: skip


def _usual_comparison(reading: _Reading) -> Comparison:
    metric = find_metric(reading.metric)
    smaller = metric is not None and metric.slug in _SMALLER_IS_BETTER
    return Comparison.AT_MOST if smaller else Comparison.AT_LEAST


def _with_digits(text: str) -> str:
    """Chinese numerals before a unit as digits: 三千米 stays three thousand metres, 两小时 becomes 2小时."""
    return re.sub(
        r"[零一二两三四五六七八九十百千万]+(?=公里|千米|米|小时|分钟|公斤|千克|吨|级|年|天|次|架次|台|万元)",
        _digits,
        text,
    )


def _digits(match: re.Match[str]) -> str:
    total, section, digit = 0, 0, 0
    for character in match.group():
        if character in _CHINESE_DIGITS:
            digit = _CHINESE_DIGITS[character]
        elif character == "万":
            total, section, digit = (total + section + digit) * 10_000, 0, 0
        else:
            section += (digit or 1) * _CHINESE_POWERS[character]
            digit = 0
    return str(total + section + digit)
