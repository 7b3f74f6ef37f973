"""What a monitoring system asks for, counted at that moment: nothing is kept between two questions, so no process
leaves files behind and no figure goes backwards after a restart.

https://prometheus.io/docs/instrumenting/exposition_formats/ (text format 0.0.4)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from scenario_hall import __version__
from scenario_hall.core.clock import now
from scenario_hall.exchange.models import ImportRun
from scenario_hall.log.chain import last_id
from scenario_hall.log.checkpoints import latest
from scenario_hall.log.failures import Failure
from scenario_hall.log.readers import Reader, lags_of
from scenario_hall.log.witnesses import newest_words
from scenario_hall.notices.models import StoredLetter
from scenario_hall.organizations.models import Account
from scenario_hall.organizations.second_factor import is_protected
from scenario_hall.organizations.sessions import LoginSession
from scenario_hall.outcomes.certificate.models import Certificate
from scenario_hall.recovery.schedule import last_good
from scenario_hall.worker.schedule import failing_jobs


@dataclass(frozen=True)
class Metric:
    """One gauge: its value for each set of labels."""

    name: str
    told: str
    values: Sequence[tuple[Mapping[str, str], float]] = field(default_factory=list)


def metrics_of(session: Session, readers: Sequence[Reader]) -> list[Metric]:
    """Every figure, now."""
    lags, waiting = lags_of(session, readers)
    return [
        Metric("hall_info", "The running version.", [({"version": __version__}, 1)]),
        Metric("hall_log_entries", "Entries of the log.", [({}, last_id(session))]),
        Metric("hall_reader_lag_events", "Events that a reader has not read.", [_of(lag, lag.events) for lag in lags]),
        Metric("hall_reader_lag_seconds", "Age of the oldest of them.", [_of(lag, lag.seconds) for lag in lags]),
        Metric(
            "hall_reader_waiting",
            "Whether a reader waits for a program that does not answer.",
            [*(_of(lag, 0) for lag in lags), *(({"reader": str(name)}, 1) for name in waiting)],
        ),
        Metric("hall_letters", "Letters by their state.", _grouped(session, StoredLetter, StoredLetter.state, "state")),
        Metric("hall_imports", "Imports by their state.", _grouped(session, ImportRun, ImportRun.state, "state")),
        Metric("hall_failures", "Pieces of work that failed and wait.", [({}, _count(session, Failure))]),
        Metric("hall_jobs_failing", "Scheduled jobs whose last run failed.", [({}, len(failing_jobs(session)))]),
        Metric("hall_accounts", "Accounts that are open.", _accounts(session)),
        Metric("hall_sessions", "Log-ins that were not ended.", [({}, _count(session, LoginSession))]),
        Metric("hall_certificates", "Certificates by their status.", _certificates(session)),
        Metric("hall_seconds_since", "Seconds since something was done last.", list(_ages(session))),
    ]


def exposition(metrics: Sequence[Metric]) -> str:
    """The figures in Prometheus' text form."""
    lines = []
    for metric in metrics:
        lines += [f"# HELP {metric.name} {metric.told}", f"# TYPE {metric.name} gauge"]
        for labels, value in metric.values:
            told = ",".join(f'{name}="{_escaped(text)}"' for name, text in labels.items())
            lines.append(f"{metric.name}{{{told}}} {value:g}" if told else f"{metric.name} {value:g}")
    return "\n".join(lines) + "\n"


def _of(lag: Any, value: float) -> tuple[Mapping[str, str], float]:
    return {"reader": str(lag.reader)}, value


def _count(session: Session, table: Any) -> int:
    return session.exec(select(func.count()).select_from(table)).one()


def _grouped(session: Session, table: Any, column: Any, label: str) -> list[tuple[Mapping[str, str], float]]:
    rows = session.exec(select(column, func.count()).select_from(table).group_by(column).order_by(column))
    return [({label: str(value)}, count) for value, count in rows]


def _accounts(session: Session) -> list[tuple[Mapping[str, str], float]]:
    is_open = select(func.count()).select_from(Account).where(col(Account.is_active))
    counts = {
        "all": is_open,
        "confirmed": is_open.where(col(Account.email_confirmed_at).is_not(None)),
        "administrators": is_open.where(col(Account.is_administrator)),
        "second_factor": is_open.where(is_protected()),
    }
    return [({"which": name}, session.exec(query).one()) for name, query in counts.items()]


def _certificates(session: Session) -> list[tuple[Mapping[str, str], float]]:
    revoked = col(Certificate.revoked_at).is_not(None)
    rows = {
        bool(is_revoked): count for is_revoked, count in session.exec(select(revoked, func.count()).group_by(revoked))
    }
    return [({"status": "valid"}, rows.get(False, 0)), ({"status": "revoked"}, rows.get(True, 0))]


def _ages(session: Session) -> Iterator[tuple[Mapping[str, str], float]]:
    """What never happened has no line."""
    checkpoint, backup, words = latest(session), last_good(session), newest_words(session)
    moments: dict[str, datetime | None] = {
        "checkpoint": checkpoint.at if checkpoint else None,
        "good_backup": backup.at if backup else None,
        "cosignature": words[0].at if words else None,
    }
    for what, at in moments.items():
        if at is not None:
            yield {"what": what}, (now() - at).total_seconds()


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
