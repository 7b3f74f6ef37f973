"""Holds many live feeds open in one process: ``python -m tests.soak.feeds HOST PORT COUNT``.

Says on its standard output, as JSON lines, once all are open; when its standard input ends, what they heard. Each ten
feeds have an address of their own, as a proxy in front of the hall would tell it.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

FEEDS_AN_ADDRESS = 10
AT_ONCE = 50  # openings under way: visitors do not come all in one moment
TRIES, TRY_AGAIN_SECONDS = 40, 0.25
END = b"\n\n"
MOMENT = b'"at": "'


@dataclass
class Heard:
    """What all feeds together heard."""

    open: int = 0
    refused: int = 0  # answers “full”, after which it was tried again
    ended: int = 0  # by the hall, or by a fault
    given_up: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    late: list[float] = field(default_factory=list)  # seconds from an entry of the log to its line here
    moments: dict[bytes, float] = field(default_factory=dict)


class Feed(asyncio.Protocol):
    """One open feed."""

    def __init__(self, request: bytes, heard: Heard) -> None:
        self.request, self.heard = request, heard
        self.rest = b""
        self.status: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        if not self.status.done():
            self.rest += data
            if b"\r\n" in self.rest:
                self.status.set_result(int(self.rest.split(b" ", 2)[1]))
            return
        *messages, self.rest = (self.rest + data).split(END)
        for message in messages:
            self._hear(message)

    def connection_lost(self, _error: Exception | None) -> None:
        if not self.status.done():
            self.status.set_result(0)
        elif self.status.result() == 200:
            self.heard.ended += 1

    def _hear(self, message: bytes) -> None:
        begin = message.find(b"event: ")
        kind = message[begin + 7 : message.find(b"\n", begin)].decode() if begin >= 0 else "opening"
        self.heard.kinds[kind] += 1
        if kind != "line":
            return
        begin = message.find(MOMENT) + len(MOMENT)
        written = message[begin : message.find(b'"', begin)]
        moments = self.heard.moments
        if written not in moments:
            moments[written] = datetime.fromisoformat(written.decode()).timestamp()
        self.heard.late.append(time.time() - moments[written])


async def hold(host: str, port: int, count: int) -> Heard:
    """Open ``count`` feeds, say so, and hear them until the standard input ends."""
    heard, places, loop = Heard(), asyncio.Semaphore(AT_ONCE), asyncio.get_running_loop()
    transports = []

    async def open_one(number: int) -> None:
        visitor = number // FEEDS_AN_ADDRESS
        address = f"10.{visitor // 250 + 100}.{visitor % 250}.7"
        head = f"GET /live HTTP/1.1\r\nHost: {host}:{port}\r\nX-Forwarded-For: {address}\r\n\r\n".encode()
        for _ in range(TRIES):
            async with places:
                transport, feed = await loop.create_connection(lambda: Feed(head, heard), host, port)
                status = await feed.status
            if status == 200:
                heard.open += 1
                transports.append(transport)
                return
            transport.close()
            heard.refused += 1
            await asyncio.sleep(TRY_AGAIN_SECONDS)
        heard.given_up += 1

    await asyncio.gather(*(open_one(number) for number in range(count)))
    told = {"open": heard.open, "refused": heard.refused, "given_up": heard.given_up}
    print(json.dumps(told), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    return heard


def main() -> None:
    host, port, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    heard = asyncio.run(hold(host, port, count))
    heard.late.sort()
    middle, last = (heard.late[int(len(heard.late) * share)] if heard.late else 0.0 for share in (0.5, 0.99))
    told = {
        "ended": heard.ended,
        "kinds": heard.kinds,
        "late_p50": middle,
        "late_p99": last,
        "late_most": max(heard.late, default=0.0),
    }
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
