"""The commands ``verify-log`` and ``checkpoint``."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click
from sqlmodel import Session

from scenario_hall.audit.whole import Audit, audit
from scenario_hall.cli.context import opened
from scenario_hall.cli.reporting import report_errors
from scenario_hall.config import Settings
from scenario_hall.log.checkpoints import latest, make_checkpoint, origin_of
from scenario_hall.log.key_ring import key_ring
from scenario_hall.log.witnesses import take_cosigned, with_cosignatures

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("verify-log")
@click.option("--checkpoint", "others", type=FILE, multiple=True, help="A checkpoint that was kept elsewhere.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@report_errors
def verify_log(others: tuple[Path, ...], as_json: bool) -> None:
    """Check the log's chain, every signed checkpoint of it, and the rows that it tells of; exit status 1 if any fails.

    It proves that the log still leads to every checkpoint that could be read: those of the database, those of
    checkpoints.jsonl in the data folder, and those given with --checkpoint. Keep copies where the hall's administrators
    cannot write.
    """
    with opened() as (settings, _engine, session):
        keys = key_ring(session, settings).public_keys()
        notes = [(path.name, path.read_text(encoding="utf-8")) for path in others]
        found = audit(session, keys, file=settings.checkpoints, others=notes)
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False, default=str))
    else:
        click.echo("\n".join(_lines(found)))
    if found.faults:
        raise SystemExit(1)


@click.command("checkpoint")
@click.option("--cosigned", type=FILE, help="Take a checkpoint of this hall that a witness has cosigned.")
@report_errors
def checkpoint(cosigned: Path | None) -> None:
    """Sign what the log is now, keep it in the data folder's checkpoints.jsonl, and print the newest checkpoint."""
    with opened() as (settings, _engine, session):
        ring, origin = key_ring(session, settings), origin_of(settings.base_url)
        if cosigned is not None:
            _take(session, cosigned, settings)
            return
        make_checkpoint(session, ring, origin=origin, file=settings.checkpoints)
        last = latest(session)
        if last is None:
            raise click.ClickException("the log is empty: there is nothing to sign yet")
        click.echo(with_cosignatures(session, last), nl=False)


def _take(session: Session, path: Path, settings: Settings) -> None:
    kept = take_cosigned(
        session,
        path.read_text(encoding="utf-8"),
        keys=key_ring(session, settings).public_keys(),
        origin=origin_of(settings.base_url),
        witnesses=settings.witnesses,
    )
    for each in kept:
        click.echo(f"{each.witness} has cosigned {each.size} entries at {each.at:%Y-%m-%d %H:%M} UTC")


def _lines(found: Audit) -> list[str]:
    if found.faults:
        return ["the log is NOT whole:", *(f"  {fault}" for fault in found.faults)]
    told = [f"the log is whole: {found.lines} lines, each follows the one before it; the rows are what it says"]
    if found.erased:
        told.append(f"the words of {found.erased} fields were erased, each by a line that says so")
    if found.checkpoints:
        told.append(f"it leads to {found.checkpoints} signed checkpoints, the newest of {found.last_size} lines")
    if found.last_size < found.lines:
        told.append(f"{found.lines - found.last_size} lines are under no checkpoint yet; nothing outside proves them")
    return told
