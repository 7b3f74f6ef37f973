"""The Merkle tree over the log, kept beside it: the hashes of its whole subtrees, so that a proof reads a few rows.

A leaf is the hash of one line (RFC 9162, 2.1). What is stored can always be computed from the lines again, and a check
of the whole log does.
"""

from __future__ import annotations

from sqlmodel import Field, Session, SQLModel, col, func, select

from scenario_hall.core.db import transaction
from scenario_hall.log.chain import Event, last_id
from scenario_hall.log.merkle import Subtrees, leaf_hash, node_hash

LOWEST = 4  # subtrees of fewer than 2^4 lines are computed from the lines
AT_ONCE = 256  # subtrees of the lowest level in one transaction


class LogNode(SQLModel, table=True):
    """The hash of the subtree of 2^level lines that begins with line ``position * 2^level + 1``."""

    __tablename__ = "log_node"

    level: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    hash: str = Field(max_length=64)


def leaf_of(event_hash: str) -> bytes:
    """The leaf of the line with this hash (hexadecimal)."""
    return leaf_hash(bytes.fromhex(event_hash))


def grow(session: Session) -> int:
    """Store every whole subtree up to the log's end; returns how many lines they cover."""
    blocks = last_id(session) >> LOWEST
    while (done := _stored_blocks(session)) < blocks:
        with transaction(session):
            for position in range(done, min(done + AT_ONCE, blocks)):
                _store(session, position)
    return blocks << LOWEST


def subtrees(session: Session) -> Subtrees:
    """What is stored, completed by what is not from the lines."""

    def subtree(level: int, position: int) -> bytes:
        if level >= LOWEST:
            stored = session.get(LogNode, (level, position))
            if stored is not None:
                return bytes.fromhex(stored.hash)
            return node_hash(subtree(level - 1, 2 * position), subtree(level - 1, 2 * position + 1))
        return _from_lines(session, level, position)

    return subtree


def _stored_blocks(session: Session) -> int:
    last = session.exec(select(func.max(LogNode.position)).where(col(LogNode.level) == LOWEST)).one()
    return 0 if last is None else last + 1


def _store(session: Session, position: int) -> None:
    level, value = LOWEST, _from_lines(session, LOWEST, position)
    while True:
        session.add(LogNode(level=level, position=position, hash=value.hex()))
        if position % 2 == 0:
            return
        session.flush()
        left = session.get_one(LogNode, (level, position - 1))
        level, position, value = level + 1, position // 2, node_hash(bytes.fromhex(left.hash), value)


def _from_lines(session: Session, level: int, position: int) -> bytes:
    first = (position << level) + 1
    query = select(Event.hash).where(col(Event.id) >= first, col(Event.id) < first + (1 << level))
    row = [leaf_of(value) for value in session.exec(query.order_by(col(Event.id)))]
    if len(row) != 1 << level:
        raise ValueError(f"the log has no lines {first} to {first + (1 << level) - 1}")
    while len(row) > 1:
        row = [node_hash(left, right) for left, right in zip(row[::2], row[1::2], strict=True)]
    return row[0]
