"""What the meanings of columns are called."""

from __future__ import annotations

from scenario_hall.core.texts import N_
from scenario_hall.exchange.columns import ListKind, targets
from scenario_hall.products.fields import FIELDS as PRODUCT_FIELDS
from scenario_hall.scenarios.fields import FIELDS as SCENARIO_FIELDS

KIND_NAMES: dict[ListKind, str] = {
    ListKind.SCENARIOS: N_("Scenarios"),
    ListKind.PRODUCTS: N_("Products"),
    ListKind.ORGANIZATIONS: N_("Organisations"),
}
_OWN_NAMES: dict[str, str] = {
    "ordinal": N_("Running number (left aside)"),
    "id": N_("Reference of the row"),
    "organization": N_("Organisation"),
    "manufacturer": N_("Manufacturer"),
    "registration_number": N_("Registration number"),
    "budget": N_("Budget"),
    "price": N_("Price"),
    "contact": N_("Contact"),
    "measure": N_("A measured value"),
    "readiness_level": N_("Readiness level (TRL)"),
    "title": N_("Title"),
    "text": N_("Description"),
    "region": N_("Region"),
    "side": N_("Side"),
    "tiers": N_("Recognised tiers"),
    "website": N_("Website"),
}
_FIELDS = {ListKind.SCENARIOS: SCENARIO_FIELDS, ListKind.PRODUCTS: PRODUCT_FIELDS, ListKind.ORGANIZATIONS: ()}


def meaning_names(kind: ListKind) -> dict[str, str]:
    """Each meaning that a column of such a list can have, with its name."""
    declared = {field.list_column: field.label for field in reversed(_FIELDS[kind]) if field.list_column}
    return {target: _OWN_NAMES.get(target) or declared.get(target, target) for target in targets(kind)}
