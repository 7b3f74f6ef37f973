"""A whole import undone, record by record in slices: drafts that it made are discarded, what it published is taken out
of the hall, what it changed is changed back. What was amended since stays and is told."""

from __future__ import annotations

import logging
from typing import Any

from sqlmodel import Session, col, select

from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Denied, HallError, WrongState
from scenario_hall.core.policy import Actor, require
from scenario_hall.core.records import lock
from scenario_hall.core.texts import N_
from scenario_hall.exchange.again import standing_content
from scenario_hall.exchange.contents import details_content, details_from, values_from
from scenario_hall.exchange.faults import AMENDED_SINCE, STAYS, RowFault, not_taken
from scenario_hall.exchange.merging import is_same, keep_given, last_given
from scenario_hall.exchange.models import ImportChange, ImportRun, ImportState
from scenario_hall.exchange.report import faults_of
from scenario_hall.exchange.use_cases import PRODUCTS, SCENARIOS, UseCases
from scenario_hall.log.chain import erase_words_of_subject, record_event
from scenario_hall.organizations import service as organizations
from scenario_hall.organizations.models import Organization
from scenario_hall.publishing import service as publishing
from scenario_hall.publishing.models import PublishableType

logger = logging.getLogger(__name__)
UNDONE = "撤销导入 / The import was undone"
SLICE_CHANGES = 25


def may_undo(actor: Actor, run: ImportRun) -> bool:
    """Administrators undo any import, an editor their own."""
    is_own = run.is_by_member and run.account_id is not None and run.account_id == actor.account_id
    return (actor.is_administrator or is_own) and run.state == ImportState.TAKEN


def undo_run(actor: Actor, *, session: Session, run: ImportRun) -> None:
    """Begin to undo a run; the worker goes on with it. Raises Denied, WrongState."""
    if run.state != ImportState.TAKEN:
        raise WrongState(N_("This import cannot be undone now."))
    if not may_undo(actor, run):
        raise Denied()
    with transaction(session):
        run.state, run.touched_at = ImportState.UNDOING, now()
        session.add(run)


def undoing_run(session: Session) -> int | None:
    """The oldest run that is being undone."""
    query = select(ImportRun.id).where(col(ImportRun.state) == ImportState.UNDOING)
    return session.exec(query.order_by(col(ImportRun.id))).first()


def undo_slice(session: Session, run_id: int, actor: Actor) -> bool:
    """Undo the newest changes of the run that are left; False when there are none."""
    session.rollback()
    with transaction(session):
        run = session.get_one(ImportRun, run_id, with_for_update=True, populate_existing=True)
        query = select(ImportChange).where(col(ImportChange.run_id) == run_id)
        changes = list(session.exec(query.order_by(col(ImportChange.id).desc()).limit(SLICE_CHANGES)))
        told: list[RowFault] = []
        for change in changes:
            told += _undo(session, actor, change)
            session.delete(change)
        run.touched_at = now()
        if told:
            run.faults = [*run.faults, *(fault.as_json() for fault in told)]
        if not changes:
            run.state, run.ended_at = ImportState.UNDONE, now()
        session.add(run)
    return bool(changes)


def _undo(session: Session, actor: Actor, change: ImportChange) -> list[RowFault]:
    """Undo one change, whatever it does: what raises is told, and the others go on."""
    try:
        with session.begin_nested():
            match change.subject:
                case "scenario":
                    return _undo_record(session, actor, SCENARIOS, change)
                case "product":
                    return _undo_record(session, actor, PRODUCTS, change)
                case _:
                    return _undo_organization(session, actor, change)
    except HallError as error:
        return faults_of(0, error)
    except Exception as error:
        logger.exception("change %s of import %d could not be undone", change.id, change.run_id)
        return [not_taken(0, error)]


def _undo_record(
    session: Session, actor: Actor, use: UseCases[PublishableType], change: ImportChange
) -> list[RowFault]:
    record = session.get(use.table, change.record_id)
    if record is None:
        return []
    standing = standing_content(session, record)
    if not change.is_created:
        back, told = _back(change, standing, record.code)
        content = values_from(record.fields, back)
        if content and record.state in record.drafting_states:
            publishing.save_draft(actor, session=session, record=record, version=None, content=content)
        elif content:
            use.amend(actor, record, session=session, version=None, content=content, reason=UNDONE)
        keep_given(session, record.subject, record.pk, back)
        return told
    if record.state == use.public_state:
        use.end(actor, record, session=session, version=None, reason=UNDONE)
        record.external_reference = None  # the list makes a new one when it comes again
        return []
    if record.state not in record.drafting_states or _amended(change, standing):
        reason = AMENDED_SINCE if record.state in record.drafting_states else STAYS
        return [RowFault(0, record.code, record.title, reason)]
    lock(session, record, None)
    require(actor, "edit", record)
    erase_words_of_subject(session, record_event(session, actor, record, record.discarded_event, {}))
    given = last_given(session, record.subject, record.pk)
    if given is not None:
        session.delete(given)
    session.delete(record)
    session.flush()
    return []


def _undo_organization(session: Session, actor: Actor, change: ImportChange) -> list[RowFault]:
    organization = session.get(Organization, change.record_id)
    if organization is None:
        return []
    if change.is_created:
        return [RowFault(0, organization.public_code, organization.name, STAYS)]
    back, told = _back(change, details_content(organization), organization.public_code)
    if back:
        details = details_from(back, organization)
        organizations.update_organization(
            actor, session=session, organization=organization, version=None, details=details
        )
    keep_given(session, organization.subject, organization.pk, back)
    return told


def _back(change: ImportChange, standing: dict[str, Any], code: str) -> tuple[dict[str, Any], list[RowFault]]:
    """What is to be put back, and what was amended since."""
    back, told = {}, []
    for name, after in change.after.items():
        if is_same(standing.get(name), after):
            back[name] = change.before.get(name)
        else:
            told.append(RowFault(0, code, name, AMENDED_SINCE))
    return back, told


def _amended(change: ImportChange, standing: dict[str, Any]) -> bool:
    return any(not is_same(standing.get(name), after) for name, after in change.after.items())
