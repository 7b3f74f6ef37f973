"""Everything that the page of one trial or use shows to its reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from scenario_hall.core.clock import local_today, now
from scenario_hall.core.files import StoredFile, files_of
from scenario_hall.core.lifecycle import Transition
from scenario_hall.core.policy import Actor, can, open_transitions, require
from scenario_hall.log.chain import Event
from scenario_hall.log.history import history_of
from scenario_hall.organizations.models import Account, Organization
from scenario_hall.outcomes.adoption.follow_ups import follow_ups_of
from scenario_hall.outcomes.adoption.models import FollowUp
from scenario_hall.outcomes.certificate.models import Certificate
from scenario_hall.outcomes.certificate.service import certificate_of
from scenario_hall.outcomes.claim.claim import checks_of, evidence_present, matrix_of, rules_for
from scenario_hall.outcomes.claim.evidence import Checked
from scenario_hall.outcomes.claim.models import Advice, Objection
from scenario_hall.outcomes.claim.notice import objections_to
from scenario_hall.outcomes.claim.prior_art import PriorArtReport, prior_art_report
from scenario_hall.outcomes.claim.review import advices_of, advices_shown_to
from scenario_hall.outcomes.claim.rules import EvidenceMatrix, Rules, Scope
from scenario_hall.outcomes.models import Outcome
from scenario_hall.outcomes.plan.amendments import amendments_of
from scenario_hall.outcomes.plan.milestones import RUNNING_STATES, milestone_rules, milestones_of
from scenario_hall.outcomes.plan.models import Milestone, PlanAmendment, PlanSignature
from scenario_hall.outcomes.plan.service import signatures_of
from scenario_hall.outcomes.run.attestations import ATTESTABLE, attestation_of
from scenario_hall.outcomes.run.models import Attestation
from scenario_hall.outcomes.service import get_outcome

# What people do beside the record's lifecycle; it moves no state by itself.
BESIDE = (
    "advise",
    "object_publicly",
    "answer_objection",
    "amend_plan",
    "reach_milestone",
    "exempt_milestone",
    "attest",
)


@dataclass(frozen=True)
class ShownAmendment:
    """An amendment with what the reader may do with it."""

    amendment: PlanAmendment
    steps: Sequence[Transition]


@dataclass(frozen=True)
class PlanPart:
    """The plan's signatures, amendments and milestones."""

    signatures: Mapping[str, PlanSignature]
    amendments: Sequence[ShownAmendment]
    milestones: Sequence[Milestone]
    waits: bool  # for milestones that are still open
    by_step: frozenset[str]  # milestones that a step of the lifecycle reaches
    today: date


@dataclass(frozen=True)
class ClaimPart:
    """The claim with its evidence, its review and its public notice."""

    rules: Rules
    matrix: EvidenceMatrix | None
    checks: Sequence[Checked]
    present: frozenset[str]  # kinds of evidence
    known: PriorArtReport | None
    advices: Sequence[Advice]
    reviewers: Mapping[int, str]
    has_advised: bool
    objections: Sequence[Objection]
    is_notice_running: bool


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
    can: frozenset[str]
    plan: PlanPart
    claim: ClaimPart
    follow_ups: Sequence[FollowUp]
    events: Sequence[Event]


def outcome_dossier(session: Session, actor: Actor, code: str) -> OutcomeDossier:
    """Raises NotFound, also for a record that the reader may not see."""
    outcome = get_outcome(session, code)
    require(actor, "view", outcome)
    is_private = can(actor, "view_private", outcome)
    transitions = open_transitions(actor, outcome)
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
        transitions=[row for row in transitions if _is_due(outcome, row.action)],
        can=frozenset({row.action for row in transitions} | {name for name in BESIDE if can(actor, name, outcome)}),
        plan=_plan_part(session, actor, outcome, is_private),
        claim=_claim_part(session, actor, outcome, is_private),
        follow_ups=follow_ups_of(session, outcome) if is_private else (),
        events=history_of(session, actor, outcome),
    )


def _is_due(outcome: Outcome, action: str) -> bool:
    """Approving waits for the end of the notice."""
    return action != "approve" or (outcome.notice_until is not None and now() > outcome.notice_until)


def _plan_part(session: Session, actor: Actor, outcome: Outcome, is_private: bool) -> PlanPart:
    amendments = amendments_of(session, outcome) if is_private else ()
    return PlanPart(
        signatures=signatures_of(session, outcome) if is_private else {},
        amendments=[ShownAmendment(each, open_transitions(actor, each)) for each in amendments],
        milestones=milestones_of(session, outcome) if is_private else (),
        waits=outcome.state in RUNNING_STATES,
        by_step=frozenset(rule.key for rule in milestone_rules().milestones if rule.by_step),
        today=local_today(),
    )


def _claim_part(session: Session, actor: Actor, outcome: Outcome, is_private: bool) -> ClaimPart:
    advices = advices_shown_to(actor, session, outcome) if is_private else ()
    reviewers = select(Account.id, Account.name).where(col(Account.id).in_({each.account_id for each in advices}))
    return ClaimPart(
        rules=rules_for(session, outcome),
        matrix=matrix_of(session, outcome, Scope(outcome.scope)) if outcome.scope else None,
        checks=checks_of(session, outcome) if outcome.scope and is_private else (),
        present=frozenset(evidence_present(session, outcome) if is_private else ()),
        known=prior_art_report(session, outcome) if outcome.scope else None,
        advices=advices,
        reviewers={pk: name for pk, name in session.exec(reviewers) if pk is not None} if advices else {},
        has_advised=any(each.account_id == actor.account_id for each in advices_of(session, outcome)),
        objections=objections_to(session, outcome),
        is_notice_running=outcome.notice_until is not None and now() <= outcome.notice_until,
    )
