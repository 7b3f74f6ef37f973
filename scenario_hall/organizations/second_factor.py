"""The second factor of a log-in: codes of the moment (TOTP, RFC 6238) from an authenticator app, and recovery codes for
the day on which the telephone is gone. Passkeys, which may stand in the app's place or beside it, have their own file.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from pyotp import TOTP, random_base32
from sqlalchemy import ColumnElement, or_
from sqlmodel import Field, Session, SQLModel, col, delete, select

from scenario_hall.core import limits
from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime, transaction
from scenario_hall.core.errors import Denied, Invalid, WrongState
from scenario_hall.core.networks import network_of
from scenario_hall.core.policy import Actor
from scenario_hall.core.seals import SealError, seal, unseal
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import record_event
from scenario_hall.organizations.models import Account
from scenario_hall.organizations.passkey_tables import Passkey, drop_passkeys, has_passkey
from scenario_hall.organizations.sessions import end_sessions

ISSUER = "Scenario Hall"
STEP_SECONDS = 30
DRIFT = 1  # steps that a telephone's clock may be off, either way (RFC 6238, 5.2)
DIGITS = 6
RECOVERY_CODES, RECOVERY_BYTES = 10, 16  # 128 bits each: no guessing, so their plain hash is enough (ASVS 5.0, 6.5.2)
_PURPOSE = "second-factor"


class SecondFactor(SQLModel, table=True):
    """An account's authenticator. It counts once a code of it was shown (``confirmed_at``)."""

    __tablename__ = "second_factor"

    account_id: int = Field(foreign_key="account.id", primary_key=True)
    sealed_secret: str = Field(max_length=300)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_step: int = 0  # the step of the last code that was taken; no code is taken twice


class RecoveryCode(SQLModel, table=True):
    """One code that stands in for the authenticator, once. Only its hash is kept."""

    __tablename__ = "recovery_code"

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    code_hash: str = Field(max_length=64)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


@dataclass(frozen=True)
class Enrolment:
    """What an authenticator app is told: by its QR code, or typed."""

    address: str  # otpauth://…
    secret: str  # base32, in groups of four


def second_factor_of(session: Session, account_id: int) -> SecondFactor | None:
    """The account's authenticator, if it counts."""
    found = session.get(SecondFactor, account_id, populate_existing=True)
    return found if found is not None and found.confirmed_at is not None else None


def has_second_factor(session: Session, account_id: int) -> bool:
    """Does logging in ask for more than the password: a code of the app, or a passkey?"""
    return second_factor_of(session, account_id) is not None or has_passkey(session, account_id)


def is_protected() -> ColumnElement[bool]:
    """The accounts with a second factor of either kind, as a condition of a query."""
    apps = select(SecondFactor.account_id).where(col(SecondFactor.confirmed_at).is_not(None))
    return or_(col(Account.id).in_(apps), col(Account.id).in_(select(Passkey.account_id)))


def accounts_with_second_factor(session: Session, account_ids: list[int]) -> set[int]:
    """Those among ``account_ids`` that have one."""
    query = select(Account).where(col(Account.id).in_(account_ids), is_protected())
    return {account.pk for account in session.exec(query)}


def recovery_codes_left(session: Session, account_id: int) -> int:
    query = select(RecoveryCode.id).where(
        col(RecoveryCode.account_id) == account_id, col(RecoveryCode.used_at).is_(None)
    )
    return len(session.exec(query).all())


def begin_enrolment(session: Session, account: Account, secret_key: str) -> None:
    """Make a secret, which counts for nothing until ``confirm_enrolment``. Raises WrongState when there is one."""
    with transaction(session):
        row = session.get(SecondFactor, account.pk, with_for_update=True, populate_existing=True)
        if row is not None and row.confirmed_at is not None:
            raise WrongState(N_("A second factor is set up already. Remove it first."))
        row = row or SecondFactor(account_id=account.pk, sealed_secret="")
        row.sealed_secret, row.created_at = seal(secret_key, _PURPOSE, random_base32()), now()
        session.add(row)


