"""Starts the web processes and the worker together, and ends both when it ends."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from types import FrameType

import click

from scenario_hall.config import ROOT, Settings

GRACE_SECONDS = 8.0
RESTART_SECONDS = 1.0
_PR_SET_PDEATHSIG = 1


def run_hall(settings: Settings, *, with_worker: bool, web_processes: int) -> int:
    """Run until a signal comes or the web server ends; returns the exit status."""
    environment = {**os.environ, "HALL_PORT": str(settings.port), "PYTHONPATH": str(ROOT)}
    web = _start(_web_command(settings, web_processes), environment)
    worker = _start([sys.executable, "-m", "scenario_hall", "worker"], environment) if with_worker else None
    stopping: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        stopping.append(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        while not stopping and web.poll() is None:
            if worker is not None and worker.poll() is not None:
                click.echo(f"the worker ended with {worker.returncode}; starting another one", err=True)
                time.sleep(RESTART_SECONDS)
                worker = _start([sys.executable, "-m", "scenario_hall", "worker"], environment)
            time.sleep(0.1)
    finally:
        _end([process for process in (web, worker) if process is not None])
    return 0 if stopping else (web.returncode or 1)


def _web_command(settings: Settings, processes: int) -> list[str]:
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "scenario_hall.wsgi:make()",
        "--bind",
        f"{_host()}:{settings.port}",
        "--worker-class",
        "gevent",
        "--workers",
        str(processes),
        "--worker-connections",
        "2000",
        "--graceful-timeout",
        "3",
        "--timeout",
        "60",
        "--keep-alive",
        "15",
        "--log-level",
        "warning",
        "--no-control-socket",
    ]


def _host() -> str:
    return os.environ.get("HALL_HOST", "127.0.0.1")


def _start(command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    # A session of its own, so that Ctrl-C reaches only this process, which then ends the others in order; and the
    # kernel ends them even when this process is killed.
    before = _die_with_parent if sys.platform.startswith("linux") else None
    return subprocess.Popen(command, env=environment, cwd=ROOT, start_new_session=True, preexec_fn=before)  # noqa: PLW1509


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    until = time.monotonic() + GRACE_SECONDS
    for process in processes:
        try:
            process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
