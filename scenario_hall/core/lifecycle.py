"""The types of a lifecycle: a record's states and the transitions between them, as a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Transition:
    """One row: in ``state``, ``action`` by one of ``who`` leads to ``next`` and is logged as ``event``."""

    state: str
    action: str
    who: tuple[str, ...]
    next: str
    event: str
    needs_reason: bool = False


class Lifecycle:
    """The rows of one kind of record.

    Raises ValueError when two rows have the same state and action.
    """

    def __init__(self, subject: str, initial: str, transitions: Iterable[Transition]) -> None:
        self.subject = subject
        self.initial = initial
        self.transitions = tuple(transitions)
        self._by_key = {(row.state, row.action): row for row in self.transitions}
        if len(self._by_key) != len(self.transitions):
            raise ValueError(f"{subject}: two rows for one state and action")

    @property
    def states(self) -> tuple[str, ...]:
        names = [self.initial, *(name for row in self.transitions for name in (row.state, row.next))]
        return tuple(dict.fromkeys(names))

    @property
    def actions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(row.action for row in self.transitions))

    def find(self, state: str, action: str) -> Transition | None:
        return self._by_key.get((state, action))
