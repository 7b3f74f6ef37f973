"""What comes next, by letter: a sentence for its reader. Those that are not here say it in their own paragraphs."""

from __future__ import annotations

from collections.abc import Mapping

from scenario_hall.core.texts import N_

_NOTHING = N_("You need not do anything.")
_IF_YOU = N_("If it was you, you need not do anything.")
_AGAIN = N_("Change it where the reason says so, and submit it again.")

NEXT_STEPS: Mapping[str, str] = {
    "confirm_address": N_("Open the link. Then you can join an organisation or register one."),
    "reset_password": N_("Open the link and choose a new password."),
    "second_factor_set": _IF_YOU,
    "second_factor_removed": _IF_YOU,
    "authenticator_removed": _IF_YOU,
    "passkey_added": _IF_YOU,
    "passkey_removed": _IF_YOU,
    "second_factor_reset": N_("Log in and set up a second factor again."),
    "recovery_code_used": N_("If it was you: make new recovery codes before the last one is used up."),
    "organization_verified": N_("Post a scenario, or list a product."),
    "organization_returned": N_("Complete the details and submit them again."),
    "organization_rejected": N_("If you think that this is a mistake, write to the hall's administrators."),
    "organization_facts_confirmed": _NOTHING,
    "organization_facts_refused": N_("Correct the details and state them again."),
    "organization_suspended": N_("None of its content is public meanwhile. Write to the hall's administrators."),
    "membership_requested": N_("Accept or decline the request on the organisation's page."),
    "colleague_invited": N_("Open the link, then register or log in."),
    "supplier_invited": N_("Open the link, then register or log in, and apply."),
    "mailbox_entered": N_("Open the link, if this is the mailbox of that organisation."),
    "deputy_named": _NOTHING,
    "webhook_silent": N_("Mend your receiver, then turn the webhook on again."),
    "webhook_gone": N_("If it should go on: mend your receiver, then turn the webhook on again."),
    "scenario_released": N_("Suppliers can apply now; you are told of each application."),
    "scenario_returned": _AGAIN,
    "product_listed": N_("Look at the scenarios that it fits, and apply to them."),
    "product_returned": _AGAIN,
    "revision_accepted": _NOTHING,
    "revision_returned": _AGAIN,
    "question_on_scenario": N_("Answer it on the scenario's page."),
    "joint_proposed": N_("Write to them; if it does not suit you, you need not do anything."),
    "application_submitted": N_("Read it, and ask, shortlist, accept or decline."),
    "application_shortlisted": N_("The owner of the scenario decides next; you are told of it."),
    "application_declined": _NOTHING,
    "application_renewed": N_("Go on judging it; it stands for the scenario as it is now."),
    "application_asked": N_("Answer the question on the application's page."),
    "application_answered": N_("Read the answer, and decide when you have heard enough."),
    "product_invited": N_("Apply with your product; if it does not suit you, you need not do anything."),
    "amendment_proposed": N_("Read what is to change; sign it or refuse it."),
    "amendment_agreed": N_("Go on by the amended plan."),
    "amendment_refused": N_("The plan stands as it was. You can propose another amendment."),
    "milestone_due": N_("Mark it as reached when it is, or propose an amendment in time."),
    "milestone_exempted": N_("Go on with the next milestone."),
    "outcome_reported": N_("Confirm the results, or object and say why."),
    "outcome_objected": N_("Correct the report and send it again."),
    "outcome_returned": N_("Complete it and claim again."),
    "outcome_rejected": N_("This is final for this claim."),
    "outcome_approved": N_("Download the certificate, or show its page."),
    "outcome_revoked": N_("The certificate is not valid any more: do not show it."),
    "objection_answered": _NOTHING,
    "review_given": N_("Decide on it, or give it to somebody else."),
    "stands_in": N_("Decide what is given to you meanwhile."),
}
