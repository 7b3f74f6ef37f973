"""A document as terms by field: what the index holds of it, and what is kept so that it need not be cut again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from scenario_hall.language.text import Cut, cut, dictionary_digest
from scenario_hall.search.engine.columns import facet_terms, packed_row
from scenario_hall.search.engine.index import IndexDocument

FIELDS = ("body", "characters", "code", "facets", "grams", "organization", "slugs", "tags", "title")
# Neither stands in a term: words are letters and digits, codes and slugs are written by us.
_BETWEEN_FIELDS, _BETWEEN_TERMS = "\x1e", "\x1f"
Terms = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class CutDocument:
    """What is written of one document. ``row``: its numbers, as ``columns.PACKED``; ``terms``: by field, in order."""

    code: str
    row: bytes
    terms: Terms


def cut_document(document: IndexDocument, digest: int) -> CutDocument:
    """The document cut; ``digest`` as ``digest_of`` gives it. Raises ValueError for a code that is too long."""
    return CutDocument(document.code, packed_row(document, digest), terms_of_document(document))


def terms_of_document(document: IndexDocument) -> Terms:
    """The terms of each field, in order, with repetitions."""
    title, body, tags = cut(document.title), cut(document.body), _cut_again(document.tag_words, dictionary_digest())
    everything = (title, body, tags)
    return {
        "body": body.words,
        "characters": tuple(dict.fromkeys(each for part in everything for each in part.characters)),
        "code": (document.code,),
        "facets": facet_terms(document),
        "grams": tuple(gram for part in everything for gram in part.grams),
        "organization": _cut_again(document.organization, dictionary_digest()).words,
        "slugs": tuple(dict.fromkeys((*document.tags, *document.domains))),
        "tags": tags.words,
        "title": title.words,
    }


def digest_of(document: IndexDocument) -> int:
    """Stands for all that the index holds of the document, and for the dictionary it is cut with: 64 bits."""
    parts = (
        packed_row(document, 0),
        *(
            text.encode("utf-8", "surrogatepass")
            for text in (
                document.title,
                document.body,
                document.organization,
                document.tag_words,
                *facet_terms(document),
                _BETWEEN_FIELDS,
                *document.tags,
                *document.domains,
            )
        ),
    )
    found = blake2b(dictionary_digest().to_bytes(8), digest_size=8)
    for part in parts:
        found.update(len(part).to_bytes(4))
        found.update(part)
    return int.from_bytes(found.digest())


def kept_terms(terms: Terms) -> str:
    """The terms as one text that is stored beside the document."""
    return _BETWEEN_FIELDS.join(_BETWEEN_TERMS.join(terms[name]) for name in FIELDS)


def read_kept_terms(kept: str) -> Terms:
    """What ``kept_terms`` wrote. Raises ValueError for anything else."""
    fields = kept.split(_BETWEEN_FIELDS)
    return {name: tuple(text.split(_BETWEEN_TERMS)) if text else () for name, text in zip(FIELDS, fields, strict=True)}


@lru_cache(maxsize=1024)
def _cut_again(text: str, dictionary: int) -> Cut:
    """Of what many documents share: the names of tags and of organisations."""
    return cut(text)
