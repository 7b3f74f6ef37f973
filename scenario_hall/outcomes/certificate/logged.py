"""A certificate against the log: its row must say what the log's lines say, or the hall does not vouch for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import Session, col, select

from scenario_hall.core.canonical import fingerprint
from scenario_hall.core.errors import HallError
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import Event
from scenario_hall.log.words import fault_of_words
from scenario_hall.outcomes.certificate.models import Certificate

APPROVED, REVOKED = "outcome.approved", "outcome.revoked"
# The row is written in the transaction of its line, a moment before it.
SAME_MOMENT = timedelta(minutes=1)


class NotInLog(HallError):
    """The row of a certificate was changed behind the log's back."""

    status = 409
    title = N_("This certificate cannot be vouched for")

    def __init__(self, number: str, fault: str) -> None:
        super().__init__(
            N_(
                "What is stored of certificate %(number)s is not what the hall's log says of it. Do not rely on it"
                " until the hall's administrators have looked into it."
            ),
            number=number,
        )
        self.fault = fault


def require_logged(session: Session, certificate: Certificate) -> None:
    """Raises NotInLog when the row is not what the log says."""
    query = select(Event).where(
        col(Event.subject_kind) == "outcome",
        col(Event.subject_id) == certificate.outcome_id,
        col(Event.kind).in_((APPROVED, REVOKED)),
    )
    fault = fault_of(certificate, session.exec(query.order_by(col(Event.id))).all())
    if fault is not None:
        raise NotInLog(certificate.number, fault)


def fault_of(certificate: Certificate, lines: Sequence[Event]) -> str | None:
    """What the row says otherwise than the log's ``lines`` of its approval and revocation; None if nothing.

    Lines of the first halls do not hold the content's fingerprint, so it cannot be compared there.
    """
    approved = next((line for line in lines if line.kind == APPROVED), None)
    revoked = next((line for line in lines if line.kind == REVOKED), None)
    if approved is None or approved.fields.get("certificate") != certificate.number:
        return "the log has no approval with this number"
    if abs(approved.at - certificate.issued_at) > SAME_MOMENT:
        return "the log says another day of issue"
    if approved.fields.get("content", fingerprint(certificate.content)) != fingerprint(certificate.content):
        return "what it certifies is not what was approved"
    for line in (approved, revoked):
        if line is not None and (changed := fault_of_words(line.data, line.words)) is not None:
            return f"line {line.id} of the log {changed}"
    if (revoked is None) != (certificate.revoked_at is None):
        return "it is revoked only in the log" if revoked is not None else "the log knows of no revocation"
    if revoked is not None and revoked.fields.get("reason", "") != certificate.revocation_reason:
        return "the log gives another reason for the revocation"
    return None
