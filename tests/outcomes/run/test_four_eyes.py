"""Stored trials that one side reported and confirmed are found by the log alone."""

from __future__ import annotations

from datetime import timedelta

from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.policy import Role
from scenario_hall.log.chain import record_event
from scenario_hall.organizations.members import add_member
from scenario_hall.organizations.models import FormerMembership
from scenario_hall.outcomes.plan.service import signatures_of
from scenario_hall.outcomes.run.four_eyes import (
    confirmed_by_their_reporters,
    decided_by_one_of_a_party,
    signed_for_both_sides,
)
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


def test_honest_records_of_every_kind_are_not_named(world: World) -> None:
    world.approved()
    assert signed_for_both_sides(world.session) == decided_by_one_of_a_party(world.session) == []


def test_a_plan_that_one_person_signed_twice_is_named(world: World) -> None:
    outcome = world.signed()
    for signature in signatures_of(world.session, outcome).values():
        signature.account_id = world.maker_person.pk
    world.session.commit()
    assert signed_for_both_sides(world.session) == [outcome.code]


def test_what_an_administrator_of_a_party_decided_is_named(world: World) -> None:
    """One who belongs to it, one who left it a year before; not one who left long ago or joined afterwards."""
    outcome = world.approved()
    scenario, product = outcome.scenario, outcome.product
    codes = {str(world.port.pk), scenario.code, outcome.code}
    joined = now() - timedelta(days=40)  # the claim was advised on thirty days ago
    leaving = FormerMembership(
        account_id=world.administrator.pk,
        organization_id=world.port.pk,
        role=Role.VIEWER,
        ended_at=joined - timedelta(days=300),
    )
    world.session.add(leaving)
    world.session.commit()
    assert set(decided_by_one_of_a_party(world.session)) == codes
    leaving.ended_at = joined - timedelta(days=2 * 366)
    world.session.commit()
    assert decided_by_one_of_a_party(world.session) == []
    with clock.at(joined):
        add_member(world.session, account=world.administrator, organization=world.maker, role=Role.VIEWER)
    assert set(decided_by_one_of_a_party(world.session)) == {str(world.maker.pk), product.code, outcome.code}


def test_who_joins_after_the_decision_spoils_nothing(world: World) -> None:
    world.approved()
    add_member(world.session, account=world.administrator, organization=world.maker, role=Role.VIEWER)
    assert decided_by_one_of_a_party(world.session) == []
