"""Letters about an application: to its supplier, to the scenario's owner, to those who judge it."""

from __future__ import annotations

from sqlmodel import Session

from scenario_hall.applications.models import Application
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import Event
from scenario_hall.notices.letter import Addressed, LetterTemplate
from scenario_hall.notices.people import evaluators_to_ask, people_of
from scenario_hall.organizations.models import Side


def _supplier(session: Session, event: Event) -> Addressed:
    return _party(session, event, "supplier")


def _owner(session: Session, event: Event) -> Addressed:
    return _party(session, event, "demand")


def _party(session: Session, event: Event, party: str) -> Addressed:
    application = session.get_one(Application, event.subject_id)
    return Addressed(
        people_of(session, [application.parties()[party]]),
        f"/applications/{application.code}",
        _values(application, event),
        organizations=[application.parties()[party]],
    )


def _other_side(session: Session, event: Event) -> Addressed:
    return _party(session, event, "demand" if event.fields["side"] == Side.SUPPLY else "supplier")


def _evaluators(session: Session, event: Event) -> Addressed:
    application = session.get_one(Application, event.subject_id)
    return Addressed(
        evaluators_to_ask(session, application),
        f"/applications/{application.code}/judging",
        _values(application, event),
    )


def _values(application: Application, event: Event) -> dict[str, str]:
    said = event.fields
    return {
        "name": application.scenario.title,
        "product": application.product.title,
        "reason": said.get("reason") or said.get("metric", ""),
    }


LETTERS = {
    "application_message": LetterTemplate(
        N_("A message about an application"),
        (N_("The other side has written to you about “%(product)s” for “%(name)s”. You can read and answer it here:"),),
        _other_side,
    ),
    "application_submitted": LetterTemplate(
        N_("A supplier has applied to your scenario"), (N_("“%(product)s” is offered for “%(name)s”."),), _owner
    ),
    # To those who judge it and do not decide on it.
    "application_to_judge": LetterTemplate(
        N_("An application to judge"),
        (
            N_(
                "“%(product)s” is offered for “%(name)s”. First declare whether you have a conflict of "
                "interest; then score it independently."
            ),
        ),
        _evaluators,
    ),
    "application_shortlisted": LetterTemplate(
        N_("Your application is shortlisted"), (N_("“%(product)s” is on the shortlist for “%(name)s”."),), _supplier
    ),
    "application_accepted": LetterTemplate(
        N_("Your application is accepted"),
        (N_("“%(product)s” was chosen for “%(name)s”. Plan the first trial together."),),
        _supplier,
    ),
    "application_declined": LetterTemplate(
        N_("Your application was declined"),
        (N_("“%(product)s” was not chosen for “%(name)s”. Feedback: %(reason)s"),),
        _supplier,
    ),
    "application_renewed": LetterTemplate(
        N_("An application was confirmed"),
        (N_("The supplier of “%(product)s” confirms the application for “%(name)s” as it is now."),),
        _owner,
    ),
    "application_asked": LetterTemplate(
        N_("A question about your application"),
        (N_("The owner of “%(name)s” asks about %(reason)s of “%(product)s”."),),
        _supplier,
    ),
    "application_answered": LetterTemplate(
        N_("Your question was answered"), (N_("About “%(product)s” for “%(name)s”: %(reason)s."),), _owner
    ),
}
