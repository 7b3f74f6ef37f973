"""Lines of the program's log about who came in and who was refused (OWASP ASVS 5.0, 16.3): the account's number, the
network and what was shown, never an address of mail or what was typed, which may be a password in the wrong field."""

from __future__ import annotations

import logging

from flask import request
from flask_login import current_user

from scenario_hall.core.networks import network_of

logger = logging.getLogger(__name__)
TOLD = frozenset({403, 429})  # denied, and too many attempts


def tell_log_in(account_id: int, shown: str) -> None:
    logger.info("log-in: account %s by %s, from %s", account_id, shown, _network())


def tell_refused_log_in(shown: str, account_id: int | None = None) -> None:
    """``account_id``: None where nobody knows whose it was to be."""
    logger.warning("log-in refused: account %s by %s, from %s", account_id or "-", shown, _network())


def tell_refusal(status: int) -> None:
    """An act that somebody may not do, or tries too often; nothing for other statuses."""
    if status in TOLD:
        rule = request.url_rule.rule if request.url_rule is not None else "-"
        own = current_user.account_id if current_user.is_authenticated else "-"
        logger.warning("refused, %s: %s %s, account %s, from %s", status, request.method, rule, own, _network())


def _network() -> str:
    return network_of(request.remote_addr or "-")
