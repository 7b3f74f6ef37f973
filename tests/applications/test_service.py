"""Applications: one standing for a scenario and product, decisions, feedback."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from scenario_hall.applications import service
from scenario_hall.applications.models import Answer, AnswerKind
from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.errors import AlreadyExists, Denied, HallError, Invalid, WrongState
from scenario_hall.core.policy import can, open_transitions
from scenario_hall.organizations.accounts import actor_of, find_account
from scenario_hall.products.service import get_product
from scenario_hall.scenarios.service import get_scenario
from tests.world import World


def test_a_receipt_has_number_and_time_and_points_at_the_version(world: World) -> None:
    application = world.application()
    assert application.code.startswith("A-")
    assert application.submitted_at is not None
    assert application.product_revision.number == 1


def test_a_second_application_of_the_same_pair_is_refused_until_the_first_ended(world: World) -> None:
    scenario, product = world.released_scenario(), world.listed_product()
    first = world.application(scenario, product)
    with pytest.raises(AlreadyExists):
        world.application(scenario, product)
    service.act_on_application(world.supplier, session=world.session, application=first, action="withdraw")
    assert world.application(scenario, product).state == "submitted"


def test_of_two_applications_at_once_one_stands(world: World, engine: Engine) -> None:
    scenario, product = world.released_scenario(), world.listed_product()
    barrier, told = Barrier(2), []
    codes = (scenario.code, product.code)
    world.session.commit()

    def apply() -> None:
        with Session(engine) as session:
            person = find_account(session, "maker@maker.example")
            assert person is not None
            actor = actor_of(session, person)  # each asks its own session who has acted
            own, offered = get_scenario(session, codes[0]), get_product(session, codes[1])
            barrier.wait()
            try:
                service.submit_application(actor, session=session, scenario=own, product=offered, proposal="x")
                told.append("received")
            except HallError as error:
                told.append(type(error).__name__)

    threads = [Thread(target=apply) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["AlreadyExists", "received"]


def test_nobody_applies_after_the_deadline(world: World) -> None:
    scenario, product = world.released_scenario(deadline=now() + timedelta(hours=1)), world.listed_product()
    with clock.at(now() + timedelta(hours=2)), pytest.raises(WrongState, match="no longer accepts applications"):
        world.application(scenario, product)


def test_a_decline_needs_feedback_that_the_supplier_keeps(world: World) -> None:
    application = world.application()
    with pytest.raises(Invalid):
        service.act_on_application(world.demand, session=world.session, application=application, action="decline")
    world.session.rollback()
    service.act_on_application(
        world.demand, session=world.session, application=application, action="decline", feedback="续航不足"
    )
    assert (application.state, application.feedback) == ("declined", "续航不足")


def test_the_supplier_decides_nothing_and_the_owner_withdraws_nothing(small_world: World) -> None:
    application = small_world.application()
    for actor, action in ((small_world.supplier, "accept"), (small_world.demand, "withdraw")):
        with pytest.raises(Denied):
            service.act_on_application(actor, session=small_world.session, application=application, action=action)


def test_only_listed_products_are_offered_and_answers_name_what_was_asked(small_world: World) -> None:
    scenario = small_world.released_scenario()
    with pytest.raises(WrongState):
        small_world.application(scenario, small_world.draft_product())
    with pytest.raises(Invalid, match="requirement"):
        service.submit_application(
            small_world.supplier,
            session=small_world.session,
            scenario=scenario,
            product=small_world.listed_product(),
            proposal="x",
            answers=[Answer(metric="颜色", answer=AnswerKind.MEETS)],
        )


def test_an_administrator_stands_in_only_for_the_side_that_the_hall_keeps(small_world: World) -> None:
    application = small_world.application()
    small_world.port.is_imported_list_owner = True
    small_world.session.add(small_world.port)
    small_world.session.commit()
    admin = small_world.admin
    open_to_admin = {each.action for each in open_transitions(admin, application)}
    assert "accept" in open_to_admin and "withdraw" not in open_to_admin
    assert can(admin, "ask", application) and not can(admin, "answer", application)
