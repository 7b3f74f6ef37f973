"""Two who judge apart: advice, disagreement, and what they decide together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import product

import pytest

from scenario_hall.core.clock import local_today, now
from scenario_hall.core.errors import Denied, Invalid
from scenario_hall.core.policy import Role
from scenario_hall.organizations.members import add_member
from scenario_hall.outcomes.claim.models import AdviceKind
from scenario_hall.outcomes.claim.review import advices_of, advices_shown_to, decision, give_advice
from scenario_hall.outcomes.claim.rules import make_rules, shipped_rules
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


def agreed_by_more_than_half(said: Sequence[AdviceKind], wanted: int) -> AdviceKind | None:
    found = [kind for kind in AdviceKind if 2 * list(said).count(kind) > wanted]
    assert len(found) <= 1, said
    return found[0] if found else None


@pytest.mark.parametrize("wanted", [2, 3, 4, 5])
def test_more_than_half_of_the_wanted_reviewers_decide_and_without_them_one_more_does(wanted: int) -> None:
    """Every order of every advice: all wanted reviewers speak, then the one more where they do not agree."""
    for said in product(AdviceKind, repeat=wanted):
        for few in range(wanted):
            assert decision(said[:few], wanted) is None
        agreed = agreed_by_more_than_half(said, wanted)
        assert decision(said, wanted) is agreed, said
        if agreed is not None:
            continue
        for last in AdviceKind:
            expected = agreed_by_more_than_half((*said, last), wanted) or AdviceKind.RETURN
            assert decision((*said, last), wanted) is expected, (said, last)


def test_three_of_four_reviewers_and_a_further_one_where_two_stand_against_two() -> None:
    yes, no, back = AdviceKind.APPROVE, AdviceKind.REJECT, AdviceKind.RETURN
    assert decision([yes, yes, no, yes], 4) is yes
    assert decision([yes, yes, no, no], 4) is None
    assert decision([yes, yes, no, no, yes], 4) is yes
    assert decision([yes, yes, no, no, back], 4) is back


def test_a_hall_that_wants_three_reviewers_decides_by_two_of_them(small_world: World) -> None:
    world = small_world
    rules = shipped_rules()[-1].model_copy(update={"version": "three", "valid_from": local_today(), "reviewers": 3})
    make_rules(world.admin, session=world.session, rules=rules)
    outcome = world.claimed()
    for reviewer, advice in zip(world.reviewers, (AdviceKind.REJECT, AdviceKind.APPROVE), strict=False):
        world.advised(outcome, reviewer, advice)
    assert outcome.state == "claimed"
    world.advised(outcome, world.reviewers[2])
    assert outcome.state == "on_notice"
