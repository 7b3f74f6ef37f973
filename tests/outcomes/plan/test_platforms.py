"""A pilot platform never hosts more trials on one day than it can, whoever moves what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from scenario_hall.core import clock
from scenario_hall.core.clock import end_of_local_day
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import AlreadyExists, Invalid
from scenario_hall.organizations.accounts import find_account
from scenario_hall.organizations.facts import decide_facts, keep_facts
from scenario_hall.organizations.models import Organization, Side
from scenario_hall.organizations.pilot_platforms import recognise_platform
from scenario_hall.organizations.registration import RegistrationKind
from scenario_hall.organizations.service import OrganizationDetails, act_on_organization
from scenario_hall.outcomes.models import Cause, Outcome, OutcomeKind, PlatformRole
from scenario_hall.outcomes.plan.amendments import decide_amendment, propose_amendment
from scenario_hall.outcomes.plan.models import PlanAmendment
from scenario_hall.outcomes.plan.platforms import change_organization, most_hosted
from scenario_hall.outcomes.plan.service import draft_metrics, plan_outcome, sign_plan
from scenario_hall.outcomes.run.service import start_outcome, stop_outcome
from tests.world import World

MONTH = date(2026, 12, 1)


def day(number: int) -> date:
    return MONTH + timedelta(days=number - 1)


def make_platform(world: World, capacity: int = 1) -> Organization:
    made = world.organization(world.person("field@platform.example"), Side.SUPPLY, "低空中试平台", is_verified=False)
    with transaction(world.session):
        made.is_pilot_platform, made.pilot_capabilities, made.pilot_capacity = True, "封闭试飞场", capacity
        keep_facts(world.session, None, made)
    act_on_organization(world.admin, session=world.session, organization=made, action="verify")
    return recognise_platform(world.admin, session=world.session, organization=made, is_recognised=True)


def planned(world: World, host: Organization, first: int, last: int, **changed: Any) -> Outcome:
    application = world.accepted(world.released_scenario(), world.listed_product())
    plan: dict[str, Any] = {
        "kind": OutcomeKind.FIRST_TRIAL,
        "place": "试飞场",
        "starts_on": day(first),
        "ends_on": day(last),
        "metrics": draft_metrics(application),
        **changed,
    }
    return plan_outcome(world.supplier, session=world.session, application=application, platform=host, **plan)


def sign(world: World, outcome: Outcome) -> Outcome:
    for side in (world.supplier, world.demand):
        sign_plan(side, session=world.session, outcome=outcome, version=None)
    return outcome


def move(world: World, outcome: Outcome, first: int, last: int, **changed: Any) -> PlanAmendment:
    return propose_amendment(
        world.supplier,
        session=world.session,
        outcome=outcome,
        version=None,
        reason="台风，改期",
        place=changed.get("place", outcome.place),
        starts_on=day(first),
        ends_on=day(last),
        metrics=outcome.metric_lines,
        terms=outcome.plan_terms,
    )


def agree(world: World, amendment: PlanAmendment) -> None:
    decide_amendment(world.demand, session=world.session, amendment=amendment, action="agree", version=None)


def details(host: Organization, **changed: Any) -> OrganizationDetails:
    stated: dict[str, Any] = {
        "name": host.name,
        "side": Side(host.side),
        "registration_kind": RegistrationKind(host.registration_kind),
        "registration_number": host.registration_number,
        "is_pilot_platform": True,
        "pilot_capabilities": "封闭试飞场",
        "pilot_capacity": host.pilot_capacity,
        **changed,
    }
    return OrganizationDetails(**stated)


def change(world: World, host: Organization, **changed: Any) -> Organization:
    owner = find_account(world.session, "field@platform.example")
    assert owner is not None
    return change_organization(
        world.actor(owner), session=world.session, organization=host, version=None, details=details(host, **changed)
    )


def test_no_amendment_is_proposed_into_days_on_which_the_platform_is_full(world: World) -> None:
    host = make_platform(world)
    moving = sign(world, planned(world, host, 1, 5))
    sign(world, planned(world, host, 10, 15))
    for first, last in ((10, 12), (1, 10), (15, 20), (8, 18)):
        with pytest.raises(AlreadyExists):
            move(world, moving, first, last)
    agree(world, move(world, moving, 3, 9))
    assert (moving.starts_on, moving.ends_on) == (day(3), day(9))
    assert most_hosted(world.session, host, day(1), day(30)) == 1


def test_no_amendment_is_signed_into_days_that_were_taken_after_it_was_proposed(world: World) -> None:
    host = make_platform(world)
    moving = sign(world, planned(world, host, 1, 5))
    amendment = move(world, moving, 10, 15)
    sign(world, planned(world, host, 12, 13))
    with pytest.raises(AlreadyExists):
        agree(world, amendment)
    world.session.refresh(amendment)
    world.session.refresh(moving)
    assert (amendment.state, moving.starts_on, moving.ends_on) == ("proposed", day(1), day(5))
    assert most_hosted(world.session, host, day(1), day(30)) == 1


def test_what_changes_nothing_about_the_days_or_shortens_them_needs_no_place(small_world: World) -> None:
    """Of a platform that is none any more, a trial that runs may still end earlier, and say something else."""
    world, host = small_world, make_platform(small_world)
    outcome = sign(world, planned(world, host, 1, 10))
    recognise_platform(world.admin, session=world.session, organization=host, is_recognised=False)
    with pytest.raises(Invalid):
        move(world, outcome, 1, 11)
    agree(world, move(world, outcome, 2, 8))
    agree(world, move(world, outcome, 2, 8, place="二号试飞场"))
    assert (outcome.ends_on, outcome.place) == (day(8), "二号试飞场")


LOST: dict[str, Callable[[World, Organization], object]] = {
    "its recognition": lambda world, host: recognise_platform(
        world.admin, session=world.session, organization=host, is_recognised=False
    ),
    "its standing": lambda world, host: act_on_organization(
        world.admin, session=world.session, organization=host, action="suspend", reason="资质过期"
    ),
}


@pytest.mark.parametrize("what", LOST)
def test_nothing_is_signed_or_moved_at_a_platform_that_has_lost(small_world: World, what: str) -> None:
    world, host = small_world, make_platform(small_world, 2)
    unsigned, moving = planned(world, host, 1, 5), sign(world, planned(world, host, 1, 5))
    amendment = move(world, moving, 10, 15)
    LOST[what](world, host)
    with pytest.raises(Invalid, match="not a recognised pilot platform"):
        sign(world, unsigned)
    with pytest.raises(Invalid, match="not a recognised pilot platform"):
        agree(world, amendment)
    assert start_outcome(world.supplier, session=world.session, outcome=moving).state == "running"


def test_a_platform_does_not_take_back_places_that_trials_have(world: World) -> None:
    host = make_platform(world, 3)
    with clock.at(end_of_local_day(day(1))):
        first, second = planned(world, host, 5, 10), sign(world, planned(world, host, 8, 12))
        planned(world, host, 20, 25)  # on other days
        for changed in ({"pilot_capacity": 1}, {"is_pilot_platform": False, "pilot_capacity": 0}):
            with pytest.raises(Invalid) as refused:
                change(world, host, **changed)
            assert set(refused.value.fields) == {"pilot_capacity"}
            world.session.refresh(host)
            assert (host.pilot_capacity, host.is_pilot_recognised) == (3, True)
        assert change(world, host, pilot_capacity=2).pilot_capacity == 2
        stop_outcome(
            world.supplier,
            session=world.session,
            outcome=first,
            version=None,
            cause=Cause.WEATHER,
            reason="台风",
            lessons="",
            is_public=False,
        )
        assert change(world, host, pilot_capacity=1).pilot_capacity == 1
        with pytest.raises(AlreadyExists):
            planned(world, host, 12, 13)
    assert second.state == "signed"


def test_more_places_count_once_an_administrator_has_confirmed_them_and_fewer_at_once(small_world: World) -> None:
    world, host = small_world, make_platform(small_world, 1)
    planned(world, host, 1, 5)
    assert change(world, host, pilot_capacity=50).pilot_capacity == 50
    with pytest.raises(AlreadyExists, match="hosts 1 trials"):
        planned(world, host, 1, 5)
    decide_facts(world.admin, session=world.session, organization=host, version=None, is_confirmed=True)
    planned(world, host, 1, 5)
    assert change(world, host, pilot_capacity=2).pilot_capacity == 2
    with pytest.raises(AlreadyExists):
        planned(world, host, 1, 5)


def test_what_is_over_takes_no_place(small_world: World) -> None:
    world, host = small_world, make_platform(small_world, 2)
    for _ in range(2):
        sign(world, planned(world, host, 1, 5))
    with clock.at(end_of_local_day(day(6))):
        assert change(world, host, pilot_capacity=1).pilot_capacity == 1


def test_trials_one_after_the_other_take_one_place(small_world: World) -> None:
    """Two that follow each other, and one that overlaps both: never more than two on one day."""
    world, host = small_world, make_platform(small_world, 2)
    planned(world, host, 1, 5)
    planned(world, host, 6, 10)
    planned(world, host, 1, 10)
    assert most_hosted(world.session, host, day(1), day(10)) == 2
    for first, last in ((5, 5), (6, 6), (1, 10)):
        with pytest.raises(AlreadyExists):
            planned(world, host, first, last)
    planned(world, host, 1, 10, platform_role=PlatformRole.WITNESS)
