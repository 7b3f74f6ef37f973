"""What pages and acts that ask for a passkey share: the site that it is for, and the answer in a form."""

from __future__ import annotations

from flask import request
from flask_login import current_user

from scenario_hall.core.errors import NotFound
from scenario_hall.organizations.models import Account
from scenario_hall.organizations.passkey_tables import has_passkey
from scenario_hall.organizations.passkeys import Purpose, check_passkey
from scenario_hall.organizations.relying_party import RelyingParty, relying_party
from scenario_hall.web.kit.request import database, settings

ANSWER = "passkey"  # the name of the field; no form of a route that asks again has it


def party() -> RelyingParty:
    """The site of ``HALL_BASE_URL``. Raises NotFound where browsers make no passkeys for it."""
    found = relying_party(settings().base_url)
    if found is None:
        raise NotFound()
    return found


def may_answer(person: Account) -> bool:
    """Can this person be asked for a passkey here?"""
    return relying_party(settings().base_url) is not None and has_passkey(database(), person.pk)


def check_answer(person: Account, purpose: Purpose) -> bool:
    """Let through whose passkey has answered. Raises Invalid, TooMany, NotFound."""
    check_passkey(
        database(),
        person,
        party(),
        purpose,
        answer=request.form.get(ANSWER, ""),
        session_id=current_user.session_id if purpose is Purpose.PROVE else None,
        address=request.remote_addr or "-",
    )
    return True
