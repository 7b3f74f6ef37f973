"""The 20 clusters and the tiers of enterprises."""

from __future__ import annotations

import pytest

from scenario_hall.language.folding import fold_name
from scenario_hall.taxonomy.clusters import CLUSTERS, TIERS, ClusterStage, find_cluster, find_tier


def test_there_are_ten_pillar_and_ten_emerging_clusters() -> None:
    stages = [each.stage for each in CLUSTERS]
    assert stages.count(ClusterStage.PILLAR) == stages.count(ClusterStage.EMERGING) == 10


def test_clusters_and_tiers_have_unique_slugs_and_a_name_in_each_language() -> None:
    for things in (CLUSTERS, TIERS):
        assert len({each.slug for each in things}) == len(things)
        assert all(each.zh_hans and each.zh_hant and each.en for each in things)
        assert all(fold_name(each.zh_hans) == each.zh_hans for each in things)


def test_no_two_tiers_share_a_name() -> None:
    named = {name: each for each in TIERS for name in (each.zh_hans, each.zh_hant, each.en, *each.synonyms)}
    assert all(find_tier(name) == each for name, each in named.items())


@pytest.mark.parametrize(
    "text", ["智能机器人", "智能機器人", "智能机器人产业集群", "Intelligent Robots", "intelligent-robots"]
)
def test_a_cluster_is_found_by_any_of_its_names(text: str) -> None:
    found = find_cluster(text)
    assert found is not None and found.slug == "intelligent-robots"


@pytest.mark.parametrize(
    "text", ["专精特新“小巨人”", "專精特新「小巨人」", '专精特新"小巨人"企业', "小巨人", "Little Giant"]
)
def test_a_little_giant_is_one_tier_whatever_its_quotation_marks(text: str) -> None:
    found = find_tier(text)
    assert found is not None and found.slug == "little-giant"


def test_an_unknown_name_is_no_cluster_and_no_tier() -> None:
    assert find_cluster("产业") is None and find_cluster("") is None
    assert find_tier("世界五百强") is None


def test_clusters_and_tiers_are_called_by_their_name_in_the_readers_language() -> None:
    assert CLUSTERS[0].name("zh_Hant") == "新一代電子資訊"
    assert TIERS[0].name("en") == "specialised and innovative SME"
