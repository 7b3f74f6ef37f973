"""What all products state, as arrays by dimension: one requirement is held against every product at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scenario_hall.core.values import Comparison, Requirement, Specification
from scenario_hall.matching.engine.vectors import REBUILD_MIN_ROWS, REBUILD_SHARE
from scenario_hall.quantities.like_measures import same_metric
from scenario_hall.quantities.verdicts import MET, UNKNOWN, UNMET, verdict_masks
from scenario_hall.taxonomy.metrics import dimension_of

Codes = NDArray[np.int8]


@dataclass(frozen=True)
class _Statements:
    """The statements of one dimension: of what, and the range in the dimension's base unit. The last row states
    nothing."""

    starts: NDArray[np.int64]  # the statements of slot s are rows starts[s]:starts[s + 1]; the last slot has none
    first: NDArray[np.int64]  # the row of each slot's first statement
    has_several: NDArray[np.bool_]  # by slot
    table: NDArray[np.float64]  # low, high, the name's number and nothing: a row is one line of the cache

    def of(self, slots: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """The first row of each of these slots and behind them the further rows of those that have more; and of these
        the places in ``slots`` of whose each is."""
        known = len(self.starts) - 2
        if len(slots) and slots[-1] > known:
            slots = np.minimum(slots, known)
        rows = self.first[slots]
        places = np.flatnonzero(self.has_several[slots])
        if len(places):
            begins = self.starts[slots[places]] + 1
            counts = self.starts[slots[places] + 1] - begins
            places = np.repeat(places, counts)
            more = np.arange(len(places)) + np.repeat(begins - (np.cumsum(counts) - counts), counts)
            rows = np.concatenate([rows, more])
        return self.table.take(rows, axis=0), places


Layer = dict[str, _Statements]  # by dimension


class Measures:
    """The specification lines by slot. ``put`` and ``drop`` cost what the record has; like ``TermMatrix``, lines that
    came of late stand in a small layer of their own."""

    def __init__(self) -> None:
        self._lines: dict[int, tuple[Specification, ...]] = {}
        self._late: set[int] = set()
        self._stale: set[int] = set()
        self._base: Layer = {}
        self._late_layer: Layer | None = None
        # A bit for each dimension, and by slot those of what is stated; the dimensions past the 63rd share the last.
        self._bits: dict[str, np.uint64] = {}
        self._stated = np.zeros(64, np.uint64)
        # (metric, unit) as written, and its number; a requirement is compared with each of these once.
        self._names: dict[tuple[str, str], int] = {}
        self._alike: dict[tuple[str, str], NDArray[np.bool_]] = {}

    def put(self, slot: int, specifications: Sequence[Specification]) -> None:
        self.drop(slot)
        while slot >= len(self._stated):
            self._stated = np.concatenate([self._stated, np.zeros_like(self._stated)])
        for line in specifications:
            dimension, _ = dimension_of(line.unit, line.metric)
            self._stated[slot] |= self._bits.setdefault(dimension, np.uint64(1 << min(63, len(self._bits))))
        self._lines[slot] = tuple(specifications)
        self._late.add(slot)
        self._late_layer = None

    def drop(self, slot: int) -> None:
        if self._lines.pop(slot, None) is not None:
            self._stated[slot] = 0
            if slot in self._late:
                self._late.discard(slot)
                self._late_layer = None
            else:
                self._stale.add(slot)

    def stated(self, slots: NDArray[np.int64]) -> NDArray[np.uint64]:
        """The dimensions in which these slots' products state anything, as bits; shape (slots,)."""
        return self._stated[slots]

    def bits(self, requirement: Requirement) -> np.uint64:
        """Those of ``stated`` without which a product's verdict on the requirement is unknown."""
        if requirement.comparison is Comparison.HAS:
            return ~np.uint64(0)
        return self._bits.get(dimension_of(requirement.unit, requirement.metric)[0], np.uint64(0))

    def verdicts(self, requirement: Requirement, slots: NDArray[np.int64]) -> tuple[Codes, NDArray[np.bool_]]:
        """For each of the slots, which ascend, the verdict's number, and whether anything stated comes close; shapes
        (slots,)."""
        if len(self._late) > max(REBUILD_MIN_ROWS, REBUILD_SHARE * len(self._lines)):
            self._base = self._layer_of(self._lines)
            self._late, self._stale, self._late_layer = set(), set(), None
        codes, close = self._judged(requirement, self._base, slots)
        if self._stale:
            stale = np.isin(slots, np.fromiter(self._stale, np.int64, len(self._stale)))
            codes[stale], close[stale] = UNKNOWN, False
        if self._late:
            if self._late_layer is None:
                self._late_layer = self._layer_of({slot: self._lines[slot] for slot in self._late})
            # What is stale in one layer stands in the other.
            late, late_close = self._judged(requirement, self._late_layer, slots)
            codes += late
            close |= late_close
        return codes, close

    def _judged(
        self, requirement: Requirement, layer: Layer, slots: NDArray[np.int64]
    ) -> tuple[Codes, NDArray[np.bool_]]:
        codes, close = np.full(len(slots), UNKNOWN, np.int8), np.zeros(len(slots), np.bool_)
        if requirement.comparison is Comparison.HAS:
            for statements in layer.values():
                rows, places = statements.of(slots)
                same = self._same(requirement, rows)
                codes[same[: len(slots)]] = MET
                codes[places[same[len(slots) :]]] = MET
            return codes, close
        dimension, factor = dimension_of(requirement.unit, requirement.metric)
        found = layer.get(dimension)
        if requirement.value is None or found is None:
            return codes, close
        rows, places = found.of(slots)
        judged, answers = self._held(requirement, rows, factor)
        codes, close = judged[: len(slots)], answers[: len(slots)]
        if len(places):
            # Of several statements the most favourable counts.
            np.maximum.at(codes, places, judged[len(slots) :])
            close[places[answers[len(slots) :]]] = True
        return codes, close

    def _held(
        self, requirement: Requirement, rows: NDArray[np.float64], factor: float
    ) -> tuple[Codes, NDArray[np.bool_]]:
        """The verdict of each statement, and whether its value would answer; shapes (rows,)."""
        low, high = rows[:, 0], rows[:, 1]
        if factor != 1:
            low, high = low / factor, high / factor
        near, met, answers = verdict_masks(requirement, low, high)
        # UNMET, NEAR and MET are 1, 2 and 3, so that the sum of what holds is the verdict.
        alike = self._same(requirement, rows) & ~np.isnan(low)  # what states no value is not judged
        return alike * (UNMET + near.view(np.int8) + met.view(np.int8)), answers

    def _same(self, requirement: Requirement, rows: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which of the rows are of the requirement's metric."""
        key = (requirement.metric, requirement.unit)
        known = self._alike.get(key)
        if known is None or len(known) <= len(self._names):
            before = known[:-1] if known is not None else np.zeros(0, np.bool_)
            new = list(self._names)[len(before) :]
            more = np.fromiter((same_metric(*key, metric, unit) for metric, unit in new), np.bool_, len(new))
            # The last is the name -1, of rows that state nothing.
            known = np.concatenate([before, more, [False]])
            if len(self._alike) > 4096:
                self._alike.clear()
            self._alike[key] = known
        return known[rows[:, 2].astype(np.intp)]

    def _layer_of(self, lines_by_slot: Mapping[int, Sequence[Specification]]) -> Layer:
        rows: dict[str, list[tuple[int, int, float, float]]] = {}
        for slot in sorted(lines_by_slot):
            for line in lines_by_slot[slot]:
                dimension, factor = dimension_of(line.unit, line.metric)
                name = self._names.setdefault((line.metric, line.unit), len(self._names))
                value = line.value if line.value is not None else np.nan
                high = line.value_high if line.value_high is not None else value
                rows.setdefault(dimension, []).append((slot, name, value * factor, high * factor))
        return {dimension: _statements_of(found) for dimension, found in rows.items()}


def _statements_of(rows: Sequence[tuple[int, int, float, float]]) -> _Statements:
    """(slot, name, low, high) of each statement, by slot."""
    counts = np.bincount([row[0] for row in rows], minlength=rows[-1][0] + 2)
    starts = np.concatenate([[0], np.cumsum(counts)])
    table = np.full((len(rows) + 1, 4), np.nan)
    table[:-1, 2], table[:-1, 0], table[:-1, 1] = np.array([row[1:] for row in rows]).T
    table[-1, 2] = -1
    return _Statements(starts, np.where(counts, starts[:-1], len(rows)), counts > 1, table)
