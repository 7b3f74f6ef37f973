"""Letters with a link that only their receiver can use: to confirm an address, to set a password."""

from __future__ import annotations

from sqlmodel import Session

from scenario_hall.core.clock import local_day
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import Event
from scenario_hall.notices.letter import Addressed, LetterTemplate, Signed
from scenario_hall.notices.tokens import CONFIRM_EMAIL, LIFETIMES, RESET_PASSWORD
from scenario_hall.organizations.models import Account


def _confirmation(session: Session, event: Event) -> Addressed:
    account = session.get_one(Account, event.subject_id)
    signed = Signed(CONFIRM_EMAIL, (account.pk, account.email))
    until = local_day(event.at + LIFETIMES[CONFIRM_EMAIL])
    return Addressed(_if_open(account), "/register/confirm/", signed=signed, until=until)


def _new_password(session: Session, event: Event) -> Addressed:
    account = session.get_one(Account, event.subject_id)
    signed = Signed(RESET_PASSWORD, (account.pk, account.session_generation))
    return Addressed(_if_open(account), "/password/reset/", signed=signed)


def _its_owner(session: Session, event: Event) -> Addressed:
    return Addressed(_if_open(session.get_one(Account, event.subject_id)), "/account/second-factor")


def _if_open(account: Account) -> list[Account]:
    return [account] if account.is_active else []


_NOT_YOU = N_("If this was not you, set a new password at once and write to the hall's administrators.")
_NOT_ASKED = N_("If you did not request this, no action is needed.")

LETTERS = {
    "confirm_address": LetterTemplate(
        N_("Confirm your e-mail address"),
        (N_("With this link you confirm your address, within 3 days:"),),
        _confirmation,
        (_NOT_ASKED,),
    ),
    "reset_password": LetterTemplate(
        N_("Set a new password"),
        (N_("With this link you can set a new password within two hours:"),),
        _new_password,
        (_NOT_ASKED,),
    ),
    "has_account": LetterTemplate(
        N_("You have an account already"),
        (
            N_("Somebody, probably you, wanted to register with this address. It has an account: you can log in."),
            N_("If you do not know the password, you can set a new one with this link within two hours:"),
        ),
        _new_password,
        (_NOT_ASKED,),
    ),
    "second_factor_set": LetterTemplate(
        N_("A second factor protects your account"),
        (N_("From now on, logging in to your account also asks for a code from your authenticator app."), _NOT_YOU),
        _its_owner,
    ),
    "second_factor_removed": LetterTemplate(
        N_("Your account has no second factor any more"),
        (N_("The second factor of your account was removed; the password alone opens it now."), _NOT_YOU),
        _its_owner,
    ),
    "authenticator_removed": LetterTemplate(
        N_("Your account asks your authenticator app no more"),
        (N_("The authenticator app was removed from your account. Its passkeys still protect it."), _NOT_YOU),
        _its_owner,
    ),
    "passkey_added": LetterTemplate(
        N_("Your account has a new passkey"),
        (N_("From now on a new passkey, with your password, opens your account."), _NOT_YOU),
        _its_owner,
    ),
    "passkey_removed": LetterTemplate(
        N_("A passkey of your account was removed"),
        (N_("One of your passkeys opens your account no more."), _NOT_YOU),
        _its_owner,
    ),
    "passkey_copied": LetterTemplate(
        N_("A passkey of your account may have been copied"),
        (
            N_("Somebody has shown your password and a passkey that counts fewer uses than yours. It was refused."),
            N_("Remove that passkey and make a new one. If this was not you, set a new password, too."),
        ),
        _its_owner,
    ),
    "second_factor_reset": LetterTemplate(
        N_("Your second factor was reset"),
        (
            N_("An administrator has reset the second factor of your account and logged you out on all devices."),
            _NOT_YOU,
        ),
        _its_owner,
    ),
    "recovery_code_used": LetterTemplate(
        N_("A recovery code of your account was used"),
        (N_("Somebody has shown your password and one of your recovery codes, which is used up now."), _NOT_YOU),
        _its_owner,
    ),
}
