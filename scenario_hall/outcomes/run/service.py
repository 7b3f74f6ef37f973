"""Use cases of a running trial or use: start, report, confirm, object, stop."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import ValidationError
from sqlmodel import Session

from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Invalid
from scenario_hall.core.policy import Actor, parties_spoken_for
from scenario_hall.core.records import lock
from scenario_hall.core.texts import N_
from scenario_hall.core.values import MAX_TEXT
from scenario_hall.log.transitions import apply_transition, check
from scenario_hall.outcomes import lifecycle
from scenario_hall.outcomes.models import Cause, Outcome
from scenario_hall.outcomes.plan.document import SIDES
from scenario_hall.outcomes.plan.metrics import Measured
from scenario_hall.outcomes.plan.milestones import mark_open, mark_reached
from scenario_hall.outcomes.service import logged_facts, results_hash


def start_outcome(actor: Actor, *, session: Session, outcome: Outcome, version: int | None = None) -> Outcome:
    """Begin what the signed plan says. Raises Denied, WrongState."""
    with transaction(session):
        lock(session, outcome, version)
        apply_transition(session, actor, outcome, "start", data=logged_facts(outcome))
        mark_reached(session, outcome, "started", actor)
        outcome.state_reason = ""
    return outcome


def confirm_results(actor: Actor, *, session: Session, outcome: Outcome, version: int | None = None) -> Outcome:
    """Confirm what the other side reported. Raises Denied (also for whoever wrote the report), WrongState."""
    with transaction(session):
        lock(session, outcome, version)
        data = {**logged_facts(outcome), "results": results_hash(outcome)}
        apply_transition(session, actor, outcome, "confirm", data=data)
        mark_reached(session, outcome, "confirmed", actor)
        outcome.state_reason = ""
    return outcome


def object_to_results(
    actor: Actor, *, session: Session, outcome: Outcome, version: int | None = None, reason: str
) -> Outcome:
    """Send the other side's report back with a reason. Raises Denied, WrongState, Invalid (no reason)."""
    with transaction(session):
        lock(session, outcome, version)
        apply_transition(session, actor, outcome, "object", reason=reason, data=logged_facts(outcome))
        mark_open(session, outcome, "reported")
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
        apply_transition(session, actor, outcome, action, reason=reason, data={**logged_facts(outcome), "cause": cause})
        outcome.state_reason, outcome.cause = reason.strip(), cause
        outcome.lessons, outcome.lessons_are_public = lessons.strip(), is_public
    return outcome


def report_results(
    actor: Actor,
    *,
    session: Session,
    outcome: Outcome,
    version: int | None,
    measured: Sequence[Measured],
    summary: str,
    lessons: str = "",
) -> Outcome:
    """Report the results, one measured value, range or None for each metric of the plan, in the plan's order and unit.
    Raises Invalid; a fault of the metric at place N is under ``measured-N``."""
    with transaction(session):
        lock(session, outcome, version)
        check(actor, outcome, "report")
        lines = outcome.metric_lines
        faults = {}
        if not summary.strip():
            faults["summary"] = N_("Describe in a few sentences what was done and what the results were.")
        if len(summary) > MAX_TEXT or len(lessons) > MAX_TEXT:
            faults["summary"] = N_("This is too long.")
        if len(measured) != len(lines):
            faults["metrics"] = N_(
                "Enter a measured value for each metric of the plan; leave it empty if it was not measured."
            )
        reported = []
        for place, (line, value) in enumerate(zip(lines, measured, strict=False)):
            try:
                reported.append(line.with_measured(value))
            except ValidationError:
                faults[f"measured-{place}"] = N_("Enter a number; for a range, the lower end first.")
        if faults:
            raise Invalid(faults)
        outcome.metrics = [line.model_dump(mode="json") for line in reported]
        outcome.summary, outcome.lessons = summary.strip(), lessons.strip()
        outcome.reported_at = now()
        # Whose report it is, is decided anew each time: after an objection the other side may be the one to report.
        side = parties_spoken_for(actor, outcome, SIDES)[0]
        data = {**logged_facts(outcome), "results": results_hash(outcome)}
        apply_transition(session, actor, outcome, "report", data=data, party=side)
        mark_reached(session, outcome, "reported", actor)
        outcome.reporter_id, outcome.reporter_account_id = outcome.parties()[side], actor.account_id
    return outcome
