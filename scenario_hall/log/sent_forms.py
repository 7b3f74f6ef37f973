"""Forms that were sent: each makes its change once, however often a browser sends it.

The row is written in the transaction of the change (``chain.append``), under the lock of the log's head, so that of two
requests with one form the second finds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Field, Session, SQLModel, col, delete

from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime, transaction
from scenario_hall.core.errors import HallError
from scenario_hall.core.texts import N_

KEPT_FOR = timedelta(days=1)  # longer than a form's token is good for


@dataclass(frozen=True)
class Sending:
    """The form that a request sends: ``key`` is the same whenever it is sent, ``request_id`` is this request's."""

    key: str
    request_id: str


class SentForm(SQLModel, table=True):
    """A form whose change was made by one request, and where that request led."""

    __tablename__ = "sent_form"

    key: str = Field(primary_key=True, max_length=64)
    request_id: str = Field(max_length=20)
    event_id: int | None = None
    location: str = ""
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime, index=True)


class SentBefore(HallError):
    """The same form has made its change already."""

    status = 409
    title = N_("Sent already")

    def __init__(self, form: SentForm) -> None:
        super().__init__(N_("This form had been sent already; it counts once."))
        self.form = form


def begin_sending(session: Session, sending: Sending) -> None:
    """From here on the session's changes are those of this form."""
    session.info["sending"] = sending


def find_sent(session: Session, key: str) -> SentForm | None:
    """What became of the form, if it has made its change."""
    return session.get(SentForm, key, populate_existing=True)


def claim(session: Session, event_id: int | None = None) -> None:
    """Note, in the caller's transaction and under the lock of the log's head, that the form makes its change now.
    Nothing to do where no form is being sent. Raises SentBefore."""
    sending: Sending | None = session.info.get("sending")
    if sending is None:
        return
    found = find_sent(session, sending.key)
    if found is None:
        session.add(SentForm(key=sending.key, request_id=sending.request_id, event_id=event_id))
        session.flush()
    elif found.request_id != sending.request_id:
        raise SentBefore(found)


def note_result(session: Session, sending: Sending, location: str) -> None:
    """Keep where the request led, if it has made a change."""
    found = find_sent(session, sending.key)
    if found is None or found.request_id != sending.request_id:
        return
    with transaction(session):
        found.location = location
        session.add(found)


def prune_sent_forms(session: Session) -> int:
    """Forget forms that nobody can send any longer; returns how many."""
    with transaction(session):
        return session.exec(delete(SentForm).where(col(SentForm.at) < now() - KEPT_FOR)).rowcount
