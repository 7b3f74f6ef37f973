"""A signed plan moves only by amendment: one side proposes, the other signs, and both forms stay readable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlmodel import Session, col, func, select

from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Invalid, NotFound, WrongState
from scenario_hall.core.policy import Actor, parties_spoken_for, require
from scenario_hall.core.records import lock
from scenario_hall.core.texts import N_
from scenario_hall.core.values import MAX_TEXT
from scenario_hall.log.chain import record_event
from scenario_hall.log.transitions import apply_transition
from scenario_hall.outcomes import lifecycle
from scenario_hall.outcomes.models import Outcome
from scenario_hall.outcomes.plan.check import check_plan
from scenario_hall.outcomes.plan.document import SIDES, hash_of_document, plan_document
from scenario_hall.outcomes.plan.metrics import RESULT_FIELDS, PlanMetric
from scenario_hall.outcomes.plan.milestones import lay_milestones
from scenario_hall.outcomes.plan.models import PLAN_TERMS, PlanAmendment, PlanSignature
from scenario_hall.outcomes.plan.platforms import check_move


def amendments_of(session: Session, outcome: Outcome) -> Sequence[PlanAmendment]:
    """The first first, also those that were refused or withdrawn."""
    query = select(PlanAmendment).where(col(PlanAmendment.outcome_id) == outcome.pk)
    return session.exec(query.order_by(col(PlanAmendment.number))).all()


def get_amendment(session: Session, outcome: Outcome, number: int) -> PlanAmendment:
    """Raises NotFound."""
    found = next((each for each in amendments_of(session, outcome) if each.number == number), None)
    if found is None:
        raise NotFound()
    return found


def propose_amendment(
    actor: Actor,
    *,
    session: Session,
    outcome: Outcome,
    version: int | None,
    reason: str,
    place: str,
    starts_on: date | None,
    ends_on: date | None,
    metrics: Sequence[PlanMetric],
    terms: Mapping[str, str],
) -> PlanAmendment:
    """Propose another form of the whole plan; the plan in force stays until the other side signs.

    Raises Denied, WrongState (not signed yet, reported already, or one is open), Invalid (also when nothing changes),
    AlreadyExists (the pilot platform has no place left in these days).
    """
    with transaction(session):
        lock(session, outcome, version)
        require(actor, "amend_plan", outcome)
        _require_amendable(outcome)
        if any(each.state == lifecycle.PROPOSED for each in amendments_of(session, outcome)):
            raise WrongState(N_("There is already an open amendment; decide on it first."))
        check_plan(place, starts_on, ends_on, metrics, terms)
        check_move(session, outcome, starts_on, ends_on)
        if not reason.strip() or len(reason) > MAX_TEXT:
            raise Invalid({"reason": N_("Please give a reason: the other side will read it.")})
        before = plan_document(outcome)
        after = {
            **before,
            "place": place.strip(),
            "starts_on": starts_on.isoformat() if starts_on else None,
            "ends_on": ends_on.isoformat() if ends_on else None,
            **_metrics_and_terms(metrics, terms),
        }
        if after == before:
            raise Invalid({"reason": N_("There is no change from the plan in force.")})
        after["amends"] = outcome.plan_hash
        count = select(func.count()).where(col(PlanAmendment.outcome_id) == outcome.pk)
        amendment = PlanAmendment(
            state=lifecycle.PROPOSED,
            outcome_id=outcome.pk,
            number=session.exec(count).one() + 1,
            proposer_id=outcome.parties()[parties_spoken_for(actor, outcome, SIDES)[0]],
            created_by=actor.account_id,
            reason=reason.strip(),
            before=before,
            after=after,
            before_hash=outcome.plan_hash,
            after_hash=hash_of_document(after),
        )
        session.add(amendment)
        session.flush()
        facts = {"before": amendment.before_hash, "plan": amendment.after_hash, "reason": amendment.reason}
        record_event(session, actor, amendment, "amendment.proposed", facts)
    return amendment


def decide_amendment(
    actor: Actor, *, session: Session, amendment: PlanAmendment, action: str, version: int | None, reason: str = ""
) -> PlanAmendment:
    """Agree (which signs it and puts it in force), refuse, or withdraw one's own.

    Raises Denied, WrongState, Invalid, StaleEdit, AlreadyExists (the pilot platform has no place left in these days).
    """
    with transaction(session):
        outcome = lock(session, amendment.outcome, None)
        lock(session, amendment, version)
        if action == "agree":
            _require_amendable(outcome)
        apply_transition(
            session,
            actor,
            amendment,
            action,
            reason=reason,
            data={"before": amendment.before_hash, "plan": amendment.after_hash},
        )
        amendment.state_reason = reason.strip()
        if action == "agree":
            _put_in_force(session, outcome, amendment, actor)
    return amendment


def _metrics_and_terms(metrics: Sequence[PlanMetric], terms: Mapping[str, str]) -> dict[str, Any]:
    return {
        "metrics": [line.model_dump(mode="json", exclude=RESULT_FIELDS) for line in metrics],
        "terms": {name: terms.get(name, "").strip() for name in sorted(PLAN_TERMS)},
    }


def _put_in_force(session: Session, outcome: Outcome, amendment: PlanAmendment, actor: Actor) -> None:
    after = amendment.after
    starts_on, ends_on = date.fromisoformat(after["starts_on"]), date.fromisoformat(after["ends_on"])
    check_move(session, outcome, starts_on, ends_on)
    outcome.place, outcome.plan_terms = after["place"], dict(after["terms"])
    outcome.starts_on, outcome.ends_on = starts_on, ends_on
    outcome.metrics = [PlanMetric.model_validate(line).model_dump(mode="json") for line in after["metrics"]]
    outcome.amends, outcome.plan_hash = amendment.before_hash, amendment.after_hash
    lay_milestones(session, outcome)
    parties = outcome.parties()
    for side in SIDES:
        signer = amendment.created_by if parties[side] == amendment.proposer_id else actor.account_id
        session.add(PlanSignature(outcome_id=outcome.pk, side=side, plan_hash=amendment.after_hash, account_id=signer))
    record_event(
        session,
        actor,
        outcome,
        "outcome.plan_amended",
        {"before": amendment.before_hash, "plan": amendment.after_hash, "amendment": amendment.number},
    )


def _require_amendable(outcome: Outcome) -> None:
    if outcome.state not in lifecycle.AMENDABLE:
        raise WrongState(
            N_("A plan can be amended only after both sides have signed it and before its results are reported.")
        )
