"""The desk says what waits for whom."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask.testing import FlaskClient

from scenario_hall.applications.service import act_on_application
from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.policy import Role
from scenario_hall.organizations.members import add_member
from scenario_hall.outcomes.plan.amendments import decide_amendment, propose_amendment
from scenario_hall.outcomes.run.service import start_outcome
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


def test_an_amendment_stands_on_the_desk_of_the_side_that_has_to_sign_it(
    hall: World, as_person: Callable[[str], FlaskClient]
) -> None:
    outcome = hall.signed()
    start_outcome(hall.supplier, session=hall.session, outcome=outcome)
    amendment = propose_amendment(
        hall.supplier,
        session=hall.session,
        outcome=outcome,
        version=None,
        reason="换泊位",
        place="4号泊位",
        starts_on=outcome.starts_on,
        ends_on=outcome.ends_on,
        metrics=outcome.metric_lines,
        terms=outcome.plan_terms,
    )
    link = f'href="/outcomes/{outcome.code}#amendments"'

    def columns(email: str) -> tuple[bool, bool]:
        _, mine, theirs, *_ = as_person(email).get("/desk").text.split('<section class="panel">')
        return link in mine, link in theirs

    hall.session.rollback()
    assert columns("port@port.example") == (True, False)
    assert columns("maker@maker.example") == (False, True)
    decide_amendment(hall.demand, session=hall.session, amendment=amendment, action="agree", version=None)
    assert columns("port@port.example") == columns("maker@maker.example") == (False, False)


def test_the_desk_says_until_when_a_claim_is_on_public_notice(
    hall: World, as_person: Callable[[str], FlaskClient]
) -> None:
    with clock.at(datetime(2026, 12, 1, 2, tzinfo=UTC)):
        outcome = hall.claimed()
        for reviewer in hall.reviewers[:2]:
            hall.advised(outcome, reviewer)
    assert "2026-12-08 23:59 HKT" in as_person("maker@maker.example").get("/desk").text


def test_the_desk_as_a_file_has_each_record_of_the_page_once(
    hall: World, as_person: Callable[[str], FlaskClient]
) -> None:
    application = hall.application(hall.released_scenario())
    hall.draft_scenario(), hall.submitted_scenario(), hall.planned()
    for email, waits in (("port@port.example", "Waiting for me"), ("maker@maker.example", "Waiting for others")):
        client = as_person(email)
        rows = client.get("/desk?format=json&lang=en").get_json()["rows"]
        codes = [row["code"] for row in rows]
        assert len(codes) == len(set(codes))
        assert set(codes) == set(re.findall(r'<span class="code">([^<]+)</span>', client.get("/desk").text))
        (row,) = [row for row in rows if row["code"] == application.code]
        assert (row["waiting"], row["scenario"]) == (waits, application.scenario.title)
