"""Canonical metrics and units: what two sides call differently and mean alike."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from opencc import OpenCC
from pint import UnitRegistry
from pint.errors import PintError

from scenario_hall.language.folding import fold
from scenario_hall.language.names import localised

_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Metric:
    """One metric, its usual unit, and what it is called; the first Chinese and the first English name are the usual
    ones."""

    slug: str
    unit: str
    names: tuple[str, ...]
    pt: str

    @property
    def zh_hans(self) -> str:
        return self.names[0]

    @property
    def zh_hant(self) -> str:
        written: str = _traditional().convert(self.names[0])
        return written

    @property
    def en(self) -> str:
        return next(name for name in self.names if name.isascii())

    def name(self, locale: str) -> str:
        return localised(self, locale)


@cache
def metrics() -> tuple[Metric, ...]:
    rows = json.loads((_DATA / "metrics.json").read_text(encoding="utf-8"))
    return tuple(Metric(row["slug"], row["unit"], tuple(row["names"]), row["pt"]) for row in rows)


@cache
def _by_name() -> dict[str, Metric]:
    return {_fold(name): metric for metric in metrics() for name in metric.names}


@cache
def _units() -> dict[str, tuple[str, float]]:
    table = json.loads((_DATA / "units.json").read_text(encoding="utf-8"))
    return {_fold(unit): (kind, float(factor)) for kind, units in table.items() for unit, factor in units.items()}


@cache
def unit_names() -> tuple[str, ...]:
    """Every known unit, folded, longest first: for readers of prose."""
    return tuple(sorted(_units(), key=lambda unit: (-len(unit), unit)))


@cache
def metric_names() -> tuple[str, ...]:
    """Every known name of a metric, folded, longest first."""
    return tuple(sorted(_by_name(), key=lambda name: (-len(name), name)))


# What may follow a metric's name without making it another one.
_TAILS = frozenset("能力 值 指标 要求 范围 性能 等级 大小 水平 上限 下限".split())


@lru_cache(maxsize=65536)
def find_metric(name: str) -> Metric | None:
    """The metric of this exact name; failing that, the one whose longest name the name ends with (Chinese nouns have
    their head last: 单架次续航 is 续航), or that it begins with before a word that adds nothing; in English, the one
    whose name stands in it."""
    folded = _fold(name)
    exact = _by_name().get(folded)
    if exact is not None:
        return exact
    for known in metric_names():
        if len(known) < 2 or known not in folded:
            continue
        rest = folded.removeprefix(known)
        if known.isascii() or folded.endswith(known) or (rest != folded and rest in _TAILS):
            return _by_name()[known]
    return None


def metric_slug(name: str) -> str:
    """The metric's slug, by which one counts what many write; the name itself where no metric is known by it."""
    found = find_metric(name)
    return found.slug if found is not None else name


def metric_name(slug: str, locale: str) -> str:
    """What ``metric_slug`` gave, for a reader."""
    known = _by_slug().get(slug)
    return known.name(locale) if known is not None else slug


@cache
def _by_slug() -> dict[str, Metric]:
    return {metric.slug: metric for metric in metrics()}


def kind_of_unit(unit: str) -> str | None:
    """The dimension of a unit, e.g. “time”; None for one that is not known."""
    found = _known_unit(unit)
    return found[0] if found else None


@lru_cache(maxsize=65536)
def dimension_of(unit: str, metric: str = "") -> tuple[str, float]:
    """(dimension, factor to its base unit); a unit that is not known is a dimension of its own. A missing unit is the
    usual one of the metric."""
    if not unit and (known := find_metric(metric)) is not None:
        unit = known.unit
    found = _known_unit(unit)
    return found if found is not None else (f"?{_fold(unit)}", 1.0)


# Units that are others in small letters: Nm is no nanometre.
_BY_CAPITALS = {"Nm": ("torque", 1.0), "kNm": ("torque", 1000.0)}


