"""After an approval: asked on working days, reminded once, answered by either side, corrected for thirty days."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from pydantic import ValidationError
from sqlalchemy import Engine
from sqlmodel import col, select

from scenario_hall.config import Settings
from scenario_hall.core import clock
from scenario_hall.core.errors import Denied, HallError, Invalid, NotFound, StaleEdit, WrongState
from scenario_hall.core.policy import Actor
from scenario_hall.log.chain import Event
from scenario_hall.log.verifying import verify
from scenario_hall.notices.writing import letters_for
from scenario_hall.outcomes.adoption import follow_ups as following
from scenario_hall.outcomes.adoption.models import (
    CORRECTION_DAYS,
    MONTHS,
    Adopter,
    AmountBand,
    Answers,
    Contract,
    FollowUp,
)
from scenario_hall.outcomes.certificate.service import revoke_outcome
from scenario_hall.outcomes.models import Outcome
from scenario_hall.outcomes.plan.workdays import calendar_of
from tests.world import World

YES = Answers(contract=Contract.YES, amount=AmountBand.FROM_100K, second_order=True, still_in_use=True)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=clock.HONG_KONG)


def run_clock(world: World, first: date, days: int) -> None:
    """The worker's clock, once a day at noon."""
    for number in range(days):
        with clock.at(noon(first + timedelta(days=number))):
            following.ask_due_follow_ups(world.session)


def question(world: World, outcome: Outcome, month: int = 3) -> FollowUp:
    return world.session.get_one(FollowUp, (outcome.pk, month))


def asked(world: World, outcome: Outcome | None = None, month: int = 3) -> FollowUp:
    """The question of ``month``, asked on the day on which it is due."""
    made = outcome or world.approved()
    run_clock(world, question(world, made, month).due_on, 1)
    return question(world, made, month)


def answer(
    world: World,
    follow_up: FollowUp,
    actor: Actor,
    answers: Answers = YES,
    *,
    days: int = 1,
    version: int | None = None,
) -> FollowUp:
    with clock.at(noon(follow_up.due_on + timedelta(days=days))):
        return following.answer_follow_up(
            actor,
            session=world.session,
            outcome=follow_up.outcome,
            month=follow_up.month,
            version=version,
            answers=answers,
        )


def told(world: World, kind: str = "outcome.follow_up_") -> list[Event]:
    return list(world.session.exec(select(Event).where(col(Event.kind).startswith(kind)).order_by(col(Event.id))))


def test_an_approval_schedules_three_questions_on_working_days(world: World) -> None:
    outcome = world.approved()
    rows = following.follow_ups_of(world.session, outcome)
    assert [row.month for row in rows] == list(MONTHS)
    assert all(calendar_of("440300").is_working_day(row.due_on) for row in rows)
    assert all(row.asked_at is None and row.next_step_on == row.due_on for row in rows)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
    ],
)
def test_months_are_the_calendars_months(day: date, months: int, expected: date) -> None:
    assert following.months_after(day, months) == expected


def test_a_due_question_is_asked_once_and_never_before(world: World) -> None:
    outcome = world.approved()
    due = question(world, outcome).due_on
    run_clock(world, due - timedelta(days=2), 2)
    assert told(world) == []
    run_clock(world, due, 1)
    run_clock(world, due, 1)
    assert [(event.kind, event.fields["month"]) for event in told(world)] == [("outcome.follow_up_asked", 3)]
    assert verify(world.session).fault is None


def test_nobody_is_asked_on_a_day_off(world: World) -> None:
    outcome = world.approved()
    saturday = question(world, outcome).due_on
    while saturday.weekday() != 5:
        saturday += timedelta(days=1)
    run_clock(world, saturday, 2)
    assert told(world) == []
    run_clock(world, saturday + timedelta(days=2), 8)
    assert len(told(world)) == 1


def test_one_reminder_after_ten_working_days_then_it_is_overdue(world: World) -> None:
    follow_up = asked(world)
    remind_on = calendar_of("440300").after(follow_up.due_on, 10)
    run_clock(world, follow_up.due_on, (remind_on - follow_up.due_on).days)
    assert follow_up.is_open and not follow_up.is_overdue
    run_clock(world, remind_on, 40)
    assert Counter(event.kind for event in told(world)) == {
        "outcome.follow_up_asked": 1,
        "outcome.follow_up_reminded": 1,
    }
    assert follow_up.is_overdue
    answer(world, follow_up, world.demand, days=60)
    assert not follow_up.is_overdue and not follow_up.is_open


def test_an_answered_question_is_not_asked_about_again(world: World) -> None:
    follow_up = asked(world)
    answer(world, follow_up, world.demand)
    run_clock(world, follow_up.due_on, 40)
    assert [event.kind for event in told(world)] == ["outcome.follow_up_asked", "outcome.follow_up_answered"]


