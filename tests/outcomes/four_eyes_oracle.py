"""The rules of four eyes, written down a second time: told by the log alone, event by event, not by the rules under test.

Who belongs where is what the log says of memberships; for whom somebody acted is what an event of that kind means.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from scenario_hall.applications.models import Application
from scenario_hall.log.chain import Event, events_after
from scenario_hall.outcomes.models import Outcome
from scenario_hall.outcomes.plan.models import PlanAmendment

# For whom the actor of an event acted, by what the event is.
ACTS_FOR = {
    **{f"application.{name}": "supplier" for name in ("submitted", "withdrawn", "answered")},
    **{f"application.{name}": "demand" for name in ("shortlisted", "accepted", "declined", "asked", "scored")},
    "outcome.claimed": "supplier",
}
# Either side may do these: who belongs to one alone did it for that one; the last report has its answer on the other.
BY_A_SIDE = {"planned", "started", "reported", "failed", "milestone_reached"}
ANSWERS = {"confirmed", "objected"}
DECISIONS = {"advised", "on_notice", "returned", "rejected", "approved", "revoked", "objection_answered"}
# What anybody with an account may do.
FOR_EVERYBODY = {"outcome.public_objection"}
TWO_YEARS = timedelta(days=730)


class FourEyesOracle:
    """Follows the log and fails at the first event that should not be there."""

    def __init__(self, session: Session) -> None:
        self.session, self.position = session, 0
        self.members: dict[
            tuple[int, int], tuple[datetime, datetime | None]
        ] = {}  # account, organisation → from, until
        self.asking: set[tuple[int, int]] = set()
        self.suspended: set[int] = set()
        self.sides: dict[int, dict[str, int]] = {}  # application → side → organisation
        self.acted: dict[tuple[int, int], int] = {}  # application, account → organisation
        self.reported_for: dict[int, int] = {}  # outcome → organisation

    def follow(self) -> None:
        for event in events_after(self.session, self.position):
            self.position = event.id
            self.take(event)

    def take(self, event: Event) -> None:
        if event.kind.startswith(("organization.", "membership.")):
            self.take_membership(event)
        elif event.subject_kind in ("application", "outcome", "amendment") and event.actor_id is not None:
            self.take_act(event, event.actor_id)

    def take_membership(self, event: Event) -> None:
        organization_id = event.subject_id
        if event.kind == "organization.suspended":
            self.suspended.add(organization_id)
        elif event.kind == "organization.reinstated":
            self.suspended.discard(organization_id)
        account_id = event.fields.get("account", event.actor_id)
        if account_id is None:
            return
        key = (account_id, organization_id)
        if event.kind in ("organization.registered", "membership.accepted"):
            self.asking.discard(key)
            self.members[key] = (event.at, None)
        elif event.kind == "membership.requested":
            self.asking.add(key)
        elif event.kind == "membership.ended":
            self.asking.discard(key)
            if key in self.members:
                self.members[key] = (self.members[key][0], event.at)

    def take_act(self, event: Event, account_id: int) -> None:
        application_id = self.application_of(event)
        sides = self.sides_of(application_id)
        belongs = {key for key in sides.values() if self.belongs(account_id, key)}
        if event.kind.partition(".")[2] in DECISIONS:
            assert (application_id, account_id) not in self.acted, f"{event.kind} by one who worked on the record"
            for key in sides.values():
                self.check_neutral(event, account_id, key)
        acts_for = self.acts_for(event, sides, belongs)
        if event.kind == "outcome.reported" and acts_for is not None:
            self.reported_for[event.subject_id] = acts_for
        if acts_for is not None:
            assert acts_for in belongs, f"{event.kind} for a side to which its actor does not belong"
            assert self.acted.setdefault((application_id, account_id), acts_for) == acts_for, (
                f"{event.kind} for another"
            )
        if acts_for is not None or (belongs and event.kind not in FOR_EVERYBODY):
            assert not belongs <= self.suspended, f"{event.kind} by people of a suspended organisation"

    def check_neutral(self, event: Event, account_id: int, organization_id: int) -> None:
        key = (account_id, organization_id)
        assert key not in self.asking, f"{event.kind} by one who asks to join a party"
        if key in self.members:
            until = self.members[key][1]
            assert until is not None and event.at - until >= TWO_YEARS, f"{event.kind} by one of a party"

    def acts_for(self, event: Event, sides: dict[str, int], belongs: set[int]) -> int | None:
        """For whom it was done; None where the event does not say, or it belongs to no side."""
        name = event.kind.partition(".")[2]
        if event.kind in ACTS_FOR:
            return sides[ACTS_FOR[event.kind]]
        if name in ("signature", "plan_signed"):
            return sides[event.fields["side"]]
        if event.subject_kind == "amendment":
            proposer = self.session.get_one(PlanAmendment, event.subject_id).proposer_id
            return next(key for key in sides.values() if (key == proposer) == (name in ("proposed", "withdrawn")))
        if name in ANSWERS and event.subject_id in self.reported_for:
            return next(key for key in sides.values() if key != self.reported_for[event.subject_id])
        return next(iter(belongs)) if name in BY_A_SIDE and len(belongs) == 1 else None

    def belongs(self, account_id: int, organization_id: int) -> bool:
        key = (account_id, organization_id)
        return key in self.members and self.members[key][1] is None

    def application_of(self, event: Event) -> int:
        if event.subject_kind == "application":
            return event.subject_id
        outcome_id = event.subject_id
        if event.subject_kind == "amendment":
            outcome_id = self.session.get_one(PlanAmendment, outcome_id).outcome_id
        return self.session.get_one(Outcome, outcome_id).application_id

    def sides_of(self, application_id: int) -> dict[str, int]:
        if application_id not in self.sides:
            application = self.session.get_one(Application, application_id)
            sides = {"supplier": application.organization_id, "demand": application.scenario.organization_id}
            self.sides[application_id] = sides
        return self.sides[application_id]
