"""Highlights show the author's own spelling."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.language.text import register_terms, words
from scenario_hall.search.highlight import highlight, snippet


def test_a_query_in_one_script_marks_the_other() -> None:
    marked = [segment.text for segment in highlight("碼頭無人機巡檢", words("无人机")) if segment.is_hit]
    assert marked == ["無人機"]


def test_another_name_is_marked_as_a_whole_and_not_by_its_parts() -> None:
    marked = [
        segment.text
        for segment in highlight("飛行高度120米的無人飛行器,UAVs suave", [], ["无人飞行器", "uav", "UAVs"])
        if segment.is_hit
    ]
    assert marked == ["無人飛行器", "UAVs"]


@given(st.text(max_size=80), st.text(max_size=20))
def test_the_segments_joined_are_the_text(text: str, query: str) -> None:
    assert "".join(segment.text for segment in highlight(text, words(query), [query])) == text


def test_a_snippet_is_cut_around_the_hit() -> None:
    register_terms(["岸桥"])
    shown = snippet("前" * 300 + "岸桥巡检" + "后" * 300, words("岸桥"), width=100)
    assert any(segment.is_hit and "岸桥" in segment.text for segment in shown)
    assert shown[0].text == "…" and shown[-1].text == "…"
