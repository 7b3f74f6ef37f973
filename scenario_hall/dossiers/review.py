"""What administrators review: the queues, and everything for a decision on one page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from scenario_hall.core.files import StoredFile, files_of
from scenario_hall.core.policy import VISITOR, Actor, can, cautions
from scenario_hall.dossiers.review_times import median_days
from scenario_hall.log.chain import Event
from scenario_hall.log.history import history_of
from scenario_hall.organizations.models import Account, Organization
from scenario_hall.products.models import Product
from scenario_hall.publishing.revisions import FieldChange, changes
from scenario_hall.reviewing.absences import absences, administrators
from scenario_hall.reviewing.models import Absence
from scenario_hall.reviewing.queues import MOST_ROWS, QUEUES, Queue, may_decide, rows_for
from scenario_hall.reviewing.turns import Turn, turns_of, with_known_acts
from scenario_hall.scenarios.models import Scenario


@dataclass(frozen=True)
class Away:
    """An administrator who is away; ``stand_in`` None: nobody stands in."""

    person: Account
    absence: Absence
    stand_in: Account | None


@dataclass(frozen=True)
class ReviewQueues:
    """How many wait in each queue, since when, how long reviews usually take, and the rows of one of them with whose
    turn they are."""

    queues: Mapping[str, Queue]
    counts: Mapping[str, int]
    queue: str
    rows: Sequence[Any]
    oldest: Mapping[str, datetime]  # since when the first one waits; empty queues are left out
    median_days: Mapping[str, float]
    turns: Mapping[int, Turn]  # by the row's id, of those that were given to somebody
    barred: frozenset[int]  # ids of rows that four eyes leave to others
    mine: Mapping[str, int]  # how many of each queue are the reader's turn; queues without one are left out
    away: Sequence[Away]


@dataclass(frozen=True)
class ReviewDossier:
    """A submitted scenario or product with everything that its reviewer needs."""

    kind: str
    record: Scenario | Product
    organization: Organization
    documents: Sequence[StoredFile]  # the organisation's
    files: Sequence[StoredFile]
    may_decide: bool
    cautions: Sequence[str]  # why somebody else decides
    events: Sequence[Event]
    returned: Event | None  # the last return: its reason and notes
    changes: Sequence[FieldChange]  # since then


def review_queues(session: Session, chosen: str = "", actor: Actor = VISITOR) -> ReviewQueues:
    """The chosen queue, else the first that is not empty, as it waits for ``actor``; the oldest first."""
    waiting = {name: session.exec(rows_for(actor.account_id, name).limit(MOST_ROWS)).all() for name in QUEUES}
    if chosen not in QUEUES:
        chosen = next((name for name, rows in waiting.items() if rows), next(iter(QUEUES)))
    turns = {name: turns_of(session, name, rows) for name, rows in waiting.items()}
    mine = {name: sum(turn.is_mine(actor) for turn in given.values()) for name, given in turns.items()}
    asked = with_known_acts(session, actor, chosen, waiting[chosen])
    return ReviewQueues(
        queues=QUEUES,
        counts={name: len(rows) for name, rows in waiting.items()},
        queue=chosen,
        rows=waiting[chosen],
        oldest={name: getattr(rows[0], QUEUES[name].since) for name, rows in waiting.items() if rows},
        median_days=median_days(session),
        turns=turns[chosen],
        barred=frozenset(row.id for row in waiting[chosen] if not may_decide(asked, chosen, row)),
        mine={name: count for name, count in mine.items() if count},
        away=_away(session),
    )


def review_dossier(session: Session, actor: Actor, record: Scenario | Product) -> ReviewDossier:
    """What an administrator sees of a record before deciding."""
    events, before = history_of(session, actor, record), record.returned_content
    return ReviewDossier(
        kind=record.subject,
        record=record,
        organization=record.organization,
        documents=files_of(session, "organization", record.organization_id),
        files=files_of(session, record.subject, record.pk),
        may_decide=can(actor, "return", record),
        cautions=cautions(actor, record),
        events=events,
        returned=next((each for each in events if each.kind == f"{record.subject}.returned"), None),
        changes=changes(record.fields, before, record.public_content()) if before else [],
    )


def _away(session: Session) -> list[Away]:
    known = {each.pk: each for each in administrators(session)}
    return [
        Away(known[pk], absence, known.get(absence.stand_in_id or 0))
        for pk, absence in absences(session).items()
        if pk in known
    ]
