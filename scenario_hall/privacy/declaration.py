"""What the hall holds of people: one table, from which their page is made and closing tells what goes and stays. It
names every column that holds something of a person; ``tests/privacy/test_declaration.py`` walks all columns there are.

PIPL, article 17; GDPR, article 30. All texts are message ids.
"""

from __future__ import annotations

from collections.abc import Iterator

from scenario_hall.core.texts import N_
from scenario_hall.privacy.held import By, Closing, Held

_LOG_IN = N_("To let you in and nobody else")
_WHO = N_("So that it can be seen later who did it, and that both sides were different people")
_RECORD = N_("As long as the record")
_OPEN = N_("Until you close the account")
_DID = N_("That it was you")


def _acts() -> Iterator[Held]:
    """Columns that say who did something, with what they wrote as themselves."""
    acts: dict[tuple[str, str], tuple[str, ...]] = {
        ("scenario", "created_by"): (),
        ("product", "created_by"): (),
        ("proposed_revision", "created_by"): ("reason",),
        ("scenario_revision", "created_by"): ("reason",),
        ("product_revision", "created_by"): ("reason",),
        ("application", "created_by"): (),
        ("outcome", "created_by"): (),
        ("outcome", "reporter_account_id"): (),
        ("question", "account_id"): ("text",),
        ("interest_declaration", "account_id"): ("reason",),
        ("score", "account_id"): ("reason",),
        ("advice", "account_id"): ("reason",),
        ("attestation", "account_id"): ("statement",),
        ("objection", "account_id"): ("reason",),
        ("objection", "answered_by"): ("answer",),
        ("plan_amendment", "created_by"): ("reason",),
        ("plan_signature", "account_id"): (),
        ("follow_up", "answered_by"): ("remark",),
        ("milestone", "reached_by"): ("note",),
        ("milestone", "exempted_by"): ("exemption",),
        ("match_opinion", "account_id"): (),
        ("stored_file", "uploaded_by"): ("name",),
        ("organization_fact", "stated_by"): (),
        ("organization_fact", "decided_by"): (),
        ("rule_version", "account_id"): (),
        ("person_request", "entered_by"): (),
        ("person_request", "answered_by"): (),
        ("review_turn", "assigned_by"): (),
        ("application_message", "account_id"): ("text",),
        ("invitation", "invited_by"): (),
        ("invitation", "accepted_by"): (),
        ("party_act", "account_id"): (),
        ("import_run", "account_id"): ("file_name",),
        ("import_upload", "account_id"): ("file_name",),
        ("webhook_endpoint", "created_by"): (),
    }
    for (table, owner), columns in acts.items():
        yield Held(table, (owner, *columns), _DID, _WHO, _RECORD, owner=owner, closing=Closing.STAYS)


