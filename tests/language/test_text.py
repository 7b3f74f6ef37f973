"""The text pipeline: one spelling, true offsets."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opencc import OpenCC

from scenario_hall.language.folding import fold
from scenario_hall.language.text import grams, register_terms, tokens, words
from scenario_hall.search.engine.plan import needed_terms
from scenario_hall.search.query import parse

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
    assert {"m300rtk", "5ga", "evtol", "ip67", "60分钟", "5kg"} <= set(found)


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


SCRIPTS = {
    "han": "无人机检测点〇々𠮷𫔶𰻞龘",
    "hiragana": "のはをてん",
    "katakana": "ドローンサビ",
    "latin": "abcxyzéçãøłİß",
    "greek": "γλΩπδάς",
    "cyrillic": "БПЛАдронё",
    "hangul": "드론점검한",
    "arabic": "طائرة",
    "hebrew": "רחפן",
    "thai": "โดรนที่",
    "devanagari": "ड्रोन",
}
LETTERS = "".join(SCRIPTS.values())


def script_of(character: str) -> str:
    """The script by the character's name, which does not come from the classes of the engine."""
    name = unicodedata.name(character, "UNNAMED")
    if unicodedata.category(character)[0] not in "L" or "PROLONGED SOUND" in name or "MODIFIER" in name:
        return ""
    return "CJK" if name.startswith(("CJK", "IDEOGRAPHIC")) else name.split()[0].split("-")[0]


@given(st.text(st.sampled_from(LETTERS + " 059.,-/+" + LETTERS), max_size=40))
def test_every_token_lies_within_one_script(text: str) -> None:
    for token in tokens(text):
        written = text[token.start : token.end]
        assert len({script_of(each) for each in token.text} - {""}) <= 1, token
        assert len({script_of(each) for each in written} - {""}) <= 1, token


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=40))
def test_every_token_of_any_text_lies_within_one_script_and_points_into_it(text: str) -> None:
    for token in tokens(text):
        assert 0 <= token.start < token.end <= len(text)
        assert len({script_of(each) for each in token.text} - {""}) <= 1, token


@given(st.sampled_from(sorted(set(SCRIPTS) - {"han"})), st.text(st.sampled_from("无人机检测电力线路巡检"), min_size=2))
def test_what_stands_before_chinese_takes_nothing_of_it(script: str, chinese: str) -> None:
    assert set(words(chinese)) <= set(words(SCRIPTS[script] + chinese))
    assert set(words(chinese)) <= set(words(chinese + SCRIPTS[script]))


@given(TEXTS)
def test_a_text_with_a_letter_or_a_digit_has_a_word(text: str) -> None:
    assert words(text) or not any(each.isalnum() for each in fold(text))


INVISIBLE = ["\u200b", "\u00ad", "\ufeff", "\u200e", "\u2060", "\ufe0f", "\U000e0100"]


@given(
    st.text(st.sampled_from("无人机粘度浮标平台检测abcM300-RTK 2.5"), min_size=1, max_size=20),
    st.lists(st.tuples(st.integers(0, 20), st.sampled_from(INVISIBLE)), max_size=5),
)
def test_what_is_invisible_parts_no_word_and_moves_no_offset(text: str, inserted: list[tuple[int, str]]) -> None:
    written = text
    for place, character in inserted:
        written = written[:place] + character + written[place:]
    assert words(written) == words(text)
    for token, plain in zip(tokens(written), tokens(text), strict=True):
        seen = "".join(each for each in written[token.start : token.end] if each not in INVISIBLE)
        assert seen == text[plain.start : plain.end]
        assert written[token.end - 1] not in INVISIBLE


@pytest.mark.parametrize(
    "forms",
    [
        ("M300 RTK", "M300RTK", "m300-rtk", "M300_RTK", "m300 rtk", "M300‑RTK", "Ｍ３００　ＲＴＫ"),
        ("C919", "C-919", "c 919", "C 919", "c–919"),
        ("5G-A", "5GA", "5G A", "5g‐a"),
        ("CR400AF", "CR-400-AF", "CR 400 AF", "CR400-AF"),
        ("2.5MPa", "2.5 MPa", "2,5 MPa", "２．５ＭＰａ"),
        ("5μm", "5 µm", "5um"),
        ("1,200kg", "1200kg", "1200 kg"),
        ("inspeção", "inspecao", "INSPEÇÃO", "inspec\u0327a\u0303o"),
        ("Łódź", "lodz", "Lodz"),
        ("粘度", "黏度", "粘\u200b度"),
        ("硅胶", "矽膠", "矽胶"),
        ("风电", "⻛电", "風電"),
        ("炮塔", "砲塔", "礟塔"),
        ("枪", "鎗", "槍"),
        ("检测", "検測", "檢測"),
        ("ドローン", "ﾄﾞﾛｰﾝ", "ト\u3099ローン"),
        ("드론", "드론"),
    ],
)
def test_each_way_of_writing_a_word_finds_the_others(forms: tuple[str, ...]) -> None:
    found = [set(words(form)) for form in forms]
    assert set.intersection(*found), found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5MPa", "2.5MPa"),
        ("5mm", "0.5mm"),
        ("5 MPa", "2.5 MPa"),
        ("000kg", "5,000kg"),
        ("C 919", "C++ 接口"),
        ("C", "C#"),
    ],
)
def test_a_part_of_a_number_or_a_name_does_not_find_the_whole(one: str, other: str) -> None:
    assert not set(words(one)) & set(words(other))


def test_what_only_joins_is_kept_where_there_is_nothing_else() -> None:
    assert words("The") == ["the"] and words("与") == ["与"]
    assert words("the drone") == ["drone"]


@given(
    st.lists(
        st.sampled_from(["无人机", "γ射线", "M300 RTK", "C919", "inspeção", "5MPa", "ドローン", "的", "the"]),
        min_size=1,
    )
)
def test_a_query_equal_to_a_title_asks_for_all_of_its_words(parts: list[str]) -> None:
    title = " ".join(parts)
    asked = {term.text for term in needed_terms(parse(title).clauses) if term.field == "title"}
    assert asked & set(words(title))
