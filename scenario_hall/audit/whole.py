"""Is the log whole? Its chain, the checkpoints that were signed of it, the rows and the bulletins that it tells of.

The chain alone does not tell of a tail that was cut off with the head set back, nor of a log that was written anew:
whoever can do that can hash as well. A checkpoint that lies elsewhere does. So what is proven is that the log still
leads to every checkpoint that could be read. What came after the newest one is not proven, nor is anything once all
checkpoints were lost together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from scenario_hall.audit.rows import RECORDS, Told
from scenario_hall.bulletins.recount import bulletin_faults
from scenario_hall.core.keys import PublicKey
from scenario_hall.log.chain import Event, last_id
from scenario_hall.log.checkpoints import Stated, latest, read_file, read_note, stored
from scenario_hall.log.merkle import Frontier
from scenario_hall.log.tree import leaf_of
from scenario_hall.log.verifying import verify


@dataclass
class Audit:
    """What was looked at and what is wrong; ``last_size`` lines are under the newest checkpoint, and the words of
    ``erased`` fields were erased, each by a line that says so."""

    lines: int = 0
    erased: int = 0
    checkpoints: int = 0
    last_size: int = 0
    last_at: datetime | None = None
    faults: list[str] = field(default_factory=list)


def audit(session: Session, keys: Sequence[PublicKey], *, file: Path, others: Sequence[tuple[str, str]] = ()) -> Audit:
    """Look at everything. ``others``: checkpoints from elsewhere, each with the name to tell it by."""
    found = Audit()
    stated = _stated(session, keys, file, others, found)
    told, frontier, roots = Told(), Frontier(), dict[int, bytes]()
    wanted = {each.size for _, each in stated}

    def see(line: Event) -> None:
        told.see(line)
        frontier.append(leaf_of(line.hash))
        if frontier.size in wanted:
            roots[frontier.size] = frontier.root()

    checked = verify(session, see)
    found.lines, found.erased = checked.lines, checked.erased
    if checked.fault is not None:
        found.faults.append(checked.fault)
    elif not checked.lines and last_id(session) == 0 and _was_used(session):
        found.faults.append("the log is empty, but the hall is not")
    for name, each in stated:
        if frontier.size < each.size:
            found.faults.append(
                f"the log was cut: {name} was signed over {each.size} lines; {frontier.size} follow each other now"
            )
        elif roots[each.size] != each.root:
            found.faults.append(f"the log was rewritten: its first {each.size} lines are not those of {name}")
    # What a broken log says of the rows would be noise.
    if checked.fault is None:
        found.faults += told.faults(session)
        found.faults += bulletin_faults(session)
    return found


def _stated(
    session: Session, keys: Sequence[PublicKey], file: Path, others: Sequence[tuple[str, str]], found: Audit
) -> list[tuple[str, Stated]]:
    """Every checkpoint that can be read; those that cannot are faults."""
    notes = [(f"checkpoint {row.id} of {row.at:%Y-%m-%d %H:%M} UTC", row.note) for row in stored(session)]
    known = {note for _, note in notes}
    try:
        kept = read_file(file)
    except ValueError as error:
        kept = []
        found.faults.append(str(error))
    notes += [(f"line {number} of {file.name}", note) for number, note in enumerate(kept, 1) if note not in known]
    stated = []
    for name, note in [*notes, *others]:
        try:
            stated.append((name, read_note(note, keys)))
        except ValueError as error:
            found.faults.append(f"{name}: {error}")
    last = latest(session)
    found.checkpoints = len(stated)
    found.last_size = max((each.size for _, each in stated), default=0)
    found.last_at = last.at if last is not None else None
    return stated


def _was_used(session: Session) -> bool:
    return any(session.get(model, 1) is not None for model in RECORDS)
