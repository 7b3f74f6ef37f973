"""Every job of the clock is started by the worker itself when its time has come."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, col, select

from scenario_hall.config import Settings
from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.core.files import StoredFile
from scenario_hall.core.jobs import JobRun
from scenario_hall.core.kept_forms import Form, KeptForm, keep_form
from scenario_hall.core.limits import LOGIN_BY_ACCOUNT, Attempt, count_attempt
from scenario_hall.core.staged import STAGED
from scenario_hall.log.chain import Event
from scenario_hall.log.checkpoints import latest
from scenario_hall.log.sent_forms import Sending, SentForm, begin_sending
from scenario_hall.recovery.schedule import last_good
from scenario_hall.scenarios.service import end_scenario
from scenario_hall.worker.loop import run_worker
from scenario_hall.worker.schedule import JOBS
from tests.world import World

LONGEST_WAIT = 60.0
BEGAN = datetime(
    2026, 11, 30, 2, tzinfo=UTC
)  # a Monday; what is due on working days must not depend on the day of the run


def scenario_past_its_deadline(world: World) -> None:
    world.released_scenario(deadline=now() + timedelta(days=2))


def application_without_an_answer(world: World) -> None:
    application = world.application()
    end_scenario(
        world.demand,
        session=world.session,
        scenario=application.scenario,
        action="withdraw",
        version=None,
        reason="计划改变",
    )


def signed_plan(world: World) -> None:
    world.signed()


def claim_on_notice(world: World) -> None:
    outcome = world.claimed()
    for reviewer in world.reviewers[:2]:
        world.advised(outcome, reviewer)


def approved_trial(world: World) -> None:
    world.approved()


def attempts_of_strangers(world: World) -> None:
    for number in range(3):
        count_attempt(world.session, LOGIN_BY_ACCOUNT, f"stranger{number}@x.example")


def sent_form(world: World) -> None:
    begin_sending(world.session, Sending("key", "request"))
    world.draft_scenario()


def kept_form(world: World) -> None:
    keep_form(world.session, Form("/a", "/a", [("title", "x")]), account_id=None)


def staged_upload(world: World) -> None:
    account_id = world.port_person.pk
    with transaction(world.session):
        world.session.add(
            StoredFile(
                subject_kind=STAGED,
                subject_id=account_id,
                role="pictures",
                name="a.png",
                content_type="image/png",
                size=1,
                sha256="1" * 64,
            )
        )


def none_left(table: type[SQLModel]) -> Callable[[Session], bool]:
    return lambda session: session.exec(select(table)).first() is None


def logged(kind: str) -> Callable[[Session], bool]:
    return lambda session: session.exec(select(Event.id).where(col(Event.kind) == kind)).first() is not None


def was_done(job: str) -> Callable[[Session], bool]:
    """The job said itself that something was due; what it makes lies outside the database."""
    return lambda session: session.exec(select(JobRun.done).where(col(JobRun.name) == job)).first() == 1


def what_is_kept_for_a_day(world: World) -> None:
    for make in (attempts_of_strangers, sent_form, kept_form, staged_upload):
        make(world)


def nothing_is_kept(session: Session) -> bool:
    return all(none_left(table)(session) for table in (Attempt, SentForm, KeptForm, StoredFile))


# What makes it due, how many days later it is, and how one sees that it was done.
DUE: dict[str, tuple[Callable[[World], None], int, Callable[[Session], bool]]] = {
    "expire scenarios": (scenario_past_its_deadline, 3, logged("scenario.expired")),
    "remind of answers": (application_without_an_answer, 5, logged("scenario.answers_due")),
    "tell of ended notices": (claim_on_notice, 10, logged("outcome.notice_ended")),
    "remind of milestones": (signed_plan, 30, logged("outcome.milestone_overdue")),
    "ask for follow-ups": (approved_trial, 101, logged("outcome.follow_up_asked")),
    "sign a checkpoint": (signed_plan, 0, lambda session: latest(session) is not None),
    "publish bulletins": (signed_plan, 2, logged("bulletin.published")),
    "back up": (signed_plan, 0, lambda session: last_good(session) is not None),
    "publish open data": (signed_plan, 0, was_done("publish open data")),
    "carry out retention": (what_is_kept_for_a_day, 2, nothing_is_kept),
}


def test_every_job_has_its_case_here() -> None:
    assert set(DUE) == {job.name for job in JOBS}


@pytest.mark.parametrize("job", DUE)
def test_the_worker_starts_the_job_when_its_time_has_come(
    job: str, small_world: World, sqlite_engine: Engine, hall_settings: Settings
) -> None:
    make_due, days, is_done = DUE[job]
    with clock.at(BEGAN):
        make_due(small_world)
    small_world.session.commit()
    settings = replace(hall_settings, backup_dir=hall_settings.data_dir / "backups")
    until = time.monotonic() + LONGEST_WAIT

    def has_happened() -> bool:
        with Session(sqlite_engine) as session:
            return is_done(session)

    assert not has_happened()
    with clock.at(BEGAN + timedelta(days=days)):
        run_worker(sqlite_engine, settings, is_over=lambda: has_happened() or time.monotonic() > until)
    assert has_happened()
