"""The clock's jobs: what falls due by time and not by an event. One row each, in code and in the database."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Engine
from sqlmodel import Session, col, or_, select

from scenario_hall.applications.unanswered import remind_of_answers
from scenario_hall.bulletins.service import publish_due
from scenario_hall.config import Settings
from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.core.jobs import JobRun
from scenario_hall.log.checkpoints import keep_checkpoints, origin_of
from scenario_hall.log.key_ring import key_ring
from scenario_hall.open_data.schedule import keep_dump
from scenario_hall.outcomes.adoption.follow_ups import ask_due_follow_ups
from scenario_hall.outcomes.claim.notice import tell_of_ended_notices
from scenario_hall.outcomes.plan.milestones import remind_of_milestones
from scenario_hall.privacy.retention import carry_out
from scenario_hall.recovery.schedule import keep_backups
from scenario_hall.scenarios.service import expire_scenarios

logger = logging.getLogger(__name__)
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (10, 60, 300, 1800))


@dataclass(frozen=True)
class Job:
    """Does what is due now and returns how much that was; is asked again after ``every``."""

    name: str
    run: Callable[[Session, Settings], int]
    every: timedelta
    is_long: bool = False  # minutes; it keeps none of the others waiting


def _sign_checkpoint(session: Session, settings: Settings) -> int:
    ring = key_ring(session, settings)
    return keep_checkpoints(session, ring, origin=origin_of(settings.base_url), file=settings.checkpoints)


JOBS = (
    Job("expire scenarios", lambda session, _: expire_scenarios(session), timedelta(seconds=5)),
    Job("remind of answers", lambda session, _: remind_of_answers(session), timedelta(minutes=1)),
    Job("tell of ended notices", lambda session, _: tell_of_ended_notices(session), timedelta(minutes=1)),
    Job("remind of milestones", lambda session, _: remind_of_milestones(session), timedelta(minutes=1)),
    Job("ask for follow-ups", lambda session, _: ask_due_follow_ups(session), timedelta(minutes=1)),
    Job("sign a checkpoint", _sign_checkpoint, timedelta(seconds=30)),
    Job("publish bulletins", lambda session, _: publish_due(session), timedelta(minutes=1)),
    Job("back up", keep_backups, timedelta(minutes=5), is_long=True),
    Job("publish open data", keep_dump, timedelta(minutes=10), is_long=True),
    Job("carry out retention", carry_out, timedelta(minutes=10)),
)


def run_due_jobs(engine: Engine, settings: Settings, *, long_ones: bool = False) -> int:
    """Run each job whose time has come, the long ones or the others; returns how much was due. A job that raises waits
    and does not keep the others from theirs."""
    mine = [job for job in JOBS if job.is_long is long_ones]
    with Session(engine) as session:
        # Looked at first and together: a row is locked only when its time has come.
        was_set_back = col(JobRun.last_at) > now()  # as _take sees it
        later = select(JobRun.name).where(
            col(JobRun.next_at) > now(), or_(col(JobRun.last_at).is_(None), ~was_set_back)
        )
        waiting = set(session.exec(later))
    return sum(_run(engine, settings, job) for job in mine if job.name not in waiting and _take(engine, job))


def _take(engine: Engine, job: Job) -> bool:
    """Is it time? Then no other worker runs it until the next time."""
    with Session(engine) as session, transaction(session):
        row = session.get(JobRun, job.name, with_for_update=True, populate_existing=True) or JobRun(name=job.name)
        was_set_back = row.last_at is not None and row.last_at > now()  # the clock: else all would wait until then
        if row.next_at > now() and not was_set_back:
            return False
        row.next_at, row.last_at = now() + job.every, now()
        session.add(row)
        return True


def _run(engine: Engine, settings: Settings, job: Job) -> int:
    error, done = "", 0
    try:
        with Session(engine) as session:
            done = job.run(session, settings)
    except Exception:
        logger.exception("worker: the job “%s” failed", job.name)
        error = traceback.format_exc()[-2000:]
    with Session(engine) as session, transaction(session):
        row = session.get_one(JobRun, job.name)
        row.done, row.last_error = done, error
        row.failures = row.failures + 1 if error else 0
        if error:
            row.next_at = now() + PAUSES[min(row.failures, len(PAUSES)) - 1]
        session.add(row)
    return done


def failing_jobs(session: Session) -> list[JobRun]:
    """The jobs whose last run raised."""
    return list(session.exec(select(JobRun).where(col(JobRun.failures) > 0).order_by(col(JobRun.name))))