DECLARED: tuple[Held, ...] = (
    Held(
        "account",
        ("id", "email", "name", "locale", "is_administrator", "is_active", "created_at", "email_confirmed_at"),
        N_("Your address, name and language"),
        N_("To log in, to be written to, and to stand beside what you do"),
        _OPEN,
        owner="id",
    ),
    Held("account", ("password_hash",), N_("Your password, as a hash"), _LOG_IN, _OPEN, owner="id", is_secret=True),
    Held(
        "second_factor",
        ("account_id", "sealed_secret"),
        N_("Your second factor, sealed"),
        _LOG_IN,
        _OPEN,
        is_secret=True,
    ),
    Held("recovery_code", ("account_id", "code_hash"), N_("Recovery codes, as hashes"), _LOG_IN, _OPEN, is_secret=True),
    Held(
        "passkey",
        ("account_id", "name", "transports", "created_at", "used_at"),
        N_("Your passkeys: the name that you gave them, when they were made and used last"),
        N_("So that you see and remove those that are not yours"),
        _OPEN,
    ),
    Held(
        "passkey",
        ("credential_id", "public_key", "user_handle", "sign_count"),
        N_("What your passkeys' signatures are compared with"),
        _LOG_IN,
        _OPEN,
    ),
    Held(
        "passkey_challenge",
        ("account_id", "purpose", "session_id", "challenge", "user_handle", "created_at"),
        N_("A question that your passkey has not answered yet"),
        _LOG_IN,
        N_("Five minutes"),
    ),
    Held(
        "login_session",
        ("account_id", "agent", "network", "created_at", "used_at"),
        N_("Where you are logged in: browser and network"),
        N_("So that you see and end log-ins that are not yours"),
        N_(
            "12 hours after the last use; 14 days where you stay logged in; 30 days at most, 24 hours of administrators"
        ),
    ),
    Held(
        "login_session",
        ("secret_hash", "previous_hash"),
        N_("What your browser's cookie is compared with, as a hash"),
        _LOG_IN,
        N_("As long as the log-in"),
        is_secret=True,
    ),
    Held(
        "api_token",
        ("account_id", "name", "scopes", "created_at", "expires_at", "revoked_at", "used_at", "used_address"),
        N_("Tokens for your programs: name, scopes, when and from which address they were used last"),
        N_("So that you see and end those that are not yours"),
        N_("90 days after their end"),
    ),
    Held(
        "api_token",
        ("secret_hash",),
        N_("What a program's token is compared with, as a hash"),
        _LOG_IN,
        N_("As long as the token"),
        is_secret=True,
    ),
    Held(
        "kept_answer",
        ("account_id", "body", "at"),
        N_("What your programs were answered, in case they ask again"),
        N_("So that a request that is sent twice is done once"),
        N_("One day"),
    ),
    Held(
        "attempt",
        ("key", "at"),
        N_("Wrong log-ins and requests for mail, with your address or network"),
        N_("To slow down guessing"),
        N_("One day"),
        owner="key",
        by=By.WITHIN,
    ),
    Held(
        "letter",
        ("account_id", "to", "subject", "text", "html", "last_error", "written_at", "sent_at"),
        N_("Letters to you: address, subject, when; the text only until it was sent"),
        N_("To deliver them and to see whether they arrived"),
        N_("Half a year"),
    ),
    Held(
        "notice",
        ("account_id", "letter", "at", "read_at"),
        N_("What you were told in the hall, and when you read it"),
        N_("So that you find it, and see what is new to you"),
        N_("Half a year, at most 1,000"),
    ),
    Held(
        "notice_choice",
        ("account_id", "kind", "channel"),
        N_("Which notices come by letter, where you have chosen"),
        N_("To tell you as you want to be told"),
        _OPEN,
    ),
    Held(
        "quiet_hours",
        ("account_id", "begins", "ends"),
        N_("Your quiet hours"),
        N_("So that no letter comes then"),
        _OPEN,
    ),
    Held(
        "scenario",
        ("contact_name", "contact_phone", "contact_email"),
        N_("You as the contact of a scenario"),
        N_(
            "So that your organisation, the administrators and whoever is asked to post jointly know whom to write to; "
            "nobody else sees it"
        ),
        N_("Two years after the scenario has ended"),
        owner="contact_email",
        by=By.ADDRESS,
    ),
    Held(
        "person_request",
        ("person", "wanted", "answer"),
        N_("Who has asked about their data, what, and what was answered"),
        N_("To answer in time, and to show that it was"),
        N_("Four years after the answer"),
        owner="",
        by=By.OTHERS,
        closing=Closing.STAYS,
    ),
    Held(
        "membership",
        ("account_id", "role", "is_active", "created_at"),
        N_("Which organisations you belong to"),
        N_("To let you act for them"),
        N_("Until you leave"),
    ),
    Held(
        "former_membership",
        ("account_id", "role", "ended_at"),
        N_("Which organisations you belonged to"),
        N_("So that nobody decides on the case of those whom they have just left"),
        _RECORD,
        closing=Closing.STAYS,
    ),
    Held(
        "event",
        ("actor_id", "kind", "at", "subject_code", "data"),
        N_("What you did, in the log"),
        N_("The log proves what happened; nothing in it can be changed"),
        N_("For good"),
        owner="actor_id",
        closing=Closing.STAYS,
    ),
    Held(
        "event_word",
        ("account_id", "event_id", "value"),
        N_("The reasons and notes that you gave for what you did"),
        N_("So that those whom it concerns can read why"),
        N_("Ten years"),
    ),
    Held(
        "organization",
        ("legal_person", "owners", "address"),
        N_("Legal representative and owners, as organisations state them"),
        N_("To see whether supplier and user are one"),
        _RECORD,
        owner="",
        by=By.OTHERS,
        closing=Closing.STAYS,
    ),
    Held(
        "organization_fact",
        ("value",),
        N_("The same as it was stated before"),
        N_("To see whether supplier and user are one"),
        _RECORD,
        owner="",
        by=By.OTHERS,
        closing=Closing.STAYS,
    ),
    Held(
        "import_upload",
        ("data", "corrections", "check"),
        N_("Lists that you have brought, as they were"),
        N_("To correct and to take them"),
        _RECORD,
        closing=Closing.STAYS,
    ),
    *(
        Held(
            table,
            columns,
            N_("Rows of lists, with the contacts that they may name"),
            N_("To undo an import, and to see what changed when the list comes again"),
            _RECORD,
            owner="",
            by=By.OTHERS,
            closing=Closing.STAYS,
        )
        for table, columns in (
            ("import_row", ("stated", "content", "source_cells")),
            ("import_change", ("before", "after")),
            ("imported_content", ("content",)),
        )
    ),
    Held(
        "consent",
        ("account_id", "purpose", "version", "given_at", "withdrawn_at"),
        N_("Your consents: to what, in which wording, since when"),
        N_("So that what needs your consent is done only as long as you want it"),
        N_("Until you close the account; that you gave or took one back stays in the log"),
    ),
    Held(
        "bookmark",
        ("account_id", "kind", "kept_at"),
        N_("What you have bookmarked"),
        N_("So that you find it again"),
        N_("Until you take it off or close the account"),
    ),
    Held(
        "saved_search",
        ("account_id", "name", "asked", "watch", "subject_kind", "rhythm", "created_at"),
        N_("What you want to be told of: your saved searches, and how soon"),
        N_("To tell you when something for you appears"),
        N_("Until you delete it or close the account"),
    ),
    Held(
        "alert_hit",
        ("account_id", "record_kind", "why", "changed", "found_at", "told_at"),
        N_("What your saved searches have found, and when you were told"),
        N_("To tell you once, and why"),
        N_("Half a year"),
    ),
    Held(
        "message_reading",
        ("account_id", "last_id"),
        N_("How far you have read the messages on applications"),
        N_("To mark what is new to you"),
        _OPEN,
    ),
    Held(
        "invitation",
        ("email", "locale", "sent_at"),
        N_("Invitations to your address"),
        N_("To write to you, and so that nobody else uses the link"),
        N_("30 days after the last letter"),
        owner="email",
        by=By.ADDRESS,
    ),
    Held(
        "absence",
        ("account_id", "until", "said_at"),
        N_("Until when you are away, as an administrator"),
        N_("So that what waits for you is decided by others"),
        N_("Until you are back or say it anew"),
    ),
    Held(
        "absence",
        ("stand_in_id",),
        N_("For whom you stand in"),
        N_("So that what waits for them is decided by you"),
        N_("Until they are back"),
        owner="stand_in_id",
    ),
    Held(
        "review_turn",
        ("account_id", "assigned_at"),
        N_("Items for review that were given to you"),
        N_("So that everybody sees whose turn it is"),
        N_("Until somebody else is given them"),
    ),
    Held(
        "kept_form",
        ("account_id", "sealed", "at"),
        N_("What you were writing when your session ended, and what you type in forms and have not sent, sealed"),
        N_("So that it is there again after you have logged in, or closed the page"),
        N_("One hour; 14 days for what was typed and not sent"),
        is_secret=False,
    ),
    *_acts(),
)
