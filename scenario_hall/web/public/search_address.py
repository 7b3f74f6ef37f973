"""The search that a page's address describes."""

from __future__ import annotations

import re
from dataclasses import replace

from flask import request

from scenario_hall.alerts.asked import FIRST_DAY, LAST_DAY, MOST_DAYS, MOST_VALUES, SLUG, AskedSearch
from scenario_hall.language.dates import read_day
from scenario_hall.language.numerals import read_number
from scenario_hall.search.engine.index import SearchQuery, Sort
from scenario_hall.search.query import MAX_CHARACTERS
from scenario_hall.taxonomy.regions import REGIONS
from scenario_hall.web.kit.addresses import page_number

PAGE_SIZE = 12
_SLUG = re.compile(SLUG)
REGION_CODES = {each.code for each in REGIONS}


def query_from_address(kind: str = "") -> SearchQuery:
    """The search that the page's address describes; whatever is not understood is left out."""
    sort, asked = request.args.get("sort", ""), asked_from_address(kind).query()
    return replace(
        asked,
        sort=Sort(sort) if sort in list(Sort) else (Sort.RELEVANCE if asked.text else Sort.NEWEST),
        page=page_number(),
        page_size=PAGE_SIZE,
    )


def asked_from_address(kind: str = "") -> AskedSearch:
    """The same search as it is saved: days stay days. Whatever is not understood is left out."""
    args = request.args
    days, level = _number("deadline"), _number("readiness")
    by = read_day(args.get("deadline", "")) if days is None else None
    asked_kind = args.get("kind", "")
    return AskedSearch(
        q=args.get("q", "")[:MAX_CHARACTERS].strip(),
        kind=kind or (asked_kind if asked_kind in ("scenario", "product") else ""),
        domain=_slugs("domain"),
        region=[code for code in args.getlist("region") if code in REGION_CODES][:MOST_VALUES],
        tag=_slugs("tag"),
        status=_slugs("status"),
        budget_min=_number("budget_min"),
        budget_max=_number("budget_max"),
        readiness=int(level) if level is not None and 1 <= level < 10 else None,
        deadline=min(days, MOST_DAYS) if days is not None else None,
        deadline_by=by if by is not None and FIRST_DAY <= by <= LAST_DAY else None,
        since=min(ago, MOST_DAYS) if (ago := _number("since")) else None,
        closed=args.get("closed") == "1",
    )


def _slugs(name: str) -> list[str]:
    return [each for each in request.args.getlist(name) if _SLUG.fullmatch(each)][:MOST_VALUES]


def _number(name: str) -> float | None:
    text = request.args.get(name, "").strip()
    try:
        value = float(read_number(text))
    except ValueError:
        return None
    return value if 0 <= value < 1e12 else None
