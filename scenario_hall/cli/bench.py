"""The measurements, each a program of its own."""

from __future__ import annotations

import subprocess
import sys

import click

from scenario_hall.cli.reporting import report_errors
from scenario_hall.config import ROOT

PARTS = ("release", "pages", "crowded", "alerts", "units", "search", "grown")


@click.command()
@click.argument("sizes", nargs=-1, type=int)
@click.option("--only", type=click.Choice(PARTS), default=None, help="One of the measurements.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object each.")
@report_errors
def bench(sizes: tuple[int, ...], only: str | None, as_json: bool) -> None:
    """Measure: from a release to its being searchable, matched and on an open hall page; pages beside a bare Flask
    page; what people notice while 20,000 products are imported and matched; one
    release beside 100,000 saved searches; what one of each costs (docs/scale.md); search and matching
    over SIZES synthetic documents beside other engines (1000 10000 100000; needs the development packages); a
    hall of 100,000 products, built the first time and kept under .cache."""
    for name in (only,) if only else PARTS:
        arguments = [*map(str, sizes if name == "search" or only else ()), *(["--json"] if as_json else [])]
        # By its own name, not as __main__: its worker processes have to find its functions again.
        subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *arguments], cwd=ROOT, check=True)
