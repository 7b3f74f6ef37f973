"""Use cases of a person's account: register, confirm, log in, change and reset the password."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from email_validator import EmailNotValidError, validate_email
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select

from scenario_hall.core import limits
from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Denied, Invalid, NotFound, TooMany
from scenario_hall.core.lines import require_lines
from scenario_hall.core.networks import network_of
from scenario_hall.core.policy import Actor, Role
from scenario_hall.core.texts import N_
from scenario_hall.language.folding import visible
from scenario_hall.log.acts import acts_of
from scenario_hall.log.chain import record_event
from scenario_hall.organizations.common_passwords import is_common
from scenario_hall.organizations.lifecycle import SUSPENDED
from scenario_hall.organizations.models import NEUTRAL_AFTER, Account, FormerMembership, Membership, Organization
from scenario_hall.organizations.sessions import end_sessions
from scenario_hall.organizations.tokens import end_tokens


class AddressTaken(Invalid):
    """The address has an account already."""


MIN_PASSWORD = 10
# Of a password, letters and digits that are none of these words, nor of the person's own address.
UNLIKE_HERE = 6
WORDS_OF_HERE = frozenset(
    "scenario hall admin administrator password welcome login greater bay area gba guangdong shenzhen hongkong macao "
    "macau 应用 场景 發布廳 发布厅 大湾区 大灣區 密码".split()
)
MAX_PASSWORD = 200
# OWASP's Password Storage Cheat Sheet. A web process answers nobody while it hashes, so a larger cost is paid by all:
# the library's own default takes five times as long.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@cache
def _nobodys(hasher: PasswordHasher) -> str:
    """Verified against when no account has the address, so that the answer takes as long as for a known one."""
    return hasher.hash("nobody has this password")


def actor_of(session: Session, account: Account) -> Actor:
    """The account as policy sees it."""
    query = (
        select(Membership, Organization.state)
        .join(Organization, col(Organization.id) == col(Membership.organization_id))
        .where(col(Membership.account_id) == account.pk)
    )
    found = list(session.exec(query))
    rows = [(row, state) for row, state in found if row.is_active]
    asked = {row.organization_id for row, _ in found if not row.is_active}
    return Actor(
        account_id=account.pk,
        name=account.name,
        is_confirmed=account.email_confirmed_at is not None,
        is_administrator=account.is_administrator and account.email_confirmed_at is not None,
        memberships={row.organization_id: Role(row.role) for row, _ in rows},
        suspended=frozenset(row.organization_id for row, state in rows if state == SUSPENDED),
        ties=frozenset(asked | left_recently(session, account.pk)) if account.is_administrator else frozenset(),
        first_act=acts_of(session, account.pk),
    )


def operator_of(session: Session, account: Account | None) -> Actor:
    """The hall's operator at the command line, in the name of the administrator ``account`` if one is given."""
    if account is None:
        return Actor(name="operator", is_confirmed=True, is_system=True)
    is_administrator = account.is_administrator and account.is_active
    return replace(actor_of(session, account), is_confirmed=True, is_system=True, is_administrator=is_administrator)


def left_recently(session: Session, account_id: int) -> set[int]:
    """The organisations that the account left less than two years ago."""
    query = select(FormerMembership.organization_id).where(
        col(FormerMembership.account_id) == account_id, col(FormerMembership.ended_at) > now() - NEUTRAL_AFTER
    )
    return set(session.exec(query))


def find_account(session: Session, email: str) -> Account | None:
    return session.exec(select(Account).where(col(Account.email) == _as_stored(email))).first()


def _as_stored(email: str) -> str:
    """What was typed as an address, in the form in which addresses are kept."""
    name, at, domain = email.strip().lower().rpartition("@")
    try:
        return f"{name}{at}{domain.encode('idna').decode()}"
    except UnicodeError:
        return f"{name}{at}{domain}"


def normalise_email(email: str) -> str:
    """The address in the form that every mail server takes: ASCII alone, full-width letters as usual ones, nothing
    invisible, the domain in Punycode where it has to be.
    Raises Invalid (field ``email``), also for a name with other characters, since few servers offer SMTPUTF8."""
    email = visible(email).strip()
    try:
        checked = validate_email(email, check_deliverability=False, test_environment=True, allow_smtputf8=False)
    except EmailNotValidError:
        if not email.rpartition("@")[0].isascii():
            message = N_("Most mail servers take Latin letters alone before the @. Please use such an address.")
            raise Invalid({"email": message}) from None
        raise Invalid({"email": N_("This is not an e-mail address, e.g. name@organisation.hk.")}) from None
    if checked.ascii_email is None:
        raise Invalid({"email": N_("This is not an e-mail address, e.g. name@organisation.hk.")})
    return checked.ascii_email.lower()


