"""Finding a record, and what the log says of it. The use cases stand in the parts that they belong to: ``plan/``,
``run/``, ``claim/``, ``certificate/`` and ``adoption/``."""

from __future__ import annotations

from sqlmodel import Session, col, select

from scenario_hall.core.canonical import fingerprint
from scenario_hall.core.errors import NotFound
from scenario_hall.core.texts import N_
from scenario_hall.outcomes.models import Outcome


def get_outcome(session: Session, code: str) -> Outcome:
    """Raises NotFound."""
    outcome = session.exec(select(Outcome).where(col(Outcome.code) == code)).first()
    if outcome is None:
        raise NotFound(N_("There is no record %(code)s."), code=code)
    return outcome


def results_hash(outcome: Outcome) -> str:
    """SHA-256 of what was measured and under which plan; the log and attestations name results by it. A value stands as
    a number, a range as two."""
    return fingerprint({"plan": outcome.plan_hash, "measured": [line.result for line in outcome.metric_lines]})


def logged_facts(outcome: Outcome) -> dict[str, str]:
    """What the log's lines say of a record."""
    return {"kind": outcome.kind, "scenario": outcome.scenario.code, "product": outcome.product.code}
