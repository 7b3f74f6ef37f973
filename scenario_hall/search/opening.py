"""Which engine a hall searches with."""

from __future__ import annotations

from scenario_hall.config import Settings
from scenario_hall.search.engine.index import SearchIndex
from scenario_hall.search.engine.opensearch.opensearch_index import OpenSearchIndex
from scenario_hall.search.engine.whoosh_index import WhooshIndex


def open_index(settings: Settings) -> SearchIndex:
    """The hall's index: in the cluster that HALL_SEARCH_URL names, else the embedded one in its folder. The only place
    that decides; nothing is connected to yet."""
    if settings.search_servers is not None:
        return OpenSearchIndex(settings.search_servers)
    return WhooshIndex(settings.search_index)
