"""The OpenAPI 3.1 document, made from the declarations that requests are checked by."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema

from scenario_hall import __version__
from scenario_hall.api.declaring import RAW, Operation
from scenario_hall.api.operations import OPERATIONS
from scenario_hall.api.problems import CONTENT_TYPE, PROBLEMS, Problem
from scenario_hall.api.values import RecordQuery
from scenario_hall.core.texts import N_
from scenario_hall.organizations.tokens import SCOPE_NAMES, Scope

Schema = dict[str, Any]
References = dict[tuple[Any, JsonSchemaMode], Schema]
TEMPLATE = "#/components/schemas/{model}"
SUBJECTS: dict[str, str] = {
    "hall": N_("The hall"),
    "search": N_("Search"),
    "scenarios": N_("Scenarios"),
    "products": N_("Products"),
    "organizations": N_("Organisations"),
    "applications": N_("Applications"),
    "outcomes": N_("First trials & uses"),
    "certificates": N_("Certificates"),
    "saved-searches": N_("Saved searches"),
    "bookmarks": N_("Bookmarks"),
    "notices": N_("Notices"),
    "webhooks": N_("Webhooks"),
}
TAG = {"type": "string", "pattern": r'^"[^"]+"$'}


def _models() -> tuple[References, Schema]:
    asked: set[type[BaseModel]] = {each.body for each in OPERATIONS if each.body is not None}
    told: set[type[BaseModel]] = {each.answer for each in OPERATIONS} | {Problem}
    inputs: list[tuple[type[BaseModel], JsonSchemaMode]] = [
        *((each, "validation") for each in sorted(asked, key=_name)),
        *((each, "serialization") for each in sorted(told, key=_name)),
    ]
    references, schemas = models_json_schema(inputs, ref_template=TEMPLATE, schema_generator=GenerateJsonSchema)
    return references, schemas.get("$defs", {})


def _name(model: type[BaseModel]) -> str:
    return model.__name__


def document() -> Schema:
    """The whole document, its texts in the reader's language."""
    references, schemas = _models()
    paths: dict[str, Schema] = {}
    for operation in OPERATIONS:
        paths.setdefault(f"/api/v1{operation.path}", {})[operation.method.lower()] = _operation(operation, references)
    partial = {each.answer for each in OPERATIONS if issubclass(each.query, RecordQuery)}
    for model in partial:
        schema = schemas[references[model, "serialization"]["$ref"].rpartition("/")[2]]
        # ``fields`` leaves members out; what names the record always stays.
        schema["required"] = [name for name in schema.get("required", ()) if name in ("code", "id", "number")]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _("Scenario Hall"),
            "version": __version__,
            "description": _(
                "Scenarios, products, applications, first trials and first uses, for programs. Public things are read "
                "without a token; everything else takes one (Authorization: Bearer hall_…)."
            ),
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": _(text)} for name, text in SUBJECTS.items()],
        "paths": paths,
        "components": {
            "schemas": {name: _without_nulls(schema) for name, schema in schemas.items()},
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "\n".join(f"{scope.value}: {_(SCOPE_NAMES[scope])}" for scope in Scope),
                }
            },
        },
    }


def _without_nulls(schema: Any) -> Any:
    """Without “default: null” where null may not be sent: left out is what it means."""
    if isinstance(schema, dict):
        kept = {name: _without_nulls(value) for name, value in schema.items()}
        if kept.get("default", "") is None:
            del kept["default"]
        return kept
    return [_without_nulls(each) for each in schema] if isinstance(schema, list) else schema


def _operation(operation: Operation, references: References) -> Schema:
    problem = references[Problem, "serialization"]
    told: Schema = {
        "operationId": operation.name,
        "tags": [operation.subject],
        "summary": _(operation.summary),
        "parameters": [*_path(operation), *_query(operation), *_headers(operation)],
        "responses": {
            **_answers(operation, references),
            **{
                str(status): {
                    "description": _(PROBLEMS[status][1]),
                    "content": {CONTENT_TYPE: {"schema": problem}},
                    **({"headers": RETRY} if status in (429, 503) else {}),
                }
                for status in sorted(operation.problems)
            },
        },
        "security": [{"token": [scope.value]} for scope in operation.scopes] or [{}, {"token": []}],
    }
    if operation.body is not None:
        media: Schema = {"schema": references[operation.body, "validation"]}
        if operation.example is not None:
            media["example"] = dict(operation.example)
        told["requestBody"] = {"required": True, "content": {"application/json": media}}
    elif operation.is_raw:
        told["requestBody"] = {"required": True, "content": {RAW: {"schema": {"type": "string", "format": "binary"}}}}
    return told


