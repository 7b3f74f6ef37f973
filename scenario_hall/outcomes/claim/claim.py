"""The claim to be a first: evidence, declarations, and the checks before it is made."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import Session, col, select

from scenario_hall.core.clock import local_today, now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import AlreadyExists, Invalid, WrongState
from scenario_hall.core.files import files_of
from scenario_hall.core.lines import require_lines
from scenario_hall.core.policy import Actor
from scenario_hall.core.records import lock
from scenario_hall.core.texts import N_
from scenario_hall.core.values import MAX_TEXT
from scenario_hall.log.transitions import apply_transition, check
from scenario_hall.outcomes import lifecycle
from scenario_hall.outcomes.claim.evidence import Checked, Facts, check_evidence, clean_facts, patent_number
from scenario_hall.outcomes.claim.independence import is_independent, require_facts_verified
from scenario_hall.outcomes.claim.models import CLAIM_DECLARATIONS
from scenario_hall.outcomes.claim.rules import EvidenceMatrix, Fact, Rules, Scope, rules_of, rules_on
from scenario_hall.outcomes.models import Outcome, OutcomeKind
from scenario_hall.outcomes.plan.workdays import end_after
from scenario_hall.outcomes.run.attestations import attestation_of
from scenario_hall.outcomes.service import logged_facts

EVIDENCE_ROLE = "evidence."


ATTESTATION = "attestation"
NOT_INDEPENDENT = N_("The two sides have the same owner or legal representative; a first use needs a different user.")


def evidence_present(session: Session, outcome: Outcome) -> set[str]:
    """The kinds of evidence that have a file, and the attestation where there is one."""
    roles = (file.role for file in files_of(session, "outcome", outcome.pk))
    present = {role.removeprefix(EVIDENCE_ROLE) for role in roles if role.startswith(EVIDENCE_ROLE)}
    # A platform's attestation is signed in the hall: a file of that name is none.
    return present - {ATTESTATION} | ({ATTESTATION} if attestation_of(session, outcome) is not None else set())


def matrix_of(session: Session, outcome: Outcome, scope: Scope) -> EvidenceMatrix:
    """What evidence a claim in ``scope`` needs, has and lacks, by the rules in force (or those it was made under)."""
    return rules_for(session, outcome).matrix(
        OutcomeKind(outcome.kind), scope, evidence_present(session, outcome), outcome.product.domains
    )


def rules_for(session: Session, outcome: Outcome) -> Rules:
    """The rules that the claim was made under; before it, those of today."""
    return rules_of(session, outcome.rules_version) if outcome.rules_version else rules_on(session, local_today())


def claim_first(
    actor: Actor,
    *,
    session: Session,
    outcome: Outcome,
    version: int | None,
    scope: Scope,
    declarations: Mapping[str, str],
    facts: Facts | None = None,
) -> Outcome:
    """Claim to be the first in ``scope``; after a return, once more within the correction window. ``facts``: what is
    stated of each piece of evidence; None: what was stated before.

    Raises Denied, WrongState (also while a side's changed details wait for verification), Invalid (evidence or a
    declaration is missing, what is stated does not agree, the user is not independent), AlreadyExists (there is a first
    already).
    """
    with transaction(session):
        lock(session, outcome, version)
        check(actor, outcome, "claim")
        require_facts_verified(session, outcome)
        rules = rules_on(session, local_today())
        if outcome.state == lifecycle.RETURNED:
            _require_in_correction_window(outcome, rules)
        faults = {
            name: N_("Please declare this; write “none” if there is nothing to declare.")
            for name in CLAIM_DECLARATIONS
            if not declarations.get(name, "").strip()
        }
        if any(len(text) > MAX_TEXT for text in declarations.values()):
            faults["why_first"] = N_("This is too long.")
        outcome.rules_version = rules.version
        matrix = matrix_of(session, outcome, scope)
        _keep_facts(outcome, facts, rules)
        if matrix.missing:
            faults["evidence"] = N_("Evidence is missing for this kind and scope.")
        elif not all(each.holds for each in checks_of(session, outcome)):
            faults["evidence"] = N_("The details given for the evidence do not agree; the marks below show where.")
        if outcome.kind == OutcomeKind.FIRST_USE and not is_independent(session, outcome):
            faults["equity_link"] = NOT_INDEPENDENT
        if faults:
            raise Invalid(faults)
        refuse_second(session, outcome, scope, rules)
        outcome.scope = scope
        outcome.declarations = {name: declarations[name].strip() for name in CLAIM_DECLARATIONS}
        outcome.claimed_at, outcome.review_round, outcome.state_reason = now(), outcome.review_round + 1, ""
        apply_transition(
            session, actor, outcome, "claim", data={**logged_facts(outcome), "scope": scope, "rules": rules.version}
        )
    return outcome


def state_facts(actor: Actor, *, session: Session, outcome: Outcome, facts: Facts) -> Outcome:
    """Keep what is stated of the evidence while the claim is prepared. Raises Denied, WrongState."""
    with transaction(session):
        session.refresh(outcome, with_for_update=True)
        check(actor, outcome, "claim")
        _keep_facts(outcome, facts, rules_on(session, local_today()))
        session.add(outcome)
    return outcome


def _keep_facts(outcome: Outcome, facts: Facts | None, rules: Rules) -> None:
    if facts is not None:
        outcome.evidence_facts = clean_facts(facts, rules)
        stated = (text for each in outcome.evidence_facts.values() for text in each.values())
        require_lines(lines={"evidence": stated})
        outcome.patent_number = patent_number(outcome.evidence_facts.get("patent", {}).get(Fact.NUMBER, ""))


def checks_of(session: Session, outcome: Outcome) -> list[Checked]:
    """What the hall computes from what was stated of the evidence."""
    return check_evidence(
        session, outcome, outcome.evidence_facts, rules_for(session, outcome), evidence_present(session, outcome)
    )


def refuse_second(session: Session, outcome: Outcome, scope: Scope, rules: Rules) -> None:
    """Raise AlreadyExists when the product has an approved first of this kind in the scope or a wider one."""
    query = select(Outcome.code).where(
        col(Outcome.product_id) == outcome.product_id,
        col(Outcome.kind) == outcome.kind,
        col(Outcome.state) == lifecycle.APPROVED,
        col(Outcome.scope).in_(rules.covering(scope)),
        col(Outcome.id) != outcome.pk,
    )
    code = session.exec(query).first()
    if code is not None:
        raise AlreadyExists(
            N_("This product already has an approved record of this kind (%(code)s); there can be only one first."),
            code=code,
        )


def _require_in_correction_window(outcome: Outcome, rules: Rules) -> None:
    if outcome.returned_at is None:
        return
    until = end_after(outcome.returned_at, rules.correction_working_days, outcome.scenario.region)
    if now() > until:
        raise WrongState(N_("The time for corrections has passed."))
