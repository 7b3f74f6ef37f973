"""Rows of a list as the content that the services take, and that content as JSON while it waits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from scenario_hall.core.clock import end_of_local_day
from scenario_hall.core.values import Requirement, Specification
from scenario_hall.exchange.rows import OrganizationRow, ProductRow, ScenarioRow
from scenario_hall.organizations.models import DETAIL_NAMES, Organization, Side
from scenario_hall.organizations.registration import RegistrationKind
from scenario_hall.organizations.service import OrganizationDetails
from scenario_hall.products.fields import FIELDS as PRODUCT_FIELDS
from scenario_hall.publishing.fields import ContentField, ValueKind
from scenario_hall.publishing.revisions import is_empty
from scenario_hall.scenarios.fields import FIELDS as SCENARIO_FIELDS
from scenario_hall.taxonomy.taxonomy import Taxonomy

MOST_GUESSED_DOMAINS = 2
_JSON = TypeAdapter(dict[str, Any])
_DETAILS = TypeAdapter(OrganizationDetails)
# The meaning of a column for each field, where they are not called alike.
_TARGETS = {field.name: field.list_column for field in (*SCENARIO_FIELDS, *PRODUCT_FIELDS) if field.list_column} | {
    "description": "text",
    "name": "title",
}
_MEANINGS: dict[str, set[str]] = {
    "budget_min": {"budget", "budget_min"},
    "budget_max": {"budget", "budget_max"},
    "price_min": {"price", "price_min"},
    "price_max": {"price", "price_max"},
    "place": {"region"},
    "regions_served": {"region"},
    "proposed_tags": {"tags"},
    "contact_name": {"contact"},
    "contact_phone": {"contact"},
    "contact_email": {"contact"},
}
_LENGTHS = {field.name: field.length for field in SCENARIO_FIELDS}


def scenario_content(row: ScenarioRow, taxonomy: Taxonomy) -> dict[str, Any]:
    """The plain fields as they are, and the others by name."""
    return {
        **row.texts,
        "wanted_result": _joined(row.texts["wanted_result"], row.requirements_text),
        "domains": list(row.domains) or _guessed_domains(f"{row.title}\n{row.texts['situation']}", taxonomy),
        "tags": list(row.tags),
        "proposed_tags": list(row.proposed_tags),
        "region": row.region,
        "place": row.place,
        "requirements": _own_lines(row.requirements, are_read=row.are_requirements_read),
        "budget_min": row.budget_min,
        "budget_max": row.budget_max,
        "currency": row.currency,
        "deadline": end_of_local_day(row.deadline) if row.deadline else None,
        "contact_name": row.contact.name[: _LENGTHS["contact_name"]],
        "contact_phone": row.contact.phone[: _LENGTHS["contact_phone"]],
        "contact_email": row.contact.email[: _LENGTHS["contact_email"]],
    }


def product_content(row: ProductRow, taxonomy: Taxonomy) -> dict[str, Any]:
    """The plain fields as they are, and the others by name."""
    return {
        **row.texts,
        "summary": _joined(row.texts["summary"], row.specifications_text),
        "domains": list(row.domains) or _guessed_domains(f"{row.title}\n{row.texts['summary']}", taxonomy),
        "tags": list(row.tags),
        "proposed_tags": list(row.proposed_tags),
        "specifications": _own_lines(row.specifications, are_read=row.are_specifications_read),
        "readiness_level": row.readiness_level,
        "price_min": row.price_min,
        "price_max": row.price_max,
        "currency": row.currency,
        "regions_served": list(row.regions),
    }


def content_as_json(row: ScenarioRow | ProductRow | OrganizationRow, taxonomy: Taxonomy) -> dict[str, Any]:
    """What is taken over of ``row``, as JSON values."""
    match row:
        case ScenarioRow():
            content = _JSON.dump_python(scenario_content(row, taxonomy), mode="json")
        case ProductRow():
            content = _JSON.dump_python(product_content(row, taxonomy), mode="json")
        case OrganizationRow():
            content = organization_content(row)
    return dict(content)


def stated_fields(
    row: ScenarioRow | ProductRow | OrganizationRow, content: Mapping[str, Any], *, clears_empty: bool
) -> list[str]:
    """The fields that the row says something of, and so may change of a record that is there; with ``clears_empty``
    also those whose columns are there and empty."""
    stated = {name for name, value in content.items() if not is_empty(value)}
    if not isinstance(row, OrganizationRow):
        ends = ("budget_min", "budget_max") if isinstance(row, ScenarioRow) else ("price_min", "price_max")
        if not stated & set(ends):
            stated.discard("currency")
        if not row.domains:
            stated.discard("domains")  # only guessed
        # Lines of a column of their own stand behind a text; without that text they are no new text.
        text, joined = (
            ("wanted_result", "requirements") if isinstance(row, ScenarioRow) else ("summary", "specifications")
        )
        if not row.texts[text] and joined not in row.emptied and _target_of(text) not in row.emptied:
            stated.discard(text)
    elif not row.registration_number:
        stated.discard("registration_kind")
    if clears_empty:
        stated |= {name for name in content if is_empty(content[name]) and _is_emptied(name, row.emptied)}
    return sorted(stated)


def _is_emptied(name: str, emptied: frozenset[str]) -> bool:
    return bool(_MEANINGS.get(name, {_target_of(name)}) & emptied)


def _target_of(name: str) -> str:
    return _TARGETS.get(name, name)


def values_from(fields: Iterable[ContentField], content: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a record from ``content_as_json``."""
    moments = {field.name for field in fields if field.kind is ValueKind.MOMENT}
    return {
        name: datetime.fromisoformat(value) if name in moments and value else value for name, value in content.items()
    }


