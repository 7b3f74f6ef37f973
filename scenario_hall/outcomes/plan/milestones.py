"""Milestones and their clocks, in working days of the site: laid when the plan is signed, reminded of by the worker."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session, col, select

from scenario_hall.core.clock import local_today, now
from scenario_hall.core.db import transaction, unindexed
from scenario_hall.core.errors import Invalid, NotFound, WrongState
from scenario_hall.core.policy import SYSTEM, Actor, require
from scenario_hall.core.texts import N_
from scenario_hall.core.values import MAX_TEXT
from scenario_hall.log.chain import record_event
from scenario_hall.outcomes import lifecycle
from scenario_hall.outcomes.models import Outcome
from scenario_hall.outcomes.of_sides import outcomes_of_sides
from scenario_hall.outcomes.plan.models import Milestone
from scenario_hall.outcomes.plan.workdays import calendar_of

_FILE = Path(__file__).parent / "data" / "milestones.json"
MILESTONE_NAMES: dict[str, str] = {
    "site_ready": N_("Site ready"),
    "started": N_("Started"),
    "interim": N_("Interim result"),
    "measured": N_("Measured"),
    "reported": N_("Reported"),
    "confirmed": N_("Confirmed"),
}
# While the record is in one of these, its open milestones are waited for.
RUNNING_STATES = (lifecycle.SIGNED, lifecycle.RUNNING, lifecycle.REPORTED)


class MilestoneRule(BaseModel):
    """When a milestone is due, counted in working days; ``by_step``: reached by a transition of the record itself;
    ``over_with``: the later one that nobody reaches without it."""

    model_config = ConfigDict(frozen=True)

    key: str
    counted_from: Literal["starts_on", "middle", "ends_on"]
    working_days: int
    by_step: bool
    over_with: str = ""


class MilestoneRules(BaseModel):
    """The rows, and when people are reminded: so many working days before, and again so many after."""

    model_config = ConfigDict(frozen=True)

    remind_before: int
    remind_again_after: int
    milestones: tuple[MilestoneRule, ...]


@cache
def milestone_rules() -> MilestoneRules:
    return MilestoneRules.model_validate_json(_FILE.read_text(encoding="utf-8"))


def milestones_of(session: Session, outcome: Outcome) -> Sequence[Milestone]:
    """In the order of their days."""
    query = select(Milestone).where(col(Milestone.outcome_id) == outcome.pk)
    order = {rule.key: place for place, rule in enumerate(milestone_rules().milestones)}
    return sorted(session.exec(query), key=lambda each: (each.due_on, order.get(each.name, len(order))))


def lay_milestones(session: Session, outcome: Outcome) -> None:
    """The milestones of the plan as it was just signed; of an amended plan, new days for those still open. Of a
    plan that has yet to begin none is late when it is laid, and nobody is reminded on the same day."""
    known, today = {each.name: each for each in milestones_of(session, outcome)}, local_today()
    for rule in milestone_rules().milestones:
        milestone = known.get(rule.key)
        due_on = _due_on(rule, outcome)
        remind_on = _first_reminder(due_on, outcome)
        if outcome.starts_on is not None and outcome.starts_on >= today:
            due_on, remind_on = max(due_on, today), max(remind_on, today + timedelta(days=1))
        if milestone is None:
            milestone = Milestone(outcome_id=outcome.pk, name=rule.key, due_on=due_on)
        if milestone.is_open:
            milestone.due_on, milestone.remind_on = due_on, remind_on
        session.add(milestone)


def mark_reached(session: Session, outcome: Outcome, name: str, actor: Actor) -> None:
    """Reached by a transition of the record, in that transition's own transaction; those that are over with it, too:
    whoever reports what was measured need not say that it was."""
    names = [name, *(rule.key for rule in milestone_rules().milestones if rule.over_with == name)]
    for each in names:
        milestone = session.get(Milestone, (outcome.pk, each))
        if milestone is not None and milestone.is_open:
            milestone.reached_at, milestone.reached_by, milestone.remind_on = now(), actor.account_id, None
            session.add(milestone)


def mark_open(session: Session, outcome: Outcome, name: str) -> None:
    """A report that was objected to is to be given again."""
    milestone = session.get(Milestone, (outcome.pk, name))
    if milestone is not None and milestone.reached_at is not None:
        milestone.reached_at = milestone.reached_by = None
        milestone.remind_on = _first_reminder(max(milestone.due_on, local_today()), outcome)
        session.add(milestone)


def reach_milestone(actor: Actor, *, session: Session, outcome: Outcome, name: str, note: str = "") -> Milestone:
    """Say that it is reached. Raises Denied, NotFound, WrongState (over already, or reached by a step), Invalid."""
    with transaction(session):
        # A lock without a new version: nobody's open form grows stale by a milestone or a reminder.
        session.refresh(outcome, with_for_update=True)
        require(actor, "reach_milestone", outcome)
        milestone = _open(session, outcome, name)
        if any(rule.by_step for rule in milestone_rules().milestones if rule.key == name):
            raise WrongState(N_("This milestone is reached through the action of the same name."))
        if len(note) > MAX_TEXT:
            raise Invalid({"note": N_("This is too long.")})
        mark_reached(session, outcome, name, actor)
        milestone.note = note.strip()
        _record(session, actor, outcome, "outcome.milestone_reached", milestone)
    return milestone


def exempt_milestone(actor: Actor, *, session: Session, outcome: Outcome, name: str, reason: str) -> Milestone:
    """Let a milestone go, with a reason that both sides read. Raises Denied, NotFound, WrongState, Invalid."""
    with transaction(session):
        session.refresh(outcome, with_for_update=True)
        require(actor, "exempt_milestone", outcome)
        milestone = _open(session, outcome, name)
        if not reason.strip() or len(reason) > MAX_TEXT:
            raise Invalid({"reason": N_("Please give a reason; everyone concerned will read it.")})
        milestone.exempted_at, milestone.exempted_by = now(), actor.account_id
        milestone.exemption, milestone.remind_on = reason.strip(), None
        session.add(milestone)
        _record(session, actor, outcome, "outcome.milestone_exempted", milestone, reason.strip())
    return milestone


def remind_of_milestones(session: Session, *, limit: int = 100) -> int:
    """One event for each reminder that is due; returns how many. A reminder comes again only when it is time."""
    today = local_today()
    waiting = (
        select(Milestone, Outcome)
        .join(Outcome, col(Outcome.id) == col(Milestone.outcome_id))
        .where(col(Milestone.remind_on) <= today, col(Outcome.state).in_(RUNNING_STATES))
        .order_by(col(Milestone.remind_on))
        .limit(limit)
    )
    found = [(milestone.outcome_id, milestone.name) for milestone, _ in session.exec(waiting)]
    for outcome_id, name in found:
        with transaction(session):
            outcome = session.get_one(Outcome, outcome_id, populate_existing=True, with_for_update=True)
            milestone = session.get_one(Milestone, (outcome_id, name), populate_existing=True)
            if milestone.remind_on is None or milestone.remind_on > today or outcome.state not in RUNNING_STATES:
                continue
            kind = "outcome.milestone_overdue" if milestone.due_on < today else "outcome.milestone_due"
            milestone.remind_on = _next_reminder(milestone.due_on, today, outcome)
            session.add(milestone)
            _record(session, SYSTEM, outcome, kind, milestone)
    return len(found)


def overdue_milestones(
    session: Session, organization_ids: Collection[int] | None = None, *, limit: int = 200
) -> list[tuple[Milestone, Outcome]]:
    """Open ones whose day is past, the oldest first; of these organisations, or of all."""
    query = (
        select(Milestone, Outcome)
        .join(Outcome, col(Outcome.id) == col(Milestone.outcome_id))
        .where(
            col(Milestone.due_on) < local_today(),
            col(Milestone.reached_at).is_(None),
            col(Milestone.exempted_at).is_(None),
            unindexed(col(Outcome.state)).in_(RUNNING_STATES),
        )
        .order_by(col(Milestone.due_on), col(Milestone.outcome_id))
        .limit(limit)
    )
    if organization_ids is not None:
        query = query.where(col(Outcome.id).in_(outcomes_of_sides(organization_ids)))
    return list(session.exec(query))


def _due_on(rule: MilestoneRule, outcome: Outcome) -> date:
    starts_on, ends_on = outcome.starts_on, outcome.ends_on
    if starts_on is None or ends_on is None:
        raise ValueError(f"{outcome.code} was signed without its days")
    begin = {"starts_on": starts_on, "middle": starts_on + (ends_on - starts_on) / 2, "ends_on": ends_on}
    return calendar_of(outcome.scenario.region).near(begin[rule.counted_from], rule.working_days)


def _first_reminder(due_on: date, outcome: Outcome) -> date:
    return calendar_of(outcome.scenario.region).near(due_on, -milestone_rules().remind_before)


def _next_reminder(due_on: date, today: date, outcome: Outcome) -> date:
    """After the first reminder the day after it was due; then every so many working days."""
    calendar = calendar_of(outcome.scenario.region)
    if today <= due_on:
        return calendar.after(due_on, 1)
    return calendar.after(today, milestone_rules().remind_again_after)


def _open(session: Session, outcome: Outcome, name: str) -> Milestone:
    milestone = session.get(Milestone, (outcome.pk, name))
    if milestone is None:
        raise NotFound()
    if not milestone.is_open or outcome.state not in RUNNING_STATES:
        raise WrongState(N_("This milestone is no longer required."))
    return milestone


def _record(
    session: Session, actor: Actor, outcome: Outcome, kind: str, milestone: Milestone, reason: str = ""
) -> None:
    data = {"milestone": milestone.name, "due": milestone.due_on.isoformat(), **({"reason": reason} if reason else {})}
    record_event(session, actor, outcome, kind, data)
