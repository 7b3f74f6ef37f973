"""Use cases of a trial or use: plan, start, report, confirm, object, fail; revoke. Signing is in ``plans.py``, the
claim and its review in ``claims.py``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from pydantic import ValidationError
from sqlmodel import Session, col, select

from scenario_hall.applications.lifecycle import ACCEPTED
from scenario_hall.applications.models import Application
from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Denied, Invalid, NotFound, WrongState
from scenario_hall.core.policy import Actor, require
from scenario_hall.core.records import lock
from scenario_hall.core.texts import N_
from scenario_hall.core.values import MAX_LINES, MAX_TEXT
from scenario_hall.log.chain import record_event
from scenario_hall.log.codes import OUTCOME, next_code
from scenario_hall.log.transitions import apply_transition, check
from scenario_hall.organizations.models import Organization
from scenario_hall.outcomes import lifecycle
from scenario_hall.outcomes.adoption.follow_ups import end_follow_ups
from scenario_hall.outcomes.certificate.certificates import revoke_certificate
from scenario_hall.outcomes.claim.claims import about
from scenario_hall.outcomes.models import PLAN_TERMS, Cause, Outcome, OutcomeKind, PlanMetric, PlatformRole
from scenario_hall.outcomes.plan.milestones import mark_open, mark_reached
from scenario_hall.outcomes.run.attestations import check_platform


def get_outcome(session: Session, code: str) -> Outcome:
    """Raises NotFound."""
    outcome = session.exec(select(Outcome).where(col(Outcome.code) == code)).first()
    if outcome is None:
        raise NotFound(N_("There is no record %(code)s."), code=code)
    return outcome


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
        session.refresh(application)
        require(actor, "view", application)
        if not _edits_a_side(actor, application):
            raise Denied()
        if application.state != ACCEPTED:
            raise WrongState(N_("Only an accepted application can lead to a trial or a use."))
        check_plan(place, starts_on, ends_on, metrics)
        if platform is not None:
            check_platform(session, application, kind, platform, platform_role, starts_on, ends_on)
        outcome = Outcome(
            state=lifecycle.LIFECYCLE.initial,
            code=next_code(session, OUTCOME),
            kind=kind,
            application_id=application.pk,
            scenario_id=application.scenario_id,
            product_id=application.product_id,
            product_version_id=application.product_version_id,
            supplier_id=application.organization_id,
            demand_id=application.scenario.organization_id,
            platform_id=platform.pk if platform is not None else None,
            platform_role=platform_role if platform is not None else "",
            created_by=actor.account_id,
            place=place.strip(),
            plan_terms={name: (terms or {}).get(name, "").strip() for name in PLAN_TERMS},
            starts_on=starts_on,
            ends_on=ends_on,
            metrics=[metric.model_copy(update={"measured": None}).model_dump(mode="json") for metric in metrics],
        )
        session.add(outcome)
        session.flush()
        record_event(session, actor, outcome, "outcome.planned", about(outcome))
    return outcome


def act_on_outcome(
    actor: Actor, *, session: Session, outcome: Outcome, action: str, version: int | None = None, reason: str = ""
) -> Outcome:
    """Take a step that changes nothing but the state: start, confirm, object."""
    if action not in ("start", "confirm", "object"):
        raise ValueError(f"{action} has a use case of its own")
    with transaction(session):
        lock(session, outcome, version)
        if action == "confirm":
            _require_another_than_the_reporter(actor, outcome)
        apply_transition(session, actor, outcome, action, reason=reason, data=about(outcome))
        if action == "object":
            mark_open(session, outcome, "reported")
        else:
            mark_reached(session, outcome, {"start": "started", "confirm": "confirmed"}[action], actor)
        outcome.state_reason = reason.strip()
    return outcome


def stop_outcome(
    actor: Actor,
    *,
    session: Session,
    outcome: Outcome,
    version: int | None,
    cause: Cause,
    reason: str,
    lessons: str = "",
    is_public: bool = False,
) -> Outcome:
    """End a plan or a running trial without its result: failure is a result, with a cause and lessons that may be
    shown without the names. Raises Denied, WrongState, Invalid."""
    with transaction(session):
        lock(session, outcome, version)
        action = "fail" if outcome.state == lifecycle.RUNNING else "abandon"
        check(actor, outcome, action)
        if is_public and not lessons.strip():
            raise Invalid({"lessons": N_("Write the lessons that may be shown.")})
        if len(lessons) > MAX_TEXT:
            raise Invalid({"lessons": N_("This is too long.")})
        apply_transition(session, actor, outcome, action, reason=reason, data={**about(outcome), "cause": cause})
        outcome.state_reason, outcome.cause = reason.strip(), cause
        outcome.lessons, outcome.lessons_are_public = lessons.strip(), is_public
    return outcome


def report_outcome(
    actor: Actor,
    *,
    session: Session,
    outcome: Outcome,
    version: int | None,
    measured: Sequence[float | None],
    summary: str,
    lessons: str = "",
) -> Outcome:
    """Report the results, one measured value (or None) for each metric of the plan, in the plan's order and unit."""
    with transaction(session):
        lock(session, outcome, version)
        check(actor, outcome, "report")
        lines = outcome.metric_lines
        faults = {}
        if not summary.strip():
            faults["summary"] = N_("Say in a few sentences what was done and what came out.")
        if len(summary) > MAX_TEXT or len(lessons) > MAX_TEXT:
            faults["summary"] = N_("This is too long.")
        if len(measured) != len(lines):
            faults["metrics"] = N_("Each metric of the plan needs a measured value, or none where it was not measured.")
        if faults:
            raise Invalid(faults)
        try:
            reported = [
                PlanMetric.model_validate({**line.model_dump(), "measured": value})
                for line, value in zip(lines, measured, strict=True)
            ]
        except ValidationError:
            raise Invalid({"metrics": N_("A measured value must be a number.")}) from None
        outcome.metrics = [line.model_dump(mode="json") for line in reported]
        outcome.summary, outcome.lessons = summary.strip(), lessons.strip()
        outcome.reported_at = now()
        # Whose report it is, is decided anew each time: after an objection the other side may be the one to report.
        side = _side_of(actor, outcome)
        apply_transition(session, actor, outcome, "report", data=about(outcome))
        mark_reached(session, outcome, "reported", actor)
        outcome.reporter_id, outcome.reporter_account_id = side, actor.account_id
    return outcome


