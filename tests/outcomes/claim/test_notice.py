"""The public notice: an objection is answered before approval, or ends the claim."""

from __future__ import annotations

from datetime import timedelta

import pytest

from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.errors import WrongState
from scenario_hall.log.verifying import verify
from scenario_hall.outcomes.claim.notice import approve_first
from scenario_hall.outcomes.claim.objections import answer_objection, object_to_notice
from tests.world import World


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
