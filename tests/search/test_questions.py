"""Questions made of judged scenarios and of passages."""

from __future__ import annotations

from scenario_hall.language.folding import fold
from scenario_hall.language.text import words
from scenario_hall.search.questions import in_both_scripts, passages_as_questions, titles_as_questions

PASSAGES = [
    {"id": f"n{number}", "title": "桥梁检测", "text": f"第{number}号桥梁的拉索需要机器人攀爬检测表面裂纹和锈蚀情况。"}
    for number in range(6)
]


def test_titles_are_asked_for_what_is_useful() -> None:
    scenarios = [{"id": "a", "title": "桥梁检测"}, {"id": "b", "title": "nothing answers it"}]
    pairs = [
        {"scenario": "a", "product": "p1", "grade": 3},
        {"scenario": "a", "product": "p2", "grade": 2},
        {"scenario": "a", "product": "p3", "grade": 1},
        {"scenario": "b", "product": "p1", "grade": 1},
    ]
    assert titles_as_questions(scenarios, pairs) == [{"id": "a", "text": "桥梁检测", "relevant": ["p1", "p2"]}]


def test_every_other_passage_is_in_traditional_and_its_words_are_asked() -> None:
    documents, questions = passages_as_questions(PASSAGES)
    assert "桥梁" in documents[0]["text"] and "橋樑" in documents[1]["text"]
    assert [fold(each["text"]) for each in documents[:2]] == [PASSAGES[place]["text"] for place in (0, 1)]
    assert [each["relevant"] for each in questions] == [[row["id"]] for row in PASSAGES]
    for question, row in zip(questions, PASSAGES, strict=True):
        parts = question["text"].split()
        assert len(parts) == 4
        assert all(part in row["text"] for part in parts)
    assert passages_as_questions(PASSAGES) == (documents, questions)


def test_a_chinese_question_has_two_scripts_and_others_none() -> None:
    simplified, traditional = in_both_scripts("集裝箱碼頭的无人机") or ("", "")
    assert (simplified, traditional) == ("集装箱码头的无人机", "集裝箱碼頭的無人機")
    assert words(simplified) == words(traditional)
    assert in_both_scripts("power line inspection") is None
