"""Scenarios like another one are pointed out; a proposal to post jointly reaches the other owner with a contact."""

from __future__ import annotations

import pytest

from scenario_hall.config import Settings
from scenario_hall.core.errors import NotFound
from scenario_hall.log.chain import events_after
from scenario_hall.matching.likeness import propose_jointly, similar_scenarios
from scenario_hall.notices.writing import letters_for
from scenario_hall.organizations.models import Side
from scenario_hall.outcomes.lessons import lessons_of
from scenario_hall.outcomes.models import Cause
from scenario_hall.outcomes.run.service import stop_outcome
from scenario_hall.scenarios.service import create_scenario
from scenario_hall.search.engine.whoosh_index import WhooshIndex
from scenario_hall.search.reader import rebuild
from scenario_hall.taxonomy.service import load_taxonomy
from tests.world import SCENARIO, World


def test_a_like_scenario_is_found_an_unlike_one_is_not(small_world: World, hall_settings: Settings) -> None:
    world = small_world
    like = world.released_scenario()
    world.released_scenario(
        title="果园采摘与运输", situation="人工采摘荔枝", wanted_result="采摘机器人", requirements=[]
    )
    draft = world.draft_scenario()
    index = WhooshIndex(hall_settings.search_index)
    rebuild(world.session, index)
    found = similar_scenarios(world.session, draft, load_taxonomy(world.session), index)
    assert [each.scenario.code for each in found] == [like.code]
    assert found[0].likeness > 0.8


def test_a_proposal_reaches_the_other_owner_with_the_contact(small_world: World, hall_settings: Settings) -> None:
    world = small_world
    other = world.released_scenario()
    person = world.person("second@second.example")
    owner = world.organization(person, Side.DEMAND, "另一港口")
    mine = create_scenario(world.actor(person), session=world.session, organization=owner, content=SCENARIO)
    propose_jointly(world.actor(person), session=world.session, scenario=mine, other_code=other.code)
    event = events_after(world.session, 0, limit=1000)[-1]
    assert mine.contact_email not in str(event.fields)
    (letter,) = letters_for(world.session, event, hall_settings)
    assert letter.to == "port@port.example" and mine.contact_email in letter.text
    with pytest.raises(NotFound):
        propose_jointly(world.actor(person), session=world.session, scenario=mine, other_code=mine.code)


def test_lessons_of_stopped_trials_are_shown_without_names(small_world: World, hall_settings: Settings) -> None:
    world = small_world
    outcome = world.planned()
    stop_outcome(
        world.supplier,
        session=world.session,
        outcome=outcome,
        version=None,
        cause=Cause.AIRSPACE,
        reason="未获批",
        lessons="空域申请要提前两个月。",
        is_public=True,
    )
    index = WhooshIndex(hall_settings.search_index)
    rebuild(world.session, index)
    alike = similar_scenarios(world.session, world.draft_scenario(), load_taxonomy(world.session), index)
    (lesson,) = lessons_of(world.session, alike)
    assert (lesson.cause, lesson.text) == ("airspace", "空域申请要提前两个月。")
