"""Writes answers: the members that were asked for, and JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain
from typing import Any

from flask import Response, stream_with_context
from pydantic import BaseModel

from scenario_hall.api.values import RecordQuery, Told

LINES = "application/jsonl"


def narrowed(answer: BaseModel, query: Any) -> dict[str, Any]:
    """The members that ``fields`` names, and what names the record."""
    told: dict[str, Any] = answer.model_dump(mode="json")
    if not isinstance(query, RecordQuery) or query.fields is None:
        return told
    names = {*query.fields.split(","), "code", "id", "number"}
    return {name: value for name, value in told.items() if name in names}


def in_lines(told: Iterator[Told], query: Any) -> Response:
    """One line for each, written as it is read. What making the first one raises is raised before anything is sent."""
    first = next(told, None)
    begun = chain(() if first is None else (first,), told)
    lines = (json.dumps(narrowed(each, query), ensure_ascii=False, separators=(",", ":")) + "\n" for each in begun)
    return Response(stream_with_context(lines), content_type=LINES)
