"""A certificate as the document that is signed, and the list of revocations."""

from __future__ import annotations

from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select

from scenario_hall.core.db import transaction
from scenario_hall.core.keys import Ring
from scenario_hall.log.chain import Event
from scenario_hall.outcomes.certificate.logged import APPROVED, REVOKED, NotInLog, require_logged
from scenario_hall.outcomes.certificate.models import Certificate, SignedCertificate, SignedList
from scenario_hall.outcomes.certificate.signing import CERTIFICATE_TYPE, REVOCATIONS_TYPE
from scenario_hall.outcomes.plan.metrics import PlanMetric


def certified_lines(certificate: Certificate) -> list[PlanMetric]:
    """The metrics as they were certified."""
    return [
        PlanMetric.model_validate({key: value for key, value in line.items() if key != "verdict"})
        for line in certificate.content["metrics"]
    ]


def certificate_document(certificate: Certificate, base_url: str) -> dict[str, Any]:
    """What is signed: what was certified that day, and whether it still stands."""
    return {
        "type": CERTIFICATE_TYPE,
        "number": certificate.number,
        "issued_at": certificate.issued_at.isoformat(),
        "issued_by": base_url,
        "status": "valid" if certificate.is_valid else "revoked",
        "revoked_at": certificate.revoked_at.isoformat() if certificate.revoked_at else None,
        "revocation_reason": certificate.revocation_reason,
        **certificate.content,
    }


def signed_certificate(session: Session, certificate: Certificate, ring: Ring, base_url: str) -> dict[str, Any]:
    """The certificate as it was signed: at the first need after its issue, and again after its revocation, or that of
    the key under it.

    Raises NotInLog when the row, or what was signed, is not what the log says.
    """
    require_logged(session, certificate)
    document = certificate_document(certificate, base_url)
    kept = _signed(session, certificate, document["status"])
    if kept is not None and kept["signature"]["key"] in ring.revoked_ids():
        _let_go(session, certificate)
        kept = None
    if kept is None:
        fresh = SignedCertificate(certificate_id=certificate.pk, status=document["status"], signed=ring.sign(document))
        try:
            with transaction(session):
                session.add(fresh)
        except IntegrityError:  # another process was faster
            session.rollback()
        kept = _signed(session, certificate, document["status"])
    if kept is None or not _says(kept["document"], document):
        raise NotInLog(certificate.number, "what was signed is not what was approved")
    return kept


def key_of(session: Session, certificate: Certificate) -> str:
    """The id of the key under the certificate as it stands now; "" where nobody has asked for it signed yet."""
    kept = _signed(session, certificate, "valid" if certificate.is_valid else "revoked")
    return str(kept["signature"]["key"]) if kept is not None else ""


def _let_go(session: Session, certificate: Certificate) -> None:
    """Of what a revoked key has signed, and of the lists, which must not be older than what is signed instead."""
    with transaction(session):
        session.exec(delete(SignedCertificate).where(col(SignedCertificate.certificate_id) == certificate.pk))
        session.exec(delete(SignedList))


def _signed(session: Session, certificate: Certificate, status: str) -> dict[str, Any] | None:
    query = select(SignedCertificate.signed).where(
        col(SignedCertificate.certificate_id) == certificate.id, col(SignedCertificate.status) == status
    )
    found = session.exec(query).first()
    return dict(found) if found is not None else None


def _says(signed: dict[str, Any], document: dict[str, Any]) -> bool:
    """Is it the same but for its moment, and the address that the hall had that day?"""
    apart = {"signed_at", "issued_by"}
    return {key: value for key, value in signed.items() if key not in apart} == {
        key: value for key, value in document.items() if key not in apart
    }


def revocations_document(session: Session, base_url: str) -> dict[str, Any]:
    """Every revoked certificate, by the log, for whoever checks offline."""
    lines = select(Event).where(col(Event.kind).in_((APPROVED, REVOKED))).order_by(col(Event.id))
    numbers: dict[int, str] = {}
    revoked = []
    for line in session.exec(lines):
        if line.kind == APPROVED:
            numbers[line.subject_id] = line.fields["certificate"]
        else:
            told = {"number": numbers[line.subject_id], "revoked_at": line.at.isoformat()}
            revoked.append({**told, "reason": line.fields.get("reason", "")})
    return {
        "type": REVOCATIONS_TYPE,
        "issued_by": base_url,
        "revoked": sorted(revoked, key=lambda row: row["number"]),
    }
