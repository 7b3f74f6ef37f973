"""What the page of a trial or use shows of its claim, review and public notice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from scenario_hall.core.policy import Actor
from scenario_hall.organizations.models import Account
from scenario_hall.outcomes.claim.claim import checks_of, evidence_present, matrix_of, rules_for
from scenario_hall.outcomes.claim.evidence import Checked
from scenario_hall.outcomes.claim.models import Advice, Objection
from scenario_hall.outcomes.claim.objections import may_object, objections_to
from scenario_hall.outcomes.claim.prior_art import PriorArtReport, prior_art_report
from scenario_hall.outcomes.claim.review import advices_of, advices_shown_to
from scenario_hall.outcomes.claim.rules import EvidenceMatrix, Rules, Scope
from scenario_hall.outcomes.models import Outcome


@dataclass(frozen=True)
class ClaimPart:
    """The claim with its evidence, its review and its public notice."""

    rules: Rules
    matrix: EvidenceMatrix | None
    checks: Sequence[Checked]
    present: frozenset[str]  # kinds of evidence
    known: PriorArtReport | None
    advices: Sequence[Advice]
    reviewers: Mapping[int, str]
    has_advised: bool
    objections: Sequence[Objection]
    may_object: bool
    has_open_objection: bool  # of the reader's own


def claim_part(session: Session, actor: Actor, outcome: Outcome, is_private: bool) -> ClaimPart:
    """Of what is private only what is empty, unless ``is_private``."""
    advices = advices_shown_to(actor, session, outcome) if is_private else ()
    objections = objections_to(session, outcome)
    reviewers = select(Account.id, Account.name).where(col(Account.id).in_({each.account_id for each in advices}))
    return ClaimPart(
        rules=rules_for(session, outcome),
        matrix=matrix_of(session, outcome, Scope(outcome.scope)) if outcome.scope else None,
        checks=checks_of(session, outcome) if outcome.scope and is_private else (),
        present=frozenset(evidence_present(session, outcome) if is_private else ()),
        known=prior_art_report(session, outcome) if outcome.scope else None,
        advices=advices,
        reviewers={pk: name for pk, name in session.exec(reviewers) if pk is not None} if advices else {},
        has_advised=any(each.account_id == actor.account_id for each in advices_of(session, outcome)),
        objections=objections,
        may_object=may_object(actor, session, outcome),
        has_open_objection=any(each.account_id == actor.account_id and each.answered_at is None for each in objections),
    )
