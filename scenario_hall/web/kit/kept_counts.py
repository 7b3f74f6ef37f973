"""What a page counts over many rows: counted once a process for each line of the log, and shown to all until the next.

A deadline passes without a line, so nothing is kept into the next minute.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

from flask import current_app

from scenario_hall.core.clock import now
from scenario_hall.web.kit.kept_pages import KeptPages

MOST = 200  # different counts; whoever asks for all years and kinds pushes the oldest out
Counted = TypeVar("Counted")


class KeptCounts:
    """The counts of one process by their names, each with the moment of the log and of the clock it was made for."""

    def __init__(self, pages: KeptPages) -> None:
        self._pages = pages
        self._known: OrderedDict[Hashable, tuple[tuple[int, int], Any]] = OrderedDict()
        self._guard = Lock()

    def of(self, name: Hashable, count: Callable[[], Counted]) -> Counted:
        """What ``count`` gave since the log's last line, else what it gives now. It must give values, no rows of a
        session."""
        # Asked before it is counted: what is kept may be newer than its stamp, never older.
        stamp = (self._pages.position(), int(now().timestamp() // 60))
        with self._guard:
            known = self._known.get(name)
        if known is not None and known[0] == stamp:
            found: Counted = known[1]
            return found
        counted = count()
        with self._guard:
            self._known[name] = (stamp, counted)
            self._known.move_to_end(name)
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        return counted


def kept_count(name: Hashable, count: Callable[[], Counted]) -> Counted:
    """The application's ``KeptCounts.of``."""
    known = current_app.extensions
    counts: KeptCounts = known.get("hall_kept_counts") or known.setdefault(
        "hall_kept_counts", KeptCounts(known["hall_kept_pages"])
    )
    return counts.of(name, count)
