"""The commands ``search``, ``match`` and ``gaps``."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from sqlmodel import col, select

from scenario_hall.cli.context import opened, operator
from scenario_hall.cli.reporting import report_errors
from scenario_hall.core.clock import now
from scenario_hall.core.errors import NotFound
from scenario_hall.language.text import register_terms
from scenario_hall.matching.engine.explanation import reasons_as_data
from scenario_hall.matching.gaps import gaps_by_domain
from scenario_hall.matching.service import ShownMatch, matches_of_product, matches_of_scenario
from scenario_hall.meaning.encoder import encoder_for
from scenario_hall.products.models import Product
from scenario_hall.scenarios.models import Scenario
from scenario_hall.search.engine.index import SearchIndex, SearchQuery
from scenario_hall.search.opening import open_index
from scenario_hall.search.query import plain_words
from scenario_hall.search.suggest import Suggestion, SuggestionBook
from scenario_hall.search.synonyms import Corrector, synonyms_in
from scenario_hall.search.vectors import with_meaning
from scenario_hall.taxonomy.service import load_taxonomy
from scenario_hall.taxonomy.taxonomy import Taxonomy
from scenario_hall.worker.loop import catch_up_all


@click.command()
@click.argument("text")
@click.option("--kind", type=click.Choice(["scenario", "product"]), default=None)
@click.option("--closed", is_flag=True, help="Show closed ones too.")
@click.option("--top", default=10, show_default=True, type=click.IntRange(1, 50))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@report_errors
def search(text: str, kind: str | None, closed: bool, top: int, as_json: bool) -> None:
    """Search what is public."""
    with opened() as (settings, engine, session):
        catch_up_all(engine, settings)
        taxonomy = load_taxonomy(session)
        register_terms(taxonomy.terms())
        named = synonyms_in(plain_words(text), taxonomy)
        synonyms = tuple(name for each in named for name in each.synonyms)
        asked = SearchQuery(text=text, kind=kind or "", include_closed=closed, page_size=top, synonyms=synonyms)
        index = open_index(settings)
        encoder = encoder_for(settings.meaning, settings.meaning_key)
        result = index.search(with_meaning(session, encoder, index, asked), now())
        corrections = corrections_of(asked, index, taxonomy, is_poor=result.is_widened or not result.total)
        titles = dict(
            session.exec(
                select(Scenario.code, Scenario.title).where(col(Scenario.code).in_([h.code for h in result.hits]))
            ).all()
        )
        titles |= dict(
            session.exec(
                select(Product.code, Product.title).where(col(Product.code).in_([h.code for h in result.hits]))
            ).all()
        )
    if as_json:
        hits = [
            {
                "code": hit.code,
                "kind": hit.kind,
                "title": titles.get(hit.code, ""),
                "score": round(hit.score, 4),
                "by_meaning": hit.is_by_meaning,
            }
            for hit in result.hits
        ]
        click.echo(
            json.dumps(
                {
                    "total": result.total,
                    "milliseconds": round(result.milliseconds, 2),
                    "hits": hits,
                    "facets": result.facets,
                    "also": {each.named: each.synonyms for each in named},
                    "did_you_mean": corrections,
                },
                ensure_ascii=False,
            )
        )
        return
    for each in named:
        click.echo(f"also searched, at lower weight: {each.named} = {', '.join(each.synonyms[:5])}")
    for hit in result.hits:
        click.echo(f"{hit.code}  {hit.score:7.2f}  {titles.get(hit.code, '')}")
    click.echo(f"{result.total} found in {result.milliseconds:.1f} ms")
    if corrections:
        click.echo("did you mean: " + " · ".join(corrections))


def corrections_of(asked: SearchQuery, index: SearchIndex, taxonomy: Taxonomy, *, is_poor: bool) -> list[str]:
    """What a query may have meant: by sound and spelling, and where it found no word by the pinyin of a tag's name."""

    def finds(text: str) -> bool:
        return index.search(replace(asked, text=text, page_size=1, facets=()), now()).total > 0

    corrected = Corrector(taxonomy.terms()).did_you_mean(asked.text, finds, is_poor=is_poor)
    if not is_poor:
        return corrected
    tags = SuggestionBook(
        Suggestion(tag.name(locale), tag.kind, tag.slug) for tag in taxonomy.tags for locale in ("zh_Hans", "en")
    )
    return list(dict.fromkeys((*corrected, *(each.label for each in tags.find(asked.text[:60])))))


@click.command()
@click.argument("code")
@click.option("--top", default=10, show_default=True, type=click.IntRange(1, 200))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@report_errors
def match(code: str, top: int, as_json: bool) -> None:
    """The best matches of a scenario (products) or of a product (scenarios), with their reasons."""
    with opened() as (settings, engine, session):
        catch_up_all(engine, settings)
        actor = operator(session, None)
        scenario = session.exec(select(Scenario).where(col(Scenario.code) == code)).first()
        product = session.exec(select(Product).where(col(Product.code) == code)).first()
        if scenario is not None:
            found = matches_of_scenario(actor, session=session, scenario=scenario, top=top)
        elif product is not None:
            found = matches_of_product(actor, session=session, product=product, top=top)
        else:
            raise NotFound("There is no scenario or product %(code)s.", code=code)
        lines = [_line(each, of_scenario=scenario is not None) for each in found]
    if as_json:
        click.echo(json.dumps({"code": code, "matches": lines}, ensure_ascii=False))
        return
    table = Table(title=f"matches of {code}", title_justify="left")
    for name in ("score", "code", "title", "why"):
        table.add_column(name, overflow="fold")
    for line in lines:
        pairs = (f"{pair['asked']}≈{pair['answered']}" for pair in line["reasons"]["translations"][:4])
        words = " ".join([*(word for word, _ in line["reasons"]["words"][:6]), *pairs])
        verdicts = " ".join(f"{each['requirement']['metric']}:{each['verdict']}" for each in line["reasons"]["lines"])
        table.add_row(str(line["score"]), line["code"], line["title"], f"{words}\n{verdicts}".strip())
    Console().print(table)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@report_errors
def gaps(as_json: bool) -> None:
    """Gaps in supply, by domain: what kept products from qualifying."""
    with opened() as (settings, engine, session):
        catch_up_all(engine, settings)
        found = gaps_by_domain(operator(session, None), session=session)
        rows: list[dict[str, Any]] = [
            {
                "domain": each.domain,
                "scenarios": each.scenarios,
                "without_match": [s.code for s in each.without_match],
                "would_lift": dict(each.lifts.most_common(10)),
                "unmet": dict(each.unmet.most_common(10)),
                "unknown": dict(each.unknown.most_common(10)),
                "technologies": dict(each.technologies.most_common(10)),
            }
            for each in found
        ]
    if as_json:
        click.echo(json.dumps({"domains": rows}, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['domain'] or '—'}: {len(row['without_match'])} of {row['scenarios']} without a match")
        for name in ("would_lift", "unmet", "unknown", "technologies"):
            if row[name]:
                click.echo(f"  {name}: " + ", ".join(f"{key} {count}" for key, count in row[name].items()))


def _line(each: ShownMatch, *, of_scenario: bool) -> dict[str, Any]:
    other = each.product if of_scenario else each.scenario
    return {
        "code": other.code,
        "title": other.title,
        "score": each.score,
        "has_unmet_must": each.has_unmet_must,
        "rules": each.rules_version,
        "reasons": reasons_as_data(each.reasons),
    }


# The former name of `gaps`.
lacks = click.Command("lacks", callback=gaps.callback, params=gaps.params, help=gaps.help, hidden=True)
