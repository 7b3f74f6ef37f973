"""Arrays that are made once and kept under a limit of memory; what was not used for longest goes first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import RLock
from typing import Protocol, TypeVar, cast

CACHE_BYTES = 160 * 2**20


class Sized(Protocol):
    """What can be kept."""

    @property
    def size(self) -> int:
        """Bytes."""


Value = TypeVar("Value", bound=Sized)


class ArrayCache:
    """Values by key. Keys name immutable segments, so no value goes out of date: a segment that was merged away is
    never asked for again."""

    def __init__(self, limit: int = CACHE_BYTES) -> None:
        self.limit = limit
        self.bytes = 0
        self._guard = RLock()
        self._kept: OrderedDict[tuple[str, ...], Sized] = OrderedDict()

    def get(self, key: tuple[str, ...], make: Callable[[], Value]) -> Value:
        """What is kept under ``key``, else what ``make`` gives."""
        with self._guard:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return cast(Value, found)
        # Made outside the guard: two threads may read the same term, neither waits for the other's disk.
        made = make()
        with self._guard:
            if key not in self._kept:
                self._kept[key] = made
                self.bytes += made.size
            while self.bytes > self.limit and len(self._kept) > 1:
                _, dropped = self._kept.popitem(last=False)
                self.bytes -= dropped.size
        return made

    def clear(self) -> None:
        with self._guard:
            self._kept.clear()
            self.bytes = 0
