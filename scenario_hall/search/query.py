"""The query box: words, "phrases", -not, OR, field:value, ranges. What is malformed is searched as words; nothing
errors."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from enum import StrEnum
from typing import Any

from scenario_hall.core.clock import HONG_KONG
from scenario_hall.language.dates import read_span
from scenario_hall.language.numerals import read_number
from scenario_hall.search.engine.index import SearchQuery
from scenario_hall.taxonomy.regions import find_regions

MAX_CHARACTERS = 400
MAX_CLAUSES = 64
TEXT_FIELDS = frozenset({"title", "tag", "org", "code"})
# budget:300000..1000000 (yuan) · level:6.. · deadline:..2026-12-31 · posted:2026-10-01.. · region:深圳 · kind:product
RANGE_FIELDS = frozenset({"budget", "level", "deadline", "posted"})
VALUE_FIELDS = frozenset({"region", "kind"})

_CLAUSE = re.compile(
    r"(?P<minus>(?<![^\s(])[-－])?(?:(?P<field>[a-zA-Z]+)[:：])?"
    r"(?:[\"“”「](?P<phrase>[^\"“”「」]{1,200})[\"“”」]|(?P<word>[^\s\"“”「」()（）]+))"
)
_RANGE = re.compile(r"(?P<low>[^.\s]*(?:\.\d+)?)\.\.(?P<high>\S*)|(?P<sign>[<>]=?)(?P<bound>\S+)")
_KINDS = {
    "scenario": "scenario",
    "场景": "scenario",
    "場景": "scenario",
    "product": "product",
    "产品": "product",
    "產品": "product",
}


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


@dataclass(frozen=True)
class ParsedQuery:
    """The clauses, and the filters that the text asks for."""

    clauses: tuple[Clause, ...]
    filters: dict[str, Any]
    has_or: bool = False
    misread: tuple[str, ...] = ()
    """Filters whose value could not be read; they are searched as words."""

    def narrowed(self, asked: SearchQuery) -> SearchQuery:
        """``asked`` with the text's own filters where it has none."""
        empty = SearchQuery()
        changes = {name: value for name, value in self.filters.items() if getattr(asked, name) == getattr(empty, name)}
        return replace(asked, **changes)


def parse(text: str) -> ParsedQuery:
    """The parts of ``text``, at most MAX_CLAUSES of its first MAX_CHARACTERS characters. ``OR`` between words is what
    they do anyhow; between phrases it makes them alternatives. Wildcards are searched as the words around them."""
    clauses: list[Clause] = []
    filters: dict[str, Any] = {}
    misread: list[str] = []
    has_or = is_negated = False
    for match in _CLAUSE.finditer(text[:MAX_CHARACTERS]):
        field = (match["field"] or "").lower()
        body = match["phrase"] or match["word"] or ""
        if (
            field in RANGE_FIELDS | VALUE_FIELDS
            and not (match["minus"] or is_negated)
            and (found := _filters(field, body))
        ):
            filters.update(found)
            continue
        if field in RANGE_FIELDS | VALUE_FIELDS and match["field"]:
            misread.append(match.group().strip())
        if field and field not in TEXT_FIELDS:
            body, field = f"{match['field']} {body}", ""
        body = re.sub(r"[*?~^]+", " ", body).strip()
        if body in ("OR", "|", "或"):
            has_or = True
            continue
        if body == "AND":
            continue
        if body == "NOT":
            is_negated = True
            continue
        if not body:
            continue
        occurrence = Occurrence.NOT if match["minus"] or is_negated else Occurrence.SHOULD
        is_negated = False
        clauses.append(Clause(body, occurrence, field, is_phrase=match["phrase"] is not None))
        if len(clauses) == MAX_CLAUSES:
            break
    return ParsedQuery(tuple(clauses), filters, has_or, tuple(misread))


def plain_words(text: str) -> str:
    """The words of a query without phrases, fields and what is excluded: what synonyms may stand for."""
    return " ".join(
        clause.text
        for clause in parse(text).clauses
        if clause.occurrence is Occurrence.SHOULD and not clause.is_phrase and clause.field in ("", "title")
    )


def _filters(field: str, body: str) -> dict[str, Any]:
    """The filters of one ``field:value``; none when the value cannot be read."""
    if field == "kind":
        return {"kind": _KINDS[body.lower()]} if body.lower() in _KINDS else {}
    if field == "region":
        found = find_regions(body)
        return {"regions": tuple(each.code for each in found)} if found else {}
    match = _RANGE.fullmatch(body)
    if match is None:
        low = high = body
    elif match["sign"]:
        low, high = (match["bound"], "") if match["sign"].startswith(">") else ("", match["bound"])
    else:
        low, high = match["low"], match["high"]
    return _bounds(field, low, high)


def _bounds(field: str, low: str, high: str) -> dict[str, Any]:
    try:
        if field in ("deadline", "posted"):
            first, end = (_moments(low)[0] if low else None), (_moments(high)[1] if high else None)
            names = ("deadline_after", "deadline_before") if field == "deadline" else ("posted_since", "posted_until")
            bounds: Sequence[Any] = (first, end)
        else:
            bounds = (_sum(low) if low else None, _sum(high) if high else None)
            names = ("budget_min", "budget_max") if field == "budget" else ("readiness_min", "")
    except ValueError:
        return {}
    return {name: bound for name, bound in zip(names, bounds, strict=True) if name and bound is not None}


def _sum(text: str) -> float:
    """Raises ValueError."""
    value = float(read_number(text))
    if not 0 <= value < 1e12:
        raise ValueError(text)
    return value


def _moments(text: str) -> tuple[datetime, datetime]:
    """The first and the last moment of a day, month, quarter, half or year. Raises ValueError."""
    days = read_span(text)
    if days is None:
        raise ValueError(text)
    return datetime.combine(days[0], time.min, HONG_KONG), datetime.combine(days[1], time.max, HONG_KONG)
