"""The map of the regions: how dark each tile is, and its numbers as a table under the names that people know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scenario_hall.taxonomy.regions import REGIONS
from scenario_hall.web.kit.charts import heat_of
from scenario_hall.web.kit.language import current_locale


def region_map(counts: Mapping[str, int]) -> dict[str, Any]:
    """What the macro ``tile_map`` and the table under it draw of a number for each region, by its code."""
    every = {each.code: counts.get(each.code, 0) for each in REGIONS}
    named = [(each.name(current_locale()), every[each.code]) for each in REGIONS]
    return {
        "regions": REGIONS,
        "region_counts": every,
        "heats": {code: heat_of(count) for code, count in every.items()},
        "region_rows": sorted(named, key=lambda pair: -pair[1]),
    }
