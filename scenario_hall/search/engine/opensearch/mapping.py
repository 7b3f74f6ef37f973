"""How a hall's index stands in OpenSearch: its fields, its weighing of words, and a document as it is sent.

Words come cut by our own pipeline, so OpenSearch only parts them at blanks. Their weights are Whoosh's (``scoring.py``
beside the embedded engine has the formula), as a scripted similarity; what it cannot ask for is made up for so:

- it counts the documents that have a field, we weigh by all: so every document begins every field with ``BEGIN``, and
  the lengths are taken one shorter;
- the entry that holds the cursor counts as a document in the embedded index: so one more is counted.

Lengths are rounded a little otherwise than Whoosh rounds them (one byte each).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scenario_hall.language import text
from scenario_hall.search.engine.index import IndexDocument, searched_texts
from scenario_hall.search.engine.scoring import K1, B

# Raised whenever the fields, the weighing or the cutting of words change: the hall then has another index, which the
# log fills, and processes of the version before still search theirs.
FORMAT = "1"
# No word of ours has this sign.
BEGIN = "~"
CURSOR = "~cursor"
LONGEST_WORD = 1_000  # characters; Lucene takes 32,766 bytes
# Hits that lie deeper are counted, not shown.
DEEPEST = 100_000
# The memory of what was deleted, against a process that slept and would write it anew.
DELETES_REMEMBERED = "1d"

_CUT: dict[str, Callable[[str], list[str]]] = {
    **dict.fromkeys(("title", "body", "organization", "tags"), text.words),
    "grams": text.grams,
    "characters": text.different_characters,
    "slugs": str.split,
}
_RARITY = "query.boost * (Math.log((field.docCount + 1.0) / (term.docFreq + 1.0)) + 1.0)"
_SATURATED = (
    "double middle = (field.sumTotalTermFreq - field.docCount) / (field.docCount + 1.0);"
    "double share = middle > 0 ? Math.max(0.0, doc.length - 1.0) / middle : 0.0;"
    f"return weight * doc.freq * {K1 + 1} / (doc.freq + {K1} * ({1 - B} + {B} * share));"
)


def settings(shards: int) -> dict[str, Any]:
    """Of a new index that is being filled: nothing is searched before it is whole."""
    return {
        "index": {
            "number_of_shards": shards,
            "auto_expand_replicas": "0-1",
            "refresh_interval": "-1",  # by word of the reader
            "max_result_window": DEEPEST,
            "gc_deletes": DELETES_REMEMBERED,
            "similarity": {
                "words": {
                    "type": "scripted",
                    "weight_script": {"source": f"return {_RARITY};"},
                    "script": {"source": _SATURATED},
                },
                "marks": {
                    "type": "scripted",
                    "weight_script": {"source": f"return {_RARITY};"},
                    "script": {"source": "return weight;"},
                },
            },
            "analysis": {
                "tokenizer": {"blanks": {"type": "whitespace", "max_token_length": 4 * LONGEST_WORD}},
                "analyzer": {"ready": {"type": "custom", "tokenizer": "blanks"}},
            },
        }
    }


def mappings() -> dict[str, Any]:
    """The fields. Nothing of a record is kept but what is searched; the cursor's entry alone can be read back."""
    words = {"type": "text", "analyzer": "ready", "similarity": "words", "index_options": "freqs"}
    marks = {"type": "keyword", "similarity": "marks"}
    value, number = {"type": "keyword"}, {"type": "double"}
    return {
        "dynamic": "strict",
        "_source": {"includes": ["position", "rules"]},
        "properties": {
            **dict.fromkeys(("title", "body", "organization", "tags", "characters"), words),
            "grams": {**words, "index_options": "positions"},
            **dict.fromkeys(("code", "slugs"), marks),
            **dict.fromkeys(("kind", "status", "domain", "region"), value),
            **dict.fromkeys(("posted", "deadline", "budget_low", "budget_high"), number),
            "readiness": {"type": "byte"},
            "position": {"type": "long", "index": False, "doc_values": False},
            "rules": {"type": "keyword", "index": False, "doc_values": False},
        },
    }


def as_sent(document: IndexDocument) -> dict[str, Any]:
    """A document as OpenSearch takes it. Moments are seconds since 1970, sums yuan; what is unknown is left out."""
    texts = searched_texts(document)
    low, high = document.budget_low, document.budget_high
    cut = {name: [word_sent(word) for word in cutter(texts[name])] for name, cutter in _CUT.items()}
    sent: dict[str, Any] = {
        **{name: " ".join((BEGIN, *words)) for name, words in cut.items() if name != "slugs"},
        "slugs": list(dict.fromkeys((BEGIN, *cut["slugs"]))),
        "code": document.code,
        "kind": document.kind,
        "status": document.state,
        "domain": list(dict.fromkeys(document.domains)),
        "region": list(dict.fromkeys(document.region)),
        "posted": document.posted.timestamp(),
        "deadline": document.deadline.timestamp() if document.deadline is not None else None,
        "budget_low": low if low is not None else high,
        "budget_high": high if high is not None else low,
        "readiness": document.readiness or 0,
    }
    return {name: value for name, value in sent.items() if value is not None}


def word_sent(word: str) -> str:
    """A word as it is stored and asked for."""
    return word[:LONGEST_WORD]
