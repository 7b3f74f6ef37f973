"""Whose turn an item for review is. Four eyes decide: nobody is given, and nobody gives, what they may not decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import AlreadyExists, Denied, Invalid, NotFound
from scenario_hall.core.policy import Actor, denial
from scenario_hall.core.texts import N_
from scenario_hall.log.acts import acts_among
from scenario_hall.log.chain import record_event
from scenario_hall.organizations.accounts import actor_of
from scenario_hall.organizations.models import Account
from scenario_hall.outcomes.claim.models import Advice
from scenario_hall.reviewing.absences import absences, administrators
from scenario_hall.reviewing.models import ReviewTurn
from scenario_hall.reviewing.queues import DECISIONS, QUEUES, find_in_queue, governed, may_decide


@dataclass(frozen=True)
class Turn:
    """An item that was given to ``given_to``; who is away until ``away_until`` is stood in for. ``holder`` decides now;
    None: whoever may, since nobody stands in."""

    given_to: Account
    holder: Account | None
    away_until: date | None = None

    def is_others(self, actor: Actor) -> bool:
        """Whether ``actor`` is to leave it to somebody else."""
        return self.holder is not None and self.holder.pk != actor.account_id

    def is_mine(self, actor: Actor) -> bool:
        return self.holder is not None and self.holder.pk == actor.account_id


def with_known_acts(session: Session, actor: Actor, queue: str, rows: Sequence[Any]) -> Actor:
    """``actor`` with what policy asks of all these items, read at once."""
    if actor.account_id is None:
        return actor
    keys = {key for row in rows for key in governed(queue, row).case().counted}
    return replace(actor, first_act=acts_among(session, actor.account_id, keys))


def turns_of(session: Session, queue: str, rows: Sequence[Any]) -> dict[int, Turn]:
    """Item's id → whose turn it is, of those that were given to somebody who may still decide them."""
    given = _given(session, queue, rows)
    if not given:
        return {}
    away, advised = absences(session), _advised(session, queue, rows)
    known = {each.pk: each for each in administrators(session)}

    @cache
    def asked(account_id: int) -> Actor:
        return with_known_acts(session, actor_of(session, known[account_id]), queue, rows)

    def decides(account_id: int | None, row: Any) -> bool:
        return (
            account_id is not None
            and account_id in known
            and (row.id, account_id) not in advised
            and may_decide(asked(account_id), queue, row)
        )

    found: dict[int, Turn] = {}
    for row in rows:
        account_id = given.get(row.id)
        if account_id is None or not decides(account_id, row):
            continue
        if (absence := away.get(account_id)) is None:
            found[row.id] = Turn(known[account_id], known[account_id])
            continue
        stand_in = absence.stand_in_id
        stands_in = stand_in not in away and decides(stand_in, row)
        found[row.id] = Turn(known[account_id], known[stand_in] if stand_in and stands_in else None, absence.until)
    return found


def turn_of(session: Session, queue: str, row: Any) -> Turn | None:
    """Whose turn one item is; None where it was given to nobody."""
    return turns_of(session, queue, [row]).get(row.id)


def offered_to(session: Session, queue: str, row: Any) -> list[Account]:
    """The administrators to whom an item can be given: who may decide it, have not yet, and are not away."""
    away, advised = absences(session), _advised(session, queue, [row])
    return [
        each
        for each in administrators(session)
        if each.pk not in away and (row.id, each.pk) not in advised and may_decide(actor_of(session, each), queue, row)
    ]


def give_item(actor: Actor, *, session: Session, queue: str, row_id: int, account_id: int | None) -> Any:
    """Give an item that waits to an administrator, oneself included; None: give it back to all. Returns the item.

    Raises Denied for who may not decide it themselves, NotFound, Invalid (field ``account``), AlreadyExists.
    """
    if not actor.is_administrator:
        raise Denied()
    row = find_in_queue(session, queue, row_id) if queue in QUEUES else None
    if row is None:
        raise NotFound()
    if not may_decide(actor, queue, row):
        raise denial(actor, DECISIONS[queue], governed(queue, row))
    if account_id is not None and account_id not in {each.pk for each in offered_to(session, queue, row)}:
        raise Invalid({"account": N_("Choose an administrator who may decide this item and is not away.")})
    try:
        with transaction(session):
            _write(session, actor, queue, row, account_id)
    except IntegrityError:
        raise AlreadyExists(N_("Somebody else has just given this item to an administrator.")) from None
    return row


def forget_turns(session: Session, account_id: int) -> None:
    """Within the caller's transaction, give back what an account holds."""
    for row in session.exec(select(ReviewTurn).where(col(ReviewTurn.account_id) == account_id)):
        row.account_id = None
        session.add(row)


def code_of(queue: str, row: Any) -> str:
    """The code by which an item is found in the log."""
    return str(governed(queue, row).public_code)


def _write(session: Session, actor: Actor, queue: str, row: Any, account_id: int | None) -> None:
    wanted = (col(ReviewTurn.queue) == queue, col(ReviewTurn.row_id) == row.id)
    turn = session.exec(select(ReviewTurn).where(*wanted).with_for_update()).first()
    turn = turn or ReviewTurn(queue=queue, row_id=row.id, code=code_of(queue, row))
    if turn.code == code_of(queue, row) and turn.account_id == account_id:
        return
    turn.code, turn.account_id = code_of(queue, row), account_id
    turn.assigned_by, turn.assigned_at = actor.account_id, now()
    session.add(turn)
    session.flush()
    if account_id is None:
        record_event(session, actor, turn, "turn.given_back", {"queue": queue})
    else:
        record_event(session, actor, turn, "turn.given", {"queue": queue, "account": account_id})


def _given(session: Session, queue: str, rows: Sequence[Any]) -> Mapping[int, int]:
    codes = {row.id: code_of(queue, row) for row in rows}
    query = select(ReviewTurn).where(
        col(ReviewTurn.queue) == queue, col(ReviewTurn.row_id).in_(codes), col(ReviewTurn.account_id).is_not(None)
    )
    found = session.exec(query).all()
    return {each.row_id: each.account_id for each in found if each.account_id and codes[each.row_id] == each.code}


def _advised(session: Session, queue: str, rows: Sequence[Any]) -> set[tuple[int, int]]:
    """Claim and account of each who has given advice in the present round: the claim waits for others."""
    if queue != "outcomes":
        return set()
    rounds = {row.id: row.review_round for row in rows}
    query = select(Advice.outcome_id, Advice.account_id, Advice.round).where(col(Advice.outcome_id).in_(rounds))
    return {(outcome, account) for outcome, account, number in session.exec(query) if rounds[outcome] == number}
