"""Devices that an account was logged in on before: others' wrong guesses do not lock it out there.

https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from flask import Response
from itsdangerous import BadSignature, URLSafeTimedSerializer

from scenario_hall.organizations.models import Account
from scenario_hall.web.kit.cookies import DEVICE, cookie, give_cookie
from scenario_hall.web.kit.request import settings

KEPT_FOR = timedelta(days=365)
MOST = 5  # people who share one


def known_devices() -> dict[int, str]:
    """Account → this device's name for it, for those that were logged in here before."""
    try:
        pairs = _serializer().loads(cookie(DEVICE), max_age=int(KEPT_FOR.total_seconds()))
    except BadSignature:
        return {}
    return {int(account_id): str(name) for account_id, name in pairs}


def know_device(response: Response, account: Account) -> Response:
    """Let the browser say from now on that ``account`` was logged in on it."""
    others = [pair for pair in known_devices().items() if pair[0] != account.pk]
    pairs = [*others[-(MOST - 1) :], (account.pk, secrets.token_urlsafe(16))]
    give_cookie(response, DEVICE, str(_serializer().dumps(pairs)), KEPT_FOR)
    return response


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().secret_key, salt="known-device")
