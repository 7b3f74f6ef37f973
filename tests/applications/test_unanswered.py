"""A scenario that is over asks for its answers: it is closed by the same rule, and its owner is reminded."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from scenario_hall.applications import service
from scenario_hall.applications.closing import close_scenario
from scenario_hall.applications.models import Application
from scenario_hall.applications.unanswered import remind_of_answers, unanswered_scenarios
from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.errors import Denied, Invalid, WrongState
from scenario_hall.core.policy import open_transitions
from scenario_hall.log.chain import Event, events_after
from scenario_hall.scenarios.models import Scenario
from scenario_hall.scenarios.service import end_scenario, expire_scenarios
from tests.world import World


def expired(world: World, applications: int = 1) -> tuple[Scenario, list[Application]]:
    """Expired an hour from now, with so many applications."""
    scenario = world.released_scenario(deadline=now() + timedelta(hours=1))
    made = [world.application(scenario) for _ in range(applications)]
    with clock.at(now() + timedelta(hours=1)):
        expire_scenarios(world.session)
    assert scenario.state == "expired"
    return scenario, made


def decline(world: World, application: Application) -> None:
    service.act_on_application(
        world.demand, session=world.session, application=application, action="decline", feedback="续航不足"
    )


def close(world: World, scenario: Scenario, reason: str = "已逐一答复") -> Scenario:
    return close_scenario(world.demand, session=world.session, scenario=scenario, version=None, reason=reason)


def remind_at(world: World, moment: datetime) -> int:
    with clock.at(moment):
        return remind_of_answers(world.session)


def reminders(world: World) -> list[Event]:
    return events_after(world.session, 0, limit=1000, kinds=["scenario.answers_due"])


def test_an_expired_scenario_closes_when_each_application_has_its_answer(world: World) -> None:
    scenario, (application,) = expired(world)
    with pytest.raises(WrongState, match=application.code):
        close(world, scenario)
    decline(world, application)
    with pytest.raises(Invalid, match="reason"):
        close(world, scenario, reason=" ")
    with pytest.raises(Denied):
        close_scenario(world.supplier, session=world.session, scenario=scenario, version=None, reason="x")
    closed = close(world, scenario)
    assert (closed.state, closed.state_reason, closed.is_public()) == ("closed", "已逐一答复", True)


def test_an_expired_scenario_does_not_open_again_and_is_not_withdrawn(small_world: World) -> None:
    scenario, _ = expired(small_world)
    assert {step.action for step in open_transitions(small_world.demand, scenario)} == {"close"}
    assert not scenario.is_open()


def test_the_owner_sees_which_expired_scenarios_wait_and_how_many_applications(world: World) -> None:
    scenario, applications = expired(world, 3)
    expired(world, 0)
    world.application()  # to an open one: nobody is late there
    decline(world, applications[0])
    assert unanswered_scenarios(world.session, [world.port.pk]) == [(scenario, 2)]
    assert unanswered_scenarios(world.session, [world.maker.pk]) == unanswered_scenarios(world.session, []) == []


def test_who_withdraws_a_scenario_still_owes_its_applicants_an_answer(world: World) -> None:
    scenario = world.released_scenario()
    application = world.application(scenario)
    end_scenario(
        world.demand, session=world.session, scenario=scenario, action="withdraw", version=None, reason="不再需要"
    )
    assert unanswered_scenarios(world.session, [world.port.pk]) == [(scenario, 1)]
    assert remind_at(world, now() + timedelta(days=4)) == 1
    decline(world, application)
    assert unanswered_scenarios(world.session, [world.port.pk]) == []


def test_the_owner_is_reminded_three_days_after_the_deadline_and_then_weekly(world: World) -> None:
    scenario, applications = expired(world, 2)
    over = scenario.updated_at
    assert remind_at(world, over + timedelta(days=2, hours=23)) == 0
    assert remind_at(world, over + timedelta(days=3)) == 1
    assert remind_at(world, over + timedelta(days=3)) == 0
    assert remind_at(world, over + timedelta(days=9, hours=23)) == 0
    assert remind_at(world, over + timedelta(days=10)) == 1
    decline(world, applications[0])
    assert remind_at(world, over + timedelta(days=17)) == 1
    told = [each.fields["applications"] for each in reminders(world)]
    codes = [each.code for each in applications]
    assert told == [codes, codes, codes[1:]]


def test_nobody_is_reminded_of_what_is_answered_closed_or_still_open(world: World) -> None:
    world.application()
    _, (declined,) = expired(world)
    decline(world, declined)
    _, (withdrawn,) = expired(world)
    service.act_on_application(world.supplier, session=world.session, application=withdrawn, action="withdraw")
    expired(world, 0)
    assert remind_at(world, now() + timedelta(days=20)) == 0
    assert reminders(world) == []


def test_a_reminder_makes_nobodys_open_form_stale(small_world: World) -> None:
    scenario, _ = expired(small_world)
    before = scenario.version
    assert remind_at(small_world, now() + timedelta(days=4)) == 1
    small_world.session.refresh(scenario)
    assert scenario.version == before
