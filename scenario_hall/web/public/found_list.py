"""What a search finds as a file: the columns of its cards, and its filters in words."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from scenario_hall.core.clock import local_day
from scenario_hall.dossiers.search import FoundRecords, found_records
from scenario_hall.meaning.encoder import encoder_for
from scenario_hall.products.models import Product
from scenario_hall.scenarios.lifecycle import RELEASED
from scenario_hall.scenarios.models import Scenario
from scenario_hall.search.engine.index import Sort
from scenario_hall.taxonomy.regions import region_name
from scenario_hall.web.kit.downloads import MOST_ROWS, Download, dated
from scenario_hall.web.kit.language import current_locale, day, exact, named, number
from scenario_hall.web.kit.request import database, index, settings, taxonomy
from scenario_hall.web.public.search_address import query_from_address


def found_list(kind: str = "") -> Download:
    """The records that the address's search finds, of every page of it."""
    encoder = encoder_for(settings().meaning, settings().meaning_key)
    found = found_records(database(), index(), taxonomy(), query_from_address(kind), most=MOST_ROWS, encoder=encoder)
    titles = {"scenario": _("Scenarios"), "product": _("Products"), "": _("Search")}
    return Download(
        name=dated({"scenario": "scenarios", "product": "products", "": "search"}[kind]),
        title=titles[kind],
        columns=columns_of(kind),
        rows=[_scenario(each) if isinstance(each, Scenario) else _product(each) for each in found.records],
        # A record that is public no longer was found, too, and is no row.
        total=found.result.total - len(found.result.hits) + len(found.records),
        filters=filters_of(found),
    )


def columns_of(kind: str) -> dict[str, str]:
    """What the cards of a kind, or of both, show; each with its label."""
    of_scenarios = {
        "deadline": _("Deadline"),
        "budget_min": _("Budget from"),
        "budget_max": _("Budget up to"),
    }
    of_products = {
        "model": _("Model"),
        "readiness_level": _("Readiness level"),
        "price_min": _("Price from"),
        "price_max": _("Price up to"),
    }
    return {
        "code": _("Code"),
        **({} if kind else {"kind": _("Kind")}),
        "title": _("Title"),
        "text": _("What it is about"),
        "state": _("Status"),
        "organization": _("Organisation"),
        "domains": _("Domains"),
        **({} if kind == "product" else {"region": _("Region"), **of_scenarios}),
        **({} if kind == "scenario" else of_products),
        "currency": _("Currency"),
        "page": _("Page"),
    }


def _scenario(record: Scenario) -> dict[str, object]:
    is_over = record.state == RELEASED and not record.is_open()
    return {
        **_shared(record, has_sum=record.budget_min is not None or record.budget_max is not None),
        "text": record.wanted_result or record.situation,
        "state": named("expired" if is_over else record.state, "state"),
        "region": region_name(record.region, current_locale()) if record.region else "",
        "deadline": local_day(record.deadline) if record.deadline else None,
        "budget_min": record.budget_min,
        "budget_max": record.budget_max,
    }


def _product(record: Product) -> dict[str, object]:
    return {
        **_shared(record, has_sum=record.price_min is not None or record.price_max is not None),
        "model": record.model,
        "text": record.summary,
        "state": named(record.state, "state"),
        "readiness_level": record.readiness_level,
        "price_min": record.price_min,
        "price_max": record.price_max,
    }


def _shared(record: Scenario | Product, *, has_sum: bool) -> dict[str, object]:
    return {
        "code": record.code,
        "kind": named(record.subject),
        "title": record.title,
        "organization": record.organization.name,
        "domains": [taxonomy().get(slug).name(current_locale()) for slug in record.domains],
        "currency": record.currency if has_sum else "",
        "page": settings().base_url + url_for(f"{record.subject}s.show", code=record.code),
    }


def filters_of(found: FoundRecords) -> list[tuple[str, str]]:
    """What was asked, filter by filter in words, and what the search made of it."""
    asked, locale = found.asked, current_locale()
    sorts = {
        Sort.RELEVANCE: _("Relevance"),
        Sort.NEWEST: _("Newest"),
        Sort.DEADLINE: _("Deadline"),
        Sort.BUDGET: _("Budget"),
    }
    closed = "" if asked.states else _("included") if asked.include_closed else _("left out")
    told = [
        (_("Words"), asked.text),
        (_("Kind"), named(asked.kind) if asked.kind else ""),
        (_("Domain"), ", ".join(taxonomy().get(slug).name(locale) for slug in asked.domains)),
        (_("Tag"), ", ".join(taxonomy().get(slug).name(locale) for slug in asked.tags)),
        (_("Region"), ", ".join(region_name(code, locale) for code in asked.regions)),
        (_("Status"), ", ".join(named(state, "state") for state in asked.states)),
        (_("Budget or price from (approximate, in yuan)"), number(asked.budget_min)),
        (_("Budget or price up to (approximate, in yuan)"), number(asked.budget_max)),
        (_("Readiness level, at least"), str(asked.readiness_min or "")),
        (_("Deadline before"), day(asked.deadline_before)),
        (_("Posted since"), exact(asked.posted_since) if asked.posted_since else ""),
        (_("Closed ones"), closed),
        (_("Sort by"), sorts[asked.sort]),
        (_("Also searched, at lower weight"), ", ".join(asked.synonyms)),
    ]
    if found.result.is_widened:
        told.append((_("Note"), _("No record contains these words; the following share some of their characters.")))
    return [(label, value) for label, value in told if value]