def pending_enrolment(session: Session, account: Account, secret_key: str) -> Enrolment | None:
    """What the app has to be told, until a code was shown; None when nothing was begun."""
    row = session.get(SecondFactor, account.pk, populate_existing=True)
    if row is None or row.confirmed_at is not None:
        return None
    try:
        secret = unseal(secret_key, _PURPOSE, row.sealed_secret)
    except SealError:  # begun under another secret key
        return None
    address = TOTP(secret).provisioning_uri(name=account.email, issuer_name=ISSUER)
    return Enrolment(address, " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)))


def confirm_enrolment(
    session: Session, account: Account, secret_key: str, *, code: str, keep_session: int | None = None
) -> list[str]:
    """The app shows the right code: the second factor counts from now on, and log-ins elsewhere end, since they came
    about without it. Returns the recovery codes, which nobody can read again; those of whoever has a passkey stay.

    Raises Invalid (field ``code``), TooMany, WrongState.
    """
    limits.count_attempt(session, limits.SECOND_FACTOR_BY_ACCOUNT, str(account.pk))
    with transaction(session):
        row = session.get(SecondFactor, account.pk, with_for_update=True, populate_existing=True)
        if row is None or row.confirmed_at is not None:
            raise WrongState(N_("Please begin anew."))
        if not _takes(row, secret_key, code):
            raise Invalid({"code": WRONG_CODE})
        is_first = not has_passkey(session, account.pk)
        row.confirmed_at = now()
        session.add(row)
        codes = make_recovery_codes(session, account) if is_first else []
        end_sessions(session, account.pk, but=keep_session)
        record_event(session, Actor(account.pk), account, "account.second_factor_set")
    return codes


def new_recovery_codes(session: Session, account: Account) -> list[str]:
    """Ten new ones; the old ones count no more. Raises WrongState without a second factor."""
    with transaction(session):
        if not has_second_factor(session, account.pk):
            raise WrongState(N_("No second factor is set up."))
        codes = make_recovery_codes(session, account)
        record_event(session, Actor(account.pk), account, "account.recovery_codes_made")
    return codes


def check_code(session: Session, account: Account, secret_key: str, *, code: str, address: str) -> None:
    """Let through who knows the present code or a recovery code, each once. Whoever comes here knows the password.

    Raises Invalid (field ``code``), TooMany.
    """
    attempts = count_guess(session, account, address=address)
    with transaction(session):
        row = session.get(SecondFactor, account.pk, with_for_update=True, populate_existing=True)
        if row is not None and row.confirmed_at is not None and _takes(row, secret_key, code):
            session.add(row)
        elif not has_second_factor(session, account.pk) or not _uses_recovery_code(session, account, code):
            raise Invalid({"code": WRONG_CODE})
    limits.forget_attempts(session, attempts)


def count_guess(session: Session, account: Account, *, address: str | None = None) -> list[int]:
    """Count one answer to the question for a second factor, of whatever kind; ``address`` where it lets somebody in.
    Returns the attempts, to be forgotten when it was right. Raises TooMany."""
    counted = [(limits.SECOND_FACTOR_BY_ACCOUNT, str(account.pk))]
    if address is not None:
        counted.insert(0, (limits.SECOND_FACTOR_BY_NETWORK, f"{account.pk} {network_of(address)}"))
        counted.append((limits.SECOND_FACTOR_BY_ACCOUNT_A_DAY, str(account.pk)))
    return [limits.count_attempt(session, limit, subject) for limit, subject in counted]


def remove_second_factor(session: Session, account: Account) -> None:
    """Its owner does without the app; whoever has a passkey keeps that, and the recovery codes."""
    with transaction(session):
        if second_factor_of(session, account.pk) is not None and has_passkey(session, account.pk):
            session.exec(delete(SecondFactor).where(col(SecondFactor.account_id) == account.pk))
            session.expire_all()
            record_event(session, Actor(account.pk), account, "account.authenticator_removed")
        elif _drop(session, account):
            record_event(session, Actor(account.pk), account, "account.second_factor_removed")


def reset_second_factor(actor: Actor, *, session: Session, account: Account) -> None:
    """Another administrator, or the operator, takes away the second factors of somebody who has lost them; all log-ins
    of the account end, and its owner gets a letter. Raises Denied, WrongState when there is none."""
    if not (actor.is_administrator or actor.is_system) or actor.account_id == account.pk:
        raise Denied()
    with transaction(session):
        if not _drop(session, account):
            raise WrongState(N_("No second factor is set up."))
        end_sessions(session, account.pk)
        record_event(session, actor, account, "account.second_factor_reset")


WRONG_CODE = N_("This code is wrong or was used already. Wait for the next one, or use a recovery code.")


def _takes(row: SecondFactor, secret_key: str, code: str) -> bool:
    """Is it a code of about now that was not taken before? Then it is taken."""
    written = "".join(code.split())
    if len(written) != DIGITS or not written.isascii() or not written.isdigit():
        return False
    try:
        totp = TOTP(unseal(secret_key, _PURPOSE, row.sealed_secret), digits=DIGITS, interval=STEP_SECONDS)
    except SealError:  # sealed with a secret key that the hall no longer has: recovery codes still count
        return False
    present = int(now().timestamp()) // STEP_SECONDS
    for step in range(present - DRIFT, present + DRIFT + 1):
        if secrets.compare_digest(totp.generate_otp(step), written) and step > row.last_step:
            row.last_step = step
            return True
    return False


def _uses_recovery_code(session: Session, account: Account, code: str) -> bool:
    mine = select(RecoveryCode).where(
        col(RecoveryCode.account_id) == account.pk,
        col(RecoveryCode.code_hash) == _hash(code),
        col(RecoveryCode.used_at).is_(None),
    )
    found = session.exec(mine.with_for_update()).first()
    if found is None:
        return False
    found.used_at = now()
    session.add(found)
    record_event(session, Actor(account.pk), account, "account.recovery_code_used")
    return True


def make_recovery_codes(session: Session, account: Account) -> list[str]:
    """Within the caller's transaction, ten new ones; the old ones count no more."""
    session.exec(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account.pk))
    codes = [_written(secrets.token_hex(RECOVERY_BYTES)) for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(account_id=account.pk, code_hash=_hash(code)) for code in codes)
    return codes


def _written(code: str) -> str:
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def _hash(code: str) -> str:
    plain = "".join(each for each in code.lower() if each.isalnum())
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


def drop_recovery_codes(session: Session, account: Account) -> None:
    """Within the caller's transaction."""
    session.exec(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account.pk))


def _drop(session: Session, account: Account) -> bool:
    was_there = has_second_factor(session, account.pk)
    drop_recovery_codes(session, account)
    drop_passkeys(session, account.pk)
    session.exec(delete(SecondFactor).where(col(SecondFactor.account_id) == account.pk))
    session.expire_all()
    return was_there
