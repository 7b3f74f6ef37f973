"""Frozen bulletins against the log: each is counted anew from its lines, so whoever changed one is found.

What happened after a bulletin's last entry is in none of the lines that it is counted from: a certificate that is
revoked later, a scenario that is withdrawn or amended, leaves it true.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlmodel import Session, col, select

from scenario_hall.bulletins.figures import Figures
from scenario_hall.bulletins.models import Bulletin
from scenario_hall.bulletins.months import Month
from scenario_hall.bulletins.service import ADDED, PUBLISHED, count_month, newest_bulletin
from scenario_hall.core.canonical import fingerprint
from scenario_hall.log.chain import Event


def bulletin_faults(session: Session) -> Iterator[str]:
    """Each bulletin that is not what the log says, in words."""
    told = {line.subject_code: line.fields for line in session.exec(select(Event).where(_tells_of_one()))}
    before: Bulletin | None = None
    for bulletin in session.exec(select(Bulletin).order_by(col(Bulletin.id))).all():
        yield from _faults_of(session, bulletin, before, told.pop(bulletin.public_code, None))
        before = bulletin
    for code in told:
        yield f"the bulletin of {code} is gone; the log says that it was made"


def newest_faults(session: Session) -> Iterator[str]:
    """The same of the newest alone, which costs what its month had."""
    bulletin = newest_bulletin(session)
    if bulletin is None:
        return
    lines = select(Event).where(_tells_of_one(), col(Event.subject_code) == bulletin.public_code)
    line = session.exec(lines).first()
    before = session.get(Bulletin, bulletin.month.previous().key)
    yield from _faults_of(session, bulletin, before, line.fields if line is not None else None)


def _tells_of_one() -> Any:
    return col(Event.kind).in_((PUBLISHED, ADDED))


def _faults_of(
    session: Session, bulletin: Bulletin, before: Bulletin | None, told: Mapping[str, Any] | None
) -> Iterator[str]:
    name = f"the bulletin of {bulletin.public_code}"
    if told is None:
        yield f"{name} is in no line of the log"
        return
    line = session.get(Event, bulletin.entry)
    if told.get("line") != bulletin.entry or line is None or line.hash != bulletin.entry_hash:
        yield f"{name} names entry {bulletin.entry} of the log; the log says {told.get('line')}"
        return
    if told.get("figures") != fingerprint(bulletin.figures):
        yield f"{name} has other figures than were made public"
    if before is not None and before.month.next() != bulletin.month:
        yield f"the bulletin of {bulletin.month.previous().code} is gone"
        return
    yield from (f"{name} {each}" for each in _differences(bulletin, _recounted(session, bulletin, before)))


def _recounted(session: Session, bulletin: Bulletin, before: Bulletin | None) -> Figures:
    """The figures of the bulletin's entries. What the month before had is taken from its bulletin, which is held
    against the log by itself."""
    after = before.entry if before is not None else 0
    figures = before.read() if before is not None else None
    return count_month(session, Month.of_key(bulletin.id), after=after, last=bulletin.entry, before=figures)


def _differences(bulletin: Bulletin, counted: Figures) -> Iterator[str]:
    stored, found = bulletin.figures, counted.model_dump(mode="json")
    for name in found:
        if stored.get(name) != found[name]:
            yield f"says {name} {stored.get(name)}; the log counts {found[name]}"
