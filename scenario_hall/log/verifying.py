"""Is the chain whole? Every hash right, no line missing, the words beside the lines what was committed to.

Lines from before migration 0034 were hashed with their words in them. It has moved the words beside them and kept the
hashes, since checkpoints were signed over those. Such a line is proven by its own hash as long as its words are there;
for when they are erased, the migration appended ``log.words_moved``: how many lines came before it, and the Merkle root
over what these lines are now, each hashed as a line of today is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session, col, select

from scenario_hall.core.canonical import canonical_json
from scenario_hall.log.chain import GENESIS, Event, LogHead, events_after, hash_with, line_hash
from scenario_hall.log.kinds.table import KINDS
from scenario_hall.log.merkle import Frontier, leaf_hash
from scenario_hall.log.words import COMMITTED, fault_of_words

MOVED = "log.words_moved"
ERASED, ACCOUNT_ERASED = "log.words_erased", "account.erased"


@dataclass(frozen=True)
class LogCheck:
    """What ``verify`` found: lines read, how many fields' words were erased, and the first fault, if any."""

    lines: int
    fault: str | None = None
    fault_id: int | None = None
    erased: int = 0


def verify(session: Session, seen: Callable[[Event], None] | None = None) -> LogCheck:
    """Walk the whole chain: every hash right, no line missing, the head where the last line is, all words there or
    erased by a line that says so. ``seen`` is called with each line that holds.

    This finds careless changes. Whoever cuts the tail and sets the head back, or hashes everything anew, is found by
    the checkpoints that were signed before (``log/checkpoints.py``).
    """
    previous, expected = GENESIS, 1
    before, erasures = Before(session), Erasures()
    for event in _all_lines(session):
        if event.id != expected:
            return LogCheck(expected - 1, f"line {expected} is missing", expected)
        if event.previous_hash != previous:
            return LogCheck(expected - 1, f"line {event.id} does not follow the line before it", event.id)
        fault = before.fault_of(event) or erasures.see(event)
        if fault is not None:
            return LogCheck(expected - 1, f"line {event.id} {fault}", event.id)
        previous, expected = event.hash, expected + 1
        if seen is not None:
            seen(event)
    head = session.get(LogHead, 1)
    if (head.last_id, head.last_hash) != (expected - 1, previous) if head else expected != 1:
        return LogCheck(expected - 1, f"the log ends at line {expected - 1}, its head says otherwise", expected)
    if (unexplained := erasures.unexplained()) is not None:
        return LogCheck(expected - 1, f"line {unexplained} has lost its words, and nothing says why", unexplained)
    return LogCheck(expected - 1, erased=erasures.count)


class Before:
    """Holds each line against its hash; knows which lines come from before words stood beside them."""

    def __init__(self, session: Session) -> None:
        found = session.exec(select(Event).where(col(Event.kind) == MOVED).order_by(col(Event.id)).limit(1)).first()
        self._moved_by = found.id if found is not None else 0
        self._frontier = Frontier()

    def fault_of(self, event: Event) -> str | None:
        if event.kind == MOVED:
            return self._fault_of_move(event)
        if event.id > self._moved_by and event.hash != line_hash(event):
            return "was changed"
        fault = fault_of_words(event.data, event.words)
        return fault if fault is not None or event.id > self._moved_by else self._fault_of_old(event)

    def _fault_of_old(self, event: Event) -> str | None:
        self._frontier.append(leaf_hash(bytes.fromhex(line_hash(event))))
        committed = json.loads(event.data).get(COMMITTED)
        if committed is None:
            return None if event.hash == line_hash(event) else "was changed"
        if event.hash == line_hash(event):
            return "was never one from before the words were moved"
        if event.erased:  # the root tells; the erasure has to be explained by a line of its own
            return None
        return None if event.hash == hash_with(event, canonical_json(event.fields)) else "was changed"

    def _fault_of_move(self, event: Event) -> str | None:
        told = event.fields
        if event.hash != line_hash(event):
            return "was changed"
        if event.id != self._moved_by or told.get("lines") != event.id - 1:
            return "says that words were moved which were not"
        if told.get("root") != self._frontier.root().hex():
            return "does not lead to what the lines before it are now: one of them was changed"
        return None


@dataclass
class Erasures:
    """Words that are gone, each with the line that has to say why."""

    count: int = 0
    _waiting: dict[int, list[Event]] = field(default_factory=dict)

    def see(self, event: Event) -> str | None:
        """Take in the next line; what is wrong with what it says of lines before it."""
        for told in self._waiting.pop(event.id, ()):
            if not explains(event, told):
                return f"does not say why the words of line {told.id} are gone"
        for word in event.words:
            if word.erasure_id is not None:
                self.count += 1
                self._waiting.setdefault(word.erasure_id, []).append(event)
        return None

    def unexplained(self) -> int | None:
        """The first line whose words are gone by a line that there is not."""
        return min((told.id for lines in self._waiting.values() for told in lines), default=None)


def explains(erasure: Event, line: Event) -> bool:
    """Whether ``erasure`` is a line that takes away words of ``line``: the account of who wrote them was closed, the
    draft was deleted, an administrator took them out, or their time was over."""
    kind = KINDS.get(erasure.kind)
    if kind is None or not kind.erases_words or line.id >= erasure.id:
        return False
    told = json.loads(erasure.data)
    if kind.name == ACCOUNT_ERASED:
        return line.actor_id == erasure.subject_id
    if kind.name == ERASED:
        return told.get("line") == line.id or ("until" in told and line.at < datetime.fromisoformat(told["until"]))
    return (line.subject_kind, line.subject_code) == (erasure.subject_kind, erasure.subject_code)


def _all_lines(session: Session) -> Iterator[Event]:
    position = 0
    while batch := events_after(session, position, limit=1000):
        yield from batch
        position = batch[-1].id
        session.expunge_all()
