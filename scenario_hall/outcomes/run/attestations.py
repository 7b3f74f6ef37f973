"""A trial at a pilot platform, and the platform's attestation of its results."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from datetime import date

from sqlmodel import Session, col, func, select

from scenario_hall.applications.models import Application
from scenario_hall.core.canonical import canonical_json
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import AlreadyExists, Denied, Invalid, WrongState
from scenario_hall.core.policy import Actor, require
from scenario_hall.core.records import lock
from scenario_hall.core.texts import N_
from scenario_hall.core.values import MAX_TEXT
from scenario_hall.log.chain import record_event
from scenario_hall.organizations.lifecycle import VERIFIED
from scenario_hall.organizations.models import Organization
from scenario_hall.outcomes import lifecycle
from scenario_hall.outcomes.models import Outcome, OutcomeKind, PlatformRole
from scenario_hall.outcomes.plan.models import Attestation

# While it is in one of these, a hosted trial takes one of its platform's places.
HOSTED_STATES = (lifecycle.PLANNED, lifecycle.SIGNED, lifecycle.RUNNING)
ATTESTABLE = frozenset({lifecycle.REPORTED, lifecycle.CONFIRMED, lifecycle.RETURNED})


def check_platform(
    session: Session,
    application: Application,
    kind: OutcomeKind,
    platform: Organization,
    role: PlatformRole,
    starts_on: date | None,
    ends_on: date | None,
) -> None:
    """Raise Invalid (not recognised, a party, a use), or AlreadyExists when all its places are taken in these days."""
    if platform.state != VERIFIED or not platform.is_pilot_recognised:
        raise Invalid({"platform": N_("This organisation is no recognised pilot platform.")})
    if platform.pk in application.parties().values():
        raise Invalid({"platform": N_("A pilot platform cannot attest to a trial of its own.")})
    if role is PlatformRole.HOST and kind is OutcomeKind.FIRST_USE:
        raise Invalid({"kind": N_("A pilot-scale test is not a first use; plan it as a first trial.")})
    if role is PlatformRole.HOST:
        # Two plans at once must not both take the last place.
        session.refresh(platform, with_for_update=True)
        overlapping = select(func.count()).where(
            col(Outcome.platform_id) == platform.pk,
            col(Outcome.platform_role) == PlatformRole.HOST,
            col(Outcome.state).in_(HOSTED_STATES),
            col(Outcome.starts_on) <= ends_on,
            col(Outcome.ends_on) >= starts_on,
        )
        if session.exec(overlapping).one() >= platform.pilot_capacity:
            raise AlreadyExists(
                N_("“%(name)s” hosts %(capacity)s trials at a time; all places are taken in these days."),
                name=platform.name,
                capacity=platform.pilot_capacity,
            )


def hosted_by_platform(session: Session) -> Mapping[int, int]:
    """Platform → how many trials it hosts or is going to host."""
    query = select(Outcome.platform_id).where(
        col(Outcome.platform_role) == PlatformRole.HOST, col(Outcome.state).in_(HOSTED_STATES)
    )
    return Counter(key for key in session.exec(query) if key is not None)


def results_hash(outcome: Outcome) -> str:
    """SHA-256 of the plan's hash and the measured values, 64 hexadecimal digits."""
    results = {"plan": outcome.plan_hash, "measured": [line.measured for line in outcome.metric_lines]}
    return hashlib.sha256(canonical_json(results).encode()).hexdigest()


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
            raise WrongState(N_("Results are attested after they are reported and before they are claimed."))
        if attestation_of(session, outcome) is not None:
            raise WrongState(N_("These results are attested already."))
        if not statement.strip() or len(statement) > MAX_TEXT:
            raise Invalid({"statement": N_("Say what was seen, how, and by whom.")})
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
