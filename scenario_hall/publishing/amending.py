"""Changes of what is public: facts at once in a new revision, substance after review.

An amendment that touches a field of the substance (``ContentField.is_substance``) waits whole as one
``ProposedRevision``; until an administrator of another organisation accepts it, nothing of it is public.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlmodel import Session, col, select

from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Invalid, NotFound, WrongState
from scenario_hall.core.files import files_of
from scenario_hall.core.policy import Actor, require
from scenario_hall.core.records import lock
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import record_event
from scenario_hall.log.transitions import apply_transition
from scenario_hall.organizations.service import require_verified
from scenario_hall.publishing.content import values_of
from scenario_hall.publishing.lifecycle import PROPOSED
from scenario_hall.publishing.models import ProposedRevision, Publishable, PublishableType
from scenario_hall.publishing.revisions import FieldChange, add_revision, changes, check_promises


def proposed_revisions(session: Session, record: Publishable) -> list[ProposedRevision]:
    """Every change that was ever proposed, the newest first."""
    query = select(ProposedRevision).where(
        col(ProposedRevision.record_kind) == record.subject, col(ProposedRevision.record_id) == record.pk
    )
    return list(session.exec(query.order_by(col(ProposedRevision.id).desc())))


def waiting_revision(session: Session, record: Publishable) -> ProposedRevision | None:
    """The change that waits for review; there is one at most."""
    return next((each for each in proposed_revisions(session, record) if each.state == PROPOSED), None)


def get_waiting(session: Session, record: Publishable) -> ProposedRevision:
    """Raises WrongState when none waits."""
    found = waiting_revision(session, record)
    if found is None:
        raise WrongState(N_("No change waits for review any longer."))
    return found


def get_proposed(session: Session, proposed_id: int) -> ProposedRevision:
    """Raises NotFound."""
    found = session.get(ProposedRevision, proposed_id)
    if found is None:
        raise NotFound()
    return found


def proposed_changes(record: Publishable, proposed: ProposedRevision) -> list[FieldChange]:
    """What would change of the record as it is now."""
    return changes(record.fields, record.content(), proposed.content)


def amended_values(record: Publishable, proposed: ProposedRevision | None) -> dict[str, Any]:
    """The record's fields as they would be with the change, as forms take them."""
    values = {field.name: getattr(record, field.name) for field in record.fields}
    return values | (values_of(record.fields, proposed.content) if proposed is not None else {})


def amend(
    actor: Actor,
    *,
    session: Session,
    record: PublishableType,
    version: int | None,
    content: Mapping[str, Any],
    reason: str,
) -> PublishableType:
    """Change what is public. Facts are a new revision at once; an amendment with anything of the substance waits whole.

    While one waits, ``content`` is read as a change of that: what it alters of the substance replaces what waited, and
    what it alters of the facts alone is public at once. Raises Denied, WrongState, StaleEdit; Invalid when nothing
    changes, something needed is taken out or a promise is broken. A change of private fields alone makes no revision.
    """
    with transaction(session):
        lock(session, record, version)
        require(actor, "amend", record)
        waiting = waiting_revision(session, record)
        public, kept = record.content(), amended_values(record, None)
        altered = _put(session, record, waiting, content)
        if not altered:
            _put_back(record, kept)  # whoever takes this for no fault goes on in the same transaction
            raise Invalid({}, N_("Nothing was changed."))
        wanted = changes(record.fields, public, record.content())
        if not _touch_substance(altered):
            _put_back(record, kept)
            record.fill({change.field.name: content[change.field.name] for change in altered})
            _check(session, record)
            _drop(session, waiting, altered)
        elif _touch_substance(wanted):
            _put_back(record, kept)
            _propose(session, actor, record, waiting, wanted, reason)
            return record
        elif waiting is not None:  # the substance is to stay as it is public
            apply_transition(session, actor, waiting, "take_back", data=_told(waiting))
        _publish(session, actor, record, public, action="amend", created_by=actor.account_id, reason=reason)
    return record


def check_amendment(actor: Actor, *, session: Session, record: Publishable, content: Mapping[str, Any]) -> None:
    """Raise what ``amend`` would raise. What was put into the record to see it is the caller's to forget."""
    require(actor, "amend", record)
    if not _put(session, record, waiting_revision(session, record), content):
        raise Invalid({}, N_("Nothing was changed."))


def _put(
    session: Session, record: Publishable, waiting: ProposedRevision | None, content: Mapping[str, Any]
) -> list[FieldChange]:
    """Put ``content`` into the record, on top of what waits; returns what it alters of that. Raises Invalid."""
    before = waiting.content if waiting is not None else {}
    seen = {**record.content(), **before}
    record.fill({**values_of(record.fields, before), **content})
    _check(session, record)
    return changes(record.fields, seen, record.content())


