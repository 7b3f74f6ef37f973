"""Certificates: what is certified, and who confirmed it."""

from __future__ import annotations

from datetime import date, timedelta

from scenario_hall.core import clock
from scenario_hall.core.clock import HONG_KONG, local_today, now
from scenario_hall.outcomes.certificate.documents import certificate_document, certified_lines
from scenario_hall.outcomes.certificate.models import Certificate
from scenario_hall.outcomes.certificate.service import certificate_of, issue_certificate
from scenario_hall.outcomes.plan.amendments import decide_amendment, propose_amendment
from scenario_hall.outcomes.run.service import confirm_results, report_results, start_outcome
from tests.world import World


def issued(world: World) -> Certificate:
    found = certificate_of(world.session, world.approved())
    assert found is not None
    return found


def test_a_certificate_says_which_side_confirmed_and_when(world: World) -> None:
    document = certificate_document(issued(world), "http://hall.test")
    assert document["confirmed_by"] == world.port.name
    assert document["confirmed_on"] == local_today().isoformat()


def test_when_the_demand_side_reports_the_supplier_is_who_confirmed(world: World) -> None:
    made = world.signed()
    start_outcome(world.supplier, session=world.session, outcome=made)
    report_results(
        world.demand, session=world.session, outcome=made, version=None, measured=[43.0], summary="完成20架次。"
    )
    yesterday = now() - timedelta(days=1)
    with clock.at(yesterday):
        confirm_results(world.supplier, session=world.session, outcome=made)
    document = certificate_document(issue_certificate(world.session, made), "http://hall.test")
    assert document["confirmed_by"] == world.maker.name
    assert document["confirmed_on"] == yesterday.astimezone(HONG_KONG).date().isoformat()


def test_the_lines_are_read_back_as_they_were_certified(world: World) -> None:
    certificate = issued(world)
    assert certified_lines(certificate) == certificate.outcome.metric_lines


def test_a_certificate_names_each_change_of_the_signed_plan(world: World) -> None:
    made = world.signed()
    original = made.plan_hash
    amendment = propose_amendment(
        world.supplier,
        session=world.session,
        outcome=made,
        version=None,
        reason="台风，改期",
        place=made.place,
        starts_on=made.starts_on,
        ends_on=date(2026, 11, 20),
        metrics=made.metric_lines,
        terms=made.plan_terms,
    )
    decide_amendment(world.demand, session=world.session, amendment=amendment, action="agree", version=None)
    document = certificate_document(issue_certificate(world.session, made), "http://hall.test")
    assert document["plan_amendments"] == [
        {"on": local_today().isoformat(), "before": original, "after": document["plan_hash"]}
    ]
    assert certificate_document(issued(world), "http://hall.test")["plan_amendments"] == []
