"""Passkeys (W3C Web Authentication, level 3) as a second factor: made, asked, renamed, removed.

The site they are good for is that of ``HALL_BASE_URL`` alone, whatever a request says. The device has to have verified
its user. Each challenge is a row that is good for five minutes and one answer, right or wrong.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select
from sqlmodel.sql.expression import SelectOfScalar
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url, generate_challenge, generate_user_handle
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from scenario_hall.core import limits
from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Denied, Invalid, NotFound, WrongState
from scenario_hall.core.lines import require_lines
from scenario_hall.core.policy import Actor
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import record_event
from scenario_hall.organizations.models import Account
from scenario_hall.organizations.passkey_tables import LONGEST_NAME, Passkey, PasskeyChallenge, passkeys_of
from scenario_hall.organizations.relying_party import RelyingParty
from scenario_hall.organizations.second_factor import (
    ISSUER,
    count_guess,
    drop_recovery_codes,
    has_second_factor,
    make_recovery_codes,
    second_factor_of,
)
from scenario_hall.organizations.sessions import end_sessions

LASTS = timedelta(minutes=5)
MOST = 10  # of one account
MOST_CHARACTERS = 20_000  # of an answer; the largest attestations (TPM) have about 8,000
REFUSED = N_("The passkey's answer was not accepted. Please try again.")
# What the library raises for answers that no browser makes.
_MALFORMED = (
    WebAuthnException,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    UnsupportedAlgorithm,
)
Answer = dict[str, Any]


class Purpose(StrEnum):
    """What an answer is good for: none for one purpose serves another."""

    ADD = "add"
    LOG_IN = "log_in"
    PROVE = "prove"


@dataclass(frozen=True)
class Asked:
    """A challenge that was put, and the handle of the account for a passkey to be made."""

    challenge: bytes
    user_handle: str


def ask_for_new(session: Session, account: Account, party: RelyingParty, *, session_id: int, address: str) -> str:
    """What the browser needs to make a passkey, as JSON. Raises TooMany, WrongState (enough of them)."""
    own = passkeys_of(session, account.pk)
    if len(own) >= MOST:
        raise WrongState(TOO_MANY)
    handle = own[0].user_handle if own else bytes_to_base64url(generate_user_handle())
    options = generate_registration_options(
        rp_id=party.id,
        rp_name=ISSUER,
        user_id=_bytes(handle),
        user_name=account.email,
        user_display_name=account.name,
        challenge=_challenge(session, account, Purpose.ADD, session_id, address, handle),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=_described(own),
    )
    return options_to_json(options)


def ask(
    session: Session, account: Account, party: RelyingParty, purpose: Purpose, *, session_id: int | None, address: str
) -> str:
    """What the browser needs to ask a passkey of the account, as JSON. Raises TooMany."""
    options = generate_authentication_options(
        rp_id=party.id,
        challenge=_challenge(session, account, purpose, session_id, address),
        allow_credentials=_described(passkeys_of(session, account.pk)),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def add_passkey(
    session: Session, account: Account, party: RelyingParty, *, answer: str, name: str, session_id: int
) -> list[str]:
    """Keep a passkey that the browser has made. Where it is the account's first second factor, log-ins elsewhere end,
    and there are recovery codes, which are returned and which nobody can read again.

    Raises Invalid (fields ``name`` and ``answer``), TooMany, WrongState.
    """
    count_guess(session, account)
    _check_name(name)
    sent = _read(answer)
    asked = _take(session, account, Purpose.ADD, session_id, sent)
    made = _verified_new(party, asked, sent)
    if made is None:
        raise Invalid({"answer": REFUSED})
    row = Passkey(
        account_id=account.pk,
        credential_id=bytes_to_base64url(made.credential_id),
        public_key=bytes_to_base64url(made.credential_public_key),
        user_handle=asked.user_handle,
        sign_count=made.sign_count,
        transports=_transports(sent),
        name=name.strip(),
    )
    try:
        return _keep(session, account, row, session_id)
    except IntegrityError:  # somebody has it already, perhaps another account
        raise Invalid({"answer": REFUSED}) from None


def check_passkey(
    session: Session,
    account: Account,
    party: RelyingParty,
    purpose: Purpose,
    *,
    answer: str,
    session_id: int | None,
    address: str,
) -> Passkey:
    """Let through who has a passkey of the account, and whom its device has verified. A device that counts its
    signatures has counted on since the last one: else there are two of it, and its owner is told by letter.

    Raises Invalid (field ``code``, which stands beside it on the page), TooMany.
    """
    attempts = count_guess(session, account, address=address)
    sent = _read(answer, field="code")
    asked = _take(session, account, purpose, session_id, sent, field="code")
    with transaction(session):
        row = session.exec(
            _own(account).where(col(Passkey.credential_id) == str(sent.get("id"))).with_for_update()
        ).first()
        count = _verified_count(row, party, asked, sent) if row is not None else None
        if row is None or count is None:
            raise Invalid({"code": REFUSED})
        is_copied = (count > 0 or row.sign_count > 0) and count <= row.sign_count
        if is_copied:
            record_event(session, Actor(account.pk), account, "account.passkey_copied")
        else:
            row.sign_count, row.used_at = count, now()
            session.add(row)
    if is_copied:
        raise Invalid({"code": REFUSED})
    limits.forget_attempts(session, attempts)
    return row


def rename_passkey(session: Session, account: Account, passkey_id: int, *, name: str) -> None:
    """Raises Invalid, NotFound."""
    _check_name(name)
    with transaction(session):
        row = _find(session, account, passkey_id)
        row.name = name.strip()
        session.add(row)


def remove_passkey(session: Session, account: Account, passkey_id: int, *, is_required: bool) -> None:
    """Its owner does without; with the last second factor the recovery codes go, too. Raises NotFound, Denied (the
    account needs one)."""
    with transaction(session):
        _lock(session, account)
        session.delete(_find(session, account, passkey_id))
        session.flush()
        record_event(session, Actor(account.pk), account, "account.passkey_removed")
        if has_second_factor(session, account.pk):
            return
        if is_required:
            raise Denied(NEEDED)
        drop_recovery_codes(session, account)
        record_event(session, Actor(account.pk), account, "account.second_factor_removed")


def prune_challenges(session: Session) -> int:
    """Forget what nobody may answer any more; returns how many."""
    old = delete(PasskeyChallenge).where(col(PasskeyChallenge.created_at) <= now() - LASTS)
    with transaction(session):
        return session.exec(old).rowcount


NEEDED = N_("Administrators of this hall log in with a second factor.")
TOO_MANY = N_("You have very many passkeys already: remove one first.")


def _keep(session: Session, account: Account, row: Passkey, session_id: int) -> list[str]:
    with transaction(session):
        _lock(session, account)
        own = passkeys_of(session, account.pk)
        if len(own) >= MOST:
            raise WrongState(TOO_MANY)
        is_first = not own and second_factor_of(session, account.pk) is None
        session.add(row)
        session.flush()
        record_event(session, Actor(account.pk), account, "account.passkey_added")
        if not is_first:
            return []
        end_sessions(session, account.pk, but=session_id)
        return make_recovery_codes(session, account)


def _lock(session: Session, account: Account) -> None:
    """Two requests of one account decide one after the other what is its first or last second factor."""
    session.exec(select(Account.id).where(col(Account.id) == account.pk).with_for_update()).one()


def _challenge(
    session: Session, account: Account, purpose: Purpose, session_id: int | None, address: str, handle: str = ""
) -> bytes:
    limits.count_attempt(session, limits.PASSKEY_CHALLENGES, f"{account.pk} {address}")
    challenge = generate_challenge()
    row = PasskeyChallenge(
        account_id=account.pk,
        purpose=purpose,
        session_id=session_id,
        challenge=bytes_to_base64url(challenge),
        user_handle=handle,
    )
    with transaction(session):
        session.add(row)
    return challenge


def _take(
    session: Session, account: Account, purpose: Purpose, session_id: int | None, sent: Answer, field: str = "answer"
) -> Asked:
    """The challenge that the answer names, which is gone from now on. Raises Invalid."""
    named = _challenge_named(sent)
    query = select(PasskeyChallenge).where(
        col(PasskeyChallenge.account_id) == account.pk,
        col(PasskeyChallenge.purpose) == purpose,
        col(PasskeyChallenge.challenge) == named,
    )
    with transaction(session):
        row = session.exec(query.with_for_update()).first()
        if row is not None:
            is_good = row.session_id == session_id and row.created_at + LASTS > now()
            asked = Asked(_bytes(row.challenge), row.user_handle) if is_good else None
            session.delete(row)
    if row is None or asked is None:
        raise Invalid({field: REFUSED})
    return asked


def _challenge_named(sent: Answer) -> str:
    """That of the client's data; "" where it names none."""
    try:
        named = json.loads(_bytes(sent["response"]["clientDataJSON"]))["challenge"]
    except _MALFORMED:
        return ""
    return named if isinstance(named, str) and named.isascii() and "\0" not in named else ""


