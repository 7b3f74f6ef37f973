"""What is told of each record: what a visitor may read of it, as one row.

Beside what is not public, records that their owners have taken back are left out: their pages stay, so that links do
not break, and nobody needs them to be handed on.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from scenario_hall.config import Settings
from scenario_hall.core.lifecycle import Lifecycle
from scenario_hall.organizations.lifecycle import LIFECYCLE as ORGANIZATION
from scenario_hall.organizations.lifecycle import VERIFIED
from scenario_hall.organizations.models import Organization
from scenario_hall.outcomes.certificate.logged import NotInLog, require_logged
from scenario_hall.outcomes.certificate.models import Certificate
from scenario_hall.outcomes.lifecycle import LIFECYCLE as OUTCOME
from scenario_hall.outcomes.lifecycle import PUBLIC, REVOKED
from scenario_hall.outcomes.models import Outcome
from scenario_hall.products.lifecycle import LIFECYCLE as PRODUCT
from scenario_hall.products.lifecycle import LISTED
from scenario_hall.products.models import Product
from scenario_hall.publishing.models import Publishable
from scenario_hall.scenarios.lifecycle import CLOSED, EXPIRED, RELEASED
from scenario_hall.scenarios.lifecycle import LIFECYCLE as SCENARIO
from scenario_hall.scenarios.models import Scenario

Row = Mapping[str, object]
# The states in which a record is told; from any other one it has left, or has yet to come.
TOLD: Mapping[str, frozenset[str]] = {
    "scenario": frozenset({RELEASED, CLOSED, EXPIRED}),
    "product": frozenset({LISTED}),
    "outcome": PUBLIC,
    "organization": frozenset({VERIFIED}),
}
_LIFECYCLES: tuple[Lifecycle, ...] = (SCENARIO, PRODUCT, OUTCOME, ORGANIZATION)
# Kinds of event by which a record leaves what is told, or words that it shows are erased.
LEAVING = frozenset(
    row.event
    for lifecycle in _LIFECYCLES
    for row in lifecycle.transitions
    if row.state in TOLD[lifecycle.subject] and row.next not in TOLD[lifecycle.subject]
) | {"log.words_erased", "account.erased"}


def moment_told(moment: datetime | None) -> str | None:
    """By the second, in UTC."""
    return moment.isoformat(timespec="seconds") if moment is not None else None


def _record(
    _session: Session, settings: Settings, record: Publishable, place: str, published_at: datetime | None
) -> Row | None:
    if record.state not in TOLD[record.subject] or not record.is_public():
        return None
    return {
        "code": record.code,
        "page": f"{settings.base_url}/{place}/{record.code}",
        "state": record.state,
        "revision": record.revision,
        "published_at": moment_told(published_at),
        "organization": record.organization_id,
        "organization_name": record.organization.name,
        **record.public_content(),
    }


def scenario_row(session: Session, settings: Settings, record: Scenario) -> Row | None:
    return _record(session, settings, record, "scenarios", record.released_at)


def product_row(session: Session, settings: Settings, record: Product) -> Row | None:
    return _record(session, settings, record, "products", record.listed_at)


def is_told_outcome(outcome: Outcome) -> bool:
    """Public itself, and so are both records that it names."""
    return outcome.state in TOLD["outcome"] and outcome.scenario.is_public() and outcome.product.is_public()


def outcome_row(session: Session, settings: Settings, outcome: Outcome) -> Row | None:
    if not is_told_outcome(outcome):
        return None
    sides = ("supplier", "demand", "platform")
    ids = {side: getattr(outcome, f"{side}_id") for side in sides}
    names = {key: session.get_one(Organization, key).name if key is not None else None for key in ids.values()}
    query = select(Certificate.number).where(col(Certificate.outcome_id) == outcome.pk)
    return {
        **{
            name: getattr(outcome, name) for name in ("code", "kind", "state", "scope", "place", "summary", "plan_hash")
        },
        "page": f"{settings.base_url}/outcomes/{outcome.code}",
        "scenario": outcome.scenario.code,
        "scenario_title": outcome.scenario.title,
        "product": outcome.product.code,
        "product_title": outcome.product.title,
        **ids,
        **{f"{side}_name": names[ids[side]] for side in sides},
        "starts_on": outcome.starts_on,
        "ends_on": outcome.ends_on,
        "metrics": [{**line.model_dump(mode="json"), "outcome": line.verdict.value} for line in outcome.metric_lines],
        **{name: moment_told(getattr(outcome, name)) for name in ("notice_from", "notice_until", "approved_at")},
        "certificate": session.exec(query).first(),
        "reason": outcome.state_reason if outcome.state == REVOKED else "",
    }


def is_vouched_for(session: Session, certificate: Certificate) -> bool:
    """Nobody vouches for a row that the log knows otherwise; its own page says so."""
    try:
        require_logged(session, certificate)
    except NotInLog:
        return False
    return True


def certificate_row(session: Session, settings: Settings, certificate: Certificate) -> Row | None:
    if not is_vouched_for(session, certificate):
        return None
    content = certificate.content
    return {
        "number": certificate.number,
        "page": f"{settings.base_url}/certificates/{certificate.number}",
        **{name: content.get(name, "") for name in ("outcome", "kind", "scope", "supplier")},
        "product": content["product"]["code"],
        "product_title": content["product"]["title"],
        "scenario": content["scenario"]["code"],
        "scenario_title": content["scenario"]["title"],
        "demand": content["demand_side"],
        "is_valid": certificate.is_valid,
        "issued_at": moment_told(certificate.issued_at),
        "revoked_at": moment_told(certificate.revoked_at),
        "revocation_reason": certificate.revocation_reason,
    }


def organization_row(_session: Session, settings: Settings, organization: Organization) -> Row | None:
    if organization.state not in TOLD["organization"]:
        return None
    names = ("name", "side", "region", "description", "website", "tiers")
    return {
        "id": organization.pk,
        "page": f"{settings.base_url}/organizations/{organization.pk}",
        **{name: getattr(organization, name) for name in names},
        "is_pilot_platform": organization.is_pilot_platform and organization.is_pilot_recognised,
    }
