"""Checked rows taken into the hall: whose each is, created, updated or left as it is, and released."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic

from sqlmodel import Session, col, select

from scenario_hall.core.db import transaction
from scenario_hall.core.errors import HallError, Invalid
from scenario_hall.core.policy import Actor
from scenario_hall.core.texts import N_
from scenario_hall.exchange.contents import organization_details
from scenario_hall.exchange.faults import RowFault
from scenario_hall.exchange.report import ImportOptions, ImportReport, faults_of
from scenario_hall.exchange.rows import OrganizationRow, ProductRow, Row, ScenarioRow
from scenario_hall.organizations import service as organizations
from scenario_hall.organizations.lifecycle import REGISTERED
from scenario_hall.organizations.models import Organization, Side
from scenario_hall.products import service as products
from scenario_hall.products.lifecycle import LISTED
from scenario_hall.products.models import Product
from scenario_hall.publishing import service as publishing
from scenario_hall.publishing.models import PublishableType
from scenario_hall.scenarios import service as scenarios
from scenario_hall.scenarios.lifecycle import RELEASED
from scenario_hall.scenarios.models import Scenario

UNKNOWN_ORGANIZATION = N_(
    "“%(value)s” is not an organisation in the hall (or several have this name); it is kept with the list."
)
AGAIN = "导入清单更新 / The list was imported again"


class NotKept(Exception):
    """Ends the transaction of an import that has bad rows."""


class Owners:
    """Whose a row is: of the organisation that it names, of the one chosen for the list, or of the list's owner."""

    def __init__(self, session: Session, chosen: Organization | None, side: Side, report: ImportReport) -> None:
        self.session, self.chosen, self.side, self.report = session, chosen, side, report
        self._known: dict[str, Organization | None] = {}

    def of(self, name: str, row: int) -> Organization:
        if name and name not in self._known:
            query = select(Organization).where(
                col(Organization.name) == name, col(Organization.is_imported_list_owner).is_(False)
            )
            found = self.session.exec(query).all()
            self._known[name] = found[0] if len(found) == 1 else None
            if self._known[name] is None:
                message = N_(
                    "“%(value)s” is not an organisation in the hall (or several have this name); it is kept with "
                    "the list."
                )
                self.report.faults.append(RowFault(row, "organization", name, message))
        return self._known.get(name) or self.chosen or organizations.imported_list_owner(self.session, side=self.side)


@dataclass(frozen=True)
class UseCases(Generic[PublishableType]):
    """What an import does with one kind of record; each takes the actor first, then keyword arguments."""

    table: type[PublishableType]
    create: Callable[..., PublishableType]
    amend: Callable[..., PublishableType]
    publish: Callable[..., PublishableType]
    public_state: str


SCENARIOS: UseCases[Scenario] = UseCases(
    table=Scenario,
    create=scenarios.create_scenario,
    amend=lambda actor, record, **more: scenarios.amend_scenario(actor, scenario=record, **more),
    publish=lambda actor, record, **more: scenarios.release_scenario(actor, scenario=record, **more),
    public_state=RELEASED,
)
PRODUCTS: UseCases[Product] = UseCases(
    table=Product,
    create=products.create_product,
    amend=lambda actor, record, **more: products.amend_product(actor, product=record, **more),
    publish=lambda actor, record, **more: products.list_product(actor, product=record, **more),
    public_state=LISTED,
)


@dataclass
class Import:
    """One run: who imports, how, and the report that it fills."""

    actor: Actor
    session: Session
    options: ImportOptions
    report: ImportReport

    def take_all(self, rows: Sequence[Row], take: Callable[[Row], None]) -> ImportReport:
        """Take each row in one transaction; a row that a service refuses is reported like one that cannot be read."""
        session, report = self.session, self.report
        try:
            with transaction(session):
                for done, row in enumerate(rows, start=1):
                    try:
                        with session.begin_nested():
                            take(row)
                    except HallError as error:
                        report.faults += faults_of(row.number, error)
                    self.options.progress(done, len(rows))
                if report.errors and not self.options.skip_bad:
                    raise NotKept
        except NotKept:
            report.is_kept = False
            report.created = report.updated = report.unchanged = report.released = 0
        report.faults.sort(key=lambda fault: fault.row)
        return report

    def take_record(
        self,
        use: UseCases[PublishableType],
        row: ScenarioRow | ProductRow,
        owner: Organization,
        content: Mapping[str, Any],
    ) -> None:
        """Create the row's record or bring it to what the list says now, and release it if a reviewer is named."""
        found = self._earlier(use, owner, row)
        if found is None:
            found = use.create(
                self.actor,
                session=self.session,
                organization=owner,
                content=content,
                external_reference=_reference(row),
                source_cells=row.source_cells,
            )
            self.report.created += 1
        else:
            self._update(use, found, content)
        if self.options.reviewer is not None and found.state in found.drafting_states:
            publishing.submit(self.actor, session=self.session, record=found, version=None)
            use.publish(self.options.reviewer, found, session=self.session, version=None)
            self.report.released += 1

    def take_organization(self, row: OrganizationRow) -> None:
        """Create or update the row's organisation, and verify it if a reviewer is named."""
        details, reference = organization_details(row), _reference(row)
        found = self.session.exec(select(Organization).where(col(Organization.external_reference) == reference)).first()
        if found is None:
            found = organizations.create_organization(
                self.actor, session=self.session, details=details, external_reference=reference
            )
            self.report.created += 1
        else:
            details = organization_details(row, found)
            organizations.update_organization(
                self.actor, session=self.session, organization=found, version=None, details=details
            )
            self.report.updated += 1
        if self.options.reviewer is not None and found.state == REGISTERED:
            organizations.act_on_organization(
                self.options.reviewer, session=self.session, organization=found, action="verify"
            )
            self.report.released += 1

    def _earlier(
        self, use: UseCases[PublishableType], owner: Organization, row: ScenarioRow | ProductRow
    ) -> PublishableType | None:
        query = select(use.table).where(
            col(use.table.organization_id) == owner.pk, col(use.table.external_reference) == _reference(row)
        )
        return self.session.exec(query).first()

    def _update(self, use: UseCases[PublishableType], record: PublishableType, content: Mapping[str, Any]) -> None:
        if record.state in record.drafting_states:
            publishing.save_draft(self.actor, session=self.session, record=record, version=None, content=content)
            self.report.updated += 1
            return
        if record.state != use.public_state:
            self.report.unchanged += 1
            return
        try:
            use.amend(self.actor, record, session=self.session, version=None, content=content, reason=AGAIN)
            self.report.updated += 1
        except Invalid as error:
            if error.fields:
                raise
            self.report.unchanged += 1  # the list says what is public already


def _reference(row: ScenarioRow | ProductRow | OrganizationRow) -> str:
    # A list without ids can be imported again too: then the title is what a row is known by.
    return (row.id or f"title:{row.title}")[:200]
