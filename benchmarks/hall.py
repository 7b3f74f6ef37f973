"""A hall of its own with the demonstration data, served as ``make run`` serves it, for as long as it is measured."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from scenario_hall.config import ROOT

START_SECONDS = 300.0
SAID = "said.log"  # in the data folder: what the hall's processes log


@contextmanager
def served_hall(web_processes: int = 2, **more: str) -> Iterator[tuple[str, Path]]:
    """Its address and its data folder; the settings of this process are its settings meanwhile, ``more`` among them."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(settings_of(Path(folder), **more))
        with served_in(Path(folder), "--demo", "--web-processes", str(web_processes)) as (base, _served):
            yield base, Path(folder)


def settings_of(folder: Path, **more: str) -> dict[str, str]:
    """The HALL_… variables of a hall that keeps everything in ``folder``, on a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return {
        "HALL_ENVIRONMENT": "development",
        "HALL_DATA_DIR": str(folder),
        "HALL_SEARCH_INDEX": f"{folder}/index",
        "HALL_DATABASE_URL": f"sqlite:///{folder}/hall.sqlite",
        "HALL_PORT": str(port),
        **more,
    }


@contextmanager
def served_in(
    folder: Path, *options: str, settings: Mapping[str, str] | None = None
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """``serve`` with these options and settings (this process's own without any), once it is ready: its address and its
    process. What it logs is in ``folder``."""
    environment = {**os.environ, **(settings or {})}
    base = f"http://127.0.0.1:{environment['HALL_PORT']}"
    with (folder / SAID).open("wb") as said:
        command = [sys.executable, "-m", "scenario_hall", "serve", *options]
        served = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=said)
        try:
            wait_until(lambda: is_up(base), START_SECONDS)
            yield base, served
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
