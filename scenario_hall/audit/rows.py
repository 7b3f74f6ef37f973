"""The rows against the log: whoever changes a row without the log is found, since the log says what it must be.

Looked at are the state of every record that has one, what was measured, and every certificate; the counts that the hall
publishes are counts of these.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlmodel import Session, SQLModel, col, select

from scenario_hall.applications.models import Application
from scenario_hall.log.chain import Event
from scenario_hall.organizations.models import Organization
from scenario_hall.outcomes import lifecycle
from scenario_hall.outcomes.certificate.logged import APPROVED, REVOKED, fault_of
from scenario_hall.outcomes.certificate.models import Certificate
from scenario_hall.outcomes.models import Outcome
from scenario_hall.outcomes.plan.models import PlanAmendment
from scenario_hall.outcomes.service import results_hash
from scenario_hall.products.models import Product
from scenario_hall.publishing.models import ProposedRevision
from scenario_hall.scenarios.models import Scenario

# Every kind of record whose state the log tells.
RECORDS: tuple[type[SQLModel], ...] = (
    Scenario,
    Product,
    ProposedRevision,
    Organization,
    Application,
    Outcome,
    PlanAmendment,
)
# After an objection the trial runs again: its plan may be amended and its values are written anew.
WITHOUT_RESULTS = frozenset({lifecycle.PLANNED, lifecycle.SIGNED, lifecycle.RUNNING, lifecycle.FAILED})
RESULTS = ("outcome.reported", "outcome.confirmed")
ROWS_AT_ONCE = 500


class Told:
    """What the log's lines say that rows must be; give it every line in order."""

    def __init__(self) -> None:
        self._states: dict[tuple[str, int], str] = {}
        self._results: dict[int, str] = {}
        self._certified: dict[int, list[Event]] = {}

    def see(self, line: Event) -> None:
        data = line.fields
        if "to" in data:
            self._states[line.subject_kind, line.subject_id] = data["to"]
        if line.kind in RESULTS and "results" in data:
            self._results[line.subject_id] = data["results"]
        if line.kind in (APPROVED, REVOKED):
            self._certified.setdefault(line.subject_id, []).append(line)

    def faults(self, session: Session) -> Iterator[str]:
        """Each row that is not what the log says, in words."""
        yield from self._wrong_states(session)
        yield from self._wrong_results(session)
        yield from self._wrong_certificates(session)

    def _wrong_states(self, session: Session) -> Iterator[str]:
        for model in RECORDS:
            subject: str = model.subject  # type: ignore[attr-defined]
            initial: str = model.lifecycle.initial  # type: ignore[attr-defined]
            told = {key: state for (kind, key), state in self._states.items() if kind == subject}
            for record in _rows(session, model):
                expected = told.pop(record.pk, initial)
                if record.state != expected:
                    yield f"{subject} {record.public_code} is “{record.state}”; the log says “{expected}”"
            for key, state in told.items():
                yield f"{subject} with id {key} is gone; the log says “{state}”"

    def _wrong_results(self, session: Session) -> Iterator[str]:
        for outcome in _rows(session, Outcome):
            told = self._results.get(outcome.pk)
            if told is not None and outcome.state not in WITHOUT_RESULTS and results_hash(outcome) != told:
                yield f"the measured values of {outcome.code} are not those that were reported and confirmed"

    def _wrong_certificates(self, session: Session) -> Iterator[str]:
        certified = dict(self._certified)
        for certificate in session.exec(select(Certificate).order_by(col(Certificate.id))):
            fault = fault_of(certificate, certified.pop(certificate.outcome_id, []))
            if fault is not None:
                yield f"certificate {certificate.number}: {fault}"
        for lines in certified.values():
            number = next((line.fields.get("certificate", "") for line in lines if line.kind == APPROVED), "")
            yield f"certificate {number} is gone; the log says that it was issued"


def _rows(session: Session, model: type[SQLModel]) -> Iterator[Any]:
    last = 0
    while True:
        query = select(model).where(col(model.id) > last).order_by(col(model.id)).limit(ROWS_AT_ONCE)  # type: ignore[attr-defined]
        rows = session.exec(query).all()
        if not rows:
            return
        last = rows[-1].pk  # type: ignore[attr-defined]
        yield from rows
        session.expunge_all()
