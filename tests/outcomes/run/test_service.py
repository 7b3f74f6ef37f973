"""Running a trial: report, confirm, object, stop; whoever reported never confirms."""

from __future__ import annotations

from typing import Any

import pytest

from scenario_hall.core.errors import Denied, Invalid
from scenario_hall.core.policy import Role, can
from scenario_hall.organizations.members import add_member, members_of, remove_member
from scenario_hall.outcomes.models import Cause, Outcome
from scenario_hall.outcomes.run.service import (
    confirm_results,
    object_to_results,
    report_results,
    start_outcome,
    stop_outcome,
)
from tests.world import World


def test_whoever_reported_does_not_confirm(world: World) -> None:
    outcome = world.signed()
    start_outcome(world.supplier, session=world.session, outcome=outcome)
    report_results(world.supplier, session=world.session, outcome=outcome, version=None, measured=[41.0], summary="好")
    with pytest.raises(Denied):
        confirm_results(world.supplier, session=world.session, outcome=outcome)
    assert confirm_results(world.demand, session=world.session, outcome=outcome).state == "confirmed"


def test_an_objection_sends_the_report_back(world: World) -> None:
    outcome = world.signed()
    start_outcome(world.supplier, session=world.session, outcome=outcome)
    report_results(world.supplier, session=world.session, outcome=outcome, version=None, measured=[None], summary="x")
    object_to_results(world.demand, session=world.session, outcome=outcome, reason="没有测")
    assert outcome.state == "running"


def reported_again(world: World) -> Outcome:
    """The demand side reports, the supplier objects and then reports itself."""
    outcome = world.signed()
    same: dict[str, Any] = {"session": world.session, "outcome": outcome}
    start_outcome(world.supplier, **same)
    report_results(world.demand, **same, version=None, measured=[10.0], summary="十分钟")
    object_to_results(world.supplier, **same, reason="没有充满电")
    report_results(world.supplier, **same, version=None, measured=[99.0], summary="九十九分钟")
    return outcome


def test_after_an_objection_whoever_reported_last_does_not_confirm(world: World) -> None:
    outcome = reported_again(world)
    assert not can(world.supplier, "confirm", outcome) and not can(world.supplier, "object", outcome)
    with pytest.raises(Denied):
        confirm_results(world.supplier, session=world.session, outcome=outcome)
    assert outcome.state == "reported"
    confirm_results(world.demand, session=world.session, outcome=outcome)
    assert outcome.state == "confirmed"


def test_who_sits_on_both_sides_confirms_for_neither(world: World) -> None:
    outcome = reported_again(world)
    add_member(world.session, account=world.maker_person, organization=world.port, role=Role.EDITOR)
    with pytest.raises(Denied):
        confirm_results(world.supplier, session=world.session, outcome=outcome)
    with pytest.raises(Denied):
        object_to_results(world.supplier, session=world.session, outcome=outcome, reason="否")


def test_who_reported_for_one_side_and_changed_to_the_other_does_not_confirm(world: World) -> None:
    outcome = reported_again(world)
    add_member(world.session, account=world.person("heir@maker.example"), organization=world.maker, role=Role.OWNER)
    [own] = [row for row, account in members_of(world.session, world.maker) if account.id == world.maker_person.id]
    assert own.id is not None
    remove_member(world.supplier, session=world.session, organization=world.maker, membership_id=own.id)
    add_member(world.session, account=world.maker_person, organization=world.port, role=Role.EDITOR)
    with pytest.raises(Denied):
        confirm_results(world.supplier, session=world.session, outcome=outcome)


def test_failure_is_a_result_with_a_cause_and_lessons(world: World) -> None:
    outcome = world.signed()
    start_outcome(world.supplier, session=world.session, outcome=outcome)
    stopped = {"session": world.session, "outcome": outcome, "version": None, "cause": Cause.SITE}
    with pytest.raises(Invalid):
        stop_outcome(world.supplier, **stopped, reason="断电", is_public=True)
    with pytest.raises(Invalid):
        stop_outcome(world.supplier, **stopped, reason=" ")
    stop_outcome(world.supplier, **stopped, reason="断电", lessons="先查供电。", is_public=True)
    assert (outcome.state, outcome.cause, outcome.lessons) == ("failed", "site", "先查供电。")
    assert not outcome.is_public()
