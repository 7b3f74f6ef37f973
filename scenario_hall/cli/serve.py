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
from sqlmodel import Session

from scenario_hall.cli.accounts import tell_accounts
from scenario_hall.cli.context import prepare
from scenario_hall.cli.production import require_development, require_no_demonstration
from scenario_hall.cli.reporting import report_errors
from scenario_hall.config import ROOT, Settings, load_settings
from scenario_hall.demonstration.loaded import is_loaded
from scenario_hall.web.kit.style_sheet import find_style_sheet

GRACE_SECONDS = 8.0
RESTART_SECONDS = 1.0
_PR_SET_PDEATHSIG = 1


@click.command()
@click.option("--demo", "with_demo", is_flag=True, help="Load the demonstration data first, once.")
@click.option("--no-worker", is_flag=True, help="Only the web processes; run `worker` elsewhere.")
@click.option("--web-processes", default=2, show_default=True, help="How many web processes.")
@report_errors
def serve(with_demo: bool, no_worker: bool, web_processes: int) -> None:
    """Serve the hall: web processes and worker together."""
    settings = load_settings()
    if with_demo:
        require_development(settings)
    find_style_sheet()  # before anything starts: without it no page has a style
    engine = prepare(settings)
    require_no_demonstration(settings, engine)
    with Session(engine) as session:
        has_demonstration = is_loaded(session)
    engine.dispose()
    if with_demo and not has_demonstration:
        # In a process of its own: what loads it is large, and this one lives as long as the hall.
        ended = subprocess.run([sys.executable, "-m", "scenario_hall", "demo"], cwd=ROOT, check=False)
        if ended.returncode:
            sys.exit(ended.returncode)
    click.echo(f"\n  The hall is open at {settings.base_url}  (Ctrl-C ends it)\n")
    if with_demo and has_demonstration:
        tell_accounts(settings)
    sys.exit(run_hall(settings, with_worker=not no_worker, web_processes=web_processes))


def run_hall(settings: Settings, *, with_worker: bool, web_processes: int) -> int:
    """Run until a signal comes or the web server ends; returns the exit status."""
    environment = {**os.environ, "HALL_PORT": str(settings.port), "PYTHONPATH": str(ROOT)}
    web = _start(web_command("scenario_hall.wsgi:make()", settings.port, web_processes), environment)
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


def web_command(application: str, port: int, processes: int) -> list[str]:
    """What serves an application, named as gunicorn names it."""
    return [
        sys.executable,
        "-m",
        "gunicorn",
        application,
        "--bind",
        f"{_host()}:{port}",
        "--worker-class",
        "scenario_hall.fair_worker.FairWorker",
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
