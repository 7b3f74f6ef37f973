"""The rows of passkeys, which the second factor and the passkeys' own use cases read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger
from sqlmodel import Field, Session, SQLModel, col, delete, select

from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime

LONGEST_NAME = 60


class Passkey(SQLModel, table=True):
    """One credential of an account: what verifies its signatures, never what makes them. Bytes are in base64url."""

    __tablename__ = "passkey"

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    credential_id: str = Field(max_length=1400, unique=True)  # at most 1023 bytes (WebAuthn, level 3)
    public_key: str  # COSE_Key (RFC 9052)
    user_handle: str = Field(max_length=100)  # the same for all passkeys of the account; random
    sign_count: int = Field(default=0, sa_type=BigInteger)  # 32 bits without sign; 0 where the device counts nothing
    transports: list[str] = Field(default_factory=list, sa_type=JSON)  # how browsers reach it
    name: str = Field(max_length=LONGEST_NAME)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PasskeyChallenge(SQLModel, table=True):
    """A question that one passkey may answer once, soon, for one purpose and in one log-in."""

    __tablename__ = "passkey_challenge"

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    purpose: str = Field(max_length=10)
    session_id: int | None = None  # the log-in; None where somebody is only about to log in
    challenge: str = Field(max_length=100, unique=True)
    user_handle: str = Field(default="", max_length=100)  # that of a passkey to be made
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime, index=True)


def passkeys_of(session: Session, account_id: int) -> list[Passkey]:
    """The account's passkeys, the first made first."""
    query = select(Passkey).where(col(Passkey.account_id) == account_id).order_by(col(Passkey.id))
    return list(session.exec(query))


def has_passkey(session: Session, account_id: int) -> bool:
    return session.exec(select(Passkey.id).where(col(Passkey.account_id) == account_id).limit(1)).first() is not None


def drop_passkeys(session: Session, account_id: int) -> None:
    """Within the caller's transaction, forget the account's passkeys and what they were asked."""
    session.exec(delete(Passkey).where(col(Passkey.account_id) == account_id))
    session.exec(delete(PasskeyChallenge).where(col(PasskeyChallenge.account_id) == account_id))
