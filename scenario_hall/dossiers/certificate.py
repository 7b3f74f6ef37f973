"""What a certificate's page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from scenario_hall.outcomes.certificate.documents import certified_lines
from scenario_hall.outcomes.certificate.models import Certificate
from scenario_hall.outcomes.certificate.service import get_certificate
from scenario_hall.outcomes.plan.metrics import PlanMetric


@dataclass(frozen=True)
class CertificateDossier:
    """A certificate with its metrics as they were certified."""

    certificate: Certificate
    lines: Sequence[PlanMetric]


def certificate_dossier(session: Session, number: str) -> CertificateDossier:
    """Raises NotFound."""
    certificate = get_certificate(session, number)
    return CertificateDossier(certificate, certified_lines(certificate))
