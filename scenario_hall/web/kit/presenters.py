"""Stored values as a reader sees them, for comparing two revisions; dossiers as a template takes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from scenario_hall.core.values import Requirement, Specification
from scenario_hall.publishing.revisions import FieldChange
from scenario_hall.taxonomy.regions import region_name
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


def shown_content(content: Mapping[str, Any], fields: Iterable[str]) -> list[tuple[str, str]]:
    """A stored revision, field by field in words, without empty fields."""
    return [(name, shown(name, content[name])) for name in fields if content.get(name) not in (None, "", [])]


def shown(field: str, value: Any) -> str:
    """One value in words; “—” if it is empty."""
    if value in (None, "", []):
        return "—"
    if field in ("domains", "tags"):
        return ", ".join(taxonomy().get(slug).name(current_locale()) for slug in value)
    if field == "region":
        return region_name(value, current_locale())
    if field == "regions_served":
        return ", ".join(region_name(code, current_locale()) for code in value)
    if field == "requirements":
        lines = [Requirement.model_validate(line) for line in value]
        return "\n".join(f"{line.metric} {requirement_text(line)} ({named(line.necessity)})" for line in lines)
    if field == "specifications":
        lines_of_product = [Specification.model_validate(line) for line in value]
        return "\n".join(f"{line.metric} {specification_text(line)}" for line in lines_of_product)
    if field == "certificates":
        return "\n".join(
            f"{line['name']} {line.get('number') or ''} {line.get('expires') or ''}".strip() for line in value
        )
    if field == "deadline":
        return exact(value if isinstance(value, datetime) else datetime.fromisoformat(value))
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return str(value)
