"""The bulletins of the demonstration's months, each frozen as its month ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from sqlmodel import Session

from scenario_hall.bulletins.months import Month
from scenario_hall.bulletins.service import publish_due
from scenario_hall.demonstration.cast import Scene


def bulletin_scenes(session: Session, moment: datetime, first_day: float) -> Iterator[Scene]:
    """A scene at the beginning of each month from ``first_day`` days before ``moment`` on."""
    month = Month.of(moment)
    while (days := (moment - month.start) / timedelta(days=1)) < first_day:
        yield Scene(days, order=0, play=partial(publish_due, session))
        month = month.previous()
