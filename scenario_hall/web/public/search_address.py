"""The search that a page's address describes."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from flask import request

from scenario_hall.alerts.asked import FIRST_DAY, LAST_DAY, MOST_VALUES, SLUG, AskedSearch
from scenario_hall.core.clock import end_of_local_day, now
from scenario_hall.language.dates import read_day
from scenario_hall.language.numerals import read_number
from scenario_hall.search.engine.index import SearchQuery, Sort
from scenario_hall.taxonomy.regions import REGIONS
from scenario_hall.web.kit.addresses import page_number

PAGE_SIZE = 12
LONGEST_AGO = 3650  # days
_SLUG = re.compile(SLUG)
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
        posted_since=now() - timedelta(days=min(days, LONGEST_AGO)) if (days := _number("since")) else None,
        include_closed=args.get("closed") == "1",
        sort=Sort(sort) if sort in list(Sort) else (Sort.RELEVANCE if args.get("q", "").strip() else Sort.NEWEST),
        page=page_number(),
        page_size=PAGE_SIZE,
    )


def asked_from_address(kind: str = "") -> AskedSearch:
    """The same search as it is saved: days stay days. Whatever is not understood is left out."""
    query, args = query_from_address(kind), request.args
    days, level = _number("deadline"), query.readiness_min
    by = read_day(args.get("deadline", "")) if days is None else None
    return AskedSearch(
        q=query.text.strip(),
        kind=query.kind,
        domain=_slugs(query.domains),
        region=list(query.regions)[:MOST_VALUES],
        tag=_slugs(query.tags),
        status=_slugs(query.states),
        budget_min=query.budget_min,
        budget_max=query.budget_max,
        readiness=level if level is not None and 1 <= level <= 9 else None,
        deadline=min(days, LONGEST_AGO) if days is not None else None,
        deadline_by=by if by is not None and FIRST_DAY <= by <= LAST_DAY else None,
        since=min(ago, LONGEST_AGO) if (ago := _number("since")) else None,
        closed=query.include_closed,
    )


def _slugs(given: tuple[str, ...]) -> list[str]:
    return [each for each in given if _SLUG.fullmatch(each)][:MOST_VALUES]


def _number(name: str) -> float | None:
    text = request.args.get(name, "").strip()
    try:
        value = float(read_number(text))
    except ValueError:
        return None
    return value if 0 <= value < 1e12 else None


def _day(name: str) -> datetime | None:
    if (days := _number(name)) is not None:
        return now() + timedelta(days=min(days, LONGEST_AGO))
    day = read_day(request.args.get(name, ""))
    return end_of_local_day(day) if day is not None else None
