"""What all products state, as arrays by dimension: one requirement is held against every product at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scenario_hall.core.values import Comparison, Requirement, Specification
from scenario_hall.matching.requirements import (
    MET,
    NEAR,
    UNKNOWN,
    UNMET,
    same_metric,
    verdict_masks,
)
from scenario_hall.matching.vectors import LEAST_RELAID, RELAID_SHARE
from scenario_hall.taxonomy.metrics import dimension_of

Codes = NDArray[np.int8]


@dataclass(frozen=True)
class _Laid:
    """The statements of one dimension: whose, of what, and the range in the dimension's base unit."""

    starts: NDArray[np.int64]  # the statements of slot s are rows starts[s]:starts[s + 1]; the last slot has none
    names: NDArray[np.int32]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    has_value: NDArray[np.bool_]

    def of(self, slots: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64], bool]:
        """Each statement of these slots: the place in ``slots`` of whose it is, and its row here; and whether no slot
        has two."""
        known = len(self.starts) - 2
        if len(slots) and slots[-1] > known:
            slots = np.minimum(slots, known)
        begins = self.starts[slots]
        counts = self.starts[slots + 1] - begins
        if not len(counts) or counts.max() <= 1:
            places = np.flatnonzero(counts)
            return places, begins[places], True
        places = np.repeat(np.arange(len(slots)), counts)
        return places, np.arange(len(places)) + np.repeat(begins - (np.cumsum(counts) - counts), counts), False


class Measures:
    """The specification lines by slot. ``put`` and ``drop`` cost what the record has; like ``TermMatrix``, lines that
    came of late stand in a small layer of their own."""

    def __init__(self) -> None:
        self._lines: dict[int, tuple[Specification, ...]] = {}
        self._late: set[int] = set()
        self._stale: set[int] = set()
        self._base: dict[str, _Laid] = {}
        self._late_layer: dict[str, _Laid] | None = None
        # (metric, unit) as written, and its number; a requirement is compared with each of these once.
        self._names: dict[tuple[str, str], int] = {}
        self._alike: dict[tuple[str, str], tuple[int, NDArray[np.bool_]]] = {}

    def put(self, slot: int, specifications: Sequence[Specification]) -> None:
        self.drop(slot)
        self._lines[slot] = tuple(specifications)
        self._late.add(slot)
        self._late_layer = None

    def drop(self, slot: int) -> None:
        if self._lines.pop(slot, None) is not None:
            if slot in self._late:
                self._late.discard(slot)
                self._late_layer = None
            else:
                self._stale.add(slot)

    def verdicts(self, requirement: Requirement, slots: NDArray[np.int64]) -> tuple[Codes, NDArray[np.bool_]]:
        """For each of the slots, which ascend, the verdict's number, and whether anything stated comes close; shapes
        (slots,)."""
        if len(self._late) > max(LEAST_RELAID, RELAID_SHARE * len(self._lines)):
            self._base = self._laid(self._lines)
            self._late, self._stale, self._late_layer = set(), set(), None
        codes = np.full(len(slots), UNKNOWN, np.int8)
        close = np.zeros(len(slots), np.bool_)
        self._judge(requirement, self._base, slots, codes, close)
        if self._stale:
            stale = np.isin(slots, np.fromiter(self._stale, np.int64, len(self._stale)))
            codes[stale], close[stale] = UNKNOWN, False
        if self._late:
            if self._late_layer is None:
                self._late_layer = self._laid({slot: self._lines[slot] for slot in self._late})
            self._judge(requirement, self._late_layer, slots, codes, close)
        return codes, close

    def _judge(
        self, requirement: Requirement, layer: dict[str, _Laid], slots: NDArray[np.int64], codes: Codes,
        close: NDArray[np.bool_],
    ) -> None:  # fmt: skip
        if requirement.comparison is Comparison.HAS:
            for laid in layer.values():
                places, rows, _ = laid.of(slots)
                codes[places[self._same(requirement, laid.names[rows])]] = MET
            return
        dimension, factor = dimension_of(requirement.unit, requirement.metric)
        found = layer.get(dimension)
        if requirement.value is None or found is None:
            return
        places, rows, are_single = found.of(slots)
        low, high = found.low[rows], found.high[rows]
        if factor != 1:
            low, high = low / factor, high / factor
        near, met, answers = verdict_masks(requirement, low, high)
        close[places[answers]] = True
        # UNMET, NEAR and MET are 1, 2 and 3, so that the sum of what holds is the verdict.
        alike = self._same(requirement, found.names[rows]) & found.has_value[rows]
        judged = alike * (UNMET + near.view(np.int8) + met.view(np.int8))
        if are_single:
            codes[places] += judged
            return
        # A product with several statements of one metric has the most favourable: the better overwrites the worse.
        for code in (UNMET, NEAR, MET):
            codes[places[judged == code]] = code

    def _same(self, requirement: Requirement, names: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Which of the names are the requirement's metric."""
        key = (requirement.metric, requirement.unit)
        known = self._alike.get(key)
        if known is None or known[0] != len(self._names):
            start = known[0] if known is not None else 0
            new = list(self._names)[start:]
            more = np.fromiter((same_metric(*key, metric, unit) for metric, unit in new), np.bool_, len(new))
            known = (len(self._names), np.concatenate([known[1], more]) if known is not None else more)
            if len(self._alike) > 4096:
                self._alike.clear()
            self._alike[key] = known
        return known[1][names]

    def _laid(self, lines_by_slot: Mapping[int, Sequence[Specification]]) -> dict[str, _Laid]:
        rows: dict[str, list[tuple[int, int, float, float]]] = {}
        for slot in sorted(lines_by_slot):
            for line in lines_by_slot[slot]:
                dimension, factor = dimension_of(line.unit, line.metric)
                name = self._names.setdefault((line.metric, line.unit), len(self._names))
                value = line.value if line.value is not None else np.nan
                high = line.value_high if line.value_high is not None else value
                rows.setdefault(dimension, []).append((slot, name, value * factor, high * factor))
        return {
            dimension: _Laid(
                np.concatenate([[0], np.cumsum(np.bincount([row[0] for row in found], minlength=found[-1][0] + 2))]),
                np.array([row[1] for row in found], np.int32),
                low := np.array([row[2] for row in found], np.float64),
                np.array([row[3] for row in found], np.float64),
                ~np.isnan(low),
            )
            for dimension, found in rows.items()
        }
