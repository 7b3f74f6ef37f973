"""When a dump is made: each night, and at once when something left what is told or a backup was restored."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from sqlmodel import Session, col, select

from scenario_hall.config import Settings
from scenario_hall.core.clock import HONG_KONG, now
from scenario_hall.log.chain import Event
from scenario_hall.log.epoch import epoch_of
from scenario_hall.open_data.dump import make_dump
from scenario_hall.open_data.manifest import Manifest, made_for
from scenario_hall.open_data.published import published
from scenario_hall.open_data.rows import LEAVING

NIGHT = time(2, tzinfo=HONG_KONG)


def keep_dump(session: Session, settings: Settings) -> int:
    """Make a dump if one is due; returns 1 if so."""
    newest = published(settings).newest()
    if not is_due(session, settings, newest[1] if newest is not None else None):
        return 0
    session.rollback()
    make_dump(session, settings)
    return 1


def is_due(session: Session, settings: Settings, newest: Manifest | None) -> bool:
    """Is there none, is it one of the day before, or does it hold what is not to be told any more?"""
    if newest is None or newest.made_at < last_night(now()) or newest.made_at > now():  # the clock was set back
        return True
    if (newest.epoch, newest.made_for) != (epoch_of(session), made_for(settings)):
        return True
    left = select(Event.id).where(col(Event.kind).in_(LEAVING), col(Event.id) > newest.entry).limit(1)
    return session.exec(left).first() is not None


def last_night(moment: datetime) -> datetime:
    """The last time before ``moment`` at which a new dump became due."""
    today = datetime.combine(moment.astimezone(HONG_KONG).date(), NIGHT)
    return (today if today <= moment else today - timedelta(days=1)).astimezone(UTC)
