"""The scheduled jobs: what falls due by time rather than by an event, one row each."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Engine
from sqlmodel import Session

from scenario_hall.applications.unanswered import remind_of_answers
from scenario_hall.outcomes.adoption.follow_ups import ask_due_follow_ups
from scenario_hall.outcomes.plan.milestones import remind_of_milestones
from scenario_hall.scenarios.service import expire_scenarios

# Each does what is due now and returns how much that was.
JOBS: dict[str, Callable[[Session], int]] = {
    "expire scenarios past their deadline": expire_scenarios,
    "remind of applications without an answer": remind_of_answers,
    "remind of milestones": remind_of_milestones,
    "ask for follow-ups": ask_due_follow_ups,
}


def run_due_jobs(engine: Engine) -> int:
    """Run every job once; returns how much was due."""
    with Session(engine) as session:
        return sum(job(session) for job in JOBS.values())
