"""One checked row taken into the hall: created, updated or left as it is, and released."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic

from sqlmodel import Session, col, select

from scenario_hall.core.errors import Invalid
from scenario_hall.core.policy import Actor
from scenario_hall.exchange.columns import ListKind
from scenario_hall.exchange.contents import details_from, values_from
from scenario_hall.exchange.models import ImportRow
from scenario_hall.organizations import service as organizations
from scenario_hall.organizations.lifecycle import REGISTERED
from scenario_hall.organizations.models import Organization, Side
from scenario_hall.products import service as products
from scenario_hall.products.lifecycle import LISTED
from scenario_hall.products.lifecycle import SUBMITTED as PRODUCT_SUBMITTED
from scenario_hall.products.models import Product
from scenario_hall.publishing import service as publishing
from scenario_hall.publishing.amending import accept_revision, waiting_revision
from scenario_hall.publishing.models import PublishableType
from scenario_hall.scenarios import service as scenarios
from scenario_hall.scenarios.lifecycle import RELEASED
from scenario_hall.scenarios.lifecycle import SUBMITTED as SCENARIO_SUBMITTED
from scenario_hall.scenarios.models import Scenario

AGAIN = "导入清单更新 / The list was imported again"


@dataclass(frozen=True, kw_only=True)
class UseCases(Generic[PublishableType]):
    """What an import does with one kind of record; each takes the actor first, then keyword arguments."""

    table: type[PublishableType]
    side: Side  # of those who have such records
    create: Callable[..., PublishableType]
    refuse_other_side: Callable[[Actor, Organization], None]
    amend: Callable[..., PublishableType]
    publish: Callable[..., PublishableType]
    publish_action: str
    submitted_state: str
    public_state: str


SCENARIOS: UseCases[Scenario] = UseCases(
    table=Scenario,
    side=Side.DEMAND,
    create=scenarios.create_scenario,
    refuse_other_side=scenarios.refuse_supply_side,
    amend=lambda actor, record, **more: scenarios.amend_scenario(actor, scenario=record, **more),
    publish=lambda actor, record, **more: scenarios.release_scenario(actor, scenario=record, **more),
    publish_action="release",
    submitted_state=SCENARIO_SUBMITTED,
    public_state=RELEASED,
)
PRODUCTS: UseCases[Product] = UseCases(
    table=Product,
    side=Side.SUPPLY,
    create=products.create_product,
    refuse_other_side=products.refuse_demand_side,
    amend=lambda actor, record, **more: products.amend_product(actor, product=record, **more),
    publish=lambda actor, record, **more: products.list_product(actor, product=record, **more),
    publish_action="list",
    submitted_state=PRODUCT_SUBMITTED,
    public_state=LISTED,
)


@dataclass
class Tally:
    """What became of rows."""

    created: int = 0
    updated: int = 0
    waiting: int = 0
    unchanged: int = 0
    released: int = 0


@dataclass
class Taker:
    """Who takes rows, and the tally that is kept; ``reviewer`` releases, or None to leave drafts."""

    session: Session
    actor: Actor
    reviewer: Actor | None
    tally: Tally = field(default_factory=Tally)

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
            col(use.table.external_reference).in_([row.reference for row in rows]),
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
        content = values_from(use.table.fields, row.content)
        found = earlier_record(self.session, use, owner, row.reference)
        if found is None:
            found = use.create(
                self.actor,
                session=self.session,
                organization=owner,
                content=content,
                external_reference=row.reference,
                source_cells=row.source_cells,
            )
            outcome = "created"
        else:
            outcome = self._update(use, found, content)
        is_released = self.reviewer is not None and found.state in found.drafting_states
        if is_released:
            publishing.submit(self.actor, session=self.session, record=found, version=None)
            use.publish(self.reviewer, found, session=self.session, version=None)
        self._count(outcome, is_released=is_released)

    def _update(self, use: UseCases[PublishableType], record: PublishableType, content: Mapping[str, Any]) -> str:
        if record.state in record.drafting_states:
            publishing.save_draft(self.actor, session=self.session, record=record, version=None, content=content)
            return "updated"
        if record.state != use.public_state:
            return "unchanged"
        number, outcome = record.revision, "updated"
        try:
            use.amend(self.actor, record, session=self.session, version=None, content=content, reason=AGAIN)
        except Invalid as error:
            if error.fields:
                raise
            outcome = "unchanged"  # the list says what is public already, or waits for review
        else:
            if record.revision == number and waiting_revision(self.session, record) is not None:
                outcome = "waiting"
        self._accept(record)
        return outcome

    def _take_organization(self, row: ImportRow) -> None:
        """Create or update the row's organisation, and verify it if a reviewer is named."""
        found = earlier_organization(self.session, row.reference)
        details = details_from(row.content, found)
        outcome = "created" if found is None else "updated"
        if found is None:
            found = organizations.create_organization(
                self.actor, session=self.session, details=details, external_reference=row.reference
            )
        else:
            organizations.update_organization(
                self.actor, session=self.session, organization=found, version=None, details=details
            )
        is_released = self.reviewer is not None and found.state == REGISTERED
        if is_released and self.reviewer is not None:
            organizations.act_on_organization(self.reviewer, session=self.session, organization=found, action="verify")
        self._count(outcome, is_released=is_released)

    def _accept(self, record: PublishableType) -> None:
        """What waits of the record's substance is public where a reviewer is named."""
        waiting = waiting_revision(self.session, record)
        if self.reviewer is not None and waiting is not None:
            accept_revision(self.reviewer, session=self.session, record=record, proposed=waiting, version=None)
            self.tally.released += 1

    def _count(self, outcome: str, *, is_released: bool) -> None:
        setattr(self.tally, outcome, getattr(self.tally, outcome) + 1)
        self.tally.released += is_released


def earlier_record(
    session: Session, use: UseCases[PublishableType], owner: Organization, reference: str
) -> PublishableType | None:
    """The record that an earlier import of this row made."""
    query = select(use.table).where(
        col(use.table.organization_id) == owner.pk, col(use.table.external_reference) == reference
    )
    return session.exec(query).first()


def earlier_organization(session: Session, reference: str) -> Organization | None:
    """The organisation that an earlier import of this row made."""
    return session.exec(select(Organization).where(col(Organization.external_reference) == reference)).first()
