"""An old log, with people's words in its hashed lines, is moved: every hash stays, every forgery is still found."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, text
from sqlmodel import Session, col, select

from scenario_hall.audit.whole import audit
from scenario_hall.core.canonical import canonical_json, fingerprint
from scenario_hall.core.db import transaction
from scenario_hall.core.keys import KeyRing
from scenario_hall.log.chain import GENESIS, Event, append, last_id
from scenario_hall.log.checkpoints import make_checkpoint, origin_of
from scenario_hall.log.tree import grow
from scenario_hall.log.verifying import verify
from scenario_hall.log.words import EventWord
from scenario_hall.schema import migrate

NAME = "Lin Weiguo Unmistakable"
LINES: tuple[tuple[str, int | None, str, int, str, dict[str, Any]], ...] = (
    ("scenario.drafted", 5, "scenario", 1, "S-1", {"title": f"For {NAME}"}),
    ("scenario.saved", 5, "scenario", 1, "S-1", {"fields": ["title"]}),
    (
        "scenario.returned",
        6,
        "scenario",
        2,
        "S-2",
        {"from": "submitted", "to": "returned", "reason": f"{NAME}: 不清楚"},
    ),
    ("product.matched", None, "product", 1, "P-1", {"title": "Pump", "matches": 3, "rules": "2"}),
    ("scenario.discarded", 5, "scenario", 1, "S-1", {}),
    ("outcome.follow_up_answered", 7, "outcome", 1, "T-1", {"month": 3, "answers": {"remark": NAME, "amount": 0.5}}),
    ("account.closed", 6, "account", 7, "7", {"reason": f"{NAME} asked"}),
    ("account.erased", 6, "account", 6, "6", {}),
)


def old_log(engine: Engine) -> list[str]:
    """The schema before the move, and lines as the hall wrote them then; their hashes."""
    migrate(engine, command.downgrade, "0033")
    previous, hashes = GENESIS, []
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM event"))
        connection.execute(text("DROP TABLE event_word"))
        for number, (kind, actor_id, subject, subject_id, code, data) in enumerate(LINES, 1):
            at = datetime(2026, 1, number, 8, 30, 0, 123000, tzinfo=UTC)
            told = [number, at.isoformat(timespec="milliseconds"), kind, actor_id, subject, subject_id, code]
            row = {"data": canonical_json(data), "previous": previous}
            digest = fingerprint([*told, row["data"], previous])
            connection.execute(
                text(
                    "INSERT INTO event VALUES (:id, :at, :kind, :actor, :subject, :subject_id, :code, :data, :previous,"
                    " :hash)"
                ),
                {
                    "id": number,
                    "at": at if engine.dialect.name == "postgresql" else f"{at:%Y-%m-%d %H:%M:%S}.123000",
                    "kind": kind,
                    "actor": actor_id,
                    "subject": subject,
                    "subject_id": subject_id,
                    "code": code,
                    **row,
                    "hash": digest,
                },
            )
            previous = digest
            hashes.append(digest)
        connection.execute(text("UPDATE log_head SET last_id = :n, last_hash = :h"), {"n": len(LINES), "h": previous})
    return hashes


@pytest.fixture
def moved(engine: Engine, tmp_path: Path) -> tuple[Engine, list[str], KeyRing]:
    """An old log with a checkpoint over all of it, after the move."""
    hashes, ring = old_log(engine), KeyRing(tmp_path / "keys")
    with Session(engine) as session:
        grow(session)
        make_checkpoint(session, ring, origin=origin_of("https://hall.test"), file=tmp_path / "checkpoints.jsonl")
    migrate(engine, command.upgrade, "head")
    return engine, hashes, ring


def test_every_hash_stays_and_the_checkpoint_of_before_still_holds(
    moved: tuple[Engine, list[str], KeyRing], tmp_path: Path
) -> None:
    engine, hashes, ring = moved
    with Session(engine) as session:
        lines = session.exec(select(Event).order_by(col(Event.id))).all()
        assert [line.hash for line in lines[:-1]] == hashes
        assert (lines[-1].kind, lines[-1].fields["lines"]) == ("log.words_moved", len(LINES))
        assert not any(NAME in line.data or "Pump" in line.data for line in lines)
        found = audit(session, ring.public_keys(), file=tmp_path / "checkpoints.jsonl")
        # No record stands behind these lines; the log itself and its checkpoint are whole.
        assert [fault for fault in found.faults if "is gone" not in fault] == []
        assert found.checkpoints == 1 and found.lines == len(LINES) + 1


def test_the_words_are_beside_their_lines_but_for_those_that_were_to_go(
    moved: tuple[Engine, list[str], KeyRing],
) -> None:
    engine, _, _ = moved
    with Session(engine) as session:
        told = {line.id: line.fields for line in session.exec(select(Event))}
        assert told[2] == LINES[1][5] and told[4] == LINES[3][5] and told[6] == LINES[5][5]
        assert told[1] == {"title": ""}  # the draft was deleted
        assert told[3] == {"from": "submitted", "to": "returned", "reason": ""}  # its author's account was closed
        assert told[7] == {"reason": ""}
        assert verify(session).erased == 3
        owners = session.exec(select(EventWord.account_id).where(col(EventWord.erasure_id).is_(None))).all()
        assert set(owners) == {None}


FORGERIES = {
    "a mark of a line whose words are there": ("UPDATE event SET data = REPLACE(data, '3', '4') WHERE id = 4", 4),
    "a word of such a line": ("UPDATE event_word SET value = '\"Pumps\"' WHERE event_id = 4 AND field = 'title'", 4),
    "a mark of a line whose words are gone": (
        "UPDATE event SET data = REPLACE(data, 'submitted', 'x') WHERE id = 3",
        9,
    ),
    "who did it, where the words are gone": ("UPDATE event SET kind = 'scenario.expired' WHERE id = 3", 9),
    "a line without words": ("UPDATE event SET data = REPLACE(data, 'title', 'site') WHERE id = 2", 2),
    "the line of the move": ("UPDATE event SET data = REPLACE(data, '8', '7') WHERE id = 9", 9),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_what_is_changed_after_the_move_is_found(moved: tuple[Engine, list[str], KeyRing], name: str) -> None:
    statement, line = FORGERIES[name]
    with Session(moved[0]) as session:
        assert verify(session).fault is None
        session.execute(text(statement))
        session.commit()
        assert verify(session).fault_id == line


def test_a_move_that_somebody_makes_up_later_is_found(engine: Engine) -> None:
    """It would excuse every line before it from its hash: but none of them was hashed with its words."""
    with Session(engine) as session:
        for kind, data in (("scenario.drafted", {"title": NAME}), ("log.words_moved", {"lines": 2, "root": "0" * 64})):
            with transaction(session):
                append(
                    session,
                    kind=kind,
                    actor_id=None,
                    subject_kind=kind.split(".")[0],
                    subject_id=0,
                    subject_code="",
                    data=data,
                )
        fault = verify(session).fault or ""
        assert "was never one from before the words were moved" in fault


def test_a_line_that_did_not_hold_before_is_not_mended_by_the_move(engine: Engine) -> None:
    old_log(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE event SET data = REPLACE(data, 'Pump', 'Pomp') WHERE id = 4"))
    migrate(engine, command.upgrade, "head")
    with Session(engine) as session:
        found = verify(session)
        assert found.fault_id == 4 and "was changed" in (found.fault or "")
        assert json.loads(session.get_one(Event, 4).data)["title"] == "Pomp"


def test_a_log_without_words_gets_no_line(engine: Engine) -> None:
    with Session(engine) as session:
        before = last_id(session)
    migrate(engine, command.downgrade, "0033")
    migrate(engine, command.upgrade, "head")
    with Session(engine) as session:
        assert last_id(session) == before and verify(session).fault is None
