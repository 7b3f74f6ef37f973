"""One question, one answer: what each reader finds in the dossier of a trial or use."""

from __future__ import annotations

from datetime import timedelta

import pytest

from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.errors import NotFound
from scenario_hall.core.policy import VISITOR
from scenario_hall.dossiers.outcome import outcome_dossier
from tests.world import World


def test_the_public_reads_an_approved_record_without_what_is_private(small_world: World) -> None:
    world = small_world
    code = world.approved().code
    dossier = outcome_dossier(world.session, VISITOR, code)
    assert dossier.certificate is not None and not dossier.is_private
    assert dossier.can == frozenset() and list(dossier.transitions) == []
    private = (dossier.evidence, dossier.events, dossier.follow_ups, dossier.claim.advices, dossier.claim.checks)
    assert [list(part) for part in (*private, dossier.plan.milestones, dossier.plan.amendments)] == [[]] * 7
    assert dossier.plan.signatures == {} and dossier.claim.present == frozenset()


def test_a_side_reads_all_of_it(world: World) -> None:
    code = world.approved().code
    dossier = outcome_dossier(world.session, world.supplier, code)
    assert dossier.is_private and dossier.events and dossier.follow_ups and dossier.plan.milestones
    assert set(dossier.plan.signatures) == {"supplier", "demand"}
    assert len(dossier.claim.advices) == 2 and set(dossier.claim.reviewers) == {
        each.account_id for each in dossier.claim.advices
    }


def test_a_running_trial_is_nowhere_for_the_public(small_world: World) -> None:
    code = small_world.signed().code
    with pytest.raises(NotFound):
        outcome_dossier(small_world.session, VISITOR, code)


def test_approving_is_offered_when_the_notice_is_over(small_world: World) -> None:
    world = small_world
    code = world.on_notice().code
    with clock.at(now() - timedelta(days=29)):
        running = outcome_dossier(world.session, world.admin, code)
    assert "approve" not in {row.action for row in running.transitions}
    over = outcome_dossier(world.session, world.admin, code)
    assert "approve" in {row.action for row in over.transitions}
