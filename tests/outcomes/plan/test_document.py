"""What both sides sign is the plan and nothing else."""

from __future__ import annotations

from scenario_hall.core.clock import now
from scenario_hall.outcomes.plan.document import hash_of_plan, plan_document
from tests.world import World


def test_it_holds_what_was_agreed_and_not_what_was_measured(small_world: World) -> None:
    outcome = small_world.planned()
    document = plan_document(outcome)
    assert document["outcome"] == outcome.code and document["kind"] == "first_trial"
    assert (document["application"], document["scenario"]) == (outcome.application.code, outcome.scenario.code)
    assert (document["product"], document["product_version"]) == (outcome.product.code, 1)
    assert (document["starts_on"], document["ends_on"]) == ("2026-11-01", "2026-11-10")
    assert document["place"] == outcome.place != ""
    assert all(not {"measured", "note"} & set(line) and line["metric"] for line in document["metrics"])
    assert not {"amends", "platform"} & set(document)
    before = hash_of_plan(outcome)
    outcome.starts_on = outcome.ends_on = None
    document = plan_document(outcome)
    assert document["starts_on"] is None and document["ends_on"] is None
    assert hash_of_plan(outcome) != before and len(before) == 64


def test_an_amended_plan_names_the_one_before(small_world: World) -> None:
    outcome = small_world.planned()
    outcome.amends = hash_of_plan(outcome)
    outcome.reported_at = now()
    assert plan_document(outcome)["amends"] == outcome.amends
