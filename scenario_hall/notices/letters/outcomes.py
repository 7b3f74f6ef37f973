"""Letters about an outcome record: its plan and amendments, its milestones, its results, its claim, what came after."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from sqlmodel import Session

from scenario_hall.core.texts import N_
from scenario_hall.log.chain import Event
from scenario_hall.notices.letter import Addressed, LetterTemplate
from scenario_hall.notices.people import administrators_to_ask, people_of
from scenario_hall.organizations.models import Account
from scenario_hall.outcomes.claim.models import Objection
from scenario_hall.outcomes.models import Outcome
from scenario_hall.outcomes.plan.milestones import MILESTONE_NAMES
from scenario_hall.outcomes.plan.models import PlanAmendment

UPHELD, DISMISSED = N_("Your objection was upheld: the claim is rejected."), N_("Your objection was dismissed.")


def _both_sides(session: Session, event: Event) -> Addressed:
    outcome = session.get_one(Outcome, event.subject_id)
    parties = outcome.parties()
    return _told(session, event, outcome, (parties["supplier"], parties["demand"]))


def _who_confirms(session: Session, event: Event) -> Addressed:
    outcome = session.get_one(Outcome, event.subject_id)
    parties = outcome.parties()
    confirming = parties.get("other", parties["demand"])
    return _told(session, event, outcome, (confirming, parties.get("platform", confirming)))


def _who_reported(session: Session, event: Event) -> Addressed:
    outcome = session.get_one(Outcome, event.subject_id)
    parties = outcome.parties()
    return _told(session, event, outcome, (parties.get("reporter", parties["supplier"]),))


def _told(session: Session, event: Event, outcome: Outcome, organization_ids: Iterable[int]) -> Addressed:
    values = {
        "name": outcome.scenario.title,
        "product": outcome.product.title,
        "reason": event.fields.get("reason", ""),
    }
    return Addressed(people_of(session, organization_ids), f"/outcomes/{outcome.code}", values)


def _who_answers_the_objection(session: Session, event: Event) -> Addressed:
    """Not whoever objected: others answer it."""
    outcome, objection = _objection(session, event)
    asked = administrators_to_ask(session, outcome, "answer_objection")
    return _of_the_notice(outcome, [each for each in asked if each.pk != objection.account_id], objection.reason)


def _who_objected(session: Session, event: Event) -> Addressed:
    outcome, objection = _objection(session, event)
    objector = session.get_one(Account, objection.account_id)
    addressed = _of_the_notice(
        outcome, [objector] if objector.is_active and objector.email_confirmed_at else [], objection.answer
    )
    return replace(addressed, named_values={"decision": UPHELD if event.fields.get("upheld") else DISMISSED})


def _who_approves(session: Session, event: Event) -> Addressed:
    outcome = session.get_one(Outcome, event.subject_id)
    return _of_the_notice(outcome, administrators_to_ask(session, outcome, "answer_objection"))


def _objection(session: Session, event: Event) -> tuple[Outcome, Objection]:
    return session.get_one(Outcome, event.subject_id), session.get_one(Objection, event.fields["objection"])


def _of_the_notice(outcome: Outcome, people: Sequence[Account], reason: str = "") -> Addressed:
    values = {"name": outcome.scenario.title, "product": outcome.product.title, "reason": reason}
    return Addressed(people, f"/outcomes/{outcome.code}#notice", values)


def _both_sides_of_a_milestone(session: Session, event: Event) -> Addressed:
    addressed, milestone = _both_sides(session, event), event.fields["milestone"]
    return replace(
        addressed,
        values={**addressed.values, "due": event.fields["due"]},
        named_values={"milestone": MILESTONE_NAMES.get(milestone, milestone)},
        until=date.fromisoformat(event.fields["due"]) if event.kind == "outcome.milestone_due" else None,
    )


def _both_sides_of_a_follow_up(session: Session, event: Event) -> Addressed:
    addressed, month = _both_sides(session, event), event.fields["month"]
    return replace(
        addressed,
        path=f"{addressed.path}/follow-up/{month}",
        values={**addressed.values, "months": str(month)},
    )


def _who_signs_the_amendment(session: Session, event: Event) -> Addressed:
    return _party_of_the_amendment(session, event, "other")


def _who_proposed_the_amendment(session: Session, event: Event) -> Addressed:
    return _party_of_the_amendment(session, event, "proposer")


def _party_of_the_amendment(session: Session, event: Event, party: str) -> Addressed:
    amendment = session.get_one(PlanAmendment, event.subject_id)
    addressed = _told(session, event, amendment.outcome, (amendment.parties()[party],))
    return replace(addressed, path=f"{addressed.path}#amendments")


LETTERS = {
    "amendment_proposed": LetterTemplate(
        N_("An amendment to the plan is waiting for your signature"),
        (N_("%(product)s at “%(name)s”. Reason: %(reason)s"),),
        _who_signs_the_amendment,
    ),
    "amendment_agreed": LetterTemplate(
        N_("Your amendment is signed"),
        (N_("The amended plan of %(product)s at “%(name)s” is in force."),),
        _who_proposed_the_amendment,
    ),
    "amendment_refused": LetterTemplate(
        N_("Your amendment was refused"),
        (N_("%(product)s at “%(name)s”. Reason: %(reason)s"),),
        _who_proposed_the_amendment,
    ),
    "milestone_due": LetterTemplate(
        N_("A milestone is due soon"),
        (N_("%(product)s at “%(name)s”: “%(milestone)s” is due on %(due)s."),),
        _both_sides_of_a_milestone,
    ),
    "milestone_overdue": LetterTemplate(
        N_("A milestone is overdue"),
        (N_("%(product)s at “%(name)s”: “%(milestone)s” was due on %(due)s. Mark it as reached, or amend the plan."),),
        _both_sides_of_a_milestone,
    ),
    "milestone_exempted": LetterTemplate(
        N_("A milestone has been waived"),
        (N_("%(product)s at “%(name)s”: “%(milestone)s”. Reason: %(reason)s"),),
        _both_sides_of_a_milestone,
    ),
    "outcome_reported": LetterTemplate(
        N_("Results are waiting for your confirmation"),
        (N_("The other side has reported on %(product)s at “%(name)s”."),),
        _who_confirms,
    ),
    "outcome_objected": LetterTemplate(
        N_("Your report was objected to"), (N_("%(product)s at “%(name)s”. Reason: %(reason)s"),), _who_reported
    ),
    "objection_made": LetterTemplate(
        N_("An objection is waiting for an answer"),
        (
            N_("%(product)s at “%(name)s”, on public notice. The objection: %(reason)s"),
            N_("The record cannot be approved before it is answered."),
        ),
        _who_answers_the_objection,
    ),
    "objection_answered": LetterTemplate(
        N_("Your objection has been answered"),
        (N_("%(product)s at “%(name)s”. %(decision)s The answer: %(reason)s"),),
        _who_objected,
    ),
    "notice_ended": LetterTemplate(
        N_("A public notice has ended: please decide"),
        (
            N_(
                "The public notice of %(product)s at “%(name)s” has ended. Once every objection is answered, "
                "the record can be approved."
            ),
        ),
        _who_approves,
    ),
    "outcome_returned": LetterTemplate(
        N_("Your record was returned"), (N_("%(product)s at “%(name)s”. Reason: %(reason)s"),), _both_sides
    ),
    "outcome_rejected": LetterTemplate(
        N_("Your record was rejected"), (N_("%(product)s at “%(name)s”. Reason: %(reason)s"),), _both_sides
    ),
    "outcome_approved": LetterTemplate(
        N_("Approved: your certificate is ready"),
        (N_("The record of %(product)s at “%(name)s” is approved."),),
        _both_sides,
    ),
    "outcome_revoked": LetterTemplate(
        N_("An approval was revoked"), (N_("%(product)s at “%(name)s”. Reason: %(reason)s"),), _both_sides
    ),
    "follow_up_asked": LetterTemplate(
        N_("A one-minute question: what happened after the first trial or first use?"),
        (
            N_(
                "%(months)s months ago the record of %(product)s at “%(name)s” was approved. Has there been "
                "a contract, a second order or another adopter? Either side can answer, in about one minute:"
            ),
        ),
        _both_sides_of_a_follow_up,
    ),
    "follow_up_reminded": LetterTemplate(
        N_("Reminder: what happened after the first trial or first use?"),
        (N_("Nobody has answered yet about %(product)s at “%(name)s” (%(months)s months). It takes one minute:"),),
        _both_sides_of_a_follow_up,
    ),
}
