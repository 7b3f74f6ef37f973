"""Lists expired and withdrawn scenarios whose applicants still wait for an answer, and reminds their owners."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlmodel import Session, col, exists, func, select
from sqlmodel.sql.expression import SelectOfScalar

from scenario_hall.applications.closing import undecided_applications
from scenario_hall.applications.lifecycle import OPEN
from scenario_hall.applications.models import Application
from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.log.chain import Event, record_event
from scenario_hall.organizations.models import Organization
from scenario_hall.scenarios.lifecycle import EXPIRED, WITHDRAWN
from scenario_hall.scenarios.models import Scenario
from scenario_hall.scenarios.service import get_scenario

# A scenario in these states has left the hall without its owner having had to answer.
OVER = (EXPIRED, WITHDRAWN)
FIRST_AFTER, AGAIN_AFTER = timedelta(days=3), timedelta(days=7)


def unanswered_scenarios(
    session: Session, organization_ids: Collection[int], *, limit: int = 100
) -> list[tuple[Scenario, int]]:
    """Such scenarios of these organisations with how many applications wait, the longest over first."""
    if not organization_ids:
        return []
    # Counted for each of them by itself: a sum over all open applications would be made first, for every reader.
    waiting = (
        select(func.count())
        .where(col(Application.scenario_id) == col(Scenario.id), col(Application.state).in_(OPEN))
        .correlate(Scenario)
        .scalar_subquery()
    )
    query = (
        select(Scenario, waiting)
        .where(col(Scenario.state).in_(OVER), col(Scenario.organization_id).in_(organization_ids), waiting > 0)
        .order_by(col(Scenario.updated_at), col(Scenario.id))
        .limit(limit)
    )
    return list(session.exec(query))


def remind_of_answers(session: Session, *, limit: int = 100) -> int:
    """One event for each owner who is due to be reminded, some days after it was over and then weekly; returns how
    many. The event records the reminder: while one is recent, no other is made."""
    codes = session.exec(_due().limit(limit)).all()
    for code in codes:
        with transaction(session):
            scenario = get_scenario(session, code)
            session.refresh(scenario, with_for_update=True)
            # Asked again under the lock: it may have been closed, or its last application decided, meanwhile.
            if session.exec(_due().where(col(Scenario.code) == code)).first() is None:
                continue
            waiting = undecided_applications(session, scenario)
            record_event(
                session,
                None,
                scenario,
                "scenario.answers_due",
                {"title": scenario.title, "applications": [each.code for each in waiting]},
            )
    return len(codes)


def _due() -> SelectOfScalar[str]:
    """The codes of those whose owner is to be reminded now."""
    waits = exists().where(col(Application.scenario_id) == col(Scenario.id), col(Application.state).in_(OPEN))
    was_reminded = exists().where(
        col(Event.subject_kind) == "scenario",
        col(Event.subject_id) == col(Scenario.id),
        col(Event.kind) == "scenario.answers_due",
        col(Event.at) > now() - AGAIN_AFTER,
    )
    return (
        select(Scenario.code)
        .join(Organization, col(Organization.id) == col(Scenario.organization_id))
        .where(
            col(Scenario.state).in_(OVER),
            col(Scenario.updated_at) <= now() - FIRST_AFTER,
            # A list that the hall keeps has no people who could be written to.
            col(Organization.is_imported_list_owner).is_(False),
            waits,
            ~was_reminded,
        )
        .order_by(col(Scenario.updated_at), col(Scenario.id))
    )