def revoke_outcome(actor: Actor, *, session: Session, outcome: Outcome, version: int | None, reason: str) -> Outcome:
    """Take an approval back, in public, with a reason; the certificate's page says so from then on."""
    with transaction(session):
        lock(session, outcome, version)
        apply_transition(session, actor, outcome, "revoke", reason=reason, data=about(outcome))
        outcome.state_reason = reason.strip()
        revoke_certificate(session, outcome, reason.strip())
        end_follow_ups(session, outcome)
    return outcome


def _edits_a_side(actor: Actor, application: Application) -> bool:
    return actor.is_system or any(actor.edits(side) for side in application.parties().values())


def _require_another_than_the_reporter(actor: Actor, outcome: Outcome) -> None:
    """Four eyes: the person who wrote the report never confirms it, whichever side they speak for today."""
    if actor.account_id is not None and actor.account_id == outcome.reporter_account_id:
        raise Denied()


def _side_of(actor: Actor, outcome: Outcome) -> int:
    return outcome.demand_id if actor.edits(outcome.demand_id) else outcome.supplier_id


def check_plan(place: str, starts_on: date | None, ends_on: date | None, metrics: Sequence[PlanMetric]) -> None:
    """Raise Invalid with what a plan lacks."""
    faults = {}
    if not place.strip():
        faults["place"] = N_("Say where it takes place.")
    if starts_on is None:
        faults["starts_on"] = N_("Give the first day.")
    if ends_on is None:
        faults["ends_on"] = N_("Give the last day.")
    elif starts_on is not None and ends_on < starts_on:
        faults["ends_on"] = N_("The last day is before the first.")
    if not metrics:
        faults["metrics"] = N_("A plan needs at least one metric with a threshold.")
    elif len(metrics) > MAX_LINES:
        faults["metrics"] = N_("Please give at most 40 lines.")
    if faults:
        raise Invalid(faults)
