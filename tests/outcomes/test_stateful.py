"""Random people take random steps; whatever they try, the table, the log and the one first hold."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from scenario_hall.core import clock
from scenario_hall.core.clock import local_today, now
from scenario_hall.core.errors import HallError
from scenario_hall.core.policy import VISITOR, Role, can, relations
from scenario_hall.log.chain import Event
from scenario_hall.log.verifying import verify
from scenario_hall.organizations.members import add_member, remove_member
from scenario_hall.organizations.models import Account
from scenario_hall.organizations.service import act_on_organization
from scenario_hall.outcomes.adoption.follow_ups import ask_due_follow_ups
from scenario_hall.outcomes.certificate.firsts import Firsts, count_firsts
from scenario_hall.outcomes.certificate.models import Certificate
from scenario_hall.outcomes.certificate.service import revoke_outcome
from scenario_hall.outcomes.claim.claim import claim_first, evidence_present
from scenario_hall.outcomes.claim.models import AdviceKind
from scenario_hall.outcomes.claim.notice import approve_first
from scenario_hall.outcomes.claim.objections import answer_objection, object_to_notice, objections_to
from scenario_hall.outcomes.claim.review import give_advice
from scenario_hall.outcomes.claim.rules import Scope
from scenario_hall.outcomes.lifecycle import APPROVED, LIFECYCLE, PUBLIC, REVOKED
from scenario_hall.outcomes.models import Cause, Outcome
from scenario_hall.outcomes.plan import amendments, milestones
from scenario_hall.outcomes.plan.document import hash_of_plan
from scenario_hall.outcomes.plan.service import sign_plan, signatures_of
from scenario_hall.outcomes.run.service import (
    confirm_results,
    object_to_results,
    report_results,
    start_outcome,
    stop_outcome,
)
from tests.outcomes.four_eyes_oracle import FourEyesOracle
from tests.world import World

PEOPLE = ("supplier", "demand", "both", "both", "stranger", "first", "second", "third", "partial", "leaver")
MARKS = dict.fromkeys(("novelty", "reality", "results", "evidence"), 3)
FACTS = {"novelty_search": {"dated": local_today().isoformat()}}
# What takes nothing but the record.
STEPS: dict[str, Any] = {
    "sign": sign_plan,
    "start": start_outcome,
    "confirm": confirm_results,
    "approve": approve_first,
}
BESIDE = ("notice", "amend", "agree", "refuse", "withdraw", "reach", "exempt", "follow")
DECLARED = {"earlier_sales": "无", "equity_link": "无", "why_first": "首次"}


class RandomPeople(RuleBasedStateMachine):
    """Two trials of one product, nine people, a clock that only goes on."""

    def __init__(self, world: World, people: dict[str, Account], oracle: FourEyesOracle) -> None:
        super().__init__()
        self.oracle = oracle
        self.world, self.session = world, world.session
        self.people = people
        self.suspend(False)
        product = world.listed_product()
        self.outcomes = [world.planned(world.accepted(product=product)) for _ in range(2)]
        for outcome in self.outcomes:
            world.evidence(outcome, "trial_report", "acceptance", "novelty_search")
        self.session.commit()
        self.moment = now()
        self.checked = 0  # the last entry that the rules were held against

    @rule(hours=st.sampled_from([1, 30, 24 * 20]))
    def time_passes(self, hours: int) -> None:
        self.moment += timedelta(hours=hours)

    @rule(is_suspended=st.sampled_from([True, False, False, False]))
    def the_demand_side_is_suspended_or_not(self, is_suspended: bool) -> None:
        self.suspend(is_suspended)

    def suspend(self, is_suspended: bool) -> None:
        if (self.world.port.state == "suspended") != is_suspended:
            action = "suspend" if is_suspended else "reinstate"
            act_on_organization(
                self.world.admin, session=self.session, organization=self.world.port, action=action, reason="原因"
            )

    @rule(
        who=st.sampled_from(PEOPLE),
        place=st.integers(0, 1),
        action=st.sampled_from(
            [
                "sign",
                "start",
                "report",
                "confirm",
                "object",
                "fail",
                "abandon",
                "claim",
                "advise",
                "notice",
                "answer",
                "approve",
                "revoke",
                "amend",
                "agree",
                "refuse",
                "withdraw",
                "reach",
                "exempt",
                "follow",
            ]
        ),
        scope=st.sampled_from([Scope.CITY, Scope.CITY, Scope.BAY_AREA, Scope.COUNTRY]),
        advice=st.sampled_from([AdviceKind.APPROVE, AdviceKind.APPROVE, AdviceKind.RETURN, AdviceKind.REJECT]),
    )
    def somebody_tries(self, who: str, place: int, action: str, scope: Scope, advice: AdviceKind) -> None:
        self.attempt(self.people[who], self.outcomes[place], action, scope, advice)

    @rule(place=st.integers(0, 1), advice=st.sampled_from(list(AdviceKind)))
    def the_usual_next_step(self, place: int, advice: AdviceKind) -> None:
        """Random people rarely get far: this takes what the record waits for."""
        outcome = self.outcomes[place]
        usual = {
            "planned": [("supplier", "sign"), ("demand", "sign")],
            "signed": [("supplier", "start")],
            "running": [("supplier", "report")],
            "reported": [("demand", "confirm"), ("supplier", "confirm")],
            "confirmed": [("supplier", "claim")],
            "returned": [("supplier", "claim")],
            "claimed": [("first", "advise"), ("second", "advise"), ("third", "advise")],
            "on_notice": [("first", "answer"), ("first", "approve")],
        }
        for who, action in usual.get(outcome.state, []):
            self.attempt(self.people[who], outcome, action, Scope.CITY, advice)

    def attempt(self, account: Account, outcome: Outcome, action: str, scope: Scope, advice: AdviceKind) -> None:
        before, last = outcome.state, self.last_event()
        with clock.at(self.moment):
            actor = self.world.actor(account)
        held = relations(actor, outcome)
        try:
            with clock.at(self.moment):
                self.act(actor, outcome, action, scope, advice)
        except HallError:
            self.session.rollback()
            self.session.refresh(outcome)
            assert outcome.state == before
            return
        self.session.refresh(outcome)
        if outcome.state == before:
            return
        steps = [step for step in LIFECYCLE.transitions if (step.state, step.next) == (before, outcome.state)]
        assert steps, (before, outcome.state)
        assert any(set(step.who) & held for step in steps), (action, held)
        told = self.session.exec(select(Event.kind).where(col(Event.id) > last)).all()
        assert {step.event for step in steps} & set(told)

    def act(self, actor: Any, outcome: Outcome, action: str, scope: Scope, advice: AdviceKind) -> None:
        session = self.session
        same: dict[str, Any] = {"session": session, "outcome": outcome, "version": None}
        if action in STEPS:
            STEPS[action](actor, **same)
        elif action == "report":
            report_results(actor, **same, measured=[41.0], summary="完成")
        elif action == "claim":
            claim_first(actor, **same, scope=scope, declarations=DECLARED, facts=FACTS)
        elif action == "advise":
            give_advice(
                actor,
                **same,
                advice=advice,
                marks=MARKS,
                reason="意见",
                checked=evidence_present(session, outcome),
            )
        elif action == "answer":
            for objection in objections_to(session, outcome):
                if objection.answered_at is None and objection.id is not None:
                    answer_objection(
                        actor,
                        session=session,
                        outcome=outcome,
                        objection_id=objection.id,
                        answer="答复",
                        is_upheld=advice is AdviceKind.REJECT,
                    )
        elif action == "revoke":
            revoke_outcome(actor, **same, reason="撤销")
        elif action in BESIDE:
            self.act_beside(actor, outcome, action)
        elif action in ("fail", "abandon"):
            stop_outcome(actor, **same, cause=Cause.OTHER, reason="原因", lessons="教训", is_public=True)
        elif action == "object":
            object_to_results(actor, **same, reason="原因")
        else:
            raise AssertionError(f"no step of an outcome record: {action}")

    def act_beside(self, actor: Any, outcome: Outcome, action: str) -> None:
        """What is done beside the record's own way."""
        session = self.session
        if action == "amend":
            amendments.propose_amendment(
                actor,
                session=session,
                outcome=outcome,
                version=None,
                reason="改期",
                place=f"{outcome.place}又",
                starts_on=outcome.starts_on,
                ends_on=outcome.ends_on,
                metrics=outcome.metric_lines,
                terms=outcome.plan_terms,
            )
        elif action in ("agree", "refuse", "withdraw"):
            for amendment in amendments.amendments_of(session, outcome)[-1:]:
                amendments.decide_amendment(
                    actor, session=session, amendment=amendment, action=action, version=None, reason="意见"
                )
        elif action == "notice":
            object_to_notice(actor, session=session, outcome=outcome, reason="异议")
        elif action == "reach":
            milestones.reach_milestone(actor, session=session, outcome=outcome, name="interim", note="中期")
        elif action == "exempt":
            milestones.exempt_milestone(actor, session=session, outcome=outcome, name="measured", reason="豁免")
        else:
            milestones.remind_of_milestones(session)
            ask_due_follow_ups(session)

    def last_event(self) -> int:
        return self.session.exec(select(func.max(Event.id))).one() or 0

    @invariant()
    def what_an_entry_may_have_changed_keeps_the_rules(self) -> None:
        """What was refused has changed nothing: each refusal rolled back."""
        last = self.last_event()
        if last != self.checked:
            self.checked = last
            self.there_is_at_most_one_first()
            self.every_certificate_has_its_approval()
            self.oracle.follow()
            self.a_signed_plan_is_the_one_that_was_hashed()
            self.the_counter_is_a_recount()
            self.what_is_private_is_for_the_sides_and_administrators()

    def there_is_at_most_one_first(self) -> None:
        for outcome in self.outcomes:
            assert outcome.state in LIFECYCLE.states
            assert outcome.is_public() == (outcome.state in PUBLIC)
        approved = [each for each in self.outcomes if each.state == APPROVED]
        scopes = [each.scope for each in approved]
        assert len(set(scopes)) == len(scopes)

    def every_certificate_has_its_approval(self) -> None:
        for outcome in self.outcomes:
            issued = self.session.exec(select(Certificate).where(col(Certificate.outcome_id) == outcome.pk)).all()
            assert len(issued) == (outcome.state in (APPROVED, REVOKED))
            assert all(each.is_valid == (outcome.state == APPROVED) for each in issued)

    def a_signed_plan_is_the_one_that_was_hashed(self) -> None:
        for outcome in self.outcomes:
            if outcome.plan_hash:
                assert hash_of_plan(outcome) == outcome.plan_hash
                assert set(signatures_of(self.session, outcome)) == {"supplier", "demand"}

    def the_counter_is_a_recount(self) -> None:
        rows = self.session.exec(select(Outcome).where(col(Outcome.state) == APPROVED)).all()
        assert count_firsts(self.session, Firsts()) == len({row.product_id for row in rows})

    def what_is_private_is_for_the_sides_and_administrators(self) -> None:
        for outcome in self.outcomes:
            for who in (VISITOR, self.world.actor(self.people["stranger"])):
                assert not can(who, "view_private", outcome) and not can(who, "view_files", outcome)
                assert can(who, "view", outcome) == (outcome.state in PUBLIC)

    def teardown(self) -> None:
        self.session.rollback()
        with Session(self.session.get_bind()) as apart:
            assert verify(apart).fault is None


