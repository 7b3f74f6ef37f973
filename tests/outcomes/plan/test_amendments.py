"""A signed plan changes only when both sides sign the change; both forms stay, chained by hash."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from scenario_hall.core.errors import Denied, Invalid, StaleEdit, WrongState
from scenario_hall.core.values import Comparison
from scenario_hall.log.chain import events_after
from scenario_hall.outcomes.models import Outcome
from scenario_hall.outcomes.plan.amendments import amendments_of, decide_amendment, propose_amendment
from scenario_hall.outcomes.plan.document import hash_of_plan
from scenario_hall.outcomes.plan.metrics import PlanMetric
from scenario_hall.outcomes.plan.models import PlanAmendment
from scenario_hall.outcomes.plan.service import signatures_of
from scenario_hall.outcomes.run.service import report_results, start_outcome
from tests.world import World


def proposed(world: World, outcome: Outcome, **changed: Any) -> PlanAmendment:
    plan: dict[str, Any] = {
        "reason": "台风，改期",
        "place": outcome.place,
        "starts_on": outcome.starts_on,
        "ends_on": date(2026, 11, 20),
        "metrics": outcome.metric_lines,
        "terms": outcome.plan_terms,
        **changed,
    }
    return propose_amendment(world.supplier, session=world.session, outcome=outcome, version=None, **plan)


def test_the_plan_moves_when_the_other_side_signs_and_the_original_stays(world: World) -> None:
    outcome = world.signed()
    original = outcome.plan_hash
    amendment = proposed(world, outcome)
    assert (outcome.ends_on, outcome.plan_hash) == (date(2026, 11, 10), original)
    decide_amendment(world.demand, session=world.session, amendment=amendment, action="agree", version=None)
    assert outcome.ends_on == date(2026, 11, 20)
    assert outcome.plan_hash == hash_of_plan(outcome) == amendment.after_hash != original
    assert outcome.amends == amendment.before_hash == original
    assert amendment.before["ends_on"] == "2026-11-10"
    assert set(signatures_of(world.session, outcome)) == {"supplier", "demand"}
    (told,) = [each for each in events_after(world.session, 0, limit=1000) if each.kind == "outcome.plan_amended"]
    assert (told.fields["before"], told.fields["plan"]) == (original, outcome.plan_hash)


def test_amendments_make_a_chain(small_world: World) -> None:
    world = small_world
    outcome = world.signed()
    for day in (20, 25):
        amendment = proposed(world, outcome, ends_on=date(2026, 11, day))
        decide_amendment(world.demand, session=world.session, amendment=amendment, action="agree", version=None)
    first, second = amendments_of(world.session, outcome)
    assert second.before_hash == first.after_hash
    assert (first.number, second.number) == (1, 2)


def test_nobody_signs_his_own_amendment(small_world: World) -> None:
    world = small_world
    amendment = proposed(world, world.signed())
    for actor in (world.supplier, world.admin):
        with pytest.raises(Denied):
            decide_amendment(actor, session=world.session, amendment=amendment, action="agree", version=None)


def test_a_refused_or_withdrawn_amendment_changes_nothing(small_world: World) -> None:
    world = small_world
    outcome = world.signed()
    original = outcome.plan_hash
    refused = proposed(world, outcome)
    with pytest.raises(WrongState):
        proposed(world, outcome)
    with pytest.raises(Invalid):
        decide_amendment(world.demand, session=world.session, amendment=refused, action="refuse", version=None)
    decide_amendment(
        world.demand, session=world.session, amendment=refused, action="refuse", version=None, reason="航线未批"
    )
    withdrawn = proposed(world, outcome)
    decide_amendment(world.supplier, session=world.session, amendment=withdrawn, action="withdraw", version=None)
    assert outcome.plan_hash == original == hash_of_plan(outcome)


def test_what_is_reported_is_not_amended_any_more(small_world: World) -> None:
    world = small_world
    outcome = world.signed()
    amendment = proposed(world, outcome)
    start_outcome(world.supplier, session=world.session, outcome=outcome)
    report_results(
        world.supplier, session=world.session, outcome=outcome, version=None, measured=[43.0], summary="完成"
    )
    with pytest.raises(WrongState):
        decide_amendment(world.demand, session=world.session, amendment=amendment, action="agree", version=None)


def test_nothing_changed_no_metric_or_no_reason_is_told(small_world: World) -> None:
    world = small_world
    outcome = world.signed()
    for changed in ({"ends_on": outcome.ends_on}, {"metrics": []}, {"reason": " "}):
        with pytest.raises(Invalid):
            proposed(world, outcome, **changed)
    line = PlanMetric(metric="续航时间", comparison=Comparison.AT_LEAST, value=35, unit="分钟")
    assert proposed(world, outcome, ends_on=outcome.ends_on, metrics=[line]).after["metrics"][0]["value"] == 35


def test_a_stale_decision_is_refused(small_world: World) -> None:
    world = small_world
    amendment = proposed(world, world.signed())
    with pytest.raises(StaleEdit):
        decide_amendment(world.demand, session=world.session, amendment=amendment, action="agree", version=99)
