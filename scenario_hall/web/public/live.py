"""The live feed: server-sent events from the log, resumable by its own ids.

One follower a process asks the log for what is new and wakes every open feed, so a thousand visitors cost one query.
"""

from __future__ import annotations

import logging
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from operator import attrgetter
from threading import Condition, Thread

from flask import Blueprint, Flask, Response, current_app, request, stream_with_context
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Engine
from sqlmodel import Session

from scenario_hall.core.bounds import whole_number
from scenario_hall.core.clock import local_clock, now
from scenario_hall.core.pulse import pulse_of
from scenario_hall.dossiers.figures import HallFigures, hall_figures
from scenario_hall.log.chain import Event, events_after, last_id
from scenario_hall.log.kinds.table import PUBLIC_KINDS
from scenario_hall.notices.inbox import newest_notice, told_since
from scenario_hall.web.kit.bell import count_of, notice_count
from scenario_hall.web.kit.request import database
from scenario_hall.web.public import figures
from scenario_hall.web.public.feed import FeedItem, items
from scenario_hall.web.public.figures import figures_now
from scenario_hall.web.public.live_messages import Messages, as_event, as_json, message

pages = Blueprint("live", __name__)
logger = logging.getLogger(__name__)
HEARTBEAT_SECONDS = 15.0
NOTICE_SECONDS = 2.0  # how soon the bell of whoever is logged in tells of a new notice
COUNT_SECONDS = 1.0
KEPT = 500
# Each open feed holds one connection of its process (2,000 of them, cli/serve.py), and pages need some, too. Behind
# one address of an office there are several people.
MOST_FEEDS, MOST_FEEDS_BY_ADDRESS = 1_200, 20
RETRY_SECONDS = 15  # who finds no place asks for lines that often instead
LONGEST_SECONDS = 3600.0  # a feed is ended now and then, so that a restart never waits for it; browsers come back


class Follower:
    """Reads the log once for all open feeds of this process, as long as there are any."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.woken = Condition()
        self.lines: list[FeedItem] = []
        self.figures: HallFigures | None = None
        self.messages = Messages()
        self.position = 0
        self.newest_notice = 0
        self._told: dict[int, int] = {}  # account → its last notice since the first feed was opened
        self._listeners = 0
        self._thread: Thread | None = None
        self._feeds: Counter[str] = Counter()  # open ones by address

    def admit(self, address: str) -> bool:
        """Take a place for one more feed of ``address``; False when it, or the process, has too many."""
        with self.woken:
            if self._feeds[address] >= MOST_FEEDS_BY_ADDRESS or self._feeds.total() >= MOST_FEEDS:
                return False
            self._feeds[address] += 1
            return True

    def dismiss(self, address: str) -> None:
        """Give the place back."""
        with self.woken:
            self._feeds[address] -= 1
            if not self._feeds[address]:
                del self._feeds[address]

    def join(self) -> int:
        """Begin to listen; returns the log's position from which on ``lines`` is complete."""
        with self.woken:
            self._listeners += 1
            if self._thread is None or not self._thread.is_alive():
                with Session(self.engine) as session:
                    self.position = last_id(session)
                    self.figures = hall_figures(session)
                    self.newest_notice = newest_notice(session)
                self.lines, self._told = [], {}
                self._thread = Thread(target=self._run, name="live-follower", daemon=True)
                self._thread.start()
            return self.position

    def leave(self) -> None:
        with self.woken:
            self._listeners -= 1

    def after(self, position: int, counted: int, timeout: float) -> tuple[list[FeedItem], int, HallFigures | None]:
        """The lines after ``position``, how far that is, and the figures where they are of a later line than
        ``counted``; waits up to ``timeout`` seconds for one or the other."""
        with self.woken:
            if self.position <= position and not self._is_newer(counted):
                self.woken.wait(timeout)
            new = self.lines[bisect_right(self.lines, position, key=attrgetter("id")) :]
            return new, max(position, self.position), self.figures if self._is_newer(counted) else None

    def notice_of(self, account_id: int) -> int:
        """The account's last notice since the first feed was opened; 0 where it has none."""
        with self.woken:
            return self._told.get(account_id, 0)

    def _is_newer(self, counted: int) -> bool:
        return self.figures is not None and self.figures.entry > counted

    def _run(self) -> None:
        with pulse_of(self.engine) as pulse:
            while True:
                with self.woken:
                    if self._listeners == 0:
                        self._thread = None
                        return
                try:
                    self._step()
                except Exception:
                    # Whatever it is, the open feeds must not fall silent for it.
                    logger.exception("live: the log could not be read; trying again")
                    time.sleep(2.0)
                pulse.was_felt(COUNT_SECONDS)

    def _step(self) -> None:
        with Session(self.engine) as session:
            events = events_after(session, self.position)
            new = items(session, [event for event in events if event.kind in PUBLIC_KINDS])
            position = events[-1].id if events else self.position
            counts = self._counted(session, position)
            notice = newest_notice(session)
            told = told_since(session, self.newest_notice) if notice > self.newest_notice else set()
        with self.woken:
            self.newest_notice = notice
            self._told |= dict.fromkeys(told, notice)
            # What people do beside the public record wakes none of a thousand feeds; they hear how far the log is with
            # their next beat.
            is_shown = bool(new) or _differ(counts, self.figures)
            self.lines = [*self.lines, *new][-KEPT:]
            self.position, self.figures = position, counts
            if is_shown:
                self.woken.notify_all()

    def _counted(self, session: Session, position: int) -> HallFigures | None:
        """The figures, counted anew when the log has moved on, though at most once a second: an import writes many
        lines."""
        if self.figures is not None and (
            self.figures.entry >= position or (now() - self.figures.at).total_seconds() < COUNT_SECONDS
        ):
            return self.figures
        return hall_figures(session)


