"""How far the year is, stage by stage: what each figure of the funnel counts, and the list behind it.

A figure and its list come from one statement, so they cannot differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, exists, func, select
from sqlmodel.sql.expression import SelectOfScalar

from scenario_hall.applications.lifecycle import WITHDRAWN
from scenario_hall.applications.models import Application
from scenario_hall.bulletins.months import Month
from scenario_hall.core.clock import local_year_bounds
from scenario_hall.core.db import unindexed
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import Event
from scenario_hall.organizations.lifecycle import VERIFIED
from scenario_hall.organizations.models import Organization
from scenario_hall.outcomes.certificate.firsts import Firsts, count_firsts
from scenario_hall.outcomes.models import Outcome
from scenario_hall.products.models import Product
from scenario_hall.scenarios.models import Scenario

PAGE_SIZE = 24


class Stage(StrEnum):
    """The way from a posted problem to a first customer. FIRST has its own list, the register of firsts."""

    RELEASED = "released"
    APPLIED = "applied"
    TRIED = "tried"
    FIRST = "first"


STAGE_NAMES: dict[str, str] = {
    Stage.RELEASED: N_("scenarios released"),
    Stage.APPLIED: N_("scenarios with applications"),
    Stage.TRIED: N_("trials started"),
    Stage.FIRST: N_("firsts approved"),
}


@dataclass(frozen=True)
class ProgressDossier:
    """One page of a stage's list; ``scenarios`` or ``trials`` is empty, whichever the stage does not list."""

    year: int
    stage: Stage
    stages: dict[Stage, int]
    scenarios: Sequence[Scenario]
    trials: Sequence[Outcome]
    page: int
    size: int
    month: int | None = None  # of the year, where only that is listed

    @property
    def total(self) -> int:
        return self.stages[self.stage]


def progress_dossier(
    session: Session,
    year: int,
    stage: Stage,
    page: int,
    stages: dict[Stage, int],
    size: int = PAGE_SIZE,
    month: int | None = None,
) -> ProgressDossier:
    """The list of ``stage`` (not FIRST), the latest first, ``size`` on a page; ``stages``: as from ``count_stages``, of
    a month as from ``count_of_month``."""
    start = (page - 1) * size
    scenarios: Sequence[Scenario] = ()
    trials: Sequence[Outcome] = ()
    if stage is Stage.TRIED:
        trials = session.exec(trials_of(year, month).order_by(col(Event.id).desc()).limit(size).offset(start)).all()
    else:
        rows = scenarios_of(stage, year, month).order_by(col(Scenario.released_at).desc(), col(Scenario.id).desc())
        scenarios = session.exec(rows.limit(size).offset(start)).all()
    return ProgressDossier(year, stage, stages, scenarios, trials, page, size, month)


def count_stages(session: Session, year: int) -> dict[Stage, int]:
    """How many there are in each stage; FIRST counts products, as the hall's counter does."""
    return {
        Stage.RELEASED: _count(session, scenarios_of(Stage.RELEASED, year)),
        Stage.APPLIED: _count(session, scenarios_of(Stage.APPLIED, year)),
        Stage.TRIED: _count(session, trials_of(year)),
        Stage.FIRST: count_firsts(session, Firsts(year)),
    }


def count_of_month(session: Session, stage: Stage, year: int, month: int) -> dict[Stage, int]:
    """How many are in the list of ``stage`` (not FIRST) for one month."""
    listed = trials_of(year, month) if stage is Stage.TRIED else scenarios_of(stage, year, month)
    return {stage: _count(session, listed)}


def scenarios_of(stage: Stage, year: int, month: int | None = None) -> SelectOfScalar[Scenario]:
    """Public scenarios that were released in ``year``, or its ``month``; for APPLIED those with an application that was
    not withdrawn."""
    first, end = _bounds(year, month)
    query = select(Scenario).where(
        col(Scenario.released_at) >= first, col(Scenario.released_at) < end, *_is_public(Scenario)
    )
    if stage is Stage.APPLIED:
        applied = exists().where(col(Application.scenario_id) == col(Scenario.id), col(Application.state) != WITHDRAWN)
        query = query.where(applied)
    return query


def trials_of(year: int, month: int | None = None) -> SelectOfScalar[Outcome]:
    """Trials and uses that were started in ``year``, or its ``month``, of a scenario and a product that are public:
    the live feed told of each when it began."""
    first, end = _bounds(year, month)
    is_its_start = and_(col(Event.subject_id) == col(Outcome.id), col(Event.kind) == "outcome.started")
    return (
        select(Outcome)
        .join(Event, is_its_start)
        .where(
            col(Event.at) >= first,
            col(Event.at) < end,
            exists().where(col(Scenario.id) == col(Outcome.scenario_id), *_is_public(Scenario)),
            exists().where(col(Product.id) == col(Outcome.product_id), *_is_public(Product)),
        )
    )


def _bounds(year: int, month: int | None) -> tuple[datetime, datetime]:
    return local_year_bounds(year) if month is None else (Month(year, month).start, Month(year, month).end)


def _is_public(table: type[Scenario] | type[Product]) -> list[ColumnElement[bool]]:
    """As ``Publishable.is_public`` says of one record."""
    owner = exists().where(col(Organization.id) == col(table.organization_id), col(Organization.state) == VERIFIED)
    return [unindexed(col(table.state)).in_(table.public_states), owner]


def _count(session: Session, query: SelectOfScalar[Any]) -> int:
    counted: int = session.execute(query.with_only_columns(func.count(), maintain_column_froms=True)).scalar_one()
    return counted
