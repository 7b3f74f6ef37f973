"""How long reviews have taken, and what waits for whom."""

from __future__ import annotations

from datetime import timedelta

from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.dossiers.review import review_dossier, review_queues
from scenario_hall.dossiers.review_times import median_days
from scenario_hall.dossiers.waiting import count_waiting, next_waiting, waiting_for_review
from scenario_hall.scenarios.service import release_scenario, return_scenario, save_draft, submit_scenario
from tests.world import World


def test_the_median_counts_from_each_submission_to_its_decision(small_world: World) -> None:
    began = now()
    for days in (1, 2, 6):
        record = small_world.submitted_scenario()
        with clock.at(began + timedelta(days=days)):
            release_scenario(small_world.admin, session=small_world.session, scenario=record, version=None)
    assert round(median_days(small_world.session)["scenarios"], 2) == 2
    assert "products" not in median_days(small_world.session)


def test_a_claim_on_which_i_have_advised_waits_for_others_and_keeps_its_time(small_world: World) -> None:
    outcome = small_world.claimed()
    since = outcome.claimed_at
    first, second = small_world.reviewers[:2]
    with clock.at(now() + timedelta(days=1)):
        small_world.advised(outcome, first)
        for actor, expected in ((first, 0), (second, 1)):
            board = review_queues(small_world.session, "outcomes", actor)
            assert board.counts["outcomes"] == len(board.rows) == expected
            assert count_waiting(small_world.session, actor)["outcomes"] == expected
            assert waiting_for_review(small_world.session, actor) == expected
    assert review_queues(small_world.session, "outcomes", second).oldest["outcomes"] == since


def test_the_next_item_is_the_oldest_of_the_queue_then_of_the_next_queue(small_world: World) -> None:
    first, product = small_world.submitted_scenario(), small_world.submitted_product()
    found = next_waiting(small_world.session, small_world.admin, "scenarios")
    assert found is not None and (found[0], found[1].pk) == ("scenarios", first.pk)
    release_scenario(small_world.admin, session=small_world.session, scenario=first, version=None)
    found = next_waiting(small_world.session, small_world.admin, "scenarios")
    assert found is not None and (found[0], found[1].pk) == ("products", product.pk)


def test_a_resubmission_shows_the_earlier_notes_and_what_has_changed(small_world: World) -> None:
    session, record = small_world.session, small_world.submitted_scenario()
    notes = {"situation": "写清现状"}
    return_scenario(small_world.admin, session=session, scenario=record, version=None, reason="请补充", notes=notes)
    save_draft(small_world.demand, session=session, scenario=record, version=None, content={"situation": "写清了。"})
    submit_scenario(small_world.demand, session=session, scenario=record, version=None)
    dossier = review_dossier(session, small_world.admin, record)
    assert [(each.field.name, each.after) for each in dossier.changes] == [("situation", "写清了。")]
    assert dossier.returned is not None and dossier.returned.fields["notes"] == notes
    fresh = review_dossier(session, small_world.admin, small_world.submitted_scenario())
    assert fresh.returned is None and fresh.changes == []
