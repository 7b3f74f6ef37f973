"""What waits for a person as one list by urgency: each with what is to be done, and until when."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlmodel import Session, col, func, select

from scenario_hall.applications.lifecycle import ACCEPTED
from scenario_hall.applications.models import Application
from scenario_hall.core.clock import local_day, local_today, now
from scenario_hall.core.texts import N_
from scenario_hall.dossiers.outcome_way import NEXT
from scenario_hall.organizations.models import Membership
from scenario_hall.outcomes.adoption.models import FollowUp
from scenario_hall.outcomes.models import Outcome
from scenario_hall.outcomes.plan.models import Milestone, PlanAmendment
from scenario_hall.products.models import Product
from scenario_hall.scenarios.models import Scenario

SOON = timedelta(days=7)
Record = Scenario | Product | Application | Outcome | PlanAmendment | FollowUp | Membership


class Urgency(StrEnum):
    """When it is to be done: TODAY holds what is late, too."""

    TODAY = "today"
    WEEK = "week"
    LATER = "later"


URGENCY_NAMES: dict[str, str] = {
    Urgency.TODAY: N_("Today and overdue"),
    Urgency.WEEK: N_("Within a week"),
    Urgency.LATER: N_("Later, or without a date"),
}

# What is to be done, as a verb on its button.
VERBS: dict[str, str] = {
    "write": N_("Go on writing"),
    "revise": N_("Revise"),
    "decide": N_("Answer"),
    "plan": N_("Plan the trial"),
    "update": N_("Confirm or change"),
    "sign": N_("Sign the plan"),
    "start": N_("Start"),
    "report": N_("Report results"),
    "confirm": N_("Check the results"),
    "claim": N_("Claim to be the first"),
    "advise": N_("Advise"),
    "approve": N_("Decide"),
    "agree": N_("Sign or refuse"),
    "follow_up": N_("Answer"),
    "admit": N_("Admit or refuse"),
}


@dataclass(frozen=True)
class Task:
    """One thing to do. ``count``: how many wait in it, where it is more than itself."""

    verb: str
    record: Record
    due_on: date | None
    since: datetime
    count: int = 0

    @property
    def urgency(self) -> Urgency:
        if self.due_on is None:
            return Urgency.LATER
        today = local_today()
        return Urgency.TODAY if self.due_on <= today else Urgency.WEEK if self.due_on <= today + SOON else Urgency.LATER

    @property
    def is_late(self) -> bool:
        return self.due_on is not None and self.due_on < local_today()


def tasks_of(
    mine: Iterable[tuple[str, Scenario | Product | Application | Outcome | PlanAmendment]],
    *,
    own: Collection[int],
    days: Mapping[int, date],
    follow_ups: Iterable[FollowUp],
    requests: Iterable[Membership],
    unanswered: Iterable[tuple[Scenario, int]],
) -> list[Task]:
    """All of it, the most urgent first, then what has waited longest. ``own``: the actor's organisations; ``days``:
    outcome → the day its next milestone is due; ``unanswered``: scenarios that are over, with how many applicants still
    wait, due since that day."""
    tasks = [_task(record, own, days) for _kind, record in mine]
    tasks += [Task("follow_up", each, each.due_on, each.asked_at or now()) for each in follow_ups]
    tasks += [Task("admit", each, None, each.created_at) for each in requests]
    tasks += [Task("decide", each, local_day(each.updated_at), each.updated_at, count) for each, count in unanswered]
    return sorted(tasks, key=lambda each: (each.due_on or date.max, each.since))


def _task(
    record: Scenario | Product | Application | Outcome | PlanAmendment, own: Collection[int], days: Mapping[int, date]
) -> Task:
    match record:
        case Application():
            is_to_update = record.organization_id in own and record.answers_older_scenario()
            verb = "plan" if record.state == ACCEPTED else "update" if is_to_update else "decide"
            return Task(verb, record, None, record.updated_at)
        case PlanAmendment():
            return Task("agree", record, days.get(record.outcome_id), record.updated_at)
        case Outcome():
            return Task(NEXT[record.state].action, record, days.get(record.pk), record.updated_at)
        case _:
            return Task("revise" if record.state == "returned" else "write", record, None, record.updated_at)


def next_days(session: Session, outcomes: Sequence[Outcome]) -> dict[int, date]:
    """Outcome → the day on which its next open milestone is due."""
    query = (
        select(Milestone.outcome_id, func.min(Milestone.due_on))
        .where(
            col(Milestone.outcome_id).in_([each.pk for each in outcomes]),
            col(Milestone.reached_at).is_(None),
            col(Milestone.exempted_at).is_(None),
        )
        .group_by(col(Milestone.outcome_id))
    )
    return dict(session.exec(query).all())