def accept_revision(
    actor: Actor, *, session: Session, record: PublishableType, proposed: ProposedRevision, version: int | None
) -> PublishableType:
    """Make the change public as the record's next revision. ``version`` is the proposed revision's.

    Raises Denied, WrongState, StaleEdit, Invalid (what was true when it was proposed no longer is).
    """
    with transaction(session):
        lock(session, record, None)
        lock(session, proposed, version)
        apply_transition(session, actor, proposed, "accept", data=_told(proposed))
        require_verified(record.organization)
        public = record.content()
        record.fill(values_of(record.fields, proposed.content))
        _check(session, record)
        _publish(
            session,
            actor,
            record,
            public,
            action="accept_revision",
            created_by=proposed.created_by,
            reason=proposed.reason,
        )
        proposed.number = record.revision
        for file in files_of(session, proposed.subject, proposed.pk):
            file.subject_kind, file.subject_id = record.subject, record.pk
    return record


def return_revision(
    actor: Actor, *, session: Session, proposed: ProposedRevision, version: int | None, reason: str
) -> ProposedRevision:
    """Give the change back with a reason; what is public stays."""
    with transaction(session):
        lock(session, proposed, version)
        apply_transition(session, actor, proposed, "return", reason=reason, data=_told(proposed))
        proposed.answer = reason.strip()
    return proposed


def take_back_revision(actor: Actor, *, session: Session, record: Publishable, version: int | None) -> ProposedRevision:
    """The owner no longer wants what waits. ``version`` is the proposed revision's. Raises Denied, WrongState."""
    with transaction(session):
        require(actor, "amend", record)
        proposed = lock(session, get_waiting(session, record), version)
        apply_transition(session, actor, proposed, "take_back", data=_told(proposed))
    return proposed


def end_waiting(session: Session, actor: Actor, record: Publishable) -> None:
    """A record that has left the hall takes its waiting change with it; within the caller's transaction."""
    waiting = waiting_revision(session, record)
    if waiting is not None:
        lock(session, waiting, None)
        apply_transition(session, actor, waiting, "lapse", data=_told(waiting))


def _check(session: Session, record: Publishable) -> None:
    check_promises(session, record)
    faults = record.missing()
    if faults:
        raise Invalid(faults)


def _touch_substance(altered: Iterable[FieldChange]) -> bool:
    return any(change.field.is_substance for change in altered)


def _put_back(record: Publishable, kept: Mapping[str, Any]) -> None:
    for name, value in kept.items():
        setattr(record, name, value)


def _drop(session: Session, waiting: ProposedRevision | None, altered: Iterable[FieldChange]) -> None:
    """What has become public at once does not wait as well."""
    if waiting is not None:
        lock(session, waiting, None)
        gone = {change.field.name for change in altered}
        waiting.content = {name: value for name, value in waiting.content.items() if name not in gone}


def _propose(
    session: Session,
    actor: Actor,
    record: Publishable,
    waiting: ProposedRevision | None,
    wanted: Iterable[FieldChange],
    reason: str,
) -> None:
    if not reason.strip():
        raise Invalid({"reason": N_("Please give a reason: the other side will read it.")})
    proposed = waiting or ProposedRevision(
        state=PROPOSED,
        record_kind=record.subject,
        record_id=record.pk,
        code=record.code,
        organization_id=record.organization_id,
    )
    if waiting is not None:
        lock(session, waiting, None)
    proposed.title, proposed.reason, proposed.created_by = record.title, reason.strip(), actor.account_id
    proposed.content = {change.field.name: change.after for change in wanted}
    session.add(proposed)
    session.flush()
    kind = "revision.proposed" if waiting is None else "revision.replaced"
    record_event(session, actor, proposed, kind, {**_told(proposed), "reason": proposed.reason})


def _publish(
    session: Session,
    actor: Actor,
    record: Publishable,
    before: Mapping[str, Any],
    *,
    action: str,
    created_by: int | None,
    reason: str,
) -> None:
    """The record's content as its next revision; a change of what is private alone as no more than an event."""
    if all(change.field.is_private for change in changes(record.fields, before, record.content())):
        if before != record.content():
            record_event(session, actor, record, record.private_change_event, {})
        return
    changed = add_revision(session, record, created_by=created_by, reason=reason.strip())
    data = {"title": record.title, "revision": record.revision, "fields": [each.field.name for each in changed]}
    apply_transition(session, actor, record, action, reason=reason, data=data)


def _told(proposed: ProposedRevision) -> dict[str, Any]:
    """What the log says of a proposed revision."""
    return {"title": proposed.title, "fields": sorted(proposed.content)}
