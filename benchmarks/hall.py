"""A hall of its own with the demonstration data, served as ``make run`` serves it, for as long as it is measured."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from scenario_hall.config import ROOT

START_SECONDS = 300.0
SAID = "said.log"  # in the data folder: what the hall's processes log


@contextmanager
def served_hall(web_processes: int = 2) -> Iterator[tuple[str, Path]]:
    """Its address and its data folder; the settings of this process are its settings meanwhile."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        os.environ.update(
            HALL_ENVIRONMENT="development",
            HALL_DATA_DIR=folder,
            HALL_SEARCH_INDEX=f"{folder}/index",
            HALL_DATABASE_URL=f"sqlite:///{folder}/hall.sqlite",
            HALL_PORT=str(port),
        )
        said = stack.enter_context((Path(folder) / SAID).open("wb"))
        served = subprocess.Popen(
            [sys.executable, "-m", "scenario_hall", "serve", "--demo", "--web-processes", str(web_processes)],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        try:
            base = f"http://127.0.0.1:{port}"
            wait_until(lambda: is_up(base), START_SECONDS)
            yield base, Path(folder)
        finally:
            served.terminate()
            served.wait(20)


def is_up(base: str) -> bool:
    try:
        with urllib.request.urlopen(f"{base}/readyz", timeout=2):
            return True
    except OSError:
        return False


def wait_until(is_true: Callable[[], bool], seconds: float, *, every: float = 0.005) -> None:
    """Ask ``every`` so many seconds; raises TimeoutError."""
    until = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > until:
            raise TimeoutError(f"nothing within {seconds} s")
        time.sleep(every)