def _verified_new(party: RelyingParty, asked: Asked, sent: Answer) -> VerifiedRegistration | None:
    """What the device has made; None where it was not made here and now."""
    try:
        return verify_registration_response(
            credential=sent,
            expected_challenge=asked.challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except _MALFORMED:
        return None


def _verified_count(row: Passkey, party: RelyingParty, asked: Asked, sent: Answer) -> int | None:
    """How often the device says it has signed; None where the answer is not that of this passkey, here and now."""
    try:
        found = verify_authentication_response(
            credential=sent,
            expected_challenge=asked.challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=_bytes(row.public_key),
            credential_current_sign_count=0,  # compared by the caller, who tells the owner of a copy
            require_user_verification=True,
        )
        handle = sent["response"].get("userHandle")
    except _MALFORMED:
        return None
    return found.new_sign_count if not handle or handle == row.user_handle else None


def _read(answer: str, field: str = "answer") -> Answer:
    try:
        sent = json.loads(answer) if len(answer) <= MOST_CHARACTERS else None
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, dict):
        raise Invalid({field: REFUSED})
    return sent


def _transports(sent: Answer) -> list[str]:
    known, named = {each.value for each in AuthenticatorTransport}, sent["response"].get("transports")
    return sorted(known & {each for each in named if isinstance(each, str)}) if isinstance(named, list) else []


def _described(passkeys: list[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=_bytes(each.credential_id), transports=[AuthenticatorTransport(name) for name in each.transports] or None
        )
        for each in passkeys
    ]


def _check_name(name: str) -> None:
    if not name.strip() or len(name.strip()) > LONGEST_NAME:
        raise Invalid({"name": N_("Name the device that keeps it, in up to 60 characters.")})
    require_lines(names={"name": name})


def _own(account: Account) -> SelectOfScalar[Passkey]:
    return select(Passkey).where(col(Passkey.account_id) == account.pk)


def _find(session: Session, account: Account, passkey_id: int) -> Passkey:
    row = session.exec(_own(account).where(col(Passkey.id) == passkey_id)).first()
    if row is None:
        raise NotFound()
    return row


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
