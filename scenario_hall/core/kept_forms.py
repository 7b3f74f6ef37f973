"""What somebody had written when their session had ended, kept until they have logged in again.

The browser has a random secret in a cookie. The database has its hash and the values, sealed with a key that comes from
the secret (Fernet: AES-128-CBC with HMAC-SHA256), so that neither the row nor a backup says what was written.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.fernet import Fernet
from sqlalchemy import LargeBinary
from sqlmodel import Field, Session, SQLModel, col, delete, select

from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime, transaction

KEPT_FOR = timedelta(hours=1)
MOST_BYTES = 256 * 1024  # of one form
MOST_FORMS = 1000  # of everybody; the oldest go first

Written = Sequence[tuple[str, str]]


class KeptForm(SQLModel, table=True):
    """One form, known by the hash of the browser's secret."""

    __tablename__ = "kept_form"

    id: str = Field(primary_key=True, max_length=64)
    sealed: bytes = Field(sa_type=LargeBinary)
    account_id: int | None = None  # whose it was, where that was still known
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime, index=True)


@dataclass(frozen=True)
class Form:
    """Where a form was going (``path``), on which page it stands, and what was in it: names with values, in order."""

    path: str
    page: str
    written: Written


def keep_form(session: Session, form: Form, *, account_id: int | None) -> str:
    """Keep the form; returns the secret for the browser, or nothing where it is too large."""
    content = json.dumps([form.path, form.page, list(form.written)]).encode()
    if len(content) > MOST_BYTES:
        return ""
    secret = secrets.token_urlsafe(32)
    row = KeptForm(id=_id_of(secret), sealed=_seal_of(secret).encrypt(content), account_id=account_id)
    with transaction(session):
        session.add(row)
        oldest = select(KeptForm.id).order_by(col(KeptForm.at).desc(), col(KeptForm.id)).offset(MOST_FORMS)
        session.exec(delete(KeptForm).where(col(KeptForm.id).in_(oldest)))
    return secret


def find_form(session: Session, secret: str, *, account_id: int | None) -> Form | None:
    """The form of this secret, if it is not too old and not known to be somebody else's."""
    row = session.get(KeptForm, _id_of(secret))
    if row is None or row.at < now() - KEPT_FOR or row.account_id not in (None, account_id):
        return None
    path, page, written = json.loads(_seal_of(secret).decrypt(row.sealed))
    return Form(path, page, [(name, value) for name, value in written])


def drop_form(session: Session, secret: str) -> None:
    """Forget the form."""
    with transaction(session):
        session.exec(delete(KeptForm).where(col(KeptForm.id) == _id_of(secret)))


def prune_kept_forms(session: Session) -> int:
    """Delete what is too old to be given back; returns how many."""
    with transaction(session):
        return session.exec(delete(KeptForm).where(col(KeptForm.at) < now() - KEPT_FOR)).rowcount


def _id_of(secret: str) -> str:
    return hashlib.sha256(b"kept form\n" + secret.encode()).hexdigest()


def _seal_of(secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"seal of a kept form\n" + secret.encode()).digest()))
