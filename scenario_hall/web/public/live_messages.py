"""What open feeds and the pages that stand in for them are told, in words of the reader's language."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any

from flask import url_for
from flask_babel import get_locale

from scenario_hall.core.clock import local_clock, local_today
from scenario_hall.dossiers.figures import HallFigures
from scenario_hall.web.kit.language import day_head, exact, translated
from scenario_hall.web.public import figures
from scenario_hall.web.public.feed import FeedItem

MOST_KEPT = 200


class Messages:
    """Each message made once for a language and day: a thousand feeds of one process are told the same, and making it
    takes longer than sending it."""

    def __init__(self) -> None:
        self._made: dict[Hashable, str] = {}
        self._lock = Lock()

    def line(self, line: FeedItem) -> str:
        """The line, in the language of the request."""
        return self._kept(line, lambda: as_event(line))

    def figures(self, counts: HallFigures) -> str:
        return self._kept((counts.entry, counts.at), lambda: message("figures", figures.as_json(counts)))

    def _kept(self, told: Hashable, make: Callable[[], str]) -> str:
        key = (told, str(get_locale()), local_today())  # a line says “Today”
        with self._lock:
            text = self._made.get(key)
            if text is None:
                text = self._made[key] = make()
                if len(self._made) > MOST_KEPT:
                    del self._made[next(iter(self._made))]  # the oldest
        return text


def as_event(line: FeedItem) -> str:
    """One server-sent event; its id is the log's own."""
    return f"id: {line.id}\nevent: line\ndata: {json.dumps(as_json(line), ensure_ascii=False)}\n\n"


def message(name: str, data: dict[str, Any]) -> str:
    """A server-sent event that is no line of the log, so it has no id."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def as_json(line: FeedItem) -> dict[str, Any]:
    return {
        "id": line.id,
        "kind": line.kind,
        "sign": line.sign,
        "what": what(line),
        "title": line.title,
        "note": line.note,
        "url": address_of(line),
        "region": line.region,
        "at": line.at.isoformat(),
        "day": line.day.isoformat(),
        "day_head": day_head(line.day),
        "clock": local_clock(line.at),
        "exact": exact(line.at),
    }


def address_of(line: FeedItem) -> str:
    if line.endpoint == "outcomes.certificate":
        return url_for(line.endpoint, number=line.key)
    return url_for(line.endpoint, code=line.key)


def what(line: FeedItem) -> str:
    """What happened, in words; with the number of pairs where there is one."""
    text = translated(line.headline)
    return f"{text} · {line.count}" if line.count else text
