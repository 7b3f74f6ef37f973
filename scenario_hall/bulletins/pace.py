"""How far the year's target is beside how far the year is.

Development and reform bureaux in Guangdong report it so: the share of the year's plan that is done, and by how many
points that is ahead of or behind the calendar (时序进度).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from scenario_hall.bulletins.figures import Figures


@dataclass(frozen=True)
class Pace:
    """In percent: ``reached`` of the target, ``elapsed`` of the year, each to a tenth; and ``points`` between them,
    below 0 when behind the calendar."""

    reached: float
    elapsed: float

    @property
    def points(self) -> float:
        return round(self.reached - self.elapsed, 1)


def pace_of(figures: Figures, day: date) -> Pace:
    """At the end of ``day``."""
    days = date(day.year, 12, 31).timetuple().tm_yday
    reached = 100 * figures.firsts / figures.target if figures.target else 100.0
    return Pace(round(reached, 1), round(100 * day.timetuple().tm_yday / days, 1))
