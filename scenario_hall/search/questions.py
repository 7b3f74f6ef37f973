"""Questions with known answers, made of data that is there: the titles of judged scenarios, and words of passages."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from opencc import OpenCC

from scenario_hall.language.text import Language, language_of, words

Row = Mapping[str, Any]
# Products of this grade and more are what the judged scenario is looking for.
USEFUL = 2
LONGEST_PASSAGE = 600
WORDS_ASKED = 4
# So many of the words are typed as their first character alone.
CUT = 0.3
_SENTENCE_ENDS = str.maketrans(dict.fromkeys("。；;", "\n"))


def titles_as_questions(scenarios: Sequence[Row], pairs: Sequence[Row]) -> list[dict[str, Any]]:
    """Each scenario's title as somebody would type it, with the products that answer the scenario; scenarios that
    nothing answers are left out."""
    relevant: dict[str, list[str]] = {}
    for pair in pairs:
        if int(pair["grade"]) >= USEFUL:
            relevant.setdefault(str(pair["scenario"]), []).append(str(pair["product"]))
    return [
        {"id": row["id"], "text": row["title"], "relevant": found}
        for row in scenarios
        if (found := relevant.get(str(row["id"])))
    ]


def passages_as_questions(rows: Sequence[Row], seed: int = 7) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(documents, questions): the rows with every other in Traditional characters, and of one sentence of each four of
    its words, three in ten of them cut to one character."""
    choice = random.Random(seed)  # noqa: S311 (a sample, no secret)
    documents, questions = [], []
    for number, row in enumerate(rows):
        text = str(row.get("text") or "")[:LONGEST_PASSAGE]
        write = in_traditional if number % 2 else str
        documents.append({"id": row["id"], "title": write(str(row.get("title") or "")), "text": write(text)})
        sentences = [
            list(dict.fromkeys(word for word in words(part) if len(word) > 1))
            for part in text.translate(_SENTENCE_ENDS).split("\n")
        ]
        rich = [sentence for sentence in sentences if len(sentence) > WORDS_ASKED]
        if rich:
            chosen = choice.sample(choice.choice(rich), WORDS_ASKED)
            asked = " ".join(word[0] if choice.random() < CUT else word for word in chosen)
            questions.append({"id": row["id"], "text": asked, "relevant": [row["id"]]})
    return documents, questions


def in_both_scripts(text: str) -> tuple[str, str] | None:
    """(Simplified, Traditional) of a Chinese question; None for another language."""
    if language_of(text) is not Language.CHINESE:
        return None
    return str(_converter("t2s").convert(text)), in_traditional(text)


def in_traditional(text: str) -> str:
    """The text in the characters of Hong Kong."""
    return str(_converter("s2hk").convert(text))


@cache
def _converter(name: str) -> OpenCC:
    return OpenCC(name)
