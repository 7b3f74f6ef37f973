"""Our extension of OCDS, published by the hall itself: what it adds to the standard's schema, and its codelists, made
from the hall's own tables.

https://standard.open-contracting.org/1.1/en/guidance/map/extensions/; the files of an extension and what they need:
https://github.com/open-contracting/standard_extension_template.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from scenario_hall.core.values import COMPARISON_NAMES, NECESSITY_NAMES
from scenario_hall.open_data.rows import TOLD
from scenario_hall.outcomes.claim.rules import SCOPE_NAMES
from scenario_hall.outcomes.lifecycle import PUBLIC, STATE_NAMES
from scenario_hall.outcomes.models import OUTCOME_NAMES
from scenario_hall.outcomes.plan.metrics import METRIC_VERDICT_NAMES
from scenario_hall.scenarios.lifecycle import STATE_NAMES as SCENARIO_STATES

NAME = "Scenarios, first trials and first uses"
DESCRIPTION = (
    "Describes scenarios that are opened to new technology as tenders, with measurable requirements, and first trials "
    "and first uses as contracts, with what was measured and the certificate."
)
# Codelist → code → what it means. Those with a plus sign add to a codelist of the standard.
CODELISTS: Mapping[str, Mapping[str, str]] = {
    "scenarioState.csv": {state: name for state, name in SCENARIO_STATES.items() if state in TOLD["scenario"]},
    "trialKind.csv": OUTCOME_NAMES,
    "trialScope.csv": SCOPE_NAMES,
    "trialState.csv": {state: name for state, name in STATE_NAMES.items() if state in PUBLIC},
    "comparison.csv": COMPARISON_NAMES,
    "necessity.csv": NECESSITY_NAMES,
    "metricVerdict.csv": METRIC_VERDICT_NAMES,
    "firstStatus.csv": {"valid": "Valid", "revoked": "Revoked"},
    "+documentType.csv": {
        "trialReport": "Record of the trial with what was measured",
        "firstCertificate": "Certificate of the first trial or first use",
    },
    "+milestoneType.csv": {"publicNotice": "Public notice, in which everybody may object"},
    "+partyRole.csv": {"pilotPlatform": "Pilot platform that hosts the trial or attests to it"},
}


def extension_file(name: str, base: str) -> tuple[str, str] | None:
    """The text and the media type of one of the extension's files; None where there is no such file."""
    if name == "extension.json":
        return _written(_metadata(base)), "application/json"
    if name == "release-schema.json":
        return _written(release_schema()), "application/json"
    codelist = CODELISTS.get(name.removeprefix("codelists/")) if name.startswith("codelists/") else None
    return None if codelist is None else (_codelist(codelist), "text/csv")


def _written(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _metadata(base: str) -> dict[str, Any]:
    return {
        "name": {"en": NAME},
        "description": {"en": DESCRIPTION},
        "documentationUrl": {"en": f"{base}/open-data?lang=en"},
        "compatibility": ["1.1"],
        "schemas": ["release-schema.json"],
        "codelists": list(CODELISTS),
    }


def _codelist(codes: Mapping[str, str]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(("Code", "Title", "Description"))
    writer.writerows((str(code), text, text) for code, text in codes.items())
    return file.getvalue()


def _code(title: str, codelist: str) -> dict[str, Any]:
    """One of a closed codelist of ours."""
    codes = [str(code) for code in CODELISTS[codelist]]
    return {**_field(title, "string"), "codelist": codelist, "openCodelist": False, "enum": codes}


def _field(title: str, kind: str | Sequence[str], **more: Any) -> dict[str, Any]:
    return {"title": title, "description": f"{title}.", "type": kind, **more}


def _object(title: str, properties: Mapping[str, Any], *required: str) -> dict[str, Any]:
    told: dict[str, Any] = {"title": title, "description": f"{title}.", "type": "object", "properties": properties}
    return {**told, "required": list(required)} if required else told


def _line() -> dict[str, Any]:
    """What a requirement and a measured metric share."""
    return {
        "metric": _field("Name of the metric", "string", minLength=1),
        "comparison": _code("How the value is compared", "comparison.csv"),
        "value": _field("Value, or the lower end of a range", ["number", "null"]),
        "valueHigh": _field("Upper end of a range", ["number", "null"]),
        "unit": _field("Unit", ["string", "null"]),
        "note": _field("Note", ["string", "null"]),
    }


def release_schema() -> dict[str, Any]:
    """What is merged into the standard's ``release-schema.json`` (RFC 7396)."""
    texts = {"type": "array", "items": {"type": "string"}, "uniqueItems": True}
    requirement = {**_line(), "necessity": _code("Whether it must be met", "necessity.csv")}
    metric = {
        **_line(),
        "baseline": _field("What was measured before", ["number", "null"]),
        "method": _field("How it was measured", ["string", "null"]),
        "sample": _field("How much was measured", ["string", "null"]),
        "measured": _field("What was measured, or the lower end", ["number", "null"]),
        "measuredHigh": _field("Upper end of what was measured", ["number", "null"]),
        "verdict": _code("Whether the value was reached", "metricVerdict.csv"),
    }
    scenario = {
        "state": _code("State of the scenario", "scenarioState.csv"),
        "wantedResult": _field("The result that is wanted", ["string", "null"]),
        "region": _field("Region by GB/T 2260", ["string", "null"]),
        "domains": {"title": "Domains", "description": "Slugs of the hall's taxonomy.", **texts},
        "tags": {"title": "Tags", "description": "Slugs of the hall's taxonomy.", **texts},
        "requirements": _lines("Requirements", "ScenarioRequirement"),
    }
    trial = {
        "kind": _code("First trial or first use", "trialKind.csv"),
        "scope": _code("Within what it is the first", "trialScope.csv"),
        "state": _code("State of the record", "trialState.csv"),
        "place": _field("Where it took place", ["string", "null"]),
        "planHash": _field("SHA-256 of the plan that both sides signed", ["string", "null"]),
        "metrics": _lines("Metrics", "TrialMetric"),
        "first": {"$ref": "#/definitions/First"},
    }
    first = {
        "certificate": _field("Number of the certificate", "string", minLength=1),
        "status": _code("Whether it stands", "firstStatus.csv"),
        "issuedAt": _field("When it was issued", ["string", "null"], format="date-time"),
        "revokedAt": _field("When it was revoked", ["string", "null"], format="date-time"),
    }
    return {
        "definitions": {
            "Tender": {"properties": {"scenario": {"$ref": "#/definitions/Scenario"}}},
            "Contract": {"properties": {"trial": {"$ref": "#/definitions/Trial"}}},
            "Scenario": _object("Scenario", scenario),
            "ScenarioRequirement": _object("Requirement of a scenario", requirement, "metric", "comparison"),
            "Trial": _object("First trial or first use", trial, "kind", "state"),
            "TrialMetric": _object("Metric of a trial", metric, "metric", "comparison", "verdict"),
            "First": _object("Certificate of a first", first, "certificate", "status"),
        }
    }


def _lines(title: str, definition: str) -> dict[str, Any]:
    return {
        "title": title,
        "description": f"{title}.",
        "type": "array",
        "items": {"$ref": f"#/definitions/{definition}"},
    }
