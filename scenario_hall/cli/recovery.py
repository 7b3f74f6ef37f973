"""The commands ``backup`` and ``restore``."""

from __future__ import annotations

from pathlib import Path

import click

from scenario_hall.app import create_app
from scenario_hall.cli.context import opened
from scenario_hall.cli.reporting import report_errors
from scenario_hall.config import Settings, load_settings
from scenario_hall.core.db import make_engine
from scenario_hall.recovery.backup import make_backup
from scenario_hall.recovery.databases import RecoveryError
from scenario_hall.recovery.restore import restore, restored_in_scratch
from scenario_hall.schema import newest_revision
from scenario_hall.worker.loop import catch_up_all

# Pages that read scenarios, records and the log; each has to be there.
PAGES = ("/", "/scenarios/", "/outcomes")


@click.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@report_errors
def backup(directory: Path) -> None:
    """Back the hall up into DIRECTORY while it runs: the database, uploaded files, checkpoints, and sealed keys.

    Exit status 1 when something is not in the backup; each is named.
    """
    with opened() as (settings, engine, _session):
        try:
            made = make_backup(engine, settings, directory)
        except RecoveryError as error:
            raise click.ClickException(str(error)) from None
    manifest = made.manifest
    click.echo(
        f"{made.folder}: log of {manifest.log_size} lines, {sum(manifest.counts.values())} rows, "
        f"{len(manifest.uploads)} uploaded files, {made.files_added} of them new"
    )
    for missing in made.missing:
        click.echo(f"not in the backup: {missing}", err=True)
    if made.missing:
        raise SystemExit(1)


@click.command("restore")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--check", "only_checks", is_flag=True, help="Restore into a scratch place, look at it, and leave no trace."
)
@report_errors
def restore_backup(folder: Path, only_checks: bool) -> None:
    """Make this hall, whose database and files must be empty, what the backup FOLDER is.

    With --check nothing of this hall is touched: the backup is restored into a scratch place, its files and log are
    held against its manifest and checkpoints, and three pages are opened. Exit status 1 when anything is wrong.
    """
    settings = load_settings()
    try:
        if only_checks:
            _check(folder, settings)
            return
        manifest = restore(folder, settings)
    except RecoveryError as error:
        raise click.ClickException(str(error)) from None
    catch_up_all(make_engine(settings.database_url), settings)
    if manifest.schema_revision != newest_revision():
        click.echo(f"its schema was {manifest.schema_revision}; it has {newest_revision()} now")
    click.echo(f"restored what was backed up at {manifest.made_at:%Y-%m-%d %H:%M} UTC; the log says so")


def _check(folder: Path, settings: Settings) -> None:
    engine = make_engine(settings.database_url)
    with restored_in_scratch(folder, engine, settings) as (here, found):
        faults = found or _unopened_pages(here)
    if faults:
        raise click.ClickException("the backup is NOT good: " + "; ".join(faults))
    click.echo("the backup is good: restored, held against its manifest and checkpoints, and opened")


def _unopened_pages(here: Settings) -> list[str]:
    catch_up_all(make_engine(here.database_url), here)
    client = create_app(here).test_client()
    told = {page: client.get(page, follow_redirects=True).status_code for page in PAGES}
    return [f"the page {page} answers {status}" for page, status in told.items() if status != 200]
