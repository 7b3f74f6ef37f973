"""The lists of search results that several pages show."""

from __future__ import annotations

from typing import Any

from flask import current_app, g, request

from scenario_hall.dossiers.search import search_dossier
from scenario_hall.meaning.encoder import encoder_for
from scenario_hall.search.synonyms import Corrector
from scenario_hall.taxonomy.regions import REGIONS
from scenario_hall.web.kit.addresses import with_query
from scenario_hall.web.kit.presenters import fields_of
from scenario_hall.web.kit.request import database, index, settings, taxonomy
from scenario_hall.web.public.facets import facets_of
from scenario_hall.web.public.region_map import region_map
from scenario_hall.web.public.search_address import query_from_address
from scenario_hall.web.public.suggestions import address_of, book

VIEWS = ("list", "map", "table")


def search_page(kind: str = "") -> dict[str, Any]:
    """Everything that a page of results shows: rows beside their hits, facets as links."""
    encoder = encoder_for(settings().meaning, settings().meaning_key)
    dossier = search_dossier(database(), index(), taxonomy(), corrector(), query_from_address(kind), encoder)
    asked = dossier.asked
    if dossier.result.is_by_titles:
        g.pop("kept_page_key", None)  # not to be kept: the index may answer in a second
    return {
        **fields_of(dossier),
        "facets": facets_of(dossier.result.facets, asked, with_kind=not kind),
        "page_size": asked.page_size,
        "with_kind": not kind,
        "view": request.args.get("view", "") if request.args.get("view") in VIEWS else VIEWS[0],
        **region_map(dossier.result.facets.get("region", {})),
        "region_links": {each.code: with_query(region=each.code, view=None, page=None) for each in REGIONS},
        "suggested": [(each.label, address_of(each)) for each in book().find(asked.text[:60])]
        if dossier.is_poor
        else [],
    }


def corrector() -> Corrector:
    """The corrector of the taxonomy as it stands, made anew when that has changed."""
    tree = taxonomy()
    known: dict[Any, Corrector] = current_app.extensions.setdefault("hall_correctors", {})
    if tree not in known:
        known.clear()
        known[tree] = Corrector(tree.terms())
    return known[tree]