def check_password(password: str, email: str) -> None:
    """Raise Invalid (field ``password``) unless the password is long enough, none that many people have, and not just
    the address or words of this hall."""
    if len(password) < MIN_PASSWORD:
        raise Invalid({"password": N_("Use at least 10 characters; a short sentence is easy to remember.")})
    if len(password) > MAX_PASSWORD:
        raise Invalid({"password": N_("Use at most 200 characters.")})
    if (
        password.lower() in (email, email.split("@", maxsplit=1)[0])
        or len(set(password)) < 4
        or _is_of_here(password, email)
    ):
        raise Invalid({"password": N_("This password is too easy to guess.")})
    if is_common(password):
        raise Invalid({"password": N_("Many people have this password, so it is among the first to be tried.")})


def _is_of_here(password: str, email: str) -> bool:
    """Is there little in it but words of this hall and of the person's address (OWASP ASVS 5.0, 6.2.11)?"""
    own = {part for part in email.replace("@", ".").split(".") if len(part) > 2}
    rest = password.lower()
    for word in sorted(WORDS_OF_HERE | own, key=lambda word: (-len(word), word)):
        rest = rest.replace(word, "")
    return sum(each.isalnum() for each in rest) < UNLIKE_HERE


def register_account(
    session: Session, *, email: str, name: str, password: str, locale: str = "zh_Hans", is_confirmed: bool = False
) -> Account:
    """A new account; the address is confirmed by a mailed link unless ``is_confirmed``: at the
    command line, and for who has opened a link that was mailed to it.

    Raises AddressTaken, or Invalid when a field is not usable.
    """
    address = normalise_email(email)
    check_password(password, address)
    if not name.strip():
        raise Invalid({"name": N_("Please enter your name.")})
    require_lines(names={"name": name})
    account = Account(
        email=address,
        name=name.strip()[:100],
        password_hash=_hasher.hash(password),
        locale=locale,
        email_confirmed_at=now() if is_confirmed else None,
    )
    try:
        with transaction(session):
            session.add(account)
            session.flush()
            record_event(session, Actor(account.pk), account, "account.registered")
    except IntegrityError:
        raise AddressTaken({"email": N_("An account with this address already exists. You can log in.")}) from None
    return account


def ask_to_register(session: Session, *, email: str, name: str, password: str, locale: str) -> None:
    """Register whoever asks for it on a page. What they are told is the same if the address has an account; its owner
    then gets a letter, as a new person does. Raises Invalid for what is not usable whoever asks."""
    try:
        register_account(session, email=email, name=name, password=password, locale=locale)
    except AddressTaken:
        account = find_account(session, normalise_email(email))
        if account is not None and account.is_active and _may_be_written_to(session, account.email):
            with transaction(session):
                record_event(session, None, account, "account.registered_again")


def request_confirmation(session: Session, account: Account) -> None:
    """Have the confirmation mailed again."""
    limits.count_attempt(session, limits.CONFIRMATION_BY_ACCOUNT, account.email)
    with transaction(session):
        if account.email_confirmed_at is None:
            record_event(session, Actor(account.pk), account, "account.confirmation_requested")


def confirm_email(session: Session, *, account_id: int, email: str) -> Account:
    """The mailed link was opened. Raises NotFound when it is no longer this account's address."""
    with transaction(session):
        account = session.get(Account, account_id)
        if account is None or account.email != email:
            raise NotFound(N_("This link no longer matches any account."))
        if account.email_confirmed_at is None:
            account.email_confirmed_at = now()
            session.add(account)
            record_event(session, Actor(account.pk), account, "account.confirmed")
    return account


def authenticate(
    session: Session, *, email: str, password: str, address: str, devices: Mapping[int, str] | None = None
) -> Account:
    """The account of this address and password. ``address`` is where the request comes from, ``devices`` the accounts
    that were logged in there before, each with the name of that device.

    Raises TooMany, or Invalid without telling which of the two was wrong.
    """
    email, network = _as_stored(email), network_of(address)
    account = find_account(session, email)
    device = (devices or {}).get(account.pk) if account else None
    counted: list[tuple[limits.Limit, str]] = [
        (limits.LOGIN_BY_ADDRESS, network),
        (limits.LOGIN_BY_NETWORK, f"{email} {network}"),
        (limits.LOGIN_BY_NETWORK_A_DAY, f"{email} {network}"),
        (limits.LOGIN_BY_ACCOUNT, email),
    ]
    if device is not None:  # nobody else's guesses count against it, also not those of its neighbours
        counted = [(limits.LOGIN_BY_DEVICE, f"{email} {device}")]
    attempts = [limits.count_attempt(session, limit, subject) for limit, subject in counted]
    nobodys = _nobodys(_hasher)  # made at the first log-in, whoever it is
    if not _matches(account.password_hash if account else nobodys, password) or account is None:
        raise Invalid({"password": N_("Wrong e-mail address or password.")})
    if not account.is_active:
        raise Denied(N_("This account is closed. Please write to the hall's administrators."))
    limits.forget_attempts(session, attempts)
    if _hasher.check_needs_rehash(account.password_hash):
        with transaction(session):
            account.password_hash = _hasher.hash(password)
            session.add(account)
    return account


