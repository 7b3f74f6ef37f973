"""The way of a trial or use from its plan to its certificate: what is done and when, where it stands, what comes
next."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from scenario_hall.core.texts import N_
from scenario_hall.log.chain import Event
from scenario_hall.outcomes import lifecycle
from scenario_hall.outcomes.models import Outcome


class Standing(StrEnum):
    """How a step stands. BROKEN: the way ended there."""

    DONE = "done"
    CURRENT = "current"
    OPEN = "open"
    BROKEN = "broken"


# Step → the kind of event that ends it. A public notice ends with the approval, which also makes the certificate.
STEPS: dict[str, str] = {
    "plan": "outcome.planned",
    "sign": "outcome.plan_signed",
    "run": "outcome.started",
    "report": "outcome.reported",
    "confirm": "outcome.confirmed",
    "claim": "outcome.claimed",
    "review": "outcome.on_notice",
    "notice": "outcome.approved",
    "certificate": "outcome.approved",
}
STEP_NAMES: dict[str, str] = {
    "plan": N_("Plan"),
    "sign": N_("Signatures"),
    "run": N_("Start"),
    "report": N_("Report"),
    "confirm": N_("Confirmation"),
    "claim": N_("Claim"),
    "review": N_("Review"),
    "notice": N_("Public notice"),
    "certificate": N_("Certificate"),
}
# State → the step that is worked on in it.
CURRENT: dict[str, str] = {
    lifecycle.PLANNED: "sign",
    lifecycle.SIGNED: "run",
    lifecycle.RUNNING: "report",
    lifecycle.REPORTED: "confirm",
    lifecycle.CONFIRMED: "claim",
    lifecycle.RETURNED: "claim",
    lifecycle.CLAIMED: "review",
    lifecycle.NOTICE: "notice",
}


@dataclass(frozen=True)
class Step:
    """One step; ``at`` is when it was done, as far as the reader may know."""

    name: str
    standing: Standing
    at: datetime | None = None


@dataclass(frozen=True)
class Next:
    """What comes next: to who may do ``action`` it is said as a request, to all others as news."""

    action: str
    request: str
    news: str


NEXT: dict[str, Next] = {
    lifecycle.PLANNED: Next(
        "sign",
        N_("Read the plan and sign it for your side. Signed by both, it changes only with both signatures."),
        N_("The plan is written; it waits for the signatures of both sides."),
    ),
    lifecycle.SIGNED: Next(
        "start",
        N_("Both sides have signed. Start as soon as the site is ready."),
        N_("Signed by both, not yet started."),
    ),
    lifecycle.RUNNING: Next(
        "report",
        N_("When it has run, report what was measured. Have the report and the measurements at hand as files."),
        N_("It is running; one side will report what was measured."),
    ),
    lifecycle.REPORTED: Next(
        "confirm",
        N_("Compare the measured values with what you saw, then confirm them or send them back with a reason."),
        N_("Reported; the other side compares the values and confirms them."),
    ),
    lifecycle.CONFIRMED: Next(
        "claim",
        N_("Both sides agree on the results. Claim it as a first if nobody was earlier."),
        N_("Both sides agree on the results; the supplier may claim it as a first."),
    ),
    lifecycle.RETURNED: Next(
        "claim",
        N_("The claim came back with a reason. Correct it and claim once more."),
        N_("The claim was returned to the supplier for a correction."),
    ),
    lifecycle.CLAIMED: Next(
        "advise",
        N_("Read the evidence and give your advice; you do not see the other reviewer's before."),
        N_("Administrators who belong to neither side review the claim."),
    ),
    lifecycle.NOTICE: Next(
        "approve",
        N_("The public notice is over and nothing stands against it: approve, or uphold an objection."),
        N_("On public notice: anybody with an account may object with a reason until it ends."),
    ),
    lifecycle.APPROVED: Next("", "", N_("It is a first: the certificate can be checked by anybody.")),
    lifecycle.REVOKED: Next("", "", N_("The approval was revoked; the certificate says so and counts no more.")),
    lifecycle.REJECTED: Next("", "", N_("The claim was rejected; the results stay as both sides confirmed them.")),
    lifecycle.FAILED: Next("", "", N_("It was stopped before it had a result; what was learnt is kept.")),
}


@dataclass(frozen=True)
class Way:
    """All steps in their order, and what comes next in words."""

    steps: Sequence[Step]
    next: str
    is_mine: bool  # the reader can do it


def way_of(outcome: Outcome, events: Sequence[Event], can: Collection[str]) -> Way:
    """The way as its reader may see it: dates come from ``events``, the history that is shown to them, and from the
    dates that everybody reads in the record."""
    told = NEXT[outcome.state]
    is_mine = told.action in can
    return Way(_steps(outcome, _dates(outcome, events)), told.request if is_mine else told.news, is_mine)


def _dates(outcome: Outcome, events: Sequence[Event]) -> Mapping[str, datetime]:
    """Kind of event → when it happened last."""
    known = {
        "outcome.reported": outcome.reported_at,
        "outcome.claimed": outcome.claimed_at,
        "outcome.on_notice": outcome.notice_from,
        "outcome.approved": outcome.approved_at,
    }
    dates = {kind: at for kind, at in known.items() if at is not None}
    for event in sorted(events, key=lambda each: each.id):
        if event.kind in STEPS.values():
            dates[event.kind] = event.at
    return dates


def _steps(outcome: Outcome, dates: Mapping[str, datetime]) -> list[Step]:
    names = list(STEPS)
    if outcome.state in CURRENT:
        place = names.index(CURRENT[outcome.state])
        end = Standing.CURRENT
    elif outcome.state in (lifecycle.APPROVED, lifecycle.REVOKED):
        place = len(names) if outcome.state == lifecycle.APPROVED else len(names) - 1
        end = Standing.BROKEN
    else:
        # It ended at the first step of which there is no date; a claim is rejected in its review, or on notice.
        place = next((number for number, name in enumerate(names[1:], 1) if STEPS[name] not in dates), 1)
        end = Standing.BROKEN
    return [
        Step(
            name,
            Standing.DONE if number < place else end if number == place else Standing.OPEN,
            dates.get(STEPS[name]) if number < place else None,
        )
        for number, name in enumerate(names)
    ]
