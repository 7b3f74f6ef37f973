"""An applicant is told when the scenario changes in substance, and confirms the application or withdraws it."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from scenario_hall.applications.models import Application
from scenario_hall.applications.service import act_on_application, renew_application
from scenario_hall.config import Settings
from scenario_hall.core.errors import Denied, StaleEdit, WrongState
from scenario_hall.log.chain import Event
from scenario_hall.notices.writing import letters_for
from scenario_hall.outcomes.plan.service import sign_plan
from scenario_hall.outcomes.plan.withdrawal import withdraw_application
from scenario_hall.products.service import amend_product
from scenario_hall.scenarios.models import Scenario
from scenario_hall.scenarios.service import amend_scenario
from tests.world import World


def changed(world: World, scenario: Scenario, **content: object) -> None:
    amend_scenario(world.demand, session=world.session, scenario=scenario, version=None, content=content, reason="更正")
    if any(field.is_substance and field.name in content for field in Scenario.fields):
        world.accepted_change(scenario)


def renew(world: World, application: Application, revision: int) -> Application:
    return renew_application(
        world.supplier, session=world.session, application=application, version=None, revision=revision
    )


def withdraw(world: World, application: Application) -> Application:
    return withdraw_application(world.supplier, session=world.session, application=application, version=None)


def receivers(world: World, kind: str, settings: Settings, subject: str) -> set[str]:
    """Who gets the letter with this subject for the newest event of the kind."""
    event = world.session.exec(select(Event).where(col(Event.kind) == kind).order_by(col(Event.id).desc())).first()
    assert event is not None
    for person in (world.port_person, world.maker_person):
        person.locale = "en"
    return {letter.to for letter in letters_for(world.session, event, settings) if letter.subject == subject}


def test_an_application_answers_the_revision_that_was_public_when_it_was_sent(world: World) -> None:
    scenario = world.released_scenario()
    changed(world, scenario, budget_max=900_000)
    application = world.application(scenario)
    assert (application.scenario_revision, application.answers_older_scenario()) == (2, False)


def test_facts_make_no_application_old_and_substance_does(world: World) -> None:
    application = world.application()
    changed(world, application.scenario, budget_max=900_000)
    assert not application.answers_older_scenario()
    changed(world, application.scenario, title="新题目")
    assert application.answers_older_scenario()
    renew(world, application, application.scenario.revision)
    assert (application.scenario_revision, application.answers_older_scenario()) == (3, False)


CHANGED = "The scenario that you applied to has changed"


@pytest.mark.parametrize("state", ["submitted", "shortlisted", "accepted", "declined", "withdrawn", "signed"])
def test_those_whose_application_stands_and_has_no_signed_plan_are_told(
    small_world: World, hall_settings: Settings, state: str
) -> None:
    application = small_world.application()
    steps = {"shortlisted": ["shortlist"], "accepted": ["accept"], "declined": ["decline"], "withdrawn": ["withdraw"]}
    for action in steps.get(state, []):
        who = small_world.supplier if action == "withdraw" else small_world.demand
        act_on_application(who, session=small_world.session, application=application, action=action, feedback="x")
    if state == "signed":
        act_on_application(small_world.demand, session=small_world.session, application=application, action="accept")
        small_world.signed(application)
    changed(small_world, application.scenario, title="新题目")
    told = receivers(small_world, "scenario.amended", hall_settings, CHANGED)
    assert told == ({"maker@maker.example"} if state in ("submitted", "shortlisted", "accepted") else set())


def test_nobody_is_told_of_facts(small_world: World, hall_settings: Settings) -> None:
    application = small_world.application()
    changed(small_world, application.scenario, budget_max=900_000)
    assert receivers(small_world, "scenario.amended", hall_settings, CHANGED) == set()


def test_the_owner_is_told_that_the_offered_product_has_changed(small_world: World, hall_settings: Settings) -> None:
    application = small_world.application()
    subject = "A product that is offered to you has changed"
    for content, told in (({"version_label": "V2"}, set()), ({"summary": "另一种"}, {"port@port.example"})):
        amend_product(
            small_world.supplier,
            session=small_world.session,
            product=application.product,
            version=None,
            content=content,
            reason="x",
        )
        if told:
            small_world.accepted_change(application.product)
        assert receivers(small_world, "product.amended", hall_settings, subject) == told
    assert application.offers_older_product()


def test_one_renews_only_what_is_older_and_only_for_what_one_has_seen(world: World) -> None:
    application = world.application()
    with pytest.raises(WrongState, match="as it is now"):
        renew(world, application, 1)
    world.session.rollback()
    changed(world, application.scenario, title="新题目")
    with pytest.raises(StaleEdit):
        renew(world, application, 1)
    world.session.rollback()
    with pytest.raises(StaleEdit):
        renew(world, application, 99)
    world.session.rollback()
    with pytest.raises(Denied):
        renew_application(world.demand, session=world.session, application=application, version=None, revision=2)


def test_an_accepted_application_is_withdrawn_only_after_a_change(world: World) -> None:
    application = world.accepted()
    with pytest.raises(WrongState, match="only after the scenario has changed"):
        withdraw(world, application)
    world.session.rollback()
    changed(world, application.scenario, title="新题目")
    plan = world.planned(application)
    withdraw(world, application)
    assert (application.state, plan.state) == ("withdrawn", "failed")


def test_a_signed_plan_stands(world: World) -> None:
    application = world.accepted()
    plan = world.planned(application)
    changed(world, application.scenario, title="新题目")
    for side in (world.supplier, world.demand):
        sign_plan(side, session=world.session, outcome=plan, version=None)
    with pytest.raises(WrongState, match="already signed"):
        withdraw(world, application)
    world.session.rollback()
    assert (application.state, plan.state) == ("accepted", "signed")
