"""Objections during a public notice: by outsiders, one at a time, answered by somebody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import col, select

from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.errors import AlreadyExists, Denied, Invalid, TooMany
from scenario_hall.core.limits import Attempt
from scenario_hall.core.policy import Actor, Role
from scenario_hall.organizations.members import add_member, members_of, remove_member
from scenario_hall.organizations.models import Account, Organization, Side
from scenario_hall.organizations.pilot_platforms import recognise_platform
from scenario_hall.outcomes.claim.models import Objection
from scenario_hall.outcomes.claim.objections import (
    BY_ACCOUNT,
    answer_objection,
    may_object,
    object_to_notice,
    objections_to,
    open_objections_to,
)
from scenario_hall.outcomes.models import Outcome
from scenario_hall.outcomes.plan.amendments import decide_amendment, propose_amendment
from tests.world import World


def noticed(world: World) -> Outcome:
    outcome = world.claimed(world.accepted(world.released_scenario(), world.listed_product()))
    for reviewer in world.reviewers[:2]:
        world.advised(outcome, reviewer)
    return outcome


def stranger(world: World, name: str = "stranger") -> Actor:
    return world.actor(world.person(f"{name}@x.example"))


def objected(world: World, actor: Actor, outcome: Outcome, reason: str = "更早已有使用") -> Objection:
    return object_to_notice(actor, session=world.session, outcome=outcome, reason=reason)


def answered(world: World, actor: Actor, objection: Objection, *, is_upheld: bool = False) -> Outcome:
    return answer_objection(
        actor,
        session=world.session,
        outcome=objection.outcome,
        objection_id=objection.id or 0,
        answer="经查,不属实。",
        is_upheld=is_upheld,
    )


def test_one_account_has_one_open_objection_to_a_record(world: World) -> None:
    outcome, person = noticed(world), stranger(world)
    first = objected(world, person, outcome)
    assert not may_object(person, world.session, outcome)
    with pytest.raises(AlreadyExists):
        objected(world, person, outcome, "再次异议")
    objected(world, stranger(world, "another"), outcome)
    answered(world, world.admin, first)
    assert may_object(person, world.session, outcome)
    objected(world, person, outcome, "补充新材料")
    assert len(objections_to(world.session, outcome)) == 3
    assert len(open_objections_to(world.session, outcome)) == 2


def test_one_account_makes_only_so_many_objections_a_day_over_all_records(small_world: World) -> None:
    world, person = small_world, stranger(small_world)
    outcome = noticed(world)
    for _ in range(BY_ACCOUNT.times):
        answered(world, world.admin, objected(world, person, outcome))
    other = noticed(world)
    with pytest.raises(TooMany):
        objected(world, person, other)
    objected(world, stranger(world, "another"), other)
    with clock.at(now() + BY_ACCOUNT.window + timedelta(minutes=1)):
        objected(world, person, other)


def test_an_objection_that_was_refused_counts_for_nothing(small_world: World) -> None:
    world, person = small_world, stranger(small_world)
    outcome = noticed(world)
    for reason in (" ", "长" * 20_001):
        with pytest.raises(Invalid):
            objected(world, person, outcome, reason)
    assert world.session.exec(select(Attempt).where(col(Attempt.key).startswith(BY_ACCOUNT.name))).all() == []
    objected(world, person, outcome)


def member_of(organization: Callable[[World], Organization], role: Role) -> Callable[[World, Outcome], Actor]:
    def make(world: World, outcome: Outcome) -> Actor:
        person = world.person("member@x.example")
        add_member(world.session, account=person, organization=organization(world), role=role)
        return world.actor(person)

    return make


def leave(world: World, person: Account, organization: Organization) -> None:
    (own,) = (row.id for row, each in members_of(world.session, organization) if each.pk == person.pk)
    remove_member(world.actor(person), session=world.session, organization=organization, membership_id=own or 0)


def left(world: World, person: Account, organization: Organization) -> Actor:
    """They have gone: another owner came, and the membership ended."""
    other = world.person("other@x.example")
    add_member(world.session, account=other, organization=organization, role=Role.OWNER)
    leave(world, person, organization)
    assert not world.actor(person).memberships
    return world.actor(person)


PARTISANS: dict[str, Callable[[World, Outcome], Actor]] = {
    "an owner of the supplier": lambda world, _: world.supplier,
    "an owner of the demand side": lambda world, _: world.demand,
    "a viewer of the supplier": member_of(lambda world: world.maker, Role.VIEWER),
    "a viewer of the demand side": member_of(lambda world: world.port, Role.VIEWER),
    "one who acted for the supplier and left": lambda world, _: left(world, world.maker_person, world.maker),
    "one who acted for the demand side and left": lambda world, _: left(world, world.port_person, world.port),
}


@pytest.mark.parametrize("who", PARTISANS)
def test_nobody_of_a_party_objects(small_world: World, who: str) -> None:
    outcome = noticed(small_world)
    actor = PARTISANS[who](small_world, outcome)
    assert not may_object(actor, small_world.session, outcome)
    with pytest.raises(Denied):
        objected(small_world, actor, outcome)
    assert objections_to(small_world.session, outcome) == []


def test_nobody_of_the_platform_that_attests_objects(small_world: World) -> None:
    world = small_world
    field = world.person("field@platform.example")
    platform = world.organization(field, Side.SUPPLY, "低空中试平台")
    platform.is_pilot_platform, platform.pilot_capacity = True, 1
    world.session.add(platform)
    world.session.commit()
    recognise_platform(world.admin, session=world.session, organization=platform, is_recognised=True)
    outcome = noticed(world)
    outcome.platform_id = platform.pk
    world.session.add(outcome)
    world.session.commit()
    assert not may_object(world.actor(field), world.session, outcome)


def test_one_who_only_signed_an_amendment_and_left_does_not_object(small_world: World) -> None:
    world = small_world
    signer = world.person("signer@port.example")
    add_member(world.session, account=signer, organization=world.port, role=Role.EDITOR)
    outcome = world.signed()
    amendment = propose_amendment(
        world.supplier,
        session=world.session,
        outcome=outcome,
        version=None,
        reason="换泊位",
        place="4号泊位",
        starts_on=outcome.starts_on,
        ends_on=outcome.ends_on,
        metrics=outcome.metric_lines,
        terms=outcome.plan_terms,
    )
    decide_amendment(world.actor(signer), session=world.session, amendment=amendment, action="agree", version=None)
    leave(world, signer, world.port)
    outcome.state, outcome.notice_until = "on_notice", now() + timedelta(days=5)
    world.session.add(outcome)
    world.session.commit()
    with pytest.raises(Denied, match="acted for one of the parties"):
        objected(world, world.actor(signer), outcome)


def test_an_administrator_who_reviewed_the_records_may_object_like_any_outsider(small_world: World) -> None:
    outcome = noticed(small_world)
    assert may_object(small_world.admin, small_world.session, outcome)


def test_one_who_objected_does_not_answer_it(world: World) -> None:
    outcome = noticed(world)
    objection = objected(world, world.admin, outcome)
    for is_upheld in (False, True):
        with pytest.raises(Denied, match="your own objection"):
            answered(world, world.admin, objection, is_upheld=is_upheld)
    assert open_objections_to(world.session, outcome) == [objection]
    answered(world, world.reviewers[1], objection)
    assert objection.answered_by == world.reviewers[1].account_id


def test_only_a_neutral_administrator_answers(small_world: World) -> None:
    world = small_world
    objection = objected(world, stranger(world), noticed(world))
    partial = world.make_administrator("partial@hall.example")
    add_member(world.session, account=partial, organization=world.maker, role=Role.VIEWER)
    for actor in (world.supplier, world.demand, stranger(world, "another"), world.actor(partial)):
        with pytest.raises(Denied):
            answered(world, actor, objection)


def test_the_objection_that_is_upheld_ends_the_claim_and_its_answer_is_one_to_the_others(world: World) -> None:
    outcome = noticed(world)
    first, second = objected(world, stranger(world), outcome), objected(world, stranger(world, "another"), outcome)
    own = objected(world, world.reviewers[1], outcome)
    answered(world, world.reviewers[1], second, is_upheld=True)
    assert outcome.state == "rejected"
    assert [(each.is_upheld, each.answer) for each in (first, second)] == [
        (False, "经查,不属实。"),
        (True, "经查,不属实。"),
    ]
    assert own.answered_at is None  # nobody answers their own
