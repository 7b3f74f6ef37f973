"""The database and the index: prepared, and built anew."""

from __future__ import annotations

import click

from scenario_hall.cli.context import opened
from scenario_hall.cli.reporting import report_errors
from scenario_hall.log.chain import last_id
from scenario_hall.log.failures import forget_failures
from scenario_hall.log.kinds.kind import ReaderName
from scenario_hall.search.opening import open_index
from scenario_hall.search.reader import rebuild
from scenario_hall.worker.loop import catch_up_all
from scenario_hall.worker.readers import match_reader


@click.command()
@report_errors
def init() -> None:
    """Prepare the database (migrations, taxonomy) and the index."""
    with opened() as (settings, engine, session):
        catch_up_all(engine, settings)
        click.echo(f"ready: {engine.url.render_as_string(hide_password=True)}, log at line {last_id(session)}")


@click.command()
@report_errors
def reindex() -> None:
    """Rebuild the index beside the old one, then swap; compute all matches anew."""
    with opened() as (settings, engine, session):
        with click.progressbar(length=2, label="reindex") as bar:
            count = rebuild(session, open_index(settings))
            bar.update(1)
            compared = match_reader(settings).recompute(session)
            forget_failures(session, [ReaderName.SEARCH, ReaderName.MATCHER])
            bar.update(1)
        catch_up_all(engine, settings)
        click.echo(f"{count} records indexed, {compared} scenarios compared with every product")
