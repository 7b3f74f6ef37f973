"""What somebody had written when their session had ended, kept until they have logged in again; and what they are
typing and have not sent, kept until they do.

Whoever may read it has a secret: the browser a random one in a cookie; for what is being typed, the hall makes one of
its own key, the account and the page. The database has the secret's hash and the values, sealed with a key that comes
from the secret (Fernet: AES-128-CBC with HMAC-SHA256), so that neither the row nor a backup says what was written.
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
from sqlalchemy import ColumnElement, LargeBinary
from sqlmodel import Field, Session, SQLModel, and_, col, delete, or_, select

from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime, transaction

KEPT_FOR = timedelta(hours=1)
MOST_BYTES = 256 * 1024  # of one form
MOST_FORMS = 1000  # of everybody; the oldest go first
UNSENT_FOR = timedelta(days=14)
MOST_UNSENT = 20  # of one account; the oldest go first
UNSENT = "unsent:"  # how the id of a form begins that is being typed

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
        oldest = select(KeptForm.id).where(~_is_unsent()).order_by(col(KeptForm.at).desc(), col(KeptForm.id))
        session.exec(delete(KeptForm).where(col(KeptForm.id).in_(oldest.offset(MOST_FORMS))))
    return secret


def find_form(session: Session, secret: str, *, account_id: int | None) -> Form | None:
    """The form of this secret, if it is not too old and not known to be somebody else's."""
    row = session.get(KeptForm, _id_of(secret))
    if row is None or row.at < now() - KEPT_FOR or row.account_id not in (None, account_id):
        return None
    return _opened(row, secret)


def drop_form(session: Session, secret: str) -> None:
    """Forget the form."""
    with transaction(session):
        session.exec(delete(KeptForm).where(col(KeptForm.id) == _id_of(secret)))


@dataclass(frozen=True)
class Unsent:
    """A form that is being typed, and when what is in it was kept."""

    form: Form
    at: datetime


def keep_unsent(session: Session, secret: str, form: Form, *, account_id: int) -> datetime | None:
    """Keep what is in the form now, instead of what was; returns when it was kept, nothing where it is too large.
    Idempotent: what is kept already is not written again."""
    content = json.dumps([form.path, form.page, list(form.written)]).encode()
    if len(content) > MOST_BYTES:
        return None
    known = find_unsent(session, secret)
    if known is not None and known.form == form:
        return known.at
    row = KeptForm(id=_unsent_id(secret), sealed=_seal_of(secret).encrypt(content), account_id=account_id)
    kept_at = row.at
    with transaction(session):
        session.merge(row)
        session.flush()
        of_account = select(KeptForm.id).where(_is_unsent(), col(KeptForm.account_id) == account_id)
        oldest = of_account.order_by(col(KeptForm.at).desc(), col(KeptForm.id)).offset(MOST_UNSENT)
        session.exec(delete(KeptForm).where(col(KeptForm.id).in_(oldest)))
    return kept_at


def find_unsent(session: Session, secret: str) -> Unsent | None:
    """What was typed and not sent, if it is not too old."""
    row = session.get(KeptForm, _unsent_id(secret))
    if row is None or row.at < now() - UNSENT_FOR:
        return None
    return Unsent(_opened(row, secret), row.at)


def drop_unsent(session: Session, secret: str) -> None:
    """Forget what was typed and not sent."""
    row = session.get(KeptForm, _unsent_id(secret))
    if row is not None:
        with transaction(session):
            session.exec(delete(KeptForm).where(col(KeptForm.id) == row.id))


def prune_kept_forms(session: Session) -> int:
    """Delete what is too old to be given back; returns how many."""
    moment = now()
    is_old = and_(~_is_unsent(), col(KeptForm.at) < moment - KEPT_FOR)
    is_old_unsent = and_(_is_unsent(), col(KeptForm.at) < moment - UNSENT_FOR)
    with transaction(session):
        return session.exec(delete(KeptForm).where(or_(is_old, is_old_unsent))).rowcount


def _opened(row: KeptForm, secret: str) -> Form:
    path, page, written = json.loads(_seal_of(secret).decrypt(row.sealed))
    return Form(path, page, [(name, value) for name, value in written])


def _is_unsent() -> ColumnElement[bool]:
    return col(KeptForm.id).startswith(UNSENT)


def _unsent_id(secret: str) -> str:
    """As long as the column: 228 bits of the hash."""
    return UNSENT + _id_of(secret)[: 64 - len(UNSENT)]


def _id_of(secret: str) -> str:
    return hashlib.sha256(b"kept form\n" + secret.encode()).hexdigest()


def _seal_of(secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"seal of a kept form\n" + secret.encode()).digest()))
