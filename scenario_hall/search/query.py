"""The query box: words, "phrases", -not, OR, field:value, ranges. What is malformed is searched as words; nothing
errors."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from scenario_hall.core.clock import HONG_KONG
from scenario_hall.search.index import SearchQuery
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
    "scenario": "scenario", "场景": "scenario", "場景": "scenario",
    "product": "product", "产品": "product", "產品": "product",
}  # fmt: skip


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
    has_or = False
    for match in _CLAUSE.finditer(text[:MAX_CHARACTERS]):
        field = (match["field"] or "").lower()
        body = match["phrase"] or match["word"] or ""
        if field in RANGE_FIELDS | VALUE_FIELDS and not match["minus"] and (found := _filters(field, body)):
            filters.update(found)
            continue
        if field and field not in TEXT_FIELDS:
            body, field = f"{match['field']} {body}", ""
        body = re.sub(r"[*?~^]+", " ", body).strip()
        if body in ("OR", "|", "或"):
            has_or = True
            continue
        if not body:
            continue
        occurrence = Occurrence.NOT if match["minus"] else Occurrence.SHOULD
        clauses.append(Clause(body, occurrence, field, is_phrase=match["phrase"] is not None))
        if len(clauses) == MAX_CLAUSES:
            break
    return ParsedQuery(tuple(clauses), filters, has_or)


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
            first, last = (_day(low) if low else None), (_day(high) if high else None)
            end = last + timedelta(days=1) - timedelta(microseconds=1) if last is not None else None
            names = ("deadline_after", "deadline_before") if field == "deadline" else ("posted_since", "posted_until")
            bounds: Sequence[Any] = (first, end)
        else:
            bounds = (_number(low) if low else None, _number(high) if high else None)
            names = ("budget_min", "budget_max") if field == "budget" else ("readiness_min", "")
    except ValueError:
        return {}
    return {name: bound for name, bound in zip(names, bounds, strict=True) if name and bound is not None}


def _number(text: str) -> float:
    factor = 1e8 if text.endswith("亿") else 1e4 if text.endswith("万") else 1.0
    value = float(text.rstrip("万亿")) * factor
    if not 0 <= value < 1e12:
        raise ValueError(text)
    return value


def _day(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=HONG_KONG)
