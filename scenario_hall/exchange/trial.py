"""What would stand against a row if it were taken now, asked of the services' own rules; nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, select

from scenario_hall.core.errors import Denied, Invalid
from scenario_hall.core.policy import Actor, require
from scenario_hall.exchange.again import (
    earlier_organization,
    earlier_record,
    known_references,
    labels_of,
    merge_organization,
    merge_record,
)
from scenario_hall.exchange.columns import ListKind
from scenario_hall.exchange.contents import details_from, values_from
from scenario_hall.exchange.faults import SAME_NUMBER, RowFault, Severity
from scenario_hall.exchange.models import ImportRow
from scenario_hall.exchange.references import within_list
from scenario_hall.exchange.use_cases import PRODUCTS, SCENARIOS, UseCases
from scenario_hall.organizations import service as organizations
from scenario_hall.organizations.lifecycle import REGISTERED
from scenario_hall.organizations.models import Organization
from scenario_hall.publishing.amending import check_amendment
from scenario_hall.publishing.models import PublishableType


class Trial:
    """Asks of each row of one list, in the list's order, whether it would be taken."""

    def __init__(self, session: Session, actor: Actor, reviewer: Actor | None) -> None:
        self.session = session
        self.actor = actor
        self.reviewer = reviewer
        self._owners: dict[str, int | None] = {}
        self._numbers: dict[str, int] = {}  # registration number → the row that would be verified with it
        # Made once for many rows, since each takes longer to make than all else that is asked of a row.
        self._kept_owners: dict[tuple[str, int | None], Organization] = {}
        self._submitted: dict[tuple[str, int], Any] = {}
        self._expected: frozenset[str] = frozenset()
        self._known: frozenset[str] | None = None  # of the references that are expected

    def refresh(self) -> None:
        """End the picture of the database: what was kept of it is read anew."""
        self.session.rollback()
        self._kept_owners.clear()
        self._submitted.clear()
        self._known = None

    def expect(self, references: Sequence[str]) -> None:
        """Whose rows are asked about next: which of them an earlier import took is asked for all of them at once."""
        self._expected, self._known = frozenset(references), None

    def _earlier(self, use: UseCases[PublishableType], owner: Organization, reference: str) -> PublishableType | None:
        if owner.id is None:
            return None
        if self._known is None:
            self._known = known_references(self.session, use.table, self._expected)
        is_new = reference in self._expected and not {reference, within_list(reference)} & self._known
        return None if is_new else earlier_record(self.session, use, owner, reference)

    def owner_named(self, name: str) -> int | None:
        """The organisation of this name; None when there is none, or several."""
        if name not in self._owners:
            query = select(Organization.id).where(
                col(Organization.name) == name, col(Organization.is_imported_list_owner).is_(False)
            )
            found = self.session.exec(query.limit(2)).all()
            self._owners[name] = found[0] if len(found) == 1 else None
        return self._owners[name]

    def ask(self, kind: ListKind, row: ImportRow) -> list[RowFault]:
        """Raise what the services would raise for ``row``; return what else is to be told of it."""
        # What is put into a record to see whether it fits must not be written by the next query.
        with self.session.no_autoflush:
            match kind:
                case ListKind.SCENARIOS:
                    return self._ask_record(SCENARIOS, row)
                case ListKind.PRODUCTS:
                    return self._ask_record(PRODUCTS, row)
                case ListKind.ORGANIZATIONS:
                    return self._ask_organization(row)

    def _ask_record(self, use: UseCases[PublishableType], row: ImportRow) -> list[RowFault]:
        owner, content = self._owner(use, row), values_from(use.table.fields, row.content)
        found = self._earlier(use, owner, row.reference)
        submitted = self._submitted_record(use, owner)
        if found is None:
            if owner.id is not None:
                use.refuse_other_side(self.actor, owner)
                require(self.actor, "draft", owner)
            submitted.fill(content)
            self._ask_release(use, submitted, submitted)
            return []
        merged = merge_record(self.session, use, found, row)
        content = values_from(use.table.fields, merged.content)
        try:
            if found.state in found.drafting_states:
                require(self.actor, "edit", found)
                found.fill(content)
                self._ask_release(use, found, submitted)
            elif found.state == use.public_state:
                check_amendment(self.actor, session=self.session, record=found, content=content)
        except Invalid as error:
            if error.fields:
                raise
            # “Nothing was changed”: the list says what is public already.
        finally:
            self.session.expire(found)
        return merged.faults(row.number, row.sheet, labels_of(use.table.fields))

    def _owner(self, use: UseCases[PublishableType], row: ImportRow) -> Organization:
        key = use.side, row.owner_id
        if key not in self._kept_owners:
            self._kept_owners[key] = (
                organizations.get_organization(self.session, row.owner_id)
                if row.owner_id is not None
                else organizations.find_list_owner(self.session, side=use.side)
                or organizations.new_list_owner(use.side)
            )
        return self._kept_owners[key]

    def _submitted_record(self, use: UseCases[PublishableType], owner: Organization) -> PublishableType:
        """A record as it would stand before its reviewer; every row fills all that a list can state of it."""
        key = use.table.__name__, owner.id or 0
        if key not in self._submitted:
            self._submitted[key] = use.table(
                state=use.submitted_state, code="", organization=owner, organization_id=owner.id or 0
            )
        submitted: PublishableType = self._submitted[key]
        return submitted

    def _ask_release(self, use: UseCases[PublishableType], record: PublishableType, submitted: PublishableType) -> None:
        if self.reviewer is None:
            return
        organizations.require_verified(submitted.organization)
        faults = record.missing()
        if faults:
            raise Invalid(faults)
        require(self.reviewer, use.publish_action, submitted)

    def _ask_organization(self, row: ImportRow) -> list[RowFault]:
        found = earlier_organization(self.session, row.reference)
        if found is None and not self.actor.is_confirmed:
            raise Denied()
        if found is not None:
            require(self.actor, "edit", found)
        merged = merge_organization(self.session, found, row) if found is not None else None
        content = row.content if merged is None else merged.content
        number = organizations.check_details(self.session, organization=found, details=details_from(content, found))
        told = merged.faults(row.number, row.sheet, {}) if merged is not None else []
        if self.reviewer is None or not number or (found is not None and found.state != REGISTERED):
            return told
        first = self._numbers.setdefault(number, row.number)
        if first != row.number:
            told.append(RowFault(row.number, "", str(first), SAME_NUMBER, Severity.ERROR))
        return told
