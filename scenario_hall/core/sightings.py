"""What web processes notice and ``doctor`` tells: the last time of each, as the time of a file in the data folder."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from scenario_hall.core.clock import now

NOTED_EVERY = timedelta(minutes=10)
FOLDER = "seen"


class Sighting(StrEnum):
    """What may be seen."""

    FORWARDED = "forwarded-without-proxies"  # a proxy speaks for somebody, and HALL_PROXIES says that there is none
    BYPASSED = "past-the-proxies"  # a request from afar that no proxy speaks for, and HALL_PROXIES says that there are


def note(data_dir: Path, what: Sighting) -> None:
    """Remember that it was seen now; writes once in NOTED_EVERY."""
    path = data_dir / FOLDER / what
    last = last_seen(data_dir, what)
    if last is not None and now() - last < NOTED_EVERY:
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    os.utime(path, (now().timestamp(), now().timestamp()))


def last_seen(data_dir: Path, what: Sighting) -> datetime | None:
    """When it was seen last; None when never."""
    try:
        return datetime.fromtimestamp((data_dir / FOLDER / what).stat().st_mtime, UTC)
    except FileNotFoundError:
        return None