def _differ(counts: HallFigures | None, known: HallFigures | None) -> bool:
    """Is anything that a page shows another, beside how far the log is?"""
    if counts is None or known is None:
        return counts is not known
    return replace(counts, entry=known.entry, at=known.at) != known


def start_following(app: Flask, engine: Engine) -> None:
    app.extensions["hall_follower"] = Follower(engine)


@pages.get("/live")
def show() -> ResponseReturnValue:
    """The public lines of the log after ``Last-Event-ID`` (or ``?after=``), then each as it is written."""
    follower: Follower = current_app.extensions["hall_follower"]
    address = request.remote_addr or ""
    if not follower.admit(address):
        return {"status": "full"}, 503, {"Retry-After": str(RETRY_SECONDS), "Cache-Control": "no-store"}
    position = whole_number(request.headers.get("Last-Event-ID") or request.args.get("after", ""))
    reader = current_user.account_id if current_user.is_authenticated else None
    response = Response(stream_with_context(_stream(follower, position, reader)), mimetype="text/event-stream")
    response.call_on_close(lambda: follower.dismiss(address))
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response


@pages.get("/live/lines")
def lines() -> ResponseReturnValue:
    """The same lines at once, for a page that found no place in the feed; ``reload`` when there are too many."""
    after = whole_number(request.args.get("after", "")) or 0
    newest = last_id(database())
    missed = _missed(database(), after)
    told = [as_json(line) for line in items(database(), missed or [])]
    answer = {
        "lines": told,
        "after": max(after, newest),
        "reload": missed is None,
        "figures": figures.as_json(figures_now(database())),
        "notices": notice_count(),
    }
    return answer, 200, {"Cache-Control": "no-store"}


def _missed(session: Session, after: int) -> list[Event] | None:
    """The public events after ``after``, oldest first; None when there are more than a page shows."""
    missed = events_after(session, after, limit=KEPT + 1, kinds=sorted(PUBLIC_KINDS))
    return missed if len(missed) <= KEPT else None


def _stream(follower: Follower, position: int | None, reader: int | None = None) -> Iterator[str]:
    joined = follower.join()
    until = time.monotonic() + LONGEST_SECONDS
    try:
        yield "retry: 2000\n\n"
        at = joined if position is None else min(position, joined)
        if at < joined:
            with Session(follower.engine) as session:
                missed = _missed(session, at)
                if missed is None:
                    yield f"id: {joined}\nevent: reload\ndata: {{}}\n\n"
                for line in items(session, missed or []):
                    yield as_event(line)  # as its record is now, which may be later than others were told
            at = joined
        counted, noticed, heard = -1, -1, time.monotonic()
        # What one person is told wakes none of a thousand feeds: theirs looks more often.
        patience = HEARTBEAT_SECONDS if reader is None else NOTICE_SECONDS
        while time.monotonic() < until:
            new, at, counts = follower.after(at, counted, patience)
            for line in new:
                yield follower.messages.line(line)
            if counts is not None:
                counted = counts.entry
                yield follower.messages.figures(counts)
            if reader is not None and (last := follower.notice_of(reader)) > noticed:
                noticed = last
                with Session(follower.engine) as session:
                    yield message("notices", {"count": count_of(session, reader)})
            if new or counts is not None:
                heard = time.monotonic()
            elif reader is None or time.monotonic() - heard >= HEARTBEAT_SECONDS:
                # Heard from, though nothing happened: what the page shows is of this minute.
                heard = time.monotonic()
                yield message("beat", {"entry": at, "at": local_clock(now())})
    finally:
        follower.leave()
