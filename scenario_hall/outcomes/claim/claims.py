"""The claim to be a first, its review by several, the public notice, the decision."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from scenario_hall.core.clock import local_today, now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import AlreadyExists, Denied, Invalid, NotFound, WrongState
from scenario_hall.core.files import files_of
from scenario_hall.core.policy import Actor, require
from scenario_hall.core.records import lock
from scenario_hall.core.texts import N_
from scenario_hall.core.values import MAX_TEXT
from scenario_hall.log.chain import record_event
from scenario_hall.log.transitions import apply_transition, check
from scenario_hall.outcomes import lifecycle
from scenario_hall.outcomes.adoption.follow_ups import schedule_follow_ups
from scenario_hall.outcomes.certificate.certificates import issue_certificate
from scenario_hall.outcomes.claim.evidence import Checked, Facts, check_evidence, clean_facts, patent_number
from scenario_hall.outcomes.claim.independence import EQUITY, links_between
from scenario_hall.outcomes.claim.rules import EvidenceMatrix, Fact, Rules, Scope, rules_of, rules_on
from scenario_hall.outcomes.models import CLAIM_DECLARATIONS, Advice, AdviceKind, Objection, Outcome, OutcomeKind
from scenario_hall.outcomes.plan.workdays import end_after
from scenario_hall.outcomes.run.attestations import attestation_of

EVIDENCE_ROLE = "evidence."
ATTESTATION = "attestation"
HIGHEST_MARK = 5


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

    Raises Denied, WrongState, Invalid (evidence or a declaration is missing, what is stated does not agree, the user
    is not independent), AlreadyExists (there is a first already).
    """
    with transaction(session):
        lock(session, outcome, version)
        check(actor, outcome, "claim")
        rules = rules_on(session, local_today())
        if outcome.state == lifecycle.RETURNED:
            _require_in_correction_window(outcome, rules)
        faults = {
            name: N_("Please declare this; write “none” where there is nothing.")
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
            faults["evidence"] = N_("What is stated of the evidence does not agree; the marks below say where.")
        if outcome.kind == OutcomeKind.FIRST_USE and any(
            link.kind in EQUITY for link in links_between(session, outcome)
        ):
            faults["equity_link"] = N_("The two sides have one owner or legal person; a first use needs another user.")
        if faults:
            raise Invalid(faults)
        refuse_second(session, outcome, scope, rules)
        outcome.scope = scope
        outcome.declarations = {name: declarations[name].strip() for name in CLAIM_DECLARATIONS}
        outcome.claimed_at, outcome.review_round, outcome.state_reason = now(), outcome.review_round + 1, ""
        apply_transition(
            session, actor, outcome, "claim", data={**about(outcome), "scope": scope, "rules": rules.version}
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
            N_("This product has an approved record of this kind already (%(code)s); there is only one first."),
            code=code,
        )


def advices_of(session: Session, outcome: Outcome) -> Sequence[Advice]:
    """Those of the present round, the first first."""
    query = select(Advice).where(col(Advice.outcome_id) == outcome.pk, col(Advice.round) == outcome.review_round)
    return session.exec(query.order_by(col(Advice.given_at), col(Advice.account_id))).all()


def advices_shown_to(actor: Actor, session: Session, outcome: Outcome) -> Sequence[Advice]:
    """All, once the round is decided or the actor has given his own; else none."""
    found = advices_of(session, outcome)
    own = any(advice.account_id == actor.account_id for advice in found)
    return found if own or outcome.state != lifecycle.CLAIMED else ()


def advise(
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
    """A reviewer's advice; ``checked`` names the kinds of evidence that he looked at. When enough agree, the record
    goes on; when they do not, one more is waited for.

    Raises Denied (a party to it, or one who has said so already), WrongState, Invalid.
    """
    with transaction(session):
        lock(session, outcome, version)
        require(actor, "advise", outcome)
        if outcome.state != lifecycle.CLAIMED or actor.account_id is None:
            raise WrongState(N_("This is not under review."))
        rules = rules_for(session, outcome)
        before = advices_of(session, outcome)
        if any(each.account_id == actor.account_id for each in before):
            raise Denied(N_("You have given your advice; somebody else has to give the next."))
        _check_advice(rules, advice, marks, reason)
        present = evidence_present(session, outcome)
        if advice is AdviceKind.APPROVE and present - set(checked):
            raise Invalid({"checked": N_("Look at every piece of evidence before you advise to approve.")})
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
        decided = _decision(advices_of(session, outcome), rules.reviewers)
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


def _decision(advices: Sequence[Advice], reviewers: int) -> AdviceKind | None:
    """What ``reviewers`` of them agree on; with one more than that, what most say; None while it is open."""
    if len(advices) < reviewers:
        return None
    counts = {kind: sum(each.advice == kind for each in advices) for kind in AdviceKind}
    for kind in AdviceKind:
        if counts[kind] >= reviewers:
            return kind
    if len(advices) > reviewers:
        # Three reviewers, three opinions: it goes back to be made clearer.
        return AdviceKind.RETURN
    return None


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
            data={**about(outcome), "scope": outcome.scope, "until": outcome.notice_until.isoformat()},
        )
        return
    if decided is AdviceKind.RETURN and outcome.review_round > 1:
        # One correction window, not two.
        decided = AdviceKind.REJECT
    action = "return" if decided is AdviceKind.RETURN else "reject"
    if action == "return":
        outcome.returned_at = now()
    apply_transition(session, actor, outcome, action, reason=reasons, data=about(outcome))
    outcome.state_reason = reasons


def _require_in_correction_window(outcome: Outcome, rules: Rules) -> None:
    if outcome.returned_at is None:
        return
    until = end_after(outcome.returned_at, rules.correction_working_days, outcome.scenario.region)
    if now() > until:
        raise WrongState(N_("The time for corrections is over."))


def object_to_notice(actor: Actor, *, session: Session, outcome: Outcome, reason: str) -> Objection:
    """Object while the notice runs, with a reason that everybody reads. Raises Denied, WrongState, Invalid."""
    with transaction(session):
        session.refresh(outcome, with_for_update=True)
        require(actor, "object_publicly", outcome)
        if outcome.state != lifecycle.NOTICE or actor.account_id is None:
            raise WrongState(N_("This is not on public notice."))
        if outcome.notice_until is None or now() > outcome.notice_until:
            raise WrongState(N_("The public notice is over."))
        if not reason.strip() or len(reason) > MAX_TEXT:
            raise Invalid({"reason": N_("Please give a reason; everyone concerned will read it.")})
        objection = Objection(outcome_id=outcome.pk, account_id=actor.account_id, reason=reason.strip())
        session.add(objection)
        session.flush()
        record_event(session, actor, outcome, "outcome.public_objection", {"objection": objection.id})
    return objection


def objections_to(session: Session, outcome: Outcome) -> Sequence[Objection]:
    query = select(Objection).where(col(Objection.outcome_id) == outcome.pk).order_by(col(Objection.id))
    return session.exec(query).all()


def answer_objection(
    actor: Actor, *, session: Session, outcome: Outcome, objection_id: int, answer: str, is_upheld: bool
) -> Outcome:
    """Answer an objection in public; one that is upheld ends the claim.

    Raises Denied, NotFound, WrongState, Invalid.
    """
    with transaction(session):
        lock(session, outcome, None)
        require(actor, "answer_objection", outcome)
        if outcome.state != lifecycle.NOTICE:
            raise WrongState(N_("This is not on public notice."))
        objection = session.get(Objection, objection_id)
        if objection is None or objection.outcome_id != outcome.pk:
            raise NotFound()
        if objection.account_id == actor.account_id:
            raise Denied(N_("Somebody else has to answer your own objection."))
        if objection.answered_at is not None:
            raise WrongState(N_("This objection is answered already."))
        if not answer.strip():
            raise Invalid({"answer": N_("Please give a reason; everyone concerned will read it.")})
        objection.answer, objection.is_upheld = answer.strip(), is_upheld
        objection.answered_by, objection.answered_at = actor.account_id, now()
        session.add(objection)
        record_event(
            session, actor, outcome, "outcome.objection_answered", {"objection": objection.id, "upheld": is_upheld}
        )
        if is_upheld:
            apply_transition(session, actor, outcome, "uphold", reason=answer, data=about(outcome))
            outcome.state_reason = answer.strip()
    return outcome


def approve_first(actor: Actor, *, session: Session, outcome: Outcome, version: int | None) -> Outcome:
    """Approve after the public notice, with every objection answered, and issue the certificate.

    Raises Denied, WrongState (the notice still runs, an objection is open), AlreadyExists (another one was first).
    """
    try:
        with transaction(session):
            lock(session, outcome, version)
            check(actor, outcome, "approve")
            if outcome.notice_until is None or now() <= outcome.notice_until:
                raise WrongState(N_("The public notice still runs."))
            if any(objection.answered_at is None for objection in objections_to(session, outcome)):
                raise WrongState(N_("An objection has no answer yet."))
            refuse_second(session, outcome, Scope(outcome.scope), rules_for(session, outcome))
            outcome.approved_at, outcome.state_reason = now(), ""
            certificate = issue_certificate(session, outcome)
            schedule_follow_ups(session, outcome)
            apply_transition(
                session,
                actor,
                outcome,
                "approve",
                data={**about(outcome), "scope": outcome.scope, "certificate": certificate.number},
            )
    except IntegrityError:
        raise AlreadyExists(
            N_("This product has an approved record of this kind already; there is only one first.")
        ) from None
    return outcome


def about(outcome: Outcome) -> dict[str, str]:
    """What the log's lines say of a record."""
    return {"kind": outcome.kind, "scenario": outcome.scenario.code, "product": outcome.product.code}
