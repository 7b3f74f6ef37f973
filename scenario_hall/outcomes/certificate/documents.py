"""A certificate as the document that is signed, and the list of revocations."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, col, select

from scenario_hall.outcomes.certificate.models import Certificate
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
        "type": "scenario-hall-certificate",
        "number": certificate.number,
        "issued_at": certificate.issued_at.isoformat(),
        "issued_by": base_url,
        "status": "valid" if certificate.is_valid else "revoked",
        "revoked_at": certificate.revoked_at.isoformat() if certificate.revoked_at else None,
        "revocation_reason": certificate.revocation_reason,
        **certificate.content,
    }


def revocations_document(session: Session, base_url: str) -> dict[str, Any]:
    """Every revoked certificate, for whoever checks offline."""
    rows = session.exec(
        select(Certificate).where(col(Certificate.revoked_at).is_not(None)).order_by(col(Certificate.number))
    )
    return {
        "type": "scenario-hall-revocations",
        "issued_by": base_url,
        "revoked": [
            {"number": row.number, "revoked_at": row.revoked_at.isoformat(), "reason": row.revocation_reason}
            for row in rows
            if row.revoked_at is not None
        ],
    }
