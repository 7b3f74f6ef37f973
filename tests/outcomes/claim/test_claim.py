"""The claim: evidence by kind and scope, two who judge apart, public notice, one first a scope."""

from __future__ import annotations

from datetime import timedelta

import pytest

from scenario_hall.core import clock
from scenario_hall.core.clock import local_today, now
from scenario_hall.core.errors import AlreadyExists, Denied, Invalid, WrongState
from scenario_hall.core.policy import Role
from scenario_hall.log.chain import verify
from scenario_hall.organizations.members import add_member
from scenario_hall.outcomes.claim.claim import claim_first, matrix_of
from scenario_hall.outcomes.claim.models import AdviceKind
from scenario_hall.outcomes.claim.notice import answer_objection, approve_first, object_to_notice
from scenario_hall.outcomes.claim.review import advices_of, advices_shown_to, give_advice
from scenario_hall.outcomes.claim.rules import Scope
from tests.world import World

NONE = {"earlier_sales": "无", "equity_link": "无", "why_first": "首次"}


def test_a_claim_needs_its_evidence_and_its_declarations(world: World) -> None:
    outcome = world.confirmed()
    with pytest.raises(Invalid) as caught:
        claim_first(
            world.supplier,
            session=world.session,
            outcome=outcome,
            version=None,
            scope=Scope.WORLD,
            declarations={**NONE, "equity_link": " "},
        )
    assert set(caught.value.fields) == {"evidence", "equity_link"}
    world.evidence(outcome, "trial_report", "third_party_test")
    assert matrix_of(world.session, outcome, Scope.CITY).missing == ()
    assert matrix_of(world.session, outcome, Scope.WORLD).missing == (("novelty_search",),)


def test_two_who_agree_put_it_on_notice_each_without_seeing_the_other(world: World) -> None:
    outcome, (first, second, _) = world.claimed(), world.reviewers
    world.advised(outcome, first)
    assert outcome.state == "claimed"
    assert advices_shown_to(second, world.session, outcome) == ()
    assert len(advices_shown_to(first, world.session, outcome)) == 1
    with pytest.raises(Denied):
        world.advised(outcome, first)
    world.advised(outcome, second)
    assert outcome.state == "on_notice" and outcome.is_public()
    assert outcome.notice_until is not None and outcome.notice_until > now() + timedelta(days=4)


def test_a_disagreement_goes_to_a_third(world: World) -> None:
    outcome, (first, second, third) = world.claimed(), world.reviewers
    world.advised(outcome, first)
    world.advised(outcome, second, AdviceKind.REJECT)
    assert outcome.state == "claimed"
    world.advised(outcome, third, AdviceKind.REJECT)
    assert outcome.state == "rejected" and not outcome.is_public()


def test_a_zero_stops_it_and_a_party_never_judges(world: World) -> None:
    outcome = world.claimed()
    marks = {"novelty": 0, "reality": 5, "results": 5, "evidence": 5}
    with pytest.raises(Invalid):
        give_advice(
            world.reviewers[0],
            session=world.session,
            outcome=outcome,
            version=None,
            advice=AdviceKind.APPROVE,
            marks=marks,
            reason="x",
        )
    partial = world.make_administrator("partial@hall.example")
    add_member(world.session, account=partial, organization=world.port, role=Role.VIEWER)
    with pytest.raises(Denied):
        world.advised(outcome, world.actor(partial))


def test_a_returned_claim_has_one_window(world: World) -> None:
    outcome, (first, second, _) = world.claimed(), world.reviewers
    for reviewer in (first, second):
        world.advised(outcome, reviewer, AdviceKind.RETURN)
    assert outcome.state == "returned"
    with clock.at(now() + timedelta(days=60)), pytest.raises(WrongState):
        claim_first(
            world.supplier, session=world.session, outcome=outcome, version=None, scope=Scope.CITY, declarations=NONE
        )
    claim_first(
        world.supplier, session=world.session, outcome=outcome, version=None, scope=Scope.CITY, declarations=NONE
    )
    for reviewer in (first, second):
        world.advised(outcome, reviewer, AdviceKind.RETURN)
    assert outcome.state == "rejected"


def test_an_objection_is_answered_in_public_before_approval(world: World) -> None:
    outcome = world.claimed()
    for reviewer in world.reviewers[:2]:
        world.advised(outcome, reviewer)
    stranger = world.actor(world.person("stranger@x.example"))
    with pytest.raises(WrongState):
        approve_first(world.admin, session=world.session, outcome=outcome, version=None)
    objection = object_to_notice(stranger, session=world.session, outcome=outcome, reason="更早已有使用")
    with clock.at(now() + timedelta(days=30)):
        with pytest.raises(WrongState):
            approve_first(world.admin, session=world.session, outcome=outcome, version=None)
        with pytest.raises(WrongState):
            object_to_notice(stranger, session=world.session, outcome=outcome, reason="太晚")
        answer_objection(
            world.admin,
            session=world.session,
            outcome=outcome,
            objection_id=objection.id or 0,
            answer="经查,所指为不同产品版本。",
            is_upheld=False,
        )
        approve_first(world.admin, session=world.session, outcome=outcome, version=None)
    assert outcome.state == "approved"
    assert verify(world.session).fault is None


def test_an_upheld_objection_ends_the_claim(world: World) -> None:
    outcome = world.claimed()
    for reviewer in world.reviewers[:2]:
        world.advised(outcome, reviewer)
    stranger = world.actor(world.person("stranger@x.example"))
    objection = object_to_notice(stranger, session=world.session, outcome=outcome, reason="更早已有使用")
    answer_objection(
        world.admin,
        session=world.session,
        outcome=outcome,
        objection_id=objection.id or 0,
        answer="属实。",
        is_upheld=True,
    )
    assert outcome.state == "rejected" and outcome.state_reason == "属实。"


def test_a_wider_first_covers_the_narrower(world: World) -> None:
    product = world.listed_product()
    wide = world.confirmed(world.accepted(product=product))
    world.evidence(wide, "trial_report", "acceptance", "novelty_search")
    claim_first(
        world.supplier,
        session=world.session,
        outcome=wide,
        version=None,
        scope=Scope.COUNTRY,
        declarations=NONE,
        facts={"novelty_search": {"dated": local_today().isoformat()}},
    )
    with clock.at(now() - timedelta(days=30)):
        for reviewer in world.reviewers[:2]:
            world.advised(wide, reviewer)
    approve_first(world.admin, session=world.session, outcome=wide, version=None)
    for scope in (Scope.CITY, Scope.BAY_AREA, Scope.PROVINCE):
        with pytest.raises(AlreadyExists):
            world.claimed(world.accepted(product=product), scope)


def test_nobody_advises_to_approve_without_looking_at_the_evidence(small_world: World) -> None:
    outcome = small_world.claimed()
    marks = dict.fromkeys(("novelty", "reality", "results", "evidence"), 4)
    with pytest.raises(Invalid) as refused:
        give_advice(
            small_world.reviewers[0],
            session=small_world.session,
            outcome=outcome,
            version=None,
            advice=AdviceKind.APPROVE,
            marks=marks,
            reason="可以",
            checked=["trial_report"],
        )
    assert "checked" in refused.value.fields
    small_world.advised(outcome, small_world.reviewers[0])
    (advice,) = advices_of(small_world.session, outcome)
    assert advice.checked == ["acceptance", "trial_report"]
