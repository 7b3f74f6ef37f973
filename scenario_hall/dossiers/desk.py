"""What waits for a person, and what that person waits for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import CompoundSelect, union
from sqlmodel import Session, col, select

from scenario_hall.applications.lifecycle import ACCEPTED
from scenario_hall.applications.lifecycle import OPEN as OPEN_APPLICATIONS
from scenario_hall.applications.messages import unread_messages
from scenario_hall.applications.models import Application
from scenario_hall.applications.unanswered import unanswered_scenarios
from scenario_hall.core.policy import Actor, Role, can, open_transitions, parties_spoken_for
from scenario_hall.dossiers.desk_news import NewMatch, new_matches
from scenario_hall.dossiers.desk_tasks import Task, next_days, tasks_of
from scenario_hall.dossiers.outcome_way import NEXT
from scenario_hall.organizations.members import organizations_of
from scenario_hall.organizations.models import Account, Membership, Organization
from scenario_hall.outcomes.adoption.adoption import open_follow_ups
from scenario_hall.outcomes.adoption.models import FollowUp
from scenario_hall.outcomes.lifecycle import APPROVED, FAILED, PLANNED, REJECTED, REVOKED
from scenario_hall.outcomes.models import Outcome
from scenario_hall.outcomes.of_sides import outcomes_of_sides, proposed_amendments_of_sides
from scenario_hall.outcomes.plan.document import SIDES, hash_of_plan
from scenario_hall.outcomes.plan.milestones import RUNNING_STATES
from scenario_hall.outcomes.plan.models import PlanAmendment, PlanSignature
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
    """The desk sorted by whose turn it is, with what is to be done until when, what is new, and the first steps of
    whoever has not taken them all."""

    person: Account
    desk: Desk
    mine: Sequence[Item]
    theirs: Sequence[Item]
    tasks: Sequence[Task]
    days: Mapping[int, date]  # outcome → when its next milestone is due
    news: Sequence[NewMatch]
    start: Sequence[tuple[str, bool]]  # step, whether it is done; none where all are
    organizations: Sequence[tuple[Membership, Organization]]
    unread: Mapping[int, int]  # application → messages of the other side that the person has not read
    judged: frozenset[int]  # scenarios whose applications the person's side judges


def desk_dossier(session: Session, actor: Actor, person: Account) -> DeskDossier:
    """The desk of ``person``, who is the actor."""
    desk = desk_of(session, actor)
    mine, theirs = sort_out(actor, desk, signed_sides(session, desk.outcomes))
    days = next_days(session, [each for each in desk.outcomes if each.state in RUNNING_STATES])
    own = [pk for pk in actor.memberships if actor.edits(pk)]
    organizations = organizations_of(session, person.pk)
    return DeskDossier(
        person=person,
        desk=desk,
        mine=mine,
        theirs=theirs,
        tasks=tasks_of(
            mine,
            own=actor.memberships,
            days=days,
            follow_ups=desk.follow_ups,
            requests=desk.requests,
            unanswered=unanswered_scenarios(session, own),
        ),
        days=days,
        news=new_matches(session, actor),
        start=first_steps(person, organizations, desk) if not actor.is_administrator else (),
        organizations=organizations,
        unread=unread_messages(session, actor, desk.applications),
        judged=frozenset(
            each.scenario_id for each in desk.applications if each.parties()["demand"] in actor.memberships
        ),
    )


def desk_of(session: Session, actor: Actor) -> Desk:
    """The newest records of the actor's organisations, requests to join them, and follow-ups to answer."""
    own = list(actor.memberships)
    if not own:
        return Desk((), (), (), (), (), (), ())
    owned = [pk for pk, role in actor.memberships.items() if role == Role.OWNER]
    scenarios = select(Scenario).where(col(Scenario.organization_id).in_(own))
    products = select(Product).where(col(Product.organization_id).in_(own))
    applications = select(Application).where(col(Application.id).in_(_applications_of(own)))
    outcomes = select(Outcome).where(col(Outcome.id).in_(outcomes_of_sides(own)))
    amendments = proposed_amendments_of_sides(own)
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


def _applications_of(own: Collection[int]) -> CompoundSelect[tuple[int]]:
    """The ids of those that one of these organisations made or got."""
    return union(
        select(Application.id).where(col(Application.organization_id).in_(own)),
        select(Application.id)
        .join(Scenario, col(Scenario.id) == col(Application.scenario_id))
        .where(col(Scenario.organization_id).in_(own)),
    )


def first_steps(
    person: Account, organizations: Sequence[tuple[Membership, Organization]], desk: Desk
) -> list[tuple[str, bool]]:
    """The four steps of a new account, in their order, until all are done."""
    joined = [organization for membership, organization in organizations if membership.is_active]
    is_sent = any(each.state != "draft" for each in (*desk.scenarios, *desk.products))
    steps = [
        ("address", person.email_confirmed_at is not None),
        ("organization", bool(joined)),
        ("verified", any(each.state == "verified" for each in joined)),
        ("first", is_sent),
    ]
    return [] if all(is_done for _step, is_done in steps) else steps


def signed_sides(session: Session, outcomes: Sequence[Outcome]) -> dict[int, set[str]]:
    """Outcome → the sides that have signed its plan as it stands; of plans that still wait for a signature."""
    planned = {each.pk: hash_of_plan(each) for each in outcomes if each.state == PLANNED}
    query = select(PlanSignature).where(col(PlanSignature.outcome_id).in_(planned))
    signed: dict[int, set[str]] = {pk: set() for pk in planned}
    for row in session.exec(query):
        if row.plan_hash == planned[row.outcome_id]:
            signed[row.outcome_id].add(row.side)
    return signed


def _is_turn_of(actor: Actor, outcome: Outcome, signed: Mapping[int, set[str]]) -> bool:
    """Whether the actor can take the next step of the record; stopping it is none."""
    action = NEXT[outcome.state].action
    if action not in {row.action for row in open_transitions(actor, outcome)}:
        return False
    return action != "sign" or bool(set(parties_spoken_for(actor, outcome, SIDES)) - signed[outcome.pk])


def sort_out(actor: Actor, desk: Desk, signed: Mapping[int, set[str]]) -> tuple[list[Item], list[Item]]:
    """What the actor can take further, and what waits for somebody else. ``signed``: as from ``signed_sides``."""
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
            (mine if _is_turn_of(actor, outcome, signed) else theirs).append(("outcome", outcome))
    for amendment in desk.amendments:
        (mine if can(actor, "agree", amendment) else theirs).append(("amendment", amendment))
    return mine, theirs
