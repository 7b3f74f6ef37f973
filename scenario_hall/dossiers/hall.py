"""What the hall's first page and its wall show beside the feed: the figures, what is new, what closes soon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from scenario_hall.core.clock import now
from scenario_hall.dossiers.figures import HallFigures
from scenario_hall.dossiers.firsts import newest_firsts
from scenario_hall.dossiers.pictures import pictures_of
from scenario_hall.organizations.lifecycle import VERIFIED
from scenario_hall.organizations.models import Organization
from scenario_hall.outcomes.certificate.models import Certificate
from scenario_hall.outcomes.models import Outcome
from scenario_hall.scenarios.lifecycle import RELEASED
from scenario_hall.scenarios.models import Scenario

CLOSING_DAYS = 45
MOST_CLOSING = 5
MOST_NEWEST = 4
MOST_FIRSTS = 3


@dataclass(frozen=True)
class HallDossier:
    """The hall at this moment; ``pictures``: code of a record → id of its picture."""

    figures: HallFigures
    newest: Sequence[Scenario]
    closing: Sequence[Scenario]
    firsts: Sequence[tuple[Outcome, Certificate]]
    pictures: Mapping[str, int]


def hall_dossier(session: Session, figures: HallFigures) -> HallDossier:
    """What anybody may see of the hall, beside its figures as they were counted last."""
    newest = session.exec(_open_scenarios().order_by(col(Scenario.released_at).desc()).limit(MOST_NEWEST)).all()
    firsts = newest_firsts(session, MOST_FIRSTS)
    return HallDossier(
        figures=figures,
        newest=newest,
        closing=closing_soon(session),
        firsts=firsts,
        pictures=pictures_of(session, [*newest, *(outcome.product for outcome, _ in firsts)]),
    )


def closing_soon(session: Session) -> Sequence[Scenario]:
    """The open scenarios whose deadline is next, within CLOSING_DAYS."""
    query = _open_scenarios().where(col(Scenario.deadline) < now() + timedelta(days=CLOSING_DAYS))
    return session.exec(query.order_by(col(Scenario.deadline)).limit(MOST_CLOSING)).all()


def _open_scenarios() -> SelectOfScalar[Scenario]:
    return (
        select(Scenario)
        .join(Organization, col(Organization.id) == col(Scenario.organization_id))
        .where(
            col(Scenario.state) == RELEASED,
            or_(col(Scenario.deadline).is_(None), col(Scenario.deadline) > now()),
            col(Organization.state) == VERIFIED,
        )
    )
