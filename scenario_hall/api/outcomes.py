"""Trials and uses: how they are told and listed; planned from an application."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import Field
from sqlmodel import col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from scenario_hall.api import applications
from scenario_hall.api.acts import acts_of
from scenario_hall.api.declaring import Call, Listing, Operation
from scenario_hall.api.outcome_acts import ACTS
from scenario_hall.api.outcome_bodies import PlanTerms
from scenario_hall.api.values import (
    FileOfRecord,
    Id,
    ListQuery,
    OrganizationRef,
    RecordQuery,
    Ref,
    Told,
)
from scenario_hall.applications.models import Application
from scenario_hall.core.policy import can, require
from scenario_hall.core.texts import N_
from scenario_hall.dossiers.outcome import outcome_dossier
from scenario_hall.organizations.models import Organization
from scenario_hall.organizations.tokens import Scope
from scenario_hall.outcomes.lifecycle import LIFECYCLE, PUBLIC, REJECTED, REVOKED
from scenario_hall.outcomes.models import Outcome, OutcomeKind, PlatformRole
from scenario_hall.outcomes.plan.metrics import MetricVerdict, PlanMetric
from scenario_hall.outcomes.plan.service import plan_outcome
from scenario_hall.outcomes.service import get_outcome
from scenario_hall.web.kit.language import named

SUBJECT = "outcomes"


class MetricTold(PlanMetric):
    """One line of the plan with what was measured, and the verdict that follows."""

    outcome: MetricVerdict


class MilestoneTold(Told):
    """A milestone and its day."""

    name: str
    due_on: date
    reached_at: datetime | None
    exempted_at: datetime | None


class AmendmentTold(Told):
    """A change of a signed plan."""

    number: int
    version: int
    state: str
    reason: str
    after: dict[str, Any]
    actions: list[str]


class ObjectionTold(Told):
    """An objection; who made it is not told."""

    id: int
    reason: str
    made_at: datetime
    answer: str
    is_upheld: bool
    answered_at: datetime | None


class OutcomeTold(Told):
    """The record of a trial or use as its reader may see it; what is private is empty or null for everybody else."""

    code: str
    link: str
    version: int
    kind: OutcomeKind
    state: str
    state_name: str
    scenario: Ref
    product: Ref
    supplier: OrganizationRef
    demand: OrganizationRef
    platform: OrganizationRef | None
    place: str
    starts_on: date | None
    ends_on: date | None
    metrics: list[MetricTold]
    terms: dict[str, str] = Field(description="Of the plan; private.")
    signed_by: list[str] = Field(description="Sides that have signed the plan; private.")
    plan_hash: str
    milestones: list[MilestoneTold] = Field(description="Private.")
    amendments: list[AmendmentTold] = Field(description="Private.")
    summary: str
    lessons: str = Field(description="Private.")
    reason: str
    scope: str
    declarations: dict[str, str]
    evidence: list[str] = Field(description="Kinds of evidence that are there; private.")
    missing: list[str] = Field(description="Kinds of evidence that the claim lacks; private.")
    files: list[FileOfRecord] = Field(description="Private.")
    notice_from: datetime | None
    notice_until: datetime | None
    objections: list[ObjectionTold]
    certificate: str | None
    actions: list[str]
    updated_at: datetime


class NewOutcome(PlanTerms):
    """A plan of a first trial or first use, which both sides then sign."""

    kind: OutcomeKind
    platform: Id | None = None
    platform_role: PlatformRole = PlatformRole.HOST


class OutcomesQuery(ListQuery):
    """Which of them."""

    state: str | None = Field(default=None, max_length=20, description="In this state alone.")
    product: str | None = Field(default=None, max_length=20, description="Of this product alone.")


def load(call: Call) -> Outcome:
    """Raises NotFound, also for one that the caller may not see."""
    outcome = get_outcome(call.session, call.path["code"])
    require(call.actor, "view", outcome)
    return outcome


def tell(call: Call, outcome: Outcome) -> OutcomeTold:
    dossier = outcome_dossier(call.session, call.actor, outcome.code)
    is_private, claim = dossier.is_private, dossier.claim
    shows_reason = is_private or outcome.state in (REVOKED, REJECTED)
    beside = {"object_publicly"} if claim.may_object else set()
    return OutcomeTold(
        code=outcome.code,
        link=f"/api/v1/{SUBJECT}/{outcome.code}",
        version=outcome.version,
        kind=OutcomeKind(outcome.kind),
        state=outcome.state,
        state_name=named(outcome.state, "state"),
        scenario=Ref(code=outcome.scenario.code, title=outcome.scenario.title),
        product=Ref(code=outcome.product.code, title=outcome.product.title),
        supplier=OrganizationRef.model_validate(dossier.supplier),
        demand=OrganizationRef.model_validate(dossier.demand),
        platform=OrganizationRef.model_validate(dossier.platform) if dossier.platform is not None else None,
        place=outcome.place,
        starts_on=outcome.starts_on,
        ends_on=outcome.ends_on,
        metrics=[MetricTold(**line.model_dump(), outcome=line.verdict) for line in outcome.metric_lines],
        terms={name: text for name, text in outcome.plan_terms.items() if text} if is_private else {},
        signed_by=sorted(dossier.plan.signatures),
        plan_hash=outcome.plan_hash,
        milestones=[MilestoneTold.model_validate(each) for each in dossier.plan.milestones],
        amendments=[
            AmendmentTold(
                **{name: getattr(each.amendment, name) for name in ("number", "version", "state", "reason", "after")},
                actions=[row.action for row in each.steps],
            )
            for each in dossier.plan.amendments
        ],
        summary=outcome.summary,
        lessons=outcome.lessons if is_private else "",
        reason=outcome.state_reason if shows_reason else "",
        scope=outcome.scope,
        declarations=outcome.declarations if outcome.scope else {},
        evidence=sorted(claim.present),
        missing=list(claim.matrix.missing) if claim.matrix is not None and is_private else [],
        files=[FileOfRecord.model_validate(each) for each in dossier.evidence],
        notice_from=outcome.notice_from,
        notice_until=outcome.notice_until,
        objections=[ObjectionTold.model_validate(each) for each in claim.objections],
        certificate=dossier.certificate.number if dossier.certificate is not None else None,
        actions=sorted(dossier.can | beside),
        updated_at=outcome.updated_at,
    )


def _rows(call: Call) -> SelectOfScalar[Outcome]:
    query = select(Outcome)
    if not call.actor.is_administrator:
        own, parties = call.actor.spoken_for, (Outcome.supplier_id, Outcome.demand_id, Outcome.platform_id)
        query = query.where(or_(col(Outcome.state).in_(PUBLIC), *(col(each).in_(own) for each in parties)))
    if call.query.state is not None:
        query = query.where(col(Outcome.state) == call.query.state)
    if call.query.product is not None:
        query = query.where(col(Outcome.product).has(code=call.query.product))
    return query


def _plan(call: Call) -> OutcomeTold:
    sent: NewOutcome = call.body
    platform = call.session.get(Organization, sent.platform) if sent.platform is not None else None
    made = plan_outcome(
        call.actor,
        session=call.session,
        application=call.record,
        kind=sent.kind,
        platform=platform,
        platform_role=sent.platform_role,
        **sent.plan(),
    )
    return tell(call, made)


def _application(call: Call) -> Application:
    return applications.load(call)


_COMMON: dict[str, Any] = {"subject": SUBJECT, "answer": OutcomeTold}
PLAN_EXAMPLE: dict[str, Any] = {
    "kind": "first_trial",
    "place": "3号泊位",
    "starts_on": "2026-11-01",
    "ends_on": "2026-11-10",
    "metrics": [{"metric": "续航时间", "comparison": "at_least", "value": 40, "unit": "min"}],
}
OPERATIONS = [
    Operation(
        name="list_outcomes",
        method="GET",
        path=f"/{SUBJECT}",
        summary=N_("Trials and uses: those that are public, and one's own"),
        query=OutcomesQuery,
        listing=Listing(_rows, Outcome.id, lambda call, row: can(call.actor, "view", row), tell, OutcomeTold),
        **_COMMON,
    ),
    Operation(
        name="get_outcome",
        method="GET",
        path=f"/{SUBJECT}/{{code}}",
        summary=N_("One trial or use"),
        query=RecordQuery,
        load=load,
        run=lambda call: tell(call, call.record),
        **_COMMON,
    ),
    Operation(
        name="plan",
        method="POST",
        path="/applications/{code}/plan",
        summary=N_("Plan a first trial or first use from an accepted application"),
        body=NewOutcome,
        status=201,
        scopes=(Scope.TRIALS,),
        load=_application,
        is_versioned=True,
        run=_plan,
        example=PLAN_EXAMPLE,
        **_COMMON,
    ),
    *acts_of(
        LIFECYCLE,
        ACTS,
        address=f"/{SUBJECT}/{{code}}",
        subject=SUBJECT,
        name="outcome",
        scope=Scope.TRIALS,
        load=load,
        tell=tell,
        told=OutcomeTold,
    ),
]
