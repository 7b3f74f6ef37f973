"""Pages for those who are not signed in: built once, and kept in the process until the hall has moved on.

Such a page depends on the address, the language and the colours, under which it is kept, and on the time and on how far
the log and the index are, which is its stamp: it is served while that is the present one, and a page of a time that is
over makes room for all others. What no entry tells of, “3 minutes ago” or a likeness that was just computed, is at most
``KEPT_SECONDS`` old. Whoever brings a cookie that is not of the table below may be somebody, and gets a page of their
own.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock

from flask import Flask, Response, g, request
from sqlalchemy import Engine
from sqlmodel import Session

from scenario_hall.core.clock import now
from scenario_hall.core.errors import Unavailable
from scenario_hall.core.pulse import Pulse, SqlitePulse
from scenario_hall.log.chain import last_id
from scenario_hall.web.kit.cookies import DEVICE, LOCALE, THEME, cookie, sends_others
from scenario_hall.web.kit.language import choose_locale
from scenario_hall.web.kit.pace import bound_pace
from scenario_hall.web.kit.request import index

# What everybody may see, by the view that shows it; those of the second set ask the index, too. The page of the log is
# none of them: no entry tells of a checkpoint or of who cosigned it.
OF_THE_LOG = frozenset(
    {"hall.show", "hall.about", "hall.screen", "hall.progress", "claims.rules", "outcomes.index", "outcomes.show"}
    | {"bulletins.index", "bulletins.show"}
    | {"outcomes.certificate", "outcomes.verify", "organizations.show", "organizations.platforms"}
    | {"scenarios.show", "scenarios.revision", "products.show", "products.revision"}
)
OF_THE_INDEX = frozenset({"search.show", "scenarios.index", "products.index"})
# The cookies that say how a page looks, and who may try to log in here, not whose it is.
OF_NOBODY = frozenset({LOCALE, THEME, DEVICE})
KEPT_SECONDS = 30
MOST_BYTES, LARGEST = 32_000_000, 300_000  # of all pages, of one
# Of one answer, not of the page.
NOT_KEPT = frozenset({"x-request-id", "date", "content-length"})

Key = tuple[object, ...]


@dataclass(frozen=True)
class Stamp:
    """What a page was built for: the half minute since 1970, and the last entry of the log and of the index."""

    time: int
    log: int
    index: int = 0


@dataclass(frozen=True)
class KeptPage:
    body: bytes
    headers: tuple[tuple[str, str], ...]
    stamp: Stamp


class KeptPages:
    """The pages of one process, the one asked for last at the end."""

    def __init__(self, engine: Engine) -> None:
        self.served = 0
        self._pages: OrderedDict[Key, KeptPage] = OrderedDict()
        self._bytes = 0
        self._time = 0
        self._guard = Lock()
        self._log = _LogPosition(engine)

    def position(self) -> int:
        """The last entry of the log."""
        return self._log.last()

    def __len__(self) -> int:
        return len(self._pages)

    def find(self, key: Key, stamp: Stamp) -> KeptPage | None:
        with self._guard:
            page = self._pages.get(key)
            if page is None or page.stamp != stamp:
                return None
            self._pages.move_to_end(key)
            self.served += 1
            return page

    def keep(self, key: Key, page: KeptPage) -> None:
        """Keep ``page`` in place of the one before, and let those go whose time is over, and that nobody has asked for
        longest when all are too large together."""
        with self._guard:
            self._drop(key)
            if page.stamp.time != self._time:
                self._time = page.stamp.time
                for old in [each for each, kept in self._pages.items() if kept.stamp.time != self._time]:
                    self._drop(old)
            self._pages[key] = page
            self._bytes += len(page.body)
            while self._bytes > MOST_BYTES:
                self._drop(next(iter(self._pages)))

    def _drop(self, key: Key) -> None:
        page = self._pages.pop(key, None)
        self._bytes -= len(page.body) if page is not None else 0


class _LogPosition:
    """How far the log is, asked of the tables only after somebody has written; for all requests of the process, since
    each look has a connection that stays open."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._pulse: Pulse | None = SqlitePulse(engine) if engine.dialect.name == "sqlite" else None
        self._known: int | None = None
        self._guard = Lock()

    def last(self) -> int:
        with self._guard:
            if self._pulse is None or self._pulse.was_felt(0):
                self._known = None  # stays so if the database cannot be asked
            if self._known is None:
                with Session(self._engine) as session:
                    self._known = last_id(session)
            return self._known


def keep_pages(app: Flask) -> None:
    """Keep what goes out. What is registered first has its turn last: call this before anything that changes answers,
    so that a page is kept as it was sent, compressed."""

    @app.after_request
    def keep(response: Response) -> Response:
        if "kept_page" in g and _may_be_kept(response):
            key, stamp = g.kept_page
            response.set_etag(sha256(response.get_data()).hexdigest()[:32])
            headers = tuple((name, value) for name, value in response.headers if name.lower() not in NOT_KEPT)
            app.extensions["hall_kept_pages"].keep(key, KeptPage(response.get_data(), headers, stamp))
        return response


def serve_kept_pages(app: Flask) -> None:
    """Answer with a kept page; all others are counted (``pace.py``). Call this after everything that refuses or
    observes requests."""
    kept = app.extensions["hall_kept_pages"] = KeptPages(app.extensions["hall_engine"])

    @app.before_request
    def serve() -> Response | None:
        if request.method != "GET" or sends_others(OF_NOBODY) or "Authorization" in request.headers:
            return None
        asks_index = request.endpoint in OF_THE_INDEX
        if not asks_index and request.endpoint not in OF_THE_LOG:
            return None
        key = (
            request.path,
            request.query_string,
            choose_locale(),
            cookie(THEME),
            request.accept_encodings.best_match(("br", "gzip", "identity")),
        )
        # How far both are is asked before the page is built: it may be newer than its stamp says, never older.
        try:
            indexed = index().position() if asks_index else 0
        except Unavailable:
            return None  # what is built meanwhile must not outlast it
        stamp = Stamp(int(now().timestamp()) // KEPT_SECONDS, kept.position(), indexed)
        page = kept.find(key, stamp)
        if page is None:
            g.kept_page = (key, stamp)
            return None
        response = Response(page.body, headers=list(page.headers))
        response.make_conditional(request)
        return response

    bound_pace(app)


def _may_be_kept(response: Response) -> bool:
    return (
        response.status_code == 200
        and not response.is_streamed
        and "Set-Cookie" not in response.headers
        and len(response.get_data()) <= LARGEST
    )