RETRY = {"Retry-After": {"description": "Seconds", "schema": {"type": "integer"}}}
RATES = {
    name: {"description": "draft-ietf-httpapi-ratelimit-headers-11", "schema": {"type": "string"}}
    for name in ("RateLimit", "RateLimit-Policy")
}


def _answers(operation: Operation, references: References) -> Schema:
    schema: Schema = references[operation.answer, "serialization"]
    headers: Schema = {"ETag": {"description": _("Of this answer; its record's version first"), "schema": TAG}, **RATES}
    content: Schema = {"application/json": {"schema": schema}}
    if operation.listing is not None:
        content = {
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "items": {"type": "array", "items": schema},
                        "next": {"type": ["string", "null"], "description": _("Where the list goes on")},
                    },
                    "required": ["items", "next"],
                    "additionalProperties": False,
                }
            },
            "application/jsonl": {"schema": {"type": "string"}},
        }
        headers = dict(RATES)
    if operation.lines is not None:
        content["application/jsonl"] = {"schema": {"type": "string"}}
    if operation.gives_raw:
        content = {RAW: {"schema": {"type": "string", "format": "binary"}}}
    if operation.status == 201:
        headers["Location"] = {"schema": {"type": "string"}}
    found: Schema = {str(operation.status): {"description": _("Done"), "headers": headers, "content": content}}
    if links := _links(operation):
        found[str(operation.status)]["links"] = links
    if operation.is_read:
        found["304"] = {"description": _("Unchanged since If-None-Match")}
    return found


def _links(operation: Operation) -> Schema:
    """From what is made to everything that may be done with it: its code, and the ETag that a change asks for."""
    if operation.status != 201 or "code" not in operation.answer.model_fields:
        return {}
    return {
        each.name: {
            "operationId": each.name,
            "parameters": {
                "path.code": "$response.body#/code",
                **({"header.If-Match": "$response.header.ETag"} if each.is_versioned else {}),
            },
        }
        for each in OPERATIONS
        if each.parameters == ["code"] and each.path.split("/")[1] == _place(operation.answer)
    }


def _place(answer: type[BaseModel]) -> str:
    """Where answers of this type are had one by one."""
    return next(
        each.path.split("/")[1]
        for each in OPERATIONS
        if each.answer is answer and each.is_read and each.parameters == ["code"]
    )


def _path(operation: Operation) -> list[Schema]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1, "maxLength": 40}}
        for name in operation.parameters
    ]


def _query(operation: Operation) -> list[Schema]:
    schema = operation.query.model_json_schema(mode="validation")
    definitions = schema.get("$defs", {})
    found = []
    for name, each in schema["properties"].items():
        own = _without_null(_inlined(each, definitions))
        description = own.pop("description", "")
        own.pop("title", None)
        parameter = {"name": name, "in": "query", "required": name in schema.get("required", ()), "schema": own}
        if description:
            parameter["description"] = description
        found.append(parameter)
    return found


def _inlined(schema: Any, definitions: Schema) -> Any:
    if isinstance(schema, dict):
        if "$ref" in schema:
            return _inlined(definitions[schema["$ref"].rpartition("/")[2]], definitions)
        return {name: _inlined(value, definitions) for name, value in schema.items()}
    return [_inlined(each, definitions) for each in schema] if isinstance(schema, list) else schema


def _without_null(schema: Schema) -> Schema:
    """An address has no null: what is not there is left out."""
    kinds = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    rest = {name: value for name, value in schema.items() if name not in ("anyOf", "default") or value is not None}
    if len(kinds) == 1 and "anyOf" in rest:
        del rest["anyOf"]
        rest = {**kinds[0], **rest}
    if rest.get("default", "") is None:
        del rest["default"]
    return rest


def _headers(operation: Operation) -> list[Schema]:
    found: list[Schema] = []
    if operation.is_versioned:
        description = _("The ETag of what you saw, or * for whatever there is")
        schema = {"type": "string", "pattern": r'^(\*|"[0-9]{1,10}(\.[0-9a-f]{1,64})?(:br|:gzip)?")$'}
        found.append(
            {"name": "If-Match", "in": "header", "required": True, "description": description, "schema": schema}
        )
    if operation.keeps_answers:
        description = _("The same key and the same request: the same answer, done once; kept for a day")
        schema = {"type": "string", "pattern": "^[!-~]{1,255}$"}
        found.append(
            {"name": "Idempotency-Key", "in": "header", "required": False, "description": description, "schema": schema}
        )
    return found
