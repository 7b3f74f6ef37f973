"""A signed plan cannot move: both sides, one hash, one event each."""

from __future__ import annotations

import pytest

from scenario_hall.core.errors import Denied, Invalid, WrongState
from scenario_hall.log.chain import events_after
from scenario_hall.outcomes.models import OutcomeKind
from scenario_hall.outcomes.plan.document import hash_of_plan
from scenario_hall.outcomes.plan.service import plan_outcome, sign_plan, signatures_of
from scenario_hall.outcomes.run.service import (
    start_outcome,
)
from tests.world import World


def test_it_takes_both_sides_to_start(world: World) -> None:
    outcome = world.planned()
    sign_plan(world.supplier, session=world.session, outcome=outcome, version=None)
    assert outcome.state == "planned" and set(signatures_of(world.session, outcome)) == {"supplier"}
    with pytest.raises(WrongState):
        sign_plan(world.supplier, session=world.session, outcome=outcome, version=None)
    with pytest.raises(WrongState):
        start_outcome(world.supplier, session=world.session, outcome=outcome)
    sign_plan(world.demand, session=world.session, outcome=outcome, version=None)
    assert outcome.state == "signed" and outcome.plan_hash == hash_of_plan(outcome)
    (signed,) = [event for event in events_after(world.session, 0, limit=1000) if event.kind == "outcome.plan_signed"]
    assert signed.fields["plan"] == outcome.plan_hash


def test_what_is_measured_is_no_part_of_the_plan_and_anything_else_is(world: World) -> None:
    outcome = world.confirmed()
    assert hash_of_plan(outcome) == outcome.plan_hash
    outcome.place = "另一处"
    assert hash_of_plan(outcome) != outcome.plan_hash


def test_a_stranger_does_not_sign(small_world: World) -> None:
    outcome = small_world.planned()
    with pytest.raises((Denied, Exception)):
        sign_plan(small_world.admin, session=small_world.session, outcome=outcome, version=None)
    assert signatures_of(small_world.session, outcome) == {}


def test_a_plan_needs_place_dates_and_a_metric(small_world: World) -> None:
    application = small_world.accepted()
    with pytest.raises(Invalid) as caught:
        plan_outcome(
            small_world.supplier,
            session=small_world.session,
            application=application,
            kind=OutcomeKind.FIRST_TRIAL,
            place=" ",
            starts_on=None,
            ends_on=None,
            metrics=[],
        )
    assert set(caught.value.fields) == {"place", "starts_on", "ends_on", "metrics"}


def test_only_an_accepted_application_leads_to_a_trial(small_world: World) -> None:
    with pytest.raises(WrongState):
        small_world.planned(small_world.application())
