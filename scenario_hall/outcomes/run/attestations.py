"""A trial at a pilot platform, and the platform's attestation of its results."""

from __future__ import annotations

from sqlmodel import Session

from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Denied, Invalid, WrongState
from scenario_hall.core.policy import Actor, require
from scenario_hall.core.records import lock
from scenario_hall.core.texts import N_
from scenario_hall.core.values import MAX_TEXT
from scenario_hall.log.chain import record_event
from scenario_hall.outcomes import lifecycle
from scenario_hall.outcomes.models import Outcome
from scenario_hall.outcomes.run.models import Attestation
from scenario_hall.outcomes.service import results_hash

ATTESTABLE = frozenset({lifecycle.REPORTED, lifecycle.CONFIRMED, lifecycle.RETURNED})


def attestation_of(session: Session, outcome: Outcome) -> Attestation | None:
    """The attestation of the results as they stand; one of earlier results counts no more."""
    if outcome.platform_id is None:
        return None
    return session.get(Attestation, (outcome.pk, results_hash(outcome)))


def attest(actor: Actor, *, session: Session, outcome: Outcome, version: int | None, statement: str) -> Attestation:
    """The platform signs what it saw. Raises Denied, WrongState (nothing reported, attested already), Invalid."""
    with transaction(session):
        lock(session, outcome, version)
        require(actor, "attest", outcome)
        if outcome.platform_id is None:
            raise Denied()
        if outcome.state not in ATTESTABLE:
            raise WrongState(N_("Results can be attested only after they are reported and before a claim is made."))
        if attestation_of(session, outcome) is not None:
            raise WrongState(N_("These results have already been attested."))
        if not statement.strip() or len(statement) > MAX_TEXT:
            raise Invalid({"statement": N_("Describe what was observed, how and by whom.")})
        digest = results_hash(outcome)
        made = Attestation(
            outcome_id=outcome.pk,
            results_hash=digest,
            platform_id=outcome.platform_id,
            statement=statement.strip(),
            account_id=actor.account_id,
        )
        session.add(made)
        record_event(session, actor, outcome, "outcome.attested", {"platform": outcome.platform_id, "results": digest})
    return made
