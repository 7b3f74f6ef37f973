"""A document's terms are those that a query of the same text asks for, and come back as they were kept."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.language.text import different_characters, grams, register_terms, words
from scenario_hall.search.engine.cutting import digest_of, kept_terms, read_kept_terms, terms_of_document
from tests.search.engine.test_whoosh_index import NOW, document

TEXTS = st.text(
    st.one_of(st.sampled_from("岸桥無人机巡检 5分钟MPa,.-\n#μ%"), st.characters(codec="utf-8")), max_size=60
)


@given(title=TEXTS, body=TEXTS, tags=TEXTS, organization=TEXTS)
def test_each_field_is_cut_as_a_query_is(title: str, body: str, tags: str, organization: str) -> None:
    terms = terms_of_document(document("S-1", title, body=body, tag_words=tags, organization=organization))
    for name, text in (("title", title), ("body", body), ("tags", tags), ("organization", organization)):
        assert list(terms[name]) == words(text)
    assert list(terms["grams"]) == [*grams(title), *grams(body), *grams(tags)]
    characters = (each for text in (title, body, tags) for each in different_characters(text))
    assert list(terms["characters"]) == list(dict.fromkeys(characters))
    assert {name: list(found) for name, found in read_kept_terms(kept_terms(terms)).items()} == {
        name: list(found) for name, found in terms.items()
    }


def test_the_digest_stands_for_all_that_is_searched_and_for_nothing_else() -> None:
    whole = document("S-1", "岸桥", tags=("a",), domains=("b",))
    changes: dict[str, object] = {
        "kind": "product",
        "code": "S-2",
        "title": "岸桥二",
        "body": "其他",
        "organization": "其他单位",
        "tags": ("c",),
        "domains": ("a", "b"),
        "region": ("810000",),
        "state": "closed",
        "budget_low": 1.0,
        "budget_high": 2.0,
        "readiness": 5,
        "deadline": NOW,
        "posted": NOW.replace(year=2025),
        "tag_words": "无人机",
    }
    others = [replace(whole, **{name: value}) for name, value in changes.items()]
    assert len({digest_of(whole), *map(digest_of, others)}) == len(changes) + 1
    assert digest_of(replace(whole, summary="不检索", open=False)) == digest_of(whole)


def test_another_dictionary_is_another_digest() -> None:
    whole = document("S-1", "岸桥")
    before = digest_of(whole)
    register_terms(["从来没有人登记过的词"])
    assert digest_of(whole) != before
