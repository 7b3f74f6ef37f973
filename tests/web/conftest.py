"""Clients of the pages: one for each kind of person, logged in through the real form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlmodel import Session

from scenario_hall.app import create_app
from scenario_hall.config import Settings
from scenario_hall.core import clock
from scenario_hall.core.keys import KeyRing
from scenario_hall.log.checkpoints import make_checkpoint, origin_of
from scenario_hall.organizations.models import Side
from scenario_hall.outcomes.adoption.follow_ups import ask_due_follow_ups, follow_ups_of
from scenario_hall.outcomes.certificate.service import certificate_of
from scenario_hall.outcomes.plan.service import sign_plan
from scenario_hall.outcomes.run.service import start_outcome
from scenario_hall.publishing.amending import get_waiting
from scenario_hall.scenarios.service import amend_scenario
from scenario_hall.worker.loop import catch_up_all
from tests.world import PASSWORD, World, a_file


@pytest.fixture
def app(hall_settings: Settings) -> Flask:
    return create_app(hall_settings)


@pytest.fixture
def hall(small_world: World) -> World:
    return small_world


@pytest.fixture
def follow(sqlite_engine: Engine, hall_settings: Settings) -> Callable[[], None]:
    """Bring index, matches and mail up to date, as the worker does."""

    def run() -> None:
        assert catch_up_all(sqlite_engine, hall_settings)

    return run


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def as_person(app: Flask, hall: World) -> Callable[[str], FlaskClient]:
    def log_in(email: str) -> FlaskClient:
        client = app.test_client()
        answer = client.post(
            "/login", data={"csrf_token": token(client, "/login"), "email": email, "password": PASSWORD}
        )
        assert answer.status_code == 302, answer.text
        return client

    return log_in


@pytest.fixture
def database(sqlite_engine: Engine) -> Iterator[Session]:
    with Session(sqlite_engine) as session:
        yield session


def token(client: FlaskClient, path: str) -> str:
    """The form token of a page."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(path).text)
    assert found is not None, path
    return found[1]


@pytest.fixture
def places(hall: World, hall_settings: Settings) -> dict[str, str]:
    scenario, product = hall.released_scenario(), hall.listed_product()
    approved = hall.approved(hall.accepted(scenario, product))
    with clock.at(clock.end_of_local_day(follow_ups_of(hall.session, approved)[0].due_on)):
        ask_due_follow_ups(hall.session)
    running = hall.planned(hall.accepted(hall.released_scenario(), hall.listed_product()))
    for side in (hall.supplier, hall.demand):
        sign_plan(side, session=hall.session, outcome=running, version=None)
    start_outcome(hall.supplier, session=hall.session, outcome=running)
    changing = hall.released_scenario()
    amend_scenario(
        hall.demand, session=hall.session, scenario=changing, version=None, content={"title": "新题目"}, reason="x"
    )
    draft = hall.draft_scenario()
    attachment = a_file(hall.session, draft, "attachment")
    noticed = hall.claimed(hall.accepted(hall.released_scenario(), hall.listed_product()))
    for reviewer in hall.reviewers[:2]:
        hall.advised(noticed, reviewer)
    hall.listed_product()
    other = hall.person("other@other.example")
    unverified = hall.organization(other, Side.BOTH, "未核验单位", is_verified=False)
    hall.person("unconfirmed@x.example", is_confirmed=False)
    certificate = certificate_of(hall.session, approved)
    assert certificate is not None
    base_url, file = hall_settings.base_url, hall_settings.checkpoints
    make_checkpoint(hall.session, KeyRing(hall_settings.signing_keys), origin=origin_of(base_url), file=file)
    return {
        "open": scenario.code,
        "attachment": str(attachment.id),
        "proposed": str(get_waiting(hall.session, changing).pk),
        "draft": draft.code,
        "submitted": hall.submitted_scenario().code,
        "listed": product.code,
        "draft_product": hall.draft_product().code,
        "application": approved.application.code,
        "planned": hall.planned(hall.accepted(hall.released_scenario(), hall.listed_product())).code,
        "confirmed": hall.confirmed(hall.accepted(hall.released_scenario(), hall.listed_product())).code,
        "claimed": hall.claimed(hall.accepted(hall.released_scenario(), hall.listed_product())).code,
        "noticed": noticed.code,
        "approved": approved.code,
        "running": running.code,
        "certificate": certificate.number,
        "port": str(hall.port.pk),
        "unverified": str(unverified.pk),
    }


EMAILS = {
    "unconfirmed": "unconfirmed@x.example",
    "demand": "port@port.example",
    "supplier": "maker@maker.example",
    "other": "other@other.example",
    "administrator": "admin@hall.example",
}
