"""What a return keeps of a record."""

from __future__ import annotations

from scenario_hall.scenarios.service import return_scenario
from tests.world import World


def test_a_return_keeps_what_everybody_may_read_and_no_contact(small_world: World) -> None:
    scenario = small_world.submitted_scenario(contact_name="Lin Weiguo", contact_email="lin@port.example")
    return_scenario(
        small_world.admin, session=small_world.session, scenario=scenario, version=None, reason="x", notes={}
    )
    assert scenario.returned_content["title"] == scenario.title
    assert "Lin Weiguo" not in str(scenario.returned_content) and "lin@" not in str(scenario.returned_content)
