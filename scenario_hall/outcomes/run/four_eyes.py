"""Finds stored trials whose results were confirmed by those who reported them, as an early rule let them be."""

from __future__ import annotations

from collections.abc import Iterator

from sqlmodel import Session, col, select

from scenario_hall.log.chain import Event
from scenario_hall.organizations.models import Membership
from scenario_hall.outcomes.models import Outcome


def confirmed_by_their_reporters(session: Session) -> list[str]:
    """The codes of records whose last report and last confirmation come from one person, or from two people who
    belong to one of the record's sides. Told by the log and the memberships, not by what the record itself says."""
    return list(_codes(session))


def _codes(session: Session) -> Iterator[str]:
    kinds = ("outcome.reported", "outcome.confirmed")
    events = select(Event).where(col(Event.kind).in_(kinds)).order_by(col(Event.subject_id), col(Event.id))
    last: dict[int, dict[str, int | None]] = {}
    for event in session.exec(events.execution_options(yield_per=1000)):
        last.setdefault(event.subject_id, {})[event.kind] = event.actor_id
    for outcome_id, actors in last.items():
        reporter, confirmer = actors.get("outcome.reported"), actors.get("outcome.confirmed")
        if reporter is None or confirmer is None:
            continue
        outcome = session.get(Outcome, outcome_id)
        if outcome is not None and (reporter == confirmer or _share_a_side(session, outcome, reporter, confirmer)):
            yield outcome.code


def _share_a_side(session: Session, outcome: Outcome, one: int, other: int) -> bool:
    sides = (outcome.supplier_id, outcome.demand_id)

    def sides_of(account_id: int) -> set[int]:
        query = select(Membership.organization_id).where(
            col(Membership.account_id) == account_id, col(Membership.organization_id).in_(sides)
        )
        return set(session.exec(query))

    return bool(sides_of(one) & sides_of(other))
