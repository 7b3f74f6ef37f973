"""How many pages one network, or one account, may have built in a minute: whoever walks the whole hall, or searches at
random, takes nobody else's turn (OWASP ASVS 5.0, 2.4.1). Kept pages and files cost nothing and are not counted;
programs have the API, with a rate of its own.

Each web process counts for itself, in its memory. Who sits on the hall's own machine, past no proxy, is not counted.
"""

from __future__ import annotations

from collections import OrderedDict
from ipaddress import ip_address
from threading import Lock

from flask import Flask, request
from flask_login import current_user

from scenario_hall.core.clock import now
from scenario_hall.core.errors import TooMany
from scenario_hall.core.networks import network_of
from scenario_hall.core.texts import N_
from scenario_hall.web.kit.request import settings

A_MINUTE = 300
MOST_KNOWN = 10_000  # networks and accounts; the one that has not come for longest is forgotten
# Files that are there already, what the program's watchers ask, feeds with a bound of their own, and the API.
FREE = frozenset({"static", "machines.healthz", "machines.readyz", "machines.metrics", "live.show"})


class Pace:
    """Requests by who asks, in the minute of each one's last."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[int, int]] = OrderedDict()
        self._guard = Lock()

    def __len__(self) -> int:
        return len(self._known)

    def count(self, who: str, minute: int) -> int:
        """The number of this request among those of ``who`` in this minute, from 1."""
        with self._guard:
            known, times = self._known.pop(who, (minute, 0))
            times = times + 1 if known == minute else 1
            self._known[who] = (minute, times)
            while len(self._known) > MOST_KNOWN:
                self._known.popitem(last=False)
            return times


def bound_pace(app: Flask) -> None:
    """Answer 429 to whoever is beyond it. Call this after kept pages are served."""
    pace = app.extensions["hall_pace"] = Pace()

    @app.before_request
    def count() -> None:
        if request.endpoint in FREE or request.path.startswith("/api/v1") or _sits_here():
            return
        moment = now().timestamp()
        who = f"account {current_user.account_id}" if current_user.is_authenticated else _network()
        if pace.count(who, int(moment // 60)) > A_MINUTE:
            seconds = int(60 - moment % 60) + 1
            raise TooMany(N_("Please ask again in %(seconds)s seconds."), retry_after=seconds, seconds=seconds)


def _network() -> str:
    return network_of(request.remote_addr or "-")


def _sits_here() -> bool:
    if settings().proxies:
        return False  # all come by way of a proxy that says whom it speaks for
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return True  # a socket file
