"""Stored values as a reader sees them, for comparisons of two revisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from pydantic import BaseModel

from scenario_hall.core.values import Requirement, Specification
from scenario_hall.matching.engine.explanation import PART_NAMES
from scenario_hall.matching.service import ShownMatch
from scenario_hall.products.fields import HeldCertificate
from scenario_hall.publishing.fields import ContentField, ValueKind
from scenario_hall.publishing.revisions import FieldChange, is_empty
from scenario_hall.taxonomy.regions import region_name
from scenario_hall.web.kit.charts import Bar, bars
from scenario_hall.web.kit.language import current_locale, exact, named, requirement_text, specification_text
from scenario_hall.web.kit.request import taxonomy

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def fields_of(*dossiers: DataclassInstance) -> dict[str, Any]:
    """The fields of dossiers by name, as a template takes them."""
    return {each.name: getattr(dossier, each.name) for dossier in dossiers for each in fields(dossier)}


def shown_changes(differences: Iterable[FieldChange]) -> list[FieldChange]:
    """The same changes with their values in words."""
    return [
        FieldChange(change.field, shown(change.field, change.before), shown(change.field, change.after))
        for change in differences
    ]


def shown_content(content: Mapping[str, Any], fields: Iterable[ContentField]) -> list[tuple[str, str]]:
    """A revision that was kept, field by field in words under its label, without what it leaves open."""
    return [
        (_(field.label), shown(field, content[field.name])) for field in fields if not is_empty(content.get(field.name))
    ]


def shown(field: ContentField, value: Any) -> str:
    """One value in words; “—” for nothing."""
    if is_empty(value):
        return "—"
    match field.kind:
        case ValueKind.DOMAINS | ValueKind.TAGS:
            return ", ".join(taxonomy().get(slug).name(current_locale()) for slug in value)
        case ValueKind.REGION:
            return region_name(value, current_locale())
        case ValueKind.REGIONS:
            return ", ".join(region_name(code, current_locale()) for code in value)
        case ValueKind.LINES if field.line is not None:
            return "\n".join(_shown_line(field.line.model_validate(line)) for line in value)
        case ValueKind.MOMENT:
            return exact(value if isinstance(value, datetime) else datetime.fromisoformat(value))
        case ValueKind.WORDS:
            return ", ".join(value)
        case _:
            return str(value)


def _shown_line(line: BaseModel) -> str:
    match line:
        case Requirement():
            return f"{line.metric} {requirement_text(line)} ({named(line.necessity)})"
        case Specification():
            return f"{line.metric} {specification_text(line)}"
        case HeldCertificate():
            return f"{line.name} {line.number} {line.expires or ''}".strip()
        case _:
            return str(line)


def features_of(match: ShownMatch) -> list[Bar]:
    """What a match's score is made of, as bars whose values are points of the score; none without a score.

    The stored parts are shares of the rank (``Reasons.parts``), whose sum is kept as ``fit``: what the other parts
    leave of it came from region, budget, readiness and certificates, and may be below 0.
    """
    parts = dict(match.reasons.parts)
    if match.score is None or "fit" not in parts:
        return []
    rank = parts["fit"]
    parts["fit"] = rank - sum(value for name, value in parts.items() if name != "fit")
    gained = sum(value for value in parts.values() if value > 0)
    points = {
        name: round(match.score * max(parts.get(name, 0.0), 0.0) / gained) if gained > 0 else 0 for name in PART_NAMES
    }
    return bars((name, named(name, "part"), value, "") for name, value in points.items())
