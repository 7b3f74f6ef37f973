"""Addresses: whom requests come from and where this hall stands; numbers that are read from them, this page's with some
of its query changed, and where to go next."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from flask import Flask, request, url_for
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

from scenario_hall.config import Settings
from scenario_hall.core.bounds import LARGEST_ID, whole_number
from scenario_hall.core.sightings import Sighting, note

LAST_PAGE = 100_000  # of any list


class IdConverter(IntegerConverter):
    """``<int:…>`` in a route: what is no id of the database is no address either."""

    regex = r"\d{1,19}"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max": LARGEST_ID, **kwargs})


def bound_ids(app: Flask) -> None:
    """Bound the ids of every route; before the first blueprint is registered."""
    app.url_map.converters["int"] = IdConverter


def know_proxies(app: Flask, settings: Settings) -> None:
    """Believe ``X-Forwarded-For`` as far as HALL_PROXIES goes: each proxy says whom it speaks for; what comes before
    them, anybody may have written."""
    inner = app.wsgi_app
    if settings.proxies:
        inner = ProxyFix(inner, x_for=settings.proxies, x_proto=0)

    def outer(environ: dict[str, Any], start_response: Any) -> Any:
        is_forwarded, is_near = "HTTP_X_FORWARDED_FOR" in environ, _is_near(environ.get("REMOTE_ADDR", ""))
        if is_forwarded and is_near and not settings.proxies:  # from afar, anybody may have written it
            note(settings.data_dir, Sighting.FORWARDED)
        elif settings.proxies and not is_forwarded and not is_near:
            note(settings.data_dir, Sighting.BYPASSED)
        return inner(environ, start_response)

    app.wsgi_app = outer  # type: ignore[method-assign]


def _is_near(address: str) -> bool:
    """On this machine or in a private network, as proxies are."""
    try:
        return ip_address(address.partition("%")[0]).is_private
    except ValueError:
        return True  # a socket file


def know_own_address(app: Flask, base_url: str) -> None:
    """Let every absolute link begin with ``base_url``, whatever host and scheme a request names."""
    own, inner = urlsplit(base_url), app.wsgi_app

    def outer(environ: dict[str, Any], start_response: Any) -> Any:
        return inner(environ | {"HTTP_HOST": own.netloc, "wsgi.url_scheme": own.scheme}, start_response)

    app.wsgi_app = outer  # type: ignore[method-assign]


def whole_argument(name: str, low: int = 0, high: int = LARGEST_ID) -> int | None:
    """A whole number of the query; None where it has none."""
    return whole_number(request.args.get(name, ""), low, high)


def page_number() -> int:
    """The page of a list that the address asks for, from 1."""
    return whole_argument("page", 1, LAST_PAGE) or 1


def with_query(**changes: Any) -> str:
    """This page's address with some of its query changed; None takes a name away."""
    return address({name: request.args.getlist(name) for name in request.args} | changes)


def address(query: dict[str, Any]) -> str:
    """This page's address with the given query, in which no name means anything to the router."""
    values = {name: value if isinstance(value, list) else [value] for name, value in query.items() if value is not None}
    written = urlencode(values, doseq=True)
    return quote(request.script_root + request.path) + (f"?{written}" if written else "")


def page_of_this_site(text: str) -> str | None:
    """``text`` where it is an address of this site, without host and scheme; else None."""
    # A backslash or a control character is read as a slash, or not at all, by some browsers.
    if not text.startswith("/") or text.startswith(("//", "/\\")) or not text.isprintable() or "\\" in text:
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else text


def next_page(name: str = "next", otherwise: str = "hall.show") -> str:
    """Where the form or the address says to go on, if that is a page of this site."""
    return page_of_this_site(request.values.get(name, "")) or url_for(otherwise)
