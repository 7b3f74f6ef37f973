"""A person's calendar by an address that nobody can guess: made, shown once, renewed, revoked. Only a hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlmodel import Field, Session, SQLModel, col, delete, select

from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime, transaction
from scenario_hall.core.errors import Denied
from scenario_hall.core.policy import Actor
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import record_event
from scenario_hall.organizations.models import Account

SECRET_BYTES = 32  # 256 random bits: no guessing, so their plain hash is enough
NOTED_EVERY = timedelta(hours=1)  # when it was read last, so that not each request writes


class CalendarFeed(SQLModel, table=True):
    """The one address of an account's calendar."""

    __tablename__ = "calendar_feed"

    account_id: int = Field(primary_key=True, foreign_key="account.id")
    secret_hash: str = Field(max_length=64, unique=True)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def make_calendar(actor: Actor, *, session: Session, account: Account) -> str:
    """A new secret address; the one before ends at once. Returns the secret, which nobody can read again. Raises
    Denied."""
    _require_own(actor, account)
    if not actor.is_confirmed:
        raise Denied(N_("Please confirm your e-mail address first: we have e-mailed you a link."))
    secret = secrets.token_urlsafe(SECRET_BYTES)
    with transaction(session):
        row = session.get(CalendarFeed, account.pk, with_for_update=True, populate_existing=True)
        row = row or CalendarFeed(account_id=account.pk, secret_hash="")
        row.secret_hash, row.created_at, row.used_at = _hash(secret), now(), None
        session.add(row)
        record_event(session, actor, account, "account.calendar_made")
    return secret


def revoke_calendar(actor: Actor, *, session: Session, account: Account) -> None:
    """End the address; idempotent. Raises Denied."""
    _require_own(actor, account)
    with transaction(session):
        row = session.get(CalendarFeed, account.pk, with_for_update=True, populate_existing=True)
        if row is not None:
            session.delete(row)
            record_event(session, actor, account, "account.calendar_revoked")


def calendar_of(session: Session, account_id: int) -> CalendarFeed | None:
    """When the account's address was made, and read last; None where it has none."""
    return session.get(CalendarFeed, account_id)


def find_calendar(session: Session, secret: str) -> Account | None:
    """Whose calendar this is; None for an address that there is not, or whose account is closed. Notes now and then
    that it was read."""
    query = select(CalendarFeed, Account).join(Account, col(Account.id) == col(CalendarFeed.account_id))
    found = session.exec(query.where(col(CalendarFeed.secret_hash) == _hash(secret))).first()
    if found is None or not found[1].is_active:
        return None
    feed, account = found
    if feed.used_at is None or feed.used_at + NOTED_EVERY <= now():
        with transaction(session):
            feed.used_at = now()
            session.add(feed)
    return account


def forget_calendar(session: Session, account_id: int) -> None:
    """With the account that is closed for good, within the caller's transaction."""
    session.exec(delete(CalendarFeed).where(col(CalendarFeed.account_id) == account_id))


def _require_own(actor: Actor, account: Account) -> None:
    if actor.account_id != account.pk:
        raise Denied()


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
