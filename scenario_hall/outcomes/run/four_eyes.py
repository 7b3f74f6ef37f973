"""Finds stored records that break the rules of four eyes, as earlier rules let them: results confirmed by those who
reported them, plans signed for both sides by one person, decisions of administrators who belonged to a party."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlmodel import Session, col, func, select

from scenario_hall.log.chain import Event
from scenario_hall.organizations.models import NEUTRAL_AFTER, FormerMembership, Membership, Organization
from scenario_hall.outcomes.models import Outcome
from scenario_hall.outcomes.plan.models import PlanSignature
from scenario_hall.products.models import Product
from scenario_hall.scenarios.models import Scenario

TABLES: Mapping[str, Any] = {"organization": Organization, "scenario": Scenario, "product": Product, "outcome": Outcome}
# The decisions of administrators on each kind of record, and whose organisations are parties to it.
DECISIONS: tuple[tuple[tuple[str, ...], tuple[Any, ...]], ...] = (
    (("organization.verified", "organization.facts_confirmed"), (col(Organization.id),)),
    (("scenario.released",), (col(Scenario.organization_id),)),
    (("product.listed",), (col(Product.organization_id),)),
    (
        ("outcome.advised", "outcome.approved", "outcome.objection_answered", "outcome.revoked"),
        (col(Outcome.supplier_id), col(Outcome.demand_id), col(Outcome.platform_id)),
    ),
)


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


def signed_for_both_sides(session: Session) -> list[str]:
    """The codes of records of which one person signed one form of the plan for both sides."""
    query = (
        select(Outcome.code)
        .join(PlanSignature, col(PlanSignature.outcome_id) == col(Outcome.id))
        .where(col(PlanSignature.account_id).is_not(None))
        .group_by(col(Outcome.code), col(PlanSignature.plan_hash), col(PlanSignature.account_id))
        .having(func.count(func.distinct(col(PlanSignature.side))) > 1)
        .distinct()
    )
    return sorted(session.exec(query))


def decided_by_one_of_a_party(session: Session) -> list[str]:
    """The codes of records on which an administrator decided who belonged to a party then, or had left it less than
    two years before. Told by the log, the memberships and those that ended."""
    found = set()
    for kinds, parties in DECISIONS:
        subject = kinds[0].partition(".")[0]
        for organization_id in parties:
            query = (
                select(Event.subject_code, Event.at, FormerMembership.ended_at)
                .join(TABLES[subject], TABLES[subject].id == col(Event.subject_id))
                .outerjoin(Membership, _of(Membership, organization_id) & col(Membership.is_active))
                .outerjoin(FormerMembership, _of(FormerMembership, organization_id))
                .where(
                    col(Event.kind).in_(kinds),
                    (col(Membership.created_at) <= col(Event.at)) | col(FormerMembership.id).is_not(None),
                )
            )
            for code, at, ended_at in session.exec(query):
                if ended_at is None or at - NEUTRAL_AFTER < ended_at:
                    found.add(code)
    return sorted(found)


def _of(table: Any, organization_id: Any) -> Any:
    return (table.account_id == col(Event.actor_id)) & (table.organization_id == organization_id)
