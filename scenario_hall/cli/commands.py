"""The command group, and the commands that prepare, run and check a hall."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
from types import FrameType

import click
from rich.progress import Progress
from sqlalchemy import Engine
from sqlmodel import Session

from scenario_hall import __version__
from scenario_hall.cli.context import begin, opened, prepare, report_errors
from scenario_hall.cli.evaluate import evaluate
from scenario_hall.cli.lists import export_list, import_list
from scenario_hall.cli.operators import COMMANDS as OPERATORS
from scenario_hall.cli.search import gaps, match, search
from scenario_hall.cli.serve import run_hall
from scenario_hall.cli.users import user
from scenario_hall.config import ROOT, Settings, SettingsError, load_settings
from scenario_hall.core.slow import tell_slow_queries
from scenario_hall.demonstration.cast import ADMINISTRATORS, rows
from scenario_hall.demonstration.load import is_loaded, load_demonstration
from scenario_hall.log.chain import last_id
from scenario_hall.log.failures import forget_failures
from scenario_hall.log.kinds.kind import ReaderName
from scenario_hall.search.engine.whoosh_index import WhooshIndex
from scenario_hall.search.reader import rebuild
from scenario_hall.web.kit.style_sheet import find_style_sheet
from scenario_hall.worker.loop import catch_up_all, match_reader, run_worker


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="Scenario Hall %(version)s")
def hall() -> None:
    """The application-scenario release hall (应用场景发布厅)."""
    begin()


@hall.command()
@report_errors
def init() -> None:
    """Prepare the database (migrations, taxonomy) and the index."""
    with opened() as (settings, engine, session):
        catch_up_all(engine, settings)
        click.echo(f"ready: {engine.url.render_as_string(hide_password=True)}, log at line {last_id(session)}")


@hall.command()
@click.option("--demo", "with_demo", is_flag=True, help="Load the demonstration data first, once.")
@click.option("--no-worker", is_flag=True, help="Only the web processes; run `worker` elsewhere.")
@click.option("--web-processes", default=2, show_default=True, help="How many web processes.")
@report_errors
def serve(with_demo: bool, no_worker: bool, web_processes: int) -> None:
    """Serve the hall: web processes and worker together."""
    settings = load_settings()
    if with_demo:
        _require_development(settings)
    find_style_sheet()  # before anything starts: without it no page has a style
    engine = prepare(settings)
    _require_no_demonstration(settings, engine)
    engine.dispose()
    if with_demo:
        _load_demo(settings)
    click.echo(f"\n  The hall is open at {settings.base_url}  (Ctrl-C ends it)\n")
    if with_demo:
        _tell_accounts(settings)
    sys.exit(run_hall(settings, with_worker=not no_worker, web_processes=web_processes))


@hall.command()
@click.option("--once", is_flag=True, help="Catch up with the log and end.")
@report_errors
def worker(once: bool) -> None:
    """Follow the log (index, matches, mail) and run the scheduled jobs (deadlines, milestones, follow-ups)."""
    logging.getLogger().setLevel(logging.INFO)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with opened() as (settings, engine, _session):
        _require_no_demonstration(settings, engine)
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


@hall.command()
@report_errors
def demo() -> None:
    """Load the demonstration data, once, and print its accounts."""
    settings = load_settings()
    _require_development(settings)
    prepare(settings).dispose()
    _load_demo(settings)
    _tell_accounts(settings)


def _require_development(settings: Settings) -> None:
    """Refuse production: the demonstration's administrators have a password that the README states."""
    if not settings.is_development:
        raise SettingsError(
            "Demonstration data and its accounts are not loaded into a production hall. "
            "To try the hall, set HALL_ENVIRONMENT=development and a data folder of its own (HALL_DATA_DIR)."
        )


def _require_no_demonstration(settings: Settings, engine: Engine) -> None:
    """Refuse a production hall whose database a demonstration was loaded into, with its known administrators."""
    with Session(engine) as session:
        if not settings.is_development and is_loaded(session):
            raise SettingsError(
                "This database holds the demonstration and its accounts, whose password the README states. "
                "A production hall needs a database of its own (HALL_DATABASE_URL, HALL_DATA_DIR)."
            )


def _load_demo(settings: Settings) -> None:
    with opened() as (_settings, engine, session):
        if not is_loaded(session):
            with Progress(transient=True) as bar:
                task = bar.add_task("demonstration data", total=None)
                load_demonstration(
                    session,
                    settings.demo_password,
                    settings.files,
                    lambda done, total: bar.update(task, completed=done, total=total),
                )
        catch_up_all(engine, settings)


def _tell_accounts(settings: Settings) -> None:
    click.echo(f"  Demonstration accounts (password of all: {settings.demo_password})")
    for email, name in ADMINISTRATORS:
        click.echo(f"    {email:<34} administrator · {name}")
    for side in ("demand", "supply"):
        row = next(row for row in rows("organizations") if row["side"] == side and row["state"] == "verified")
        click.echo(f"    {row['people'][0]['email']:<34} {side} side · {row['name']}")
    click.echo("")


@hall.command()
@report_errors
def reindex() -> None:
    """Rebuild the index beside the old one, then swap; compute all matches anew."""
    with opened() as (settings, engine, session):
        with click.progressbar(length=2, label="reindex") as bar:
            count = rebuild(session, WhooshIndex(settings.search_index))
            bar.update(1)
            compared = match_reader(settings).recompute(session)
            forget_failures(session, [ReaderName.SEARCH, ReaderName.MATCHER])
            bar.update(1)
        catch_up_all(engine, settings)
        click.echo(f"{count} records indexed, {compared} scenarios compared with every product")


PARTS = ("release", "crowded", "search")


@hall.command()
@click.argument("sizes", nargs=-1, type=int)
@click.option("--only", type=click.Choice(PARTS), default=None, help="One of the measurements.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object each.")
@report_errors
def bench(sizes: tuple[int, ...], only: str | None, as_json: bool) -> None:
    """Measure: from a release to its being searchable, matched and on an open hall page; what people notice while
    20,000 products are imported and matched; search and matching over SIZES synthetic documents beside other engines
    (1000 10000 100000; needs the development packages)."""
    for name in (only,) if only else PARTS:
        arguments = [*map(str, sizes if name == "search" or only else ()), *(["--json"] if as_json else [])]
        # By its own name, not as __main__: its worker processes have to find its functions again.
        subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *arguments], cwd=ROOT, check=True)


for command in (
    import_list,
    export_list,
    search,
    match,
    gaps,
    evaluate,
    user,
    *OPERATORS,
):
    hall.add_command(command)
# The former name of `gaps`.
hall.add_command(click.Command("lacks", callback=gaps.callback, params=gaps.params, help=gaps.help, hidden=True))
