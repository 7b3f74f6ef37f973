"""The letters that an event causes: addressees, text and link, in each reader's language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from babel.support import NullTranslations, Translations
from sqlmodel import Session, col, select

from scenario_hall.applications.models import Application
from scenario_hall.config import ROOT, Settings
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import Event
from scenario_hall.notices.people import evaluators_to_ask, people_of, people_of_joint_round
from scenario_hall.notices.tokens import CONFIRM_EMAIL, RESET_PASSWORD, make_token
from scenario_hall.organizations.models import Account
from scenario_hall.outcomes.models import Outcome
from scenario_hall.outcomes.plan.milestones import MILESTONE_NAMES as MILESTONES
from scenario_hall.outcomes.plan.models import PlanAmendment
from scenario_hall.products.models import Product
from scenario_hall.scenarios.models import Scenario


@dataclass(frozen=True)
class Letter:
    to: str
    subject: str
    text: str


@dataclass(frozen=True)
class Occasion:
    """One kind of event: the subject line, the sentence, and the page that it leads to."""

    subject: str
    sentence: str


OCCASIONS: dict[str, Occasion] = {
    "organization.verified": Occasion(
        N_("Your organisation is verified"), N_("“%(name)s” is verified. You can now submit scenarios and products.")
    ),
    "organization.returned": Occasion(
        N_("Please complete your organisation's details"), N_("“%(name)s” was returned. Reason: %(reason)s")
    ),
    "organization.rejected": Occasion(
        N_("Your organisation was not verified"), N_("“%(name)s” was rejected. Reason: %(reason)s")
    ),
    "organization.suspended": Occasion(
        N_("Your organisation is suspended"), N_("“%(name)s” was suspended. Reason: %(reason)s")
    ),
    "membership.requested": Occasion(
        N_("Somebody asks to join your organisation"), N_("Please let them in or decline.")
    ),
    "scenario.released": Occasion(
        N_("Your scenario is in the hall"), N_("“%(name)s” was released: everybody can find it now.")
    ),
    "scenario.returned": Occasion(N_("Your scenario was returned"), N_("“%(name)s” needs changes. Reason: %(reason)s")),
    "product.listed": Occasion(
        N_("Your product is in the hall"), N_("“%(name)s” was listed: everybody can find it now.")
    ),
    "product.returned": Occasion(N_("Your product was returned"), N_("“%(name)s” needs changes. Reason: %(reason)s")),
    "application.submitted": Occasion(
        N_("A supplier applies to your scenario"), N_("“%(product)s” is offered for “%(name)s”.")
    ),
    "application.shortlisted": Occasion(
        N_("Your application is shortlisted"), N_("“%(product)s” is on the shortlist for “%(name)s”.")
    ),
    "application.accepted": Occasion(
        N_("Your application is accepted"),
        N_("“%(product)s” was chosen for “%(name)s”. Plan the first trial together."),
    ),
    "application.declined": Occasion(
        N_("Your application was declined"), N_("“%(product)s” was not chosen for “%(name)s”. Feedback: %(reason)s")
    ),
    "application.asked": Occasion(
        N_("A question on your application"), N_("On “%(product)s” for “%(name)s” the owner asks: %(reason)s?")
    ),
    "application.answered": Occasion(
        N_("Your question was answered"), N_("On “%(product)s” for “%(name)s”: %(reason)s.")
    ),
    "product.invited": Occasion(
        N_("You are invited to apply"), N_("The owner of “%(name)s” would like you to apply with your product.")
    ),
    "scenario.question": Occasion(
        N_("A question on your scenario"), N_("Somebody asks about “%(name)s”. Your answer will be public.")
    ),
    "scenario.answers_due": Occasion(
        N_("Applicants wait for your answer"),
        N_(
            "“%(name)s” is over, and these applications have no answer yet: %(reason)s. Accept each one, or decline "
            "it with written feedback."
        ),
    ),
    "scenario.scores_revealed": Occasion(
        N_("The joint round of judging is open"),
        N_("All evaluators’ scores of the applications to “%(name)s” can be read now: compare, and revise yours."),
    ),
    "scenario.joint_proposed": Occasion(
        N_("A similar scenario: post it jointly?"),
        N_("%(product)s works on something like “%(name)s” and proposes to post it jointly. Write to: %(reason)s"),
    ),
    "amendment.proposed": Occasion(
        N_("An amendment of the plan waits for your signature"), N_("%(product)s at “%(name)s”. Reason: %(reason)s")
    ),
    "amendment.agreed": Occasion(
        N_("Your amendment is signed"), N_("The amended plan of %(product)s at “%(name)s” is in force.")
    ),
    "amendment.refused": Occasion(
        N_("Your amendment was refused"), N_("%(product)s at “%(name)s”. Reason: %(reason)s")
    ),
    "outcome.milestone_due": Occasion(
        N_("A milestone is near"), N_("%(product)s at “%(name)s”: “%(milestone)s” is due on %(due)s.")
    ),
    "outcome.milestone_overdue": Occasion(
        N_("A milestone is overdue"),
        N_("%(product)s at “%(name)s”: “%(milestone)s” was due on %(due)s. Say that it is reached, or amend the plan."),
    ),
    "outcome.milestone_exempted": Occasion(
        N_("A milestone is not waited for any more"),
        N_("%(product)s at “%(name)s”: “%(milestone)s”. Reason: %(reason)s"),
    ),
    "outcome.reported": Occasion(
        N_("Results are waiting for your confirmation"), N_("The other side has reported on %(product)s at “%(name)s”.")
    ),
    "outcome.objected": Occasion(
        N_("Your report was objected to"), N_("%(product)s at “%(name)s”. Reason: %(reason)s")
    ),
    "outcome.returned": Occasion(N_("Your record was returned"), N_("%(product)s at “%(name)s”. Reason: %(reason)s")),
    "outcome.rejected": Occasion(N_("Your record was rejected"), N_("%(product)s at “%(name)s”. Reason: %(reason)s")),
    "outcome.approved": Occasion(
        N_("Approved: your certificate is ready"), N_("The record of %(product)s at “%(name)s” is approved.")
    ),
    "outcome.follow_up_asked": Occasion(
        N_("One minute, please: what came after the first?"),
        N_(
            "%(months)s months ago the record of %(product)s at “%(name)s” was approved. Is there a contract, a second "
            "order, another adopter? One of the two sides answers, in one minute:"
        ),
    ),
    "outcome.follow_up_reminded": Occasion(
        N_("A reminder: what came after the first?"),
        N_("Nobody has answered yet for %(product)s at “%(name)s” (%(months)s months). It takes one minute:"),
    ),
    "outcome.revoked": Occasion(N_("An approval was revoked"), N_("%(product)s at “%(name)s”. Reason: %(reason)s")),
}
# Sent to evaluators who do not decide on an application, for the same event as the owner's letter.
TO_JUDGE = Occasion(
    N_("An application to judge"),
    N_(
        "“%(product)s” is offered for “%(name)s”. First say whether you have a conflict of interest; then score it "
        "alone."
    ),
)


def letters_for(session: Session, event: Event, settings: Settings) -> list[Letter]:
    """The letters that ``event`` causes; most events cause none."""
    if event.kind in ("account.registered", "account.confirmation_requested", "account.reset_requested"):
        account = session.get(Account, event.subject_id)
        return [_account_letter(account, event.kind, settings)] if account is not None and account.is_active else []
    occasion = OCCASIONS.get(event.kind)
    if occasion is None:
        return []
    told = event.facts
    facts = {"name": told.get("title") or told.get("name") or "", "reason": told.get("reason", ""), "product": ""}
    organization_ids, path = _addressees(session, event, facts)
    people = people_of(session, organization_ids)
    if event.kind == "scenario.scores_revealed":
        people = people_of_joint_round(session, event)
    letters = [_letter(account, occasion, facts, path, settings) for account in people]
    if event.kind == "application.submitted":
        evaluators = evaluators_to_ask(session, session.get_one(Application, event.subject_id))
        letters += [_letter(account, TO_JUDGE, facts, f"{path}/judging", settings) for account in evaluators]
    return letters


def _addressees(session: Session, event: Event, facts: dict[str, str]) -> tuple[set[int], str]:
    """The organisations whose people receive the letter, and the page that it links to."""
    reader: Callable[[Session, Event, dict[str, str]], tuple[set[int], str]] = {
        "organization": _of_organization,
        "scenario": _of_scenario,
        "product": _of_product,
        "application": _of_application,
        "outcome": _of_outcome,
        "amendment": _of_amendment,
    }[event.subject_kind]
    return reader(session, event, facts)


def _of_organization(session: Session, event: Event, facts: dict[str, str]) -> tuple[set[int], str]:
    return {event.subject_id}, f"/organizations/{event.subject_id}"


def _of_scenario(session: Session, event: Event, facts: dict[str, str]) -> tuple[set[int], str]:
    scenario = session.get_one(Scenario, event.subject_id)
    if event.kind == "scenario.joint_proposed":
        # The contact is sent to its addressee only and never logged.
        other = session.exec(select(Scenario).where(col(Scenario.code) == event.facts.get("with"))).one()
        facts.update(name=scenario.title, product=other.organization.name, reason=other.contact_email)
    if event.kind == "scenario.answers_due":
        facts["reason"] = ", ".join(event.facts["applications"])
    part = {"scenario.scores_revealed": "/judging", "scenario.answers_due": "#applications"}.get(event.kind, "")
    return {scenario.organization_id}, f"/scenarios/{event.subject_code}{part}"


def _of_product(session: Session, event: Event, facts: dict[str, str]) -> tuple[set[int], str]:
    product = session.get_one(Product, event.subject_id)
    if event.kind == "product.invited":
        return {product.organization_id}, f"/scenarios/{event.facts.get('scenario')}/apply?product={product.code}"
    return {product.organization_id}, f"/products/{event.subject_code}"


def _of_application(session: Session, event: Event, facts: dict[str, str]) -> tuple[set[int], str]:
    application = session.get_one(Application, event.subject_id)
    facts.update(name=application.scenario.title, product=application.product.title)
    parties = application.parties()
    to_demand = event.kind in ("application.submitted", "application.answered")
    addressed = parties["demand"] if to_demand else parties["supplier"]
    facts["reason"] = facts["reason"] or str(event.facts.get("metric", ""))
    return {addressed}, f"/applications/{application.code}"


def _of_outcome(session: Session, event: Event, facts: dict[str, str]) -> tuple[set[int], str]:
    outcome = session.get_one(Outcome, event.subject_id)
    milestone = str(event.facts.get("milestone", ""))
    facts.update(
        name=outcome.scenario.title,
        product=outcome.product.title,
        milestone=MILESTONES.get(milestone, milestone),
        due=str(event.facts.get("due", "")),
    )
    parties = outcome.parties()
    addressed = {parties["supplier"], parties["demand"]}
    if event.kind == "outcome.reported":
        addressed = {parties.get("other", parties["demand"])}
        if "platform" in parties:
            addressed.add(parties["platform"])
    elif event.kind == "outcome.objected":
        addressed = {parties.get("reporter", parties["supplier"])}
    if event.kind in ("outcome.follow_up_asked", "outcome.follow_up_reminded"):
        facts["months"] = str(event.facts["month"])
        return addressed, f"/outcomes/{outcome.code}/follow-up/{event.facts['month']}"
    return addressed, f"/outcomes/{outcome.code}"


def _of_amendment(session: Session, event: Event, facts: dict[str, str]) -> tuple[set[int], str]:
    amendment = session.get_one(PlanAmendment, event.subject_id)
    outcome, parties = amendment.outcome, amendment.parties()
    facts.update(name=outcome.scenario.title, product=outcome.product.title)
    addressed = parties["other"] if event.kind == "amendment.proposed" else parties["proposer"]
    return {addressed}, f"/outcomes/{outcome.code}#amendments"


def _letter(account: Account, occasion: Occasion, facts: dict[str, str], path: str, settings: Settings) -> Letter:
    _ = catalogue(account.locale).gettext
    milestone = facts.get("milestone", "")
    told = {**facts, "milestone": _(milestone)} if milestone else facts
    lines = [_(occasion.sentence) % told, "", settings.base_url + path]
    return Letter(account.email, _(occasion.subject), _framed(account, lines))


def _account_letter(account: Account, kind: str, settings: Settings) -> Letter:
    _ = catalogue(account.locale).gettext
    if kind == "account.reset_requested":
        token = make_token(settings.secret_key, RESET_PASSWORD, account.pk, account.session_generation)
        subject, sentence = N_("Set a new password"), N_("With this link you can set a new password within two hours:")
        path = f"/password/reset/{token}"
    else:
        token = make_token(settings.secret_key, CONFIRM_EMAIL, account.pk, account.email)
        subject, sentence = (
            N_("Confirm your e-mail address"),
            N_("With this link you confirm your address, within 3 days:"),
        )
        path = f"/register/confirm/{token}"
    ignore = _("If you did not ask for this, you need do nothing.")
    return Letter(account.email, _(subject), _framed(account, [_(sentence), "", settings.base_url + path, "", ignore]))


def _framed(account: Account, lines: list[str]) -> str:
    _ = catalogue(account.locale).gettext
    greeting = _("Dear %(name)s,") % {"name": account.name}
    return "\n".join([greeting, "", *lines, "", "—", _("Scenario Hall of the Greater Bay Area"), ""])


@cache
def catalogue(locale: str) -> NullTranslations:
    """The message catalogue of ``locale``; English, the language of the message ids, where there is none."""
    return Translations.load(ROOT / "translations", [locale])
