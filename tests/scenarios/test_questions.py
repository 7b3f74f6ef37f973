"""Questions and answers on a scenario."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from scenario_hall.core import clock
from scenario_hall.core.clock import end_of_local_day, now
from scenario_hall.core.errors import Denied, Invalid, TooMany, WrongState
from scenario_hall.scenarios.questions import MOST_OPEN, answer, ask, cut_off_of, questions_on
from tests.world import World


def test_a_question_is_answered_in_public_once(world: World) -> None:
    scenario = world.released_scenario()
    asked = ask(world.supplier, session=world.session, scenario=scenario, text="夜间是否断电?")
    with pytest.raises(Denied):
        answer(world.supplier, session=world.session, scenario=scenario, question_id=asked.id or 0, text="否")
    answer(world.demand, session=world.session, scenario=scenario, question_id=asked.id or 0, text="不断电。")
    (shown,) = questions_on(world.session, scenario)
    assert (shown.text, shown.answer) == ("夜间是否断电?", "不断电。")
    with pytest.raises(WrongState):
        answer(world.demand, session=world.session, scenario=scenario, question_id=asked.id or 0, text="断电。")


def test_a_late_question_is_told_when_the_cut_off_was(world: World) -> None:
    scenario = world.released_scenario(deadline=end_of_local_day(date(2027, 1, 20)))
    cut_off = cut_off_of(scenario)
    assert cut_off is not None
    with clock.at(cut_off + timedelta(minutes=1)), pytest.raises(WrongState) as caught:
        ask(world.supplier, session=world.session, scenario=scenario, text="还来得及吗?")
    assert str(caught.value) == "Questions were accepted until 2027-01-17 23:59 HKT."


def test_questions_are_bounded(world: World) -> None:
    scenario = world.released_scenario()
    with pytest.raises(Invalid):
        ask(world.supplier, session=world.session, scenario=scenario, text=" ")
    for number in range(MOST_OPEN):
        ask(world.supplier, session=world.session, scenario=scenario, text=f"问题{number}")
    with pytest.raises(TooMany):
        ask(world.supplier, session=world.session, scenario=scenario, text="再问")
    assert now() < (cut_off_of(scenario) or now())