def _known_unit(unit: str) -> tuple[str, float] | None:
    return _BY_CAPITALS.get(unit) or _units().get(_fold(unit)) or _ratio(unit) or _by_pint(unit)


_PER = re.compile(r"\s*(?:/|每个?|\bper\b|\bpor\b)\s*")
# What a ratio of two dimensions is called in the table, and how much of its base unit one of both bases is.
_RATIOS = {
    ("length", "time"): ("speed", 1.0),
    ("volume", "time"): ("flow", 3600.0),
    ("count", "time"): ("daily-count", 86400.0),
    ("angle", "time"): ("angular-speed", 1.0),
}


@lru_cache(maxsize=4096)
def _ratio(unit: str) -> tuple[str, float] | None:
    """A known unit by another one, as 立方米每小时, 吨/天, Wh/kg or 度/100米."""
    parts = _PER.split(_fold(unit))
    if len(parts) != 2:
        return None
    number = re.match(r"[\d.]*", parts[1])
    amount = float(number.group()) if number is not None and re.fullmatch(r"\d+(?:\.\d+)?", number.group()) else 1.0
    above, below = _units().get(parts[0].strip()), _units().get(parts[1].lstrip("0123456789.").strip())
    if above is None or below is None or not amount:
        return None
    name, factor = _RATIOS.get((above[0], below[0]), (f"{above[0]}/{below[0]}", 1.0))
    return name, factor * above[1] / (below[1] * amount)


# The base units of the shipped table's dimensions, as pint spells them, so that psi and MPa are one dimension.
_BASES = {
    "mass": "kg",
    "length": "m",
    "time": "s",
    "speed": "m/s",
    "area": "m**2",
    "volume": "m**3",
    "flow": "m**3/h",
    "power": "kW",
    "energy": "kWh",
    "pressure": "MPa",
    "voltage": "V",
    "current": "A",
    "frequency": "Hz",
}
# What is handed to pint: Latin units with single-digit powers, nothing that could be a calculation.
_PINTABLE = re.compile(r"[A-Za-zµμΩ]{1,8}[²³23]?(?:[·*/][A-Za-zµμΩ]{1,8}[²³23]?){0,3}")


@cache
def _registry() -> UnitRegistry[float]:
    return UnitRegistry(cache_folder=None)


@lru_cache(maxsize=4096)
def _by_pint(unit: str) -> tuple[str, float] | None:
    """Units that the table has not, such as kN, mAh/g or g/cm³, as pint knows them; None where pint does not."""
    text = unicodedata.normalize("NFC", unit.strip())
    if not _PINTABLE.fullmatch(text):
        return None
    spelled = re.sub(r"(?<=[A-Za-zµμΩ])([23²³])", lambda match: f"**{'2' if match[1] in '2²' else '3'}", text)
    try:
        quantity = _registry().Quantity(1.0, spelled.replace("·", "*"))
        for dimension, base in _BASES.items():
            if quantity.check(_registry().Unit(base).dimensionality):
                return dimension, float(quantity.to(base).magnitude)
        based = quantity.to_base_units()
    except (PintError, AttributeError, ValueError, ZeroDivisionError):
        return None
    return str(based.dimensionality), float(based.magnitude)


def convert(value: float, source: str, target: str) -> float | None:
    """``value`` in unit ``source`` as a number in unit ``target``; None when the two measure different things."""
    if _fold(source) == _fold(target):
        return value
    one, other = dimension_of(source), dimension_of(target)
    return value * one[1] / other[1] if one[0] == other[0] else None


@cache
def _traditional() -> OpenCC:
    return OpenCC("s2hk")


@lru_cache(maxsize=65536)
def _fold(text: str) -> str:
    folded = fold(text).strip()
    return folded if text.isascii() else _BETWEEN_SIGNS.sub("", folded)


# Words keep their distance (metros cúbicos); what is no word has none (工 业, ° C).
_BETWEEN_SIGNS = re.compile(r"(?<![a-zà-ÿ]{2}) | (?![a-zà-ÿ]{2})")
