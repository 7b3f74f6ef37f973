"""Charts as values: where each mark stands. ``templates/components/charts.html`` draws them as SVG, without a script.

Lengths are percent of the chart's own width or height, or units of the view box that the value states.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# A region with more open scenarios than the first is shaded darkest, than the second darker, than the third at all.
HEATS = (5, 2, 0)
RING_RADIUS = 44.0


@dataclass(frozen=True)
class Bar:
    """One row of horizontal bars; ``share`` is its length in percent of the longest."""

    key: str
    label: str
    value: int
    address: str
    share: float


@dataclass(frozen=True)
class Column:
    """One month: its bar in units of the view box, measured from the top."""

    label: str
    value: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Months:
    """Twelve columns over a line at the ``pace`` that reaches the target; ``pace_y`` is None without a target."""

    columns: Sequence[Column]
    width: float
    height: float
    base: float
    pace: float
    pace_y: float | None

    @property
    def rows(self) -> list[tuple[str, int]]:
        """The same as a table: month and value."""
        return [(column.label, column.value) for column in self.columns]


@dataclass(frozen=True)
class Ring:
    """A share of one as the dashes of a circle: so much drawn, so much left out."""

    drawn: float
    left: float
    radius: float = RING_RADIUS


def share_of(value: int, largest: int) -> float:
    """``value`` in percent of ``largest``, to a tenth; 0 where there is nothing to compare with."""
    return round(100 * value / largest, 1) if largest > 0 else 0.0


def bars(rows: Iterable[tuple[str, str, int, str]]) -> list[Bar]:
    """Rows of key, label, value and address, in their order."""
    listed = list(rows)
    largest = max((value for _, _, value, _ in listed), default=0)
    return [Bar(key, label, value, address, share_of(value, largest)) for key, label, value, address in listed]


def months(
    values: Sequence[int], target: int, *, width: float = 300, height: float = 110, letters: float = 11
) -> Months:
    """Columns for the months of a year, with room for a label of ``letters`` units above and below each; the line of
    a twelfth of ``target``."""
    room = letters + 5
    head, base, step = room, height - room, width / len(values)
    pace = target / len(values)
    top = max(*values, pace, 1)
    unit = (base - head) / top
    columns = [
        Column(
            label=str(number),
            value=value,
            x=round((number - 1) * step + step * 0.18, 2),
            y=round(base - value * unit, 2),
            width=round(step * 0.64, 2),
            height=round(value * unit, 2),
        )
        for number, value in enumerate(values, 1)
    ]
    return Months(columns, width, height, base, round(pace, 1), round(base - pace * unit, 2) if target else None)


def ring(share: float) -> Ring:
    """``share`` from 0 to 1; what lies beyond is taken as the nearer end."""
    around = 2 * math.pi * RING_RADIUS
    drawn = around * min(max(share, 0.0), 1.0)
    return Ring(round(drawn, 2), round(around - drawn, 2))


def spark(values: Sequence[float], *, width: float = 96, height: float = 24) -> str:
    """The points of a line through ``values``, the lowest at the bottom; empty for fewer than two."""
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    unit = (height - 4) / (high - low) if high > low else 0.0
    step = width / (len(values) - 1)
    return " ".join(f"{place * step:.1f},{height - 2 - (value - low) * unit:.1f}" for place, value in enumerate(values))


def heat_of(count: int) -> int:
    """How dark a region's tile is, from 0 to 3."""
    return len(HEATS) - next((place for place, bound in enumerate(HEATS) if count > bound), len(HEATS))
