"""Limits on attempts (log-ins, registrations, mails), kept in the database so that every process shares them."""

from __future__ import annotations

from collections.abc import Iterable
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


QUARTER, HOUR, DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)
# Guessing is slowed for an account and a network together, first by minutes, then by hours: whoever guesses somebody's
# password from elsewhere keeps nobody out. https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
LOGIN_BY_NETWORK = Limit("login-network", 10, QUARTER)
LOGIN_BY_NETWORK_A_DAY = Limit("login-network-day", 40, DAY)
LOGIN_BY_DEVICE = Limit("login-device", 10, QUARTER)  # one that the account was logged in on before
LOGIN_BY_ACCOUNT = Limit("login", 100, HOUR)  # from all networks, on devices that are not known
LOGIN_BY_ADDRESS = Limit("login-address", 60, QUARTER)  # from one network, whosever password it is
PRESENT_PASSWORD = Limit("present-password", 10, QUARTER)
# Whoever gets to ask for a code knows the password, so an account may be closed to all of them for a while. A code is
# one of a million, three of which are good at a time.
SECOND_FACTOR_BY_NETWORK = Limit("second-factor-network", 10, QUARTER)
SECOND_FACTOR_BY_ACCOUNT = Limit("second-factor", 30, HOUR)
SECOND_FACTOR_BY_ACCOUNT_A_DAY = Limit("second-factor-day", 100, DAY)
PASSKEY_CHALLENGES = Limit("passkey-challenge", 60, HOUR)  # of an account, asked from one address
COSIGNED_BY_ADDRESS = Limit("cosigned", 60, HOUR)
REGISTER_BY_ADDRESS = Limit("register", 20, HOUR)
CONFIRMATION_BY_ACCOUNT = Limit("confirmation", 5, HOUR)
MAIL_BY_ADDRESS = Limit("mail-address", 20, HOUR)
MAIL_BY_NETWORK = Limit("mail-network", 5, HOUR)  # for one account
MAIL_BY_ACCOUNT = Limit("mail", 20, HOUR)
WEBHOOK_TESTS = Limit("webhook-test", 60, HOUR)  # of one endpoint: tests, challenges, messages sent again
KEEP_BY_NETWORK = Limit("kept-form", 60, HOUR)  # forms that are kept while their author logs in
LOGINS = (LOGIN_BY_NETWORK, LOGIN_BY_NETWORK_A_DAY, LOGIN_BY_DEVICE, LOGIN_BY_ACCOUNT)


def count_attempt(session: Session, limit: Limit, subject: str) -> int:
    """Count one attempt; returns its id. Raises TooMany when the limit was reached before; old attempts are removed."""
    key, since = f"{limit.name}:{subject}"[:300], now() - limit.window
    with transaction(session):
        session.exec(delete(Attempt).where(col(Attempt.key) == key, col(Attempt.at) < since))
        count = session.exec(select(func.count()).select_from(Attempt).where(col(Attempt.key) == key)).one()
        if count < limit.times:
            attempt = Attempt(key=key, at=now())
            session.add(attempt)
            session.flush()
            return attempt.id or 0
        oldest = session.exec(select(func.min(Attempt.at)).where(col(Attempt.key) == key)).one()
    wait = int((oldest + limit.window - now()).total_seconds()) + 1
    minutes = max(1, -(-wait // 60))
    raise TooMany(
        N_("Too many attempts. Please try again in %(minutes)s minutes."), retry_after=max(1, wait), minutes=minutes
    )


def forget_attempts(session: Session, attempts: Iterable[int]) -> None:
    """Drop single attempts, those that were none."""
    with transaction(session):
        session.exec(delete(Attempt).where(col(Attempt.id).in_(list(attempts))))


def reset_attempts(session: Session, limits: Iterable[Limit], subject: str) -> None:
    """Drop all that was counted for a subject, and for it together with any network, device or session."""
    with transaction(session):
        for limit in limits:
            key = f"{limit.name}:{subject}"
            mine = (col(Attempt.key) == key[:300]) | col(Attempt.key).startswith(f"{key} ", autoescape=True)
            session.exec(delete(Attempt).where(mine))


def prune_attempts(session: Session) -> int:
    """Delete what no limit looks at any longer; returns how many."""
    with transaction(session):
        return session.exec(delete(Attempt).where(col(Attempt.at) < now() - KEPT_FOR)).rowcount
