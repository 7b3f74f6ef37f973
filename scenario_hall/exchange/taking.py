"""One checked row taken into the hall: created, updated or left as it is, and released."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, col, select

from scenario_hall.core.policy import Actor
from scenario_hall.exchange.again import (
    earlier_organization,
    earlier_record,
    labels_of,
    merge_organization,
    merge_record,
    standing_content,
)
from scenario_hall.exchange.columns import ListKind
from scenario_hall.exchange.contents import details_content, details_from, values_from
from scenario_hall.exchange.faults import RowFault
from scenario_hall.exchange.merging import keep_given
from scenario_hall.exchange.models import ImportChange, ImportRow
from scenario_hall.exchange.references import within_list
from scenario_hall.exchange.use_cases import PRODUCTS, SCENARIOS, UseCases
from scenario_hall.organizations import service as organizations
from scenario_hall.organizations.lifecycle import REGISTERED
from scenario_hall.organizations.models import Organization
from scenario_hall.publishing import service as publishing
from scenario_hall.publishing.amending import accept_revision, waiting_revision
from scenario_hall.publishing.models import PublishableType

AGAIN = "导入清单更新 / The list was imported again"


@dataclass
class Tally:
    """What became of rows."""

    created: int = 0
    updated: int = 0
    waiting: int = 0
    unchanged: int = 0
    released: int = 0
    kept: int = 0


@dataclass
class Taker:
    """Who takes rows of a run, and the tally that is kept; ``reviewer`` releases, or None to leave drafts."""

    session: Session
    actor: Actor
    reviewer: Actor | None
    run_id: int
    tally: Tally = field(default_factory=Tally)
    conflicts: list[RowFault] = field(default_factory=list)

    def lock_earlier(self, kind: ListKind, rows: Sequence[ImportRow]) -> None:
        """Lock what earlier imports made of ``rows``, before the first of them locks the log's head: everybody else
        locks a record first and the head after it."""
        match kind:
            case ListKind.SCENARIOS:
                self._lock_records(SCENARIOS, rows)
            case ListKind.PRODUCTS:
                self._lock_records(PRODUCTS, rows)
            case ListKind.ORGANIZATIONS:
                references = col(Organization.external_reference).in_([row.reference for row in rows])
                query = select(Organization.id).where(references).order_by(col(Organization.id))
                self.session.exec(query.with_for_update()).all()

    def _lock_records(self, use: UseCases[PublishableType], rows: Sequence[ImportRow]) -> None:
        owners = {row.owner_id for row in rows}
        if None in owners:
            hall = organizations.find_list_owner(self.session, side=use.side)
            owners = (owners - {None}) | ({hall.pk} if hall is not None else set())
        query = select(use.table.id).where(
            col(use.table.organization_id).in_(owners),
            col(use.table.external_reference).in_(
                [reference for row in rows for reference in (row.reference, within_list(row.reference))]
            ),
        )
        self.session.exec(query.order_by(col(use.table.id)).with_for_update()).all()

    def take(self, kind: ListKind, row: ImportRow) -> None:
        """Take one row, within the caller's transaction. Raises what the services raise."""
        match kind:
            case ListKind.SCENARIOS:
                self._take_record(SCENARIOS, row)
            case ListKind.PRODUCTS:
                self._take_record(PRODUCTS, row)
            case ListKind.ORGANIZATIONS:
                self._take_organization(row)

    def _take_record(self, use: UseCases[PublishableType], row: ImportRow) -> None:
        """Create the row's record or bring it to what the list says now, and release it if a reviewer is named."""
        owner = (
            organizations.imported_list_owner(self.session, side=use.side)
            if row.owner_id is None
            else organizations.get_organization(self.session, row.owner_id)
        )
        found = earlier_record(self.session, use, owner, row.reference)
        if found is None:
            found = use.create(
                self.actor,
                session=self.session,
                organization=owner,
                content=values_from(use.table.fields, row.content),
                external_reference=row.reference,
                source_cells=row.source_cells,
            )
            outcome = "created"
            content = found.content()
            self._keep(found.subject, found.pk, {}, {name: content[name] for name in row.content}, is_created=True)
        else:
            found.external_reference = row.reference
            outcome = self._update(use, found, row)
        is_released = self.reviewer is not None and found.state in found.drafting_states
        if is_released:
            publishing.submit(self.actor, session=self.session, record=found, version=None)
            use.publish(self.reviewer, found, session=self.session, version=None)
        self._count(outcome, is_released=is_released)

    def _update(self, use: UseCases[PublishableType], record: PublishableType, row: ImportRow) -> str:
        if record.state not in record.drafting_states and record.state != use.public_state:
            return "unchanged"
        merged = merge_record(self.session, use, record, row)
        self._tell(merged.faults(row.number, row.sheet, labels_of(record.fields)))
        before = standing_content(self.session, record)
        content = values_from(record.fields, merged.content)
        outcome = "updated" if content else "unchanged"
        if record.state in record.drafting_states:
            if content:
                publishing.save_draft(self.actor, session=self.session, record=record, version=None, content=content)
        else:
            number = record.revision
            if content:
                use.amend(self.actor, record, session=self.session, version=None, content=content, reason=AGAIN)
                if record.revision == number and waiting_revision(self.session, record) is not None:
                    outcome = "waiting"
            self._accept(record)
        if content:
            changed = {name: before[name] for name in content}
            self._keep(record.subject, record.pk, changed, merged.content)
        keep_given(self.session, record.subject, record.pk, merged.given)
        return outcome

    def _take_organization(self, row: ImportRow) -> None:
        """Create or update the row's organisation, and verify it if a reviewer is named."""
        found = earlier_organization(self.session, row.reference)
        if found is None:
            found = organizations.create_organization(
                self.actor,
                session=self.session,
                details=details_from(row.content),
                external_reference=row.reference,
            )
            outcome = "created"
            content = details_content(found)
            self._keep(found.subject, found.pk, {}, {name: content[name] for name in row.content}, is_created=True)
        else:
            outcome = self._update_organization(found, row)
        is_released = self.reviewer is not None and found.state == REGISTERED
        if is_released and self.reviewer is not None:
            organizations.act_on_organization(self.reviewer, session=self.session, organization=found, action="verify")
        self._count(outcome, is_released=is_released)

    def _update_organization(self, organization: Organization, row: ImportRow) -> str:
        merged, before = merge_organization(self.session, organization, row), details_content(organization)
        self._tell(merged.faults(row.number, row.sheet, {}))
        if merged.content:
            details = details_from(merged.content, organization)
            organizations.update_organization(
                self.actor, session=self.session, organization=organization, version=None, details=details
            )
            changed = {name: before[name] for name in merged.content}
            self._keep(organization.subject, organization.pk, changed, merged.content)
        keep_given(self.session, organization.subject, organization.pk, merged.given)
        return "updated" if merged.content else "unchanged"

    def _keep(
        self, subject: str, record_id: int, before: dict[str, Any], after: dict[str, Any], *, is_created: bool = False
    ) -> None:
        """Keep what the run does here, to be undone, and what it gives, to be compared with."""
        change = ImportChange(
            run_id=self.run_id, subject=subject, record_id=record_id, is_created=is_created, before=before, after=after
        )
        self.session.add(change)
        keep_given(self.session, subject, record_id, after)

    def _tell(self, conflicts: list[RowFault]) -> None:
        self.conflicts += conflicts
        self.tally.kept += bool(conflicts)

    def _accept(self, record: PublishableType) -> None:
        """What waits of the record's substance is public where a reviewer is named."""
        waiting = waiting_revision(self.session, record)
        if self.reviewer is not None and waiting is not None:
            accept_revision(self.reviewer, session=self.session, record=record, proposed=waiting, version=None)
            self.tally.released += 1

    def _count(self, outcome: str, *, is_released: bool) -> None:
        setattr(self.tally, outcome, getattr(self.tally, outcome) + 1)
        self.tally.released += is_released
