"""Limits on attempts (log-ins, registrations, mails), kept in the database so that every process shares them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Index
from sqlmodel import Field, Session, SQLModel, col, delete, func, select

from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime, transaction
from scenario_hall.core.errors import TooMany
from scenario_hall.core.texts import N_


class Attempt(SQLModel, table=True):
    __tablename__ = "attempt"
    __table_args__ = (Index("attempt_key_at", "key", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=300)
    at: datetime = Field(sa_type=UtcDateTime)


KEPT_FOR = timedelta(days=1)  # an attempt holds an address; no limit looks further back


@dataclass(frozen=True)
class Limit:
    """At most ``times`` within ``window`` for one key. Raises ValueError for a window longer than attempts are kept."""

    name: str
    times: int
    window: timedelta

    def __post_init__(self) -> None:
        if self.window > KEPT_FOR:
            raise ValueError(f"the limit {self.name} looks back further than {KEPT_FOR}")


LOGIN_BY_ACCOUNT = Limit("login", 10, timedelta(minutes=15))
LOGIN_BY_ADDRESS = Limit("login-address", 60, timedelta(minutes=15))
REGISTER_BY_ADDRESS = Limit("register", 20, timedelta(hours=1))
MAIL_BY_ACCOUNT = Limit("mail", 5, timedelta(hours=1))


def count_attempt(session: Session, limit: Limit, subject: str) -> None:
    """Count one attempt. Raises TooMany when the limit was reached before; old attempts are removed."""
    key, since = f"{limit.name}:{subject}"[:300], now() - limit.window
    with transaction(session):
        session.exec(delete(Attempt).where(col(Attempt.key) == key, col(Attempt.at) < since))
        count = session.exec(select(func.count()).select_from(Attempt).where(col(Attempt.key) == key)).one()
        if count < limit.times:
            session.add(Attempt(key=key, at=now()))
            return
        oldest = session.exec(select(func.min(Attempt.at)).where(col(Attempt.key) == key)).one()
    wait = int((oldest + limit.window - now()).total_seconds()) + 1
    minutes = max(1, -(-wait // 60))
    raise TooMany(
        N_("Too many attempts. Please try again in %(minutes)s minutes."), retry_after=max(1, wait), minutes=minutes
    )


def reset_attempts(session: Session, limit: Limit, subject: str) -> None:
    """Drop the attempts of one key, after a success."""
    with transaction(session):
        session.exec(delete(Attempt).where(col(Attempt.key) == f"{limit.name}:{subject}"[:300]))


def prune_attempts(session: Session) -> int:
    """Delete what no limit looks at any longer; returns how many."""
    with transaction(session):
        return session.exec(delete(Attempt).where(col(Attempt.at) < now() - KEPT_FOR)).rowcount
