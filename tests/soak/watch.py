"""What is seen of a hall from outside: the memory of its processes, and how far its readers are behind."""

from __future__ import annotations

import json
import statistics
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

PROC = Path("/proc")


def family_of(pid: int) -> list[int]:
    """The process and all that it has begun, by Linux's /proc."""
    children: dict[int, list[int]] = {}
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            try:
                # The name, in brackets, may have spaces; after it come state and parent.
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError):
                continue  # it has ended meanwhile
            children.setdefault(parent, []).append(int(folder.name))
    found = [pid]
    for each in found:
        found += children.get(each, [])
    return found


def memory_of(pid: int) -> float:
    """Resident memory of a process in megabytes; 0 when there is none any more."""
    try:
        lines = (PROC / str(pid) / "status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:")), 0.0)


@dataclass
class Watched:
    """One look at a time."""

    memory: list[dict[int, float]] = field(default_factory=list)  # megabytes by process
    lags: list[float] = field(default_factory=list)  # seconds, the reader that is furthest behind
    events: list[int] = field(default_factory=list)
    not_ready: int = 0

    def growth(self) -> float:
        """How many times as much memory the process that grew most has in the last quarter as in the second: in the
        first, caches fill. 1.0 with fewer looks than quarters."""
        quarter = len(self.memory) // 4
        if not quarter:
            return 1.0
        before, after = self.memory[quarter : 2 * quarter], self.memory[-quarter:]
        grown = [
            statistics.median(look.get(pid, 0.0) for look in after) / statistics.median(look[pid] for look in before)
            for pid in before[0]
            if all(look.get(pid, 0.0) > 0 for look in before)
        ]
        return max(grown, default=1.0)

    def whole(self) -> tuple[float, float]:
        """Megabytes of all processes together, at the first look and at the last."""
        return sum(self.memory[0].values()), sum(self.memory[-1].values())


class Watch(threading.Thread):
    """Looks again and again until it is told to stop."""

    def __init__(self, base: str, pid: int, every: float) -> None:
        super().__init__(daemon=True)
        self.base, self.pid, self.every = base, pid, every
        self.seen = Watched()
        self.over = threading.Event()

    def run(self) -> None:
        while True:
            self._look()
            if self.over.wait(self.every):
                return

    def stop(self) -> Watched:
        self.over.set()
        self.join()
        return self.seen

    def _look(self) -> None:
        self.seen.memory.append({pid: memory_of(pid) for pid in family_of(self.pid)})
        try:
            lags = readers_of(self.base)
        except (OSError, ValueError):
            self.seen.not_ready += 1
            return
        self.seen.lags.append(max(seconds for _events, seconds in lags))
        self.seen.events.append(max(events for events, _seconds in lags))


def readers_of(base: str) -> list[tuple[int, float]]:
    """How many events and seconds each reader is behind. Raises OSError when the hall is not ready."""
    with urllib.request.urlopen(f"{base}/readyz", timeout=30) as answer:
        readers = json.load(answer)["readers"].values()
    return [(each["events"], each["seconds"]) for each in readers]


def wait_for_readers(base: str, seconds: float) -> float:
    """Wait until no reader is behind; returns for how long. Raises TimeoutError."""
    begun = time.monotonic()
    while any(events for events, _seconds in readers_of(base)):
        if time.monotonic() - begun > seconds:
            raise TimeoutError(f"a reader is behind after {seconds} s: {readers_of(base)}")
        time.sleep(0.1)
    return time.monotonic() - begun
