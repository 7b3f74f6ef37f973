"""The command ``evaluate``: measures the matcher and the search on judged data, beside plain baselines."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from scenario_hall.cli.context import opened
from scenario_hall.cli.reporting import report_errors
from scenario_hall.config import meaning_setting
from scenario_hall.language.text import register_terms
from scenario_hall.matching.engine.evaluation import evaluate_match, read_judged
from scenario_hall.meaning.encoder import encoder_for
from scenario_hall.outcomes.judgements import (
    Judgement,
    by_place,
    judged_by_people,
    judgements,
    precision_by_band,
)
from scenario_hall.search.engine.whoosh_index import WhooshIndex
from scenario_hall.search.evaluation import evaluate_search
from scenario_hall.search.questions import passages_as_questions, titles_as_questions
from scenario_hall.taxonomy.taxonomy import Taxonomy, load_shipped_tags

SEARCH_FIGURES = (
    "mrr",
    "recall@1",
    "recall@10",
    "same@10",
    "across@10",
    "simplified",
    "traditional",
    "p50_ms",
    "p95_ms",
)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def evaluate() -> None:
    """Measure on judged data."""


@evaluate.command("match")
@click.option("--scenarios", type=FILE)
@click.option("--products", type=FILE)
@click.option("--pairs", type=FILE)
@click.option("--opinions", is_flag=True, help="What the hall's owners said of their matches, instead of files.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@report_errors
def match(scenarios: Path | None, products: Path | None, pairs: Path | None, opinions: bool, as_json: bool) -> None:
    """nDCG@10, recall@20, precision@5, MRR and time of the matcher and of plain baselines."""
    taxonomy = Taxonomy(load_shipped_tags())
    said: Sequence[Judgement] = ()
    if opinions:
        with opened() as (_settings, _engine, session):
            said, judged = judgements(session), judged_by_people(session)
        if not judged.needs:
            raise click.UsageError("no owner has said anything of a match yet")
    elif scenarios is None or products is None or pairs is None:
        raise click.UsageError("give --scenarios, --products and --pairs, or --opinions")
    else:
        judged = read_judged(_lines(scenarios), _lines(products), _lines(pairs), taxonomy)
    encoder = encoder_for(meaning_setting())
    results = evaluate_match(judged, taxonomy, encoder)
    if opinions:
        results["opinions"] = _bias_of(said)
    if as_json:
        click.echo(json.dumps(results, ensure_ascii=False))
        return
    _print(results, ("ndcg@10", "recall@20", "precision@5", "mrr", "p50_ms", "p95_ms"))
    worst = ", ".join(f"{row['scenario']} {row['ndcg@10']}" for row in results["hall"]["worst"])
    for label, row in {"both": results["hall"], **results["parts"]}.items():
        click.echo(f"{label}: " + ", ".join(f"{name} {value:.3f}" for name, value in row["by_kind"].items()))
    click.echo(f"95 % interval of nDCG@10: {results['hall']['intervals']['ndcg@10']}\nworst ten: {worst}")
    if opinions:
        _print_bias(results)


def _bias_of(said: Sequence[Judgement]) -> dict[str, Any]:
    return {
        "judgements": len(said),
        "by": dict(Counter(each.by for each in said)),
        "by_place": {name or "not on the list": count for name, count in by_place(said).items()},
        "by_band": [
            {
                "score": f"{band.low}-{band.high}",
                "judged": band.judged,
                "useful": round(band.share, 3),
                "interval": [round(end, 3) for end in band.interval],
                "promised": round(band.promised, 3),
            }
            for band in precision_by_band(said)
        ],
    }


def _print_bias(results: Mapping[str, Any]) -> None:
    bias = results["opinions"]
    for name in ("by", "by_place"):
        click.echo(f"{name}: " + ", ".join(f"{key} {count}" for key, count in bias[name].items()))
    for band in bias["by_band"]:
        click.echo("score {score}: {judged} judged, useful {useful} {interval}, promised {promised}".format(**band))
    click.echo(
        "Position bias: owners judge what the list shows first, and pairs that nobody judged count as wrong, so these "
        "figures favour the ranking that was shown. Without the pairs that nobody judged, nDCG@10 is "
        + ", ".join(
            f"{label} {row['judged_only']:.3f}"
            for label, row in {"hall": results["hall"], **results["parts"], **results["baselines"]}.items()
        )
        + "."
    )


@evaluate.command("search")
@click.option("--documents", type=FILE)
@click.option("--queries", type=FILE)
@click.option("--scenarios", type=FILE, help="Judged scenarios: their titles are asked over --products.")
@click.option("--products", type=FILE)
@click.option("--pairs", type=FILE)
@click.option("--passages", type=FILE, help="Passages: words of each are asked over all of them, in either script.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@report_errors
def search(as_json: bool, **files: Path | None) -> None:
    """MRR, recall@1, recall@10 and time of the search and of stock Whoosh: by words alone, by meaning alone and by
    both, for answers in the question's language and in another, and for Chinese questions in either script."""
    register_terms(Taxonomy(load_shipped_tags()).terms())
    documents, questions = _asked(**files)
    encoder = encoder_for(meaning_setting())
    results = evaluate_search(documents, questions, WhooshIndex, encoder)
    if as_json:
        click.echo(json.dumps(results, ensure_ascii=False))
    else:
        _print(results, SEARCH_FIGURES)


def _asked(
    documents: Path | None,
    queries: Path | None,
    scenarios: Path | None,
    products: Path | None,
    pairs: Path | None,
    passages: Path | None,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(documents, questions) of whichever files were given. Raises click.UsageError."""
    if documents is not None and queries is not None:
        return _lines(documents), _lines(queries)
    if scenarios is not None and products is not None and pairs is not None:
        return _lines(products), titles_as_questions(_lines(scenarios), _lines(pairs))
    if passages is not None:
        return passages_as_questions(_lines(passages))
    raise click.UsageError("give --documents and --queries, or --scenarios, --products and --pairs, or --passages")


def _print(results: dict[str, Any], names: tuple[str, ...]) -> None:
    table = Table()
    for name in ("", *names):
        table.add_column(name, justify="right")
    for label, row in {"hall": results["hall"], **results.get("parts", {}), **results["baselines"]}.items():
        table.add_row(label, *(f"{row[name]:.3f}" for name in names))
    Console().print(table)


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
