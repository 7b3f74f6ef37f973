"""The claim: evidence by kind and scope, one window for corrections, one first a scope."""

from __future__ import annotations

from datetime import timedelta

import pytest

from scenario_hall.core import clock
from scenario_hall.core.clock import local_today, now
from scenario_hall.core.errors import AlreadyExists, Invalid, WrongState
from scenario_hall.outcomes.claim.claim import claim_first, matrix_of
from scenario_hall.outcomes.claim.models import AdviceKind
from scenario_hall.outcomes.claim.notice import approve_first
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
