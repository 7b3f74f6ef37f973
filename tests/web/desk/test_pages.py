"""The desk says what waits for whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient

from scenario_hall.applications.service import act_on_application
from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.policy import Role
from scenario_hall.organizations.members import add_member
from scenario_hall.scenarios.service import expire_scenarios
from tests.web.conftest import token
from tests.world import World

WAITS = 'id="unanswered"'


def test_an_expired_scenario_stands_on_its_owners_desk_until_all_is_answered_and_is_then_closed(
    hall: World, as_person: Callable[[str], FlaskClient]
) -> None:
    viewer = hall.person("viewer@port.example")
    add_member(hall.session, account=viewer, organization=hall.port, role=Role.VIEWER)
    scenario = hall.released_scenario(deadline=now() + timedelta(hours=1))
    application, page = hall.application(scenario), f"/scenarios/{scenario.code}"
    owner = as_person("port@port.example")
    assert WAITS not in owner.get("/desk").text
    with clock.at(now() + timedelta(hours=2)):
        expire_scenarios(hall.session)
    assert WAITS in owner.get("/desk").text
    for email in ("viewer@port.example", "maker@maker.example"):
        assert WAITS not in as_person(email).get("/desk").text
    close = {"csrf_token": token(owner, page), "reason": "已逐一答复"}
    assert f"{page}/close" not in owner.get(page).text  # first the answers, which the page names
    assert owner.post(f"{page}/close", data=close).status_code == 409
    act_on_application(hall.demand, session=hall.session, application=application, action="decline", feedback="不足")
    assert WAITS not in owner.get("/desk").text
    assert f"{page}/close" in owner.get(page).text
    assert owner.post(f"{page}/close", data=close).status_code == 302
    hall.session.refresh(scenario)
    assert scenario.state == "closed"
    assert as_person("maker@maker.example").get(page).status_code == 200
