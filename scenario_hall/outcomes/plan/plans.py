"""A plan that cannot move: both sides sign its canonical form, and the hash of it is an event."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from scenario_hall.core.canonical import canonical_json
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Denied, WrongState
from scenario_hall.core.policy import Actor
from scenario_hall.core.records import lock
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import record_event
from scenario_hall.log.transitions import apply_transition, check
from scenario_hall.outcomes.models import Outcome, PlanSignature
from scenario_hall.outcomes.plan.milestones import lay_milestones

SIDES = ("supplier", "demand")


def plan_document(outcome: Outcome) -> dict[str, Any]:
    """The plan as it is signed; what was measured is no part of it. An amended plan names the one before it."""
    document: dict[str, Any] = {
        "outcome": outcome.code,
        "kind": outcome.kind,
        "application": outcome.application.code,
        "scenario": outcome.scenario.code,
        "product": outcome.product.code,
        "product_version": outcome.product_version.number,
        "place": outcome.place,
        "starts_on": outcome.starts_on.isoformat() if outcome.starts_on else None,
        "ends_on": outcome.ends_on.isoformat() if outcome.ends_on else None,
        "metrics": [line.model_dump(mode="json", exclude={"measured", "note"}) for line in outcome.metric_lines],
        "terms": dict(sorted(outcome.plan_terms.items())),
    }
    if outcome.platform_id is not None:
        document["platform"] = {"organization": outcome.platform_id, "role": outcome.platform_role}
    return {**document, "amends": outcome.amends} if outcome.amends else document


def hash_of_plan(outcome: Outcome) -> str:
    """SHA-256 of the plan's canonical form, 64 hexadecimal digits."""
    return hash_of_document(plan_document(outcome))


def hash_of_document(document: Mapping[str, Any]) -> str:
    """SHA-256 of a plan document's canonical form, 64 hexadecimal digits."""
    return hashlib.sha256(canonical_json(document).encode()).hexdigest()


def signatures_of(session: Session, outcome: Outcome) -> dict[str, PlanSignature]:
    """Side → its signature under the plan as it stands."""
    query = select(PlanSignature).where(
        col(PlanSignature.outcome_id) == outcome.pk, col(PlanSignature.plan_hash) == hash_of_plan(outcome)
    )
    return {row.side: row for row in session.exec(query)}


def sign_plan(actor: Actor, *, session: Session, outcome: Outcome, version: int | None) -> Outcome:
    """Sign for the actor's side; with the second signature the plan is locked. Signing twice is nothing.

    Raises Denied, WrongState (signed by this side already, or not to be signed any more).
    """
    with transaction(session):
        lock(session, outcome, version)
        check(actor, outcome, "sign")
        signed = signatures_of(session, outcome)
        side = _side_to_sign(actor, outcome, signed)
        digest = hash_of_plan(outcome)
        session.add(PlanSignature(outcome_id=outcome.pk, side=side, plan_hash=digest, account_id=actor.account_id))
        if len(signed) + 1 < len(SIDES):
            record_event(session, actor, outcome, "outcome.signature", {"side": side, "plan": digest})
            return outcome
        outcome.plan_hash = digest
        lay_milestones(session, outcome)
        apply_transition(session, actor, outcome, "sign", data={"side": side, "plan": digest})
    return outcome


def _side_to_sign(actor: Actor, outcome: Outcome, signed: dict[str, PlanSignature]) -> str:
    parties = outcome.parties()
    own = [side for side in SIDES if actor.is_system or actor.edits(parties[side])]
    if not own:
        raise Denied()
    side = next((side for side in own if side not in signed), None)
    if side is None:
        raise WrongState(N_("Your side has signed already; the other side's signature is missing."))
    # Whoever edits both sides' organisations still signs twice, once for each.
    return side
