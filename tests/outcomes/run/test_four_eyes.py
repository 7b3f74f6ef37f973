"""Stored trials that one side reported and confirmed are found by the log alone."""

from __future__ import annotations

from scenario_hall.core.policy import Role
from scenario_hall.log.chain import record_event
from scenario_hall.organizations.members import add_member
from scenario_hall.outcomes.run.four_eyes import confirmed_by_their_reporters
from tests.world import World


def test_an_honest_record_is_not_named(small_world: World) -> None:
    small_world.confirmed()
    assert confirmed_by_their_reporters(small_world.session) == []


def test_a_record_that_its_reporter_confirmed_is_named(small_world: World) -> None:
    outcome = small_world.confirmed()
    record_event(small_world.session, small_world.supplier, outcome, "outcome.confirmed")
    small_world.session.commit()
    assert confirmed_by_their_reporters(small_world.session) == [outcome.code]


def test_a_record_that_a_colleague_of_its_reporter_confirmed_is_named(small_world: World) -> None:
    outcome = small_world.confirmed()
    colleague = small_world.person("colleague@maker.example")
    add_member(small_world.session, account=colleague, organization=small_world.maker, role=Role.EDITOR)
    record_event(small_world.session, small_world.actor(colleague), outcome, "outcome.confirmed")
    small_world.session.commit()
    assert confirmed_by_their_reporters(small_world.session) == [outcome.code]
