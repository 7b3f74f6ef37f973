"""An organisation's work: what waits for me, what waits for the others."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlmodel import col, or_, select

from scenario_hall.applications.lifecycle import ACCEPTED
from scenario_hall.applications.lifecycle import OPEN as OPEN_APPLICATIONS
from scenario_hall.applications.models import Application
from scenario_hall.applications.unanswered import unanswered_scenarios
from scenario_hall.core.policy import open_transitions
from scenario_hall.organizations.members import organizations_of
from scenario_hall.organizations.models import Membership
from scenario_hall.outcomes.adoption.adoption import open_follow_ups
from scenario_hall.outcomes.adoption.models import FollowUp
from scenario_hall.outcomes.lifecycle import APPROVED, FAILED, REJECTED, REVOKED
from scenario_hall.outcomes.models import Outcome
from scenario_hall.outcomes.plan.milestones import overdue_milestones
from scenario_hall.products.models import Product
from scenario_hall.scenarios.models import Scenario
from scenario_hall.web.kit.request import account, actor, database, login_required

pages = Blueprint("desk", __name__)
OVER = (APPROVED, FAILED, REJECTED, REVOKED)


@dataclass(frozen=True)
class Desk:
    """Everything that is under way for the actor's organisations."""

    scenarios: list[Scenario]
    products: list[Product]
    applications: list[Application]
    outcomes: list[Outcome]
    requests: list[Membership]
    follow_ups: list[FollowUp]


@pages.get("/desk")
@login_required
def show() -> ResponseReturnValue:
    person = account()
    desk = gather(list(actor().memberships))
    edited = [key for key in actor().memberships if actor().edits(key)]
    mine, theirs = sort_out(desk)
    return render_template(
        "desk/show.html",
        person=person,
        desk=desk,
        mine=mine,
        theirs=theirs,
        overdue=overdue_milestones(database(), set(actor().memberships)),
        unanswered=unanswered_scenarios(database(), edited),
        organizations=organizations_of(database(), person.pk),
        judged={each.scenario_id for each in desk.applications if each.parties()["demand"] in actor().memberships},
    )


def gather(organization_ids: list[int]) -> Desk:
    session = database()
    scenarios = select(Scenario).where(col(Scenario.organization_id).in_(organization_ids))
    products = select(Product).where(col(Product.organization_id).in_(organization_ids))
    applications = (
        select(Application)
        .join(Scenario, col(Scenario.id) == col(Application.scenario_id))
        .where(
            or_(
                col(Application.organization_id).in_(organization_ids),
                col(Scenario.organization_id).in_(organization_ids),
            )
        )
    )
    outcomes = select(Outcome).where(
        or_(col(Outcome.supplier_id).in_(organization_ids), col(Outcome.demand_id).in_(organization_ids))
    )
    owned = [key for key, role in actor().memberships.items() if role == "owner"]
    requests = select(Membership).where(
        col(Membership.organization_id).in_(owned), col(Membership.is_active).is_(False)
    )
    return Desk(
        scenarios=list(session.exec(scenarios.order_by(col(Scenario.updated_at).desc()).limit(100))),
        products=list(session.exec(products.order_by(col(Product.updated_at).desc()).limit(100))),
        applications=list(session.exec(applications.order_by(col(Application.id).desc()).limit(100))),
        outcomes=list(session.exec(outcomes.order_by(col(Outcome.id).desc()).limit(100))),
        requests=list(session.exec(requests)),
        follow_ups=list(open_follow_ups(session, [key for key in organization_ids if actor().edits(key)])),
    )


Item = tuple[str, Scenario | Product | Application | Outcome]


def sort_out(desk: Desk) -> tuple[list[Item], list[Item]]:
    """What the actor can move on himself, and what waits for somebody else."""
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
        is_demand = application.parties()["demand"] in actor().memberships
        if application.state in OPEN_APPLICATIONS:
            (mine if is_demand else theirs).append(("application", application))
        elif application.state == ACCEPTED and application.pk not in planned:
            mine.append(("application", application))
    for outcome in desk.outcomes:
        if outcome.state not in OVER:
            moves = open_transitions(actor(), outcome)
            (mine if moves else theirs).append(("outcome", outcome))
    return mine, theirs
