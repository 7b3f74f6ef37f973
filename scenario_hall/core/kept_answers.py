"""Answers to programs that may ask again (``Idempotency-Key``): kept in the transaction of what was done, so that a
repeated request finds either both or neither."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Text
from sqlmodel import Field, Session, SQLModel, col, delete

from scenario_hall.core.canonical import fingerprint
from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime, transaction

KEPT_FOR = timedelta(days=1)


class KeptAnswer(SQLModel, table=True):
    """What one request with a key was answered; ``body`` is empty while it is still being done."""

    __tablename__ = "kept_answer"

    key: str = Field(primary_key=True, max_length=64)
    account_id: int = Field(foreign_key="account.id", index=True)
    request: str = Field(max_length=64)  # a fingerprint of what was asked
    status: int = 0
    headers: str = Field(default="", sa_type=Text)
    body: str = Field(default="", sa_type=Text)
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime, index=True)


def key_of(token_id: int, key: str) -> str:
    """Keys of one token are its own."""
    return fingerprint([token_id, key])


def find_answer(session: Session, key: str) -> KeptAnswer | None:
    """What was kept under the key within the last day."""
    found = session.get(KeptAnswer, key, populate_existing=True)
    return found if found is not None and found.at > now() - KEPT_FOR else None


def claim_key(session: Session, key: str, *, account_id: int, request: str) -> KeptAnswer:
    """Take the key within the caller's transaction, before anything is done. Raises IntegrityError where another
    request with it has been done meanwhile."""
    session.exec(delete(KeptAnswer).where(col(KeptAnswer.key) == key, col(KeptAnswer.at) <= now() - KEPT_FOR))
    row = KeptAnswer(key=key, account_id=account_id, request=request)
    session.add(row)
    session.flush()
    return row


def forget_answers(session: Session, account_id: int) -> None:
    """With the account that is closed for good, within the caller's transaction."""
    session.exec(delete(KeptAnswer).where(col(KeptAnswer.account_id) == account_id))


def prune_answers(session: Session) -> int:
    """Delete what nobody can ask for any longer; returns how many."""
    with transaction(session):
        return session.exec(delete(KeptAnswer).where(col(KeptAnswer.at) < now() - KEPT_FOR)).rowcount
