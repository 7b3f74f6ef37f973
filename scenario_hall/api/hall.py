"""Of the hall as a whole: who the token speaks for, certificates, figures, the taxonomy."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import select
from sqlmodel.sql.expression import SelectOfScalar

from scenario_hall.api.declaring import Call, Listing, Operation
from scenario_hall.api.values import ListQuery, OrganizationRef, RecordQuery, Told
from scenario_hall.core.texts import N_
from scenario_hall.dossiers.figures import hall_figures
from scenario_hall.organizations.models import Organization
from scenario_hall.organizations.tokens import Scope
from scenario_hall.outcomes.certificate.logged import NotInLog, require_logged
from scenario_hall.outcomes.certificate.models import Certificate
from scenario_hall.outcomes.certificate.service import get_certificate
from scenario_hall.taxonomy.regions import REGIONS
from scenario_hall.web.kit.language import current_locale
from scenario_hall.web.kit.request import taxonomy


class Me(Told):
    """Whom the token acts for, how far and until when."""

    id: int
    name: str
    organization: OrganizationRef | None
    is_administrator: bool
    scopes: list[Scope]
    expires_at: datetime


class CertificateTold(Told):
    """A certificate: what was certified, as it was that day, and whether it still stands."""

    number: str
    link: str
    is_valid: bool
    issued_at: datetime
    revoked_at: datetime | None
    revocation_reason: str
    outcome: str
    content: dict[str, Any]
    page: str
    signed: str
    credential: str


class Statistics(Told):
    """The hall's figures at ``at``, when ``entry`` was the last line of the log."""

    entry: int
    at: datetime
    year: int
    target: int
    approved: int
    scenarios: int
    products: int
    organizations: int
    notices: int
    regions: dict[str, int]
    domains: dict[str, int]
    stages: dict[str, int]
    months: list[int]


class TagTold(Told):
    """A tag by its name in the reader's language."""

    slug: str
    kind: str
    name: str
    parent: str | None


class RegionTold(Told):
    """A region by its code (GB/T 2260)."""

    code: str
    name: str


class TaxonomyTold(Told):
    """The words that records are described by."""

    tags: list[TagTold]
    regions: list[RegionTold]


def _me(call: Call) -> Me:
    token = call.token
    if token is None:
        raise TypeError("without a token there is nobody to tell of")
    speaks_for = call.session.get(Organization, token.organization_id) if token.organization_id is not None else None
    return Me(
        id=token.account_id,
        name=call.actor.name,
        organization=OrganizationRef.model_validate(speaks_for) if speaks_for is not None else None,
        is_administrator=call.actor.is_administrator,
        scopes=[Scope(each) for each in token.scopes],
        expires_at=token.expires_at,
    )


def _certificate(_call: Call, certificate: Certificate) -> CertificateTold:
    page = f"/certificates/{certificate.number}"
    return CertificateTold(
        number=certificate.number,
        link=f"/api/v1/certificates/{certificate.number}",
        is_valid=certificate.is_valid,
        issued_at=certificate.issued_at,
        revoked_at=certificate.revoked_at,
        revocation_reason=certificate.revocation_reason,
        outcome=certificate.outcome.code,
        content=certificate.content,
        page=page,
        signed=f"{page}.json",
        credential=f"{page}/credential",
    )


def _certificates(_call: Call) -> SelectOfScalar[Certificate]:
    return select(Certificate)


def _is_logged(call: Call, certificate: Certificate) -> bool:
    """Nobody vouches for a row that the log knows otherwise."""
    try:
        require_logged(call.session, certificate)
    except NotInLog:
        return False
    return True


def _statistics(call: Call) -> Statistics:
    figures = hall_figures(call.session)
    told = {name: getattr(figures, name) for name in Statistics.model_fields if name != "stages"}
    return Statistics(**told, stages={stage.value: count for stage, count in figures.stages.items()})


def _taxonomy(_call: Call) -> TaxonomyTold:
    locale, tree = current_locale(), taxonomy()
    return TaxonomyTold(
        tags=[
            TagTold(slug=each.slug, kind=each.kind.value, name=each.name(locale), parent=each.parent)
            for each in sorted(tree.tags, key=lambda each: each.slug)
        ],
        regions=[RegionTold(code=each.code, name=each.name(locale)) for each in REGIONS],
    )


OPERATIONS = [
    Operation(
        name="get_me",
        method="GET",
        path="/me",
        subject="hall",
        summary=N_("Whom the token acts for, and how far"),
        answer=Me,
        run=_me,
        scopes=tuple(Scope),
    ),
    Operation(
        name="list_certificates",
        method="GET",
        path="/certificates",
        subject="certificates",
        summary=N_("Every certificate"),
        query=ListQuery,
        answer=CertificateTold,
        listing=Listing(_certificates, Certificate.id, _is_logged, _certificate, CertificateTold),
    ),
    Operation(
        name="get_certificate",
        method="GET",
        path="/certificates/{number}",
        subject="certificates",
        summary=N_("One certificate, and whether it stands"),
        query=RecordQuery,
        answer=CertificateTold,
        run=lambda call: _certificate(call, get_certificate(call.session, call.path["number"])),
        more_problems=frozenset({409}),  # what is stored is not what the log says
    ),
    Operation(
        name="get_statistics",
        method="GET",
        path="/statistics",
        subject="hall",
        summary=N_("The hall's figures"),
        query=RecordQuery,
        answer=Statistics,
        run=_statistics,
    ),
    Operation(
        name="get_taxonomy",
        method="GET",
        path="/taxonomy",
        subject="hall",
        summary=N_("Domains, tags and regions by their codes and names"),
        answer=TaxonomyTold,
        run=_taxonomy,
    ),
]
