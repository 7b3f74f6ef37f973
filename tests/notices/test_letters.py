"""What a letter says, and to whom."""

from __future__ import annotations

from datetime import timedelta

from scenario_hall.applications.unanswered import remind_of_answers
from scenario_hall.config import Settings
from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.policy import Role
from scenario_hall.log.chain import events_after
from scenario_hall.notices.writing import letters_for
from scenario_hall.organizations.members import add_member
from scenario_hall.scenarios.service import expire_scenarios
from tests.world import World


def test_the_reminder_of_answers_goes_to_those_who_can_give_them_and_names_what_waits(
    small_world: World, hall_settings: Settings
) -> None:
    world = small_world
    viewer = world.person("viewer@port.example")
    add_member(world.session, account=viewer, organization=world.port, role=Role.VIEWER)
    scenario = world.released_scenario(deadline=now() + timedelta(hours=1))
    application = world.application(scenario)
    with clock.at(now() + timedelta(hours=1)):
        expire_scenarios(world.session)
    with clock.at(now() + timedelta(days=4)):
        assert remind_of_answers(world.session) == 1
    (event,) = events_after(world.session, 0, limit=1000, kinds=["scenario.answers_due"])
    (letter,) = letters_for(world.session, event, hall_settings)
    assert letter.to == "port@port.example"
    assert scenario.title in letter.text and application.code in letter.text
    assert f"http://hall.test/scenarios/{scenario.code}#applications" in letter.text
