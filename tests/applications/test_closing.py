"""A scenario closes when everyone who applied has his answer."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from scenario_hall.applications import service
from scenario_hall.applications.closing import close_scenario, undecided_applications
from scenario_hall.applications.models import Application
from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.errors import Denied, HallError, Invalid, StaleEdit, WrongState
from scenario_hall.products.service import get_product
from scenario_hall.scenarios.models import Scenario
from scenario_hall.scenarios.service import end_scenario, expire_scenarios, get_scenario
from tests.world import World


def close(world: World, scenario: Scenario, version: int | None = None) -> Scenario:
    return close_scenario(
        world.demand, session=world.session, scenario=scenario, version=version, reason="已选定供应方"
    )


def act(world: World, application: Application, action: str, feedback: str = "") -> None:
    service.act_on_application(
        world.demand, session=world.session, application=application, action=action, feedback=feedback
    )


def test_a_scenario_does_not_close_over_an_undecided_application_and_names_it(world: World) -> None:
    application = world.application()
    with pytest.raises(WrongState, match=application.code):
        close(world, application.scenario)
    act(world, application, "shortlist")
    with pytest.raises(WrongState, match="written feedback"):
        close(world, application.scenario)
    with pytest.raises(Invalid):
        act(world, application, "decline")
    act(world, application, "decline", "续航不足，建议换电后再来")
    assert close(world, application.scenario).state == "closed"


def test_accepting_one_does_not_close_and_leaves_the_others_to_be_answered(world: World) -> None:
    scenario = world.released_scenario()
    world.accepted(scenario, world.listed_product())
    assert scenario.state == "released"
    waiting = world.application(scenario, world.listed_product())
    with pytest.raises(WrongState, match=waiting.code):
        close(world, scenario)
    service.act_on_application(world.supplier, session=world.session, application=waiting, action="withdraw")
    assert close(world, scenario).state == "closed"


def test_the_deadline_and_a_withdrawal_do_not_wait_for_decisions(world: World) -> None:
    expiring = world.released_scenario(deadline=now() + timedelta(hours=1))
    withdrawn = world.released_scenario()
    applications = [world.application(each, world.listed_product()) for each in (expiring, withdrawn)]
    with clock.at(now() + timedelta(hours=2)):
        assert expire_scenarios(world.session) == 1
    end_scenario(
        world.demand, session=world.session, scenario=withdrawn, action="withdraw", version=None, reason="计划取消"
    )
    # Both still get their answer.
    for application in applications:
        act(world, application, "decline", "本场景不再进行")


def test_closing_is_the_owners_and_of_what_he_has_seen(small_world: World) -> None:
    scenario = small_world.released_scenario()
    with pytest.raises(Denied):
        close_scenario(small_world.supplier, session=small_world.session, scenario=scenario, version=None, reason="x")
    with pytest.raises(StaleEdit):
        close(small_world, scenario, version=scenario.version - 1)


def test_an_application_on_its_way_in_is_not_closed_over(world: World, engine: Engine) -> None:
    scenario, product = world.released_scenario(), world.listed_product()
    codes, supplier, owner = (scenario.code, product.code), world.supplier, world.demand
    world.session.commit()
    barrier, failed = Barrier(2), []

    def apply() -> None:
        with Session(engine) as session:
            own, offered = get_scenario(session, codes[0]), get_product(session, codes[1])
            barrier.wait()
            try:
                service.submit_application(supplier, session=session, scenario=own, product=offered, proposal="x")
            except HallError as error:
                failed.append(error)

    def end() -> None:
        with Session(engine) as session:
            own = get_scenario(session, codes[0])
            barrier.wait()
            try:
                close_scenario(owner, session=session, scenario=own, version=None, reason="x")
            except HallError as error:
                failed.append(error)

    threads = [Thread(target=each) for each in (apply, end)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [type(error) for error in failed] == [WrongState]  # whoever came second
    world.session.rollback()
    is_closed = get_scenario(world.session, codes[0]).state == "closed"
    assert is_closed == (not undecided_applications(world.session, scenario))
