"""Use cases that scenarios and products share: draft, submit, publish, return, end. ``amending.py`` has the changes of
what is public.

Each takes the record's lock, checks its lifecycle, changes the row and appends the event in one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Invalid, WrongState
from scenario_hall.core.lines import require_lines
from scenario_hall.core.policy import Actor, can, require
from scenario_hall.core.records import lock
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import record_event
from scenario_hall.log.codes import next_code
from scenario_hall.log.transitions import apply_transition
from scenario_hall.organizations.models import Organization
from scenario_hall.organizations.service import require_verified
from scenario_hall.publishing.amending import end_waiting
from scenario_hall.publishing.models import PublishableType
from scenario_hall.publishing.revisions import add_revision, changes, check_promises


def find_by_code(session: Session, table: type[PublishableType], code: str) -> PublishableType | None:
    """The record with this public code."""
    return session.exec(select(table).where(col(table.code) == code)).first()


def create_draft(
    actor: Actor,
    *,
    session: Session,
    table: type[PublishableType],
    organization: Organization,
    content: Mapping[str, Any] | None,
    external_reference: str | None,
    source_cells: Mapping[str, str] | None,
) -> PublishableType:
    """A new draft of ``organization``. Raises Denied, Invalid."""
    require(actor, "draft", organization)
    record = table(
        state="",
        code="",
        organization_id=organization.pk,
        created_by=actor.account_id,
        external_reference=external_reference,
        source_cells=dict(source_cells or {}),
    )
    record.state = record.lifecycle.initial
    record.fill(content or {})
    with transaction(session):
        record.code = next_code(session, record.code_prefix)
        session.add(record)
        record_event(session, actor, record, record.drafted_event, {"title": record.title})
    return record


def save_draft(
    actor: Actor, *, session: Session, record: PublishableType, version: int | None, content: Mapping[str, Any]
) -> PublishableType:
    """Change a draft or a returned record. Raises Denied, WrongState, StaleEdit, Invalid."""
    with transaction(session):
        lock(session, record, version)
        require(actor, "edit", record)
        if record.state not in record.drafting_states:
            raise WrongState(N_("This can no longer be done: the record is now “%(state)s”."), state=record.state)
        before = record.content()
        record.fill(content)
        check_promises(session, record)
        changed = [change.field.name for change in changes(record.fields, before, record.content())]
        record_event(session, actor, record, record.saved_event, {"fields": changed})
    return record


def submit(actor: Actor, *, session: Session, record: PublishableType, version: int | None) -> PublishableType:
    """Hand the record to the administrators. Raises Invalid naming each field that is missing."""
    with transaction(session):
        lock(session, record, version)
        require(actor, "view", record)
        require_verified(record.organization)
        check_promises(session, record)
        faults = record.missing()
        if faults and can(actor, "submit", record):
            raise Invalid(faults, N_("Some things are missing before it can be submitted."))
        record.submitted_at, record.review_notes, record.state_reason = now(), {}, ""
        apply_transition(session, actor, record, "submit", data={"title": record.title})
    return record


def publish(
    actor: Actor, *, session: Session, record: PublishableType, version: int | None, action: str, published_at: str
) -> PublishableType:
    """Put the record into the hall as its first or next revision; ``published_at`` is the column that says since
    when."""
    with transaction(session):
        lock(session, record, version)
        require(actor, "view", record)
        require_verified(record.organization)
        setattr(record, published_at, now())
        changed = add_revision(session, record, created_by=actor.account_id, reason="")
        data = {"title": record.title, "revision": record.revision, "fields": [each.field.name for each in changed]}
        apply_transition(session, actor, record, action, data=data)
    return record


def give_back(
    actor: Actor,
    *,
    session: Session,
    record: PublishableType,
    version: int | None,
    reason: str,
    notes: Mapping[str, str] | None,
) -> PublishableType:
    """Return the record with a reason and, field by field, what to change."""
    kept = {name: note.strip() for name, note in (notes or {}).items() if note.strip()}
    require_lines(lines={"notes": kept.values()})
    with transaction(session):
        lock(session, record, version)
        apply_transition(session, actor, record, "return", reason=reason, data={"title": record.title, "notes": kept})
        record.review_notes, record.state_reason = kept, reason.strip()
        record.returned_content = record.public_content()
    return record


def end(
    actor: Actor, *, session: Session, record: PublishableType, action: str, version: int | None, reason: str
) -> PublishableType:
    """Take the record out of the hall's working lists by ``action``; its page stays findable."""
    with transaction(session):
        lock(session, record, version)
        apply_transition(session, actor, record, action, reason=reason, data={"title": record.title})
        record.state_reason = reason.strip()
        end_waiting(session, actor, record)
    return record
