"""Several items of a review's queue for one decision: of each, what was checked, and why it is left out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from scenario_hall.core.errors import Invalid
from scenario_hall.core.files import StoredFile, files_of
from scenario_hall.core.policy import SYSTEM, Actor
from scenario_hall.core.texts import N_
from scenario_hall.log.history import history_of
from scenario_hall.organizations.lifecycle import REGISTERED, SUSPENDED, VERIFIED
from scenario_hall.organizations.models import Organization
from scenario_hall.organizations.registration import RegistrationKind, normalise_registration_number
from scenario_hall.products.models import Product
from scenario_hall.reviewing.queues import QUEUES, find_waiting, may_decide
from scenario_hall.reviewing.turns import turns_of
from scenario_hall.scenarios.models import Scenario

MOST_AT_ONCE = 50
NOT_GIVEN = N_("It is not the turn of another administrator.")
FOUR_EYES = N_("Four eyes: another administrator decides on this one.")


@dataclass(frozen=True)
class Check:
    """Something that was looked at before items are decided together; ``label`` is true where it holds."""

    label: str
    holds: bool


@dataclass(frozen=True)
class Item:
    """One item: it is decided with the others where every check holds and four eyes leave it to the administrator."""

    row: Any
    documents: Sequence[StoredFile]
    checks: Sequence[Check]
    is_others: bool  # four eyes leave it to another administrator

    @property
    def is_ready(self) -> bool:
        return not self.is_others and all(each.holds for each in self.checks)

    @property
    def refusal(self) -> str:
        """Why it is left out; empty for an item that is ready."""
        if self.is_others:
            return FOUR_EYES
        return next((each.label for each in self.checks if not each.holds), "")


@dataclass(frozen=True)
class SeveralDossier:
    """The chosen items that wait still, in the order of their choice; ``gone`` of the others do not."""

    queue: str
    title: str
    items: Sequence[Item]
    gone: int

    @property
    def ready(self) -> Sequence[Item]:
        return [each for each in self.items if each.is_ready]


def several_dossier(session: Session, actor: Actor, queue: str, ids: Collection[int]) -> SeveralDossier:
    """At most MOST_AT_ONCE items of a queue in CHECKS."""
    chosen = list(dict.fromkeys(ids))[:MOST_AT_ONCE]
    rows = [row for each in chosen if (row := find_waiting(session, actor, queue, each)) is not None]
    kind = "organization" if queue == "organizations" else queue[:-1]
    turns = turns_of(session, queue, rows)
    others = {row_id for row_id, turn in turns.items() if turn.is_others(actor)}
    items = [
        Item(
            row=row,
            documents=files_of(session, kind, row.pk),
            checks=[*CHECKS[queue](session, row), Check(NOT_GIVEN, row.pk not in others)],
            is_others=not may_decide(actor, queue, row),
        )
        for row in rows
    ]
    return SeveralDossier(queue=queue, title=QUEUES[queue].title, items=items, gone=len(chosen) - len(rows))


def _organization(session: Session, organization: Organization) -> list[Check]:
    return [
        Check(N_("The registration number is well formed."), _is_well_formed(organization)),
        Check(
            N_("No other organisation that waits or is verified has this number."), not _has_twin(session, organization)
        ),
        Check(
            N_("A document that proves the registration is attached."),
            bool(files_of(session, "organization", organization.pk, "registration_document")),
        ),
        Check(N_("It was never returned: no reasons have to be compared."), not _was_returned(session, organization)),
    ]


def _is_well_formed(organization: Organization) -> bool:
    kind, number = organization.registration_kind, organization.registration_number
    try:
        return normalise_registration_number(RegistrationKind(kind), number) == number
    except (Invalid, ValueError):
        return False


def _was_returned(session: Session, organization: Organization) -> bool:
    return any(each.kind == "organization.returned" for each in history_of(session, SYSTEM, organization))


def _has_twin(session: Session, organization: Organization) -> bool:
    twins = select(Organization.id).where(
        col(Organization.registration_kind) == organization.registration_kind,
        col(Organization.registration_number) == organization.registration_number,
        col(Organization.state).in_((REGISTERED, VERIFIED, SUSPENDED)),
        col(Organization.id) != organization.pk,
    )
    return session.exec(twins.limit(1)).first() is not None


def _record(_session: Session, record: Scenario | Product) -> list[Check]:
    return [
        Check(N_("Its organisation is verified."), record.organization.state == VERIFIED),
        Check(N_("Nothing that a submission needs is missing."), not record.missing()),
        Check(N_("It was never returned: no notes have to be compared."), not record.returned_content),
    ]


# The queues whose items are decided together.
CHECKS: Mapping[str, Callable[[Session, Any], Sequence[Check]]] = {
    "organizations": _organization,
    "scenarios": _record,
    "products": _record,
}
