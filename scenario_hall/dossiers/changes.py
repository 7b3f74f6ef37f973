"""What is shown of the changes of a released record that wait for review, or did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from scenario_hall.core.errors import NotFound
from scenario_hall.core.files import StoredFile, files_of
from scenario_hall.core.policy import Actor, can, require
from scenario_hall.log.chain import Event
from scenario_hall.log.history import history_of
from scenario_hall.products.models import Product
from scenario_hall.publishing.amending import get_proposed, proposed_changes, proposed_revisions
from scenario_hall.publishing.lifecycle import PROPOSED, RETURNED
from scenario_hall.publishing.models import ProposedRevision
from scenario_hall.publishing.revisions import FieldChange
from scenario_hall.scenarios.models import Scenario

RECORDS: dict[str, Any] = {"scenario": Scenario, "product": Product}


@dataclass(frozen=True)
class ProposedChanges:
    """Every change of one record that was proposed, the newest first, as its people see it on the record's page."""

    waiting: ProposedRevision | None
    returned: ProposedRevision | None  # the newest, where it was returned and nothing has followed
    changes: Sequence[FieldChange]  # of the waiting one
    can_take_back: bool
    all: Sequence[ProposedRevision]


@dataclass(frozen=True)
class ChangeDossier:
    """One proposed change beside what is public, for its reviewer."""

    proposed: ProposedRevision
    record: Scenario | Product
    changes: Sequence[FieldChange]
    files: Sequence[StoredFile]
    may_decide: bool
    events: Sequence[Event]


def changes_of_record(session: Session, actor: Actor, record: Scenario | Product) -> ProposedChanges:
    """Nothing for those who do not see what is private."""
    found = proposed_revisions(session, record) if can(actor, "view_private", record) else []
    newest = found[0] if found else None
    waiting = newest if newest is not None and newest.state == PROPOSED else None
    return ProposedChanges(
        waiting=waiting,
        returned=newest if newest is not None and newest.state == RETURNED else None,
        changes=proposed_changes(record, waiting) if waiting is not None else [],
        can_take_back=waiting is not None and can(actor, "take_back", waiting),
        all=found,
    )


def change_dossier(session: Session, actor: Actor, proposed_id: int) -> ChangeDossier:
    """Raises NotFound."""
    proposed = get_proposed(session, proposed_id)
    require(actor, "view", proposed)
    record: Scenario | Product | None = session.get(RECORDS[proposed.record_kind], proposed.record_id)
    if record is None:
        raise NotFound()
    return ChangeDossier(
        proposed=proposed,
        record=record,
        changes=proposed_changes(record, proposed),
        files=files_of(session, proposed.subject, proposed.pk),
        may_decide=can(actor, "return", proposed),
        events=history_of(session, actor, proposed),
    )
