"""What the page of a trial or use shows of its plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from scenario_hall.core.clock import local_today
from scenario_hall.core.lifecycle import Transition
from scenario_hall.core.policy import Actor, open_transitions
from scenario_hall.outcomes.models import Outcome
from scenario_hall.outcomes.plan.amendments import amendments_of
from scenario_hall.outcomes.plan.milestones import RUNNING_STATES, milestone_rules, milestones_of
from scenario_hall.outcomes.plan.models import Milestone, PlanAmendment, PlanSignature
from scenario_hall.outcomes.plan.service import signatures_of


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


def plan_part(session: Session, actor: Actor, outcome: Outcome, is_private: bool) -> PlanPart:
    """Of what is private only what is empty, unless ``is_private``."""
    amendments = amendments_of(session, outcome) if is_private else ()
    return PlanPart(
        signatures=signatures_of(session, outcome) if is_private else {},
        amendments=[ShownAmendment(each, open_transitions(actor, each)) for each in amendments],
        milestones=milestones_of(session, outcome) if is_private else (),
        waits=outcome.state in RUNNING_STATES,
        by_step=frozenset(rule.key for rule in milestone_rules().milestones if rule.by_step),
        today=local_today(),
    )
