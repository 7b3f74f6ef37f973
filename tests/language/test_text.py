"""The text pipeline: one spelling, true offsets."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from opencc import OpenCC

from scenario_hall.language.folding import fold
from scenario_hall.language.text import grams, register_terms, tokens, words

TEXTS = st.text(
    st.one_of(
        st.characters(codec="utf-8", exclude_categories=("Cs",)),
        st.sampled_from("无人机無人機發展低空經濟㎡ﬁ①Ⅳ％５ＧＨｅＩ℃½café臺灣乾淨後台"),
    ),
    max_size=60,
)


@given(TEXTS)
def test_every_token_points_into_the_original_text(text: str) -> None:
    for token in tokens(text):
        assert 0 <= token.start < token.end <= len(text)
        assert token.text


@given(st.text(st.sampled_from("无人机巡检港口岸桥发展低空经济电动垂直起降机器人卫星遥感"), max_size=30))
def test_traditional_and_simplified_give_the_same_words(text: str) -> None:
    traditional = OpenCC("s2hk").convert(text)
    assert words(traditional) == words(text)
    assert grams(traditional) == grams(text)


def test_model_names_and_quantities_stay_whole() -> None:
    found = words("M300 RTK 与 5G-A、eVTOL、IP67，续航60分钟，5kg")
    assert {"m300_rtk", "5g-a", "evtol", "ip67", "60分钟", "5kg"} <= set(found)


def test_long_words_are_found_by_their_parts_too() -> None:
    register_terms(["低空经济"])
    assert {"低空经济", "低空", "经济"} <= set(words("低空经济"))


def test_english_is_stemmed_and_joining_words_left_out() -> None:
    assert words("the drones and the inspections") == ["drone", "inspect"]


def test_a_token_in_the_authors_script_is_sliced_from_the_original() -> None:
    text = "發展低空經濟"
    assert "低空" in [token.text for token in tokens(text)]
    assert all(fold(text[token.start : token.end]) == token.text for token in tokens(text))


def test_portuguese_words_are_whole_without_accents_and_meet_in_every_number_and_spelling() -> None:
    asked = set(words("a inspecção de um painel eléctrico"))
    assert (
        asked & set(words("inspeções de pontes"))
        and asked & set(words("para painéis"))
        and asked & set(words("a rede elétrica da ilha"))
    )
    assert set(words("inspeção")) == set(words("inspecao"))
    assert not set(words("navegação")) & set(words("inspeção"))
    assert words("a saúde é para os idosos") == words("saúde dos idosos")


def test_a_portuguese_word_alone_finds_a_portuguese_text() -> None:
    text = set(words("Robô de limpeza de fachadas com inspecção dos painéis"))
    assert all(set(words(word)) & text for word in ("limpeza", "fachadas", "inspecção", "robo", "painéis"))


def test_english_keeps_its_words_that_portuguese_drops() -> None:
    assert words("no crew on the deck, as usual") == ["no", "crew", "deck", "usual"]
