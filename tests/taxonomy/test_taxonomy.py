"""The tree of tags: look-up, mentions in a text, distances."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenario_hall.taxonomy.taxonomy import Tag, TagKind, Taxonomy, load_shipped_tags

SHIPPED = Taxonomy(load_shipped_tags())
SLUGS = [tag.slug for tag in SHIPPED.tags]


def tag(slug: str, parent: str | None = None, *synonyms: str, kind: TagKind = TagKind.TECHNOLOGY) -> Tag:
    return Tag(slug, kind, f"{slug}简", f"{slug}繁", slug, synonyms, parent)


SMALL = Taxonomy(
    [
        tag("flight", kind=TagKind.DOMAIN),
        tag("drone", "flight", "无人机", "UAV", "AI"),
        tag("hexacopter", "drone", "六旋翼无人机"),
        tag("dock", "flight", "机"),
        tag("harbour", kind=TagKind.SETTING),
    ]
)


def test_a_name_is_found_in_any_script_case_and_width() -> None:
    assert SMALL.find("無人機") == SMALL.find(" uav ") == SMALL.find("ＵＡＶ") == "drone"
    assert SMALL.find("无人") is None


@pytest.mark.parametrize("each", SHIPPED.tags, ids=SLUGS)
def test_every_shipped_name_leads_to_its_tag(each: Tag) -> None:
    assert {SHIPPED.find(term) for term in each.terms} == {each.slug}


def test_of_two_tags_with_one_name_the_first_has_it() -> None:
    assert Taxonomy([tag("one", None, "同名"), tag("two", None, "同名")]).find("同名") == "one"


def test_of_nested_names_the_longest_is_mentioned() -> None:
    assert SMALL.mentioned_in("采用六旋翼無人機") == ["hexacopter"]


def test_mentions_come_in_the_order_of_the_text_without_doubles() -> None:
    assert SMALL.mentioned_in("harbour,无人机,六旋翼无人机,UAV") == ["harbour", "drone", "hexacopter"]


def test_a_latin_name_is_met_as_a_whole_word_or_its_plural_only() -> None:
    assert SMALL.mentioned_in("AI质检") == ["drone"]
    assert SMALL.mentioned_in("three docks") == ["dock"]
    assert SMALL.mentioned_in("air docked email") == []


def test_the_plural_of_a_short_acronym_is_another_word() -> None:
    assert SMALL.mentioned_in("the AIs") == []


def test_a_single_chinese_character_is_no_mention() -> None:
    assert SMALL.mentioned_in("机械") == []


def test_an_empty_taxonomy_mentions_nothing() -> None:
    assert Taxonomy([]).mentioned_in("无人机") == []


def test_ancestors_go_up_to_the_root() -> None:
    assert SMALL.ancestors("hexacopter") == ("drone", "flight")
    assert SMALL.ancestors("unknown") == ()


def test_ancestors_end_where_edited_rows_form_a_circle() -> None:
    circle = Taxonomy([tag("one", "two"), tag("two", "one")])
    assert set(circle.ancestors("one")) == {"one", "two"}
    assert circle.distance("one", "two") == 1


def test_a_domain_is_its_own_domain_and_that_of_all_below() -> None:
    assert [SMALL.domain_of(slug) for slug in ("flight", "hexacopter", "harbour")] == ["flight", "flight", None]


@pytest.mark.parametrize(
    ("one", "other", "edges"),
    [
        ("drone", "drone", 0),
        ("drone", "flight", 1),
        ("hexacopter", "flight", 2),
        ("hexacopter", "dock", 3),
        ("drone", "harbour", None),
    ],
)
def test_distance_counts_the_edges_between_two_tags(one: str, other: str, edges: int | None) -> None:
    assert SMALL.distance(one, other) == SMALL.distance(other, one) == edges


@settings(max_examples=100)
@given(st.sampled_from(SLUGS), st.sampled_from(SLUGS), st.sampled_from(SLUGS))
def test_distance_is_a_metric_within_a_tree(one: str, two: str, three: str) -> None:
    assert (SHIPPED.distance(one, two) == 0) == (one == two)
    assert SHIPPED.distance(one, two) == SHIPPED.distance(two, one)
    first, second, direct = SHIPPED.distance(one, two), SHIPPED.distance(two, three), SHIPPED.distance(one, three)
    if first is not None and second is not None:
        assert direct is not None and direct <= first + second


def test_related_tags_are_the_parent_the_children_and_those_beside() -> None:
    assert SMALL.related("drone") == ("flight", "hexacopter", "dock")
    assert SMALL.related("flight") == ("drone", "dock")
    assert SMALL.related("harbour") == SMALL.related("unknown") == ()


def test_a_tag_that_is_gone_is_called_by_its_slug() -> None:
    assert "gone" not in SMALL
    assert SMALL.get("gone").name("en") == "gone"


def test_a_tag_is_called_by_its_name_in_the_readers_language() -> None:
    assert [SMALL.get("dock").name(locale) for locale in ("zh_Hans", "zh_Hant", "en", "fr")] == [
        "dock简",
        "dock繁",
        "dock",
        "dock简",
    ]


def test_changing_the_terms_that_were_handed_out_changes_no_look_up() -> None:
    SMALL.terms().clear()
    assert SMALL.find("无人机") == "drone"


@settings(max_examples=100)
@given(st.text(max_size=60))
def test_any_text_can_be_asked_for_mentions(text: str) -> None:
    found = SHIPPED.mentioned_in(text)
    assert len(found) == len(set(found))
    assert all(slug in SHIPPED for slug in found)


ACCENTED = sorted(
    (term, each.slug)
    for each in SHIPPED.tags
    for term in each.terms
    if len(term) > 1 and unicodedata.normalize("NFD", term) != term and term[0].isascii()
)


@pytest.mark.parametrize(("term", "slug"), ACCENTED)
def test_a_name_typed_without_its_accents_is_found(term: str, slug: str) -> None:
    typed = "".join(each for each in unicodedata.normalize("NFD", term) if not unicodedata.combining(each))
    assert typed.isascii()
    assert SHIPPED.find(typed) == slug
    assert slug in SHIPPED.mentioned_in(f"usamos {typed} no porto")
    assert slug in SHIPPED.mentioned_in(f"usamos {unicodedata.normalize('NFD', term.upper())} no porto")
