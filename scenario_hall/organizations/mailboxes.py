"""An organisation's shared mailbox: an address to which letters to its people go, too, once it was confirmed there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlmodel import Field, Session, SQLModel, col, select

from scenario_hall.core import limits
from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime, transaction
from scenario_hall.core.errors import NotFound
from scenario_hall.core.policy import Actor, require
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import record_event
from scenario_hall.organizations.accounts import normalise_email
from scenario_hall.organizations.models import Organization
from scenario_hall.organizations.service import require_verified

GOOD_FOR = timedelta(days=14)  # the link that confirms it
BY_ORGANIZATION = limits.Limit("mailbox", 5, limits.DAY)
TO_ADDRESS = limits.Limit("mailbox-address", 3, limits.DAY)
NO_LONGER_GOOD = N_("This link is no longer good. Please ask the organisation to enter the address again.")


class SharedMailbox(SQLModel, table=True):
    """The one mailbox of an organisation. ``number``: of the letter whose link confirms it; one of an earlier letter
    is good no longer."""

    __tablename__ = "shared_mailbox"

    organization_id: int = Field(
        primary_key=True, foreign_key="organization.id", sa_column_kwargs={"autoincrement": False}
    )
    email: str = Field(max_length=254, index=True)
    locale: str = Field(max_length=10)
    number: int = 1
    set_by: int = Field(foreign_key="account.id")
    set_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def good_until(self) -> datetime:
        return self.set_at + GOOD_FOR


def set_mailbox(
    actor: Actor, *, session: Session, organization: Organization, email: str, locale: str
) -> SharedMailbox:
    """Have the address written to; letters go there once somebody has opened the link. It replaces the one before.
    Raises Denied, Invalid (field ``email``), TooMany, WrongState."""
    require(actor, "manage_members", organization)
    require_verified(organization)
    address = normalise_email(email)
    limits.count_attempt(session, BY_ORGANIZATION, str(organization.pk))
    limits.count_attempt(session, TO_ADDRESS, f"{address} {organization.pk}")
    with transaction(session):
        row = session.get(SharedMailbox, organization.pk, with_for_update=True, populate_existing=True)
        if row is None:
            row = SharedMailbox(organization_id=organization.pk, email="", locale="", number=0, set_by=0)
        row.email, row.locale, row.number = address, locale, row.number + 1
        row.set_by, row.set_at, row.confirmed_at = actor.account_id or 0, now(), None
        session.add(row)
        record_event(session, actor, organization, "organization.mailbox_set", {"number": row.number})
    return row


def confirm_mailbox(session: Session, organization_id: int, number: int) -> Organization:
    """Whoever reads that mailbox has opened the link; once more changes nothing. Raises NotFound."""
    with transaction(session):
        row = session.get(SharedMailbox, organization_id, with_for_update=True, populate_existing=True)
        if row is None or row.number != number or (row.confirmed_at is None and now() > row.good_until):
            raise NotFound(NO_LONGER_GOOD)
        organization = session.get_one(Organization, organization_id)
        if row.confirmed_at is None:
            row.confirmed_at = now()
            session.add(row)
            record_event(session, None, organization, "organization.mailbox_confirmed", {"number": number})
    return organization


def remove_mailbox(actor: Actor, *, session: Session, organization: Organization) -> None:
    """No more letters there; nothing to do where there is none. Raises Denied."""
    require(actor, "manage_members", organization)
    with transaction(session):
        _remove(session, organization, actor)


def stop_mailbox(session: Session, organization_id: int, number: int) -> None:
    """The click in one of its letters; nothing to do for a mailbox that was replaced or removed meanwhile."""
    with transaction(session):
        row = session.get(SharedMailbox, organization_id)
        if row is not None and row.number == number:
            _remove(session, session.get_one(Organization, organization_id), None)


def mailbox_of(session: Session, organization: Organization) -> SharedMailbox | None:
    """Confirmed or not; None where there is none."""
    return session.get(SharedMailbox, organization.pk)


def confirmed_mailboxes(session: Session, organization_ids: Iterable[int]) -> list[SharedMailbox]:
    """Those of these organisations that letters go to, by the organisations' ids."""
    query = select(SharedMailbox).where(
        col(SharedMailbox.organization_id).in_(set(organization_ids)), col(SharedMailbox.confirmed_at).is_not(None)
    )
    return list(session.exec(query.order_by(col(SharedMailbox.organization_id))))


def forget_mailboxes(session: Session, email: str) -> None:
    """Within the caller's transaction, delete what names this address."""
    for row in session.exec(select(SharedMailbox).where(col(SharedMailbox.email) == email)):
        session.delete(row)


def _remove(session: Session, organization: Organization, actor: Actor | None) -> None:
    row = session.get(SharedMailbox, organization.pk, with_for_update=True, populate_existing=True)
    if row is not None:
        session.delete(row)
        record_event(session, actor, organization, "organization.mailbox_removed", {"number": row.number})
