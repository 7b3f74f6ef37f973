"""A pilot platform hosts within its capacity, attests to what it saw, and makes no first use of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from scenario_hall.core.errors import AlreadyExists, Denied, Invalid, NotFound, WrongState
from scenario_hall.core.policy import Actor
from scenario_hall.organizations.models import Organization, Side
from scenario_hall.organizations.pilot_platforms import pilot_platforms, recognise_platform
from scenario_hall.outcomes.claim.claim import evidence_present
from scenario_hall.outcomes.models import Outcome, OutcomeKind, PlatformRole
from scenario_hall.outcomes.plan.document import plan_document
from scenario_hall.outcomes.plan.platforms import hosted_by_platform
from scenario_hall.outcomes.plan.service import draft_metrics, plan_outcome, sign_plan
from scenario_hall.outcomes.run.attestations import attest, attestation_of
from scenario_hall.outcomes.run.service import object_to_results, report_results, start_outcome
from tests.world import World


def platform(world: World, capacity: int = 1) -> tuple[Organization, Actor]:
    person = world.person("field@platform.example")
    made = world.organization(person, Side.SUPPLY, "低空中试平台")
    made.is_pilot_platform, made.pilot_capabilities, made.pilot_capacity = True, "封闭试飞场", capacity
    world.session.add(made)
    world.session.commit()
    return recognise_platform(world.admin, session=world.session, organization=made, is_recognised=True), world.actor(
        person
    )


def planned(world: World, host: Organization, **changed: Any) -> Outcome:
    application = world.accepted(world.released_scenario(), world.listed_product())
    plan: dict[str, Any] = {
        "kind": OutcomeKind.FIRST_TRIAL,
        "place": "试飞场",
        "starts_on": date(2026, 11, 1),
        "ends_on": date(2026, 11, 10),
        "metrics": draft_metrics(application),
        **changed,
    }
    return plan_outcome(world.supplier, session=world.session, application=application, platform=host, **plan)


def reported(world: World, outcome: Outcome) -> Outcome:
    for side in (world.supplier, world.demand):
        sign_plan(side, session=world.session, outcome=outcome, version=None)
    start_outcome(world.supplier, session=world.session, outcome=outcome)
    return report_results(
        world.supplier, session=world.session, outcome=outcome, version=None, measured=[43.0], summary="完成"
    )


def test_only_a_recognised_platform_hosts(world: World) -> None:
    host, _ = platform(world)
    assert [each.pk for each in pilot_platforms(world.session)] == [host.pk]
    assert plan_document(planned(world, host))["platform"] == {"organization": host.pk, "role": "host"}
    recognise_platform(world.admin, session=world.session, organization=host, is_recognised=False)
    with pytest.raises(Invalid):
        planned(world, host)


def test_its_places_are_limited_in_the_same_days_only(world: World) -> None:
    host, _ = platform(world)
    planned(world, host)
    with pytest.raises(AlreadyExists):
        planned(world, host, starts_on=date(2026, 11, 10), ends_on=date(2026, 11, 12))
    planned(world, host, starts_on=date(2026, 11, 11), ends_on=date(2026, 11, 12))
    planned(world, host, platform_role=PlatformRole.WITNESS)
    assert hosted_by_platform(world.session, [host.pk]) == {host.pk: 2}


def test_a_pilot_scale_test_is_not_a_first_use(small_world: World) -> None:
    world = small_world
    host, _ = platform(world)
    with pytest.raises(Invalid):
        planned(world, host, kind=OutcomeKind.FIRST_USE)
    assert planned(world, host, kind=OutcomeKind.FIRST_USE, platform_role=PlatformRole.WITNESS).state == "planned"


def test_the_attestation_is_evidence_and_only_the_platform_gives_it(world: World) -> None:
    host, person = platform(world)
    outcome = planned(world, host)
    with pytest.raises(WrongState):
        attest(person, session=world.session, outcome=outcome, version=None, statement="现场见证")
    reported(world, outcome)
    for actor, error in ((world.supplier, Denied), (world.demand, Denied), (world.admin, Denied)):
        with pytest.raises(error):
            attest(actor, session=world.session, outcome=outcome, version=None, statement="现场见证")
    world.evidence(outcome, "attestation")
    assert "attestation" not in evidence_present(world.session, outcome)
    attest(person, session=world.session, outcome=outcome, version=None, statement="全程见证，数据由平台记录。")
    assert "attestation" in evidence_present(world.session, outcome)
    with pytest.raises(WrongState):
        attest(person, session=world.session, outcome=outcome, version=None, statement="再次")


def test_other_results_need_another_attestation(small_world: World) -> None:
    world = small_world
    host, person = platform(world)
    outcome = reported(world, planned(world, host))
    attest(person, session=world.session, outcome=outcome, version=None, statement="现场见证")
    object_to_results(world.demand, session=world.session, outcome=outcome, reason="有误")
    report_results(
        world.supplier, session=world.session, outcome=outcome, version=None, measured=[38.0], summary="重测"
    )
    assert attestation_of(world.session, outcome) is None


def test_a_stranger_neither_sees_nor_attests(small_world: World) -> None:
    world = small_world
    host, _ = platform(world)
    stranger = world.actor(world.person("other@x.example"))
    with pytest.raises(NotFound):
        attest(
            stranger,
            session=world.session,
            outcome=reported(world, planned(world, host)),
            version=None,
            statement="看见了",
        )
