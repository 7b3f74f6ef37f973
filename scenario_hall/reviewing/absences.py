"""Use cases of an administrator's absence: until when, and who stands in."""

from __future__ import annotations

from datetime import date, timedelta

from sqlmodel import Session, col, delete, select

from scenario_hall.core.clock import local_today, now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Denied, Invalid
from scenario_hall.core.policy import Actor
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import record_event
from scenario_hall.organizations.models import Account
from scenario_hall.reviewing.models import Absence

LONGEST = timedelta(days=366)


def administrators(session: Session) -> list[Account]:
    """All with an open account and a confirmed address, by their ids."""
    query = select(Account).where(
        col(Account.is_administrator), col(Account.is_active), col(Account.email_confirmed_at).is_not(None)
    )
    return list(session.exec(query.order_by(col(Account.id))))


def absences(session: Session) -> dict[int, Absence]:
    """Account id → the absence of each who is away today."""
    rows = session.exec(select(Absence).where(col(Absence.until) >= local_today()))
    return {row.account_id: row for row in rows}


def go_away(actor: Actor, *, session: Session, until: date, stand_in_id: int | None) -> Absence:
    """Say that one is away to the end of ``until`` and who stands in (None: whoever may). It replaces what was said
    before. Raises Denied, Invalid (fields ``until``, ``stand_in``)."""
    account = _own_account(actor, session)
    faults = {}
    if not local_today() <= until <= local_today() + LONGEST:
        faults["until"] = N_("Choose a day from today on, at most a year ahead.")
    if stand_in_id is not None and stand_in_id not in {each.pk for each in stand_ins(session, actor)}:
        faults["stand_in"] = N_("Choose another administrator who is not away.")
    if faults:
        raise Invalid(faults)
    with transaction(session):
        row = session.get(Absence, account.pk, with_for_update=True, populate_existing=True)
        row = row or Absence(account_id=account.pk, until=until)
        row.until, row.stand_in_id, row.said_at = until, stand_in_id, now()
        session.add(row)
        told = {"until": until.isoformat(), "stand_in": stand_in_id}
        record_event(session, actor, account, "account.away", told)
    return row


def come_back(actor: Actor, *, session: Session) -> None:
    """Be there again before the day. Nothing to do for who is not away. Raises Denied."""
    account = _own_account(actor, session)
    with transaction(session):
        row = session.get(Absence, account.pk, with_for_update=True, populate_existing=True)
        if row is None:
            return
        session.delete(row)
        record_event(session, actor, account, "account.back")


def stand_ins(session: Session, actor: Actor) -> list[Account]:
    """The administrators whom ``actor`` can name: the others who are not away themselves."""
    away = absences(session)
    return [each for each in administrators(session) if each.pk != actor.account_id and each.pk not in away]


def forget_absence(session: Session, account_id: int) -> None:
    """Within the caller's transaction, drop what an account said of itself; others name it no longer."""
    session.exec(delete(Absence).where(col(Absence.account_id) == account_id))
    for row in session.exec(select(Absence).where(col(Absence.stand_in_id) == account_id)):
        row.stand_in_id = None
        session.add(row)


def _own_account(actor: Actor, session: Session) -> Account:
    if not actor.is_administrator or actor.account_id is None:
        raise Denied()
    return session.get_one(Account, actor.account_id)
