"""What an earlier import made of a row, and what becomes of it now."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from sqlmodel import Session, col, select

from scenario_hall.exchange.contents import details_content, values_from
from scenario_hall.exchange.merging import Merge, last_given, merge
from scenario_hall.exchange.models import ImportRow
from scenario_hall.exchange.references import within_list
from scenario_hall.exchange.use_cases import UseCases
from scenario_hall.organizations.models import Organization
from scenario_hall.publishing.amending import waiting_revision
from scenario_hall.publishing.content import content_of, fill
from scenario_hall.publishing.fields import ContentField
from scenario_hall.publishing.models import Publishable, PublishableType


def known_references(session: Session, table: type[Publishable], references: Iterable[str]) -> frozenset[str]:
    """Those of the references, or of what they are within their list, that some record has, whoever's it is."""
    asked = {each for reference in references for each in (reference, within_list(reference))}
    query = select(table.external_reference).where(col(table.external_reference).in_(asked))
    return frozenset(each for each in session.exec(query) if each is not None)


def earlier_record(
    session: Session, use: UseCases[PublishableType], owner: Organization, reference: str
) -> PublishableType | None:
    """The record that an earlier import of this row made; one of before lists had names counts for any list."""
    references = [reference, within_list(reference)] if owner.is_imported_list_owner else [reference]
    query = select(use.table).where(
        col(use.table.organization_id) == owner.pk, col(use.table.external_reference).in_(references)
    )
    found = {record.external_reference: record for record in session.exec(query)}
    return next((found[each] for each in references if each in found), None)


def earlier_organization(session: Session, reference: str) -> Organization | None:
    """The organisation that an earlier import of this row made."""
    return session.exec(select(Organization).where(col(Organization.external_reference) == reference)).first()


def merge_record(session: Session, use: UseCases[PublishableType], record: PublishableType, row: ImportRow) -> Merge:
    """What ``row`` changes of ``record``. Raises Invalid for values that no record can have."""
    fields = [field for field in use.table.fields if field.name in row.stated]
    written = SimpleNamespace(**{field.name: getattr(record, field.name) for field in use.table.fields})
    fill(written, use.table.fields, values_from(fields, {name: row.content[name] for name in row.stated}))
    stated = content_of(written, fields)  # as a record keeps them: trimmed, in the hall's own forms
    kept = last_given(session, record.subject, record.pk)
    return merge(
        {name: stated[name] for name in row.stated},
        last=kept.content if kept is not None else None,
        current=standing_content(session, record),
    )


def standing_content(session: Session, record: Publishable) -> dict[str, Any]:
    """The record's content with what waits for review."""
    waiting = waiting_revision(session, record)
    return {**record.content(), **(waiting.content if waiting is not None else {})}


def merge_organization(session: Session, organization: Organization, row: ImportRow) -> Merge:
    """The same for an organisation."""
    kept = last_given(session, organization.subject, organization.pk)
    return merge(
        {name: row.content[name] for name in row.stated},
        last=kept.content if kept is not None else None,
        current=details_content(organization),
    )


def labels_of(fields: Iterable[ContentField]) -> dict[str, str]:
    """What the fields are called."""
    return {field.name: field.label for field in fields}
