"""Use cases of membership: ask to join, let in, change a role, leave."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select

from scenario_hall.core.db import transaction
from scenario_hall.core.errors import AlreadyExists, Denied, Invalid, NotFound
from scenario_hall.core.policy import Actor, Role, require
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import record_event
from scenario_hall.organizations.models import Account, FormerMembership, Membership, Organization


def members_of(session: Session, organization: Organization) -> list[tuple[Membership, Account]]:
    """Everybody who belongs or asks to, oldest first."""
    query = (
        select(Membership, Account)
        .join(Account, col(Account.id) == col(Membership.account_id))
        .where(col(Membership.organization_id) == organization.pk)
        .order_by(col(Membership.id))
    )
    return list(session.exec(query))


def organizations_of(session: Session, account_id: int) -> list[tuple[Membership, Organization]]:
    query = (
        select(Membership, Organization)
        .join(Organization, col(Organization.id) == col(Membership.organization_id))
        .where(col(Membership.account_id) == account_id)
        .order_by(col(Membership.id))
    )
    return list(session.exec(query))


def request_membership(actor: Actor, *, session: Session, organization: Organization) -> Membership:
    """Ask to join a verified organisation. Raises Denied, NotFound, AlreadyExists."""
    if actor.account_id is None or not actor.is_confirmed:
        raise Denied(N_("Please confirm your e-mail address first: we have e-mailed you a link."))
    require(actor, "view", organization)
    if organization.is_imported_list_owner:
        raise Denied()
    try:
        with transaction(session):
            membership = Membership(account_id=actor.account_id, organization_id=organization.pk)
            session.add(membership)
            session.flush()
            _record(session, actor, organization, "membership.requested", actor.account_id, Role.VIEWER)
    except IntegrityError:
        raise AlreadyExists(N_("You already belong to this organisation, or are waiting for an answer.")) from None
    return membership


def accept_member(
    actor: Actor, *, session: Session, organization: Organization, membership_id: int, role: Role
) -> Membership:
    """Let somebody in, or change the role of somebody inside. Raises Denied, Invalid, NotFound."""
    with transaction(session):
        require(actor, "manage_members", organization)
        membership = _membership(session, organization, membership_id)
        if membership.role == Role.OWNER and role is not Role.OWNER and membership.is_active:
            _keep_one_owner(session, organization)
        kind = "membership.role_changed" if membership.is_active else "membership.accepted"
        membership.is_active, membership.role = True, role
        session.add(membership)
        _record(session, actor, organization, kind, membership.account_id, role)
    return membership


def remove_member(actor: Actor, *, session: Session, organization: Organization, membership_id: int) -> None:
    """Decline a request, remove a member, or leave oneself. Raises Denied, Invalid, NotFound."""
    with transaction(session):
        membership = _membership(session, organization, membership_id)
        if membership.account_id != actor.account_id:
            require(actor, "manage_members", organization)
        if membership.is_active and membership.role == Role.OWNER:
            _keep_one_owner(session, organization)
        if membership.is_active:
            session.add(
                FormerMembership(
                    account_id=membership.account_id, organization_id=organization.pk, role=membership.role
                )
            )
        session.delete(membership)
        _record(session, actor, organization, "membership.ended", membership.account_id, Role(membership.role))


def add_member(session: Session, *, account: Account, organization: Organization, role: Role) -> Membership:
    """Put an account into an organisation without asking; for the command line and demonstration data."""
    with transaction(session):
        membership = Membership(account_id=account.pk, organization_id=organization.pk, role=role, is_active=True)
        session.add(membership)
        _record(session, None, organization, "membership.accepted", account.pk, role)
    return membership


def _membership(session: Session, organization: Organization, membership_id: int) -> Membership:
    membership = session.get(Membership, membership_id, with_for_update=True, populate_existing=True)
    if membership is None or membership.organization_id != organization.pk:
        raise NotFound()
    return membership


def _keep_one_owner(session: Session, organization: Organization) -> None:
    owners = (
        select(func.count())
        .select_from(Membership)
        .where(
            col(Membership.organization_id) == organization.pk,
            col(Membership.role) == Role.OWNER,
            col(Membership.is_active),
        )
    )
    if session.exec(owners).one() <= 1:
        raise Invalid({"membership": N_("An organisation must have at least one owner: appoint another one first.")})


def _record(
    session: Session, actor: Actor | None, organization: Organization, kind: str, account_id: int, role: Role
) -> None:
    record_event(session, actor, organization, kind, {"account": account_id, "role": role.value})
