"""A record's history shows everybody what they may see of it, and no more."""

from __future__ import annotations

from scenario_hall.core.policy import VISITOR, Actor
from scenario_hall.log.chain import record_event
from scenario_hall.log.history import history_of
from scenario_hall.log.transitions import Stateful
from tests.world import World


def kinds(world: World, actor: Actor, record: Stateful) -> list[str]:
    return [event.kind for event in history_of(world.session, actor, record)]


def test_its_people_and_administrators_see_it_newest_first_and_others_nothing(small_world: World) -> None:
    scenario = small_world.released_scenario()
    told = kinds(small_world, small_world.demand, scenario)
    assert told[0] == "scenario.released" and told[-1] == "scenario.drafted"
    assert kinds(small_world, small_world.admin, scenario) == told
    assert kinds(small_world, small_world.supplier, scenario) == []
    assert kinds(small_world, VISITOR, scenario) == []


def test_a_supplier_does_not_see_what_evaluators_did(small_world: World) -> None:
    application = small_world.application()
    record_event(small_world.session, small_world.demand, application, "application.scored", {"number": 1})
    small_world.session.commit()
    assert kinds(small_world, small_world.demand, application) == ["application.scored", "application.submitted"]
    assert kinds(small_world, small_world.supplier, application) == ["application.submitted"]


def test_one_record_s_history_holds_nothing_of_another(small_world: World) -> None:
    one, other = small_world.released_scenario(), small_world.released_scenario()
    events = history_of(small_world.session, small_world.demand, one)
    assert {event.subject_code for event in events} == {one.code} != {other.code}
