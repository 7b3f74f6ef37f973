"""Tokens in mailed links: signed, for one purpose, valid for a limited time."""

from __future__ import annotations

from datetime import timedelta

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from scenario_hall.core.errors import NotFound
from scenario_hall.core.texts import N_
from scenario_hall.organizations.invitations import GOOD_FOR

CONFIRM_EMAIL, RESET_PASSWORD, INVITATION = "confirm-email", "reset-password", "invitation"
STOP_LETTERS = "stop-letters"
STOP_NOTICES = "stop-notices"
# How long an invitation is good for is counted from its row; the token only ends no earlier.
LIFETIMES = {
    INVITATION: GOOD_FOR + timedelta(days=1),
    CONFIRM_EMAIL: timedelta(days=3),
    RESET_PASSWORD: timedelta(hours=2),
    # Whoever finds an old letter may stop what goes on.
    STOP_LETTERS: timedelta(days=731),
    STOP_NOTICES: timedelta(days=731),
}


def make_token(secret_key: str, purpose: str, *values: int | str) -> str:
    """A token that carries ``values`` for one purpose."""
    return URLSafeTimedSerializer(secret_key, salt=purpose).dumps(list(values))


def read_token(secret_key: str, purpose: str, token: str) -> list[int | str]:
    """The token's values. Raises NotFound, with words for the reader, when it is expired or not ours."""
    serializer = URLSafeTimedSerializer(secret_key, salt=purpose)
    try:
        values: list[int | str] = serializer.loads(token, max_age=int(LIFETIMES[purpose].total_seconds()))
    except SignatureExpired:
        raise NotFound(N_("This link has expired. Please ask for a new one.")) from None
    except BadSignature:
        raise NotFound(N_("This link is not complete. Please copy the whole address from the mail.")) from None
    return values
