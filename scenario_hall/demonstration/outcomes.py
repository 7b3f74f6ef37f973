"""Plays what follows one accepted application of the demonstration: plan, trial, report and claim."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from scenario_hall.core.clock import local_today
from scenario_hall.core.files import store_file
from scenario_hall.core.policy import Actor
from scenario_hall.demonstration.cast import Row, Scene, Stage
from scenario_hall.organizations.accounts import actor_of
from scenario_hall.organizations.models import Organization
from scenario_hall.outcomes.adoption.follow_ups import answer_follow_up, follow_ups_of
from scenario_hall.outcomes.adoption.models import Answers
from scenario_hall.outcomes.certificate.service import revoke_outcome
from scenario_hall.outcomes.claim.claim import EVIDENCE_ROLE, claim_first, evidence_present
from scenario_hall.outcomes.claim.models import AdviceKind
from scenario_hall.outcomes.claim.notice import approve_first
from scenario_hall.outcomes.claim.review import give_advice
from scenario_hall.outcomes.claim.rules import Fact, Scope, rules_on, shipped_rules
from scenario_hall.outcomes.models import Cause, Outcome, OutcomeKind
from scenario_hall.outcomes.plan.metrics import PlanMetric
from scenario_hall.outcomes.plan.milestones import reach_milestone
from scenario_hall.outcomes.plan.service import plan_outcome, sign_plan
from scenario_hall.outcomes.run.service import confirm_results, report_results, start_outcome, stop_outcome

DAYS_A_MONTH = 30.5
ANSWERED_AFTER = 11  # days: later than any weekend or holiday on which the hall does not ask
NOTICE_DAYS = 16  # days that hold five working days even around the National Day
REVIEWED = {
    AdviceKind.APPROVE: "计划、数据与佐证一致，所申报范围内未见更早记录。",
    AdviceKind.RETURN: "请补充第三方检测数据。",
    AdviceKind.REJECT: "未能证明在所申报范围内为首次。",
}


class OutcomeStory:
    """The steps of one outcome; ``row`` is its application's, ``given`` what the story says of the outcome."""

    def __init__(self, stage: Stage, row: Row, given: Row) -> None:
        self.stage, self.row, self.facts = stage, row, given

    def scenes(self, day: float) -> Iterator[Scene]:
        ways = {
            "planned": [],
            "running": ["sign", "start"],
            "failed": ["sign", "start", "fail"],
            "reported": ["sign", "start", "report"],
            "confirmed": ["sign", "start", "report", "confirm"],
            "claimed": ["sign", "start", "report", "confirm", "claim"],
            "on_notice": ["sign", "start", "report", "confirm", "claim", "review approve"],
            "returned": ["sign", "start", "report", "confirm", "claim", "review return"],
            "rejected": ["sign", "start", "report", "confirm", "claim", "review reject"],
            "approved": ["sign", "start", "report", "confirm", "claim", "review approve", "approve"],
            "revoked": ["sign", "start", "report", "confirm", "claim", "review approve", "approve", "revoke"],
        }
        planned = day * 0.78
        started = min(planned - 0.2, float(self.facts["starts_days_ago"]))
        reported = min(started - 0.2, float(self.facts["ends_days_ago"]) - 0.2)
        days = {
            "sign": planned - 0.1,
            "start": started,
            "fail": started - 0.1,
            "report": reported,
            "confirm": reported - 0.2,
            "claim": reported - 0.4,
            "review": reported - 0.6,
            "approve": reported - 0.6 - NOTICE_DAYS,
            "revoke": reported - 2 - NOTICE_DAYS,
        }
        yield Scene(planned, order=8, play=self.plan)
        for place, action in enumerate(ways[self.facts["state"]], start=1):
            moment = max(days[action.split()[0]], 0.0)
            yield Scene(moment, order=8 + place, play=partial(self.move, action))
        for given in self.facts.get("follow_ups", ()):
            asked = days["approve"] - given["month"] * DAYS_A_MONTH
            yield Scene(max(asked - ANSWERED_AFTER, 0.0), order=21, play=partial(self.answer, given))

    def plan(self) -> None:
        application = self.stage.applications[self.row["key"]]
        fields = ("metric", "comparison", "value", "value_high", "unit")
        self.stage.outcomes[self.row["key"]] = plan_outcome(
            actor_of(self.stage.session, self.stage.spokesman_of(application.organization_id)),
            session=self.stage.session,
            application=application,
            kind=OutcomeKind(self.facts["kind"]),
            place=self.facts["place"],
            starts_on=self.stage.today - timedelta(days=self.facts["starts_days_ago"]),
            ends_on=self.stage.today - timedelta(days=self.facts["ends_days_ago"]),
            metrics=[
                PlanMetric.model_validate({name: line.get(name) for name in fields if line.get(name) is not None})
                for line in self.facts["metrics"]
            ],
        )

    def move(self, action: str) -> None:
        outcome = self.stage.outcomes[self.row["key"]]
        supplier = actor_of(self.stage.session, self.stage.spokesman_of(outcome.supplier_id))
        demand = actor_of(self.stage.session, self.stage.spokesman_of(outcome.demand_id))
        reason = self.facts.get("reason") or ""
        if action == "report":
            self.reach(supplier, outcome, "interim", "measured")
            report_results(
                supplier,
                session=self.stage.session,
                outcome=outcome,
                version=None,
                measured=[line.get("measured") for line in self.facts["metrics"]],
                summary=self.facts.get("summary") or "已按计划完成。",
                lessons=self.facts.get("lessons") or "",
            )
        elif action == "sign":
            for side in (supplier, demand):
                sign_plan(side, session=self.stage.session, outcome=outcome, version=None)
        elif action == "claim":
            self.claim(supplier, outcome)
        elif action.startswith("review"):
            self.review(outcome, AdviceKind(action.split()[1]), reason)
        elif action == "approve":
            approve_first(self.stage.administrator, session=self.stage.session, outcome=outcome, version=None)
        elif action == "revoke":
            revoke_outcome(
                self.stage.administrator,
                session=self.stage.session,
                outcome=outcome,
                version=None,
                reason=reason or "佐证材料有误。",
            )
        elif action == "fail":
            stop_outcome(
                supplier,
                session=self.stage.session,
                outcome=outcome,
                version=None,
                cause=Cause.SITE,
                reason=reason or "现场条件不满足，停止试验。",
                lessons=self.facts.get("lessons") or "",
                is_public=bool(self.facts.get("lessons")),
            )
        elif action == "start":
            self.reach(demand, outcome, "site_ready")
            start_outcome(supplier, session=self.stage.session, outcome=outcome)
        elif action == "confirm":
            confirm_results(demand, session=self.stage.session, outcome=outcome)
        else:
            raise ValueError(f"no step of an outcome record: {action}")

    def review(self, outcome: Outcome, advice: AdviceKind, reason: str) -> None:
        """The advice of both reviewers."""
        for place in range(2):
            give_advice(
                self.stage.reviewer(place),
                session=self.stage.session,
                outcome=outcome,
                version=None,
                advice=advice,
                marks={each.key: 4 if advice is AdviceKind.APPROVE else 1 for each in shipped_rules()[-1].rubric},
                checked=evidence_present(self.stage.session, outcome),
                reason=reason if reason and advice is not AdviceKind.APPROVE else REVIEWED[advice],
            )

    def answer(self, given: Row) -> None:
        """One side's follow-up answer; skipped while a long holiday has kept the hall from asking."""
        outcome = self.stage.outcomes[self.row["key"]]
        if not any(
            each.month == given["month"] and each.is_open for each in follow_ups_of(self.stage.session, outcome)
        ):
            return
        side = outcome.supplier_id if given["by"] == "supplier" else outcome.demand_id
        answer_follow_up(
            actor_of(self.stage.session, self.stage.spokesman_of(side)),
            session=self.stage.session,
            outcome=outcome,
            month=given["month"],
            version=None,
            answers=Answers.model_validate({name: given[name] for name in Answers.model_fields if name in given}),
        )

    def reach(self, side: Actor, outcome: Outcome, *names: str) -> None:
        for name in names:
            reach_milestone(side, session=self.stage.session, outcome=outcome, name=name)

    def claim(self, supplier: Actor, outcome: Outcome) -> None:
        """The evidence that the rules ask for, then the claim."""
        kind, scope = OutcomeKind(outcome.kind), Scope(self.facts.get("scope") or Scope.CITY)
        rules = rules_on(self.stage.session, local_today())
        matrix = rules.matrix(kind, scope, (), outcome.product.domains)
        brought = (*matrix.required, *(group[0] for group in matrix.one_of))
        for key in brought:
            store_file(
                self.stage.session,
                self.stage.files,
                stream=io.BytesIO(_evidence_page(outcome, key)),
                name=f"{key}.txt",
                subject_kind="outcome",
                subject_id=outcome.pk,
                role=f"{EVIDENCE_ROLE}{key}",
                uploaded_by=supplier.account_id,
            )
        claim_first(
            supplier,
            session=self.stage.session,
            outcome=outcome,
            version=None,
            scope=scope,
            declarations={"earlier_sales": "无", "equity_link": "无", "why_first": "所申报范围内未见更早的同类使用。"},
            facts={key: {fact: self.stated(outcome, fact) for fact in rules.facts_of(key)} for key in brought},
        )

    def stated(self, outcome: Outcome, fact: Fact) -> str:
        """The facts stated for one piece of evidence of this trial or use."""
        names = {Fact.PAYER: outcome.demand_id, Fact.PAYEE: outcome.supplier_id}
        if fact in names:
            return self.stage.session.get_one(Organization, names[fact]).name
        if fact is Fact.AMOUNT:
            return "486000 CNY"
        if fact is Fact.NUMBER:
            return f"演示-{outcome.code}"
        last = outcome.ends_on or local_today()
        return (last + timedelta(days=365) if fact is Fact.VALID_UNTIL else min(last, local_today())).isoformat()


def _evidence_page(outcome: Outcome, key: str) -> bytes:
    name = shipped_rules()[-1].evidence_name(key, "zh_Hans")
    return f"{name}(演示)\n{outcome.code} {outcome.product.title}\n{outcome.summary}\n".encode()
