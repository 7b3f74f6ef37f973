"""The public list of approved firsts, with the figures that count them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from scenario_hall.outcomes.certificate.firsts import Figures, Firsts, count_firsts, figures_of, firsts_condition
from scenario_hall.outcomes.certificate.models import Certificate
from scenario_hall.outcomes.models import Outcome

PAGE_SIZE = 24


@dataclass(frozen=True)
class FirstsDossier:
    """One page of the list; ``products`` counts the products of all its pages."""

    rows: Sequence[tuple[Outcome, Certificate]]
    total: int
    products: int
    figures: Figures
    page: int
    size: int


def firsts_dossier(session: Session, firsts: Firsts, page: int, size: int = PAGE_SIZE) -> FirstsDossier:
    """The firsts that are meant, the latest first, ``size`` on a page."""
    query = select(Outcome, Certificate).join(Certificate, col(Certificate.outcome_id) == col(Outcome.id))
    query = query.where(*firsts_condition(session, firsts))
    newest = query.order_by(col(Outcome.approved_at).desc()).limit(size).offset((page - 1) * size)
    return FirstsDossier(
        rows=session.exec(newest).all(),
        total=session.exec(select(func.count()).select_from(query.subquery())).one(),
        products=count_firsts(session, firsts),
        figures=figures_of(session, firsts.year),
        page=page,
        size=size,
    )
