"""For which organisation somebody acted in a case: kept when the event is recorded, so that policy need not read the
log. The first act decides whose side a person is on (``core/policy.py``)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import SessionTransaction
from sqlmodel import Field, Session, SQLModel, col, delete, select

from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime

# What was answered in a session's present transaction, under this key of ``Session.info``: a page asks whether the same
# person may do each of twenty things to one record.
_ANSWERED = "first_acts"


class PartyAct(SQLModel, table=True):
    """The first time that an account acted for an organisation in a case (``policy.Case``); the lowest id is the
    earliest."""

    __tablename__ = "party_act"
    __table_args__ = (UniqueConstraint("account_id", "case_key", "organization_id"),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    case_key: str = Field(max_length=40)
    organization_id: int = Field(foreign_key="organization.id")
    first_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


def record_act(session: Session, *, account_id: int, keys: Collection[str], organization_id: int) -> None:
    """Remember that the account acted for the organisation, within the caller's transaction, which holds the log's
    head: so nobody writes the same row meanwhile."""
    query = select(PartyAct.case_key).where(
        col(PartyAct.account_id) == account_id,
        col(PartyAct.case_key).in_(keys),
        col(PartyAct.organization_id) == organization_id,
    )
    known = set(session.exec(query))
    session.info.pop(_ANSWERED, None)
    for key in keys:
        if key not in known:
            session.add(PartyAct(account_id=account_id, case_key=key, organization_id=organization_id))
    session.flush()


def forget_acts(session: Session, keys: Collection[str]) -> None:
    """Drop the acts of a case that is no more, within the caller's transaction."""
    session.info.pop(_ANSWERED, None)
    session.exec(delete(PartyAct).where(col(PartyAct.case_key).in_(keys)))


def acts_of(session: Session, account_id: int) -> Callable[[Collection[str]], int | None]:
    """What ``Actor.first_act`` asks."""
    return partial(_first_act, session, account_id)


def _first_act(session: Session, account_id: int, keys: Collection[str]) -> int | None:
    answered, asked = _answered(session), (account_id, frozenset(keys))
    if asked not in answered:
        query = select(PartyAct.organization_id).where(
            col(PartyAct.account_id) == account_id, col(PartyAct.case_key).in_(keys)
        )
        answered[asked] = session.exec(query.order_by(col(PartyAct.id)).limit(1)).first()
    return answered[asked]


def _answered(session: Session) -> dict[tuple[int, frozenset[str]], int | None]:
    """The answers of this transaction; another one begins without any, since others may have acted meanwhile."""
    transaction: SessionTransaction | None = session.get_transaction()
    of, answers = session.info.get(_ANSWERED, (None, {}))
    if transaction is None or of is not transaction:
        answers = {}
        session.info[_ANSWERED] = (transaction, answers)
    return answers  # type: ignore[no-any-return]


def acts_among(session: Session, account_id: int, keys: Collection[str]) -> Callable[[Collection[str]], int | None]:
    """The same, read at once for all of ``keys``: of many records none asks the database for itself."""
    query = select(PartyAct.case_key, PartyAct.id, PartyAct.organization_id).where(
        col(PartyAct.account_id) == account_id, col(PartyAct.case_key).in_(keys)
    )
    found = [(key, pk or 0, organization_id) for key, pk, organization_id in session.exec(query)]

    def first(asked: Collection[str]) -> int | None:
        return min(((pk, own) for key, pk, own in found if key in asked), default=(0, None))[1]

    return first
