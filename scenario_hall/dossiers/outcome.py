"""Everything that the page of one trial or use shows to its reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from scenario_hall.core.clock import now
from scenario_hall.core.files import StoredFile, files_of
from scenario_hall.core.lifecycle import Transition
from scenario_hall.core.policy import Actor, can, cautions, open_transitions, require
from scenario_hall.dossiers.outcome_claim import ClaimPart, claim_part
from scenario_hall.dossiers.outcome_plan import PlanPart, plan_part
from scenario_hall.dossiers.outcome_way import Way, way_of
from scenario_hall.log.chain import Event
from scenario_hall.log.history import history_of
from scenario_hall.organizations.models import Organization
from scenario_hall.outcomes.adoption.follow_ups import follow_ups_of
from scenario_hall.outcomes.adoption.models import FollowUp
from scenario_hall.outcomes.certificate.models import Certificate
from scenario_hall.outcomes.certificate.service import certificate_of
from scenario_hall.outcomes.models import Outcome
from scenario_hall.outcomes.run.attestations import ATTESTABLE, attestation_of
from scenario_hall.outcomes.run.models import Attestation
from scenario_hall.outcomes.service import get_outcome

# What people do beside the record's lifecycle; it moves no state by itself.
BESIDE = (
    "advise",
    "answer_objection",
    "amend_plan",
    "reach_milestone",
    "exempt_milestone",
    "attest",
)


@dataclass(frozen=True)
class OutcomeDossier:
    """What one reader sees of a record; what is private is empty for everybody else."""

    outcome: Outcome
    supplier: Organization
    demand: Organization
    platform: Organization | None
    attestation: Attestation | None
    is_attestable: bool
    certificate: Certificate | None
    evidence: Sequence[StoredFile]
    is_private: bool
    transitions: Sequence[Transition]
    cautions: Sequence[str]  # why the reader is offered less than their office would allow
    can: frozenset[str]
    plan: PlanPart
    claim: ClaimPart
    follow_ups: Sequence[FollowUp]
    events: Sequence[Event]
    way: Way


def outcome_dossier(session: Session, actor: Actor, code: str) -> OutcomeDossier:
    """Raises NotFound, also for a record that the reader may not see."""
    outcome = get_outcome(session, code)
    require(actor, "view", outcome)
    is_private = can(actor, "view_private", outcome)
    transitions = open_transitions(actor, outcome)
    due = [row for row in transitions if _is_due(outcome, row.action)]
    allowed = frozenset({row.action for row in transitions} | {name for name in BESIDE if can(actor, name, outcome)})
    claim, events = claim_part(session, actor, outcome, is_private), history_of(session, actor, outcome)
    return OutcomeDossier(
        outcome=outcome,
        supplier=session.get_one(Organization, outcome.supplier_id),
        demand=session.get_one(Organization, outcome.demand_id),
        platform=session.get(Organization, outcome.platform_id) if outcome.platform_id else None,
        attestation=attestation_of(session, outcome) if is_private else None,
        is_attestable=outcome.state in ATTESTABLE,
        certificate=certificate_of(session, outcome),
        evidence=files_of(session, "outcome", outcome.pk) if can(actor, "view_files", outcome) else (),
        is_private=is_private,
        transitions=due,
        cautions=cautions(actor, outcome),
        can=allowed,
        plan=plan_part(session, actor, outcome, is_private),
        claim=claim,
        follow_ups=follow_ups_of(session, outcome) if is_private else (),
        events=events,
        way=way_of(outcome, events, _next_acts(allowed, due, claim)),
    )


def _next_acts(allowed: frozenset[str], due: Sequence[Transition], claim: ClaimPart) -> frozenset[str]:
    """What the reader can do now: approving waits for the notice's end, and who has advised has done so."""
    acts = (allowed - {"approve"}) | {row.action for row in due}
    return acts - {"advise"} if claim.has_advised else acts


def _is_due(outcome: Outcome, action: str) -> bool:
    """Approving waits for the end of the notice."""
    return action != "approve" or (outcome.notice_until is not None and now() > outcome.notice_until)
