"""What an author takes back or throws away before it was ever public."""

from __future__ import annotations

from sqlmodel import Session

from scenario_hall.core.db import transaction
from scenario_hall.core.errors import WrongState
from scenario_hall.core.files import drop_content, files_of
from scenario_hall.core.policy import Actor, can, require
from scenario_hall.core.records import lock
from scenario_hall.core.stores import FileStore
from scenario_hall.core.texts import N_
from scenario_hall.log.acts import forget_acts
from scenario_hall.log.chain import erase_words_of_subject, record_event
from scenario_hall.log.transitions import apply_transition
from scenario_hall.publishing.models import Publishable


def recall(actor: Actor, *, session: Session, record: Publishable, version: int | None) -> Publishable:
    """Take a submission back from the reviewers; it is a draft again. Raises Denied, WrongState, StaleEdit."""
    with transaction(session):
        lock(session, record, version)
        apply_transition(session, actor, record, "recall", data={"title": record.title})
        record.submitted_at = None
    return record


def may_discard(actor: Actor, record: Publishable) -> bool:
    """Whether ``discard_draft`` would do it."""
    return record.is_mere_draft() and can(actor, "edit", record)


def discard_draft(
    actor: Actor, *, session: Session, store: FileStore, record: Publishable, version: int | None
) -> None:
    """Delete a draft with its files; the log keeps that there was one. Raises NotFound, Denied, StaleEdit, WrongState
    for what is no draft or was public."""
    with transaction(session):
        lock(session, record, version)
        require(actor, "edit", record)
        if not may_discard(actor, record):
            raise WrongState(N_("Only a draft that was never public can be deleted."))
        erase_words_of_subject(session, record_event(session, actor, record, record.discarded_event, {}))
        files = files_of(session, record.subject, record.pk)
        digests = {file.sha256 for file in files}
        for file in files:
            session.delete(file)
        # Another record may get this id one day: nobody is on a side of its case.
        forget_acts(session, record.case().kept)
        session.delete(record)
        session.flush()
    for digest in digests:
        drop_content(session, store, digest)