def people_of(world: World) -> dict[str, Account]:
    """Everybody who tries something: both sides, one person of both, a stranger, and administrators of whom one belongs
    to a side and one has just left it."""
    first, second, third = (world.session.get_one(Account, each.account_id) for each in world.reviewers)
    people = {
        "supplier": world.maker_person,
        "demand": world.port_person,
        "both": world.person("both@x.example"),
        "stranger": world.person("stranger@x.example"),
        "first": first,
        "second": second,
        "third": third,
        "partial": world.make_administrator("partial@x.example"),
        "leaver": world.make_administrator("leaver@x.example"),
    }
    for organization in (world.port, world.maker):
        add_member(world.session, account=people["both"], organization=organization, role=Role.EDITOR)
    add_member(world.session, account=people["partial"], organization=world.maker, role=Role.VIEWER)
    left = add_member(world.session, account=people["leaver"], organization=world.maker, role=Role.VIEWER)
    leaver = world.actor(people["leaver"])
    remove_member(leaver, session=world.session, organization=world.maker, membership_id=left.id or 0)
    return people


def run(engine: Engine, examples: int, steps: int) -> None:
    with Session(engine) as session:
        world = World(session)
        session.commit()
        people, oracle = people_of(world), FourEyesOracle(session)
        run_state_machine_as_test(
            lambda: RandomPeople(world, people, oracle),
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )


def test_random_people_never_leave_the_table(engine: Engine) -> None:
    """Two thousand steps on SQLite, five hundred on PostgreSQL."""
    run(engine, examples=50 if engine.dialect.name == "sqlite" else 12, steps=40)
