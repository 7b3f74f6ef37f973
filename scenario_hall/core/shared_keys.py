"""The hall's keys in its database, sealed with its secret key: one ring for all machines.

A copy of the database alone signs nothing. With another ``HALL_SECRET_KEY`` no seal opens, and the ring is rotated.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field, Session, SQLModel, col, func, select

from scenario_hall.core.db import UtcDateTime, transaction
from scenario_hall.core.keys import PublicKey, Ring
from scenario_hall.core.seals import seal, unseal

PURPOSE = "signing key"
RING_LOCK = 0x4B45_5953  # one number for all that sign; “KEYS”


class SigningKey(SQLModel, table=True):
    """A key of the hall; ``sealed`` is its private half, empty once it signs no more."""

    __tablename__ = "signing_key"

    id: str = Field(primary_key=True, max_length=40)
    public: str = Field(max_length=44)  # 32 bytes, base64
    valid_from: datetime = Field(sa_type=UtcDateTime)
    valid_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_signed: datetime | None = Field(default=None, sa_type=UtcDateTime)  # of the key that signs now
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sealed: str = Field(default="", sa_type=Text)

    def as_public(self) -> PublicKey:
        return PublicKey(self.id, self.public, self.valid_from, self.valid_until, self.revoked_at)


class SharedRing(Ring):
    """Raises SealError where a key was sealed with another secret key. What is signed within a transaction of the
    caller counts when that commits."""

    def __init__(self, session: Session, secret_key: str) -> None:
        self.session, self._secret_key = session, secret_key

    def public_keys(self) -> list[PublicKey]:
        rows = self.session.exec(select(SigningKey).order_by(col(SigningKey.valid_from), col(SigningKey.id)))
        return [row.as_public() for row in rows]

    def take(self, other: Ring) -> None:
        """Have all keys of another ring as well: what they signed stays good, and its newest signs on."""
        with self._alone():
            for key in other.public_keys():
                if self.session.get(SigningKey, key.id) is None:
                    self._keep(key, other.private_half(key))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with transaction(self.session):
            if self.session.get_bind().dialect.name == "postgresql":  # SQLite has one writer anyway
                self.session.exec(select(func.pg_advisory_xact_lock(RING_LOCK)))
            yield

    def _last_signed(self) -> datetime | None:
        return self.session.exec(select(func.max(SigningKey.last_signed))).one()

    def _remember(self, key: PublicKey, moment: datetime) -> None:
        self._row(key).last_signed = moment

    def _private_half(self, key: PublicKey) -> str:
        return unseal(self._secret_key, PURPOSE, self._row(key).sealed)

    def _keep(self, key: PublicKey, private: str | None) -> None:
        sealed = seal(self._secret_key, PURPOSE, private) if private is not None else ""
        row = SigningKey(id=key.id, public=key.key, valid_from=key.valid_from, valid_until=key.valid_until)
        row.revoked_at = key.revoked_at
        row.sealed = sealed
        self.session.add(row)
        self.session.flush()

    def _end(self, key: PublicKey) -> None:
        row = self._row(key)
        row.valid_until, row.last_signed, row.sealed = key.valid_until, None, ""

    def _revoke(self, key: PublicKey) -> None:
        self._row(key).revoked_at = key.revoked_at

    def _row(self, key: PublicKey) -> SigningKey:
        row = self.session.get(SigningKey, key.id)
        if row is None:
            raise LookupError(f"there is no key {key.id}")
        return row
