"""The commands ``import`` and ``export``."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from scenario_hall.cli.context import opened, operator
from scenario_hall.cli.reporting import report_errors
from scenario_hall.exchange import service as exchange
from scenario_hall.exchange.columns import ListKind
from scenario_hall.exchange.export import export_records
from scenario_hall.exchange.report import ImportOptions, ImportReport
from scenario_hall.exchange.writing import ListFormat
from scenario_hall.organizations.service import find_organization
from scenario_hall.worker.loop import catch_up_all

KINDS = click.Choice([kind.value for kind in ListKind])


@click.command("import")
@click.argument("kind", type=KINDS)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--organization", help="Whose the rows are that name no organisation (name, number or reference).")
@click.option("--check", "only_check", is_flag=True, help="Only check the list and print what is wrong.")
@click.option("--list", "list_name", default="", help="Which list it is when it comes again (else the file's name).")
@click.option("--clear-empty", "clears_empty", is_flag=True, help="Let an empty cell take away what is there.")
@click.option("--skip-bad", is_flag=True, help="Take the good rows even if some are bad.")
@click.option("--release", is_flag=True, help="Publish what was imported, as the administrator of --as.")
@click.option("--as", "administrator", help="E-mail of the administrator who answers for the import.")
@click.option(
    "--column", "columns", multiple=True, metavar="HEADER=FIELD", help="Say what a column is (FIELD empty: leave it)."
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@report_errors
def import_list(
    kind: str,
    file: Path,
    organization: str | None,
    only_check: bool,
    list_name: str,
    clears_empty: bool,
    skip_bad: bool,
    release: bool,
    administrator: str | None,
    columns: tuple[str, ...],
    as_json: bool,
) -> None:
    """Take a list of scenarios, products or organisations (CSV, XLSX, XLS, ODS, JSONL) into the hall.

    A list that comes again changes only what it states: a missing column or an empty cell takes nothing away, and what
    was amended by hand since stays and is told.

    The whole list is checked first, then taken in short steps. If the command is cut short, the worker goes on with it,
    or the same command again.
    """
    if release and administrator is None:
        raise click.UsageError("--release needs --as EMAIL: an administrator answers for what is published")
    with opened() as (settings, engine, session), Progress(transient=True, disable=as_json) as bar:
        task = bar.add_task(f"{kind} from {file.name}", total=None)
        actor = operator(session, administrator)
        options = ImportOptions(
            organization=find_organization(session, organization) if organization else None,
            list_name=list_name,
            clears_empty=clears_empty,
            skip_bad=skip_bad,
            only_check=only_check,
            releases=release,
            chosen={header: field or None for header, _, field in (each.partition("=") for each in columns)},
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
        report = exchange.import_list(actor, session=session, kind=ListKind(kind), path=file, options=options)
        bar.update(task, description="index and matches")
        if report.is_kept:
            catch_up_all(engine, settings)
    _print(report, as_json=as_json)
    if only_check:
        if report.bad:
            raise SystemExit(1)
    elif not report.is_kept:
        raise click.ClickException("nothing was changed; correct the rows above, or take the good ones with --skip-bad")


def _print(report: ImportReport, *, as_json: bool) -> None:
    if as_json:
        faults = [{**asdict(fault), "reason": str(fault)} for fault in report.faults]
        click.echo(json.dumps({**asdict(report), "faults": faults}, ensure_ascii=False))
        return
    console = Console()
    if report.faults:
        table = Table(title="What is wrong", title_justify="left")
        for name in ("row", "column", "value", "why", "then"):
            table.add_column(name, overflow="fold")
        for fault in report.faults:
            then = "row is bad" if fault.severity == "error" else "value left open"
            table.add_row(fault.place, fault.column, fault.value[:60], str(fault), then)
        console.print(table)
    if report.unknown_columns:
        column_names = ", ".join(report.unknown_columns)
        console.print(f"Columns kept as written, since it is not sure what they are: {column_names} (see --column)")
    console.print(
        f"{report.created} created, {report.updated} updated, {report.waiting} waiting for review, "
        f"{report.unchanged} unchanged, {report.released} released, {report.kept} with something kept that was amended "
        f"by hand, {report.bad} bad rows"
    )


@click.command("export")
@click.argument("kind", type=KINDS)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@report_errors
def export_list(kind: str, file: Path) -> None:
    """Write the public scenarios, products or organisations to FILE (.csv, .xlsx, .json or .jsonl)."""
    suffix = file.suffix.lstrip(".").lower()
    if suffix not in list(ListFormat):
        raise click.UsageError("FILE must end in .csv, .xlsx, .json or .jsonl")
    with opened() as (_settings, _engine, session):
        count = export_records(session, kind, ListFormat(suffix), file)
    click.echo(f"{count} {kind} written to {file}")
