"""The worker: follows the log and runs the scheduled jobs."""

from __future__ import annotations

import logging
import signal
from types import FrameType

import click

from scenario_hall.cli.context import opened
from scenario_hall.cli.production import require_no_demonstration
from scenario_hall.cli.reporting import report_errors
from scenario_hall.core.slow import tell_slow_queries
from scenario_hall.worker.loop import catch_up_all, run_worker


@click.command()
@click.option("--once", is_flag=True, help="Catch up with the log and end.")
@report_errors
def worker(once: bool) -> None:
    """Follow the log (index, matches, mail) and run the scheduled jobs (deadlines, milestones, follow-ups)."""
    logging.getLogger().setLevel(logging.INFO)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with opened() as (settings, engine, _session):
        require_no_demonstration(settings, engine)
        tell_slow_queries(engine, settings.slow_seconds)
        if once:
            if not catch_up_all(engine, settings):
                raise click.ClickException("another worker is following the log already")
            return
        ended: list[int] = []

        def stop(number: int, _frame: FrameType | None) -> None:
            ended.append(number)

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        run_worker(engine, settings, is_over=lambda: bool(ended))