def request_password_reset(session: Session, *, email: str, address: str) -> None:
    """Have a reset link mailed, if there is such an account; the answer is the same either way.
    Raises TooMany for one network only: nobody can use up what others may ask for."""
    email, network = _as_stored(email), network_of(address)
    limits.count_attempt(session, limits.MAIL_BY_ADDRESS, network)
    limits.count_attempt(session, limits.MAIL_BY_NETWORK, f"{email} {network}")
    account = find_account(session, email)
    if account is not None and account.is_active and _may_be_written_to(session, email):
        with transaction(session):
            record_event(session, None, account, "account.reset_requested")


def _may_be_written_to(session: Session, email: str) -> bool:
    """Whether an account's owner is not flooded with letters; those of the last hour have links that still work."""
    try:
        limits.count_attempt(session, limits.MAIL_BY_ACCOUNT, email)
    except TooMany:
        return False
    return True


def reset_password(session: Session, *, account_id: int, session_generation: int, password: str) -> Account:
    """Set a new password from a mailed link, once: the link names the session generation that it was made for."""
    with transaction(session):
        account = session.get(Account, account_id, with_for_update=True, populate_existing=True)
        if account is None or account.session_generation != session_generation:
            raise NotFound(N_("This link has already been used. You can ask for a new one."))
        check_password(password, account.email)
        account.password_hash = _hasher.hash(password)
        _end_all_sessions(session, account)
        end_tokens(session, account.pk)  # whoever had the account may have made some
        # Whoever opened the mail has shown that the address is theirs.
        account.email_confirmed_at = account.email_confirmed_at or now()
        session.add(account)
        record_event(session, Actor(account.pk), account, "account.password_reset")
        _forget_guesses(session, account)
    return account


def check_present_password(session: Session, account: Account, *, password: str, session_id: int | None) -> None:
    """Is it the account's? ``session_id`` asks. Raises Invalid (field ``current``), TooMany."""
    limits.count_attempt(session, limits.PRESENT_PASSWORD, f"{account.pk} {session_id}")
    if not _matches(account.password_hash, password):
        raise Invalid({"current": N_("This is not your current password.")})


def change_password(
    session: Session, account: Account, *, current: str, password: str, session_id: int | None = None
) -> None:
    """Set a new password; ends the account's sessions. ``session_id`` is the one that asks: who has taken it over may
    not guess there for long, and keeps the owner's other ones from nothing. Raises Invalid, TooMany."""
    check_present_password(session, account, password=current, session_id=session_id)
    check_password(password, account.email)
    with transaction(session):
        account.password_hash = _hasher.hash(password)
        _end_all_sessions(session, account)
        session.add(account)
        record_event(session, Actor(account.pk), account, "account.password_changed")
        _forget_guesses(session, account)


def change_account(session: Session, account: Account, *, name: str, locale: str) -> None:
    """Change the name that others see and the language of mails."""
    if not name.strip():
        raise Invalid({"name": N_("Please enter your name.")})
    require_lines(names={"name": name})
    with transaction(session):
        account.name, account.locale = name.strip()[:100], locale
        session.add(account)
        record_event(session, Actor(account.pk), account, "account.changed")


def set_administrator(actor: Actor, *, session: Session, account: Account, is_administrator: bool) -> None:
    """Grant or withdraw administrator rights. Raises Denied; the last administrator stays."""
    if not (actor.is_administrator or actor.is_system):
        raise Denied()
    with transaction(session):
        session.refresh(account, with_for_update=True)
        if not is_administrator and account.is_administrator:
            keep_one_administrator(session)
        account.is_administrator = is_administrator
        session.add(account)
        kind = "account.administrator_granted" if is_administrator else "account.administrator_revoked"
        record_event(session, actor, account, kind)


def set_active(actor: Actor, *, session: Session, account: Account, is_active: bool, reason: str) -> None:
    """Close or reopen an account; closing ends its sessions. Raises Denied, Invalid."""
    if not actor.is_administrator or actor.account_id == account.id:
        raise Denied()
    if not reason.strip():
        raise Invalid({"reason": N_("Please give a reason: the other side will read it.")})
    with transaction(session):
        session.refresh(account, with_for_update=True)
        if account.erased_at is not None:
            raise Denied(N_("This account was closed for good by its owner."))
        if not is_active and account.is_administrator:
            keep_one_administrator(session)
        account.is_active = is_active
        _end_all_sessions(session, account)
        end_tokens(session, account.pk)
        session.add(account)
        kind = "account.reopened" if is_active else "account.closed"
        record_event(session, actor, account, kind, {"reason": reason.strip()})


def _forget_guesses(session: Session, account: Account) -> None:
    """What was guessed at is no longer the password."""
    limits.reset_attempts(session, limits.LOGINS, account.email)
    limits.reset_attempts(session, (limits.PRESENT_PASSWORD,), str(account.pk))


def _end_all_sessions(session: Session, account: Account) -> None:
    """With every log-in, every mailed link to set a password ends."""
    account.session_generation += 1
    end_sessions(session, account.pk)


def keep_one_administrator(session: Session) -> None:
    """Raises Invalid (field ``account``) when there is only one."""
    administrators = (
        select(func.count()).select_from(Account).where(col(Account.is_administrator), col(Account.is_active))
    )
    if session.exec(administrators).one() <= 1:
        raise Invalid({"account": N_("The last administrator cannot be removed: appoint another one first.")})


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
