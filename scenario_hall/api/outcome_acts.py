"""What is done with a trial or use: sign, start, report, confirm, claim, review, notice, approve."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import create_model

from scenario_hall.api.acts import Act
from scenario_hall.api.declaring import Call
from scenario_hall.api.outcome_bodies import (
    Advice,
    Amendment,
    AmendmentDecision,
    Claim,
    MilestoneWord,
    ObjectionAnswer,
    Report,
    Statement,
    Stop,
)
from scenario_hall.api.values import Asked, WrittenText
from scenario_hall.core.texts import N_
from scenario_hall.organizations.tokens import Scope
from scenario_hall.outcomes.certificate.service import revoke_outcome
from scenario_hall.outcomes.claim.claim import claim_first
from scenario_hall.outcomes.claim.notice import approve_first
from scenario_hall.outcomes.claim.objections import answer_objection, object_to_notice
from scenario_hall.outcomes.claim.review import give_advice
from scenario_hall.outcomes.plan.amendments import decide_amendment, get_amendment, propose_amendment
from scenario_hall.outcomes.plan.milestones import exempt_milestone, reach_milestone
from scenario_hall.outcomes.plan.service import sign_plan
from scenario_hall.outcomes.run.attestations import attest
from scenario_hall.outcomes.run.service import (
    confirm_results,
    object_to_results,
    report_results,
    start_outcome,
    stop_outcome,
)


def _plain(service: Callable[..., Any], scopes: tuple[Scope, ...] = ()) -> Act:
    """A service that takes nothing but the record."""
    return Act(
        lambda call: service(call.actor, session=call.session, outcome=call.record, version=call.version), scopes=scopes
    )


def _with_reason(service: Callable[..., Any], scopes: tuple[Scope, ...] = ()) -> Act:
    return Act(
        lambda call: service(
            call.actor, session=call.session, outcome=call.record, version=call.version, reason=call.body.reason
        ),
        scopes=scopes,
    )


def _report(call: Call) -> object:
    sent: Report = call.body
    return report_results(
        call.actor,
        session=call.session,
        outcome=call.record,
        version=call.version,
        measured=sent.measured,
        summary=sent.summary,
        lessons=sent.lessons,
    )


def _stop(call: Call) -> object:
    sent: Stop = call.body
    return stop_outcome(
        call.actor,
        session=call.session,
        outcome=call.record,
        version=call.version,
        cause=sent.cause,
        reason=sent.reason,
        lessons=sent.lessons,
        is_public=sent.is_public,
    )


def _claim(call: Call) -> object:
    sent: Claim = call.body
    facts = None if sent.facts is None else {kind: dict(stated) for kind, stated in sent.facts.items()}
    return claim_first(
        call.actor,
        session=call.session,
        outcome=call.record,
        version=call.version,
        scope=sent.scope,
        declarations=sent.declarations.model_dump(),
        facts=facts,  # type: ignore[arg-type]
    )


def _advise(call: Call) -> object:
    sent: Advice = call.body
    return give_advice(
        call.actor,
        session=call.session,
        outcome=call.record,
        version=call.version,
        advice=sent.advice,
        marks=sent.marks,
        reason=sent.reason,
        checked=sent.checked,
    )


def _answer_objection(call: Call) -> object:
    return answer_objection(
        call.actor,
        session=call.session,
        outcome=call.record,
        objection_id=call.body.objection,
        answer=call.body.answer,
        is_upheld=call.body.is_upheld,
    )


def _amend(call: Call) -> object:
    sent: Amendment = call.body
    return propose_amendment(
        call.actor,
        session=call.session,
        outcome=call.record,
        version=call.version,
        reason=sent.reason,
        **sent.plan(),
    )


def _decide_amendment(call: Call) -> object:
    sent: AmendmentDecision = call.body
    return decide_amendment(
        call.actor,
        session=call.session,
        amendment=get_amendment(call.session, call.record, sent.number),
        action=sent.decision,
        version=sent.version,
        reason=sent.reason,
    )


CERTIFY = (Scope.CERTIFY,)
STOP_EXAMPLE = {"cause": "weather", "reason": "…", "lessons": "", "is_public": False}
# The lifecycle's publish, return and reject are what reviewers advise together, uphold what an objection's answer says.
BY_OTHERS = {"publish": "advise", "return": "advise", "reject": "advise", "uphold": "answer_objection"}
ACTS: dict[str, Act] = {
    "sign": _plain(sign_plan),
    "abandon": Act(_stop, Stop, example=STOP_EXAMPLE),
    "start": _plain(start_outcome),
    "report": Act(_report, Report, example={"measured": [43], "summary": "…", "lessons": ""}),
    "fail": Act(_stop, Stop, example=STOP_EXAMPLE),
    "confirm": _plain(confirm_results),
    "object": _with_reason(object_to_results),
    "attest": Act(
        lambda call: attest(
            call.actor,
            session=call.session,
            outcome=call.record,
            version=call.version,
            statement=call.body.statement,
        ),
        Statement,
        N_("Attest to the results, as the pilot platform"),
        (Scope.TRIALS,),
        {"statement": "…"},
    ),
    "amend_plan": Act(
        _amend,
        Amendment,
        N_("Propose a change of the signed plan"),
        (Scope.TRIALS,),
        {
            "place": "3号泊位",
            "starts_on": "2026-11-01",
            "ends_on": "2026-11-12",
            "metrics": [{"metric": "续航时间", "comparison": "at_least", "value": 40, "unit": "min"}],
            "reason": "…",
        },
    ),
    "decide_amendment": Act(
        _decide_amendment,
        AmendmentDecision,
        N_("Agree to a change of the plan, refuse it, or withdraw one's own"),
        (Scope.TRIALS,),
        {"number": 1, "version": 1, "decision": "agree"},
    ),
    "reach_milestone": Act(
        lambda call: reach_milestone(
            call.actor, session=call.session, outcome=call.record, name=call.body.name, note=call.body.text
        ),
        MilestoneWord,
        N_("Say that a milestone is reached"),
        (Scope.TRIALS,),
        {"name": "interim", "text": "…"},
    ),
    "exempt_milestone": Act(
        lambda call: exempt_milestone(
            call.actor, session=call.session, outcome=call.record, name=call.body.name, reason=call.body.text
        ),
        MilestoneWord,
        N_("Let a milestone go, with a reason"),
        (Scope.REVIEW,),
        {"name": "interim", "text": "…"},
    ),
    "claim": Act(
        _claim,
        Claim,
        example={"scope": "city", "declarations": {"earlier_sales": "无", "equity_link": "无", "why_first": "…"}},
    ),
    "advise": Act(
        _advise,
        Advice,
        N_("Advise on a claim, as one of its reviewers"),
        (Scope.REVIEW,),
        {
            "advice": "approve",
            "marks": {"novelty": 4, "reality": 4, "results": 4, "evidence": 4},
            "reason": "…",
            "checked": ["trial_report", "acceptance"],
        },
    ),
    "object_publicly": Act(
        lambda call: object_to_notice(call.actor, session=call.session, outcome=call.record, reason=call.body.reason),
        create_model("Objection", __base__=Asked, reason=(WrittenText, ...)),
        N_("Object during the public notice"),
        (Scope.TRIALS,),
        {"reason": "…"},
    ),
    "answer_objection": Act(
        _answer_objection,
        ObjectionAnswer,
        N_("Answer an objection"),
        (Scope.REVIEW,),
        {"objection": 1, "answer": "…", "is_upheld": False},
    ),
    "approve": _plain(approve_first, CERTIFY),
    "revoke": _with_reason(revoke_outcome, CERTIFY),
}
