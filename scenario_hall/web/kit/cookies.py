"""The hall's cookies: what they are called and how they are set.

With https each name begins with ``__Host-``: browsers then take it over https alone, from this very host and for all
of its paths, so that no other host of the domain plants one (RFC 6265bis, 4.1.3.2; OWASP ASVS 5.0, 3.3). Browsers
refuse such a cookie without ``Secure`` or with another path, also where it is taken away.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from flask import Flask, Response, current_app, request

PREFIX = "__Host-"
SESSION, REMEMBERED = "session", "remember_token"
LOCALE, THEME = "locale", "theme"
DEVICE = "known_device"  # devices.py
KEPT_FORM = "kept_form"  # given_back.py
# Those that say who somebody is.
OF_SOMEBODY = (SESSION, REMEMBERED)


def name_cookies(app: Flask, *, is_https: bool) -> None:
    """Settle the names and attributes of the cookies that Flask and Flask-Login set themselves, too."""
    prefix = PREFIX if is_https else ""
    app.config.update(
        COOKIE_PREFIX=prefix,
        SESSION_COOKIE_NAME=prefix + SESSION,
        SESSION_COOKIE_PATH="/",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=is_https,
        REMEMBER_COOKIE_NAME=prefix + REMEMBERED,
        REMEMBER_COOKIE_SAMESITE="Lax",
        REMEMBER_COOKIE_HTTPONLY=True,
        REMEMBER_COOKIE_SECURE=is_https,
    )


def cookie(name: str) -> str:
    """The value that the browser has sent; "" without one."""
    return request.cookies.get(current_app.config["COOKIE_PREFIX"] + name, "")


def sends_any(names: Iterable[str]) -> bool:
    """Whether the browser has sent one of these cookies, whatever is in it."""
    return any(current_app.config["COOKIE_PREFIX"] + name in request.cookies for name in names)


def sends_others(names: Iterable[str]) -> bool:
    """Whether the browser has sent any cookie but these."""
    return bool(set(request.cookies) - {current_app.config["COOKIE_PREFIX"] + name for name in names})


def give_cookie(response: Response, name: str, value: str, kept_for: timedelta) -> None:
    """Let the browser send ``value`` with every request to the hall for so long."""
    response.set_cookie(
        current_app.config["COOKIE_PREFIX"] + name,
        value,
        max_age=kept_for,
        samesite="Lax",
        httponly=True,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )


def take_cookie(response: Response, name: str) -> None:
    """Let the browser forget it."""
    response.delete_cookie(
        current_app.config["COOKIE_PREFIX"] + name,
        samesite="Lax",
        httponly=True,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
