"""The review of a claim by several administrators, and what they decide together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from sqlmodel import Session, col, select

from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Denied, Invalid, WrongState
from scenario_hall.core.policy import Actor, require
from scenario_hall.core.records import lock
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import record_event
from scenario_hall.log.transitions import apply_transition
from scenario_hall.outcomes import lifecycle
from scenario_hall.outcomes.claim.claim import evidence_present, rules_for
from scenario_hall.outcomes.claim.models import Advice, AdviceKind
from scenario_hall.outcomes.claim.rules import Rules
from scenario_hall.outcomes.models import Outcome
from scenario_hall.outcomes.plan.workdays import end_after
from scenario_hall.outcomes.service import logged_facts

HIGHEST_MARK = 5


def advices_of(session: Session, outcome: Outcome) -> Sequence[Advice]:
    """Those of the present round, the first first."""
    query = select(Advice).where(col(Advice.outcome_id) == outcome.pk, col(Advice.round) == outcome.review_round)
    return session.exec(query.order_by(col(Advice.given_at), col(Advice.account_id))).all()


def advices_shown_to(actor: Actor, session: Session, outcome: Outcome) -> Sequence[Advice]:
    """All, once the round is decided or the actor has given their own; else none."""
    found = advices_of(session, outcome)
    own = any(advice.account_id == actor.account_id for advice in found)
    return found if own or outcome.state != lifecycle.CLAIMED else ()


def give_advice(
    actor: Actor,
    *,
    session: Session,
    outcome: Outcome,
    version: int | None,
    advice: AdviceKind,
    marks: Mapping[str, int],
    reason: str,
    checked: Collection[str] = (),
) -> Outcome:
    """A reviewer's advice; ``checked`` names the kinds of evidence that they looked at. When more than half of
    those whom the rules want agree, the record goes on; when they do not, one more is waited for.

    Raises Denied (a party to it, or one who has said so already), WrongState, Invalid.
    """
    with transaction(session):
        lock(session, outcome, version)
        require(actor, "advise", outcome)
        if outcome.state != lifecycle.CLAIMED or actor.account_id is None:
            raise WrongState(N_("This record is not under review."))
        rules = rules_for(session, outcome)
        before = advices_of(session, outcome)
        if any(each.account_id == actor.account_id for each in before):
            raise Denied(N_("You have given your advice; somebody else must give the next."))
        _check_advice(rules, advice, marks, reason)
        present = evidence_present(session, outcome)
        if advice is AdviceKind.APPROVE and present - set(checked):
            raise Invalid({"checked": N_("Examine every piece of evidence before you advise approval.")})
        session.add(
            Advice(
                outcome_id=outcome.pk,
                round=outcome.review_round,
                account_id=actor.account_id,
                advice=advice,
                marks=dict(marks),
                reason=reason.strip(),
                checked=sorted(present & set(checked)),
            )
        )
        session.flush()
        record_event(session, actor, outcome, "outcome.advised", {"round": outcome.review_round})
        given = [AdviceKind(each.advice) for each in advices_of(session, outcome)]
        decided = decision(given, rules.reviewers)
        if decided is not None:
            _carry_out(actor, session, outcome, decided, rules)
    return outcome


def _check_advice(rules: Rules, advice: AdviceKind, marks: Mapping[str, int], reason: str) -> None:
    faults = {}
    if set(marks) != {each.key for each in rules.rubric} or any(
        not 0 <= mark <= HIGHEST_MARK for mark in marks.values()
    ):
        faults["marks"] = N_("Give every criterion a mark from 0 to 5.")
    elif advice is AdviceKind.APPROVE and 0 in marks.values():
        faults["marks"] = N_("With a 0 in any criterion it cannot be approved.")
    if not reason.strip():
        faults["reason"] = N_("Please give a reason; everyone concerned will read it.")
    if faults:
        raise Invalid(faults)


def decision(advices: Collection[AdviceKind], wanted: int) -> AdviceKind | None:
    """What more than half of the ``wanted`` reviewers say, once all of them have spoken.

    Without such a majority one more is asked (None); when that one does not make it either, the claim goes back to be
    made clearer.
    """
    if len(advices) < wanted:
        return None
    (most, count), *_ = Counter(advices).most_common(1)
    if count > wanted / 2:
        return most
    return AdviceKind.RETURN if len(advices) > wanted else None


def _carry_out(actor: Actor, session: Session, outcome: Outcome, decided: AdviceKind, rules: Rules) -> None:
    reasons = "\n".join(each.reason for each in advices_of(session, outcome) if each.advice == decided)
    if decided is AdviceKind.APPROVE:
        outcome.notice_from = now()
        outcome.notice_until = end_after(outcome.notice_from, rules.notice_working_days, outcome.scenario.region)
        apply_transition(
            session,
            actor,
            outcome,
            "publish",
            data={**logged_facts(outcome), "scope": outcome.scope, "until": outcome.notice_until.isoformat()},
        )
        return
    if decided is AdviceKind.RETURN and outcome.review_round > 1:
        # One correction window, not two.
        decided = AdviceKind.REJECT
    action = "return" if decided is AdviceKind.RETURN else "reject"
    if action == "return":
        outcome.returned_at = now()
    apply_transition(session, actor, outcome, action, reason=reasons, data=logged_facts(outcome))
    outcome.state_reason = reasons
