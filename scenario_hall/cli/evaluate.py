"""``evaluate``: the matcher and the search on judged data, beside plain baselines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from scenario_hall.cli.context import told
from scenario_hall.matching.evaluation import evaluate_match, read_judged
from scenario_hall.taxonomy.taxonomy import Taxonomy, load_shipped_tags

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def evaluate() -> None:
    """Measure on judged data."""


@evaluate.command("match")
@click.option("--scenarios", required=True, type=FILE)
@click.option("--products", required=True, type=FILE)
@click.option("--pairs", required=True, type=FILE)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@told
def match(scenarios: Path, products: Path, pairs: Path, as_json: bool) -> None:
    """nDCG@10, recall@20, precision@5, MRR and time of the matcher and of plain baselines."""
    taxonomy = Taxonomy(load_shipped_tags())
    judged = read_judged(_lines(scenarios), _lines(products), _lines(pairs), taxonomy)
    results = evaluate_match(judged, taxonomy)
    if as_json:
        click.echo(json.dumps(results, ensure_ascii=False))
        return
    table = Table()
    names = ("ndcg@10", "recall@20", "precision@5", "mrr", "p50_ms", "p95_ms")
    for name in ("", *names):
        table.add_column(name, justify="right")
    for label, row in {"hall": results["hall"], **results["baselines"]}.items():
        table.add_row(label, *(f"{row[name]:.3f}" for name in names))
    Console().print(table)
    worst = ", ".join(f"{row['scenario']} {row['ndcg@10']}" for row in results["hall"]["worst"])
    click.echo(f"95 % interval of nDCG@10: {results['hall']['intervals']['ndcg@10']}\nworst ten: {worst}")


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
