"""How the worker is doing: what each reader is behind, what could not be done, which letters have failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session, col, func, select

from scenario_hall.core.clock import now
from scenario_hall.core.jobs import JobRun
from scenario_hall.exchange.models import ENDED, ImportRun
from scenario_hall.exchange.runs import newest_runs
from scenario_hall.log.failures import Failure, all_failures
from scenario_hall.log.readers import Lag, Reader, lags_of
from scenario_hall.notices.models import LetterState, StoredLetter
from scenario_hall.worker.schedule import failing_jobs

LATE = timedelta(seconds=60)
MOST_SHOWN = 100


@dataclass(frozen=True)
class Health:
    """The state of the worker's work, for administrators, the operator and ``/readyz``."""

    lags: Sequence[Lag]
    waiting: Sequence[str]  # readers that wait for a program that does not answer, by name
    failures: Sequence[Failure]
    jobs: Sequence[JobRun]  # whose last run raised
    letters_waiting: int
    letters_failed: Sequence[StoredLetter]  # the newest first
    imports: Sequence[ImportRun]  # the newest first

    @property
    def late(self) -> list[Lag]:
        """The readers that are more than LATE behind."""
        return [lag for lag in self.lags if lag.seconds > LATE.total_seconds()]

    @property
    def stopped_imports(self) -> list[ImportRun]:
        """Imports that are not at their end and that nobody has gone on with."""
        return [run for run in self.imports if run.state not in ENDED and now() - run.touched_at > LATE]

    @property
    def is_well(self) -> bool:
        return not (
            self.waiting or self.late or self.failures or self.jobs or self.letters_failed or self.stopped_imports
        )


def health_of(session: Session, readers: Sequence[Reader]) -> Health:
    """The health of the hall's work now."""
    due = col(StoredLetter.state) == LetterState.WAITING, col(StoredLetter.next_try_at) <= now()
    failed = (
        select(StoredLetter)
        .where(col(StoredLetter.state) == LetterState.FAILED)
        .order_by(col(StoredLetter.id).desc())
        .limit(MOST_SHOWN)
    )
    lags, waiting = lags_of(session, readers)
    return Health(
        lags=lags,
        waiting=waiting,
        failures=all_failures(session, limit=MOST_SHOWN),
        jobs=failing_jobs(session),
        letters_waiting=session.exec(select(func.count()).select_from(StoredLetter).where(*due)).one(),
        letters_failed=list(session.exec(failed)),
        imports=newest_runs(session),
    )
