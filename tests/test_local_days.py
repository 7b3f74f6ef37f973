"""Every rule that compares days goes by Hong Kong's day: at 23:59:30 it is still the day, at 00:30 and 01:00, when UTC
still has the day before, it is the next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest

from scenario_hall.core import clock
from scenario_hall.core.clock import HONG_KONG, end_of_local_day, now
from scenario_hall.core.errors import HallError
from scenario_hall.dossiers.outcome import outcome_dossier
from scenario_hall.log.codes import SCENARIO, next_code
from scenario_hall.outcomes.adoption.follow_ups import ask_due_follow_ups, follow_ups_of
from scenario_hall.outcomes.certificate.service import certificate_of
from scenario_hall.outcomes.claim.claim import checks_of, claim_first
from scenario_hall.outcomes.claim.models import AdviceKind
from scenario_hall.outcomes.claim.notice import approve_first
from scenario_hall.outcomes.claim.objections import object_to_notice
from scenario_hall.outcomes.claim.rules import Scope, all_rules, make_rules, shipped_rules
from scenario_hall.outcomes.models import Outcome
from scenario_hall.outcomes.plan.milestones import milestones_of, overdue_milestones, remind_of_milestones
from scenario_hall.products.fields import HeldCertificate
from scenario_hall.scenarios.questions import CUT_OFF, ask, takes_questions
from scenario_hall.scenarios.service import expire_scenarios
from tests.world import World

DAY = date(2026, 12, 8)  # a Tuesday, a working day at the site
TEN = time(10)
LATE = time(23, 59, 30)
EARLY = (time(0, 30), time(1))
NONE = {"earlier_sales": "无", "equity_link": "无", "why_first": "首次"}
# Asked at a moment: does the rule say yes?
Answer = Callable[[], bool]
Rule = Callable[[World], Answer]


def on(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=HONG_KONG).astimezone(UTC)


def succeeds(attempt: Callable[[], object]) -> bool:
    """Does the use case take it?"""
    try:
        attempt()
    except HallError:
        return False
    return True


# What holds to the end of DAY.


def a_scenario_is_open(world: World) -> Answer:
    scenario = world.released_scenario(deadline=end_of_local_day(DAY))
    return scenario.is_open


def a_scenario_is_not_expired(world: World) -> Answer:
    scenario = world.released_scenario(deadline=end_of_local_day(DAY))

    def is_released() -> bool:
        expire_scenarios(world.session)
        world.session.refresh(scenario)
        return scenario.state == "released"

    return is_released


def a_draft_with_that_deadline_may_be_submitted(world: World) -> Answer:
    scenario = world.draft_scenario(deadline=end_of_local_day(DAY))
    return lambda: not scenario.missing()


def questions_are_taken(world: World) -> Answer:
    scenario = world.released_scenario(deadline=end_of_local_day(DAY + CUT_OFF))

    def is_taken() -> bool:
        is_offered = takes_questions(scenario)
        is_asked = succeeds(lambda: ask(world.supplier, session=world.session, scenario=scenario, text="断电吗?"))
        assert is_offered == is_asked
        return is_asked

    return is_taken


def noticed(world: World) -> Outcome:
    """On public notice for five working days: to the end of DAY."""
    with clock.at(on(date(2026, 12, 1), TEN)):
        outcome = world.claimed()
        for reviewer in world.reviewers[:2]:
            world.advised(outcome, reviewer)
    return outcome


def the_notice_takes_objections(world: World) -> Answer:
    outcome = noticed(world)

    def is_taken() -> bool:
        person = world.person(f"{now():%d%H%M}@stranger.example")
        is_offered = outcome_dossier(world.session, world.actor(person), outcome.code).claim.may_object
        is_made = succeeds(
            lambda: object_to_notice(world.actor(person), session=world.session, outcome=outcome, reason="更早已有")
        )
        assert is_offered == is_made
        return is_made

    return is_taken


def the_notice_bars_the_approval(world: World) -> Answer:
    outcome = noticed(world)

    return lambda: (
        not succeeds(lambda: approve_first(world.admin, session=world.session, outcome=outcome, version=None))
    )


def a_return_can_be_corrected(world: World) -> Answer:
    """Ten working days after the return: to the end of DAY. Each is claimed again but once, so there are two."""
    with clock.at(on(date(2026, 11, 24), TEN)):
        returned = [world.claimed(), world.claimed()]
        for outcome in returned:
            for reviewer in world.reviewers[:2]:
                world.advised(outcome, reviewer, AdviceKind.RETURN)

    def is_corrected() -> bool:
        return succeeds(
            lambda: claim_first(
                world.supplier,
                session=world.session,
                outcome=returned.pop(),
                version=None,
                scope=Scope.CITY,
                declarations=NONE,
            )
        )

    return is_corrected


def a_novelty_search_is_recent(world: World) -> Answer:
    outcome = world.confirmed()
    world.evidence(outcome, "trial_report", "acceptance", "novelty_search")
    dated = DAY - timedelta(days=shipped_rules()[-1].novelty_days)

    def is_taken() -> bool:
        outcome.evidence_facts = {"novelty_search": {"dated": dated.isoformat()}}
        with world.session.no_autoflush:
            holds = all(each.holds for each in checks_of(world.session, outcome))
        world.session.rollback()
        return holds

    return is_taken


def a_held_certificate_is_in_force(world: World) -> Answer:
    return HeldCertificate(name="型号认可", expires=DAY).is_in_force


def a_milestone_is_not_overdue(world: World) -> Answer:
    outcome = world.signed()
    milestone = milestones_of(world.session, outcome)[0]
    milestone.due_on = DAY
    world.session.add(milestone)
    world.session.commit()
    return lambda: all(row.name != milestone.name for row, _ in overdue_milestones(world.session))


TO_THE_END_OF_THE_DAY: tuple[Rule, ...] = (
    a_scenario_is_open,
    a_scenario_is_not_expired,
    a_draft_with_that_deadline_may_be_submitted,
    questions_are_taken,
    the_notice_takes_objections,
    the_notice_bars_the_approval,
    a_return_can_be_corrected,
    a_novelty_search_is_recent,
    a_held_certificate_is_in_force,
    a_milestone_is_not_overdue,
)


@pytest.mark.parametrize("rule", TO_THE_END_OF_THE_DAY, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("early", EARLY, ids=str)
def test_it_holds_to_the_end_of_the_day(small_world: World, rule: Rule, early: time) -> None:
    holds = rule(small_world)
    with clock.at(on(DAY, LATE)):
        assert holds()
    with clock.at(on(DAY + timedelta(days=1), early)):
        assert not holds()


# What begins with DAY.


def a_follow_up_is_asked(world: World) -> Answer:
    with clock.at(on(date(2026, 12, 1), TEN)):
        outcome = world.approved()
    first = follow_ups_of(world.session, outcome)[0]
    first.due_on = first.next_step_on = DAY
    world.session.add(first)
    world.session.commit()

    def is_asked() -> bool:
        ask_due_follow_ups(world.session)
        world.session.refresh(first)
        return first.asked_at is not None

    return is_asked


def a_milestone_is_reminded_of(world: World) -> Answer:
    outcome = world.signed()
    for milestone in milestones_of(world.session, outcome):
        milestone.remind_on = DAY if milestone.name == "measured" else None
        world.session.add(milestone)
    world.session.commit()
    return lambda: remind_of_milestones(world.session) == 1


def new_rules_are_in_force(world: World) -> Answer:
    rules = shipped_rules()[-1].model_copy(update={"version": "test", "valid_from": DAY})
    make_rules(world.admin, session=world.session, rules=rules)
    assert all_rules(world.session)[-1].version == "test"
    outcome = world.confirmed()

    def is_claimed_under_them() -> bool:
        return outcome_dossier(world.session, world.admin, outcome.code).claim.rules.version == "test"

    return is_claimed_under_them


def a_paper_of_that_day_is_not_ahead(world: World) -> Answer:
    outcome = world.confirmed()
    world.evidence(outcome, "novelty_search")

    def is_taken() -> bool:
        outcome.evidence_facts = {"novelty_search": {"dated": DAY.isoformat()}}
        with world.session.no_autoflush:
            holds = all(each.holds for each in checks_of(world.session, outcome))
        world.session.rollback()
        return holds

    return is_taken


FROM_THE_BEGINNING_OF_THE_DAY: tuple[Rule, ...] = (
    a_follow_up_is_asked,
    a_milestone_is_reminded_of,
    new_rules_are_in_force,
    a_paper_of_that_day_is_not_ahead,
)


@pytest.mark.parametrize("rule", FROM_THE_BEGINNING_OF_THE_DAY, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("early", EARLY, ids=str)
def test_it_begins_with_the_day(small_world: World, rule: Rule, early: time) -> None:
    holds = rule(small_world)
    with clock.at(on(DAY - timedelta(days=1), LATE)):
        assert not holds()
    with clock.at(on(DAY, early)):
        assert holds()


# Which day, and which year, something that happens now is of.


@pytest.mark.parametrize("hour", [*EARLY, LATE], ids=str)
def test_what_happens_bears_hong_kongs_day(small_world: World, hour: time) -> None:
    with clock.at(on(DAY, hour)):
        outcome = small_world.on_notice()
        approve_first(small_world.admin, session=small_world.session, outcome=outcome, version=None)
    certificate = certificate_of(small_world.session, outcome)
    assert certificate is not None
    assert certificate.content["claimed_on"] == certificate.content["confirmed_on"] == "2026-12-08"
    assert follow_ups_of(small_world.session, outcome)[0].due_on == date(2027, 3, 8)


@pytest.mark.parametrize("hour", EARLY, ids=str)
def test_a_code_bears_hong_kongs_year(small_world: World, hour: time) -> None:
    with clock.at(on(date(2026, 12, 31), LATE)):
        assert next_code(small_world.session, SCENARIO).startswith("S-2026-")
    with clock.at(on(date(2027, 1, 1), hour)):
        assert next_code(small_world.session, SCENARIO) == "S-2027-000001"


@pytest.mark.parametrize("hour", EARLY, ids=str)
def test_a_claim_after_a_return_is_measured_from_its_own_day(small_world: World, hour: time) -> None:
    """And what was claimed keeps being measured from the day of the claim."""
    world, dated = small_world, date(2025, 12, 1)  # 365 days before 2026-12-01
    with clock.at(on(date(2026, 11, 30), TEN)):
        outcome = world.confirmed()
        world.evidence(outcome, "trial_report", "acceptance", "novelty_search")
        claim(world, outcome, dated)
        for reviewer in world.reviewers[:2]:
            world.advised(outcome, reviewer, AdviceKind.RETURN)
    with clock.at(on(date(2026, 12, 2), hour)):
        assert not succeeds(lambda: claim(world, outcome, dated))
        assert not succeeds(lambda: claim(world, outcome, date(2026, 12, 3)))
    with clock.at(on(date(2026, 12, 1), LATE)):
        claim(world, outcome, dated)
    with clock.at(on(date(2026, 12, 20), hour)):
        assert all(each.holds for each in checks_of(world.session, outcome))


def claim(world: World, outcome: Outcome, dated: date) -> Outcome:
    return claim_first(
        world.supplier,
        session=world.session,
        outcome=outcome,
        version=None,
        scope=Scope.CITY,
        declarations=NONE,
        facts={"novelty_search": {"dated": dated.isoformat()}},
    )
