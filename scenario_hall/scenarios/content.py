"""Checks of what an author writes: what may be saved in a draft, and what a submission needs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from scenario_hall.core.clock import now
from scenario_hall.core.errors import Invalid
from scenario_hall.core.texts import N_
from scenario_hall.core.values import Requirement
from scenario_hall.publishing.content import check_range, parse_lines, strip_texts
from scenario_hall.scenarios.models import CONTACT, Scenario, ScenarioContent

FIELDS = tuple(ScenarioContent.model_fields)
PUBLIC_FIELDS = tuple(name for name in FIELDS if name not in CONTACT)


def public_content(scenario: Scenario) -> dict[str, Any]:
    """The content that everybody may read, as JSON values: what a revision keeps."""
    return scenario.model_dump(mode="json", include=set(PUBLIC_FIELDS))


def fill(scenario: Scenario, content: Mapping[str, Any]) -> None:
    """Put the given fields (any of FIELDS) into ``scenario``.

    A draft may be incomplete, but what is there must be well formed: raises Invalid, field by field, and then
    changes nothing.
    """
    faults: dict[str, str] = {}
    clean = strip_texts(content, fields=FIELDS, table=Scenario, faults=faults)
    if "requirements" in clean:
        clean["requirements"] = parse_lines(
            clean["requirements"],
            Requirement,
            field="requirements",
            told=N_("Each requirement needs a metric, a comparison and a value that fits it."),
            faults=faults,
        )
    low, high = clean.get("budget_min", scenario.budget_min), clean.get("budget_max", scenario.budget_max)
    check_range(low, high, fields=("budget_min", "budget_max"), faults=faults)
    if faults:
        raise Invalid(faults)
    for name, value in clean.items():
        setattr(scenario, name, value)


def missing(scenario: Scenario, moment: datetime | None = None) -> dict[str, str]:
    """What a submission still needs: field → what to do. Empty when it is complete."""
    needed = {
        "title": N_("Give it a title that a supplier understands at once."),
        "situation": N_("Say what happens today and what hurts."),
        "wanted_result": N_("Say what result is wanted."),
        "domains": N_("Choose at least one domain."),
        "region": N_("Choose the region."),
        "contact_name": N_("Name a contact; it is never public."),
    }
    if scenario.is_managed_by_hall():  # a published list says what it says; the hall answers for it
        needed = {"title": needed["title"]}
    faults = {name: told for name, told in needed.items() if not getattr(scenario, name)}
    if not (scenario.contact_phone or scenario.contact_email or scenario.is_managed_by_hall()):
        faults["contact_email"] = N_("Give the contact's e-mail address or telephone; it is never public.")
    if scenario.deadline is not None and scenario.deadline <= (moment or now()):
        faults["deadline"] = N_("The deadline is over already.")
    return faults
