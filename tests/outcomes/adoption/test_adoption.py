"""What came after the firsts: the newest answers of each, and figures that agree with their lists."""

from __future__ import annotations

from datetime import timedelta

from scenario_hall.core import clock
from scenario_hall.core.clock import end_of_local_day
from scenario_hall.outcomes.adoption import follow_ups as following
from scenario_hall.outcomes.adoption.adoption import (
    Figure,
    adoptions_of,
    follow_ups_behind,
    open_follow_ups,
    sums_by_month,
)
from scenario_hall.outcomes.adoption.models import MONTHS, Answers, Contract, FollowUp
from scenario_hall.outcomes.certificate.service import revoke_outcome
from scenario_hall.outcomes.models import Outcome
from tests.world import World


def answered(world: World, outcome: Outcome, month: int, answers: Answers | None) -> FollowUp:
    """The question of ``month``, asked on its day, and answered unless there are no answers."""
    follow_up = world.session.get_one(FollowUp, (outcome.pk, month))
    with clock.at(end_of_local_day(follow_up.due_on)):
        following.ask_due_follow_ups(world.session)
        if answers is not None:
            following.answer_follow_up(
                world.supplier, session=world.session, outcome=outcome, month=month, version=None, answers=answers
            )
    return follow_up


def of(contract: Contract, adopters: int = 0) -> Answers:
    return Answers(contract=contract, second_order=False, still_in_use=True, adopters_count=adopters)


def test_a_first_shows_its_newest_answers(world: World) -> None:
    outcome = world.approved()
    assert [line.follow_up for line in adoptions_of(world.session, outcome.product_id)] == [None]
    answered(world, outcome, 3, of(Contract.NOT_YET))
    newest = answered(world, outcome, 6, of(Contract.YES))
    assert [line.follow_up for line in adoptions_of(world.session, outcome.product_id)] == [newest]


def test_every_figure_is_the_length_of_its_list(world: World) -> None:
    first, second, third = (world.approved() for _ in range(3))
    answered(world, first, 3, of(Contract.YES, 4))
    answered(world, second, 3, of(Contract.NOT_YET, 1))
    answered(world, third, 3, None)
    answered(world, first, 6, of(Contract.YES))
    for line in sums_by_month(world.session):
        for figure in Figure:
            assert len(follow_ups_behind(world.session, figure, line.month)) == line.counts[figure]
    sums = {line.month: line for line in sums_by_month(world.session)}
    assert (sums[3].adoption_rate, sums[6].adoption_rate, sums[12].adoption_rate) == (0.5, 1.0, None)
    assert [sums[month].adopters for month in MONTHS] == [5, 0, 0]
    # The questions of the sixth month that nobody answered have been reminded of nothing yet.
    assert sums[6].counts[Figure.DUE] == 2


def test_what_is_overdue_counts_as_overdue_only(world: World) -> None:
    outcome = world.approved()
    follow_up = answered(world, outcome, 3, None)
    for day in range(30):
        with clock.at(end_of_local_day(follow_up.due_on + timedelta(days=day))):
            following.ask_due_follow_ups(world.session)
    assert list(follow_ups_behind(world.session, Figure.OVERDUE)) == [follow_up]
    assert list(follow_ups_behind(world.session, Figure.DUE)) == []


def test_a_revoked_first_leaves_the_adoptions_the_sums_and_the_desk(world: World) -> None:
    outcome = world.approved()
    answered(world, outcome, 3, of(Contract.YES, 2))
    answered(world, outcome, 6, None)
    sides = [world.maker.pk, world.port.pk]
    assert [each.month for each in open_follow_ups(world.session, sides)] == [6]
    revoke_outcome(world.admin, session=world.session, outcome=outcome, version=None, reason="佐证有误")
    assert adoptions_of(world.session, outcome.product_id) == []
    assert list(open_follow_ups(world.session, sides)) == []
    assert all(not any(line.counts.values()) and not line.adopters for line in sums_by_month(world.session))
