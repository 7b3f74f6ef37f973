"""Letters to the people of a scenario's owner."""

from __future__ import annotations

from dataclasses import replace

from sqlmodel import Session, col, select

from scenario_hall.applications.models import Application
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import Event
from scenario_hall.matching.likeness import is_contact_told
from scenario_hall.notices.letter import Addressed, LetterTemplate
from scenario_hall.notices.people import deadline_of, people_of, people_of_joint_round, standing_applications
from scenario_hall.publishing.revisions import touches_substance
from scenario_hall.scenarios.models import Scenario


def _owner(session: Session, event: Event) -> Addressed:
    scenario = session.get_one(Scenario, event.subject_id)
    said = event.fields
    return Addressed(
        people_of(session, [scenario.organization_id]),
        f"/scenarios/{scenario.code}",
        {"name": said.get("title", ""), "reason": said.get("reason", "")},
    )


def _owner_of_released(session: Session, event: Event) -> Addressed:
    return replace(_owner(session, event), until=deadline_of(session.get_one(Scenario, event.subject_id)))


def _applicants_to_what_it_was(session: Session, event: Event) -> Addressed:
    scenario, said = session.get_one(Scenario, event.subject_id), event.fields
    suppliers: set[int] = set()
    if touches_substance(scenario.fields, said.get("fields", ())):
        found = standing_applications(session, col(Application.scenario_id) == scenario.pk)
        suppliers = {each.organization_id for each in found if each.answers_older_scenario()}
    return Addressed(
        people_of(session, suppliers),
        f"/scenarios/{scenario.code}/revisions/{scenario.substance_revision}",
        {"name": said.get("title", "")},
    )


def _owner_who_owes_answers(session: Session, event: Event) -> Addressed:
    scenario = session.get_one(Scenario, event.subject_id)
    return Addressed(
        people_of(session, [scenario.organization_id]),
        f"/scenarios/{scenario.code}#applications",
        {"name": event.fields["title"], "reason": ", ".join(event.fields["applications"])},
    )


def _evaluators_of_the_joint_round(session: Session, event: Event) -> Addressed:
    return Addressed(
        people_of_joint_round(session, event),
        f"/scenarios/{event.subject_code}/judging",
        {"name": event.fields["title"]},
    )


def _owner_of_the_like(session: Session, event: Event) -> Addressed:
    return _proposal(session, event, is_address_told=True)


def _owner_of_the_like_apart(session: Session, event: Event) -> Addressed:
    return _proposal(session, event, is_address_told=False)


def _proposal(session: Session, event: Event, *, is_address_told: bool) -> Addressed:
    """Nobody for the other kind of letter: whether the contact's address is passed on is asked when it is written."""
    scenario = session.get_one(Scenario, event.subject_id)
    # The contact is written to whom it is meant for, and stands in no log.
    proposed = session.exec(select(Scenario).where(col(Scenario.code) == event.fields["with"])).one()
    sender, is_told = proposed.organization, is_contact_told(session, proposed, scenario.organization)
    leads_to_sender = not is_address_told and sender.is_public()
    return Addressed(
        people_of(session, [scenario.organization_id]) if is_told == is_address_told else [],
        f"/organizations/{sender.pk}" if leads_to_sender else f"/scenarios/{scenario.code}",
        {"name": scenario.title, "product": sender.name, "reason": proposed.contact_email if is_address_told else ""},
    )


LETTERS = {
    "scenario_released": LetterTemplate(
        N_("Your scenario is in the hall"),
        (N_("“%(name)s” was released: everybody can find it now."),),
        _owner_of_released,
    ),
    "scenario_returned": LetterTemplate(
        N_("Your scenario was returned"), (N_("“%(name)s” needs changes. Reason: %(reason)s"),), _owner
    ),
    "scenario_substance_changed": LetterTemplate(
        N_("The scenario that you applied to has changed"),
        (
            N_(
                "“%(name)s” has changed in substance since you applied. Compare the two revisions. Then open your "
                "application from your desk: confirm that it stands for the scenario as it is now, or withdraw it."
            ),
        ),
        _applicants_to_what_it_was,
    ),
    "question_on_scenario": LetterTemplate(
        N_("A question about your scenario"),
        (N_("Somebody has asked a question about “%(name)s”. Your answer will be public."),),
        _owner,
    ),
    "answers_due": LetterTemplate(
        N_("Applicants are waiting for your answer"),
        (
            N_(
                "“%(name)s” is no longer open, and these applications have not been answered yet: "
                "%(reason)s. Accept each one, or decline it with written feedback."
            ),
        ),
        _owner_who_owes_answers,
    ),
    "scores_revealed": LetterTemplate(
        N_("The joint judging round is open"),
        (
            N_(
                "All evaluators’ scores for the applications to “%(name)s” are now visible: compare them, "
                "and revise yours if needed."
            ),
        ),
        _evaluators_of_the_joint_round,
    ),
    "joint_proposed": LetterTemplate(
        N_("A similar scenario: post it jointly?"),
        (
            N_(
                "%(product)s is working on something similar to “%(name)s” and proposes posting it jointly. "
                "Write to: %(reason)s"
            ),
        ),
        _owner_of_the_like,
    ),
    "joint_proposed_apart": LetterTemplate(
        N_("A similar scenario: post it jointly?"),
        (
            N_("%(product)s is working on something similar to “%(name)s” and proposes posting it jointly."),
            N_(
                "Their contact's address is not in this letter: none was given, or it would be passed to another "
                "jurisdiction, for which the contact has not given consent. You can reach them through the "
                "organisation; if it is verified, this is its page:"
            ),
        ),
        _owner_of_the_like_apart,
    ),
}
