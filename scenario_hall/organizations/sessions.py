"""Log-ins as rows: each can be listed and ended, and a copied cookie ends with its row.

The browser has the row's id and a secret, in its session cookie and, if the person wished so, in a lasting one; the row
has only the secret's SHA-256. The secret changes each time the lasting cookie opens a new session of the browser.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from sqlmodel import Field, Session, SQLModel, col, delete, select

from scenario_hall.core.bounds import whole_number
from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime, transaction
from scenario_hall.core.errors import Denied, NotFound
from scenario_hall.core.networks import network_of
from scenario_hall.core.policy import Actor
from scenario_hall.log.chain import record_event
from scenario_hall.organizations.agents import agent_family
from scenario_hall.organizations.models import Account

# OWASP ASVS 5.0, 7.3: a session ends after some time without use, and after some time in any case. The longest are
# those of NIST SP 800-63B for one factor, and for two, which administrators have.
UNUSED, UNUSED_REMEMBERED = timedelta(hours=12), timedelta(days=14)
LONGEST, LONGEST_OF_ADMINISTRATORS = timedelta(days=30), timedelta(hours=24)
NOTED_EVERY = timedelta(minutes=5)  # when it was used last, so that not each page writes
# Several tabs that open at once send the same lasting cookie; the later ones come with the secret of before.
OVERLAP = timedelta(minutes=1)
PROVEN_FOR = timedelta(minutes=10)  # then acts of weight ask again who is there (OWASP ASVS 5.0, 7.5.3)


class LoginSession(SQLModel, table=True):
    """One log-in of one account on one browser."""

    __tablename__ = "login_session"

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    secret_hash: str = Field(max_length=64)
    previous_hash: str = Field(default="", max_length=64)
    changed_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)  # the secret
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    used_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    # When whoever uses it last showed, by password or code, that they are the account's owner.
    proven_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    is_remembered: bool = False
    agent: str = Field(default="", max_length=60)
    network: str = Field(default="", max_length=50)

    def is_over(self, account: Account) -> bool:
        """Has it ended by itself, being of ``account``?"""
        unused = UNUSED_REMEMBERED if self.is_remembered else UNUSED
        longest = LONGEST_OF_ADMINISTRATORS if account.is_administrator else LONGEST
        return self.used_at + unused <= now() or self.created_at + longest <= now()

    @property
    def is_fresh(self) -> bool:
        """Did its user prove just now who they are? Where the clock was set back since, they are asked again."""
        return abs(now() - self.proven_at) < PROVEN_FOR


def open_session(
    session: Session, account: Account, *, user_agent: str, address: str, is_remembered: bool = False
) -> str:
    """A new log-in of the account; returns what its cookies carry."""
    secret = secrets.token_urlsafe(32)
    row = LoginSession(
        account_id=account.pk,
        secret_hash=_hash(secret),
        is_remembered=is_remembered,
        agent=agent_family(user_agent),
        network=network_of(address),
    )
    with transaction(session):
        session.add(row)
        session.flush()
        return f"{row.id}.{secret}"


def find_session(
    session: Session, ticket: str, *, user_agent: str, address: str
) -> tuple[LoginSession, Account] | None:
    """The log-in that a cookie's ticket belongs to, with its account; None when it is over, ended, or is used by
    another kind of browser. Notes now and then that it was used, and from where."""
    number, _, secret = ticket.partition(".")
    session_id = whole_number(number)
    if session_id is None:
        return None
    query = select(LoginSession, Account).join(Account, col(Account.id) == col(LoginSession.account_id))
    found = session.exec(query.where(col(LoginSession.id) == session_id)).first()
    if found is None:
        return None
    row, account = found
    if (
        not _knows(row, secret)
        or row.is_over(account)
        or not account.is_active
        or row.agent != agent_family(user_agent)
    ):
        return None
    if row.used_at + NOTED_EVERY <= now():
        with transaction(session):
            row.used_at, row.network = now(), network_of(address)
            session.add(row)
    return row, account


def change_secret(session: Session, ticket: str) -> str:
    """The ticket with a new secret, for a lasting cookie that was used. The ticket itself when another request has
    changed it just before."""
    number, _, secret = ticket.partition(".")
    with transaction(session):
        row = session.get(LoginSession, whole_number(number), with_for_update=True, populate_existing=True)
        if row is None or not hmac.compare_digest(row.secret_hash, _hash(secret)):
            return ticket
        fresh = secrets.token_urlsafe(32)
        row.previous_hash, row.secret_hash, row.changed_at = row.secret_hash, _hash(fresh), now()
        session.add(row)
    return f"{number}.{fresh}"


def prove(session: Session, session_id: int) -> None:
    """Note that its user has just shown again who they are."""
    with transaction(session):
        row = session.get_one(LoginSession, session_id)
        row.proven_at = now()
        session.add(row)


def sessions_of(session: Session, account_id: int) -> list[LoginSession]:
    """The account's log-ins that are not over, the one used last first."""
    query = select(LoginSession, Account).join(Account, col(Account.id) == col(LoginSession.account_id))
    mine = query.where(col(LoginSession.account_id) == account_id)
    rows = session.exec(mine.order_by(col(LoginSession.used_at).desc(), col(LoginSession.id).desc()))
    return [row for row, account in rows if not row.is_over(account)]