def details_from(content: Mapping[str, Any], known: Organization | None = None) -> OrganizationDetails:
    """The details of an organisation from ``content_as_json``; of one that is ``known``, what no list tells stays."""
    kept = details_content(known) if known is not None else {}
    details: OrganizationDetails = _DETAILS.validate_python({"side": Side.BOTH, **kept, **content})
    return details


def details_content(organization: Organization) -> dict[str, Any]:
    """The details of an organisation as JSON values."""
    return dict(_JSON.dump_python({name: getattr(organization, name) for name in DETAIL_NAMES}, mode="json"))


def organization_content(row: OrganizationRow) -> dict[str, Any]:
    """What the row states of an organisation, as JSON values."""
    told: dict[str, Any] = {
        "name": row.title,
        "registration_kind": _kind_of(row.registration_number),
        "registration_number": row.registration_number,
        "region": row.region,
        "description": row.text,
        "tiers": row.tiers,
    }
    if row.side:
        told["side"] = row.side
    if row.website.startswith("http"):
        told["website"] = row.website
    return dict(_JSON.dump_python(told, mode="json"))


def _joined(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _own_lines(lines: Sequence[Requirement | Specification], *, are_read: bool) -> list[dict[str, Any]]:
    """The lines of a column of their own; what was only read from prose is read again by the matcher."""
    return [] if are_read else [line.model_dump(mode="json") for line in lines]


def _guessed_domains(text: str, taxonomy: Taxonomy) -> list[str]:
    """For a list that names no domain: those of the tags that the text mentions most."""
    found: dict[str, int] = {}
    for slug in taxonomy.mentioned_in(text):
        domain = taxonomy.domain_of(slug)
        if domain is not None:
            found[domain] = found.get(domain, 0) + 1
    return sorted(found, key=lambda domain: (-found[domain], domain))[:MOST_GUESSED_DOMAINS]


def _kind_of(number: str) -> RegistrationKind:
    compact = number.replace(" ", "").replace("-", "")
    if len(compact) == 18:
        return RegistrationKind.USCC
    if compact.isdigit() and len(compact) == 8:
        return RegistrationKind.HK_BR
    if compact.isdigit() and len(compact) == 7:
        return RegistrationKind.HK_CR
    return RegistrationKind.MACAO
