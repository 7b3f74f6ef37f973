"""The tags that the hall ships with hold together."""

from __future__ import annotations

import re
from collections import defaultdict

from scenario_hall.language.folding import fold_name
from scenario_hall.taxonomy.taxonomy import Tag, TagKind, Taxonomy, load_shipped_tags

TAGS = load_shipped_tags()
TAXONOMY = Taxonomy(TAGS)

# The action plan's thirteen, as the vocabulary lists them.
FOCUS_DOMAINS = (
    "低空经济 智能机器人 商业航天 人工智能 集成电路 新能源汽车与智能网联汽车 "
    "新型储能 生物制造 生物医药 量子科技 海洋科技 工业软件 新材料"
).split()


def test_slugs_are_unique_and_fit_an_address() -> None:
    slugs = [tag.slug for tag in TAGS]
    assert len(slugs) == len(set(slugs)) >= 150
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) and len(slug) <= 60 for slug in slugs)


def test_every_tag_has_a_name_in_each_language() -> None:
    for tag in TAGS:
        assert tag.zh_hans.strip() and tag.zh_hant.strip() and tag.en.isascii() and tag.pt.strip(), tag.slug


def test_no_simplified_name_is_written_in_traditional_characters() -> None:
    for tag in TAGS:
        assert fold_name(tag.zh_hans) == tag.zh_hans.casefold(), tag.slug


def test_every_parent_is_there_and_no_tag_stands_below_itself() -> None:
    slugs = {tag.slug for tag in TAGS}
    for tag in TAGS:
        assert tag.parent is None or tag.parent in slugs, tag.slug
        assert tag.slug not in TAXONOMY.ancestors(tag.slug)


def test_a_name_or_synonym_means_one_tag_only() -> None:
    meant: dict[str, set[str]] = defaultdict(set)
    for tag in TAGS:
        for term in tag.terms:
            meant[fold_name(term)].add(tag.slug)
    assert {term: slugs for term, slugs in meant.items() if len(slugs) > 1} == {}


def test_the_thirteen_focus_domains_are_domains() -> None:
    domains = {tag.zh_hans for tag in TAXONOMY.domains()}
    assert set(FOCUS_DOMAINS) <= domains


def test_domains_and_settings_are_roots() -> None:
    assert all(tag.parent is None for tag in TAGS if tag.kind is not TagKind.TECHNOLOGY)


def test_a_technology_stands_under_a_domain_unless_every_domain_uses_it() -> None:
    def across(tag: Tag) -> bool:
        return "iot" in (tag.slug, *TAXONOMY.ancestors(tag.slug)) or tag.slug == "5g"

    loose = [tag.slug for tag in TAGS if tag.kind is TagKind.TECHNOLOGY and TAXONOMY.domain_of(tag.slug) is None]
    assert [slug for slug in loose if not across(TAXONOMY.get(slug))] == []


def test_the_fields_other_names_lead_to_the_same_tag() -> None:
    for words, slug in {
        "UAV": "uav",
        "drone": "uav",
        "无人驾驶航空器": "uav",
        "無人機": "uav",
        "eVTOL": "evtol",
        "电动垂直起降航空器": "evtol",
        "embodied AI": "embodied-ai",
        "具身智能": "embodied-ai",
        "机巢": "drone-dock",
        "AGV": "amr",
        "5G-A": "low-altitude-comms",
        "火箭回收": "launch",
    }.items():
        assert TAXONOMY.find(words) == slug, words
