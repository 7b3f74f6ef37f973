"""Logging in and out: what the browser keeps is a ticket to a row of ``login_session``."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user, user_loaded_from_cookie

from scenario_hall.organizations.models import Account
from scenario_hall.organizations.sessions import (
    UNUSED_REMEMBERED,
    change_secret,
    end_session,
    find_session,
    open_session,
)
from scenario_hall.web.kit.cookies import REMEMBERED, name_cookies, sends_any, take_cookie
from scenario_hall.web.kit.request import database


class LoggedIn(UserMixin):
    """A log-in as Flask-Login keeps it: its ticket, with the ids that it stands for."""

    def __init__(self, ticket: str, account: Account, session_id: int) -> None:
        self.id = ticket
        self.account_id = account.pk
        self.session_id = session_id
        self.name = account.name


class _LogIns(LoginManager):
    """Takes the lasting cookie away with ``Secure``, without which a browser keeps one of its name."""

    def _clear_cookie(self, response: Response) -> None:
        take_cookie(response, REMEMBERED)


def know_log_ins(app: Flask, *, is_https: bool) -> None:
    """Let the application know who is logged in, by either cookie."""
    name_cookies(app, is_https=is_https)
    app.config["REMEMBER_COOKIE_DURATION"] = UNUSED_REMEMBERED
    logins = _LogIns(app)
    logins.user_loader(_load)
    # The row knows the kind of browser. Flask-Login's own check ends a session with each new address or version.
    logins.session_protection = None
    user_loaded_from_cookie.connect(_change_secret, app)


def log_in(account: Account, *, is_remembered: bool = False) -> None:
    """Begin a session of the account on this browser; whatever it had before ends."""
    if current_user.is_authenticated:
        end_session(database(), current_user.account_id, current_user.session_id)
    session.clear()
    _enter(account, is_remembered=is_remembered)


def log_in_again(account: Account) -> None:
    """Begin a session in place of one that has just ended with all others; it is remembered as that one was."""
    is_remembered = sends_any((REMEMBERED,))
    session.clear()
    _enter(account, is_remembered=is_remembered)


def _enter(account: Account, *, is_remembered: bool) -> None:
    ticket = open_session(
        database(),
        account,
        user_agent=request.user_agent.string,
        address=request.remote_addr or "-",
        is_remembered=is_remembered,
    )
    login_user(LoggedIn(ticket, account, int(ticket.partition(".")[0])), remember=is_remembered)


def renew_log_in() -> None:
    """Whoever has just shown again who they are goes on with a new secret; copies of the old one end with it, a minute
    later (OWASP ASVS 5.0, 7.2.4)."""
    current_user.id = change_secret(database(), current_user.id)
    session["_user_id"] = current_user.id
    if sends_any((REMEMBERED,)):
        session["_remember"] = "set"


def log_out() -> None:
    """End this session, here and in every copy of its cookies."""
    if current_user.is_authenticated:
        end_session(database(), current_user.account_id, current_user.session_id)
    forget_log_in()


def forget_log_in() -> None:
    """Let the browser forget a session that has ended already."""
    session.clear()
    logout_user()
    session["_remember"] = "clear"  # Flask-Login then deletes the lasting cookie, whether it came along or not


def _load(ticket: str) -> LoggedIn | None:
    if g.get("is_without_data", False):
        return None
    found = find_session(database(), ticket, user_agent=request.user_agent.string, address=request.remote_addr or "-")
    if found is None:
        return None
    row, account = found
    return LoggedIn(ticket, account, row.id or 0)


def _change_secret(_app: Flask, user: LoggedIn, **_: Any) -> None:
    user.id = change_secret(database(), user.id)
    session["_user_id"] = user.id
    session["_remember"] = "set"
