"""First trials and first uses: two sides, one neutral administrator, one first."""

from __future__ import annotations

from threading import Barrier, Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from scenario_hall.core.errors import AlreadyExists, Denied, HallError, Invalid, NotFound, WrongState
from scenario_hall.core.policy import SYSTEM, Actor, Role, can
from scenario_hall.core.values import Comparison
from scenario_hall.organizations.accounts import set_administrator
from scenario_hall.organizations.members import add_member, members_of, remove_member
from scenario_hall.outcomes import service
from scenario_hall.outcomes.certificate.models import Certificate
from scenario_hall.outcomes.certificate.service import certificate_of, revoke_outcome
from scenario_hall.outcomes.claim.notice import approve_first
from scenario_hall.outcomes.claim.rules import Scope
from scenario_hall.outcomes.models import Cause, Outcome, OutcomeKind
from scenario_hall.outcomes.plan.metrics import MetricVerdict, PlanMetric
from scenario_hall.outcomes.plan.service import plan_outcome
from scenario_hall.outcomes.run.service import (
    confirm_results,
    object_to_results,
    report_results,
    start_outcome,
    stop_outcome,
)
from tests.world import World


def at_once(engine: Engine, administrators: list[Actor], codes: list[str]) -> list[str]:
    """Two administrators press approve at the same moment; what each was told."""
    barrier, told = Barrier(2), []

    def approve(place: int) -> None:
        with Session(engine) as session:
            outcome = service.get_outcome(session, codes[place])
            barrier.wait()
            try:
                approve_first(administrators[place], session=session, outcome=outcome, version=None)
                told.append("approved")
            except HallError as error:
                told.append(type(error).__name__)

    threads = [Thread(target=approve, args=(place,)) for place in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def test_the_whole_way_ends_in_a_certificate(world: World) -> None:
    outcome = world.approved()
    certificate = certificate_of(world.session, outcome)
    assert certificate is not None and certificate.number.startswith("C-")
    assert certificate.content["metrics"][0]["verdict"] == "met"
    assert certificate.content["supplier"] == "禾翼航空"
    assert certificate.is_valid


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


def test_a_second_first_use_of_the_same_product_is_refused(world: World) -> None:
    product = world.listed_product()
    world.approved(world.accepted(product=product))
    with pytest.raises(AlreadyExists, match="only one first"):
        world.claimed(world.accepted(product=product))
    assert world.claimed(world.accepted(product=product), Scope.BAY_AREA).state == "claimed"
    assert world.planned(world.accepted(product=product), OutcomeKind.FIRST_USE).state == "planned"


def test_the_database_itself_holds_one_approved_first(world: World) -> None:
    product = world.listed_product()
    rows = [world.confirmed(world.accepted(product=product)) for _ in range(2)]
    for row in rows:
        row.state, row.scope = "approved", "city"
    world.session.add_all(rows)
    with pytest.raises(IntegrityError):
        world.session.commit()


def test_of_two_administrators_who_approve_at_once_exactly_one_wins(world: World, engine: Engine) -> None:
    product = world.listed_product()
    codes = [world.on_notice(world.accepted(product=product)).code for _ in range(2)]
    administrators = [world.admin, world.actor(world.make_administrator("second@hall.example"))]
    world.session.commit()
    told = at_once(engine, administrators, codes)
    assert sorted(told) == ["AlreadyExists", "approved"]
    with Session(engine) as session:
        assert len(session.exec(select(Outcome).where(col(Outcome.state) == "approved")).all()) == 1
        assert len(session.exec(select(Certificate)).all()) == 1


def test_two_pressing_approve_on_one_record_issue_one_certificate(world: World, engine: Engine) -> None:
    codes = [world.on_notice().code] * 2
    administrators = [world.admin, world.actor(world.make_administrator("second@hall.example"))]
    world.session.commit()
    told = at_once(engine, administrators, codes)
    assert sorted(told) == ["WrongState", "approved"]


def test_an_administrator_of_either_side_does_not_approve(world: World) -> None:
    outcome = world.on_notice()
    partial = world.make_administrator("partial@hall.example")
    add_member(world.session, account=partial, organization=world.maker, role=Role.VIEWER)
    with pytest.raises(Denied):
        approve_first(world.actor(partial), session=world.session, outcome=outcome, version=None)
    assert outcome.state == "on_notice"


def test_a_revoked_certificate_says_so_and_frees_the_first(world: World) -> None:
    product = world.listed_product()
    outcome = world.approved(world.accepted(product=product))
    revoke_outcome(world.admin, session=world.session, outcome=outcome, version=None, reason="佐证有误")
    certificate = certificate_of(world.session, outcome)
    assert certificate is not None and not certificate.is_valid and certificate.revocation_reason == "佐证有误"
    assert world.approved(world.accepted(product=product)).state == "approved"


def test_nothing_of_a_trial_is_public_before_its_approval(small_world: World) -> None:
    stranger = small_world.actor(small_world.person("stranger@x.example"))
    outcome = small_world.confirmed()
    with pytest.raises(NotFound):
        confirm_results(stranger, session=small_world.session, outcome=outcome)


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


def test_only_an_operator_or_administrator_names_administrators(small_world: World) -> None:
    with pytest.raises(Denied):
        set_administrator(
            small_world.demand, session=small_world.session, account=small_world.port_person, is_administrator=True
        )
    set_administrator(SYSTEM, session=small_world.session, account=small_world.port_person, is_administrator=True)
    assert small_world.demand.is_administrator


@given(
    threshold=st.floats(-1e6, 1e6),
    measured=st.one_of(st.none(), st.floats(-1e6, 1e6)),
    comparison=st.sampled_from([Comparison.AT_LEAST, Comparison.AT_MOST]),
)
def test_the_verdict_is_computed_from_the_measured_value(
    threshold: float, measured: float | None, comparison: Comparison
) -> None:
    line = PlanMetric(metric="m", comparison=comparison, value=threshold, measured=measured)
    if measured is None:
        assert line.verdict is MetricVerdict.NOT_MEASURED
    else:
        met = measured >= threshold if comparison is Comparison.AT_LEAST else measured <= threshold
        missing = threshold - measured if comparison is Comparison.AT_LEAST else measured - threshold
        near = MetricVerdict.PARTLY if missing <= 0.1 * abs(threshold) else MetricVerdict.NOT_MET
        assert line.verdict is (MetricVerdict.MET if met else near)


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
