"""Lists that several pages show: search results with facets, applications, own products, the log of one record."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from flask import current_app, request, url_for
from flask_babel import gettext as _
from sqlmodel import col, select

from scenario_hall.core.clock import HONG_KONG, end_of_local_day, now
from scenario_hall.log.chain import Event, events_about
from scenario_hall.products.models import Product
from scenario_hall.scenarios.models import Scenario
from scenario_hall.search.engine.index import (
    BUDGET_BANDS,
    DAY_BANDS,
    READINESS_BANDS,
    SearchHit,
    SearchQuery,
    Sort,
    band_name,
)
from scenario_hall.search.highlight import Segment, highlight, snippet
from scenario_hall.search.query import parse, widened_part
from scenario_hall.search.widening import Corrector, related_tags, widenings
from scenario_hall.taxonomy.regions import REGIONS, region
from scenario_hall.web.kit.language import current_locale, named, sum_range
from scenario_hall.web.kit.request import database, index, taxonomy
from scenario_hall.web.public.suggestions import address_of, book

PAGE_SIZE = 12
REGION_CODES = {each.code for each in REGIONS}


def query_from_address(kind: str = "") -> SearchQuery:
    """The search that the page's address describes; whatever is not understood is left out."""
    args = request.args
    sort = args.get("sort", "")
    return SearchQuery(
        text=args.get("q", "")[:400],
        kind=kind or (args.get("kind", "") if args.get("kind") in ("scenario", "product") else ""),
        domains=tuple(args.getlist("domain")),
        regions=tuple(code for code in args.getlist("region") if code in REGION_CODES),
        states=tuple(args.getlist("status")),
        tags=tuple(args.getlist("tag")),
        budget_min=_number("budget_min"),
        budget_max=_number("budget_max"),
        readiness_min=int(level) if (level := _number("readiness")) is not None else None,
        deadline_before=_day("deadline"),
        posted_since=now() - timedelta(days=days) if (days := _number("since")) else None,
        include_closed=args.get("closed") == "1",
        sort=Sort(sort) if sort in list(Sort) else (Sort.RELEVANCE if args.get("q", "").strip() else Sort.NEWEST),
        page=max(1, int(_number("page") or 1)),
        page_size=PAGE_SIZE,
    )


def _number(name: str) -> float | None:
    text = request.args.get(name, "").strip()
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value < 1e12 else None


def _day(name: str) -> datetime | None:
    if (days := _number(name)) is not None:
        return now() + timedelta(days=min(days, 3650))
    try:
        return end_of_local_day(
            datetime.strptime(request.args.get(name, ""), "%Y-%m-%d").replace(tzinfo=HONG_KONG).date()
        )
    except ValueError:
        return None


