"""How often programs may ask: counted by token, or by network where there is none, in windows of a minute.

The counts lie in a small SQLite file of their own beside the hall's data, without a promise to outlive a crash, so that
the web processes of one machine share them and no request waits for the hall's own database, whose one writer (SQLite)
or whose disk every read would otherwise ask for. Several machines count each for itself, unless they share the folder:
a program then has at most as many times its rate as there are machines, which the proxy before them can bound.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

WINDOW_SECONDS = 60
FILE = "api-rates.sqlite"
BUSY_SECONDS = 2.0
_COUNT = (
    "INSERT INTO counted (key, window, times) VALUES (?, ?, 1) "
    "ON CONFLICT (key) DO UPDATE SET times = CASE window WHEN excluded.window THEN times + 1 ELSE 1 END, "
    "window = excluded.window RETURNING times"
)


@dataclass(frozen=True)
class Rate:
    """What one caller has left in the present window of ``policy`` at most ``limit`` requests."""

    policy: str
    limit: int
    remaining: int
    seconds: int  # until the window ends
    is_over: bool

    def headers(self) -> dict[str, str]:
        """RateLimit fields for HTTP, draft-ietf-httpapi-ratelimit-headers-11; Retry-After (RFC 9110) where over."""
        told = {
            "RateLimit-Policy": f'"{self.policy}";q={self.limit};w={WINDOW_SECONDS}',
            "RateLimit": f'"{self.policy}";r={self.remaining};t={self.seconds}',
        }
        return told | ({"Retry-After": str(self.seconds)} if self.is_over else {})


def count_request(folder: Path, policy: str, subject: str, limit: int) -> Rate:
    """Count one request of ``subject``; it says itself whether that is one too many."""
    moment = time.time()
    window = int(moment // WINDOW_SECONDS)
    with closing(sqlite3.connect(folder / FILE, timeout=BUSY_SECONDS, isolation_level=None)) as base:
        base.execute("PRAGMA synchronous=OFF")
        base.execute("CREATE TABLE IF NOT EXISTS counted (key TEXT PRIMARY KEY, window INTEGER, times INTEGER)")
        times = int(base.execute(_COUNT, (f"{policy} {subject}", window)).fetchone()[0])
        if times == 1:  # an address is kept no longer than it counts
            base.execute("DELETE FROM counted WHERE window < ?", (window,))
    seconds = int(WINDOW_SECONDS - moment % WINDOW_SECONDS) + 1
    return Rate(policy, limit, max(0, limit - times), seconds, is_over=times > limit)
