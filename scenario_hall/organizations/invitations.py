"""Invitations by mail: a colleague into an organisation, a supplier to a released scenario.

The letter has a signed link that is good once, for two weeks, and no longer once it was sent again or revoked. Whether
an address has an account is told to nobody: the letter is the same, and its receiver alone sees the page that it leads
to.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Field, Session, SQLModel, col, func, select, update

from scenario_hall.core import limits
from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime, transaction
from scenario_hall.core.errors import Denied, Invalid, NotFound, WrongState
from scenario_hall.core.policy import Actor, Role, require
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import record_event
from scenario_hall.organizations.accounts import normalise_email
from scenario_hall.organizations.lifecycle import VERIFIED
from scenario_hall.organizations.models import Account, Membership, Organization
from scenario_hall.organizations.service import require_verified

GOOD_FOR = timedelta(days=14)
KEPT_FOR = timedelta(days=30)  # the address, after the last letter
MOST_OPEN = 50  # of one organisation
BY_ORGANIZATION = limits.Limit("invitation", 20, limits.DAY)
BY_PERSON = limits.Limit("invitation-person", 10, limits.DAY)
TO_ADDRESS = limits.Limit("invitation-address", 3, limits.DAY)
NO_LONGER_GOOD = N_("This invitation is no longer good. Please ask whoever sent it for a new one.")


class Invitation(SQLModel, table=True):
    """One invitation. ``scenario_id`` set: a supplier, who joins nothing but is led to the scenario."""

    __tablename__ = "invitation"

    id: int | None = Field(default=None, primary_key=True)
    organization_id: int = Field(foreign_key="organization.id", index=True)
    scenario_id: int | None = Field(default=None, foreign_key="scenario.id")
    email: str = Field(max_length=254)  # empty once it was let go
    role: str = Field(default="", max_length=10)
    locale: str = Field(max_length=10)
    number: int = 1  # of the letter: a link of an earlier one is good no longer
    invited_by: int = Field(foreign_key="account.id")
    sent_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    accepted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    accepted_by: int | None = Field(default=None, foreign_key="account.id")

    @property
    def pk(self) -> int:
        if self.id is None:
            raise ValueError("the invitation was not written yet")
        return self.id

    @property
    def good_until(self) -> datetime:
        return self.sent_at + GOOD_FOR

    @property
    def is_open(self) -> bool:
        """Neither accepted nor revoked; it may have expired, and can then be sent again."""
        return self.accepted_at is None and self.revoked_at is None and bool(self.email)

    @property
    def is_good(self) -> bool:
        return self.is_open and now() <= self.good_until


def invite_colleague(
    actor: Actor, *, session: Session, organization: Organization, email: str, role: Role, locale: str
) -> Invitation:
    """Have a colleague written to, who becomes a member with ``role``. Raises Denied, Invalid (field ``email``),
    TooMany, WrongState."""
    require(actor, "manage_members", organization)
    address = normalise_email(email)
    member = (
        select(Membership.id)
        .join(Account, col(Account.id) == col(Membership.account_id))
        .where(
            col(Membership.organization_id) == organization.pk, col(Membership.is_active), col(Account.email) == address
        )
    )
    if session.exec(member).first() is not None:
        raise Invalid({"email": N_("This colleague is a member already.")})
    return write_invitation(
        actor, session=session, organization=organization, address=address, role=role.value, locale=locale
    )


def write_invitation(
    actor: Actor,
    *,
    session: Session,
    organization: Organization,
    address: str,
    locale: str,
    role: str = "",
    scenario_id: int | None = None,
) -> Invitation:
    """Count, store and log an invitation to ``address``, a normalised one; who may was decided before. One that is open
    for the same is sent again. Raises Denied, TooMany, WrongState."""
    require_verified(organization)
    found = next(
        (
            each
            for each in open_invitations(session, organization)
            if each.email == address and each.scenario_id == scenario_id
        ),
        None,
    )
    if found is None and len(open_invitations(session, organization)) >= MOST_OPEN:
        raise WrongState(N_("Too many invitations are open. Revoke some that nobody answers."))
    _count(session, actor, organization, address)
    with transaction(session):
        if found is not None:
            found.number, found.sent_at = found.number + 1, now()
            found.role, found.locale = role, locale
        invitation = found or Invitation(
            organization_id=organization.pk,
            scenario_id=scenario_id,
            email=address,
            role=role,
            locale=locale,
            invited_by=actor.account_id or 0,
        )
        session.add(invitation)
        session.flush()
        told = {"invitation": invitation.pk, "number": invitation.number, "role": role}
        record_event(session, actor, organization, "invitation.sent", told)
    return invitation


def act_on_invitation(
    actor: Actor, *, session: Session, organization: Organization, invitation_id: int, action: str
) -> Invitation:
    """``resend`` or ``revoke`` an open one. Raises Denied, NotFound, TooMany, WrongState."""
    invitation = session.get(Invitation, invitation_id)
    if invitation is None or invitation.organization_id != organization.pk or action not in ("resend", "revoke"):
        require(actor, "view_private", organization)
        raise NotFound()
    require(actor, "draft" if invitation.scenario_id else "manage_members", organization)
    if not invitation.is_open:
        raise WrongState(N_("This invitation was accepted or revoked already."))
    if action == "resend":
        return write_invitation(
            actor,
            session=session,
            organization=organization,
            address=invitation.email,
            role=invitation.role,
            locale=invitation.locale,
            scenario_id=invitation.scenario_id,
        )
    with transaction(session):
        invitation.revoked_at = now()
        session.add(invitation)
        record_event(session, actor, organization, "invitation.revoked", {"invitation": invitation.pk})
    return invitation


def open_invitations(session: Session, organization: Organization) -> list[Invitation]:
    """Those that are neither accepted nor revoked, the newest letter first."""
    query = select(Invitation).where(
        col(Invitation.organization_id) == organization.pk,
        col(Invitation.accepted_at).is_(None),
        col(Invitation.revoked_at).is_(None),
        col(Invitation.email) != "",
    )
    return list(session.exec(query.order_by(col(Invitation.sent_at).desc(), col(Invitation.id))))


def find_invitation(session: Session, invitation_id: int, number: int) -> Invitation:
    """The one that a link names. Raises NotFound for what is good no longer, whatever the reason."""
    invitation = session.get(Invitation, invitation_id)
    if invitation is None or invitation.number != number or not invitation.is_good:
        raise NotFound(NO_LONGER_GOOD)
    if session.get_one(Organization, invitation.organization_id).state != VERIFIED:
        raise NotFound(NO_LONGER_GOOD)
    return invitation


def accept_invitation(session: Session, account: Account, invitation_id: int, number: int) -> Invitation:
    """``account`` has opened the link: it joins, once. Raises NotFound, Denied for another address."""
    with transaction(session):
        locked = select(Invitation).where(col(Invitation.id) == invitation_id).with_for_update()
        session.exec(locked.execution_options(populate_existing=True)).first()
        invitation = find_invitation(session, invitation_id, number)
        if account.email != invitation.email:
            raise Denied(N_("This invitation was sent to another address. Log in with that one."))
        organization = session.get_one(Organization, invitation.organization_id)
        invitation.accepted_at, invitation.accepted_by = now(), account.pk
        session.add(invitation)
        told = {"invitation": invitation.pk}
        record_event(session, Actor(account.pk), organization, "invitation.accepted", told)
        if invitation.scenario_id is None:
            _join(session, account, organization, Role(invitation.role))
    return invitation


def forget_invitations(session: Session, email: str) -> None:
    """Within the caller's transaction, drop an address from what was sent to it."""
    session.exec(update(Invitation).where(func.lower(col(Invitation.email)) == email).values(email=""))


def prune_invitations(session: Session) -> int:
    """Let go the addresses of old ones; returns how many."""
    old = update(Invitation).where(col(Invitation.email) != "", col(Invitation.sent_at) <= now() - KEPT_FOR)
    with transaction(session):
        return session.exec(old.values(email="")).rowcount


def _count(session: Session, actor: Actor, organization: Organization, address: str) -> None:
    limits.count_attempt(session, BY_PERSON, str(actor.account_id))
    limits.count_attempt(session, BY_ORGANIZATION, str(organization.pk))
    limits.count_attempt(session, TO_ADDRESS, f"{address} {organization.pk}")


def _join(session: Session, account: Account, organization: Organization, role: Role) -> None:
    mine = (col(Membership.account_id) == account.pk, col(Membership.organization_id) == organization.pk)
    membership = session.exec(select(Membership).where(*mine)).first()
    if membership is not None and membership.is_active:
        return
    membership = membership or Membership(account_id=account.pk, organization_id=organization.pk)
    membership.is_active, membership.role = True, role
    session.add(membership)
    session.flush()
    told = {"account": account.pk, "role": role.value}
    record_event(session, None, organization, "membership.accepted", told)
