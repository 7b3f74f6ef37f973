"""The oracle of four eyes can fail: it finds what services would never write."""

from __future__ import annotations

import pytest

from scenario_hall.core.policy import Role
from scenario_hall.log.chain import record_event
from scenario_hall.organizations.members import add_member, request_membership
from scenario_hall.outcomes.models import Outcome
from tests.outcomes.four_eyes_oracle import FourEyesOracle
from tests.world import World


def follow(world: World) -> None:
    world.session.commit()
    FourEyesOracle(world.session).follow()


def test_an_honest_case_passes(small_world: World) -> None:
    small_world.approved()
    follow(small_world)


@pytest.mark.parametrize("kind", ["outcome.claimed", "outcome.objected", "application.accepted"])
def test_an_act_for_the_other_side_is_found(small_world: World, kind: str) -> None:
    outcome = small_world.confirmed()
    actor = small_world.demand if kind == "outcome.claimed" else small_world.supplier
    record_event(small_world.session, actor, outcome.application if kind.startswith("app") else outcome, kind)
    with pytest.raises(AssertionError, match=r"does not belong"):
        follow(small_world)


def test_a_second_signature_by_one_person_is_found(small_world: World) -> None:
    world, outcome = small_world, small_world.signed()
    add_member(world.session, account=world.maker_person, organization=world.port, role=Role.EDITOR)
    record_event(world.session, world.supplier, outcome, "outcome.signature", {"side": "demand", "plan": "0"})
    with pytest.raises(AssertionError, match="for another"):
        follow(world)


@pytest.mark.parametrize("way", ["member", "asking", "worked"])
def test_a_decision_by_one_of_a_party_is_found(small_world: World, way: str) -> None:
    world = small_world
    outcome: Outcome = world.claimed()
    if way == "member":
        add_member(world.session, account=world.administrator, organization=world.port, role=Role.VIEWER)
    elif way == "asking":
        request_membership(world.admin, session=world.session, organization=world.port)
    actor = world.supplier if way == "worked" else world.admin
    record_event(world.session, actor, outcome, "outcome.approved")
    with pytest.raises(AssertionError, match=r"one of a party|asks to join|worked on"):
        follow(world)
