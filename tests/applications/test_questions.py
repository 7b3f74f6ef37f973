"""A requirement that the product states nothing on: the owner asks, the supplier answers, both are told."""

from __future__ import annotations

import pytest

from scenario_hall.applications.models import Answer, AnswerKind
from scenario_hall.applications.service import answer_supplier_question, ask_supplier
from scenario_hall.config import Settings
from scenario_hall.core.errors import Denied, Invalid, WrongState
from scenario_hall.log.chain import events_after
from scenario_hall.notices.writing import letters_for
from tests.world import World


def test_a_question_is_asked_once_and_answered_once(world: World) -> None:
    application = world.application()
    metric = application.scenario.requirement_lines[0].metric
    ask_supplier(world.demand, session=world.session, application=application, metric=metric)
    ask_supplier(world.demand, session=world.session, application=application, metric=metric)
    assert application.open_questions == [metric]
    said = Answer(metric=metric, answer=AnswerKind.MEETS, statement="实测42分钟")
    answer_supplier_question(world.supplier, session=world.session, application=application, answer=said)
    assert application.open_questions == []
    assert application.answer_lines[-1].statement == "实测42分钟"
    kinds = [event.kind for event in events_after(world.session, 0, limit=1000)]
    assert kinds.count("application.asked") == kinds.count("application.answered") == 1
    with pytest.raises(WrongState):
        answer_supplier_question(world.supplier, session=world.session, application=application, answer=said)


def test_each_side_does_its_own_part_and_only_of_what_the_scenario_requires(world: World) -> None:
    application = world.application()
    metric = application.scenario.requirement_lines[0].metric
    with pytest.raises(Denied):
        ask_supplier(world.supplier, session=world.session, application=application, metric=metric)
    with pytest.raises(Invalid):
        ask_supplier(world.demand, session=world.session, application=application, metric="不存在的指标")
    ask_supplier(world.demand, session=world.session, application=application, metric=metric)
    with pytest.raises(Denied):
        answer_supplier_question(
            world.demand,
            session=world.session,
            application=application,
            answer=Answer(metric=metric, answer=AnswerKind.MEETS),
        )


def test_the_letter_names_what_is_asked(small_world: World, hall_settings: Settings) -> None:
    application = small_world.application()
    metric = application.scenario.requirement_lines[0].metric
    ask_supplier(small_world.demand, session=small_world.session, application=application, metric=metric)
    event = events_after(small_world.session, 0, limit=1000)[-1]
    (letter,) = letters_for(small_world.session, event, hall_settings)
    assert letter.to == "maker@maker.example" and metric in letter.text
