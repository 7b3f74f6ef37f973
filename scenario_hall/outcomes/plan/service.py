"""Use cases of a plan: plan a trial or a use, sign it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlmodel import Session, col, select

from scenario_hall.applications.lifecycle import ACCEPTED
from scenario_hall.applications.models import Application
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import WrongState
from scenario_hall.core.policy import Actor, parties_spoken_for, require
from scenario_hall.core.records import lock
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import record_event
from scenario_hall.log.codes import OUTCOME, next_code
from scenario_hall.log.transitions import apply_transition, check
from scenario_hall.organizations.models import Organization
from scenario_hall.outcomes import lifecycle
from scenario_hall.outcomes.models import Outcome, OutcomeKind, PlatformRole
from scenario_hall.outcomes.plan.check import check_plan
from scenario_hall.outcomes.plan.document import SIDES, hash_of_plan
from scenario_hall.outcomes.plan.metrics import PlanMetric
from scenario_hall.outcomes.plan.milestones import lay_milestones
from scenario_hall.outcomes.plan.models import PLAN_TERMS, PlanSignature
from scenario_hall.outcomes.plan.platforms import check_platform, check_stay
from scenario_hall.outcomes.service import logged_facts


def draft_metrics(application: Application) -> list[PlanMetric]:
    """The plan's metrics that the scenario's requirements suggest."""
    return [PlanMetric.of(requirement) for requirement in application.scenario.requirement_lines]


def plan_outcome(
    actor: Actor,
    *,
    session: Session,
    application: Application,
    kind: OutcomeKind,
    place: str,
    starts_on: date | None,
    ends_on: date | None,
    metrics: Sequence[PlanMetric],
    terms: Mapping[str, str] | None = None,
    platform: Organization | None = None,
    platform_role: PlatformRole = PlatformRole.HOST,
) -> Outcome:
    """Plan a first trial or first use from an accepted application, at a pilot platform or not.

    Raises Denied, WrongState, Invalid, AlreadyExists (the platform has no place left).
    """
    with transaction(session):
        # Held until the commit, so that nobody withdraws it meanwhile.
        session.refresh(application, with_for_update={"read": True})
        require(actor, "plan", application)
        if application.state != ACCEPTED:
            raise WrongState(N_("Only an accepted application can lead to a trial or a use."))
        check_plan(place, starts_on, ends_on, metrics, terms or {})
        if platform is not None:
            check_platform(session, application, kind, platform, platform_role, starts_on, ends_on)
        outcome = Outcome(
            state=lifecycle.LIFECYCLE.initial,
            code=next_code(session, OUTCOME),
            kind=kind,
            application_id=application.pk,
            scenario_id=application.scenario_id,
            product_id=application.product_id,
            product_revision_id=application.product_revision_id,
            supplier_id=application.organization_id,
            demand_id=application.scenario.organization_id,
            platform_id=platform.pk if platform is not None else None,
            platform_role=platform_role if platform is not None else "",
            created_by=actor.account_id,
            place=place.strip(),
            plan_terms={name: (terms or {}).get(name, "").strip() for name in PLAN_TERMS},
            starts_on=starts_on,
            ends_on=ends_on,
            metrics=[metric.with_measured(None).model_dump(mode="json") for metric in metrics],
        )
        session.add(outcome)
        session.flush()
        record_event(session, actor, outcome, "outcome.planned", logged_facts(outcome))
    return outcome


def signatures_of(session: Session, outcome: Outcome) -> dict[str, PlanSignature]:
    """Side → its signature under the plan as it stands."""
    query = select(PlanSignature).where(
        col(PlanSignature.outcome_id) == outcome.pk, col(PlanSignature.plan_hash) == hash_of_plan(outcome)
    )
    return {row.side: row for row in session.exec(query)}


def sign_plan(actor: Actor, *, session: Session, outcome: Outcome, version: int | None) -> Outcome:
    """Sign for the actor's side; with the second signature the plan is locked. Nobody signs twice, for whichever side.

    Raises Denied, WrongState (signed by this side already, or no longer to be signed), Invalid or AlreadyExists (the
    pilot platform is none any more, or has no place left).
    """
    with transaction(session):
        lock(session, outcome, version)
        check(actor, outcome, "sign")
        check_stay(session, outcome, outcome.starts_on, outcome.ends_on)
        signed = signatures_of(session, outcome)
        side = _side_to_sign(actor, outcome, signed)
        digest = hash_of_plan(outcome)
        session.add(PlanSignature(outcome_id=outcome.pk, side=side, plan_hash=digest, account_id=actor.account_id))
        if len(signed) + 1 < len(SIDES):
            facts = {"side": side, "plan": digest}
            record_event(session, actor, outcome, "outcome.signature", facts, party=side)
            return outcome
        outcome.plan_hash = digest
        lay_milestones(session, outcome)
        apply_transition(session, actor, outcome, "sign", data={"side": side, "plan": digest}, party=side)
    return outcome


def _side_to_sign(actor: Actor, outcome: Outcome, signed: dict[str, PlanSignature]) -> str:
    own = parties_spoken_for(actor, outcome, SIDES)
    side = next((side for side in own if side not in signed), None)
    if side is None:
        raise WrongState(N_("Your side has already signed; the other side's signature is still missing."))
    return side
