"""What the form of a claim shows beside its fields: the rules, the evidence, and what the hall computes from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from scenario_hall.core.clock import local_today
from scenario_hall.core.files import StoredFile, files_of
from scenario_hall.core.policy import Actor, require
from scenario_hall.outcomes.claim.claim import evidence_present
from scenario_hall.outcomes.claim.evidence import Checked, check_evidence
from scenario_hall.outcomes.claim.rules import EvidenceMatrix, Rules, Scope, rules_on
from scenario_hall.outcomes.models import Outcome, OutcomeKind
from scenario_hall.outcomes.service import get_outcome


@dataclass(frozen=True)
class ClaimDossier:
    """A record that is to be claimed, with today's rules."""

    outcome: Outcome
    rules: Rules


@dataclass(frozen=True)
class ClaimEvidence:
    """What evidence a claim in one scope needs and has, and whether what is stated of it agrees."""

    matrix: EvidenceMatrix
    checks: Sequence[Checked]
    present: frozenset[str]
    files: Sequence[StoredFile]


def claim_dossier(session: Session, actor: Actor, code: str) -> ClaimDossier:
    """Raises NotFound, Denied."""
    outcome = get_outcome(session, code)
    require(actor, "claim", outcome)
    return ClaimDossier(outcome, rules_on(session, local_today()))


def claim_evidence(
    session: Session, dossier: ClaimDossier, scope: Scope, facts: Mapping[str, Mapping[str, str]]
) -> ClaimEvidence:
    """The evidence held against ``facts``, as they were typed or stated before."""
    outcome, rules = dossier.outcome, dossier.rules
    present = evidence_present(session, outcome)
    return ClaimEvidence(
        matrix=rules.matrix(OutcomeKind(outcome.kind), scope, present, outcome.product.domains),
        checks=check_evidence(session, outcome, facts, rules, present),
        present=frozenset(present),
        files=files_of(session, "outcome", outcome.pk),
    )
