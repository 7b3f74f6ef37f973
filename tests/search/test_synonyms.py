"""Synonyms of what is asked, tags nearby, and corrections."""

from __future__ import annotations

from scenario_hall.search.synonyms import Corrector, related_tags, synonyms_in
from scenario_hall.taxonomy.taxonomy import Taxonomy, load_shipped_tags

TAXONOMY = Taxonomy(load_shipped_tags())


def test_a_name_brings_its_synonyms_in_other_languages() -> None:
    found = {each.named: each for each in synonyms_in("港口无人机", TAXONOMY)}["无人机"]
    assert {"drone", "UAV"} <= set(found.synonyms)
    assert any("eVTOL" in each.synonyms for each in synonyms_in("电动垂直起降航空器", TAXONOMY))
    assert synonyms_in("钢结构焊缝", TAXONOMY) == []


def test_related_tags_stand_near_what_is_named() -> None:
    near = related_tags("无人机", (), TAXONOMY)
    assert near and "uav" not in near


def test_did_you_mean() -> None:
    corrector = Corrector(TAXONOMY.terms())
    assert "无人机巡检" in corrector.suggest("无人鸡巡检", lambda _: True)
    assert "drone port" in corrector.suggest("drnoe port", lambda _: False) or corrector.suggest(
        "dronne port", lambda _: False
    ) == ["drone port"]
    assert corrector.suggest("无人机", lambda _: True) == []
