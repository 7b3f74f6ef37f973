"""Kinds of event of accounts."""

from __future__ import annotations

from scenario_hall.core.texts import N_
from scenario_hall.log.kinds.kind import ADMINISTRATORS, EventKind

ACCOUNTS = (
    # The register of people's requests about their data; who asked stands in the register alone.
    EventKind(
        "request.entered",
        "request",
        N_("A person's request entered"),
        ("due",),
        visible_to=ADMINISTRATORS,
    ),
    EventKind("request.answered", "request", N_("A person's request answered"), visible_to=ADMINISTRATORS),
    EventKind(
        "account.registered",
        "account",
        N_("Registered"),
        visible_to=ADMINISTRATORS,
        letters=("confirm_address",),
    ),
    EventKind(
        "account.registered_again",
        "account",
        N_("Somebody registered with this address again"),
        visible_to=ADMINISTRATORS,
        letters=("has_account",),
    ),
    EventKind(
        "account.confirmation_requested",
        "account",
        N_("Asked for the confirmation again"),
        visible_to=ADMINISTRATORS,
        letters=("confirm_address",),
    ),
    EventKind("account.confirmed", "account", N_("E-mail address confirmed"), visible_to=ADMINISTRATORS),
    EventKind(
        "account.reset_requested",
        "account",
        N_("Asked for a new password"),
        visible_to=ADMINISTRATORS,
        letters=("reset_password",),
    ),
    EventKind("account.password_reset", "account", N_("New password set by mail"), visible_to=ADMINISTRATORS),
    EventKind("account.password_changed", "account", N_("Password changed"), visible_to=ADMINISTRATORS),
    EventKind(
        "account.second_factor_set",
        "account",
        N_("Second factor set up"),
        visible_to=ADMINISTRATORS,
        letters=("second_factor_set",),
    ),
    EventKind(
        "account.second_factor_removed",
        "account",
        N_("Second factor removed by its owner"),
        visible_to=ADMINISTRATORS,
        letters=("second_factor_removed",),
    ),
    EventKind(
        "account.second_factor_reset",
        "account",
        N_("Second factor reset"),
        visible_to=ADMINISTRATORS,
        letters=("second_factor_reset",),
    ),
    EventKind(
        "account.authenticator_removed",
        "account",
        N_("Authenticator app removed by its owner"),
        visible_to=ADMINISTRATORS,
        letters=("authenticator_removed",),
    ),
    EventKind(
        "account.passkey_added",
        "account",
        N_("Passkey added"),
        visible_to=ADMINISTRATORS,
        letters=("passkey_added",),
    ),
    EventKind(
        "account.passkey_removed",
        "account",
        N_("Passkey removed by its owner"),
        visible_to=ADMINISTRATORS,
        letters=("passkey_removed",),
    ),
    EventKind(
        "account.passkey_copied",
        "account",
        N_("Passkey refused: it may have been copied"),
        visible_to=ADMINISTRATORS,
        letters=("passkey_copied",),
    ),
    EventKind("account.recovery_codes_made", "account", N_("New recovery codes made"), visible_to=ADMINISTRATORS),
    EventKind(
        "account.recovery_code_used",
        "account",
        N_("Logged in with a recovery code"),
        visible_to=ADMINISTRATORS,
        letters=("recovery_code_used",),
    ),
    EventKind(
        "account.token_made",
        "account",
        N_("Token for a program made"),
        ("token", "scopes", "organization", "until"),
        visible_to=ADMINISTRATORS,
    ),
    EventKind("account.token_revoked", "account", N_("Token revoked"), ("token",), visible_to=ADMINISTRATORS),
    EventKind("account.sessions_ended", "account", N_("Sessions ended"), ("sessions",), visible_to=ADMINISTRATORS),
    EventKind(
        "account.consent_given", "account", N_("Consent given"), ("purpose", "wording"), visible_to=ADMINISTRATORS
    ),
    EventKind(
        "account.consent_withdrawn",
        "account",
        N_("Consent taken back"),
        ("purpose", "wording"),
        visible_to=ADMINISTRATORS,
    ),
    EventKind(
        "account.letters_stopped", "account", N_("Letters about saved searches stopped"), visible_to=ADMINISTRATORS
    ),
    EventKind(
        "account.notices_stopped",
        "account",
        N_("Letters of one kind of notice stopped"),
        ("notice",),
        visible_to=ADMINISTRATORS,
    ),
    EventKind("account.changed", "account", N_("Profile changed"), visible_to=ADMINISTRATORS),
    EventKind("account.administrator_granted", "account", N_("Made an administrator"), visible_to=ADMINISTRATORS),
    EventKind("account.administrator_revoked", "account", N_("No longer an administrator"), visible_to=ADMINISTRATORS),
    EventKind(
        "account.away",
        "account",
        N_("Away, with a stand-in"),
        ("until", "stand_in"),
        visible_to=ADMINISTRATORS,
        letters=("stands_in",),
    ),
    EventKind("account.back", "account", N_("Back again"), visible_to=ADMINISTRATORS),
    EventKind("account.erased", "account", N_("Account closed for good"), visible_to=ADMINISTRATORS, erases_words=True),
    EventKind("account.closed", "account", N_("Account closed"), ("reason",), visible_to=ADMINISTRATORS),
    EventKind("account.reopened", "account", N_("Account reopened"), ("reason",), visible_to=ADMINISTRATORS),
)
