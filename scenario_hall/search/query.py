"""The query box: words, "phrases", -not, OR, field:value. What is malformed is searched as words; nothing errors."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

MAX_CHARACTERS = 400
MAX_CLAUSES = 64
FIELDS = frozenset({"title", "tag", "org", "code"})

_CLAUSE = re.compile(
    r"(?P<minus>(?<![^\s(])[-－])?(?:(?P<field>[a-zA-Z]+)[:：])?"
    r"(?:[\"“”「](?P<phrase>[^\"“”「」]{1,200})[\"“”」]|(?P<word>[^\s\"“”「」()（）]+))"
)


class Occurrence(StrEnum):
    SHOULD = "should"
    NOT = "not"


@dataclass(frozen=True)
class Clause:
    """One part of the query; a phrase is matched as a run."""

    text: str
    occurrence: Occurrence = Occurrence.SHOULD
    field: str = ""
    is_phrase: bool = False


def parse(text: str) -> list[Clause]:
    """The clauses of ``text``, at most MAX_CLAUSES of its first MAX_CHARACTERS characters. ``OR`` is what clauses do
    anyhow, so it is only skipped; wildcards are searched as the words around them."""
    clauses: list[Clause] = []
    for match in _CLAUSE.finditer(text[:MAX_CHARACTERS]):
        field = (match["field"] or "").lower()
        body = match["phrase"] or match["word"] or ""
        if field and field not in FIELDS:
            body, field = f"{match['field']} {body}", ""
        body = re.sub(r"[*?~^]+", " ", body).strip()
        if not body or body in ("OR", "|", "或"):
            continue
        occurrence = Occurrence.NOT if match["minus"] else Occurrence.SHOULD
        clauses.append(Clause(body, occurrence, field, is_phrase=match["phrase"] is not None))
        if len(clauses) == MAX_CLAUSES:
            break
    return clauses
