"""The catalogue of kinds of notice: which letters each is of, why somebody gets them, how they come unless somebody
says otherwise, and what may be said."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scenario_hall.core.texts import N_


class Channel(StrEnum):
    """How a notice reaches a person. What comes by letter stands in the hall, too."""

    HALL = "hall"
    LETTER = "letter"
    DIGEST = "digest"
    OFF = "off"


CHANNEL_NAMES: dict[str, str] = {
    Channel.LETTER: N_("Letter now"),
    Channel.DIGEST: N_("Letter of the day"),
    Channel.HALL: N_("In the hall alone"),
    Channel.OFF: N_("Off"),
}
AT_ONCE, BY_LETTER = (Channel.LETTER,), (Channel.LETTER, Channel.DIGEST)
_TIME_LIMITS = N_("Always by letter: rights and time limits depend on it.")


@dataclass(frozen=True)
class NoticeKind:
    """One kind. ``title``, ``reason`` (why somebody gets it) and ``always`` (why it cannot be switched off) are message
    ids."""

    name: str
    title: str
    reason: str
    letters: tuple[str, ...]  # by their names in ``letters/``
    default: Channel = Channel.LETTER
    allowed: tuple[Channel, ...] = tuple(Channel)
    always: str = ""


KINDS: tuple[NoticeKind, ...] = (
    NoticeKind(
        "account",
        N_("Your account and how you log in"),
        N_("It is about your account."),
        (
            "confirm_address",
            "has_account",
            "reset_password",
            "second_factor_set",
            "second_factor_removed",
            "second_factor_reset",
            "authenticator_removed",
            "passkey_added",
            "passkey_removed",
            "passkey_copied",
            "recovery_code_used",
        ),
        allowed=AT_ONCE,
        always=N_("Always by letter, at once: else you would not notice if somebody else did it."),
    ),
    NoticeKind(
        "organization",
        N_("Your organisation: verification and members"),
        N_("You act for this organisation."),
        (
            "organization_verified",
            "organization_returned",
            "organization_rejected",
            "organization_facts_confirmed",
            "organization_facts_refused",
            "organization_suspended",
            "membership_requested",
            "colleague_invited",
            "mailbox_entered",
            "deputy_named",
        ),
    ),
    NoticeKind(
        "record",
        N_("Your scenarios and products: decisions and questions"),
        N_("Your organisation has posted it."),
        (
            "scenario_released",
            "scenario_returned",
            "product_listed",
            "product_returned",
            "revision_accepted",
            "revision_returned",
            "question_on_scenario",
            "joint_proposed",
            "joint_proposed_apart",
        ),
    ),
    NoticeKind(
        "application",
        N_("Applications: new ones, questions, decisions, invitations"),
        N_("Your organisation is one of the two sides."),
        (
            "application_submitted",
            "application_shortlisted",
            "application_accepted",
            "application_declined",
            "application_renewed",
            "application_asked",
            "application_answered",
            "product_invited",
            "supplier_invited",
            "answers_due",
        ),
    ),
    NoticeKind(
        "message",
        N_("Messages about applications"),
        N_("The other side has written to your organisation."),
        ("application_message",),
    ),
    NoticeKind(
        "changed",
        N_("Changes of what you have applied to, or were offered"),
        N_("Your organisation has an application that it concerns."),
        ("scenario_substance_changed", "product_substance_changed"),
        allowed=BY_LETTER,
        always=_TIME_LIMITS,
    ),
    NoticeKind(
        "judging",
        N_("Judging applications"),
        N_("You judge for your organisation."),
        ("application_to_judge", "scores_revealed"),
    ),
    NoticeKind(
        "trial",
        N_("Plans and milestones of first trials and first uses"),
        N_("Your organisation takes part."),
        (
            "amendment_proposed",
            "amendment_agreed",
            "amendment_refused",
            "milestone_due",
            "milestone_overdue",
            "milestone_exempted",
        ),
    ),
    NoticeKind(
        "claim",
        N_("Results, objections and decisions about first trials and first uses"),
        N_("Your organisation takes part, or you have objected or are to decide."),
        (
            "outcome_reported",
            "outcome_objected",
            "outcome_returned",
            "outcome_rejected",
            "outcome_approved",
            "outcome_revoked",
            "objection_made",
            "objection_answered",
            "notice_ended",
        ),
        allowed=BY_LETTER,
        always=_TIME_LIMITS,
    ),
    NoticeKind(
        "follow_up",
        N_("Questions after an approval"),
        N_("Your organisation has taken part."),
        ("follow_up_asked", "follow_up_reminded"),
        default=Channel.DIGEST,
    ),
    NoticeKind(
        "webhook",
        N_("Webhooks that were turned off"),
        N_("You look after it."),
        ("webhook_silent", "webhook_gone"),
    ),
    NoticeKind(
        "review",
        N_("The work of administrators"),
        N_("You are an administrator."),
        ("review_given", "stands_in", "alerts_braked"),
    ),
)
KINDS_BY_NAME = {kind.name: kind for kind in KINDS}
KIND_OF_LETTER = {letter: kind for kind in KINDS for letter in kind.letters}
