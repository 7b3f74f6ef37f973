"""The document as people read it: each operation with its parameters, its body line by line, and a request that can be
pasted."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scenario_hall.api.declaring import Operation
from scenario_hall.api.document import SUBJECTS, Schema, document
from scenario_hall.api.operations import OPERATIONS

DEEPEST = 4
# What stands in an example for something of the reader's own.
CODES = {
    "scenarios": "S-2026-000001",
    "products": "P-2026-000001",
    "applications": "A-2026-000001",
    "outcomes": "T-2026-000001",
    "number": "C-2026-000001",
    "product": "P-2026-000001",
    "other": "S-2026-000002",
    "month": "3",
    "kind": "scenario",
    "key": "S-2026-000001",
}


@dataclass(frozen=True)
class Member:
    """One member of a body or an answer, or one parameter of an address."""

    name: str
    type: str
    is_required: bool
    about: str


@dataclass(frozen=True)
class ShownOperation:
    """One operation on the page."""

    name: str
    method: str
    path: str
    summary: str
    scopes: Sequence[str]
    parameters: Sequence[Member]
    body: Sequence[Member]
    answer: Sequence[Member]
    answers_like: str  # the operation that shows the same answer already
    status: int
    problems: Sequence[int]
    curl: str


@dataclass(frozen=True)
class Chapter:
    """The operations of one subject; ``title`` is a message id."""

    subject: str
    title: str
    operations: Sequence[ShownOperation]


def chapters(base_url: str) -> list[Chapter]:
    """Everything, in the order of the document, its texts in the reader's language."""
    told = document()
    first = {each.answer: each.name for each in reversed(OPERATIONS)}
    return [
        Chapter(
            subject,
            title,
            [_shown(each, told, first, base_url) for each in OPERATIONS if each.subject == subject],
        )
        for subject, title in SUBJECTS.items()
    ]


def _shown(operation: Operation, told: Schema, first: Mapping[type, str], base_url: str) -> ShownOperation:
    schemas: Schema = told["components"]["schemas"]
    described: Schema = told["paths"][f"/api/v1{operation.path}"][operation.method.lower()]
    body = described.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    answer = described["responses"][str(operation.status)]["content"]
    schema = answer.get("application/json", {}).get("schema", {})
    return ShownOperation(
        name=operation.name,
        method=operation.method,
        path=f"/api/v1{operation.path}",
        summary=described["summary"],
        scopes=[scope.value for scope in operation.scopes],
        parameters=[
            Member(each["name"], type_of(each["schema"], schemas), each["required"], each.get("description", ""))
            for each in described["parameters"]
        ],
        body=list(members(body, schemas)),
        answer=list(members(schema, schemas)) if first[operation.answer] == operation.name else (),
        answers_like=first[operation.answer] if first[operation.answer] != operation.name else "",
        status=operation.status,
        problems=sorted(operation.problems),
        curl=curl_of(operation, base_url),
    )


def members(schema: Schema, schemas: Schema, before: str = "", depth: int = 0) -> Iterator[Member]:
    """The members of an object and of the objects in it, each by its way from the top."""
    whole = _resolved(schema, schemas)
    needed = whole.get("required", ())
    for name, each in whole.get("properties", {}).items():
        own = _resolved(each, schemas)
        yield Member(f"{before}{name}", type_of(each, schemas), name in needed, own.get("description", ""))
        inner, sign = (_resolved(own["items"], schemas), "[].") if "items" in own else (own, ".")
        if depth < DEEPEST and "properties" in inner:
            yield from members(inner, schemas, f"{before}{name}{sign}", depth + 1)


def _resolved(schema: Schema, schemas: Schema) -> Schema:
    """Without a reference, and of several forms the one that is not null; what is said beside a reference stays."""
    kinds = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    if len(kinds) == 1:
        schema = {**kinds[0], **{name: value for name, value in schema.items() if name != "anyOf"}}
    if "$ref" not in schema:
        return schema
    found: Schema = schemas[schema["$ref"].rpartition("/")[2]]
    return {**found, **{name: value for name, value in schema.items() if name != "$ref"}}


def type_of(schema: Schema, schemas: Schema) -> str:
    """“string”, “integer 1…100”, “draft | submitted”, with “null” where it may be."""
    may_be_null = any(each.get("type") == "null" for each in schema.get("anyOf", ()))
    whole = _resolved(schema, schemas)
    if "anyOf" in whole:
        text = " | ".join(type_of(each, schemas) for each in whole["anyOf"] if each.get("type") != "null")
    elif "enum" in whole:
        text = " | ".join(str(each) for each in whole["enum"])
    elif "const" in whole:
        text = str(whole["const"]) or '""'
    elif whole.get("type") == "array":
        text = f"[{type_of(whole.get('items', {}), schemas)}]"
    else:
        text = " ".join(part for part in (str(whole.get("format") or whole.get("type", "")), _bounds(whole)) if part)
    return f"{text} | null" if may_be_null else text


def _bounds(schema: Schema) -> str:
    low, high = schema.get("minimum"), schema.get("maximum", schema.get("exclusiveMaximum"))
    if low is not None or high is not None:
        return f"{'' if low is None else low}…{'' if high is None else high}"
    return f"≤ {schema['maxLength']}" if "maxLength" in schema else ""


def curl_of(operation: Operation, base_url: str) -> str:
    """A request that can be pasted into a shell; ``$TOKEN`` and what stands in CODES is the reader's own."""
    place = operation.path.split("/")[1]
    path = operation.path
    for name in operation.parameters:
        path = path.replace(f"{{{name}}}", CODES.get(name) or (CODES.get(place, "1") if name == "code" else "1"))
    query = "?name=report.pdf&role=attachment" if operation.is_raw else ""
    method = "" if operation.method == "GET" else f"-X {operation.method} "
    parts = [f"curl {method}{shlex.quote(f'{base_url}/api/v1{path}{query}')}"]
    if operation.scopes:
        parts.append('-H "Authorization: Bearer $TOKEN"')
    if operation.is_versioned:
        parts.append("-H 'If-Match: *'")
    if operation.keeps_answers:
        parts.append('-H "Idempotency-Key: $(date +%s%N)"')
    if operation.body is not None:
        parts.append("-H 'Content-Type: application/json'")
        parts.append(f"--data {shlex.quote(_written(operation.example))}")
    elif operation.is_raw:
        parts += ["-H 'Content-Type: application/octet-stream'", "--data-binary @report.pdf"]
    return " \\\n  ".join(parts)


def _written(example: Any) -> str:
    return json.dumps(example, ensure_ascii=False)
