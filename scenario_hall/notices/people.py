"""The people who receive a letter: members of an organisation, administrators, or the evaluators whom an application
concerns."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from scenario_hall.applications.judging.models import Declaration
from scenario_hall.applications.lifecycle import OPEN, STANDING
from scenario_hall.applications.models import Application
from scenario_hall.core.clock import local_day
from scenario_hall.core.policy import Governed, Role, can
from scenario_hall.log.chain import Event
from scenario_hall.organizations.accounts import actor_of
from scenario_hall.organizations.models import Account, Membership
from scenario_hall.outcomes.plan.withdrawal import signed_applications
from scenario_hall.reviewing.absences import administrators
from scenario_hall.scenarios.models import Scenario

WHO_ACT = (Role.OWNER, Role.EDITOR)


def people_of(session: Session, organization_ids: Iterable[int], roles: Collection[Role] = WHO_ACT) -> list[Account]:
    """Those who have one of these roles in one of the organisations and a confirmed address, each once."""
    query = (
        select(Account)
        .join(Membership, col(Membership.account_id) == col(Account.id))
        .where(
            col(Membership.organization_id).in_(set(organization_ids)),
            col(Membership.is_active),
            col(Membership.role).in_(roles),
            col(Account.is_active),
            col(Account.email_confirmed_at).is_not(None),
        )
        .distinct()
        .order_by(col(Account.id))
    )
    return list(session.exec(query))


def administrators_to_ask(session: Session, record: Governed, action: str) -> list[Account]:
    """The administrators with a confirmed address who may do ``action`` to ``record``."""
    return [each for each in administrators(session) if can(actor_of(session, each), action, record)]


def deadline_of(scenario: Scenario | None) -> date | None:
    """The last day on which the scenario takes applications; None where it has no deadline, or there is no scenario."""
    return local_day(scenario.deadline) if scenario is not None and scenario.deadline is not None else None


def standing_applications(session: Session, condition: ColumnElement[bool]) -> list[Application]:
    """Those that are open, or accepted with no plan signed yet."""
    query = select(Application).where(condition, col(Application.state).in_(STANDING))
    found = session.exec(query.order_by(col(Application.id))).all()
    signed = signed_applications(session, [each.pk for each in found])
    return [each for each in found if each.pk not in signed]


def evaluators_to_ask(session: Session, application: Application) -> list[Account]:
    """Those who may score this application and are not written to as the owner's editors anyway."""
    if application.state not in OPEN:  # withdrawn or decided before the letter was written
        return []
    query = (
        select(Declaration.account_id)
        .join(Application, col(Application.id) == col(Declaration.application_id))
        .where(
            col(Application.scenario_id) == application.scenario_id,
            col(Application.organization_id) == application.organization_id,
            col(Declaration.has_conflict),
        )
    )
    # Nobody has declared anything on what has just come in; a conflict with the same supplier's earlier one counts.
    barred = set(session.exec(query))
    viewers = people_of(session, [application.scenario.organization_id], (Role.VIEWER,))
    return [each for each in viewers if each.pk not in barred and can(actor_of(session, each), "judge", application)]


def people_of_joint_round(session: Session, event: Event) -> list[Account]:
    """The owner's editors, and the viewers who take part; of both those only who may judge one of the applications
    that ``event`` opened and have declared no conflict there."""
    scenario = session.get_one(Scenario, event.subject_id)
    opened = session.exec(select(Application).where(col(Application.code).in_(event.fields["applications"]))).all()
    ids = [each.pk for each in opened]
    rows = session.exec(select(Declaration).where(col(Declaration.application_id).in_(ids)))
    declared = {(row.application_id, row.account_id): row.has_conflict for row in rows}

    def is_concerned(account: Account) -> bool:
        actor = actor_of(session, account)
        # A viewer who has not begun can no longer score: the joint round is for those who scored alone.
        undeclared = not actor.edits(scenario.organization_id)
        return any(can(actor, "judge", each) and not declared.get((each.pk, account.pk), undeclared) for each in opened)

    everybody = people_of(session, [scenario.organization_id], tuple(Role))
    return [each for each in everybody if is_concerned(each)]
