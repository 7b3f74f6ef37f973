"""What of a text is counted, and how much it counts."""

from __future__ import annotations

from scenario_hall.language.text import register_terms
from scenario_hall.matching.engine.word_counts import (
    CHARACTER,
    PART_OF_WORD,
    asked_weights,
    count_different_words,
    count_terms,
    length_of,
)


def test_what_every_list_says_and_what_only_measures_is_not_counted() -> None:
    counts = count_terms([("项目需求：60分钟以上，光谱仪", 1.0)])
    assert "光谱仪" in counts and not {"项目", "需求", "分钟", "60分钟", "以上"} & set(counts)


def test_a_part_of_a_longer_word_counts_less_than_the_word() -> None:
    register_terms(["低空经济"])
    counts = count_terms([("低空经济", 2.0)])
    assert counts["低空经济"] == 2.0 and counts["低空"] == 2.0 * PART_OF_WORD


def test_characters_make_a_text_no_longer() -> None:
    counts = count_terms([("光谱仪", 1.0)])
    words = {term: number for term, number in counts.items() if term[0] != CHARACTER}
    assert len(words) < len(counts)
    assert length_of(counts) == sum(words.values()) and count_different_words(counts) == len(words)


def test_a_rare_word_asks_more_than_a_common_one() -> None:
    asked = asked_weights(count_terms([("光谱仪 检测", 1.0)]))
    assert asked["光谱仪"] > asked["检测"] > 0
