"""The words of the log stand beside its lines, which hold salted commitments to them.

The hashes stay: checkpoints were signed over them. A line whose hash does not hold before the move is left as it is, so
that ``verify-log`` goes on naming it. One line appended at the end says how many lines came before it and what they are
now (``log/verifying.py``).

Revision ID: 0034
Revises: 0033
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

# As they are declared in log/kinds/fields.py at the time of this migration.
OWN = {"reason", "notes"}
WORDS = {"answers", "by", "criteria", "metric", "name", "rules", "title", "version", "words", *OWN}
COMMITTED = "committed"
KEPT = "outcome.revoked"  # a published decision's reason is nobody's own
AT_ONCE = 500

EVENT = sa.table(
    "event",
    sa.column("id", sa.Integer()),
    sa.column("at", sa.DateTime(timezone=True)),
    *(sa.column(name, sa.Integer()) for name in ("actor_id", "subject_id")),
    *(sa.column(name, sa.String()) for name in ("kind", "subject_kind", "subject_code", "data")),
    *(sa.column(name, sa.String()) for name in ("previous_hash", "hash")),
)
HEAD = sa.table("log_head", sa.column("id"), sa.column("last_id"), sa.column("last_hash"))
WORD = sa.table(
    "event_word",
    *(sa.column(name, sa.Integer()) for name in ("event_id", "account_id", "erasure_id")),
    *(sa.column(name, sa.String()) for name in ("field", "salt", "value")),
)


def upgrade() -> None:
    connection = op.get_bind()
    if not sa.inspect(connection).has_table("event_word"):
        op.create_table(
            "event_word",
            sa.Column("event_id", sa.Integer(), primary_key=True, autoincrement=False),
            sa.Column("field", sa.String(length=30), primary_key=True),
            sa.Column("salt", sa.String(length=32), nullable=False),
            sa.Column("value", sa.Text(), nullable=False),
            sa.Column("account_id", sa.Integer(), nullable=True),
            sa.Column("erasure_id", sa.Integer(), nullable=True),
        )
        op.create_index("ix_event_word_account_id", "event_word", ["account_id"])
    _move(connection)


def downgrade() -> None:
    """The lines hold commitments, which no older version can undo, and the words stand nowhere else: both stay."""


def _move(connection: sa.Connection) -> None:
    peaks: list[tuple[int, bytes]] = []
    moved, last = 0, None
    for line in _lines(connection):
        data = _moved(connection, line)
        if data is not None:
            connection.execute(sa.update(EVENT).where(EVENT.c.id == line.id).values(data=data))
            moved += 1
        _grow(peaks, bytes.fromhex(_hash(line, line.data if data is None else data)))
        last = line
    if moved and last is not None:
        _say_so(connection, last, _root(peaks))
        _erase_what_was_promised(connection)


def _moved(connection: sa.Connection, line: Any) -> str | None:
    """The line's data with commitments in the words' place; None where there is nothing to move."""
    told: dict[str, Any] = json.loads(line.data)
    names = sorted(told.keys() & WORDS)
    if not names or COMMITTED in told or _hash(line, line.data) != line.hash or _canonical(told) != line.data:
        return None
    commitments = {}
    for name in names:
        salt, value = secrets.token_hex(16), told.pop(name)
        commitments[name] = hashlib.sha256(_canonical([salt, name, value]).encode()).hexdigest()
        owner = line.actor_id if name in OWN and line.kind != KEPT else None
        row = {"event_id": line.id, "field": name, "salt": salt, "value": _canonical(value), "account_id": owner}
        connection.execute(sa.insert(WORD).values(**row))
    return _canonical({**told, COMMITTED: commitments})


def _say_so(connection: sa.Connection, last: Any, root: str) -> None:
    said = {
        "id": last.id + 1,
        "at": datetime.now(UTC).replace(microsecond=0),
        "kind": "log.words_moved",
        "actor_id": None,
        "subject_kind": "log",
        "subject_id": 0,
        "subject_code": "",
        "data": _canonical({"lines": last.id, "root": root}),
        "previous_hash": last.hash,
        "hash": "",
    }
    said["hash"] = _hash(SimpleNamespace(**said), str(said["data"]))
    connection.execute(sa.insert(EVENT).values(**said))
    connection.execute(sa.update(HEAD).values(last_id=said["id"], last_hash=said["hash"]))


def _erase_what_was_promised(connection: sa.Connection) -> None:
    """Drafts that were deleted and accounts that were closed before: their words go, as they do from now on."""
    gone = {"salt": "", "value": "", "account_id": None}
    for kind in ("scenario.discarded", "product.discarded", "account.erased"):
        for line in connection.execute(sa.select(EVENT).where(EVENT.c.kind == kind)).all():
            earlier = sa.select(EVENT.c.id).where(
                EVENT.c.id < line.id,
                EVENT.c.subject_kind == line.subject_kind,
                EVENT.c.subject_code == line.subject_code,
            )
            chosen = (
                WORD.c.account_id == line.subject_id if kind == "account.erased" else WORD.c.event_id.in_(earlier)
            )
            connection.execute(
                sa.update(WORD)
                .where(chosen, WORD.c.event_id < line.id, WORD.c.erasure_id.is_(None))
                .values(**gone, erasure_id=line.id)
            )


def _lines(connection: sa.Connection) -> Iterator[Any]:
    position = 0
    while rows := connection.execute(
        sa.select(EVENT).where(EVENT.c.id > position).order_by(EVENT.c.id).limit(AT_ONCE)
    ).all():
        yield from rows
        position = rows[-1].id


def _hash(line: Any, data: str) -> str:
    at = line.at if line.at.tzinfo else line.at.replace(tzinfo=UTC)
    fields = [
        line.id,
        at.astimezone(UTC).isoformat(timespec="milliseconds"),
        line.kind,
        line.actor_id,
        line.subject_kind,
        line.subject_id,
        line.subject_code,
        data,
        line.previous_hash,
    ]
    return hashlib.sha256(_canonical(fields).encode()).hexdigest()


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _grow(peaks: list[tuple[int, bytes]], value: bytes) -> None:
    """One leaf more of the Merkle tree (RFC 9162, 2.1)."""
    level, node = 0, hashlib.sha256(b"\x00" + value).digest()
    while peaks and peaks[-1][0] == level:
        node = hashlib.sha256(b"\x01" + peaks.pop()[1] + node).digest()
        level += 1
    peaks.append((level, node))


def _root(peaks: list[tuple[int, bytes]]) -> str:
    node = peaks[-1][1]
    for _, left in reversed(peaks[:-1]):
        node = hashlib.sha256(b"\x01" + left + node).digest()
    return node.hex()
