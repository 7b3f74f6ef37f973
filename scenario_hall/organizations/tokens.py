"""Tokens, by which programs act in a person's name: made and shown once, kept as a hash, with scopes, an organisation
and an end."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import JSON
from sqlmodel import Field, Session, SQLModel, col, delete, select, update

from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime, transaction
from scenario_hall.core.errors import Denied, Invalid, NotFound
from scenario_hall.core.lines import require_lines
from scenario_hall.core.policy import Actor
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import record_event
from scenario_hall.organizations.models import Account, Membership

# Found by scanners of repositories and logs, and told apart from whatever else stands in a header.
PREFIX = "hall_"
SECRET_BYTES = 32  # 256 random bits: no guessing, so their plain hash is enough
LONGEST_NAME, MOST_TOKENS = 60, 50
NOTED_EVERY = timedelta(minutes=5)  # when it was used last, so that not each request writes
KEPT_AFTER_END = timedelta(days=90)


class Scope(StrEnum):
    """What a token may be used for; each operation of the API names the one that it asks for."""

    READ = "read"
    WRITE = "write"
    APPLY = "apply"
    TRIALS = "trials"
    REVIEW = "review"
    CERTIFY = "certify"


SCOPE_NAMES: dict[str, str] = {
    Scope.READ: N_("Read what you may read, beyond what is public"),
    Scope.WRITE: N_("Write, submit and change scenarios and products"),
    Scope.APPLY: N_("Apply, and decide on applications"),
    Scope.TRIALS: N_("Plan, sign, run, report, confirm and claim trials and uses"),
    Scope.REVIEW: N_("Review as an administrator"),
    Scope.CERTIFY: N_("Approve firsts and revoke certificates as an administrator"),
}
OF_ADMINISTRATORS = frozenset({Scope.REVIEW, Scope.CERTIFY})


class ApiToken(SQLModel, table=True):
    """One token of one account. ``organization_id``: the one organisation that it speaks for, or none."""

    __tablename__ = "api_token"

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    organization_id: int | None = Field(default=None, foreign_key="organization.id")
    name: str = Field(max_length=LONGEST_NAME)
    secret_hash: str = Field(max_length=64, unique=True)
    scopes: list[str] = Field(default_factory=list, sa_type=JSON)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    used_address: str = Field(default="", max_length=50)

    @property
    def pk(self) -> int:
        """The row's id. Raises ValueError before the row was written."""
        if self.id is None:
            raise ValueError("the token was not written yet")
        return self.id

    @property
    def is_over(self) -> bool:
        return self.revoked_at is not None or self.expires_at <= now()

    def allows(self, scope: Scope) -> bool:
        return scope in self.scopes


def make_token(
    actor: Actor,
    *,
    session: Session,
    account: Account,
    name: str,
    scopes: Collection[Scope],
    organization_id: int | None,
    days: int,
    longest: int,
) -> tuple[ApiToken, str]:
    """A token of ``account`` that ends after ``days`` (at most ``longest``), and its text, which nobody can read again.

    Raises Denied (not one's own account, or its address is not confirmed), Invalid by field.
    """
    if actor.account_id != account.pk and not actor.is_system:
        raise Denied()
    if account.email_confirmed_at is None or not account.is_active:
        raise Denied(N_("Please confirm your e-mail address first: we have e-mailed you a link."))
    _check(session, account, name, scopes, organization_id, days, longest)
    text = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    made = ApiToken(
        account_id=account.pk,
        organization_id=organization_id,
        name=name.strip(),
        secret_hash=_hash(text),
        scopes=[scope for scope in Scope if scope in scopes],
        expires_at=now() + timedelta(days=days),
    )
    with transaction(session):
        if len([each for each in tokens_of(session, account.pk) if not each.is_over]) >= MOST_TOKENS:
            raise Invalid({"name": N_("You have very many tokens already: revoke one first.")})
        session.add(made)
        session.flush()
        told = {"token": made.pk, "scopes": made.scopes, "until": made.expires_at.isoformat()}
        if organization_id is not None:
            told["organization"] = organization_id
        record_event(session, actor, account, "account.token_made", told)
    return made, text


