"""The hall's clock: UTC inside, Asia/Hong_Kong for people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HONG_KONG = ZoneInfo("Asia/Hong_Kong")
LETTER_TIME = time(8)  # of letters that gather what has come in
_fixed: ContextVar[datetime | None] = ContextVar("fixed moment", default=None)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Make ``now()`` return ``moment`` inside the block, for demonstration data and tests of deadlines."""
    token = _fixed.set(moment)
    try:
        yield
    finally:
        _fixed.reset(token)


def now() -> datetime:
    """The present moment, in UTC, to the millisecond (what every database keeps without loss)."""
    moment = _fixed.get() or datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def local_day(moment: datetime) -> date:
    """The calendar day that people in the Bay Area would name for ``moment``."""
    return moment.astimezone(HONG_KONG).date()


def local_year(moment: datetime) -> int:
    return local_day(moment).year


def local_today() -> date:
    return local_day(now())


def local_minute(moment: datetime) -> str:
    """``moment`` to the minute, as people in Hong Kong read it."""
    return f"{moment.astimezone(HONG_KONG):%Y-%m-%d %H:%M} HKT"


def local_clock(moment: datetime) -> str:
    """The time of day in Hong Kong, as “14:02”."""
    return f"{moment.astimezone(HONG_KONG):%H:%M}"


def local_year_bounds(year: int) -> tuple[datetime, datetime]:
    """When the year begins in Hong Kong, and when the next one does, in UTC."""
    first, next_first = (datetime(each, 1, 1, tzinfo=HONG_KONG) for each in (year, year + 1))
    return first.astimezone(UTC), next_first.astimezone(UTC)


def end_of_local_day(day: date) -> datetime:
    """The last moment of ``day`` in Hong Kong, in UTC: what a deadline without a time means.

    It lies a microsecond before midnight. The clock goes in milliseconds, so whether it is compared by ``<`` or by
    ``<=``, all of the day counts and nothing of the next.
    """
    return datetime.combine(day, time.max, tzinfo=HONG_KONG).astimezone(UTC)


def next_morning(moment: datetime, weekday: int | None = None) -> datetime:
    """The next time that it is 8:00 in Hong Kong, on that day of the week (Monday is 0) where one is given; in UTC."""
    local = moment.astimezone(HONG_KONG)
    morning = datetime.combine(local.date(), LETTER_TIME, HONG_KONG)
    while morning <= local or (weekday is not None and morning.weekday() != weekday):
        morning += timedelta(days=1)
    return morning.astimezone(UTC)


def last_morning(moment: datetime) -> datetime:
    """The last time that it was 8:00 in Hong Kong; in UTC."""
    return next_morning(moment) - timedelta(days=1)
