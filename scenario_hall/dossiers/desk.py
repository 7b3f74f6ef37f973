"""What waits for a person, and what that person waits for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, or_, select

from scenario_hall.applications.lifecycle import ACCEPTED
from scenario_hall.applications.lifecycle import OPEN as OPEN_APPLICATIONS
from scenario_hall.applications.messages import unread_messages
from scenario_hall.applications.models import Application
from scenario_hall.applications.unanswered import unanswered_scenarios
from scenario_hall.core.policy import Actor, Role, can, open_transitions
from scenario_hall.organizations.members import organizations_of
from scenario_hall.organizations.models import Account, Membership, Organization
from scenario_hall.outcomes.adoption.adoption import open_follow_ups
from scenario_hall.outcomes.adoption.models import FollowUp
from scenario_hall.outcomes.lifecycle import AMENDABLE, APPROVED, FAILED, PROPOSED, REJECTED, REVOKED
from scenario_hall.outcomes.models import Outcome
from scenario_hall.outcomes.plan.milestones import overdue_milestones
from scenario_hall.outcomes.plan.models import Milestone, PlanAmendment
from scenario_hall.products.models import Product
from scenario_hall.scenarios.models import Scenario

OVER = (APPROVED, FAILED, REJECTED, REVOKED)
MOST_ROWS = 100
# The subject of a record, and the record.
Item = tuple[str, Scenario | Product | Application | Outcome | PlanAmendment]


@dataclass(frozen=True)
class Desk:
    """Everything that is under way for a person's organisations."""

    scenarios: Sequence[Scenario]
    products: Sequence[Product]
    applications: Sequence[Application]
    outcomes: Sequence[Outcome]
    amendments: Sequence[PlanAmendment]  # proposed, and still to be decided
    requests: Sequence[Membership]
    follow_ups: Sequence[FollowUp]


@dataclass(frozen=True)
class DeskDossier:
    """The desk sorted by whose turn it is, with what is late."""

    person: Account
    desk: Desk
    mine: Sequence[Item]
    theirs: Sequence[Item]
    overdue: Sequence[tuple[Milestone, Outcome]]
    unanswered: Sequence[tuple[Scenario, int]]
    organizations: Sequence[tuple[Membership, Organization]]
    unread: Mapping[int, int]  # application → messages of the other side that the person has not read
    judged: frozenset[int]  # scenarios whose applications the person's side judges


def desk_dossier(session: Session, actor: Actor, person: Account) -> DeskDossier:
    """The desk of ``person``, who is the actor."""
    desk = desk_of(session, actor)
    mine, theirs = sort_out(actor, desk)
    return DeskDossier(
        person=person,
        desk=desk,
        mine=mine,
        theirs=theirs,
        overdue=overdue_milestones(session, set(actor.memberships)),
        unanswered=unanswered_scenarios(session, [pk for pk in actor.memberships if actor.edits(pk)]),
        organizations=organizations_of(session, person.pk),
        unread=unread_messages(session, actor, desk.applications),
        judged=frozenset(
            each.scenario_id for each in desk.applications if each.parties()["demand"] in actor.memberships
        ),
    )


def desk_of(session: Session, actor: Actor) -> Desk:
    """The newest records of the actor's organisations, requests to join them, and follow-ups to answer."""
    own = list(actor.memberships)
    owned = [pk for pk, role in actor.memberships.items() if role == Role.OWNER]
    scenarios = select(Scenario).where(col(Scenario.organization_id).in_(own))
    products = select(Product).where(col(Product.organization_id).in_(own))
    applications = (
        select(Application)
        .join(Scenario, col(Scenario.id) == col(Application.scenario_id))
        .where(or_(col(Application.organization_id).in_(own), col(Scenario.organization_id).in_(own)))
    )
    is_own = or_(col(Outcome.supplier_id).in_(own), col(Outcome.demand_id).in_(own))
    outcomes = select(Outcome).where(is_own)
    amendments = (
        select(PlanAmendment)
        .join(Outcome, col(Outcome.id) == col(PlanAmendment.outcome_id))
        .where(is_own, col(PlanAmendment.state) == PROPOSED, col(Outcome.state).in_(AMENDABLE))
    )
    requests = select(Membership).where(
        col(Membership.organization_id).in_(owned), col(Membership.is_active).is_(False)
    )
    return Desk(
        scenarios=session.exec(scenarios.order_by(col(Scenario.updated_at).desc()).limit(MOST_ROWS)).all(),
        products=session.exec(products.order_by(col(Product.updated_at).desc()).limit(MOST_ROWS)).all(),
        applications=session.exec(applications.order_by(col(Application.id).desc()).limit(MOST_ROWS)).all(),
        outcomes=session.exec(outcomes.order_by(col(Outcome.id).desc()).limit(MOST_ROWS)).all(),
        amendments=session.exec(amendments.order_by(col(PlanAmendment.created_at)).limit(MOST_ROWS)).all(),
        requests=session.exec(requests).all(),
        follow_ups=open_follow_ups(session, [pk for pk in own if actor.edits(pk)]),
    )


def sort_out(actor: Actor, desk: Desk) -> tuple[list[Item], list[Item]]:
    """What the actor can take further, and what waits for somebody else."""
    mine: list[Item] = []
    theirs: list[Item] = []
    written: list[Scenario | Product] = [*desk.scenarios, *desk.products]
    for record in written:
        if record.state in ("draft", "returned"):
            mine.append((record.subject, record))
        elif record.state == "submitted":
            theirs.append((record.subject, record))
    planned = {outcome.application_id for outcome in desk.outcomes}
    for application in desk.applications:
        is_demand = application.parties()["demand"] in actor.memberships
        if application.state in OPEN_APPLICATIONS:
            is_mine = is_demand or application.answers_older_scenario()
            (mine if is_mine else theirs).append(("application", application))
        elif application.state == ACCEPTED and application.pk not in planned:
            mine.append(("application", application))
    for outcome in desk.outcomes:
        if outcome.state not in OVER:
            (mine if open_transitions(actor, outcome) else theirs).append(("outcome", outcome))
    for amendment in desk.amendments:
        (mine if can(actor, "agree", amendment) else theirs).append(("amendment", amendment))
    return mine, theirs
