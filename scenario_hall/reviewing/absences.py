"""Use cases of an absence, of an administrator or of a member of an organisation: until when, and who stands in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from sqlmodel import Session, col, delete, select

from scenario_hall.core.clock import local_today, now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Denied, Invalid
from scenario_hall.core.policy import Actor, Role
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import record_event
from scenario_hall.organizations.models import Account, Membership
from scenario_hall.reviewing.models import Absence

LONGEST = timedelta(days=366)
WHO_ACT = (Role.OWNER, Role.EDITOR)


def administrators(session: Session) -> list[Account]:
    """All with an open account and a confirmed address, by their ids."""
    query = select(Account).where(
        col(Account.is_administrator), col(Account.is_active), col(Account.email_confirmed_at).is_not(None)
    )
    return list(session.exec(query.order_by(col(Account.id))))


def absences(session: Session) -> dict[int, Absence]:
    """Account id → the absence of each administrator who is away today."""
    query = select(Absence).join(Account, col(Account.id) == col(Absence.account_id))
    rows = session.exec(query.where(col(Absence.until) >= local_today(), col(Account.is_administrator)))
    return {row.account_id: row for row in rows}


def absences_of(session: Session, account_ids: Collection[int]) -> dict[int, Absence]:
    """The same of these accounts, administrators or not."""
    query = select(Absence).where(col(Absence.until) >= local_today(), col(Absence.account_id).in_(account_ids))
    return {row.account_id: row for row in session.exec(query)}


def go_away(actor: Actor, *, session: Session, until: date, stand_in_id: int | None) -> Absence:
    """Say that one is away to the end of ``until`` and who stands in (None: nobody in particular). It replaces what was
    said before. Raises Denied, Invalid (fields ``until``, ``stand_in``)."""
    account = _own_account(actor, session)
    faults = {}
    if not local_today() <= until <= local_today() + LONGEST:
        faults["until"] = N_("Choose a day from today on, at most a year ahead.")
    if stand_in_id is not None and stand_in_id not in {each.pk for each in stand_ins(session, actor)}:
        faults["stand_in"] = N_("Choose one of those whom the list offers.")
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
    """Whom ``actor`` can name: an administrator the others; a member of organisations those who act for one of them,
    too. None who is away."""
    if actor.account_id is None:
        return []
    found = administrators(session) if actor.is_administrator else colleagues(session, actor.account_id)
    away = absences_of(session, [each.pk for each in found])
    return [each for each in found if each.pk != actor.account_id and each.pk not in away]


def colleagues(session: Session, account_id: int) -> list[Account]:
    """The others who act for an organisation that this account acts for, with an open account and a confirmed address,
    by their ids."""
    mine = select(Membership.organization_id).where(
        col(Membership.account_id) == account_id, col(Membership.is_active), col(Membership.role).in_(WHO_ACT)
    )
    query = (
        select(Account)
        .join(Membership, col(Membership.account_id) == col(Account.id))
        .where(
            col(Membership.organization_id).in_(mine),
            col(Membership.is_active),
            col(Membership.role).in_(WHO_ACT),
            col(Account.id) != account_id,
            col(Account.is_active),
            col(Account.email_confirmed_at).is_not(None),
        )
        .distinct()
        .order_by(col(Account.id))
    )
    return list(session.exec(query))


def is_colleague(session: Session, account_id: int, other_id: int) -> bool:
    """Whether both act for one organisation."""
    return any(each.pk == other_id for each in colleagues(session, account_id))


def forget_absence(session: Session, account_id: int) -> None:
    """Within the caller's transaction, drop what an account said of itself; others name it no longer."""
    session.exec(delete(Absence).where(col(Absence.account_id) == account_id))
    for row in session.exec(select(Absence).where(col(Absence.stand_in_id) == account_id)):
        row.stand_in_id = None
        session.add(row)


def _own_account(actor: Actor, session: Session) -> Account:
    if actor.account_id is None or not actor.is_confirmed:
        raise Denied()
    return session.get_one(Account, actor.account_id)
