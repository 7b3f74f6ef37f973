"""Two who judge apart: advice, disagreement, and what they decide together."""

from __future__ import annotations

from datetime import timedelta

import pytest

from scenario_hall.core.clock import now
from scenario_hall.core.errors import Denied, Invalid
from scenario_hall.core.policy import Role
from scenario_hall.organizations.members import add_member
from scenario_hall.outcomes.claim.models import AdviceKind
from scenario_hall.outcomes.claim.review import advices_of, advices_shown_to, give_advice
from tests.world import World


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
