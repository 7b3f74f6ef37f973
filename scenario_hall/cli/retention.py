"""The command ``prune``."""

from __future__ import annotations

import click

from scenario_hall.cli.context import opened
from scenario_hall.cli.reporting import report_errors
from scenario_hall.privacy.retention import RULES, carry_out, runs_of


@click.command()
@report_errors
def prune() -> None:
    """Let go what is kept no longer, as the schedule does every hour, and print how much of each that was."""
    with opened() as (settings, _engine, session):
        carry_out(session, settings)
        runs = runs_of(session)
        for rule in RULES:
            click.echo(f"{rule.name:<22} {runs[rule.name].last_count} (after {rule.period})")
