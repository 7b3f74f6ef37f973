"""What all products state, as arrays by dimension: one requirement is held against every product at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scenario_hall.core.values import Comparison, Requirement, Specification
from scenario_hall.matching.requirements import (
    MET,
    UNKNOWN,
    VERDICTS,
    close_values,
    is_close,
    judge,
    same_metric,
    verdict_codes,
)
from scenario_hall.matching.vectors import LEAST_RELAID, RELAID_SHARE, Slots
from scenario_hall.taxonomy.metrics import dimension_of

Codes = NDArray[np.int8]


@dataclass(frozen=True)
class _Laid:
    """The statements of one dimension: whose, of what, and the range in base units' factors."""

    slots: Slots
    names: NDArray[np.int32]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    factor: NDArray[np.float64]


class Measures:
    """The specification lines by slot. ``put`` and ``drop`` cost what the record has."""

    def __init__(self) -> None:
        self._lines: dict[int, tuple[Specification, ...]] = {}
        self._fresh: set[int] = set()
        self._stale: set[int] = set()
        self._laid: dict[str, _Laid] = {}
        # (metric, unit) as written, and its number; a requirement is compared with each of these once.
        self._names: dict[tuple[str, str], int] = {}
        self._alike: dict[tuple[str, str], tuple[int, NDArray[np.bool_]]] = {}

    def put(self, slot: int, specifications: Sequence[Specification]) -> None:
        self.drop(slot)
        self._lines[slot] = tuple(specifications)
        self._fresh.add(slot)
        if len(self._fresh) > max(LEAST_RELAID, RELAID_SHARE * len(self._lines)):
            self._lay()

    def drop(self, slot: int) -> None:
        if self._lines.pop(slot, None) is not None:
            if slot in self._fresh:
                self._fresh.discard(slot)
            else:
                self._stale.add(slot)

    def verdicts(self, requirement: Requirement, capacity: int) -> tuple[Codes, NDArray[np.bool_]]:
        """For every slot the verdict's number, and whether anything stated comes close; shapes (capacity,)."""
        codes = np.full(capacity, UNKNOWN, np.int8)
        close = np.zeros(capacity, np.bool_)
        if requirement.comparison is Comparison.HAS:
            self._having(requirement, codes)
        elif requirement.value is not None:
            dimension, factor = dimension_of(requirement.unit, requirement.metric)
            laid = self._laid.get(dimension)
            if laid is not None:
                low, high = laid.low * laid.factor / factor, laid.high * laid.factor / factor
                alike = self._same(requirement, laid) & ~np.isnan(laid.low)
                np.maximum.at(codes, laid.slots[alike], verdict_codes(requirement, low[alike], high[alike]))
                close[laid.slots[close_values(requirement, low, high)]] = True
        for slot in self._stale:
            codes[slot], close[slot] = UNKNOWN, False
        for slot in self._fresh:
            lines = self._lines[slot]
            codes[slot] = VERDICTS.index(judge(requirement, lines).verdict)
            close[slot] = is_close(requirement, lines)
        return codes, close

    def _having(self, requirement: Requirement, codes: Codes) -> None:
        for laid in self._laid.values():
            codes[laid.slots[self._same(requirement, laid)]] = MET

    def _same(self, requirement: Requirement, laid: _Laid) -> NDArray[np.bool_]:
        """Which entries state the requirement's metric."""
        key = (requirement.metric, requirement.unit)
        known = self._alike.get(key)
        if known is None or known[0] != len(self._names):
            start = known[0] if known is not None else 0
            names = list(self._names)[start:]
            more = np.fromiter((same_metric(*key, metric, unit) for metric, unit in names), np.bool_, len(names))
            known = (len(self._names), np.concatenate([known[1], more]) if known is not None else more)
            if len(self._alike) > 4096:
                self._alike.clear()
            self._alike[key] = known
        return known[1][laid.names]

    def _lay(self) -> None:
        rows: dict[str, list[tuple[int, int, float, float, float]]] = {}
        for slot, lines in self._lines.items():
            for line in lines:
                dimension, factor = dimension_of(line.unit, line.metric)
                name = self._names.setdefault((line.metric, line.unit), len(self._names))
                value = line.value if line.value is not None else np.nan
                high = line.value_high if line.value_high is not None else value
                rows.setdefault(dimension, []).append((slot, name, value, high, factor))
        self._laid = {
            dimension: _Laid(
                np.array([row[0] for row in found], np.int32),
                np.array([row[1] for row in found], np.int32),
                *(np.array([row[place] for row in found], np.float64) for place in (2, 3, 4)),
            )
            for dimension, found in rows.items()
        }
        self._fresh, self._stale = set(), set()