def end_session(session: Session, account_id: int, session_id: int) -> None:
    """End one log-in of the account. Raises NotFound when it has no such one."""
    mine = delete(LoginSession).where(col(LoginSession.id) == session_id, col(LoginSession.account_id) == account_id)
    with transaction(session):
        if session.exec(mine).rowcount == 0:
            raise NotFound()


def end_sessions(session: Session, account_id: int, *, but: int | None = None) -> int:
    """End every log-in of the account, except ``but``; returns how many."""
    query = delete(LoginSession).where(col(LoginSession.account_id) == account_id)
    if but is not None:
        query = query.where(col(LoginSession.id) != but)
    with transaction(session):
        return session.exec(query).rowcount


def end_named(actor: Actor, *, session: Session, account: Account, session_id: int) -> None:
    """One's own log-in elsewhere, ended from the list; the log says so. Raises Denied, NotFound."""
    _require_own_or_administrator(actor, account)
    with transaction(session):
        end_session(session, account.pk, session_id)
        record_event(session, actor, account, "account.sessions_ended", {"sessions": 1})


def end_all(actor: Actor, *, session: Session, account: Account, but: int | None = None) -> int:
    """Every log-in of the account except ``but``, ended by its owner or an administrator; returns how many. The log
    says so if there were any. Raises Denied."""
    _require_own_or_administrator(actor, account)
    with transaction(session):
        count = end_sessions(session, account.pk, but=but)
        if count:
            record_event(session, actor, account, "account.sessions_ended", {"sessions": count})
    return count


def _require_own_or_administrator(actor: Actor, account: Account) -> None:
    if not actor.is_administrator and actor.account_id != account.pk:
        raise Denied()


def prune_sessions(session: Session) -> int:
    """Delete the log-ins that are over; returns how many."""
    is_remembered, used_at = col(LoginSession.is_remembered), col(LoginSession.used_at)
    administrators = select(Account.id).where(col(Account.is_administrator))
    over = (
        (col(LoginSession.created_at) <= now() - LONGEST)
        | (
            col(LoginSession.account_id).in_(administrators)
            & (col(LoginSession.created_at) <= now() - LONGEST_OF_ADMINISTRATORS)
        )
        | (used_at <= now() - UNUSED_REMEMBERED)
        | (is_remembered.is_(False) & (used_at <= now() - UNUSED))
    )
    with transaction(session):
        return session.exec(delete(LoginSession).where(over)).rowcount


def _knows(row: LoginSession, secret: str) -> bool:
    given = _hash(secret)
    if hmac.compare_digest(row.secret_hash, given):
        return True
    return row.changed_at + OVERLAP > now() and hmac.compare_digest(row.previous_hash, given)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
