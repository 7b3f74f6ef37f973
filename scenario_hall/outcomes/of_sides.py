"""The records of trials and uses in which an organisation is one of the two sides."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import CompoundSelect, union
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from scenario_hall.core.db import unindexed
from scenario_hall.outcomes.lifecycle import AMENDABLE, PROPOSED
from scenario_hall.outcomes.models import Outcome
from scenario_hall.outcomes.plan.models import PlanAmendment


def outcomes_of_sides(organization_ids: Collection[int]) -> CompoundSelect[tuple[int]]:
    """Their ids. Two statements and not one with “or”: each has an index, where one condition over both columns, beside
    an order of its own, makes a database read the whole table."""
    return union(
        select(Outcome.id).where(col(Outcome.supplier_id).in_(organization_ids)),
        select(Outcome.id).where(col(Outcome.demand_id).in_(organization_ids)),
    )


def proposed_amendments_of_sides(organization_ids: Collection[int]) -> SelectOfScalar[PlanAmendment]:
    """The amendments of their plans that are still to be decided."""
    return (
        select(PlanAmendment)
        .join(Outcome, col(Outcome.id) == col(PlanAmendment.outcome_id))
        .where(
            col(PlanAmendment.outcome_id).in_(outcomes_of_sides(organization_ids)),
            unindexed(col(PlanAmendment.state)) == PROPOSED,
            col(Outcome.state).in_(AMENDABLE),
        )
    )
