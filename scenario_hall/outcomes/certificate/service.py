"""Use cases of certificates: issue, find, revoke."""

from __future__ import annotations

from sqlmodel import Session, col, select

from scenario_hall.core.clock import local_day, now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import NotFound, WrongState
from scenario_hall.core.policy import Actor
from scenario_hall.core.records import lock
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import Event
from scenario_hall.log.codes import CERTIFICATE, next_code
from scenario_hall.log.transitions import apply_transition
from scenario_hall.organizations.models import Organization
from scenario_hall.outcomes.adoption.follow_ups import end_follow_ups
from scenario_hall.outcomes.certificate.logged import require_logged
from scenario_hall.outcomes.certificate.models import Certificate
from scenario_hall.outcomes.models import Outcome
from scenario_hall.outcomes.service import logged_facts


def get_certificate(session: Session, number: str) -> Certificate:
    """Raises NotFound, NotInLog (its row is not what the log says)."""
    found = session.exec(select(Certificate).where(col(Certificate.number) == number.strip().upper())).first()
    if found is None:
        raise NotFound(N_("There is no certificate %(number)s. Please check the number."), number=number)
    require_logged(session, found)
    return found


def certificate_of(session: Session, outcome: Outcome) -> Certificate | None:
    return session.exec(select(Certificate).where(col(Certificate.outcome_id) == outcome.pk)).first()


def issue_certificate(session: Session, outcome: Outcome) -> Certificate:
    """The next certificate, in the transaction that approves ``outcome``."""
    supplier = session.get_one(Organization, outcome.supplier_id)
    demand = session.get_one(Organization, outcome.demand_id)
    certificate = Certificate(
        number=next_code(session, CERTIFICATE),
        outcome_id=outcome.pk,
        content={
            "kind": outcome.kind,
            "outcome": outcome.code,
            "product": {
                "code": outcome.product.code,
                "title": outcome.product_revision.content.get("title", ""),
                "model": outcome.product_revision.content.get("model", ""),
                "version": outcome.product_revision.number,
                "version_label": outcome.product_revision.label,
            },
            "scenario": {
                "code": outcome.scenario.code,
                "title": outcome.scenario.title,
                "region": outcome.scenario.region,
            },
            "scope": outcome.scope,
            "claimed_on": local_day(outcome.claimed_at).isoformat() if outcome.claimed_at else None,
            "plan_hash": outcome.plan_hash,
            "plan_amendments": _amendments(session, outcome),
            "rules": outcome.rules_version,
            "supplier": supplier.name,
            "demand_side": demand.name,
            **_confirmation(session, outcome),
            "starts_on": outcome.starts_on.isoformat() if outcome.starts_on else None,
            "ends_on": outcome.ends_on.isoformat() if outcome.ends_on else None,
            "metrics": [{**line.model_dump(mode="json"), "verdict": line.verdict} for line in outcome.metric_lines],
        },
    )
    session.add(certificate)
    session.flush()
    return certificate


def revoke_outcome(actor: Actor, *, session: Session, outcome: Outcome, version: int | None, reason: str) -> Outcome:
    """Take an approval back, in public, with a reason; the certificate's page says so from then on."""
    with transaction(session):
        lock(session, outcome, version)
        apply_transition(session, actor, outcome, "revoke", reason=reason, data=logged_facts(outcome))
        outcome.state_reason = reason.strip()
        _revoke_certificate(session, outcome, reason.strip())
        end_follow_ups(session, outcome)
    return outcome


def _amendments(session: Session, outcome: Outcome) -> list[dict[str, str]]:
    """When the signed plan was changed, from which form to which, by their hashes; the first first."""
    events = session.exec(
        select(Event)
        .where(
            col(Event.subject_kind) == outcome.subject,
            col(Event.subject_id) == outcome.pk,
            col(Event.kind) == "outcome.plan_amended",
        )
        .order_by(col(Event.id))
    )
    return [
        {"on": local_day(event.at).isoformat(), "before": event.fields["before"], "after": event.fields["plan"]}
        for event in events
    ]


def _confirmation(session: Session, outcome: Outcome) -> dict[str, str]:
    """The side that confirmed the results and the day, by the log: the last one counts, since one may report twice."""
    confirmed = _last_event(session, outcome, "outcome.confirmed")
    other = outcome.parties().get("other")
    if confirmed is None or other is None:
        return {}
    reported = _last_event(session, outcome, "outcome.reported")
    if reported is not None and confirmed.actor_id is not None and confirmed.actor_id == reported.actor_id:
        raise WrongState(
            N_("The results were confirmed by the person who reported them; they must be confirmed again.")
        )
    return {
        "confirmed_by": session.get_one(Organization, other).name,
        "confirmed_on": local_day(confirmed.at).isoformat(),
    }


def _last_event(session: Session, outcome: Outcome, kind: str) -> Event | None:
    return session.exec(
        select(Event)
        .where(
            col(Event.subject_kind) == outcome.subject,
            col(Event.subject_id) == outcome.pk,
            col(Event.kind) == kind,
        )
        .order_by(col(Event.id).desc())
        .limit(1)
    ).first()


def _revoke_certificate(session: Session, outcome: Outcome, reason: str) -> None:
    """Mark the certificate of ``outcome`` as revoked; its page stays and says so."""
    certificate = certificate_of(session, outcome)
    if certificate is None:
        raise NotFound()
    certificate.revoked_at, certificate.revocation_reason = now(), reason
    session.add(certificate)
