"""The demonstration data: loaded once, in development only."""

from __future__ import annotations

import click
from rich.progress import Progress

from scenario_hall.cli.accounts import tell_accounts
from scenario_hall.cli.context import opened, prepare
from scenario_hall.cli.production import require_development
from scenario_hall.cli.reporting import report_errors
from scenario_hall.config import Settings, load_settings
from scenario_hall.core.clock import now
from scenario_hall.demonstration.load import load_demonstration
from scenario_hall.demonstration.loaded import is_loaded
from scenario_hall.notices.mail import NO_NEWS
from scenario_hall.worker.loop import catch_up_all


@click.command()
@report_errors
def demo() -> None:
    """Load the demonstration data, once, and print its accounts."""
    settings = load_settings()
    require_development(settings)
    prepare(settings).dispose()
    _load(settings)
    tell_accounts(settings)


def _load(settings: Settings) -> None:
    with opened() as (_settings, engine, session):
        is_new = not is_loaded(session)
        if is_new:
            with Progress(transient=True) as bar:
                task = bar.add_task("demonstration data", total=None)
                load_demonstration(
                    session,
                    settings.demo_password,
                    settings.files,
                    lambda done, total: bar.update(task, completed=done, total=total),
                )
        # A story of two years would be a storm of letters.
        catch_up_all(engine, settings, tells_since=now() - NO_NEWS if is_new else None)
