"""What the hall publishes as open data: one declaration a kind of record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlmodel import Session, col, select

from scenario_hall.config import Settings
from scenario_hall.core.texts import N_
from scenario_hall.core.values import Requirement, Specification
from scenario_hall.open_data.ocds import STANDARD, release_of
from scenario_hall.open_data.rows import (
    Row,
    certificate_row,
    organization_row,
    outcome_row,
    product_row,
    scenario_row,
)
from scenario_hall.organizations.models import Organization
from scenario_hall.outcomes.certificate.models import Certificate
from scenario_hall.outcomes.models import Outcome
from scenario_hall.products.models import Product
from scenario_hall.publishing.models import Publishable
from scenario_hall.scenarios.models import Scenario

ALL_FORMS = ("jsonl", "csv", "xlsx")


@dataclass(frozen=True)
class Dataset:
    """One kind of record in files by year: the year in which it came to be public, in Hong Kong.

    ``row`` says what is told of a record, None where nothing is; ``columns``: of a table, none where it is no table;
    ``lines``: columns that hold lists of such lines.
    """

    name: str
    title: str  # message id
    description: str  # message id
    table: type[Any]
    columns: tuple[str, ...]
    began: Callable[[Any], datetime]
    row: Callable[[Session, Settings, Any], Row | None]
    lines: Mapping[str, type[BaseModel]] = field(default_factory=dict)
    forms: tuple[str, ...] = ALL_FORMS
    conforms_to: str = ""  # the address of a standard

    def batch(self, session: Session, after: int, size: int) -> list[Any]:
        """The next rows of the table by their ids, told or not."""
        key = col(self.table.id)
        return list(session.exec(select(self.table).where(key > after).order_by(key).limit(size)))


def _names(table: type[Publishable]) -> tuple[str, ...]:
    return tuple(each.name for each in table.fields if not each.is_private)


_RECORD = ("code", "page", "state", "revision", "published_at", "organization", "organization_name")
_OUTCOME = (
    *("code", "page", "kind", "state", "scope", "scenario", "scenario_title", "product", "product_title"),
    *(
        "supplier",
        "supplier_name",
        "demand",
        "demand_name",
        "platform",
        "platform_name",
        "place",
        "starts_on",
        "ends_on",
    ),
    *("metrics", "summary", "plan_hash", "notice_from", "notice_until", "approved_at", "certificate", "reason"),
)
_CERTIFICATE = (
    *("number", "page", "outcome", "kind", "scope", "product", "product_title", "scenario", "scenario_title"),
    *("supplier", "demand", "is_valid", "issued_at", "revoked_at", "revocation_reason"),
)
_ORGANIZATION = ("id", "page", "name", "side", "region", "description", "website", "tiers", "is_pilot_platform")


DATASETS: tuple[Dataset, ...] = (
    Dataset(
        "scenarios",
        N_("Scenarios"),
        N_("Real places and problems that are opened to new technology, with requirements, budget and deadline."),
        Scenario,
        (*_RECORD, *_names(Scenario)),
        lambda each: each.released_at or each.created_at,
        scenario_row,
        {"requirements": Requirement},
    ),
    Dataset(
        "products",
        N_("Products"),
        N_("New technologies and products that suppliers offer, with their specifications."),
        Product,
        (*_RECORD, *_names(Product)),
        lambda each: each.listed_at or each.created_at,
        product_row,
        {"specifications": Specification},
    ),
    Dataset(
        "outcomes",
        N_("Trials and uses"),
        N_("First trials and first uses from their public notice on, with what was measured."),
        Outcome,
        _OUTCOME,
        lambda each: each.notice_from or each.created_at,
        outcome_row,
    ),
    Dataset(
        "certificates",
        N_("Certificates"),
        N_("Certificates of first trials and first uses, and which of them were revoked."),
        Certificate,
        _CERTIFICATE,
        lambda each: each.issued_at,
        certificate_row,
    ),
    Dataset(
        "organizations",
        N_("Organisations"),
        N_("Verified organisations, by the year in which they registered."),
        Organization,
        _ORGANIZATION,
        lambda each: each.created_at,
        organization_row,
    ),
    Dataset(
        "ocds",
        N_("Scenarios with their trials, in the Open Contracting Data Standard"),
        N_("One release a scenario, by OCDS 1.1: the scenario as the tender, trials and uses as its contracts."),
        Scenario,
        (),
        lambda each: each.released_at or each.created_at,
        release_of,
        forms=("jsonl", "json"),
        conforms_to=STANDARD,
    ),
)
