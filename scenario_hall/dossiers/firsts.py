"""The public list of approved firsts, with the figures that count them; and of what is on public notice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import Select

from scenario_hall.dossiers.pictures import pictures_of
from scenario_hall.outcomes.certificate.firsts import Figures, Firsts, count_firsts, figures_of, firsts_condition
from scenario_hall.outcomes.certificate.models import Certificate
from scenario_hall.outcomes.lifecycle import NOTICE
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
    notices: Sequence[Outcome]  # on public notice, whatever the list is narrowed to
    pictures: Mapping[str, int]  # code of a product → id of its picture


@dataclass(frozen=True)
class FirstsCounts:
    """How many firsts and products are meant, and the counters of their year."""

    total: int
    products: int
    figures: Figures


# Gives what was counted under a name, or counts it.
Keep = Callable[[Firsts, Callable[[], FirstsCounts]], FirstsCounts]


def count_register(session: Session, firsts: Firsts) -> FirstsCounts:
    """What the register says of all its pages."""
    query = _firsts(session, firsts).with_only_columns(func.count(), maintain_column_froms=True)
    return FirstsCounts(
        total=session.execute(query).scalar_one(),
        products=count_firsts(session, firsts),
        figures=figures_of(session, firsts.year),
    )


def firsts_dossier(
    session: Session, firsts: Firsts, page: int, size: int = PAGE_SIZE, keep: Keep = lambda _name, count: count()
) -> FirstsDossier:
    """The firsts that are meant, the latest first, ``size`` on a page. ``keep`` may have their counts already; else it
    takes them by the function that it is given."""
    counts = keep(firsts, lambda: count_register(session, firsts))
    query = _firsts(session, firsts)
    newest = query.order_by(col(Outcome.approved_at).desc()).limit(size).offset((page - 1) * size)
    rows = session.exec(newest).all()
    notices = on_notice(session)
    return FirstsDossier(
        rows=rows,
        total=counts.total,
        products=counts.products,
        figures=counts.figures,
        page=page,
        size=size,
        notices=notices,
        pictures=pictures_of(session, [*(outcome.product for outcome, _ in rows), *(each.product for each in notices)]),
    )


def newest_firsts(session: Session, most: int) -> Sequence[tuple[Outcome, Certificate]]:
    """The latest approved firsts of any year, at most ``most``."""
    return session.exec(_firsts(session, Firsts()).order_by(col(Outcome.approved_at).desc()).limit(most)).all()


def on_notice(session: Session) -> Sequence[Outcome]:
    """The claims that anybody may read and object to now; the one whose notice ends next comes first."""
    query = select(Outcome).where(col(Outcome.state) == NOTICE)
    return session.exec(query.order_by(col(Outcome.notice_until), col(Outcome.id))).all()


def _firsts(session: Session, firsts: Firsts) -> Select[Outcome, Certificate]:
    query = select(Outcome, Certificate).join(Certificate, col(Certificate.outcome_id) == col(Outcome.id))
    return query.where(*firsts_condition(session, firsts))
