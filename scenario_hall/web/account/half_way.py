"""Half way into the hall: the password was right, the second factor is still to come."""

from __future__ import annotations

from flask import redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from scenario_hall.core.clock import now
from scenario_hall.organizations.models import Account
from scenario_hall.web.kit.request import database

HALF_WAY, HALF_WAY_SECONDS = "half-way", 600  # after the password, before the code


def ask_for_code(person: Account, *, is_remembered: bool) -> ResponseReturnValue:
    """The password was right: go on to the code. The signed cookie keeps whose, for ten minutes or until the password
    changes."""
    session[HALF_WAY] = [person.pk, person.session_generation, int(now().timestamp()), is_remembered]
    return redirect(url_for("second_factor.code", next=request.values.get("next") or None))


def half_way() -> tuple[Account, bool] | None:
    """Whose password was shown just now on this browser, and whether they want to stay logged in."""
    kept = session.get(HALF_WAY)
    if kept is None or now().timestamp() - kept[2] > HALF_WAY_SECONDS:
        return None
    person = database().get(Account, kept[0])
    if person is None or not person.is_active or person.session_generation != kept[1]:
        return None
    return person, bool(kept[3])
