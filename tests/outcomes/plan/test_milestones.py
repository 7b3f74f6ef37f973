"""Milestones have days in working days of the site; reminders come when they are due, once each."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from scenario_hall.core import clock
from scenario_hall.core.clock import local_today
from scenario_hall.core.errors import Denied, Invalid, WrongState
from scenario_hall.core.values import Comparison
from scenario_hall.log.chain import events_after
from scenario_hall.outcomes.models import Cause, OutcomeKind
from scenario_hall.outcomes.plan.amendments import decide_amendment, propose_amendment
from scenario_hall.outcomes.plan.metrics import PlanMetric
from scenario_hall.outcomes.plan.milestones import (
    exempt_milestone,
    milestones_of,
    overdue_milestones,
    reach_milestone,
    remind_of_milestones,
)
from scenario_hall.outcomes.plan.service import plan_outcome, sign_plan
from scenario_hall.outcomes.run.service import object_to_results, report_results, start_outcome, stop_outcome
from tests.world import World


def noon(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 4, tzinfo=UTC)


def reminders(world: World) -> list[tuple[str, str]]:
    events = events_after(world.session, 0, limit=1000)
    return [
        (each.kind.removeprefix("outcome.milestone_"), each.fields["milestone"])
        for each in events
        if each.kind in ("outcome.milestone_due", "outcome.milestone_overdue")
    ]


def test_a_signed_plan_has_its_days_in_working_days(world: World) -> None:
    outcome = world.signed()  # 1 November 2026 is a Sunday, 10 November a Tuesday
    assert {each.name: each.due_on for each in milestones_of(world.session, outcome)} == {
        "site_ready": date(2026, 10, 29),
        "started": date(2026, 11, 2),
        "interim": date(2026, 11, 5),
        "measured": date(2026, 11, 10),
        "reported": date(2026, 11, 24),
        "confirmed": date(2026, 12, 1),
    }


def test_reminders_come_before_after_and_again_each_once(world: World) -> None:
    outcome = world.signed()
    for name in ("site_ready", "interim", "measured"):
        reach_milestone(world.supplier, session=world.session, outcome=outcome, name=name)
    with clock.at(noon(10, 28)):
        assert remind_of_milestones(world.session) == 0
    with clock.at(noon(10, 29)):
        assert remind_of_milestones(world.session) == 1
        assert remind_of_milestones(world.session) == 0
    with clock.at(noon(11, 3)):
        assert remind_of_milestones(world.session) == 1
        assert [each.name for each, _ in overdue_milestones(world.session)] == ["started"]
        start_outcome(world.supplier, session=world.session, outcome=outcome)
    with clock.at(noon(11, 12)):
        assert remind_of_milestones(world.session) == 0
        assert overdue_milestones(world.session) == []
    assert reminders(world) == [("due", "started"), ("overdue", "started")]


def test_overdue_ones_come_by_their_day_and_then_by_their_record(small_world: World) -> None:
    first, second = small_world.signed(), small_world.signed()
    with clock.at(noon(11, 6)):
        found = [(each.name, outcome.pk) for each, outcome in overdue_milestones(small_world.session)]
        some = overdue_milestones(small_world.session, limit=3)
        of_nobody = overdue_milestones(small_world.session, [])
    days = ("site_ready", "started", "interim")
    assert found == [(name, outcome.pk) for name in days for outcome in (first, second)]
    assert [(each.name, outcome.pk) for each, outcome in some] == found[:3] and of_nobody == []


def test_a_stopped_trial_is_not_reminded_of(small_world: World) -> None:
    world = small_world
    outcome = world.signed()
    stop_outcome(world.supplier, session=world.session, outcome=outcome, version=None, cause=Cause.SITE, reason="停工")
    with clock.at(noon(12, 30)):
        assert remind_of_milestones(world.session) == 0
        assert overdue_milestones(world.session, {world.maker.pk}) == []


def test_a_step_of_the_record_reaches_its_milestone_and_an_objection_opens_it_again(small_world: World) -> None:
    world = small_world
    outcome = world.signed()

    def still_open() -> set[str]:
        return {each.name for each in milestones_of(world.session, outcome) if each.is_open}

    start_outcome(world.supplier, session=world.session, outcome=outcome)
    report_results(
        world.supplier, session=world.session, outcome=outcome, version=None, measured=[43.0], summary="完成"
    )
    assert still_open() == {
        "confirmed"
    }  # what was measured is over with the report, too, and “site ready” with the start
    object_to_results(world.demand, session=world.session, outcome=outcome, reason="数据不全")
    assert "reported" in still_open() and "started" not in still_open()


@pytest.mark.parametrize("days", range(6))
def test_a_plan_that_begins_soon_has_no_milestone_that_is_late_or_told_at_once(small_world: World, days: int) -> None:
    world = small_world
    starts_on = local_today() + timedelta(days=days)
    planned = plan_outcome(
        world.supplier,
        session=world.session,
        application=world.accepted(),
        kind=OutcomeKind.FIRST_TRIAL,
        place="3号泊位",
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=9),
        metrics=[PlanMetric(metric="续航时间", comparison=Comparison.AT_LEAST, value=40, unit="分钟")],
    )
    for actor in (world.supplier, world.demand):
        sign_plan(actor, session=world.session, outcome=planned, version=None)
    laid = milestones_of(world.session, planned)
    assert len(laid) == 6 and all(each.due_on >= local_today() for each in laid)
    assert remind_of_milestones(world.session) == 0


def test_what_a_step_reaches_is_not_said_by_hand(small_world: World) -> None:
    world = small_world
    with pytest.raises(WrongState):
        reach_milestone(world.supplier, session=world.session, outcome=world.signed(), name="reported")


def test_only_a_neutral_administrator_lets_one_go_and_says_why(small_world: World) -> None:
    world = small_world
    outcome = world.signed()
    with pytest.raises(Denied):
        exempt_milestone(world.demand, session=world.session, outcome=outcome, name="interim", reason="太短")
    with pytest.raises(Invalid):
        exempt_milestone(world.admin, session=world.session, outcome=outcome, name="interim", reason=" ")
    made = exempt_milestone(world.admin, session=world.session, outcome=outcome, name="interim", reason="试验太短")
    assert not made.is_open and made.remind_on is None
    with pytest.raises(WrongState):
        reach_milestone(world.demand, session=world.session, outcome=outcome, name="interim")


def test_an_amendment_moves_the_days_that_are_still_open(small_world: World) -> None:
    world = small_world
    outcome = world.signed()
    reach_milestone(world.demand, session=world.session, outcome=outcome, name="site_ready")
    amendment = propose_amendment(
        world.supplier,
        session=world.session,
        outcome=outcome,
        version=None,
        reason="改期",
        place=outcome.place,
        starts_on=date(2026, 12, 1),
        ends_on=date(2026, 12, 10),
        metrics=outcome.metric_lines,
        terms={},
    )
    decide_amendment(world.demand, session=world.session, amendment=amendment, action="agree", version=None)
    days = {each.name: each.due_on for each in milestones_of(world.session, outcome)}
    assert (days["site_ready"], days["started"]) == (date(2026, 10, 29), date(2026, 12, 1))
