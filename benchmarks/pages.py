"""What a page costs beside a bare Flask page: requests a second and how evenly they are answered.

One web process of the hall (with the demonstration data) and one of a Flask application that renders one template, both
under the same server with the same options, are asked in turn over 4 and over 64 connections that are kept open; each
connection asks again as soon as it has its answer. Asked as somebody who is not signed in, who gets kept pages, and as
somebody with a cookie of his own, for whom every page is built.
"""

from __future__ import annotations

import asyncio
import json
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlsplit

from sqlmodel import Session, col, select

from benchmarks.hall import served_hall, wait_until
from scenario_hall.cli.serve import web_command
from scenario_hall.config import ROOT, load_settings
from scenario_hall.core.db import make_engine
from scenario_hall.products.models import Product
from scenario_hall.scenarios.models import Scenario

SECONDS = 4.0
CONNECTIONS = (4, 64)


def main() -> None:
    with served_hall(web_processes=1) as (base, _folder), bare_flask() as bare:
        rows = []
        for connections in CONNECTIONS:
            rival = asyncio.run(measure(bare, "/", connections))
            rows.append({"page": "bare Flask", "connections": connections, **rival})
            for name, path in pages().items():
                for kind, cookie in (("kept", ""), ("built", "own=1")):
                    found = asyncio.run(measure(base, path, connections, cookie))
                    share = found["a second"] / rival["a second"]
                    rows.append({"page": name, "as": kind, "connections": connections, **found, "share": share})
        report(rows)


def pages() -> dict[str, str]:
    """Addresses of the pages that people come by, from the hall that is served."""
    with Session(make_engine(load_settings().database_url)) as session:
        scenario = session.exec(select(Scenario.code).where(col(Scenario.state) == "released")).first()
        product = session.exec(select(Product.code).where(col(Product.state) == "listed")).first()
    return {
        "/": "/",
        "scenario": f"/scenarios/{scenario}",
        "product": f"/products/{product}",
        "search": f"/search?q={quote('无人机巡检')}",
    }


@contextmanager
def bare_flask() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = web_command("benchmarks.bare:make()", port, processes=1)
    served = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: is_listening(port), 30.0)
        yield f"http://127.0.0.1:{port}"
    finally:
        served.terminate()
        served.wait(20)


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def measure(base: str, path: str, connections: int, cookie: str = "") -> dict[str, float]:
    """Requests a second, and the median and the 99th percentile of the milliseconds that an answer took."""
    host, port = urlsplit(base).hostname or "", urlsplit(base).port or 80
    head = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nAccept-Encoding: br\r\n"
    asked = f"{head}{f'Cookie: {cookie}' if cookie else 'X-Nobody: 1'}\r\n\r\n".encode()
    taken: list[float] = []
    begun = time.perf_counter()
    until = begun + SECONDS
    await asyncio.gather(*(ask(host, port, asked, until, taken) for _ in range(connections)))
    took = time.perf_counter() - begun
    taken.sort()
    return {
        "a second": len(taken) / took,
        "p50 ms": statistics.median(taken) * 1000,
        "p99 ms": taken[int(len(taken) * 0.99)] * 1000,
    }


async def ask(host: str, port: int, asked: bytes, until: float, taken: list[float]) -> None:
    """One connection that asks until it is time. Raises RuntimeError for an answer other than 200."""
    reader, writer = await asyncio.open_connection(host, port)
    while time.perf_counter() < until:
        begun = time.perf_counter()
        writer.write(asked)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        if not head.startswith("HTTP/1.1 200"):
            raise RuntimeError(head)
        length = next(line for line in head.split("\r\n") if line.lower().startswith("content-length:"))
        await reader.readexactly(int(length.partition(":")[2]))
        taken.append(time.perf_counter() - begun)
    writer.close()


def report(rows: list[dict[str, object]]) -> None:
    if "--json" in sys.argv:
        print(json.dumps(rows, ensure_ascii=False))
        return
    print(f"\n{'page':<12}{'as':<8}{'connections':>12}{'a second':>10}{'of bare':>9}{'p50 ms':>9}{'p99 ms':>9}")
    for row in rows:
        share = f"{row['share']:.0%}" if "share" in row else ""
        print(
            f"{row['page']:<12}{row.get('as', ''):<8}{row['connections']:>12}{row['a second']:>10.0f}{share:>9}"
            f"{row['p50 ms']:>9.1f}{row['p99 ms']:>9.1f}"
        )


if __name__ == "__main__":
    main()
