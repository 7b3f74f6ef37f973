"""Lines of the program's log about who came in, who was refused and what (OWASP ASVS 5.0, 16.3): the account's number,
the network, what was shown and which fields, never an address of mail or what was typed, which may be a password in the
wrong field."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from flask import Flask, Response, g, request
from flask_login import current_user

from scenario_hall.core.networks import network_of

logger = logging.getLogger(__name__)
# What no form of the hall sends, no good token, denied, another kind of request, out of turn, too large, against a rule
# of the fields, too often.
TOLD = frozenset({400, 401, 403, 405, 409, 413, 422, 429})


def tell_refusals(app: Flask) -> None:
    """Log the fields of each form that was refused, and what programs were refused, whose errors are no pages."""

    @app.after_request
    def tell(response: Response) -> Response:
        fields: set[str] = g.get("refused_fields", set())
        if fields and not g.get("is_log_in_told", False):
            logger.info("input refused: %s, fields %s, %s", _rule(), ", ".join(sorted(fields)), _who())
        if "api_operation" in g:
            tell_refusal(response.status_code)
        return response


def note_refused(fields: Iterable[str]) -> None:
    """Remember fields of this request's form that break a rule, by their names in the form."""
    g.setdefault("refused_fields", set()).update(fields)


def tell_log_in(account_id: int, shown: str) -> None:
    logger.info("log-in: account %s by %s, from %s", account_id, shown, _network())


def tell_refused_log_in(shown: str, account_id: int | None = None) -> None:
    """``account_id``: None where nobody knows whose it was to be."""
    g.is_log_in_told = True
    logger.warning("log-in refused: account %s by %s, from %s", account_id or "-", shown, _network())


def tell_refusal(status: int) -> None:
    """Something that somebody may not do, or not in that way, or tries too often; nothing for other statuses."""
    if status in TOLD:
        logger.warning("refused, %s: %s, %s", status, _rule(), _who())


def _rule() -> str:
    if "api_operation" in g:
        return f"{request.method} /api/v1{g.api_operation.path}"
    return f"{request.method} {request.url_rule.rule if request.url_rule is not None else '-'}"


def _who() -> str:
    own = current_user.account_id if current_user.is_authenticated else "-"
    return f"account {own}, from {_network()}"


def _network() -> str:
    return network_of(request.remote_addr or "-")
