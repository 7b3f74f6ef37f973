"""What a certificate's page shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from scenario_hall.dossiers.pictures import pictures_of
from scenario_hall.outcomes.certificate.documents import certified_lines, key_of
from scenario_hall.outcomes.certificate.models import Certificate
from scenario_hall.outcomes.certificate.service import get_certificate
from scenario_hall.outcomes.plan.metrics import PlanMetric
from scenario_hall.products.models import Product


@dataclass(frozen=True)
class CertificateDossier:
    """A certificate with its metrics as they were certified; ``key_id`` signed it, "" before it was asked for."""

    certificate: Certificate
    lines: Sequence[PlanMetric]
    product: Product
    pictures: Mapping[str, int]
    key_id: str


def certificate_dossier(session: Session, number: str) -> CertificateDossier:
    """Raises NotFound."""
    certificate = get_certificate(session, number)
    product = certificate.outcome.product
    return CertificateDossier(
        certificate=certificate,
        lines=certified_lines(certificate),
        product=product,
        pictures=pictures_of(session, [product]) if product.is_public() else {},
        key_id=key_of(session, certificate),
    )
