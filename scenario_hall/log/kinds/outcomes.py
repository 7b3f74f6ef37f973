"""Kinds of event of outcome records: the plan, the run, the claim, what came after; and of a plan's amendments."""

from __future__ import annotations

from scenario_hall.core.texts import N_
from scenario_hall.log.kinds.kind import BOTH_SIDES, CHANGE, DEMAND, SUPPLIER, EventKind, FeedLine, ReaderName

EITHER = (*SUPPLIER, *DEMAND)
# Whoever did not report, or propose.
OTHER = ("other",)

# What a line says of the record, whatever happens to it.
RECORD = ("kind", "scenario", "product")

OUTCOMES = (
    # The plan
    EventKind("outcome.planned", "outcome", N_("Planned"), RECORD, acts_for=EITHER),
    EventKind("outcome.signature", "outcome", N_("Plan signed by one side"), ("side", "plan"), acts_for=EITHER),
    EventKind("outcome.plan_signed", "outcome", N_("Plan signed by both"), (*CHANGE, "side", "plan"), acts_for=EITHER),
    EventKind("outcome.plan_amended", "outcome", N_("Plan amended, signed by both"), ("before", "plan", "amendment")),
    EventKind(
        "amendment.proposed",
        "amendment",
        N_("An amendment was proposed"),
        ("before", "plan", "reason"),
        BOTH_SIDES,
        letters=("amendment_proposed",),
        acts_for=("proposer",),
    ),
    EventKind(
        "amendment.agreed",
        "amendment",
        N_("The amendment was signed"),
        (*CHANGE, "before", "plan"),
        BOTH_SIDES,
        letters=("amendment_agreed",),
        acts_for=OTHER,
    ),
    EventKind(
        "amendment.refused",
        "amendment",
        N_("The amendment was refused"),
        (*CHANGE, "before", "plan"),
        BOTH_SIDES,
        letters=("amendment_refused",),
        acts_for=OTHER,
    ),
    EventKind(
        "amendment.withdrawn",
        "amendment",
        N_("The amendment was withdrawn"),
        (*CHANGE, "before", "plan"),
        BOTH_SIDES,
        acts_for=("proposer",),
    ),
    # The run
    EventKind(
        "outcome.started",
        "outcome",
        N_("Started"),
        (*CHANGE, *RECORD),
        feed=FeedLine(N_("Trial started"), "play-circle"),
        acts_for=EITHER,
    ),
    EventKind("outcome.milestone_reached", "outcome", N_("Milestone reached"), ("milestone", "due"), acts_for=EITHER),
    EventKind(
        "outcome.milestone_due",
        "outcome",
        N_("Milestone reminder sent"),
        ("milestone", "due"),
        letters=("milestone_due",),
    ),
    EventKind(
        "outcome.milestone_overdue",
        "outcome",
        N_("Overdue milestone reminder sent"),
        ("milestone", "due"),
        letters=("milestone_overdue",),
    ),
    EventKind(
        "outcome.milestone_exempted",
        "outcome",
        N_("Milestone waived"),
        ("milestone", "due", "reason"),
        letters=("milestone_exempted",),
    ),
    EventKind("outcome.file_removed", "outcome", N_("A file was removed"), ("role", "file"), acts_for=EITHER),
    EventKind(
        "outcome.reported",
        "outcome",
        N_("Reported"),
        (*CHANGE, *RECORD, "results"),
        letters=("outcome_reported",),
        acts_for=EITHER,
    ),
    EventKind(
        "outcome.confirmed",
        "outcome",
        N_("Confirmed by the other side"),
        (*CHANGE, *RECORD, "results"),
        acts_for=OTHER,
    ),
    EventKind(
        "outcome.objected",
        "outcome",
        N_("Objection raised to the report"),
        (*CHANGE, *RECORD),
        letters=("outcome_objected",),
        acts_for=OTHER,
    ),
    EventKind(
        "outcome.attested",
        "outcome",
        N_("Attested by the pilot platform"),
        ("platform", "results"),
        acts_for=("platform",),
    ),
    EventKind("outcome.failed", "outcome", N_("Stopped"), (*CHANGE, *RECORD, "cause"), acts_for=EITHER),
    # The claim
    EventKind(
        "outcome.claimed",
        "outcome",
        N_("Claimed to be the first"),
        (*CHANGE, *RECORD, "scope", "rules"),
        wanted_by=(ReaderName.NOVELTY,),
        acts_for=SUPPLIER,
    ),
    EventKind("outcome.advised", "outcome", N_("A reviewer gave advice"), ("round",)),
    EventKind(
        "outcome.on_notice",
        "outcome",
        N_("On public notice"),
        (*CHANGE, *RECORD, "scope", "until"),
        feed=FeedLine(N_("On public notice"), "hourglass-split"),
    ),
    EventKind(
        "outcome.public_objection",
        "outcome",
        N_("An objection was raised"),
        ("objection",),
        letters=("objection_made",),
    ),
    EventKind(
        "outcome.objection_answered",
        "outcome",
        N_("An objection was answered"),
        ("objection", "upheld"),
        letters=("objection_answered",),
    ),
    EventKind("outcome.notice_ended", "outcome", N_("The public notice ended"), RECORD, letters=("notice_ended",)),
    EventKind(
        "outcome.returned",
        "outcome",
        N_("Returned with reasons"),
        (*CHANGE, *RECORD),
        letters=("outcome_returned",),
    ),
    EventKind("outcome.rejected", "outcome", N_("Rejected"), (*CHANGE, *RECORD), letters=("outcome_rejected",)),
    EventKind(
        "outcome.approved",
        "outcome",
        N_("Approved"),
        (*CHANGE, *RECORD, "scope", "certificate", "content"),
        feed=FeedLine(N_("First trial or first use approved"), "award"),
        letters=("outcome_approved",),
    ),
    EventKind(
        "outcome.revoked",
        "outcome",
        N_("Revoked"),
        (*CHANGE, *RECORD),
        feed=FeedLine(N_("Approval revoked"), "slash-circle", ("reason",)),
        letters=("outcome_revoked",),
        keeps_words=True,
    ),
    # What came after
    EventKind(
        "outcome.follow_up_asked",
        "outcome",
        N_("Follow-up requested"),
        ("month",),
        letters=("follow_up_asked",),
    ),
    EventKind(
        "outcome.follow_up_reminded",
        "outcome",
        N_("Follow-up reminder sent"),
        ("month",),
        letters=("follow_up_reminded",),
    ),
    EventKind("outcome.follow_up_answered", "outcome", N_("Follow-up answered"), ("month", "answers"), acts_for=EITHER),
    EventKind(
        "outcome.follow_up_corrected",
        "outcome",
        N_("Follow-up answers corrected"),
        ("month", "answers"),
        acts_for=EITHER,
    ),
)
