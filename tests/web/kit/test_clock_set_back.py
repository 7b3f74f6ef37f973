"""The machine's clock is set back an hour: nobody loses what they wrote, and all goes on, then and when it is right again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import TimestampSigner
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from scenario_hall.config import Settings
from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.jobs import JobRun
from scenario_hall.core.keys import KeyRing
from scenario_hall.log.checkpoints import keep_checkpoints, origin_of
from scenario_hall.log.verifying import verify
from scenario_hall.scenarios.models import Scenario
from scenario_hall.worker.schedule import JOBS, run_due_jobs
from tests.web.conftest import token
from tests.web.kit.test_storage import EMAIL, WORDS, posting
from tests.world import PASSWORD, World

HOUR = timedelta(hours=1)


@contextmanager
def set_back(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The hall's own clock, and that of the signed cookies and tokens."""
    right = TimestampSigner.get_timestamp
    with monkeypatch.context() as patched, clock.at(now() - HOUR):
        patched.setattr(TimestampSigner, "get_timestamp", lambda self: right(self) - 3600)
        yield


def test_who_was_writing_logs_in_again_and_finds_it_there(
    app: Flask, hall: World, as_person: Callable[[str], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_person(EMAIL)
    form = posting(client)
    with set_back(monkeypatch):
        answer = client.post("/scenarios/new", data=form)
        assert answer.status_code == 303 and answer.location.startswith("/login?next=")
        page = client.get(answer.location)
        assert page.status_code == 200
        entry = {"csrf_token": token(client, answer.location), "email": EMAIL, "password": PASSWORD}
        entered = client.post(answer.location, data=entry)
        assert entered.status_code == 302
        back = client.get(entered.location)
        assert back.status_code == 200 and WORDS in back.text
        sent = {**form, "csrf_token": token(client, entered.location)}
        assert client.post("/scenarios/new", data=sent).status_code == 302
    hall.session.rollback()
    assert hall.session.exec(select(Scenario.id).where(col(Scenario.title) == form["title"])).one()
    assert verify(hall.session).fault is None
    assert client.get("/desk").status_code == 200, "the clock is right again, and the log-in goes on"


def test_jobs_do_not_wait_until_the_old_time_comes_again(sqlite_engine: Engine, hall_settings: Settings) -> None:
    run_due_jobs(sqlite_engine, hall_settings)
    with clock.at(now() - HOUR):
        run_due_jobs(sqlite_engine, hall_settings)
        with Session(sqlite_engine) as session:
            ran = {row.name: row.last_at for row in session.exec(select(JobRun))}
        assert ran == {job.name: now() for job in JOBS if not job.is_long}


def test_checkpoints_go_on(hall: World, hall_settings: Settings) -> None:
    ring, origin = KeyRing(hall_settings.signing_keys), origin_of("http://hall.test")
    assert keep_checkpoints(hall.session, ring, origin=origin, file=hall_settings.checkpoints) == 1
    with clock.at(now() - HOUR):
        hall.draft_scenario()
        assert keep_checkpoints(hall.session, ring, origin=origin, file=hall_settings.checkpoints) == 1


def test_who_proved_who_they_are_before_it_is_asked_again(hall: World, as_person: Callable[[str], FlaskClient]) -> None:
    """Else the ten minutes of a proof would last seventy."""
    admin = as_person("admin@hall.example")
    with clock.at(now() - HOUR):
        path = f"/admin/accounts/{hall.port_person.pk}/promote"
        asked = admin.post(path, data={"csrf_token": token(admin, "/account")}, headers={"Accept-Language": "en"})
        assert asked.status_code == 403 and "Is it you?" in asked.text
