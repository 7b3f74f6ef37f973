"""Judging: alone first, then together; conflicts declared; marks that only the owner's people see."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from scenario_hall.applications import service
from scenario_hall.applications.judging import service as judging
from scenario_hall.applications.judging.models import Criterion, Mark, criterion, default_criteria
from scenario_hall.applications.judging.side_by_side import Judged, side_by_side, weighted_mean
from scenario_hall.applications.models import Application
from scenario_hall.core.errors import Denied, Invalid, NotFound, StaleEdit, WrongState
from scenario_hall.core.policy import Actor, Role
from scenario_hall.log.chain import events_after
from scenario_hall.organizations.members import add_member
from tests.world import World


def evaluator(world: World, number: int, role: Role = Role.VIEWER) -> Actor:
    person = world.person(f"evaluator{number}@port.example", f"Evaluator {number}")
    add_member(world.session, account=person, organization=world.port, role=role)
    return world.actor(person)


def marks(*numbers: int) -> list[Mark]:
    return [Mark(mark=number, comment="依据现场资料") for number in numbers]


def impartial(world: World, actor: Actor, application: Application) -> None:
    judging.declare_interest(actor, session=world.session, application=application, has_conflict=False)


def score(world: World, actor: Actor, application: Application, numbers: Sequence[int] = (4, 4, 4, 4, 4)) -> None:
    impartial(world, actor, application)
    judging.score_application(
        actor, session=world.session, application=application, version=None, marks=marks(*numbers)
    )


def seen_by(world: World, actor: Actor, application: Application) -> Judged:
    (found,) = side_by_side(actor, session=world.session, scenario=application.scenario)
    return found


def test_a_scenario_begins_with_the_shipped_criteria_named_in_the_readers_language(small_world: World) -> None:
    shipped = judging.judging_of(small_world.session, small_world.released_scenario()).criterion_lines
    assert len(shipped) == 5 and all(1 <= each.weight <= 5 for each in shipped)
    assert [each.shown("en") for each in shipped][1] == "Maturity"
    assert [each.shown("pt") for each in shipped][4] == "Segurança"
    for locale in ("zh_Hans", "zh_Hant", "en", "pt"):  # typed anew each stays the shipped one
        assert [criterion(each.shown(locale), 2).key for each in shipped] == [each.key for each in shipped]
    assert criterion(" 抗风能力 ", 2) == Criterion(name="抗风能力", weight=2)


def test_editors_set_the_criteria_until_the_first_score(world: World) -> None:
    application, viewer = world.application(), evaluator(world, 1)
    scenario, own = application.scenario, [Criterion(name="抗风能力", weight=5), Criterion(key="cost", weight=1)]
    for actor in (viewer, world.supplier, world.admin):
        with pytest.raises(Denied):
            judging.set_criteria(actor, session=world.session, scenario=scenario, version=None, criteria=own)
    judging.set_criteria(world.demand, session=world.session, scenario=scenario, version=0, criteria=own)
    with pytest.raises(StaleEdit):
        judging.set_criteria(world.demand, session=world.session, scenario=scenario, version=0, criteria=own)
    score(world, viewer, application, (3, 5))
    with pytest.raises(WrongState, match="score has already been given"):
        judging.set_criteria(
            world.demand, session=world.session, scenario=scenario, version=None, criteria=default_criteria()
        )
    assert judging.judging_of(world.session, scenario).criterion_lines == own


@pytest.mark.parametrize(
    "criteria",
    [[], [Criterion(weight=1)], [Criterion(name="x")] * 2, [Criterion(name=str(place)) for place in range(13)]],
    ids=["none", "nameless", "twice", "too many"],
)
def test_criteria_are_named_each_once_and_few(small_world: World, criteria: list[Criterion]) -> None:
    scenario = small_world.released_scenario()
    with pytest.raises(Invalid):
        judging.set_criteria(
            small_world.demand, session=small_world.session, scenario=scenario, version=None, criteria=criteria
        )


def test_marks_for_other_criteria_than_the_stored_ones_are_refused(small_world: World) -> None:
    world = small_world
    application = world.application()
    impartial(world, world.demand, application)
    judging.set_criteria(
        world.demand,
        session=world.session,
        scenario=application.scenario,
        version=0,
        criteria=[Criterion(name="抗风能力")],
    )
    with pytest.raises(StaleEdit):
        judging.score_application(
            world.demand, session=world.session, application=application, version=0, marks=marks(4)
        )
    with pytest.raises(Invalid, match="every criterion"):
        judging.score_application(
            world.demand, session=world.session, application=application, version=1, marks=marks(4, 4)
        )
    with pytest.raises(Invalid, match="comment"):
        judging.score_application(
            world.demand, session=world.session, application=application, version=1, marks=[Mark(mark=4)]
        )


def test_an_evaluator_declares_his_interests_before_he_scores(world: World) -> None:
    application = world.application()
    with pytest.raises(WrongState, match="declare"):
        judging.score_application(
            world.demand, session=world.session, application=application, version=None, marks=marks(4, 4, 4, 4, 4)
        )
    with pytest.raises(Invalid):
        judging.declare_interest(world.demand, session=world.session, application=application, has_conflict=True)
    judging.declare_interest(
        world.demand, session=world.session, application=application, has_conflict=True, reason="持有该公司股份"
    )
    with pytest.raises(Denied, match="conflict"):
        judging.score_application(
            world.demand, session=world.session, application=application, version=None, marks=marks(4, 4, 4, 4, 4)
        )
    with pytest.raises(WrongState, match="cannot be withdrawn"):
        impartial(world, world.demand, application)


def test_a_conflict_declared_late_sets_the_score_aside(world: World) -> None:
    application, viewer = world.application(), evaluator(world, 1)
    score(world, viewer, application)
    judging.declare_interest(
        viewer, session=world.session, application=application, has_conflict=True, reason="配偶在该公司任职"
    )
    seen = seen_by(world, world.demand, application)
    assert seen.scored_by == () and seen.lacking == 2
    assert seen.conflicts == (("Evaluator 1", "配偶在该公司任职"),)


def test_only_the_owners_people_score_and_nobody_who_sits_on_both_sides(world: World) -> None:
    application, both = world.application(), evaluator(world, 1)
    for actor in (world.supplier, world.admin):
        with pytest.raises(Denied):
            impartial(world, actor, application)
    with pytest.raises(NotFound):
        impartial(world, world.actor(world.person("stranger@x.example")), application)
    both = Actor(
        account_id=both.account_id,
        is_confirmed=True,
        memberships={**both.memberships, world.maker.pk: Role.VIEWER},
    )
    with pytest.raises(Denied, match="other side"):
        impartial(world, both, application)


def test_a_decided_application_is_scored_no_more(small_world: World) -> None:
    application = small_world.accepted()
    with pytest.raises(WrongState, match="decided"):
        impartial(small_world, small_world.demand, application)


def test_nobody_sees_the_marks_of_others_before_the_joint_round(world: World) -> None:
    application, viewer, other = world.application(), evaluator(world, 1), evaluator(world, 2)
    score(world, viewer, application)
    score(world, other, application, (1, 1, 1, 1, 1))
    for actor in (world.demand, world.admin, viewer):
        seen = seen_by(world, actor, application)
        assert (seen.scores, seen.means, seen.joint_mean) == ((), (), None)
        assert seen.scored_by == ("Evaluator 1", "Evaluator 2")
    own = seen_by(world, viewer, application).own_score
    assert own is not None and [each.mark for each in own.mark_lines] == [4] * 5
    with pytest.raises(Denied):
        side_by_side(world.supplier, session=world.session, scenario=application.scenario)


def test_alone_an_evaluator_scores_again_and_the_newest_counts(small_world: World) -> None:
    world = small_world
    application = world.application()
    score(world, world.demand, application)
    score(world, world.demand, application, (0, 0, 0, 0, 5))
    own = seen_by(world, world.demand, application).own_score
    assert own is not None and (own.number, own.mark_lines[4].mark) == (2, 5)
    assert len(seen_by(world, world.demand, application).scored_by) == 1


def test_the_joint_round_needs_two_scores_of_each_open_application_and_names_those_that_lack(world: World) -> None:
    scenario, viewer = world.released_scenario(), evaluator(world, 1)
    first = world.application(scenario, world.listed_product())
    second = world.application(scenario, world.listed_product())
    score(world, world.demand, first)
    score(world, viewer, first)
    score(world, viewer, second)
    with pytest.raises(WrongState) as refused:
        judging.reveal_scores(world.demand, session=world.session, scenario=scenario)
    assert f"{second.code} (1)" in str(refused.value) and first.code not in str(refused.value)
    # One that is not open any more is waited for no more.
    service.act_on_application(world.supplier, session=world.session, application=second, action="withdraw")
    with pytest.raises(Denied):
        judging.reveal_scores(viewer, session=world.session, scenario=scenario)
    assert judging.reveal_scores(world.demand, session=world.session, scenario=scenario) == [first, second]
    with pytest.raises(WrongState, match="no scores"):
        judging.reveal_scores(world.demand, session=world.session, scenario=scenario)


def test_in_the_joint_round_all_see_all_and_revise_with_a_reason(world: World) -> None:
    application, viewer, late = world.application(), evaluator(world, 1), evaluator(world, 2)
    score(world, world.demand, application, (5, 4, 3, 2, 1))
    score(world, viewer, application, (1, 4, 3, 2, 1))
    judging.reveal_scores(world.demand, session=world.session, scenario=application.scenario)
    seen = seen_by(world, late, application)
    assert seen.means == (3, 4, 3, 2, 1)
    assert seen.joint_mean == pytest.approx((5 * 3 + 3 * 4 + 3 * 3 + 2 * 2 + 4 * 1) / 17)
    impartial(world, late, application)
    with pytest.raises(WrongState, match="scored independently"):
        judging.score_application(
            late, session=world.session, application=application, version=None, marks=marks(1, 1, 1, 1, 1)
        )
    with pytest.raises(Invalid, match="why you are revising"):
        judging.score_application(
            viewer, session=world.session, application=application, version=None, marks=marks(3, 4, 3, 2, 1)
        )
    judging.score_application(
        viewer,
        session=world.session,
        application=application,
        version=None,
        marks=marks(3, 4, 3, 2, 1),
        reason="同事指出了实测数据",
    )
    assert seen_by(world, late, application).means == (4, 4, 3, 2, 1)


def test_an_application_that_comes_after_the_joint_round_is_scored_alone_again(world: World) -> None:
    scenario, viewer = world.released_scenario(), evaluator(world, 1)
    first = world.application(scenario, world.listed_product())
    for actor in (world.demand, viewer):
        score(world, actor, first)
    judging.reveal_scores(world.demand, session=world.session, scenario=scenario)
    later = world.application(scenario, world.listed_product())
    score(world, viewer, later)
    seen = {each.application.pk: each for each in side_by_side(world.demand, session=world.session, scenario=scenario)}
    assert seen[first.pk].scores and not seen[later.pk].scores


def test_whoever_belongs_to_an_applicant_too_reads_no_marks(world: World) -> None:
    application, viewer = world.application(), evaluator(world, 1)
    for actor in (world.demand, viewer):
        score(world, actor, application)
    judging.reveal_scores(world.demand, session=world.session, scenario=application.scenario)
    add_member(world.session, account=world.maker_person, organization=world.port, role=Role.VIEWER)
    seen = seen_by(world, world.supplier, application)
    assert (seen.is_hidden, seen.scores, seen.means, seen.joint_mean) == (True, (), (), None)
    assert seen_by(world, viewer, application).scores


def test_the_log_tells_of_each_step_and_of_no_mark(world: World) -> None:
    application, viewer = world.application(), evaluator(world, 1)
    judging.set_criteria(
        world.demand, session=world.session, scenario=application.scenario, version=None, criteria=default_criteria()
    )
    judging.declare_interest(
        evaluator(world, 2), session=world.session, application=application, has_conflict=True, reason="持有股份"
    )
    for actor in (world.demand, viewer):
        score(world, actor, application)
    judging.reveal_scores(world.demand, session=world.session, scenario=application.scenario)
    told = {event.kind: event for event in events_after(world.session, 0, limit=1000)}
    assert {
        "scenario.criteria_set",
        "application.conflict_declared",
        "application.impartiality_declared",
        "application.scored",
        "scenario.scores_revealed",
    } <= set(told)
    assert told["application.scored"].fields == {"number": 1}
    assert told["application.conflict_declared"].fields == {}


def test_a_criterion_counts_by_its_weight() -> None:
    criteria = [Criterion(name="a", weight=1), Criterion(name="b", weight=4)]
    assert weighted_mean(criteria, [5, 0]) == 1