def search_page(kind: str = "") -> dict[str, Any]:
    """Everything that a page of results shows: rows beside their hits, facets as links."""
    asked = query_from_address(kind)
    widened = widenings(widened_part(asked.text), taxonomy())
    asked = replace(asked, also=tuple(name for widening in widened for name in widening.also))
    result = index().search(asked, now())
    last = max(1, -(-result.total // PAGE_SIZE))
    if asked.page > last:
        asked = replace(asked, page=last)
        result = index().search(asked, now())
    rows = shown_hits(list(result.hits))
    marked = (result.words, asked.also)
    is_poor = bool(asked.text) and (result.is_widened or not result.total)
    return {
        "asked": asked,
        "result": result,
        "rows": [
            {
                "record": record,
                "kind": hit.kind,
                "title": highlight(record.title, *marked) if any(marked) else None,
                "text": _excerpt(record, *marked) if any(marked) else None,
            }
            for hit, record in rows
        ],
        "facets": facets_of(result.facets, asked, with_kind=not kind),
        "page_size": PAGE_SIZE,
        "with_kind": not kind,
        "widenings": widened,
        "misread": parse(asked.text).misread,
        "corrections": corrections(asked, is_poor) if asked.text else [],
        "suggested": [(each.label, address_of(each)) for each in book().find(asked.text[:60])] if is_poor else [],
        "related": related_tags(asked.text, (*asked.tags, *asked.domains), taxonomy()),
    }


def corrections(asked: SearchQuery, is_poor: bool) -> list[str]:
    """Queries that the author may have meant."""
    tree = taxonomy()
    known = current_app.extensions.setdefault("hall_correctors", {})
    if tree not in known:
        known.clear()
        known[tree] = Corrector(tree.terms())

    def finds(text: str) -> bool:
        return index().search(replace(asked, text=text, page_size=1, facets=()), now()).total > 0

    return known[tree].meant(asked.text, finds, is_poor=is_poor)


def shown_hits(hits: list[SearchHit]) -> list[tuple[SearchHit, Scenario | Product]]:
    """The hits with their rows; a row that is not public any more is left out, whatever the index says."""
    by_code: dict[str, Scenario | Product] = {}
    scenario_codes = [hit.code for hit in hits if hit.kind == "scenario"]
    product_codes = [hit.code for hit in hits if hit.kind == "product"]
    if scenario_codes:
        by_code.update(
            {row.code: row for row in database().exec(select(Scenario).where(col(Scenario.code).in_(scenario_codes)))}
        )
    if product_codes:
        by_code.update(
            {row.code: row for row in database().exec(select(Product).where(col(Product.code).in_(product_codes)))}
        )
    return [(hit, by_code[hit.code]) for hit in hits if hit.code in by_code and by_code[hit.code].is_public()]


def _excerpt(record: Scenario | Product, words: Collection[str], names: Collection[str]) -> list[Segment]:
    text = f"{record.situation} {record.wanted_result}" if isinstance(record, Scenario) else record.summary
    return snippet(text, words, names)


def facets_of(counts: dict[str, dict[str, int]], asked: SearchQuery, *, with_kind: bool) -> list[dict[str, Any]]:
    """Facets with counts, each value a link that adds or removes it."""
    locale = current_locale()
    chosen = {
        "kind": {asked.kind} - {""},
        "domain": set(asked.domains),
        "region": set(asked.regions),
        "status": set(asked.states),
        "readiness": set(),
    }
    names: dict[str, Callable[[str], str]] = {
        "kind": named,
        "domain": lambda slug: taxonomy().get(slug).name(locale),
        "region": lambda code: region(code).name(locale),
        "status": lambda state: named(state, "state"),
    }
    titles = {"kind": _("Kind"), "domain": _("Domain"), "region": _("Region"), "status": _("Status")}
    shown = []
    for key, title in titles.items():
        if key == "kind" and not with_kind:
            continue
        values = dict(counts.get(key, {}))
        values.update({value: values.get(value, 0) for value in chosen[key]})
        options = [
            {
                "label": names[key](value),
                "count": count,
                "is_on": value in chosen[key],
                "url": address_with(key, value, is_on=value in chosen[key]),
            }
            for value, count in sorted(values.items(), key=lambda pair: (-pair[1], pair[0]))
        ]
        if options:
            shown.append({"key": key, "title": title, "options": options[:14]})
    return shown + bands_of(counts)


def bands_of(counts: dict[str, dict[str, int]]) -> list[dict[str, Any]]:
    """Facets of which one band is chosen at a time: budget, readiness, deadline, posted since."""
    args = request.args
    budgets = {
        band_name(low, high): (
            sum_range(int(low) if low else None, int(high) if high else None, "CNY"),
            {"budget_min": low and f"{low:.0f}", "budget_max": high and f"{high:.0f}"},
        )
        for low, high in BUDGET_BANDS
    }
    groups: list[tuple[str, str, dict[str, tuple[str, dict[str, Any]]]]] = [
        ("budget", _("Budget or price, about"), budgets),
        ("readiness", _("Readiness level, at least"), {str(n): (str(n), {"readiness": n}) for n in READINESS_BANDS}),
        ("deadline", _("Deadline within"), {str(n): (_("%(days)s days", days=n), {"deadline": n}) for n in DAY_BANDS}),
        ("posted", _("Posted in the last"), {str(n): (_("%(days)s days", days=n), {"since": n}) for n in DAY_BANDS}),
    ]
    shown = []
    for key, title, bands in groups:
        options = []
        for value, (label, query) in bands.items():
            is_on = all(
                (args.get(name) or None) == (None if want is None else str(want)) for name, want in query.items()
            )
            if counts.get(key, {}).get(value) or is_on:
                url = with_query(page=None, **(dict.fromkeys(query) if is_on else query))
                options.append({"label": label, "count": counts.get(key, {}).get(value, 0), "is_on": is_on, "url": url})
        if options:
            shown.append({"key": key, "title": title, "options": options})
    return shown


def address_with(key: str, value: str, *, is_on: bool) -> str:
    """This page's address with one filter value added or taken away."""
    args = {name: request.args.getlist(name) for name in request.args if name != "page"}
    values = args.get(key, [])
    args[key] = [each for each in values if each != value] if is_on else [*values, value]
    if key == "kind":
        args[key] = [] if is_on else [value]
    return url_for(request.endpoint or "search.show", **{**(request.view_args or {}), **args})


def with_query(**changes: Any) -> str:
    """This page's address with some of its query changed."""
    args: dict[str, Any] = {name: request.args.getlist(name) for name in request.args}
    return url_for(request.endpoint or "hall.show", **{**(request.view_args or {}), **args, **changes})


def events_of(kind: str, key: int) -> list[Event]:
    """What happened to one record, the newest first."""
    return events_about(database(), kind, key)
