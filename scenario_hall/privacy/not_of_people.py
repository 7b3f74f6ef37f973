"""The columns that hold nothing of a person: with ``declaration.py``, every column of text was thought about."""

from __future__ import annotations

# All other columns of text and of accounts' numbers: they describe records, organisations and the hall's own work. What
# people write there of their scenarios and products may still name somebody; that is for its authors to amend.
NOT_OF_PEOPLE: dict[str, str] = {
    "backup_run": "folder missing fault",
    "bulletin": "entry_hash figures",
    "code_counter": "prefix",
    "event": "subject_kind previous_hash hash",
    "event_word": "field salt",
    "failure": "work item error",
    "imported_content": "subject",
    "job_run": "name last_error",
    "log_checkpoint": "root note",
    "log_cosignature": "root witness line",
    "log_head": "last_hash",
    "log_node": "hash",
    "notice": "kind about title path",
    "organization": "state name side registration_kind registration_number region description tiers website "
    "pilot_capabilities external_reference state_reason",
    "reader_cursor": "name",
    "record_vector": "code encoder language digest vectors",
    "retention_run": "name",
    "schema_floor": "revision",
    "signing_key": "id public sealed",
    "review_turn": "queue code",
    "rule_version": "version content",
    "stored_file": "subject_kind role content_type sha256",
    "kept_answer": "key request headers",
    "kept_form": "id",
    "sent_form": "key request_id location",
    "saved_search": "compiled words_mark",
    "saved_search_key": "key",
    "webhook_delivery": "purpose message_id kind code state fault answer",
    "webhook_endpoint": "name sealed_url host format reading kinds regions domains sealed_key sealed_key_before state "
    "challenge",
    "tag": "slug kind zh_hans zh_hant en synonyms parent",
    "tag_proposal": "words subject_kind subject_code decided_as",
    "import_run": "kind fingerprint list_name state unknown_columns check_faults faults",
    "letter": "message_id state kind unsubscribe",
    "invitation": "role",
    "application_message": "party",
    "organization_fact": "field",
    "party_act": "case_key",
    "person_request": "place kind",
    "product": "title model version_label summary limits domains tags proposed_tags specifications earlier_uses "
    "returned_content "
    "certificates intellectual_property currency regions_served state code state_reason review_notes "
    "external_reference text_reading source_cells",
    "proposed_revision": "state record_kind code title content answer",
    "scenario": "title situation wanted_result domains tags proposed_tags region place requirements site_data "
    "returned_content site_space site_airspace site_access currency timetable state code state_reason review_notes "
    "external_reference text_reading source_cells",
    "gap_count": "domain kind name",
    "gap_scenario": "domain",
    "import_change": "subject",
    "import_row": "sheet reference",
    "import_upload": "kind list_name chosen state",
    "judging": "criteria revealed",
    "match": "reasons rules_version",
    "match_part": "share rows",
    "match_opinion": "opinion rules_version",
    "product_revision": "content label",
    "question": "answer",
    "scenario_revision": "content",
    "application": "state code proposal answers questions feedback",
    "outcome": "state code kind platform_role place metrics plan_terms plan_hash amends scope declarations "
    "evidence_facts patent_number rules_version cause summary lessons state_reason",
    "score": "marks",
    "advice": "advice marks checked",
    "attestation": "results_hash",
    "certificate": "number content revocation_reason",
    "follow_up": "contract amount adopters",
    "milestone": "name",
    "novelty_check": "alike rules_version",
    "plan_amendment": "state before after before_hash after_hash state_reason",
    "plan_signature": "side plan_hash",
    "signed_certificate": "status signed",
    "signed_list": "name covers signed",
}
