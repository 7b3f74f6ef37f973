"""Closing an account for good: what is a person's own goes, what they did stays as a former member's."""

from __future__ import annotations

from pathlib import Path

from sqlmodel import Session, col, delete, func, or_, select, update

from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Denied, Invalid
from scenario_hall.core.kept_forms import KeptForm
from scenario_hall.core.limits import Attempt
from scenario_hall.core.policy import Actor, Role
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import record_event
from scenario_hall.log.words import erase_words, words_by
from scenario_hall.notices.models import LetterState, StoredLetter
from scenario_hall.organizations.accounts import keep_one_administrator
from scenario_hall.organizations.consents import end_consents
from scenario_hall.organizations.invitations import forget_invitations
from scenario_hall.organizations.models import Account, FormerMembership, Membership, Organization
from scenario_hall.organizations.passkey_tables import drop_passkeys
from scenario_hall.organizations.second_factor import RecoveryCode, SecondFactor
from scenario_hall.organizations.sessions import end_sessions
from scenario_hall.privacy.own_rows import forget_own_rows
from scenario_hall.scenarios.models import Scenario

# Stands where a name stood, whatever language the reader has.
FORMER = "前成员 · A former member"
NO_ADDRESS = "account-{}@erased.invalid"  # no mail goes there (RFC 2606)


def close_account(actor: Actor, *, session: Session, account: Account, outbox: Path) -> None:
    """One's own account, for good. Raises Denied, Invalid (field ``account``): the last administrator, and who alone
    owns an organisation with other people in it, first see to a successor."""
    if actor.account_id != account.pk:
        raise Denied()
    with transaction(session):
        session.refresh(account, with_for_update=True)
        if account.is_administrator:
            keep_one_administrator(session)
        _require_successors(session, account)
        _leave_all(session, actor, account)
        written = erase(session, actor, account)
    drop_outbox(outbox, written)


def erase(session: Session, actor: Actor | None, account: Account) -> list[tuple[int, int]]:
    """Within the caller's transaction, take away what is the person's own, their words in the log among it, and append
    that it was done; returns event and number of the letters whose files in the outbox have to go, too."""
    mine = or_(col(StoredLetter.account_id) == account.pk, func.lower(col(StoredLetter.to)) == account.email)
    forget_invitations(session, account.email)
    written = list(session.exec(select(StoredLetter.event_id, StoredLetter.number).where(mine)))
    waiting = col(StoredLetter.state) == LetterState.WAITING
    session.exec(delete(StoredLetter).where(mine, waiting))
    session.exec(
        update(StoredLetter).where(mine).values(to="", subject="", text="", html="", last_error="", unsubscribe="")
    )
    session.exec(delete(Attempt).where(col(Attempt.key).contains(account.email, autoescape=True)))
    session.exec(
        update(Scenario)
        .where(func.lower(col(Scenario.contact_email)) == account.email)
        .values(contact_name="", contact_phone="", contact_email="")
    )
    session.exec(delete(KeptForm).where(col(KeptForm.account_id) == account.pk))
    session.exec(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account.pk))
    session.exec(delete(SecondFactor).where(col(SecondFactor.account_id) == account.pk))
    drop_passkeys(session, account.pk)
    end_consents(session, actor, account)
    forget_own_rows(session, account.pk)
    end_sessions(session, account.pk)
    account.email, account.name = NO_ADDRESS.format(account.pk), FORMER
    account.password_hash, account.locale = "", "zh_Hans"
    account.email_confirmed_at, account.erased_at = None, now()
    account.is_active = account.is_administrator = False
    account.session_generation += 1
    session.add(account)
    erased = record_event(session, actor, account, "account.erased")
    erase_words(session, words_by(account.pk), erased.id)
    return written


def drop_outbox(outbox: Path, written: list[tuple[int, int]]) -> None:
    """Delete the files of these letters, where there is no mail server."""
    for event_id, number in written:
        (outbox / f"{event_id:08d}-{number}.eml").unlink(missing_ok=True)


def _require_successors(session: Session, account: Account) -> None:
    owned = select(Membership.organization_id).where(
        col(Membership.account_id) == account.pk, col(Membership.is_active), col(Membership.role) == Role.OWNER
    )
    for organization_id in list(session.exec(owned)):
        others = select(Membership.role).where(
            col(Membership.organization_id) == organization_id,
            col(Membership.account_id) != account.pk,
            col(Membership.is_active),
        )
        roles = list(session.exec(others))
        if roles and Role.OWNER not in roles:
            name = session.get_one(Organization, organization_id).name
            raise Invalid({"account": N_("Appoint another owner of “%(name)s” first.")}, name=name)


def _leave_all(session: Session, actor: Actor, account: Account) -> None:
    for membership in list(session.exec(select(Membership).where(col(Membership.account_id) == account.pk))):
        organization = session.get_one(Organization, membership.organization_id)
        if membership.is_active:
            former = FormerMembership(
                account_id=account.pk, organization_id=membership.organization_id, role=membership.role
            )
            session.add(former)
        session.delete(membership)
        told = {"account": account.pk, "role": membership.role}
        record_event(session, actor, organization, "membership.ended", told)