def test_the_letter_goes_to_both_sides_and_leads_to_the_question(small_world: World, hall_settings: Settings) -> None:
    follow_up = asked(small_world)
    letters = letters_for(small_world.session, told(small_world)[0], hall_settings)
    assert {letter.to for letter in letters} == {"port@port.example", "maker@maker.example"}
    address = f"http://hall.test/outcomes/{follow_up.outcome.code}/follow-up/3"
    assert all(address in letter.text for letter in letters)


def test_either_side_answers_and_nobody_else(world: World) -> None:
    follow_up = asked(world)
    stranger = world.actor(world.person("stranger@x.example"))
    for other in (stranger, world.admin):
        with pytest.raises(Denied):
            answer(world, follow_up, other)
    assert answer(world, follow_up, world.demand).answers == YES
    assert answer(world, follow_up, world.supplier).corrected_at is not None


def test_what_was_not_asked_cannot_be_answered(world: World) -> None:
    outcome = world.approved()
    with pytest.raises(NotFound):
        answer(world, question(world, outcome), world.supplier)
    with pytest.raises(NotFound):
        following.get_follow_up(world.session, outcome, 4)


def test_an_answer_may_be_corrected_for_thirty_days_and_the_log_keeps_the_old_one(world: World) -> None:
    follow_up = asked(world)
    answer(world, follow_up, world.demand)
    later = YES.model_copy(update={"second_order": False, "remark": "第二单未签"})
    answer(world, follow_up, world.supplier, later, days=CORRECTION_DAYS)
    assert [event.fields["answers"]["second_order"] for event in told(world)[1:]] == [True, False]
    with pytest.raises(WrongState):
        answer(world, follow_up, world.demand, days=CORRECTION_DAYS + 2)


def test_of_two_who_answer_at_once_the_second_is_told(world: World) -> None:
    follow_up = asked(world)
    answer(world, follow_up, world.demand, version=1)
    with pytest.raises(StaleEdit):
        answer(world, follow_up, world.supplier, version=1)


def test_only_the_supplier_permits_that_the_amount_is_shown(world: World) -> None:
    follow_up = asked(world)
    shown = YES.model_copy(update={"may_show_amount": True})
    assert not answer(world, follow_up, world.demand, shown).may_show_amount
    assert answer(world, follow_up, world.supplier, shown).may_show_amount
    assert answer(world, follow_up, world.demand, YES).may_show_amount
    other = shown.model_copy(update={"amount": AmountBand.OVER_10M})
    assert not answer(world, follow_up, world.demand, other).may_show_amount


def test_an_amount_needs_a_contract(small_world: World) -> None:
    follow_up = asked(small_world)
    with pytest.raises(Invalid) as caught:
        answer(small_world, follow_up, small_world.demand, YES.model_copy(update={"contract": Contract.NOT_YET}))
    assert set(caught.value.fields) == {"amount"} and follow_up.is_open


def test_more_adopters_cannot_be_named_than_counted() -> None:
    with pytest.raises(ValidationError):
        Answers(contract=Contract.NO, second_order=False, still_in_use=True, adopters=(Adopter(name="某单位"),))


def test_an_adopters_region_is_one_of_the_halls() -> None:
    with pytest.raises(ValidationError):
        Adopter(region="999999")


def test_adopters_are_counted_by_region_and_the_rest_as_not_stated(small_world: World) -> None:
    follow_up = asked(small_world)
    named = (Adopter(name="甲", region="440300"), Adopter(region="440300"), Adopter(name="乙"))
    answer(small_world, follow_up, small_world.demand, YES.model_copy(update={"adopters": named, "adopters_count": 5}))
    assert follow_up.adopters_by_region == [("", 3), ("440300", 2)]


def test_a_revoked_record_asks_no_more_and_takes_no_answer(world: World) -> None:
    outcome = world.approved()
    follow_up = asked(world, outcome)
    revoke_outcome(world.admin, session=world.session, outcome=outcome, version=None, reason="佐证有误")
    run_clock(world, follow_up.due_on, 30)
    run_clock(world, question(world, outcome, 6).due_on, 1)
    assert [event.kind for event in told(world)] == ["outcome.follow_up_asked"]
    with pytest.raises(HallError, match="revoked"):
        answer(world, follow_up, world.supplier)


def test_the_clock_writes_nothing_when_nothing_is_due(small_world: World, sqlite_engine: Engine) -> None:
    small_world.approved()
    before = len(told(small_world, ""))
    assert following.ask_due_follow_ups(small_world.session) == 0
    assert len(told(small_world, "")) == before
    with sqlite_engine.connect() as connection:
        plan = connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT outcome_id FROM follow_up WHERE next_step_on <= '2026-01-01'"
        ).all()
    assert "follow_up_next_step_on" in str(plan)
