"""Requests that come at the same moment, on both databases: with one key one of them is done, and of two changes of one
version one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from flask import Flask
from sqlmodel import func, select
from werkzeug.test import TestResponse

from scenario_hall.api.scenarios import EXAMPLE as SCENARIO
from scenario_hall.app import create_app
from scenario_hall.organizations.tokens import Scope, make_token
from scenario_hall.scenarios.models import Scenario
from tests.conftest import settings_in
from tests.world import World

AT_ONCE = 6


def app_and_token(world: World, folder: Path) -> tuple[Flask, str]:
    _, token = make_token(
        world.demand,
        session=world.session,
        account=world.port_person,
        name="test",
        scopes=[Scope.READ, Scope.WRITE],
        organization_id=world.port.pk,
        days=1,
        longest=1,
    )
    url = world.session.get_bind().engine.url.render_as_string(hide_password=False)
    world.session.rollback()
    return create_app(settings_in(folder, url)), token


def sent_at_once(
    app: Flask, method: str, path: str, headers: dict[str, str], *bodies: dict[str, object]
) -> list[TestResponse]:
    def send(body: dict[str, object]) -> TestResponse:
        return app.test_client().open(f"/api/v1{path}", method=method, json=body, headers=headers)

    with ThreadPoolExecutor(len(bodies)) as threads:
        return list(threads.map(send, bodies))


def test_one_key_at_once_is_done_once(world: World, tmp_path: Path) -> None:
    app, token = app_and_token(world, tmp_path)
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "one"}
    body: dict[str, object] = {"organization": world.port.pk, "content": SCENARIO}
    world.session.rollback()
    answers = sent_at_once(app, "POST", "/scenarios", headers, *[body] * AT_ONCE)
    assert {each.status_code for each in answers} == {201}, [each.text for each in answers]
    assert len({each.data for each in answers}) == 1
    assert sum("Idempotency-Replayed" in each.headers for each in answers) == AT_ONCE - 1
    world.session.rollback()
    assert world.session.exec(select(func.count()).select_from(Scenario)).one() == 1


def test_of_changes_of_one_version_one_is_made(world: World, tmp_path: Path) -> None:
    code = world.draft_scenario().code
    app, token = app_and_token(world, tmp_path)
    headers = {"Authorization": f"Bearer {token}", "If-Match": '"1"'}
    bodies: list[dict[str, object]] = [{"content": {"title": f"题目{number}"}} for number in range(AT_ONCE)]
    answers = sent_at_once(app, "PATCH", f"/scenarios/{code}", headers, *bodies)
    assert sorted(each.status_code for each in answers) == [200, *[412] * (AT_ONCE - 1)], [
        each.text for each in answers
    ]
