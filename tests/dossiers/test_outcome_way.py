"""The way of a trial: one step is worked on, what lies before is done, and only who can do the next thing is asked to."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scenario_hall.core.policy import VISITOR
from scenario_hall.dossiers.outcome import outcome_dossier
from scenario_hall.dossiers.outcome_way import CURRENT, NEXT, STEPS, Standing
from scenario_hall.outcomes.certificate.service import revoke_outcome
from scenario_hall.outcomes.lifecycle import STATE_NAMES
from scenario_hall.outcomes.models import Outcome
from tests.world import World

MADE: dict[str, tuple[Callable[[World], Outcome], str]] = {
    "planned": (lambda world: world.planned(), "sign"),
    "signed": (lambda world: world.signed(), "run"),
    "confirmed": (lambda world: world.confirmed(), "claim"),
    "claimed": (lambda world: world.claimed(), "review"),
    "on_notice": (lambda world: world.on_notice(), "notice"),
}


def test_every_state_of_a_record_says_what_comes_next() -> None:
    assert NEXT.keys() == STATE_NAMES.keys()
    assert set(CURRENT.values()) <= STEPS.keys()


@pytest.mark.parametrize("state", MADE)
def test_what_lies_before_the_step_that_is_worked_on_is_done_and_dated(state: str, world: World) -> None:
    make, current = MADE[state]
    outcome = make(world)
    assert outcome.state == state
    steps = outcome_dossier(world.session, world.supplier, outcome.code).way.steps
    names = [step.name for step in steps]
    place = names.index(current)
    assert names == list(STEPS)
    assert [step.standing for step in steps[:place]] == [Standing.DONE] * place
    assert steps[place].standing is Standing.CURRENT
    assert {step.standing for step in steps[place + 1 :]} <= {Standing.OPEN}
    assert all(step.at is not None for step in steps[:place]) and all(step.at is None for step in steps[place:])


def test_an_approved_way_is_done_and_a_revoked_one_is_broken_at_its_certificate(world: World) -> None:
    outcome = world.approved()
    steps = outcome_dossier(world.session, VISITOR, outcome.code).way.steps
    assert {step.standing for step in steps} == {Standing.DONE}
    revoke_outcome(world.admin, session=world.session, outcome=outcome, version=None, reason="x")
    steps = outcome_dossier(world.session, VISITOR, outcome.code).way.steps
    assert [step.standing for step in steps[-2:]] == [Standing.DONE, Standing.BROKEN]


def test_a_visitor_learns_no_date_that_only_the_sides_know(world: World) -> None:
    outcome = world.on_notice()
    known = {step.name for step in outcome_dossier(world.session, VISITOR, outcome.code).way.steps if step.at}
    assert known == {"report", "claim", "review"}


def test_the_next_step_is_a_request_to_who_can_do_it_and_news_to_all_others(world: World) -> None:
    planned = world.planned()
    for side in (world.supplier, world.demand):
        way = outcome_dossier(world.session, side, planned.code).way
        assert way.is_mine and way.next == NEXT["planned"].request
    way = outcome_dossier(world.session, world.admin, planned.code).way
    assert not way.is_mine and way.next == NEXT["planned"].news
    claimed = world.claimed(world.accepted(world.released_scenario(), world.listed_product()))
    reviewer = world.reviewers[0]
    assert outcome_dossier(world.session, reviewer, claimed.code).way.is_mine
    world.advised(claimed, reviewer)
    assert not outcome_dossier(world.session, reviewer, claimed.code).way.is_mine
