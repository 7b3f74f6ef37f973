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
from scenario_hall.outcomes.plan.service import sign_plan
from scenario_hall.outcomes.run.service import start_outcome
from scenario_hall.scenarios.service import amend_scenario, expire_scenarios
from tests.web.conftest import token
from tests.world import World

WAITS = "No longer open; undecided: 1"
EN = {"Accept-Language": "en"}


def test_an_expired_scenario_stands_on_its_owners_desk_until_all_is_answered_and_is_then_closed(
    hall: World, as_person: Callable[[str], FlaskClient]
) -> None:
    viewer = hall.person("viewer@port.example")
    add_member(hall.session, account=viewer, organization=hall.port, role=Role.VIEWER)
    scenario = hall.released_scenario(deadline=now() + timedelta(hours=1))
    application, page = hall.application(scenario), f"/scenarios/{scenario.code}"
    owner = as_person("port@port.example")
    assert WAITS not in owner.get("/desk", headers=EN).text
    with clock.at(now() + timedelta(hours=2)):
        expire_scenarios(hall.session)
    assert WAITS in owner.get("/desk", headers=EN).text
    for email in ("viewer@port.example", "maker@maker.example"):
        assert WAITS not in as_person(email).get("/desk", headers=EN).text
    close = {"csrf_token": token(owner, page), "reason": "已逐一答复"}
    assert f"{page}/close" not in owner.get(page).text  # first the answers, which the page names
    assert owner.post(f"{page}/close", data=close).status_code == 409
    act_on_application(hall.demand, session=hall.session, application=application, action="decline", feedback="不足")
    assert WAITS not in owner.get("/desk", headers=EN).text
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
        mine, _heading, theirs = as_person(email).get("/desk").text.partition('<h3 id="theirs">')
        return link in mine, link in theirs

    hall.session.rollback()
    assert columns("port@port.example") == (True, False)
    assert columns("maker@maker.example") == (False, True)
    decide_amendment(hall.demand, session=hall.session, amendment=amendment, action="agree", version=None)
    assert columns("port@port.example") == columns("maker@maker.example") == (False, False)


def buttons(page: str) -> dict[str, str]:
    """Code of a record → the verb on the desk and where it leads."""
    rows = re.findall(r"<li>(.*?)</li>", page.partition('id="tasks"')[2].partition('<h3 id="theirs">')[0], re.S)
    found = {}
    for row in rows:
        code = re.search(r'<span class="code">([^<]+)</span>', row)
        button = re.search(r'<a class="btn btn-sm btn-outline-primary" href="([^"]+)">([^<]+)</a>', row)
        if code is not None and button is not None:
            found[code[1]] = f"{button[2]} {button[1]}"
    return found


def test_each_thing_to_do_has_its_verb_which_leads_where_it_is_done(
    hall: World, as_person: Callable[[str], FlaskClient]
) -> None:
    demand, supplier = as_person("port@port.example"), as_person("maker@maker.example")
    draft, offer = hall.draft_scenario(), hall.application(hall.released_scenario())
    accepted, planned, signed = hall.accepted(), hall.planned(), hall.signed()
    running = start_outcome(hall.supplier, session=hall.session, outcome=hall.signed())
    confirmed = hall.confirmed()
    for_demand = {
        draft.code: f"Go on writing /scenarios/{draft.code}/reading",
        offer.code: f"Answer /applications/{offer.code}",
        accepted.code: f"Plan the trial /applications/{accepted.code}/plan",
        planned.code: f"Sign the plan /outcomes/{planned.code}",
        signed.code: f"Start /outcomes/{signed.code}",
        running.code: f"Report results /outcomes/{running.code}/report",
    }
    for_supplier = {confirmed.code: f"Claim to be the first /outcomes/{confirmed.code}/claim"}
    for client, wanted in ((demand, for_demand), (supplier, for_supplier)):
        shown = buttons(client.get("/desk", headers=EN).text)
        assert wanted.items() <= shown.items()
        for told in shown.values():
            assert client.get(told.rpartition(" ")[2]).status_code == 200, told
    assert confirmed.code not in buttons(demand.get("/desk", headers=EN).text)
    # Signed for one side, it waits for the other, though it could still be abandoned.
    sign_plan(hall.supplier, session=hall.session, outcome=planned, version=None)
    assert planned.code not in buttons(supplier.get("/desk", headers=EN).text)
    assert planned.code in buttons(demand.get("/desk", headers=EN).text)


def test_a_changed_scenario_asks_the_supplier_to_confirm_and_its_owner_to_answer(
    hall: World, as_person: Callable[[str], FlaskClient]
) -> None:
    scenario = hall.released_scenario()
    application = hall.application(scenario)
    amend_scenario(
        hall.demand,
        session=hall.session,
        scenario=scenario,
        version=None,
        content={"title": "岸桥与场桥巡检"},
        reason="范围扩大",
    )
    hall.accepted_change(scenario)
    verbs = {"maker@maker.example": "Confirm or change", "port@port.example": "Answer"}
    for email, verb in verbs.items():
        assert buttons(as_person(email).get("/desk", headers=EN).text)[application.code].startswith(f"{verb} ")


def test_what_is_late_comes_first_then_what_is_due_within_a_week(
    hall: World, as_person: Callable[[str], FlaskClient]
) -> None:
    hall.draft_scenario()
    signed = hall.signed()  # to begin on 1 November 2026
    for day, place in (
        (datetime(2026, 10, 28, 4, tzinfo=UTC), "week"),
        (datetime(2026, 12, 1, 4, tzinfo=UTC), "today"),
    ):
        with clock.at(day):
            page = as_person("port@port.example").get("/desk", headers=EN).text
        groups = re.split(r'<h3 id="tasks-(\w+)">', page)[1:]
        assert groups[0] == place and signed.code in groups[1] and groups[2] == "later"
        assert ("overdue since" in groups[1]) == (place == "today")


def test_a_new_account_is_led_by_four_steps_until_all_are_done(
    hall: World, as_person: Callable[[str], FlaskClient]
) -> None:
    def steps(email: str) -> list[bool] | None:
        page = as_person(email).get("/desk", headers=EN).text
        start = page.partition('<ol class="first-steps">')[2].partition("</ol>")[0]
        return [item.startswith(' class="is-done"') for item in start.split("<li")[1:]] or None

    person = hall.person("new@x.example")
    person.email_confirmed_at = None
    hall.session.commit()
    assert steps("new@x.example") == [False] * 4
    person.email_confirmed_at = now()
    hall.session.commit()
    assert steps("new@x.example") == [True, False, False, False]
    hall.draft_scenario()
    assert steps("port@port.example") == [True, True, True, False]
    hall.submitted_scenario()
    assert steps("port@port.example") is None
    assert steps("admin@hall.example") is None


def test_new_matches_stand_on_the_desk_of_both_sides_until_they_are_used(
    hall: World, as_person: Callable[[str], FlaskClient], follow: Callable[[], None]
) -> None:
    scenario, product = hall.released_scenario(), hall.listed_product()
    follow()
    demand, supplier = as_person("port@port.example"), as_person("maker@maker.example")

    def news(client: FlaskClient) -> str:
        return client.get("/desk", headers=EN).text.partition('id="news"')[2].partition("</section>")[0]

    assert f'href="/products/{product.code}"' in news(demand)
    apply = f'href="/scenarios/{scenario.code}/apply?product={product.code}"'
    assert apply in news(supplier)
    with clock.at(now() + timedelta(days=8)):
        assert apply not in news(as_person("maker@maker.example"))
    hall.application(scenario, product)
    assert apply not in news(supplier) and product.code not in news(demand)


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
