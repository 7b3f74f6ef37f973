"""Guangdong's 20 strategic industry clusters, and the tiers that enterprises are recognised in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from scenario_hall.language.folding import fold_name
from scenario_hall.language.names import localised

_DATA = Path(__file__).parent / "data"

# 专精特新“小巨人”, 「小巨人」 and "小巨人" are one name.
_QUOTES = str.maketrans("", "", "“”‘’「」『』\"'")


class ClusterStage(StrEnum):
    """The province's two groups of ten."""

    PILLAR = "pillar"
    EMERGING = "emerging"


@dataclass(frozen=True)
class Cluster:
    """One strategic industry cluster (战略性产业集群)."""

    slug: str
    stage: ClusterStage
    zh_hans: str
    zh_hant: str
    en: str

    def name(self, locale: str) -> str:
        return localised(self, locale)


@dataclass(frozen=True)
class Tier:
    """One recognition of an enterprise, e.g. 专精特新; an enterprise may have several."""

    slug: str
    zh_hans: str
    zh_hant: str
    en: str
    synonyms: tuple[str, ...] = ()

    def name(self, locale: str) -> str:
        return localised(self, locale)


def _load_clusters() -> tuple[Cluster, ...]:
    rows = json.loads((_DATA / "clusters.json").read_text(encoding="utf-8"))
    return tuple(Cluster(**{**row, "stage": ClusterStage(row["stage"])}) for row in rows)


def _load_tiers() -> tuple[Tier, ...]:
    rows = json.loads((_DATA / "tiers.json").read_text(encoding="utf-8"))
    return tuple(Tier(**{**row, "synonyms": tuple(row["synonyms"])}) for row in rows)


def _fold(text: str) -> str:
    return fold_name(text.translate(_QUOTES))


CLUSTERS: tuple[Cluster, ...] = _load_clusters()
TIERS: tuple[Tier, ...] = _load_tiers()
_CLUSTER_BY_NAME = {_fold(name): each for each in CLUSTERS for name in (each.slug, each.zh_hans, each.zh_hant, each.en)}
_TIER_BY_NAME = {
    _fold(name): each for each in TIERS for name in (each.slug, each.zh_hans, each.zh_hant, each.en, *each.synonyms)
}


def find_cluster(text: str) -> Cluster | None:
    """The cluster of this exact slug or name, in any script and case, with or without 产业集群 behind it."""
    folded = _fold(text)
    for ending in ("战略性产业集群", "产业集群", "产业"):
        folded = folded.removesuffix(ending)
    return _CLUSTER_BY_NAME.get(folded)


def find_tier(text: str) -> Tier | None:
    """The tier of this exact slug, name or synonym, in any script and case, with or without quotation marks."""
    return _TIER_BY_NAME.get(_fold(text))
