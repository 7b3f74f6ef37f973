"""Who has cosigned this hall's checkpoints: taken from those that the settings name, kept beside the checkpoints."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from scenario_hall.core.clock import now
from scenario_hall.core.cosignatures import Witness, cosignatures_of
from scenario_hall.core.db import UtcDateTime, transaction
from scenario_hall.core.errors import Invalid
from scenario_hall.core.keys import PublicKey
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import last_id
from scenario_hall.log.checkpoints import Checkpoint, read_note
from scenario_hall.log.merkle import root_of
from scenario_hall.log.tree import subtrees

CLOCKS_DIFFER = timedelta(minutes=5)
STALE = timedelta(days=7)  # a witness that was not heard of for so long watches no more


class KeptCosignature(SQLModel, table=True):
    """A witness's newest word on one size of the log. ``root`` is hexadecimal, ``line`` as it stands under the note."""

    __tablename__ = "log_cosignature"
    __table_args__ = (UniqueConstraint("size", "witness", name="one_cosignature_a_size"),)

    id: int | None = Field(default=None, primary_key=True)
    size: int = Field(index=True)
    root: str = Field(max_length=64)
    witness: str = Field(max_length=200)
    at: datetime = Field(sa_type=UtcDateTime)
    line: str = Field(sa_type=Text)


def take_cosigned(
    session: Session, note: str, *, keys: Sequence[PublicKey], origin: str, witnesses: Sequence[Witness]
) -> list[KeptCosignature]:
    """Keep what known witnesses have signed under one of this hall's checkpoints; returns what they are now.

    Raises Invalid (field ``note``) when it is no checkpoint of this log, or no known witness has signed it.
    """
    try:
        stated = read_note(note, keys, origin=origin)
    except ValueError:
        raise Invalid({"note": N_("This is no checkpoint that this hall has signed.")}) from None
    if stated.size > last_id(session) or root_of(stated.size, subtrees(session)) != stated.root:
        raise Invalid({"note": N_("The log does not lead to this checkpoint. Its operator has to look into that.")})
    given = [each for each in cosignatures_of(note, witnesses) if each.at <= now() + CLOCKS_DIFFER]
    if not given:
        raise Invalid({"note": N_("No witness that this hall knows has signed this checkpoint.")})
    with transaction(session):
        kept = []
        for each in given:
            mine = select(KeptCosignature).where(
                col(KeptCosignature.size) == stated.size, col(KeptCosignature.witness) == each.witness.name
            )
            row = session.exec(mine).first() or KeptCosignature(
                size=stated.size, root=stated.root.hex(), witness=each.witness.name, at=each.at, line=each.line
            )
            if each.at >= row.at:
                row.at, row.line = each.at, each.line
            session.add(row)
            kept.append(row)
    return kept


def newest_words(session: Session) -> list[KeptCosignature]:
    """The newest cosignature of each witness, the newest first."""
    rows = session.exec(
        select(KeptCosignature).order_by(col(KeptCosignature.size).desc(), col(KeptCosignature.at).desc())
    )
    newest: dict[str, KeptCosignature] = {}
    for row in rows:
        newest.setdefault(row.witness, row)
    return sorted(newest.values(), key=lambda row: row.at, reverse=True)


def with_cosignatures(session: Session, checkpoint: Checkpoint) -> str:
    """The checkpoint's note with the lines of those who have cosigned it."""
    lines = session.exec(
        select(KeptCosignature.line).where(
            col(KeptCosignature.size) == checkpoint.size, col(KeptCosignature.root) == checkpoint.root
        )
    )
    return checkpoint.note + "".join(f"{line}\n" for line in lines)


def is_watched(session: Session) -> bool:
    """Has anybody cosigned within the last week?"""
    query = select(KeptCosignature.id).where(col(KeptCosignature.at) > now() - STALE).limit(1)
    return session.exec(query).first() is not None
