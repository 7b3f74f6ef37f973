"""Whatever a page does, a program can do, too, or it is said here why it should not."""

from __future__ import annotations

from flask import Flask

from scenario_hall.api.operations import OPERATIONS

OWN = "a person's own account and browser: how somebody logs in is never a program's business"
HALL = "the hall itself is administered on its pages and by its commands, not by a token that may be lost"
LISTS = "a list is corrected by eye; a program sends record by record, each once by its Idempotency-Key"
REVIEWERS = "whose turn it is, and who is away, is the reviewers' own order of work on the page"
LETTER = "the link of a letter, which says by itself whose it is"
_FILES = ("scenario", "product", "application", "outcome", "organization")
_WAITING = ("accept_revision", "return_revision")
# Endpoint that takes a POST → the operations that do the same, or the reason why there is none.
OPERATIONS_OF: dict[str, tuple[str, ...] | str] = {
    **dict.fromkeys(
        (
            *("account.register", "account.send_confirmation", "account.login", "account.logout", "account.forgotten"),
            *("account.reset", "account.profile", "account.change_password", "account.set_preference"),
            *(
                "my_data.consent",
                "my_data.close",
                "tokens.show",
                "tokens.revoke",
                "sessions.end",
                "sessions.end_others",
            ),
            *("second_factor.code", "second_factor.show", "second_factor.begin", "second_factor.make_codes"),
            *("second_factor.remove", "passkeys.ask_at_log_in", "passkeys.ask_again", "passkeys.ask_for_new"),
            *("passkeys.add", "passkeys.rename", "passkeys.remove", "unsent.keep", "unsent.drop"),
        ),
        OWN,
    ),
    **dict.fromkeys(
        (
            *("admin.set_target", "admin.change_account", "admin.tag", "admin.decide", "person_requests.show"),
            *("person_requests.answer", "work.retry", "work.send", "rules.edit", "retention.erase_words"),
        ),
        HALL,
    ),
    **dict.fromkeys(("lists.index", "lists.correct", "lists.take", "lists.undo"), LISTS),
    **dict.fromkeys(("turns.give", "turns.absence"), REVIEWERS),
    "log.cosignatures": "taken from programs already, by their signatures",
    "invitations.accept": LETTER,
    "searches.stop": LETTER,
    "notice_choices.stop": LETTER,
    "mailboxes.confirm": LETTER,
    "mailboxes.stop": LETTER,
    "mailboxes.edit": "where an organisation's letters go is said by its own people on its page, and confirmed from there",
    "notices.absence": REVIEWERS,
    **dict.fromkeys(("calendar.make", "calendar.revoke"), OWN),
    "account.confirm": LETTER,
    "scenarios.reading": "proposes what stands in a text, to be looked through; a program sends the fields themselves",
    "scenarios.create": ("create_scenario",),
    "scenarios.edit": ("edit_scenario",),
    "scenarios.submit": ("submit_scenario",),
    "scenarios.amend": ("amend_scenario",),
    "scenarios.delete": ("delete_scenario",),
    "scenarios.act": ("close_scenario", "withdraw_scenario", "recall_scenario", "take_back_revision_scenario"),
    "products.start": ("create_product",),
    "products.create": ("create_product",),
    "products.edit": ("edit_product",),
    "products.amend": ("amend_product",),
    "products.delete": ("delete_product",),
    "products.act": ("submit_product", "delist_product", "recall_product", "take_back_revision_product"),
    "questions.ask": ("ask_question_scenario",),
    "questions.answer": ("answer_question_scenario",),
    "matches.say": ("say_of_match",),
    "matches.jointly": ("propose_jointly",),
    "records.scenario": ("release_scenario", "return_scenario"),
    "records.product": ("list_product", "return_product"),
    "changes.show": tuple(f"{action}_{kind}" for action in _WAITING for kind in ("scenario", "product")),
    "several.show": ("release_scenario", "list_product", "verify_organization"),
    "organizations.create": ("create_organization",),
    "organizations.edit": ("change_organization", "resubmit_organization"),
    "organizations.check_facts": ("check_facts_organization",),
    "organizations.act": tuple(
        f"{action}_organization" for action in ("verify", "return", "reject", "suspend", "reinstate")
    ),
    "organizations.join": ("join_organization",),
    "organizations.change_member": ("set_member", "remove_member"),
    "organizations.recognise": ("recognise_organization",),
    "invitations.colleague": ("invite_colleague",),
    "invitations.change": ("resend_invitation", "revoke_invitation"),
    "invitations.supplier": ("invite_supplier",),
    "applications.apply": ("apply",),
    "applications.ask": ("ask_application",),
    "applications.answer": ("answer_application",),
    "applications.act": tuple(
        f"{action}_application" for action in ("shortlist", "accept", "decline", "withdraw", "renew")
    ),
    "messages.send": ("send_message",),
    "judging.edit_criteria": ("set_criteria",),
    "judging.reveal": ("reveal_scores",),
    "judging.score": ("score_application",),
    "judging.declare": ("declare_interest",),
    "plans.plan": ("plan",),
    "plans.amend": ("amend_plan_outcome",),
    "plans.decide": ("decide_amendment_outcome",),
    "plans.milestone": ("reach_milestone_outcome", "exempt_milestone_outcome"),
    "plans.give_attestation": ("attest_outcome",),
    "outcomes.report": ("report_outcome",),
    "outcomes.act": ("start_outcome", "confirm_outcome", "object_outcome", "approve_outcome", "revoke_outcome"),
    "outcomes.stop": ("fail_outcome", "abandon_outcome"),
    "claims.sign": ("sign_outcome",),
    "claims.claim": ("claim_outcome",),
    "claims.advise": ("advise_outcome",),
    "claims.object_publicly": ("object_publicly_outcome",),
    "claims.answer": ("answer_objection_outcome",),
    "following.answer": ("answer_follow_up",),
    "searches.create": ("create_saved_search",),
    "searches.show": ("change_saved_search",),
    "searches.delete": ("delete_saved_search",),
    "notices.read": ("read_notice", "read_notices"),
    "notice_choices.edit": ("change_notice_choices",),
    "webhooks.of_organization": ("create_webhook",),
    "webhooks.of_hall": ("create_webhook",),
    "webhooks.show": ("change_webhook",),
    "webhooks.act": tuple(f"{action}_webhook" for action in ("pause", "resume", "challenge", "test", "delete")),
    "webhooks.renew_secret": ("renew_webhook_secret",),
    "webhooks.confirm": ("confirm_webhook",),
    "webhooks.replay": ("replay_webhook",),
    "webhooks.send_again": ("send_webhook_delivery_again",),
    "bookmarks.mark": ("set_bookmark", "remove_bookmark"),
    # Files are brought with the forms of their records; a program brings them apart.
    "files.remove": tuple(f"{verb}_{kind}_file" for verb in ("add", "remove") for kind in _FILES),
}


def posts(app: Flask) -> set[str]:
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and rule.endpoint != "api.serve"
    }


def test_each_form_of_a_page_has_its_operation_or_a_reason(app: Flask) -> None:
    assert posts(app) == set(OPERATIONS_OF)
    known = {each.name for each in OPERATIONS}
    named = {name for names in OPERATIONS_OF.values() if isinstance(names, tuple) for name in names}
    assert named <= known


def test_each_operation_that_changes_something_is_named_by_a_form(app: Flask) -> None:
    named = {name for names in OPERATIONS_OF.values() if isinstance(names, tuple) for name in names}
    changing = {each.name for each in OPERATIONS if not each.is_read}
    assert changing - named == set()
