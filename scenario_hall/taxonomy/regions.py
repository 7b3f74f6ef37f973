"""The 23 regions: the 21 prefecture-level cities of Guangdong (GB/T 2260), Hong Kong and Macao."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from scenario_hall.language.folding import fold_name
from scenario_hall.language.names import localised
from scenario_hall.language.terms import pattern_of

_DATA = Path(__file__).parent / "data"

# Read as a whole and as no region: a university, roads and a person called 中山, islands far from 南沙.
_NO_REGION = ("中山大学", "中山大道", "中山路", "中山陵", "孙中山", "南沙群岛", "南沙岛礁")


@dataclass(frozen=True)
class Region:
    """One region; ``column`` and ``row`` place it on the tile map, ``places`` are names inside it, ``short`` stands for
    its name in Latin letters where there is room for two."""

    code: str
    zh_hans: str
    zh_hant: str
    en: str
    greater_bay_area: bool
    column: int
    row: int
    short: str
    places: tuple[str, ...] = ()
    pt: str = ""  # where it is not the English name

    def name(self, locale: str) -> str:
        return localised(self, locale)

    def short_name(self, locale: str) -> str:
        """What fits on a tile of the map: the two characters of the Chinese name, or the two letters."""
        return self.name(locale) if locale.startswith("zh") else self.short


def _load() -> tuple[Region, ...]:
    rows = json.loads((_DATA / "regions.json").read_text(encoding="utf-8"))
    return tuple(Region(**{**row, "places": tuple(row["places"])}) for row in rows)


REGIONS: tuple[Region, ...] = _load()
_BY_CODE = {region.code: region for region in REGIONS}


def region(code: str) -> Region:
    """The region of a code. Raises ValueError for one that is none of the 23."""
    found = _BY_CODE.get(code)
    if found is None:
        raise ValueError(f"unknown region {code!r}")
    return found


def region_name(code: str, locale: str) -> str:
    """The region's name; nothing for an empty code."""
    return region(code).name(locale) if code else ""


def find_regions(text: str) -> list[Region]:
    """The regions that ``text`` names, directly or by a place inside, in the order of appearance."""
    names = _names()
    found = (names.get(match.group()) for match in _pattern().finditer(fold_name(text)))
    return list(dict.fromkeys(each for each in found if each is not None))


@cache
def _names() -> dict[str, Region]:
    # A city's own name wins over a district of the same name elsewhere.
    names: dict[str, Region] = {}
    for each in REGIONS:
        for name in (each.code, each.zh_hans, f"{each.zh_hans}市", each.zh_hant, each.en):
            names[fold_name(name)] = each
    for each in REGIONS:
        for place in each.places:
            names.setdefault(fold_name(place), each)
    return names


@cache
def _pattern() -> re.Pattern[str]:
    return pattern_of(sorted((*_names(), *map(fold_name, _NO_REGION)), key=lambda name: (-len(name), name)))
