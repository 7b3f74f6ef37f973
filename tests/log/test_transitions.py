"""Workflows are tables; nobody gets past them."""

from __future__ import annotations

import pytest

from scenario_hall.applications.lifecycle import LIFECYCLE as APPLICATION
from scenario_hall.core.errors import Denied, Invalid, NotFound, WrongState
from scenario_hall.core.lifecycle import Lifecycle, Transition
from scenario_hall.core.policy import SYSTEM, VISITOR, Role, can
from scenario_hall.organizations.accounts import set_administrator
from scenario_hall.organizations.lifecycle import LIFECYCLE as ORGANIZATION
from scenario_hall.organizations.members import add_member
from scenario_hall.outcomes.lifecycle import AMENDMENT
from scenario_hall.outcomes.lifecycle import LIFECYCLE as OUTCOME
from scenario_hall.products.lifecycle import LIFECYCLE as PRODUCT
from scenario_hall.publishing.lifecycle import REVISION
from scenario_hall.scenarios.lifecycle import LIFECYCLE as SCENARIO
from scenario_hall.scenarios.service import end_scenario, release_scenario
from scenario_hall.web.kit.lifecycle_names import ACTIONS, STATES
from tests.world import World

ALL = [ORGANIZATION, SCENARIO, PRODUCT, REVISION, APPLICATION, OUTCOME, AMENDMENT]


@pytest.mark.parametrize("lifecycle", ALL, ids=lambda lifecycle: lifecycle.subject)
def test_every_state_can_be_reached_and_has_a_name(lifecycle: Lifecycle) -> None:
    reached = {lifecycle.initial}
    for _ in lifecycle.states:
        reached |= {step.next for step in lifecycle.transitions if step.state in reached}
    assert reached == set(lifecycle.states)
    assert set(lifecycle.states) <= set(STATES)
    assert set(lifecycle.actions) - {"expire", "lapse"} <= set(ACTIONS)


@pytest.mark.parametrize("lifecycle", ALL, ids=lambda lifecycle: lifecycle.subject)
def test_every_no_of_an_administrator_or_owner_needs_a_reason(lifecycle: Lifecycle) -> None:
    noes = {"return", "reject", "suspend", "decline", "revoke", "close", "object", "fail", "abandon", "delist"}
    assert all(step.needs_reason for step in lifecycle.transitions if step.action in noes)


def test_two_rows_for_one_state_and_action_are_refused() -> None:
    row = Transition("a", "go", ("owner_editor",), "b", "x.went")
    with pytest.raises(ValueError, match="two rows"):
        Lifecycle("x", "a", (row, row))


def test_an_action_out_of_turn_names_the_state(small_world: World) -> None:
    scenario = small_world.released_scenario()
    with pytest.raises(WrongState, match="released"):
        release_scenario(small_world.admin, session=small_world.session, scenario=scenario, version=None)


def test_somebody_else_is_denied_and_a_stranger_to_a_draft_finds_nothing(small_world: World) -> None:
    released, draft = small_world.released_scenario(), small_world.submitted_scenario()
    with pytest.raises(Denied):
        end_scenario(
            small_world.supplier,
            session=small_world.session,
            scenario=released,
            action="close",
            version=None,
            reason="x",
        )
    with pytest.raises(NotFound):
        release_scenario(small_world.supplier, session=small_world.session, scenario=draft, version=None)


def test_a_needed_reason_cannot_be_blank(small_world: World) -> None:
    scenario = small_world.released_scenario()
    with pytest.raises(Invalid, match="reason"):
        end_scenario(
            small_world.demand, session=small_world.session, scenario=scenario, action="close", version=None, reason=" "
        )
    assert scenario.state == "released"


def test_a_visitor_can_nothing_but_see_what_is_public(small_world: World) -> None:
    released, draft = small_world.released_scenario(), small_world.draft_scenario()
    assert can(VISITOR, "view", released)
    assert not can(VISITOR, "view", draft)
    assert not any(
        can(VISITOR, action, released) for action in (*SCENARIO.actions, "edit", "view_private", "view_matches")
    )


def test_an_administrator_of_a_party_is_not_neutral(small_world: World) -> None:
    own = small_world.person("both@hall.example")
    set_administrator(SYSTEM, session=small_world.session, account=own, is_administrator=True)
    add_member(small_world.session, account=own, organization=small_world.port, role=Role.VIEWER)
    scenario = small_world.submitted_scenario()
    assert not can(small_world.actor(own), "release", scenario)
    assert can(small_world.admin, "release", scenario)