def _check(
    session: Session,
    account: Account,
    name: str,
    scopes: Collection[Scope],
    organization_id: int | None,
    days: int,
    longest: int,
) -> None:
    faults = {}
    if not name.strip() or len(name.strip()) > LONGEST_NAME:
        faults["name"] = N_("Name the program that will use it, in up to 60 characters.")
    if not scopes:
        faults["scopes"] = N_("Choose what the token may be used for.")
    elif OF_ADMINISTRATORS & set(scopes) and not account.is_administrator:
        faults["scopes"] = N_("Only administrators review and certify.")
    if not 1 <= days <= longest:
        faults["days"] = N_("Choose from 1 to %(longest)s days.")
    if organization_id is not None and not _belongs(session, account.pk, organization_id):
        faults["organization"] = N_("You do not belong to this organisation.")
    if faults:
        raise Invalid(faults, longest=longest)
    require_lines(names={"name": name})


def _belongs(session: Session, account_id: int, organization_id: int) -> bool:
    query = select(Membership.id).where(
        col(Membership.account_id) == account_id,
        col(Membership.organization_id) == organization_id,
        col(Membership.is_active),
    )
    return session.exec(query).first() is not None


def find_token(session: Session, text: str, *, address: str) -> tuple[ApiToken, Account] | None:
    """The token in force with this text, with its account; None when there is none: unknown, over, its account closed,
    or its organisation left. Notes now and then that it was used, and from which address."""
    if not text.startswith(PREFIX):
        return None
    query = select(ApiToken, Account).join(Account, col(Account.id) == col(ApiToken.account_id))
    found = session.exec(query.where(col(ApiToken.secret_hash) == _hash(text))).first()
    if found is None:
        return None
    token, account = found
    if token.is_over or not account.is_active:
        return None
    if token.organization_id is not None and not _belongs(session, account.pk, token.organization_id):
        return None
    if token.used_at is None or token.used_at + NOTED_EVERY <= now() or token.used_address != address[:50]:
        with transaction(session):
            token.used_at, token.used_address = now(), address[:50]
            session.add(token)
    return token, account


def through_token(whole: Actor, token: ApiToken) -> Actor:
    """The account ``whole`` as policy sees it through this token: for no organisation but the token's, and as an
    administrator with such a scope alone."""
    is_administrator = whole.is_administrator and bool(OF_ADMINISTRATORS & set(token.scopes))
    others = frozenset(each for each in whole.memberships if each != token.organization_id)
    return replace(whole, is_administrator=is_administrator, set_aside=others)


def tokens_of(session: Session, account_id: int) -> list[ApiToken]:
    """Every token of the account that is kept, the newest first."""
    query = select(ApiToken).where(col(ApiToken.account_id) == account_id)
    return list(session.exec(query.order_by(col(ApiToken.id).desc())))


def revoke_token(actor: Actor, *, session: Session, account: Account, token_id: int) -> ApiToken:
    """End one token of ``account``, at once and for good; idempotent. Raises Denied, NotFound."""
    if not (actor.is_administrator or actor.is_system) and actor.account_id != account.pk:
        raise Denied()
    with transaction(session):
        token = session.get(ApiToken, token_id, with_for_update=True, populate_existing=True)
        if token is None or token.account_id != account.pk:
            raise NotFound()
        if token.revoked_at is None:
            token.revoked_at = now()
            session.add(token)
            record_event(session, actor, account, "account.token_revoked", {"token": token.pk})
    return token


def end_tokens(session: Session, account_id: int) -> int:
    """End every token of the account, in the caller's transaction; returns how many were in force."""
    over = (
        update(ApiToken)
        .where(col(ApiToken.account_id) == account_id, col(ApiToken.revoked_at).is_(None))
        .values(revoked_at=now())
    )
    return session.exec(over).rowcount


def prune_tokens(session: Session) -> int:
    """Delete what ended long ago; returns how many."""
    before = now() - KEPT_AFTER_END
    over = (col(ApiToken.expires_at) <= before) | (col(ApiToken.revoked_at) <= before)
    with transaction(session):
        return session.exec(delete(ApiToken).where(over)).rowcount


def delete_tokens(session: Session, account_id: int) -> None:
    """With the account that is closed for good, within the caller's transaction."""
    session.exec(delete(ApiToken).where(col(ApiToken.account_id) == account_id))


def names_of(scopes: Sequence[str]) -> list[str]:
    """What the scopes are called, as message ids."""
    return [SCOPE_NAMES[scope] for scope in scopes if scope in SCOPE_NAMES]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
